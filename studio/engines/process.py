"""A model in a process of its own: the `Engine` that the rest of the studio talks to."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studio import logs
from studio.engines.base import (
    Delta,
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    ModelFiles,
    OnDelta,
    TaskRequest,
    TaskResult,
    Usage,
    from_plain,
    to_plain,
)
from studio.engines.batches import Batches
from studio.engines.child import Child, Ended
from studio.engines.endings import Death, explain
from studio.engines.failures import from_frame
from studio.engines.frames import Frame, FrameError
from studio.engines.watch import Patience
from studio.errors import CancelledError, EngineError, InputError, StudioError
from studio.jobs import CancelToken, Progress
from studio.phrases import phrase

if TYPE_CHECKING:
    import numpy as np

    from studio.jobs.job import Report

OnEnded = Callable[[EngineError], None]
OnFrame = Callable[[Frame | None], None]
R = TypeVar("R")

_POLL_S = 0.02
"""How often a waiting call looks whether Stop was pressed."""
_EMBED_BATCH = 256
_NOTES = {
    "starting": phrase("Getting the model's engine ready"),
    "checking": phrase("Checking the model's files"),
    "loading": phrase("Loading the model"),
}

log = logs.get("engines")


class EngineProcess:
    """Run one local model in a child process; see `studio.engines.base.Engine` for the calls.

    `folder` holds the child's own folder and, after a death, the end of what it printed. `on_ended`
    is called at once when the child ends without being asked to, busy or idle, on a thread of ours.

    After such an end `loaded` is None and every call but `load` raises the same explanation again.
    When a child that did not obey Stop had to be killed, the next call loads by itself.
    """

    def __init__(
        self,
        files: ModelFiles,
        options: LoadOptions | None = None,
        *,
        folder: Path,
        on_ended: OnEnded | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.files, self.options = files, options or LoadOptions()
        self._folder, self._on_ended = folder, on_ended
        self._patience = patience or Patience()
        self._numbers = itertools.count(1)
        self._turn = threading.Lock()  # one call at a time
        self._state = threading.Lock()  # everything below
        self._closings = 0
        self._child: Child | None = None
        self._loaded: Loaded | None = None
        self._death: Death | None = None
        self._reloads = False

    @property
    def loaded(self) -> Loaded | None:
        """Return what is loaded; None before `load` and after the child ended."""
        return self._loaded

    @property
    def pid(self) -> int:
        """Return the child's process id; 0 when there is none."""
        child = self._child
        return child.pid if child else 0

    @property
    def memory_bytes(self) -> int:
        """Return the private memory of the child at the last look; 0 when there is none."""
        child = self._child
        return child.private_bytes if child else 0

    # ------------------------------------------------------------ the calls

    def load(self, token: CancelToken, report: Report) -> Loaded:
        """Start a child and load the model; a second call returns at once."""
        with self._my_turn(token) as closings:
            return self._load(token, report, closings)

    def generate(self, request: GenerationRequest, on_delta: OnDelta, token: CancelToken) -> Generation:
        """Write an answer; see `Engine.generate`."""
        pieces: list[Delta] = []
        batches = Batches(on_delta)

        def take(frame: Frame | None) -> None:
            if frame is None:
                batches.tick()
            elif frame.header.get("is") == "delta":
                delta = _record(Delta, frame.header.get("delta"))
                pieces.append(delta)
                batches.add(delta)

        try:
            with self._my_turn(token) as closings:
                child = self._ready(token, closings)
                command = {"do": "generate", "request": to_plain(request)}
                reply = self._ask(child, command, token, take)
                batches.flush()
                return _record(Generation, reply.header.get("result"))
        except CancelledError:
            batches.flush()
            tokens = pieces[-1].tokens if pieces else 0
            return Generation(_text(pieces), "cancelled", Usage(generated_tokens=tokens))
        except EngineError as error:
            batches.flush()
            if pieces and not error.text:
                error.text, error.kept = _text(pieces), phrase("What it wrote so far is kept.")
            raise

    def embed(self, texts: Sequence[str], token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        from studio.engines.arrays import np  # noqa: PLC0415 - a window that only chats need not load it

        batches = [list(texts[at : at + _EMBED_BATCH]) for at in range(0, len(texts), _EMBED_BATCH)]
        with self._my_turn(token) as closings:
            replies = [
                self._call({"do": "embed", "texts": batch}, token, closings) for batch in batches or [[]]
            ]
        try:
            rows = [np.frombuffer(one.payload, dtype="<f4").reshape(one.header["shape"]) for one in replies]
            return np.concatenate(rows)
        except (ValueError, KeyError, TypeError) as error:
            raise _senseless(error) from error

    def run(self, request: TaskRequest, token: CancelToken) -> TaskResult:
        """Do another task."""
        with self._my_turn(token) as closings:
            reply = self._call({"do": "run", "request": to_plain(request)}, token, closings)
        return _record(TaskResult, reply.header.get("result"))

    def close(self) -> None:
        """End the child; from any thread. A call in flight ends as if Stop had been pressed."""
        with self._state:
            self._closings += 1
            child = self._child
            self._death, self._reloads = None, False
        if child:
            child.close()

    # ------------------------------------------------------------ turns and states

    @contextmanager
    def _my_turn(self, token: CancelToken) -> Iterator[int]:
        """Wait for the call before to end; yield how often the engine had been closed by then."""
        closings = self._closings
        token.check()
        while not self._turn.acquire(timeout=_POLL_S):
            token.check()
            if closings != self._closings:
                raise CancelledError
        try:
            yield closings
        finally:
            self._turn.release()

    def _ready(self, token: CancelToken, closings: int) -> Child:
        """Return the child with its model, loaded again if a Stop had killed it."""
        with self._state:
            child, death, reloads = self._child, self._death, self._reloads
        if death:
            raise explain(death)
        if child is None and reloads:
            try:
                self._load(token, _ignore, closings)
            except CancelledError:
                with self._state:
                    self._reloads = closings == self._closings
                raise
            child = self._child
        if child is None:
            raise EngineError(
                phrase("The model is not loaded."),
                kept=phrase("Your work is safe."),
                next=phrase("Load it first."),
                cause="ended",
            )
        return child

    def _load(self, token: CancelToken, report: Report, closings: int) -> Loaded:
        if self._loaded:
            return self._loaded
        child = self._start(closings)
        command = {"do": "load", "files": to_plain(self.files), "options": to_plain(self.options)}
        note = _NOTES["starting"]

        def take(frame: Frame | None) -> None:
            nonlocal note
            if frame is None:
                return
            note = _NOTES.get(frame.header.get("phase", ""), note)
            report(Progress(frame.header.get("done", 0), frame.header.get("total", 0), note))

        try:
            reply = self._ask(child, command, token, take)
            loaded = _record(Loaded, reply.header.get("result"))
        except BaseException:  # what was refused or stopped leaves no half-loaded model behind
            child.close()
            raise
        loaded = dataclasses.replace(loaded, peak_bytes=max(child.peak_bytes, loaded.resident_bytes))
        with self._state:
            if self._child is child:  # else it ended just now, and the next call says so
                self._loaded = loaded
        return loaded

    def _start(self, closings: int) -> Child:
        with self._state:
            if closings != self._closings:
                raise CancelledError
            self._death, self._reloads = None, False
            child = self._child = Child(
                self.files, self.options, folder=self._folder, patience=self._patience, on_end=self._on_end
            )
        child.start()
        return child

    def _on_end(self, child: Child, ended: Ended) -> None:
        """Take note that a child has ended; runs on its keeper's thread."""
        with self._state:
            if self._child is child:
                self._child = self._loaded = None
                self._death = ended.death
        if ended.death:
            error = explain(ended.death)
            log.warning("a model's process ended: %s %s", error, error.detail)
            if self._on_ended:
                self._on_ended(error)

    # ------------------------------------------------------------ talking to the child

    def _call(self, command: Mapping[str, Any], token: CancelToken, closings: int) -> Frame:
        return self._ask(self._ready(token, closings), command, token, _no_frame)

    def _ask(self, child: Child, command: Mapping[str, Any], token: CancelToken, take: OnFrame) -> Frame:
        """Send a command and return the answer; `take` gets what comes before it, and now and then None.

        A child that does not obey Stop in time is killed, and CancelledError raised.
        """
        number = next(self._numbers)
        try:
            child.send({**command, "id": number})
        except FrameError as error:
            raise InputError(phrase("This is too long for a model."), detail=str(error)) from error
        answered = False
        try:
            for frame in self._frames(child, number, token):
                answered = frame is not None and frame.header.get("is") in ("done", "failed")
                if not answered:
                    take(frame)
        except BaseException:
            if not answered and self._child is child:  # the caller gave up: the child must not go on
                self._stop(child, number)
            raise
        assert frame is not None, "the last one is the answer"  # noqa: S101
        if frame.header.get("is") == "failed":
            raise self._failure(child, frame)
        return frame

    def _frames(self, child: Child, number: int, token: CancelToken) -> Iterator[Frame | None]:
        """Yield the frames of one command, None while none comes; raise when the child ends before its answer."""
        stop_at = None
        while True:
            frame = child.receive(_POLL_S)
            if isinstance(frame, Ended):
                raise explain(frame.death) if frame.death else CancelledError()
            if frame is None:
                yield None
            elif frame.header.get("id") == number:
                yield frame
                if frame.header.get("is") in ("done", "failed"):
                    return
            if stop_at is None and token.cancelled:
                child.send({"do": "cancel", "id": number})
                stop_at = time.monotonic() + child.cancel_after_s
            elif stop_at is not None and time.monotonic() > stop_at:
                self._kill(child)
                stop_at = float("inf")

    def _stop(self, child: Child, number: int) -> None:
        """Stop a command whose answer nobody wants any more."""
        token = CancelToken()
        token.cancel()
        with suppress(EngineError, CancelledError):
            collections.deque(self._frames(child, number, token), maxlen=0)

    def _kill(self, child: Child) -> None:
        with self._state:
            self._reloads = self._loaded is not None
        child.kill()

    def _failure(self, child: Child, frame: Frame) -> StudioError:
        error = from_frame(frame.header["error"])
        if isinstance(error, EngineError):
            log.warning("a model failed: %s %s", error, error.detail)
            if error.cause == "memory":  # what it holds on to would be missing the next time, too
                child.close()
        return error


def _record(kind: type[R], data: Any) -> R:
    """Return a record of ours; raises EngineError when the adapter filled it with something else."""
    try:
        return from_plain(kind, data)
    except (TypeError, ValueError, KeyError) as error:
        raise _senseless(error) from error


def _senseless(error: Exception) -> EngineError:
    return EngineError(
        phrase("The model answered with something that makes no sense."),
        kept=phrase("Your work is safe."),
        next=phrase("Try again, or choose another model."),
        detail=f"{type(error).__name__}: {error}",
    )


def _text(pieces: Sequence[Delta]) -> str:
    return "".join(piece.text for piece in pieces)


def _ignore(progress: Progress, /) -> None:
    """Be a report that nobody reads."""


def _no_frame(frame: Frame | None, /) -> None:
    """Take a frame that nobody asked for."""
