"""Between rows of the store and the records that the library hands out."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio import __version__
from studio.blueprints import Blueprint, ProjectDocument, parse_document, to_json
from studio.phrases import Phrase
from studio.projects.origins import first_block_ids
from studio.projects.records import ProjectSummary, Step, Turn

KEPT = 8192
"""So many steps and turns are kept as records: each look at a long project reads them all."""
MADE_WITH = f"Sprout Studio {__version__}"

SUMMARY = (
    "SELECT project.*, step.icon, step.palette, step.mode, step.picture "
    "FROM project LEFT JOIN step ON step.id = project.head_id"
)


def summary(row: sqlite3.Row, pictures: Path) -> ProjectSummary:
    """Return a project's summary from a row of SUMMARY."""
    return ProjectSummary(
        id=row["id"],
        title=row["title"],
        icon=row["icon"],
        palette=row["palette"],
        mode=row["mode"],
        changed_at=as_time(row["changed_at"]),
        deleted_at=as_time(row["deleted_at"]) if row["deleted_at"] else None,
        picture=pictures / row["picture"] if row["picture"] else None,
        trusted=bool(row["trusted"]),
    )


def step(row: sqlite3.Row, number: int, pictures: Path) -> Step:
    """Return a step from its row; one whose row is as it was is not read again."""
    return _step(tuple(row[name] for name in _OF_STEP), number, pictures)


_OF_STEP = ("id", "words", "prompt", "made_at", "picture", "title", "icon", "palette", "mode")


@lru_cache(maxsize=KEPT)
def _step(values: tuple[Any, ...], number: int, pictures: Path) -> Step:
    row = dict(zip(_OF_STEP, values, strict=True))
    return Step(
        id=row["id"],
        number=number,
        words=Phrase.from_json(json.loads(row["words"])),
        prompt=row["prompt"],
        made_at=as_time(row["made_at"]),
        picture=pictures / row["picture"] if row["picture"] else None,
        title=row["title"],
        icon=row["icon"],
        palette=row["palette"],
        mode=row["mode"],
    )


def new_document(
    project_id: str,
    blueprint: Blueprint,
    origins: Mapping[str, Mapping[str, Any]],
    credits: Sequence[Mapping[str, str]],
) -> ProjectDocument:
    """Return the document of a new project."""
    data = {
        "format": "sprout-project",
        "version": 1,
        "id": project_id,
        "title": blueprint.title,
        "kind": "blueprint",
        "blueprint": json.loads(to_json(blueprint)),
        "html": None,
        "prompts": [],
        "block_ids": first_block_ids(len(blueprint.blocks)),
        "locks": [],
        "origins": dict(origins),
        "credits": list(credits),
        "assets": {},
        "models": {},
        "made_with": MADE_WITH,
    }
    return parse_document(json.dumps(data)).document


def plain(document: ProjectDocument) -> dict[str, Any]:
    """Return a document as plain data."""
    data: dict[str, Any] = json.loads(to_json(document))
    return data


def turn(row: sqlite3.Row) -> Turn:
    """Return a turn of the conversation from its row; one whose row is as it was is not read again."""
    return _turn(tuple(row[name] for name in _OF_TURN))


_OF_TURN = ("who", "words", "changes", "notes", "at", "step_id")


@lru_cache(maxsize=KEPT)
def _turn(values: tuple[Any, ...]) -> Turn:
    row = dict(zip(_OF_TURN, values, strict=True))
    return Turn(
        who=row["who"],
        words=Phrase.from_json(json.loads(row["words"])),
        changes=_phrases(row["changes"]),
        notes=_phrases(row["notes"]),
        at=as_time(row["at"]),
        step_id=row["step_id"],
    )


def _phrases(text: str) -> tuple[Phrase, ...]:
    return tuple(Phrase.from_json(data) for data in json.loads(text))


def dump(words: Phrase) -> str:
    """Return a phrase as the text that its column holds."""
    return json.dumps(words.to_json(), ensure_ascii=False)


def dump_all(words: Sequence[Phrase]) -> str:
    """Return phrases as the text that their column holds."""
    return json.dumps([item.to_json() for item in words], ensure_ascii=False)


def now() -> str:
    """Return the time now, as the store writes it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")


def as_time(text: str) -> datetime.datetime:
    """Return an aware time from the text of a column."""
    return datetime.datetime.fromisoformat(text)
