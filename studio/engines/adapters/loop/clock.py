"""How long a piece of work takes, found so that other programs on the same cores spoil it as little as possible."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

# A thread's own time. Windows counts it in steps of 15 ms.
clock_s = time.perf_counter if sys.platform == "win32" else time.thread_time


def least_s(
    pieces: Sequence[Callable[[], object]],
    *,
    tries: int,
    limit_s: float = float("inf"),
    clock_s: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Return the least seconds that each piece of work took, in turn, after one turn that only warms up.

    In turn, so that a busy moment meets all of them; the least, as a program that comes between makes it longer only.
    After `limit_s` there are no more turns, but one counts in any case.
    """
    least = [float("inf")] * len(pieces)
    until = time.perf_counter() + limit_s
    for number in range(tries + 1):
        if number > 1 and time.perf_counter() > until:
            break
        for place, piece in enumerate(pieces):
            begun = clock_s()
            piece()
            if number:
                least[place] = min(least[place], clock_s() - begun)
    return least
