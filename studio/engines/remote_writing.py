"""Gather an answer that comes in pieces: stop strings, limits, counts, time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.engines.base import Delta, Ending, OnDelta, Usage
from studio.phrases import Phrase, phrase

if TYPE_CHECKING:
    from studio.engines.remote_talk import Counts, Piece

_LONGEST_TOKEN = 64
"""Characters. A server that writes more than so many for each token it was allowed is stopped."""


class Writing:
    """Hold one answer while it is written; `on_delta` gets what can no longer be part of a stop string."""

    def __init__(self, stops: Sequence[str], max_tokens: int, on_delta: OnDelta) -> None:
        self.tokens = 0
        self.ending: Ending = "end"
        self.notes: tuple[Phrase, ...] = ()
        self.full = False
        self._stops = tuple(stop for stop in stops if stop)
        self._most = max_tokens * _LONGEST_TOKEN
        self._on_delta = on_delta
        self._parts: list[str] = []
        self._held = ""
        self._size = 0
        self._counts: Counts | None = None
        self._started = time.monotonic()
        self._first: float | None = None
        self._last = self._started
        self._finished = False

    @property
    def text(self) -> str:
        """Return what was given to the listener so far."""
        return "".join(self._parts)

    def take(self, piece: Piece) -> None:
        """Add one piece; `full` turns true when no more is wanted."""
        self._counts = piece.counts or self._counts
        if piece.tokens:
            self._last = time.monotonic()
            self._first = self._first or self._last
        self.tokens += piece.tokens
        if piece.finish == "filtered":
            self.notes = (phrase("The server cut this answer short: its own rules forbid more."),)
        elif piece.finish:
            self.ending = (
                "length" if piece.finish == "length" else "stop" if piece.finish == "stop" else "end"
            )
        self._held += piece.text
        stop = self._earliest_stop()
        if stop >= 0:
            self._held, self.full, self.ending = self._held[:stop], True, "stop"
        keep = 0 if self.full else self._undecided()
        ready = self._held[: len(self._held) - keep]
        self._held = self._held[len(ready) :]
        self._give(ready, piece)
        if self._size > self._most and not self.full:
            self.full, self.ending = True, "length"

    def _give(self, ready: str, piece: Piece) -> None:
        if ready or piece.tokens:
            self._parts.append(ready)
            self._size += len(ready)
            self._on_delta(Delta(ready, self.tokens, piece.odds))

    def _earliest_stop(self) -> int:
        places = [place for place in (self._held.find(stop) for stop in self._stops) if place >= 0]
        return min(places, default=-1)

    def _undecided(self) -> int:
        """Return how many characters at the end may be the beginning of a stop string."""
        return max(
            (
                length
                for stop in self._stops
                for length in range(min(len(stop) - 1, len(self._held)), 0, -1)
                if self._held.endswith(stop[:length])
            ),
            default=0,
        )

    def finish(self, ending: Ending) -> None:
        """Give what was held back; "end" leaves the ending that the server told."""
        if self._finished:
            return
        self._finished = True
        if ending != "end":
            self.ending = ending
        held, self._held = self._held, ""
        if held:
            self._parts.append(held)
            self._on_delta(Delta(held, self.tokens))

    def usage(self) -> Usage:
        """Return the server's counts, else our own; times as seen from here unless the server tells better."""
        counts = self._counts
        first = self._first or self._last
        prompt_s, generate_s = first - self._started, self._last - first
        if counts is None:
            return Usage(generated_tokens=self.tokens, prompt_s=prompt_s, generate_s=generate_s)
        return Usage(
            prompt_tokens=counts.prompt_tokens,
            reused_tokens=counts.cached_tokens,
            generated_tokens=counts.generated_tokens or self.tokens,
            prompt_s=counts.prompt_s or prompt_s,
            generate_s=counts.generate_s or generate_s,
        )
