"""How many threads work on a pass: fewer while another program keeps the cores busy.

Threads of one product wait for each other many times in a pass. When one of them has lost its core to
another program, all wait until it gets it back: on two cores beside a busy neighbour a pass took thirty
times as long with two threads as with one.
"""

from __future__ import annotations

import torch

_SLOW = 3.0
"""A pass that takes so many times its best time was held up."""

_STRIKES = 2
_FIRST_REST, _LONGEST_REST = 32, 1024
"""Passes on one thread until all are tried again; twice as many each time that fails."""


class Pace:
    """Watch how long passes take and set torch's number of threads."""

    def __init__(self, threads: int) -> None:
        self._all = self.threads = threads
        self._best_s: dict[int, float] = {}
        self._strikes, self._left, self._rest = 0, 0, _FIRST_REST
        torch.set_num_threads(threads)

    def one_thread(self) -> None:
        """Go on with one thread for a while."""
        self._set(1)
        self._left, self._rest = self._rest, min(2 * self._rest, _LONGEST_REST)

    def took(self, rows: int, seconds: float) -> None:
        """Learn how long a pass over so many rows took."""
        if self.threads == 1:
            self._left -= 1
            if self._left <= 0 < self._all - 1:
                self._set(self._all)
            return
        best = min(seconds, self._best_s.get(rows, seconds))
        self._best_s[rows] = best
        if seconds <= _SLOW * best:
            self._strikes = 0
            return
        self._strikes += 1
        if self._strikes >= _STRIKES:
            self.one_thread()

    def _set(self, threads: int) -> None:
        self.threads, self._strikes = threads, 0
        torch.set_num_threads(threads)
