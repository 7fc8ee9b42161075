"""The text of an answer as it comes out of tokens: whole letters only, and up to the first stop string."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Take the bytes of tokens and give text that may be shown.

    Held back are the beginning of a letter whose other bytes are still to come, and the beginning of
    what may become a stop string. The stop string that is complete first ends the text, before it.
    """

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._letters = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._given: list[str] = []
        self.stopped = False

    @property
    def text(self) -> str:
        """Return all text given so far."""
        return "".join(self._given)

    def push(self, piece: bytes) -> str:
        """Return the text that is certain with this piece; nothing after a stop."""
        if self.stopped:
            return ""
        self._held += self._letters.decode(piece)
        end = self._stop_place()
        if end is not None:
            self.stopped = True
            return self._give(end, forget=True)
        return self._give(len(self._held) - self._possible())

    def finish(self) -> str:
        """Return what was held back; the beginning of a letter that never came whole is dropped."""
        return self._give(len(self._held))

    def _give(self, end: int, *, forget: bool = False) -> str:
        text, self._held = self._held[:end], "" if forget else self._held[end:]
        if text:
            self._given.append(text)
        return text

    def _stop_place(self) -> int | None:
        found = [(place + len(stop), place) for stop in self._stops if (place := self._held.find(stop)) >= 0]
        return min(found)[1] if found else None

    def _possible(self) -> int:
        """Return how many of the last letters may be the beginning of a stop string."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            tail = self._held[-length:]
            if any(stop.startswith(tail) for stop in self._stops):
                return length
        return 0
