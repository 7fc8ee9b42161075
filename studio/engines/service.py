"""The one door to the engines: which models there are, which one to take, and every question to one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio import logs
from studio.engines import answers, fit, router
from studio.engines.base import (
    Delta,
    Engine,
    Generation,
    GenerationRequest,
    LoadOptions,
    ModelFiles,
    OnDelta,
    Sampling,
    TaskRequest,
    TaskResult,
)
from studio.engines.benching import Bench, measure
from studio.engines.fit import Fit
from studio.engines.installed import InstalledModel, Purpose
from studio.engines.records import EngineRecords, Measurement, Trouble
from studio.engines.router import Choice
from studio.engines.seats import RemoteFactory, Running, Seat, Seats, Start
from studio.engines.shelf import ModelShelf
from studio.errors import EngineError
from studio.events import EventBus
from studio.jobs import CancelToken, Progress
from studio.jobs.job import Report
from studio.phrases import Phrase, phrase

if TYPE_CHECKING:
    import numpy as np

log = logs.get("engines")

_COUNTED_TOKENS = 16
"""A shorter answer says little about speed."""


@dataclass(frozen=True)
class Overview:
    """Hold what is known about one model: `fit` is None for a damaged one, the others for "nothing yet"."""

    model: InstalledModel
    fit: Fit | None
    trouble: Trouble | None
    measured: Measurement | None

    @property
    def reason(self) -> Phrase | None:
        """Return why it cannot be used now, or is not used by itself; None: nothing is in the way."""
        if self.model.reason is not None:
            return self.model.reason
        if self.trouble is not None:
            return self.trouble.words
        return None if self.fit is None or self.fit.fits else self.fit.words


class EngineService:
    """Open, use and close engines; every method may be called from any thread and blocks until it is done."""

    def __init__(
        self,
        shelf: ModelShelf,
        records: EngineRecords,
        folder: Path,
        events: EventBus,
        *,
        remote: RemoteFactory,
        start: Start | None = None,
    ) -> None:
        self.shelf = shelf
        self.records = records
        self._seats = Seats(shelf, records, folder, events, remote=remote, start=start or _start_process)

    # ---- what there is

    def models(self) -> tuple[InstalledModel, ...]:
        """Return the models of this computer and the remote ones; damaged ones with their reason."""
        return self.shelf.models()

    def fit(self, ref: str, options: LoadOptions | None = None) -> Fit:
        """Return what loading a model would need now, as if all others were put away, and its speed."""
        model = self.shelf.find(ref)
        machine = replace(self.records.machine(), free_bytes=self._seats.free_bytes())
        return fit.predict(model, machine, options, self.records.view(), self.models())

    def overview(self) -> tuple[Overview, ...]:
        """Return every model with all that is known about it."""
        models, view = self.models(), self.records.view()
        machine = replace(self.records.machine(), free_bytes=self._seats.free_bytes())
        return tuple(
            Overview(
                model,
                None if model.reason else fit.predict(model, machine, None, view, models),
                view.trouble.get(model.ref),
                view.newest(model.ref),
            )
            for model in models
        )

    def choose(self, purpose: Purpose) -> Choice:
        """Return the model for a purpose, and why."""
        machine = replace(self.records.machine(), free_bytes=self._seats.free_bytes())
        return router.choose(purpose, self.models(), self.records.view(), machine)

    def running(self) -> tuple[Running, ...]:
        """Return the models in memory, the one that was used last first."""
        return self._seats.running()

    # ---- work

    def open(
        self,
        ref: str,
        options: LoadOptions | None = None,
        token: CancelToken | None = None,
        report: Report | None = None,
    ) -> Engine:
        """Load a model that the user asked for, even one that stopped working the last time; return its engine.

        A running one is used again unless `options` differ. What goes through the engine itself takes
        no turns with other calls: `generate`, `embed` and `run` here do. Raises InputError where it
        cannot fit, with the numbers and what would; EngineError, CancelledError.
        """
        with self._seats.seated(ref, options, token or CancelToken(), report, asked=True) as seat:
            return seat.engine

    def generate(
        self,
        ref: str,
        request: GenerationRequest,
        on_delta: OnDelta,
        token: CancelToken,
        report: Report | None = None,
        *,
        options: LoadOptions | None = None,
        asked: bool = False,
    ) -> Generation:
        """Write an answer with a model, loaded if need be; an answer to a schema is checked here.

        One that does not fit the schema is written once more (twice by a remote model, whose server may
        not know schemas), without deltas. Raises EngineError with the text where that fails, too.
        `asked` says that the user named this model now: only then is one loaded that stopped working
        the last time.
        """
        with self._seats.seated(ref, options, token, report, asked=asked) as seat:
            generation = seat.engine.generate(request, on_delta, token)
            if request.schema is not None:
                generation = _checked(seat, request, generation, token)
            self._note_speed(seat, request, generation)
            return generation

    def embed(
        self,
        ref: str,
        texts: Sequence[str],
        token: CancelToken,
        report: Report | None = None,
        *,
        asked: bool = False,
    ) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        with self._seats.seated(ref, None, token, report, asked=asked) as seat:
            return seat.engine.embed(texts, token)

    def run(
        self,
        ref: str,
        request: TaskRequest,
        token: CancelToken,
        report: Report | None = None,
        *,
        asked: bool = False,
    ) -> TaskResult:
        """Do a task that is neither chat nor embedding."""
        with self._seats.seated(ref, None, token, report, asked=asked) as seat:
            return seat.engine.run(request, token)

    def bench(
        self, ref: str, token: CancelToken, report: Report | None = None, options: LoadOptions | None = None
    ) -> Bench:
        """Load a model anew and measure it; what was measured is kept beside what was predicted."""
        with self._seats.seated(ref, options, token, report, asked=True, anew=True) as seat:
            assert seat.engine.loaded is not None  # noqa: S101 - it was loaded a moment ago
            bench = measure(seat.engine, seat.engine.loaded, seat.fit, token, report or _silent)
            if seat.model.format not in ("remote", "fake"):
                self.records.measure(
                    replace(
                        seat.measurement(),
                        prefill_tps=bench.prefill_tps or None,
                        decode_tps=bench.decode_tps or None,
                    )
                )
            return bench

    # ---- the end

    def close(self, ref: str | None = None) -> None:
        """Put one model or all of them away; their memory is free when this returns.

        A call that runs in one of them ends with an EngineError; press Stop first to keep its text.
        """
        self._seats.close(None if ref is None else self.shelf.find(ref).ref)

    def end(self) -> None:
        """Put all models away and load none any more."""
        self._seats.end()

    def _note_speed(self, seat: Seat, request: GenerationRequest, generation: Generation) -> None:
        """Keep how fast it wrote, where nothing but the model itself decided that."""
        usage = generation.usage
        guessed = usage.forced_tokens or usage.accepted_tokens or request.schema is not None
        if seat.model.format in ("remote", "fake") or guessed or usage.generated_tokens < _COUNTED_TOKENS:
            return
        read = usage.prompt_tokens - usage.reused_tokens
        prefill = read / usage.prompt_s if read >= _COUNTED_TOKENS and usage.prompt_s > 0 else None
        self.records.measure(
            replace(
                seat.measurement(),
                load_s=None, peak_bytes=None, resident_bytes=None, predicted_bytes=None,
                prefill_tps=prefill, decode_tps=usage.tokens_per_second or None,
            )
        )  # fmt: skip


def _checked(
    seat: Seat, request: GenerationRequest, generation: Generation, token: CancelToken
) -> Generation:
    """Return an answer that fits the schema of its request, this one or the one of a second try."""
    assert request.schema is not None  # noqa: S101 - asked only then
    # A remote engine has asked its server again by itself.
    tries = 1 if seat.model.format == "remote" else 2
    for number in range(tries):
        if number:
            generation = seat.engine.generate(_another(request, number), _unheard, token)
        if generation.ending == "cancelled":
            return generation
        wrong = answers.problem(request.answer_start + generation.text, request.schema)
        if not wrong:
            return generation
        log.warning("%s broke the form: %s", seat.model.name, wrong)
    raise EngineError(
        phrase("The model's answer did not have the form that was asked for."),
        kept=phrase("What it wrote is kept."),
        next=phrase("Ask once more, or choose another model."),
        detail=wrong,
        text=generation.text,
    )


def _another(request: GenerationRequest, number: int) -> GenerationRequest:
    """Return the request with other dice: the same ones would make the same answer."""
    old = request.sampling
    seed = None if old.seed is None else old.seed + number
    return replace(
        request, sampling=replace(old, seed=seed, temperature=old.temperature or Sampling().temperature)
    )


def _unheard(delta: Delta) -> None:
    """Take what is written the second time: the listener has heard the first."""


def _silent(progress: Progress, /) -> None:
    """Be a report that nobody reads."""


def _start_process(
    files: ModelFiles, options: LoadOptions, *, folder: Path, on_ended: Callable[[EngineError], None]
) -> Engine:
    from studio.engines.process import EngineProcess  # noqa: PLC0415 - subprocess and more, not for the first paint

    return EngineProcess(files, options, folder=folder, on_ended=on_ended)


__all__ = ["EngineService", "Overview", "Running"]
