"""See that a story can be read to an end."""

from collections.abc import Sequence
from typing import Any

from studio.blueprints.mending.spare import SPARE

MOST_CHOICES = 3


def with_an_end(pages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the pages with a way out wherever a reader could only go round in circles.

    The way out is put on the last page of the circle: as one more choice, or, where three stand there
    already, in the place of where the third leads.
    """
    made = list(pages)
    while (trap := _last_trap(made)) is not None:
        choices = made[trap]["choices"]
        if len(choices) < MOST_CHOICES:
            choices = [*choices, {"say": SPARE["end"], "goto": "end"}]
        else:
            choices = [*choices[:-1], choices[-1] | {"goto": "end"}]
        made[trap] = made[trap] | {"choices": choices}
    return made


def _last_trap(pages: Sequence[dict[str, Any]]) -> int | None:
    """Return the last page that can be reached and from which no end can be, or None."""
    ways = [_ways(page) for page in pages]
    reached = {0}
    while wider := {way for page in reached for way in ways[page]} - reached:
        reached |= wider
    saved = {number for number, page in enumerate(pages) if _is_end(page)}
    while wider := {number for number, out in enumerate(ways) if out & saved} - saved:
        saved |= wider
    return max(reached - saved, default=None)


def _ways(page: dict[str, Any]) -> set[int]:
    """Return the pages that the choices of a page lead to."""
    names = (choice["goto"] for choice in page["choices"])
    return {int(name[1:]) - 1 for name in names if name != "end"}


def _is_end(page: dict[str, Any]) -> bool:
    return not page["choices"] or any(choice["goto"] == "end" for choice in page["choices"])
