"""Which way of multiplying is quickest on this machine for how many rows, found by trying."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import torch

from studio.engines.adapters.loop.kernels import Matrix

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128)
"""Numbers of rows that are tried; what wins at the last holds for all beyond."""

_LARGEST_OUTCOME = 1 << 21
"""Numbers in the largest product that is tried."""

# Windows counts a thread's time in steps of 15 ms
_clock_s = time.perf_counter if sys.platform == "win32" else time.thread_time


def shortest_s(
    work: Sequence[Callable[[], object]], *, tries: int = 3, clock_s: Callable[[], float] = time.perf_counter
) -> float:
    """Return the least seconds that one of the pieces of work took; another piece each time.

    The first try only warms up. Different layers in turn, as in a real pass: one alone would stay in the cache.
    """
    seconds = []
    for number in range(tries + 1):
        begun = clock_s()
        work[number % len(work)]()
        seconds.append(clock_s() - begun)
    return min(seconds[1:])


def choose_ways(matrices: Sequence[Matrix]) -> None:
    """Set `choice` of all these matrices, which have one form and one size, to what is quickest.

    Measured on one thread and in its own time: other programs on the same cores would make two threads
    wait for each other, and the comparison worthless.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    choice = _choice(matrices)
    torch.set_num_threads(threads)
    for matrix in matrices:
        matrix.choice = choice


def _choice(matrices: Sequence[Matrix]) -> list[str]:
    names = list(matrices[0].ways)
    choice = [names[0]]
    for count in COUNTS:
        if count > 1 and count * matrices[0].rows > _LARGEST_OUTCOME:
            break  # the head: it never gets so many rows
        if len(names) > 1:
            costs = _way_costs(matrices, names, count)
            names.sort(key=costs.__getitem__)
        choice += [names[0]] * (count + 1 - len(choice))
    return choice


def _way_costs(matrices: Sequence[Matrix], names: Sequence[str], count: int) -> dict[str, float]:
    """Return the seconds that each way takes for so many rows."""
    x = torch.full((count, matrices[0].columns), 0.5)

    def piece(matrix: Matrix, name: str) -> Callable[[], object]:
        way = matrix.ways[name]
        return lambda: way(x)

    tries = 3 if count < 32 else 2
    return {
        name: shortest_s([piece(matrix, name) for matrix in matrices], tries=tries, clock_s=_clock_s)
        for name in names
    }
