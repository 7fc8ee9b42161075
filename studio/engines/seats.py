"""Which engines are in memory: one seat for each, turns for those who want to use it, and room for the next.

Engines of this computer answer one at a time, loads included: two at once would only take turns on the
same cores, far slower. A model that is wanted while another is in memory joins it where both fit; where
not, the one that was used the longest time ago is put away first, after its call has ended.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from studio import logs
from studio.engines import fit
from studio.engines.base import Engine, Loaded, LoadOptions, ModelFiles
from studio.engines.fit import Fit
from studio.engines.installed import InstalledModel
from studio.engines.records import EngineRecords, Measurement, Trouble
from studio.engines.shelf import ModelShelf
from studio.errors import CancelledError, EngineError, InputError
from studio.events import EngineChanged, EngineState, EventBus
from studio.jobs import CancelToken, Progress
from studio.jobs.job import Report
from studio.phrases import Phrase, phrase

log = logs.get("engines")

_LOOK_S = 0.05
"""How often somebody who waits for a turn looks whether Stop was pressed."""


class Start(Protocol):
    """Make the engine of a local model, not yet loaded; `on_ended` hears of an end that nobody asked for."""

    def __call__(
        self,
        files: ModelFiles,
        options: LoadOptions,
        *,
        folder: Path,
        on_ended: Callable[[EngineError], None],
    ) -> Engine:
        """Return the engine."""
        ...


RemoteFactory = Callable[[ModelFiles], Engine]


@dataclass(frozen=True)
class Running:
    """Describe one model in memory; `loaded` is None while it is still being loaded."""

    ref: str
    name: str
    loaded: Loaded | None
    fit: Fit


class Seat:
    """Hold one engine and what it was opened with."""

    def __init__(self, model: InstalledModel, engine: Engine, options: LoadOptions, fitted: Fit) -> None:
        self.model, self.engine, self.options, self.fit = model, engine, options, fitted
        self.used_at = time.monotonic()
        self.leaving = False
        self.troubled = False

    @property
    def alive(self) -> bool:
        """Tell whether the engine can be asked."""
        return not self.leaving and self.engine.loaded is not None

    @property
    def held_bytes(self) -> int:
        """Return the memory that comes back when it is put away."""
        loaded = self.engine.loaded
        if loaded is None or not loaded.resident_bytes:
            return self.fit.total_bytes
        return loaded.resident_bytes + self.fit.overhead_bytes

    def measurement(self) -> Measurement:
        """Return what its load measured, beside what was predicted."""
        loaded = self.engine.loaded
        if loaded is None:  # it ended this very moment
            return Measurement(self.model.ref, self.fit.weights)
        return Measurement(
            ref=self.model.ref,
            weights=loaded.weights if loaded.weights in fit.CLASSES else self.fit.weights,
            engine=fit.engine_for(self.model),
            device=loaded.device,
            context=loaded.context,
            load_s=loaded.load_s,
            peak_bytes=loaded.peak_bytes,
            resident_bytes=loaded.resident_bytes,
            predicted_bytes=self.fit.load_bytes,
            predicted_tps=self.fit.tokens_per_second,
            plain_tps=self.fit.plain_tps,
        )


class _Linked(CancelToken):
    """Say "stop" when the caller's token does, or when the seat was taken away before its engine began to load."""

    def __init__(self, token: CancelToken, seat: Seat) -> None:
        super().__init__()
        self._token, self._seat = token, seat

    @property
    def cancelled(self) -> bool:
        return self._token.cancelled or self._seat.leaving

    def check(self) -> None:
        if self.cancelled:
            raise CancelledError

    def wait(self, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            self._token.wait(min(left, _LOOK_S))
            self.check()


class Seats:
    """Give out seats; every method may be called from any thread."""

    def __init__(
        self,
        shelf: ModelShelf,
        records: EngineRecords,
        folder: Path,
        events: EventBus,
        *,
        remote: RemoteFactory,
        start: Start,
    ) -> None:
        self._shelf = shelf
        self._records = records
        self._folder = folder
        self._events = events
        self._remote = remote
        self._start = start
        self._seats: dict[str, Seat] = {}
        self._lock = threading.Lock()  # of the three around it; never held while an engine works
        self._turns: dict[str, threading.Lock] = {}
        self._over = False

    def running(self) -> tuple[Running, ...]:
        """Return the models in memory, the one that was used last first."""
        with self._lock:
            seats = sorted(self._seats.values(), key=lambda seat: -seat.used_at)
        return tuple(Running(seat.model.ref, seat.model.name, seat.engine.loaded, seat.fit) for seat in seats)

    def free_bytes(self) -> int:
        """Return the free memory, with what the models in memory would give back."""
        with self._lock:
            held = sum(seat.held_bytes for seat in self._seats.values())
        return self._records.machine().free_bytes + held

    def close(self, ref: str | None = None) -> None:
        """Put one model or all of them away; their memory is free when this returns."""
        with self._lock:
            wanted = [seat for seat in self._seats.values() if ref in (None, seat.model.ref)]
        for seat in wanted:
            self._put_away(seat)

    def end(self) -> None:
        """Put all models away and load none any more."""
        with self._lock:
            self._over = True
        self.close()

    @contextlib.contextmanager
    def seated(
        self,
        ref: str,
        options: LoadOptions | None,
        token: CancelToken,
        report: Report | None,
        *,
        asked: bool,
        anew: bool = False,
    ) -> Iterator[Seat]:
        """Wait for the turn, see that the model is in memory, and give its seat for one call."""
        model = self._shelf.find(ref)
        with _held(self._turn(model), token):
            seat = self._seat_of(model.ref)
            if seat is not None and (anew or not seat.alive or options not in (None, seat.options)):
                self._put_away(seat)
                seat = None
            if seat is None:
                seat = self._load(model, options or LoadOptions(), token, report or _silent, asked=asked)
            try:
                yield seat
            except EngineError as error:
                self._ended(seat, error)
                raise
            finally:
                seat.used_at = time.monotonic()

    def _turn(self, model: InstalledModel) -> threading.Lock:
        """Return the lock of a model's turns: one for all that use this computer, one for each remote model."""
        with self._lock:
            return self._turns.setdefault(model.ref if model.format == "remote" else "", threading.Lock())

    def _seat_of(self, ref: str) -> Seat | None:
        with self._lock:
            return self._seats.get(ref)

    def _load(
        self, model: InstalledModel, options: LoadOptions, token: CancelToken, report: Report, *, asked: bool
    ) -> Seat:
        if model.reason is not None:
            raise InputError(model.reason, next=phrase("Download it again, or choose another model."))
        before = self._records.trouble(model.ref)
        words = _words_before(model, before, asked=asked)
        fitted = self._make_room(model, options)
        seat = self._take_seat(model, options, fitted)
        self._tell(model.ref, "loading", words)
        try:
            if model.format != "remote":
                self._records.begin_load(model.ref)
            loaded = seat.engine.load(_Linked(token, seat), report)
            self._records.end_load(model.ref)
        except EngineError as error:
            self._ended(seat, error)
            seat.engine.close()
            raise
        except BaseException:  # refused, stopped, or put away meanwhile: nothing that the model did
            self._put_away(seat)
            self._records.end_load(model.ref)
            if before is not None:
                self._records.note_trouble(model.ref, before.cause, before.words)
            raise
        if model.format not in ("remote", "fake"):
            self._records.measure(seat.measurement())
        log.info("loaded %s in %.1f s", model.name, loaded.load_s)
        self._tell(model.ref, "ready", phrase("{name} is ready.", name=model.name))
        return seat

    def _make_room(self, model: InstalledModel, options: LoadOptions) -> Fit:
        """Put away as many other models as need be, the longest unused first; InputError if none would help."""
        machine, view = self._records.machine(), self._records.view()
        with self._lock:
            others = sorted(
                (seat for seat in self._seats.values() if seat.model.format != "remote"),
                key=lambda seat: seat.used_at,
            )
        leaving: list[Seat] = []
        while True:
            free = machine.free_bytes + sum(seat.held_bytes for seat in leaving)
            fitted = fit.predict(model, replace(machine, free_bytes=free), options, view)
            if fitted.fits:
                break
            if len(leaving) == len(others):
                raise _does_not_fit(
                    fit.predict(model, replace(machine, free_bytes=free), options, view, self._shelf.models())
                )
            leaving.append(others[len(leaving)])
        for seat in leaving:
            self._put_away(seat)
        return fitted

    def _take_seat(self, model: InstalledModel, options: LoadOptions, fitted: Fit) -> Seat:
        definite = options
        if model.format in ("safetensors", "gguf"):
            first_choice = fit.weights_for(model, options)[0]
            weights = options.weights if fitted.weights == first_choice else fitted.weights
            definite = replace(
                options, weights=weights, context=fitted.context, reading_copy=fitted.copy_bytes > 0
            )

        def on_ended(error: EngineError) -> None:
            self._ended(seat, error)

        if model.format == "remote":
            engine = self._remote(model.files)
        else:
            engine = self._start(model.files, definite, folder=self._folder, on_ended=on_ended)
        seat = Seat(model, engine, options, fitted)
        with self._lock:
            if self._over:
                raise CancelledError
            self._seats[model.ref] = seat
        return seat

    def _put_away(self, seat: Seat) -> None:
        seat.leaving = True
        seat.engine.close()
        if self._leave(seat):
            self._tell(seat.model.ref, "closed", phrase("{name} was put away.", name=seat.model.name))

    def _leave(self, seat: Seat) -> bool:
        """Take a seat away; tell whether it was still there."""
        with self._lock:
            there = self._seats.get(seat.model.ref) is seat
            if there:
                del self._seats[seat.model.ref]
        return there

    def _ended(self, seat: Seat, error: EngineError) -> None:
        """Take note that an engine stopped working; the news may come from its own thread and from the call."""
        if seat.leaving or seat.engine.loaded is not None:
            return
        with self._lock:
            if seat.troubled:
                return
            seat.troubled = True
        if seat.model.format != "remote":
            self._records.note_trouble(seat.model.ref, error.cause, error.what)
        self._leave(seat)
        self._tell(seat.model.ref, "failed", error.what)

    def _tell(self, ref: str, state: EngineState, words: Phrase) -> None:
        self._events.publish(EngineChanged(ref, state, words))


@contextlib.contextmanager
def _held(turn: threading.Lock, token: CancelToken) -> Iterator[None]:
    """Hold the lock; CancelledError when Stop is pressed while others have it."""
    while not turn.acquire(timeout=_LOOK_S):
        token.check()
    try:
        token.check()
        yield
    finally:
        turn.release()


def _words_before(model: InstalledModel, trouble: Trouble | None, *, asked: bool) -> Phrase:
    """Return what to say while a model loads; EngineError for one that is not loaded without being asked for."""
    if trouble is None:
        return phrase("Loading {name}.", name=model.name)
    if asked:
        return phrase("{name} stopped working the last time. Trying it once more.", name=model.name)
    raise EngineError(
        phrase("{name} stopped working the last time, so it is not loaded by itself.", name=model.name),
        kept=phrase("Your work is safe."),
        next=phrase("Open it yourself to try once more, or choose another model."),
        detail=str(trouble.words),
        cause=trouble.cause,
    )


def _does_not_fit(fitted: Fit) -> InputError:
    more = (
        fitted.proposal.words
        if fitted.proposal
        else phrase("Close other programs, or choose a smaller model.")
    )
    return InputError(fitted.words, kept=phrase("Nothing was loaded."), next=more)


def _silent(progress: Progress, /) -> None:
    """Be a report that nobody reads."""


__all__ = ["RemoteFactory", "Running", "Seat", "Seats", "Start"]
