"""One running child process, seen from the parent: its frames, its last words, its watchdog, its end."""

from __future__ import annotations

import collections
import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from studio import files, logs
from studio.engines.base import LoadOptions, ModelFiles
from studio.engines.endings import Death
from studio.engines.environment import child_environment, make_folder, remove_folder
from studio.engines.footprint import out_of_memory_kills
from studio.engines.frames import Frame, encode, read_frame
from studio.engines.watch import Patience, Verdict, Watchdog, look_at
from studio.errors import StorageError

LOG_NAME = "last-ending.log"
_LOG_LINES = 400
_LINE_BYTES = 500
_SHOWN_LINES = 20
_LOADING_LOOK_S = 0.05
_WIND_DOWN_S = 1.0

log = logs.get("engines")


@dataclass(frozen=True)
class Ended:
    """Say that a child has ended; no `death` when the parent wanted it to."""

    death: Death | None


class Child:
    """Start one child and stay with it until it ends.

    The thread that starts the process reads its frames and ends after it: Linux kills a child whose
    starting thread ends (see `confinement.die_with`). `on_end` is called once, on that thread, before
    anybody who waits for a frame hears of the end.
    """

    def __init__(
        self,
        model: ModelFiles,
        options: LoadOptions,
        *,
        folder: Path,
        patience: Patience,
        on_end: Callable[[Child, Ended], None],
    ) -> None:
        self._base, self._patience, self._on_end = folder, patience, on_end
        self._watchdog = Watchdog(
            patience, size_bytes=model.size_bytes, memory_limit_bytes=options.memory_limit_bytes
        )
        self._inbox: queue.SimpleQueue[Frame | Ended] = queue.SimpleQueue()
        self._lock = threading.Lock()  # the watchdog's, between its two threads
        self._writing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._spawned, self._ended = threading.Event(), threading.Event()
        self._over = threading.Event()
        self._wanted = False
        self._verdict: Verdict | None = None
        self._last_lines: collections.deque[str] = collections.deque(maxlen=_LOG_LINES)
        self._empty_bytes = self._peak_bytes = 0
        self._keeper = threading.Thread(target=self._keep, name="engine-keeper", daemon=True)
        self._helpers = (
            threading.Thread(target=self._watch, name="engine-watch", daemon=True),
            threading.Thread(target=self._listen, name="engine-words", daemon=True),
        )

    # ------------------------------------------------------------ what a call needs

    def start(self) -> None:
        """Start the process; that it could not start is told like any other end."""
        self._keeper.start()
        self._spawned.wait()

    @property
    def pid(self) -> int:
        """Return the process id, 0 when it could not start."""
        return self._process.pid if self._process else 0

    @property
    def private_bytes(self) -> int:
        """Return the private memory at the last look."""
        return self._watchdog.reading.private_bytes if self._watchdog.reading else 0

    @property
    def peak_bytes(self) -> int:
        """Return the most private memory that was seen since the child stood empty, above that."""
        return max(0, self._peak_bytes - self._empty_bytes)

    @property
    def cancel_after_s(self) -> float:
        """Return how long Stop may take now."""
        return self._patience.cancel_after_s(self._watchdog.phase)

    def send(self, header: Mapping[str, Any], timeout_s: float = -1) -> None:
        """Send a frame; when the child has ended, its end is what the next `receive` returns."""
        raw = encode(Frame(header))
        if not self._process or not self._process.stdin or not self._writing.acquire(timeout=timeout_s):
            return
        try:
            self._process.stdin.write(raw)
            self._process.stdin.flush()
        except (OSError, ValueError):  # broken, or closed already
            pass
        finally:
            self._writing.release()

    def receive(self, timeout_s: float) -> Frame | Ended | None:
        """Return the next frame of a command, or the end; None when neither came in time."""
        try:
            return self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def kill(self, verdict: Verdict | None = None) -> None:
        """End the process at once; without a verdict because somebody wanted it to end."""
        self._spawned.wait()
        if verdict is None:
            self._wanted = True
        self._verdict = self._verdict or verdict
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """Ask the child to end, then insist; return when it and its threads have gone."""
        self._spawned.wait()
        self._wanted = True
        self.send({"do": "close"}, timeout_s=0.1)
        if not self._ended.wait(self._patience.close_s) and self._process:
            self._process.terminate()
            if not self._ended.wait(self._patience.close_s / 2):
                self._process.kill()
                self._ended.wait(self._patience.close_s)
        for thread in (self._keeper, *self._helpers):
            if thread is not threading.current_thread() and thread.ident is not None:
                thread.join(_WIND_DOWN_S)

    # ------------------------------------------------------------ the keeper's thread

    def _keep(self) -> None:
        kills = out_of_memory_kills()
        own: Path | None = None
        try:
            own = make_folder(self._base)
            self._process = _spawn(own)
        except (OSError, StorageError) as error:
            self._last_lines.append(f"{type(error).__name__}: {error} {getattr(error, 'detail', '')}")
        status = self._stay(self._process) if self._process else None
        self._spawned.set()
        if own is not None:
            remove_folder(own)
        self._finish(status, memory_kill=out_of_memory_kills() > kills)

    def _stay(self, process: subprocess.Popen[bytes]) -> int:
        """Read frames until the child has ended; return its exit status."""
        self._watchdog.start(time.monotonic())
        self._spawned.set()
        for helper in self._helpers:
            helper.start()
        # Nonsense (FrameError is a ValueError): the child has lost its mind and is ended below.
        with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
            while frame := read_frame(_stream(process.stdout)):
                self._take(frame)
        try:
            status = process.wait(_WIND_DOWN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        self._over.set()
        # A grandchild could hold the pipe open: the last words are waited for, but not for ever.
        self._helpers[1].join(_WIND_DOWN_S)
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                _stream(stream).close()
        return status

    def _take(self, frame: Frame) -> None:
        kind, now = frame.header.get("is"), time.monotonic()
        with self._lock:
            if kind == "phase":
                self._watchdog.advance(now, frame.header["phase"])
            elif kind in ("done", "failed"):
                self._watchdog.advance(now, "idle")
            elif kind in ("progress", "delta", "empty"):
                self._watchdog.advance(now)
            else:
                self._watchdog.hear(now)
            if kind == "empty":
                self._empty_bytes = self._peak_bytes = int(frame.header["private_bytes"])
        if "id" in frame.header:
            self._inbox.put(frame)

    def _finish(self, status: int | None, *, memory_kill: bool) -> None:
        death = Death(
            phase=self._watchdog.phase,
            status=status,
            verdict=self._verdict,
            reading=self._watchdog.reading,
            memory_kill=memory_kill,
            last_lines="\n".join(list(self._last_lines)[-_SHOWN_LINES:]),
        )
        ended = Ended(None if self._wanted else death)
        if ended.death:
            self._write_log()
        try:
            self._on_end(self, ended)
        finally:
            self._inbox.put(ended)
            self._ended.set()

    def _write_log(self) -> None:
        with contextlib.suppress(StorageError):  # the words are in the studio's own log, too
            files.save(self._base / LOG_NAME, logs.redact("\n".join(self._last_lines)))

    # ------------------------------------------------------------ its two helpers

    def _watch(self) -> None:
        """Look at the child now and then: often while it loads, for the peak of its memory."""
        while not self._over.wait(
            _LOADING_LOOK_S if self._watchdog.phase == "loading" else self._patience.look_s
        ):
            reading = look_at(self.pid)
            if reading is None:
                continue
            with self._lock:
                self._peak_bytes = max(self._peak_bytes, reading.private_bytes)
                verdict = self._watchdog.look(time.monotonic(), reading)
            if verdict:
                log.warning("a model's process is ended: %s", verdict)
                self.kill(verdict)

    def _listen(self) -> None:
        """Keep the last lines that the child or native code in it printed."""
        with _stream(self._process.stderr if self._process else None) as words:
            while line := words.readline(_LINE_BYTES):
                self._last_lines.append(line.decode("utf-8", "replace").rstrip())


def _spawn(own: Path) -> subprocess.Popen[bytes]:
    # -P keeps the child's own folder out of the search for modules; faulthandler says where it crashed.
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", "studio.engines.worker", str(os.getpid())]
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=own,
        env=child_environment(own),
        creationflags=flags,
        start_new_session=True,
    )


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise OSError("no pipe to the child")
    return stream
