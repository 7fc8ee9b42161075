"""One unit of background work: what it reports, how it is stopped, how it ends."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from studio.errors import CancelledError
from studio.phrases import Phrase

Ending = Literal["done", "failed", "cancelled"]
T_co = TypeVar("T_co", covariant=True)


_NOTHING = Phrase("")


@dataclass(frozen=True)
class Progress:
    """Say how far a job is: `done` of `total` (0 when unknown), and what it does now."""

    done: int
    total: int = 0
    note: Phrase = _NOTHING


class CancelToken:
    """Carry one wish from whoever pressed Stop to whoever works."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._stopped.set()

    @property
    def cancelled(self) -> bool:
        """Tell whether Stop was pressed."""
        return self._stopped.is_set()

    def check(self) -> None:
        """Raise CancelledError if Stop was pressed; call it between two small pieces of work."""
        if self._stopped.is_set():
            raise CancelledError

    def wait(self, timeout_s: float) -> None:
        """Wait so long, or raise CancelledError as soon as Stop is pressed."""
        if self._stopped.wait(timeout_s):
            raise CancelledError


class Report(Protocol):
    """Take a job's progress; may be called from the job's thread at any rate."""

    def __call__(self, progress: Progress, /) -> None:
        """Take one piece of news."""
        ...


class Work(Protocol[T_co]):
    """Be a plain function that works with a cancel token and reports its progress."""

    def __call__(self, token: CancelToken, report: Report, /) -> T_co:
        """Work; return the result or raise."""
        ...


class Sink(Protocol):
    """Take what a job sends: "progress" any number of times, then exactly one ending."""

    def __call__(self, kind: str, payload: Any, /) -> None:
        """Take one message."""
        ...


class Job:
    """Be the handle of one running job: look at it, wait for it, stop it."""

    def __init__(self, future: Future[Any], token: CancelToken) -> None:
        self._future = future
        self._token = token

    def cancel(self) -> None:
        """Press Stop: a waiting job never starts, a running one ends at its next check."""
        self._token.cancel()

    @property
    def finished(self) -> bool:
        """Tell whether the job has ended, in whichever way."""
        return self._future.done()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until the ending has been delivered; raise TimeoutError after `timeout_s`."""
        self._future.result(timeout_s)
