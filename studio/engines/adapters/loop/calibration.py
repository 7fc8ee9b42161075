"""Which way of multiplying is quickest on this machine for how many rows, found by trying."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

import torch

from studio.engines.adapters.loop.clock import least_s
from studio.engines.adapters.loop.kernels import Matrix

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Numbers of rows that are tried; what wins at the last holds for all beyond."""

_LARGEST_OUTCOME = 1 << 22
"""Numbers in the largest product that is tried."""

_TRIES, _LIMIT_S = 6, 0.15
"""Tries of each way, and the seconds after which one form and one number of rows have had enough of them."""

_HOPELESS = 3.0
"""A way that takes so many times as long as the best, and falls behind with more rows, is tried no more."""


def choose_ways(matrices: Sequence[Matrix]) -> None:
    """Set `choice` of all these matrices, which have one form and one size, to what is quickest.

    Measured with the threads that torch has now: what one thread finds slow may be quick for two that wait for
    the same memory.
    """
    choice = _choice(matrices)
    for matrix in matrices:
        matrix.choice = choice


def _choice(matrices: Sequence[Matrix]) -> list[str]:
    counts = [count for count in COUNTS if count == 1 or count * matrices[0].rows <= _LARGEST_OUTCOME]
    given_up: set[str] = set()
    costs: list[dict[str, float]] = []
    for count in counts:
        names = [name for name in matrices[0].ways(count) if name not in given_up]
        costs.append(_way_costs(matrices, names, count) if len(names) > 1 else {names[0]: 1.0})
        given_up |= {name for name in names if _is_hopeless(name, costs)}
    order = list(dict.fromkeys(name for count in counts for name in matrices[0].ways(count)))
    choice: list[str] = []
    for count, name in zip(counts, cheapest_path(costs, order), strict=True):
        choice += [name] * (count + 1 - len(choice))
    return choice


def cheapest_path(costs: Sequence[Mapping[str, float]], order: Sequence[str]) -> list[str]:
    """Return the way to take for each number of rows, so that all together lose least against the best of each.

    `costs` are seconds by way, one mapping for each number of rows; `order` has the ways for few rows first. Once
    a way for more rows is better it stays so: what another program did to one measurement changes nothing.
    """
    paths: dict[str, tuple[float, list[str]]] = {name: (0.0, []) for name in order}
    for row in costs:
        least = min(row.values())
        longer: dict[str, tuple[float, list[str]]] = {}
        for place, name in enumerate(order):
            before = [paths[other] for other in order[: place + 1] if other in paths]
            if name in row and before:
                lost, path = min(before, key=lambda one: one[0])
                longer[name] = lost + math.log(row[name] / least), [*path, name]
        paths = longer
    return min(paths.values(), key=lambda one: one[0])[1]


def _is_hopeless(name: str, costs: Sequence[Mapping[str, float]]) -> bool:
    now = costs[-1]
    best = min(now, key=now.__getitem__)
    if now[name] < _HOPELESS * now[best] or len(costs) < 2 or not {name, best} <= costs[-2].keys():
        return False
    return now[name] / costs[-2][name] > now[best] / costs[-2][best]


def _way_costs(matrices: Sequence[Matrix], names: Sequence[str], count: int) -> dict[str, float]:
    """Return the seconds that each way takes for so many rows.

    Another layer's matrix each time, as in a real pass: one alone would stay in the processor's cache.
    """
    x = torch.full((count, matrices[0].columns), 0.5)

    def piece(name: str) -> Callable[[], object]:
        turn = itertools.cycle([matrix.ways(count)[name] for matrix in matrices])
        return lambda: next(turn)(x)

    seconds = least_s([piece(name) for name in names], tries=_TRIES, limit_s=_LIMIT_S)
    return dict(zip(names, seconds, strict=True))
