"""Places in a blueprint, and how to read what stands there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from studio.blueprints import Blueprint, Slot, slots
from ui.words import say


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


def getter(*names: str) -> Callable[[Blueprint], Any]:
    """Return what reads a value of a blueprint by the names that lead to it."""

    def get(blueprint: Blueprint) -> Any:
        value: Any = blueprint
        for name in names:
            value = getattr(value, name)
        return value

    return get


def inside(find: Callable[[Blueprint], BaseModel], name: str) -> Callable[[Blueprint], Any]:
    """Return what reads one field of a thing that `find` finds."""
    return lambda blueprint: getattr(find(blueprint), name)


def lengths(thing: BaseModel) -> tuple[int, ...]:
    """Return how long the lists of a thing are."""
    values = (getattr(thing, name) for name in type(thing).model_fields)
    return tuple(len(value) for value in values if isinstance(value, tuple))


def plain(values: Sequence[Any]) -> list[Any]:
    """Return items as plain data."""
    return [value.model_dump(mode="json") if isinstance(value, BaseModel) else value for value in values]


def without(values: Sequence[Any], index: int) -> list[Any]:
    """Return items as plain data, without one of them."""
    return plain([value for place, value in enumerate(values) if place != index])


def fresh(one: Slot, words: str) -> Any:
    """Return a new item for a list inside an item."""
    inner = one.of
    if inner is None or inner.model is None:
        return words[: int(inner.most) if inner is not None and inner.most else 20]
    return {name: _fresh_value(part) for name, part in ((part.name, part) for part in slots(inner.model))}


def _fresh_value(part: Slot) -> Any:
    if part.choices:
        return part.choices[0].value
    return say(part.title)[: int(part.most)] if part.widget in ("line", "text") else 0
