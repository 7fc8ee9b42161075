"""The examples to begin with: each a playable app, a reason to like it, and three edits to try."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import resources
import studio
from studio.blueprints import Blueprint, ProjectDocument
from studio.errors import DamagedError
from studio.phrases import phrase

AGES = ("5-7", "8-10", "11-14", "15-18")
"""The ages that a starter may be meant for, the youngest first."""
TAGS = (
    "quizzes",
    "games",
    "stories",
    "school",
    "maths",
    "science",
    "languages",
    "music",
    "art",
    "everyday",
)
"""What a starter may be about, in the order in which a filter offers it."""

_FROM_PACKS = {"quiz": "questions", "flashcards": "cards", "memory": "pairs"}
"""The blocks that a fact pack can fill, and the list that it fills."""
_NAMESPACE = uuid.UUID("6f1c2f0e-4f0b-4f2e-9c57-3f2b8f1d7a10")


@dataclass(frozen=True)
class Starter:
    """Hold one example; `facts` names the pack that its questions, cards or pairs come from, if one does.

    `ages` is of AGES and `tags` of TAGS, at least one of each. `models` are those that its blocks were taught, by name.
    """

    id: str
    blueprint: Blueprint
    why: str
    ages: tuple[str, ...]
    try_saying: tuple[str, ...]
    tags: tuple[str, ...]
    picture: Path | None = None
    facts: str | None = None
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return the name of the app."""
        return self.blueprint.title

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the types of its blocks, each once, in their order."""
        return tuple(dict.fromkeys(block.type for block in self.blueprint.blocks))

    @property
    def origins(self) -> Mapping[str, str]:
        """Return where the items come from, by JSON pointer: "facts:NAME" for those of a pack."""
        if self.facts is None:
            return {}
        return {
            f"/blocks/{number}/{_FROM_PACKS[block.type]}/{item}": f"facts:{self.facts}"
            for number, block in enumerate(self.blueprint.blocks)
            if block.type in _FROM_PACKS
            for item in range(len(getattr(block, _FROM_PACKS[block.type])))
        }

    @cached_property
    def document(self) -> ProjectDocument:
        """Return what the preview plays; the same starter has the same ids on every computer."""
        made = uuid.uuid5(_NAMESPACE, self.id)
        ids = [uuid.uuid5(made, str(number)).hex[:8] for number in range(len(self.blueprint.blocks))]
        origins = {place: {"from": origin, "checked": False} for place, origin in self.origins.items()}
        return ProjectDocument.model_validate(
            {
                "format": "sprout-project",
                "version": 1,
                "id": str(made),
                "title": self.title,
                "kind": "blueprint",
                "blueprint": self.blueprint,
                "html": None,
                "prompts": [],
                "block_ids": ids,
                "locks": [],
                "origins": origins,
                "credits": [],
                "assets": {},
                "models": dict(self.models),
                "made_with": f"Sprout Studio {studio.__version__}",
            }
        )


def load_starters(folder: Path | None = None) -> tuple[Starter, ...]:
    """Return the starters of a folder (default: those of the program) in the order of their file names."""
    place = folder or resources.folder() / "starters"
    return tuple(_load(path) for path in sorted(place.glob("[0-9]*.json")))


def _load(path: Path) -> Starter:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        picture = path.with_name(f"{data['id']}.png")
        return Starter(
            id=data["id"],
            blueprint=Blueprint.model_validate(data["blueprint"]),
            why=data["why"],
            ages=_some_of(AGES, data["ages"]),
            try_saying=tuple(data["try_saying"]),
            tags=_some_of(TAGS, data["tags"]),
            picture=picture if picture.is_file() else None,
            facts=data["facts"],
            models=data.get("models", {}),
        )
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise DamagedError(
            phrase("One of the examples that belong to the program cannot be read."),
            kept=phrase("Your projects are safe."),
            next=phrase("Install the program again to mend it."),
            detail=f"{path.name}: {error}",
        ) from error


def _some_of(known: tuple[str, ...], given: list[str]) -> tuple[str, ...]:
    """Return what a file gives, in the order of what is known; ValueError for nothing or something else."""
    found = tuple(name for name in known if name in given)
    if not found or len(found) != len(given):
        raise ValueError(f"{given} is not some of {known}")
    return found
