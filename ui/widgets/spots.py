"""Where the parts of an app lie on the screen: read from what its page says, believed only as far as it fits.

A page may name a block of its own blueprint and an item of one of its lists, and give a rectangle.
Whatever else it says is dropped.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from studio.blueprints import Blueprint

MOST_CHARACTERS = 60_000
MOST_SPOTS = 400
FARTHEST = 100_000.0
LEAST = 4.0
"""Nothing smaller than this, in pixels, can be picked."""

_BLOCK = re.compile(r"b([1-9][0-9]?)", re.ASCII)
_ITEM = re.compile(r"([a-z]{1,20})/(0|[1-9][0-9]?)", re.ASCII)


@dataclass(frozen=True)
class Spot:
    """Say where a block lies, or one item of it (`list` is "" for the block itself). Numbers count from 0."""

    block: int
    list: str
    item: int
    rect: QRectF

    @property
    def key(self) -> tuple[int, str, int]:
        """Return what is there, whatever its place on the screen."""
        return (self.block, self.list, self.item)

    @property
    def names(self) -> tuple[str, str]:
        """Return the two words by which the page knows it."""
        return (f"b{self.block + 1}", f"{self.list}/{self.item}" if self.list else "")

    @property
    def pointer(self) -> str:
        """Return the place as a JSON pointer into the blueprint."""
        return f"/blocks/{self.block}" + (f"/{self.list}/{self.item}" if self.list else "")


def read_spots(answer: object, blueprint: Blueprint) -> tuple[Spot, ...]:
    """Return the places that a page told, in its order; what does not fit its blueprint is left out."""
    if not isinstance(answer, str) or len(answer) > MOST_CHARACTERS:
        return ()
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return ()
    found: dict[tuple[int, str, int], Spot] = {}
    for one in told[:MOST_SPOTS] if isinstance(told, list) else ():
        spot = _spot(one, blueprint)
        if spot is not None:
            found.setdefault(spot.key, spot)
    return tuple(found.values())


def _spot(told: object, blueprint: Blueprint) -> Spot | None:
    if not isinstance(told, list) or len(told) != 6 or not all(isinstance(word, str) for word in told[:2]):
        return None
    rect = _rect(told[2:])
    match = _BLOCK.fullmatch(told[0])
    if rect is None or match is None or int(match[1]) > len(blueprint.blocks):
        return None
    number = int(match[1]) - 1
    if not told[1]:
        return Spot(number, "", -1, rect)
    item = _ITEM.fullmatch(told[1])
    if item is None or item[1] not in type(blueprint.blocks[number]).model_fields:
        return None
    things = getattr(blueprint.blocks[number], item[1])
    if not isinstance(things, tuple) or int(item[2]) >= len(things):
        return None
    return Spot(number, item[1], int(item[2]), rect)


def _rect(told: Sequence[object]) -> QRectF | None:
    numbers = [float(one) for one in told if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) != 4 or not all(math.isfinite(one) and abs(one) < FARTHEST for one in numbers):
        return None
    rect = QRectF(*numbers)
    return rect if rect.width() >= LEAST and rect.height() >= LEAST else None


def spot_at(spots: Sequence[Spot], point: QPointF) -> Spot | None:
    """Return the smallest spot under a point."""
    under = [spot for spot in spots if spot.rect.contains(point)]
    return min(under, key=lambda spot: spot.rect.width() * spot.rect.height(), default=None)
