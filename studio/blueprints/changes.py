"""What differs between two blueprints, place by place; lists are compared item by item.

An item that was put in, taken out or moved does not make all items behind it count as changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studio.blueprints.blueprint import Blueprint
from studio.blueprints.pointers import Step, pointer


@dataclass(frozen=True)
class Change:
    """Hold one difference.

    `set`: a slot (or an item with nothing in common) has another value; `steps` lead to it in the new
    blueprint. `added`: an item is new; `steps` lead to it. `removed`: an item is gone; `steps` lead to
    its list and `old` holds it. `moved`: items of the list at `steps` changed places.
    """

    what: Literal["set", "added", "removed", "moved"]
    steps: tuple[Step, ...]
    old: Any = None
    new: Any = None


def changed_pointers(before: Blueprint, after: Blueprint) -> tuple[str, ...]:
    """Return the JSON pointers, into `after`, of all that differs, in reading order and each once.

    Where an item was taken out or items changed places, the pointer is that of the list.
    """
    return tuple(dict.fromkeys(pointer(change.steps) for change in differences(before, after)))


def differences(before: Blueprint, after: Blueprint) -> tuple[Change, ...]:
    """Return all that differs, in reading order."""
    if before is after:
        return ()
    return tuple(_compare(before.model_dump(), after.model_dump(), ()))


def _compare(old: Any, new: Any, steps: tuple[Step, ...]) -> Iterator[Change]:
    if _same(old, new):
        return
    if (
        isinstance(old, dict)
        and isinstance(new, dict)
        and old.keys() == new.keys()
        and _kind(old) == _kind(new)
    ):
        for name in new:
            yield from _compare(old[name], new[name], (*steps, name))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _compare_lists(old, new, steps)
    else:
        yield Change("set", steps, old, new)


def _compare_lists(old: Sequence[Any], new: Sequence[Any], steps: tuple[Step, ...]) -> Iterator[Change]:
    pairs = align(old, new)
    gone = [left for left, right in pairs if right is None and left is not None]
    come = [right for left, right in pairs if left is None and right is not None]
    moved = False
    for out in tuple(gone):
        twin = next((into for into in come if _same(old[out], new[into])), None)
        if twin is not None:
            gone.remove(out)
            come.remove(twin)
            moved = True
    if moved:
        yield Change("moved", steps, old, new)
    for out in gone:
        yield Change("removed", steps, old[out])
    for left, right in pairs:
        if right is None:
            continue
        if left is not None:
            yield from _compare(old[left], new[right], (*steps, right))
        elif right in come:
            yield Change("added", (*steps, right), None, new[right])


def align(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """Pair the items of two lists in order, as cheaply as can be; None stands where one has no partner."""
    start = 0
    while start < min(len(old), len(new)) and _same(old[start], new[start]):
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and _same(old[-1 - end], new[-1 - end]):
        end += 1
    rows, columns = len(old) - start - end, len(new) - start - end
    middle = _cheapest(old[start : start + rows], new[start : start + columns])
    pairs: list[tuple[int | None, int | None]] = [(place, place) for place in range(start)]
    for left, right in middle:
        pairs.append((None if left is None else left + start, None if right is None else right + start))
    pairs.extend((len(old) - end + n, len(new) - end + n) for n in range(end))
    return pairs


def _cheapest(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """Return the cheapest pairing; dropping or adding costs 1, pairing two items their distance."""
    costs = [[float(row + column) for column in range(len(new) + 1)] for row in range(len(old) + 1)]
    apart = [[_distance(left, right) for right in new] for left in old]
    for row in range(1, len(old) + 1):
        for column in range(1, len(new) + 1):
            costs[row][column] = min(
                costs[row - 1][column - 1] + apart[row - 1][column - 1],
                costs[row - 1][column] + 1,
                costs[row][column - 1] + 1,
            )
    pairs: list[tuple[int | None, int | None]] = []
    row, column = len(old), len(new)
    while row or column:
        if column and costs[row][column] == costs[row][column - 1] + 1:
            column -= 1
            pairs.append((None, column))
        elif row and costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
            pairs.append((row, None))
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]


def _distance(old: Any, new: Any) -> float:
    """Return 0 for the same, up to just below 2 (one out and one in) for two with nothing in common."""
    if _same(old, new):
        return 0.0
    if not isinstance(old, dict) or not isinstance(new, dict) or _kind(old) != _kind(new):
        return 1.875
    return 1.75 - _likeness(old, new)


def _likeness(old: Any, new: Any) -> float:
    """Return how much two values share, from 0 to 1; the kind of a block does not count."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        names = [name for name in old if name != "type"]
        return sum(_likeness(old[name], new[name]) for name in names) / (len(names) or 1)
    return float(_same(old, new))


def block_places(before: Blueprint, after: Blueprint) -> dict[int, int]:
    """Return where each block of `before` stands in `after`, for those that are still there."""
    old, new = before.model_dump()["blocks"], after.model_dump()["blocks"]
    places, gone, come = {}, [], []
    for left, right in align(old, new):
        if left is not None and right is not None:
            places[left] = right
        elif left is not None:
            gone.append(left)
        elif right is not None:
            come.append(right)
    for left in gone:
        twin = next((right for right in come if _same(old[left], new[right])), None)
        if twin is not None:
            places[left] = twin
            come.remove(twin)
    return places


def _kind(value: dict[str, Any]) -> Any:
    return value.get("type")


def _same(old: Any, new: Any) -> bool:
    """Tell whether two values are the same; `true` is not 1."""
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)
