"""What the child says: one way out to the parent, with a pulse and with small pieces of text put together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from typing import Any, BinaryIO

from studio.engines.base import Delta, Phase, to_plain
from studio.engines.frames import Frame, encode

BEAT_S = 0.5
BATCH_S = 0.03


class Outbox:
    """Send frames from any thread; be also the `Status` that an adapter talks to.

    Every 0.5 s a beat with the phase goes out. The first piece of an answer goes out at once, later
    ones about every 30 ms together. When the parent has gone, so is this process.
    """

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._writing = threading.Lock()
        self._changed = threading.Condition()
        self._command = 0
        self._phase: Phase = "starting"
        self._pending: list[Delta] = []
        self._sent_at = 0.0
        threading.Thread(target=self._pulse, name="pulse", daemon=True).start()

    def send(self, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send one frame, after the pieces that wait; raises FrameError when it is too large."""
        self.flush()
        self._write(encode(Frame(header, payload)))

    def _write(self, raw: bytes) -> None:
        try:
            with self._writing:
                self._sink.write(raw)
                self._sink.flush()
        except OSError:  # nobody listens any more
            os._exit(0)

    # ------------------------------------------------------------ status of the adapter

    def begin(self, command: int, phase: Phase) -> None:
        """Speak for `command` from now on."""
        self._command = command
        self._sent_at = 0.0
        self.phase(phase)

    def phase(self, name: Phase) -> None:
        """Enter a phase."""
        self._phase = name
        self.send({"is": "phase", "id": self._command, "phase": name})

    def progress(self, done: int, total: int) -> None:
        """Say how far the phase is; 0 of 0 when unknown."""
        self.send({"is": "progress", "id": self._command, "done": done, "total": total})

    # ------------------------------------------------------------ text

    def add(self, delta: Delta) -> None:
        """Take a piece of the answer."""
        if self._phase == "reading":
            self.phase("writing")
        with self._changed:
            self._pending.append(delta)
            if time.monotonic() - self._sent_at < BATCH_S:
                self._changed.notify()
                return
        self.flush()

    def flush(self) -> None:
        """Send the pieces that wait, as one."""
        with self._changed:
            if not self._pending:
                return
            pieces, self._pending = self._pending, []
            self._sent_at = time.monotonic()
            delta = Delta(
                text="".join(piece.text for piece in pieces),
                tokens=pieces[-1].tokens,
                odds=tuple(odds for piece in pieces for odds in piece.odds),
            )
            # Written with the lock held: two threads that flush must not change the order of the text.
            self._write(encode(Frame({"is": "delta", "id": self._command, "delta": to_plain(delta)})))

    def _pulse(self) -> None:
        beat_at = time.monotonic() + BEAT_S
        while True:
            with self._changed:
                due = self._sent_at + BATCH_S if self._pending else beat_at
                self._changed.wait(max(0.0, min(due, beat_at) - time.monotonic()))
                waiting = bool(self._pending) and time.monotonic() >= self._sent_at + BATCH_S
            if waiting:
                self.flush()
            if time.monotonic() >= beat_at:
                self._write(encode(Frame({"is": "beat", "phase": self._phase})))
                beat_at = time.monotonic() + BEAT_S
