"""What the child says: one way out to the parent, with a pulse."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from typing import Any, BinaryIO

from studio.engines.base import Delta, Phase, to_plain
from studio.engines.frames import Frame, encode

BEAT_S = 0.5


class Outbox:
    """Send frames from any thread; be also the `Status` that an adapter talks to.

    Every 0.5 s a beat with the phase goes out. Each piece of an answer goes out at once: a crash takes none
    with it. When the parent has gone, so is this process.
    """

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._writing = threading.Lock()
        self._command = 0
        self._phase: Phase = "starting"
        threading.Thread(target=self._pulse, name="pulse", daemon=True).start()

    def send(self, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send one frame; raises FrameError when it is too large."""
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
        self.send({"is": "delta", "id": self._command, "delta": to_plain(delta)})

    def _pulse(self) -> None:
        while True:
            time.sleep(BEAT_S)
            self._write(encode(Frame({"is": "beat", "phase": self._phase})))
