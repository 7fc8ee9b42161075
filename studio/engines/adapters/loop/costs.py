"""What a pass costs by its number of rows: measured at load, and learnt from every pass since.

A computer that was busy at load would otherwise be believed for ever: drafts looked dear, so they were never tried.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from studio.jobs import CancelToken

COUNTS = (1, 2, 4, 8, 16, 32, 64)

_TURNS = 5
_LIMIT_S = 1.0
_OWN_SHARE, _OTHER_SHARE = 0.3, 0.1
"""How far one pass moves what is known of its own number of rows, and of all others, as all may be slower now."""

_LARGEST_STEP = 2.0


class Costs:
    """Hold the seconds of a pass for each number of rows in COUNTS."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}

    @property
    def by_rows(self) -> Mapping[int, float]:
        """Return what is known; empty before `measure`."""
        return self._seconds

    def measure(self, pass_s: Callable[[int], float], largest: int, token: CancelToken) -> None:
        """Try passes of up to `largest` rows, each several times in turn, and keep the least of each.

        `pass_s(rows)` returns the seconds of a pass. A slow machine gets a guess rather than a long wait.
        """
        counts = [count for count in COUNTS if count <= largest]
        until = time.perf_counter() + _LIMIT_S
        for count in counts * _TURNS:
            token.check()
            if self._seconds and time.perf_counter() > until:
                break
            self._seconds[count] = min(pass_s(count), self._seconds.get(count, math.inf))
        for count in counts:
            self._seconds.setdefault(count, 2 * self._seconds.get(count // 2, 0.0))

    def took(self, rows: int, seconds: float) -> None:
        """Learn from a real pass."""
        if not self._seconds or rows > max(self._seconds):
            return
        counts = list(self._seconds)
        expected = along(counts, list(self._seconds.values()), rows)
        step = min(max(seconds / expected, 1 / _LARGEST_STEP), _LARGEST_STEP)
        own = min(counts, key=lambda count: abs(math.log(count / rows)))
        for count in counts:
            self._seconds[count] *= step ** (_OWN_SHARE if count == own else _OTHER_SHARE)


def along(known: Sequence[int], seconds: Sequence[float], rows: int) -> float:
    """Return the seconds for `rows`, between and beyond the known numbers of rows along straight lines."""
    if len(known) == 1:
        return seconds[0] * rows / known[0]
    right = min(max(bisect_left(known, rows), 1), len(known) - 1)
    left = right - 1
    slope = (seconds[right] - seconds[left]) / (known[right] - known[left])
    return max(seconds[left] + slope * (rows - known[left]), min(seconds))
