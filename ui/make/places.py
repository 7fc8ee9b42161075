"""Places in a blueprint, and how to read what stands there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from studio.blueprints import Blueprint


@dataclass(frozen=True)
class Place:
    """Say what is shown: the app, one of its parts, or one item of a part. Numbers count from 0."""

    block: int | None = None
    list: str = ""
    index: int = -1

    @property
    def pointer(self) -> str:
        """Return the place as a JSON pointer into the blueprint; "" is the app itself."""
        if self.block is None:
            return ""
        block = f"/blocks/{self.block}"
        return f"{block}/{self.list}/{self.index}" if self.list else block


def getter(*names: str | int) -> Callable[[Blueprint], Any]:
    """Return what reads a value of a blueprint by the names, and places in lists, that lead to it."""

    def get(blueprint: Blueprint) -> Any:
        value: Any = blueprint
        for name in names:
            value = value[name] if isinstance(name, int) else getattr(value, name)
        return value

    return get


def lengths(thing: BaseModel) -> tuple[int, ...]:
    """Return how long the lists of a thing are."""
    values = (getattr(thing, name) for name in type(thing).model_fields)
    return tuple(len(value) for value in values if isinstance(value, tuple))


def plain(values: Sequence[Any]) -> list[Any]:
    """Return items as plain data."""
    return [value.model_dump(mode="json") if isinstance(value, BaseModel) else value for value in values]
