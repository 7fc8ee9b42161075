"""What an adapter is: the code, in the child process, between the worker and one model runtime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from studio.engines.base import (
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    ModelFiles,
    OnDelta,
    Phase,
    TaskRequest,
    TaskResult,
)
from studio.jobs import CancelToken

if TYPE_CHECKING:
    import numpy as np


class Status(Protocol):
    """Tell the parent what goes on; the parent's patience depends on it."""

    def phase(self, name: Phase) -> None:
        """Enter a phase."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Say how far the phase is; 0 of 0 when unknown."""
        ...


class Adapter(Protocol):
    """Load one model and answer with it; one call at a time, all on the same thread.

    Every call looks at its `token` at least every 200 ms where the runtime lets it, and raises
    CancelledError (`load`, `embed`, `run`) or ends with "cancelled" (`generate`). What is refused
    raises InputError in words a child understands; anything else that is raised becomes EngineError.
    An adapter that cannot do a call raises InputError.
    """

    def load(self, files: ModelFiles, options: LoadOptions, status: Status, token: CancelToken) -> Loaded:
        """Check the files, then load them; `resident_bytes` and `peak_bytes` are filled by the worker."""
        ...

    def generate(
        self, request: GenerationRequest, on_delta: OnDelta, status: Status, token: CancelToken
    ) -> Generation:
        """Write an answer; call `on_delta` as often as you like, the worker batches."""
        ...

    def embed(self, texts: Sequence[str], status: Status, token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        ...

    def run(self, request: TaskRequest, status: Status, token: CancelToken) -> TaskResult:
        """Do another task."""
        ...


AdapterFactory = Callable[[], Adapter]
