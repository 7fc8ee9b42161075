"""Pieces of an answer on their way to the window: put together, so that it is not woken for each."""

from __future__ import annotations

import time

from studio.engines.base import Delta, OnDelta

BATCH_S = 0.03


class Batches:
    """Give pieces on: the first at once, later ones about every 30 ms together.

    They wait here and not in the child: what a child has sent outlives it.
    """

    def __init__(self, on_delta: OnDelta) -> None:
        self._on_delta = on_delta
        self._pending: list[Delta] = []
        self._due = 0.0

    def add(self, delta: Delta) -> None:
        """Take a piece."""
        self._pending.append(delta)
        self.tick()

    def tick(self) -> None:
        """Give on what waits, if its time has come; to be called now and then."""
        if self._pending and time.monotonic() >= self._due:
            self.flush()

    def flush(self) -> None:
        """Give on what waits, as one piece."""
        if not self._pending:
            return
        pieces, self._pending = self._pending, []
        self._due = time.monotonic() + BATCH_S
        if len(pieces) == 1:
            self._on_delta(pieces[0])
            return
        text = "".join(piece.text for piece in pieces)
        odds = tuple(odds for piece in pieces for odds in piece.odds)
        self._on_delta(Delta(text, pieces[-1].tokens, odds))
