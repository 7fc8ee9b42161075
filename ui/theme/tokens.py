"""The one token file: what every colour, size and duration of the window is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any


def folder() -> Traversable:
    """Return the folder of the token file and the style sheet."""
    return files("resources") / "theme"


@dataclass(frozen=True)
class Pair:
    """Hold two colours that stand on each other, and the contrast that they must have."""

    on: str
    colour: str
    needs: float


@dataclass(frozen=True)
class Tokens:
    """Hold the tokens as they stand in the file; sizes in pixels at 100 % text, times in milliseconds."""

    colours: Mapping[str, Mapping[str, str]]
    pairs: Mapping[str, tuple[Pair, ...]]
    space: Mapping[str, int]
    radius: Mapping[str, int]
    type: Mapping[str, int]
    size: Mapping[str, int]
    duration_ms: Mapping[str, int]
    families: tuple[str, ...]
    mono_families: tuple[str, ...]
    emoji_family: str


@lru_cache(maxsize=1)
def load() -> Tokens:
    """Return the tokens; the file is read once, as it cannot change while the program runs."""
    data: dict[str, Any] = json.loads((folder() / "tokens.json").read_text(encoding="utf-8"))
    themes = data["themes"]
    return Tokens(
        colours={name: theme["colours"] for name, theme in themes.items()},
        pairs={
            name: tuple(Pair(pair["on"], pair["colour"], pair["needs"]) for pair in theme["pairs"])
            for name, theme in themes.items()
        },
        space=data["space"],
        radius=data["radius"],
        type=_numbers(data["type"]),
        size=_numbers(data["size"]),
        duration_ms=data["duration_ms"],
        families=tuple(data["type"]["family"]),
        mono_families=tuple(data["type"]["mono"]),
        emoji_family=data["type"]["emoji"],
    )


def _numbers(group: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in group.items() if isinstance(value, int)}
