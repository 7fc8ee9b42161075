"""Everything but writing with one model: vectors and the other tasks, on a card or the processor."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import torch

from studio.engines.adapters import devices
from studio.engines.adapters.base import Status
from studio.engines.adapters.devices import Place
from studio.engines.adapters.embedder import Embedder, pooling_of
from studio.engines.adapters.found import Found
from studio.engines.adapters.pieces import longest_input
from studio.engines.adapters.tasks import TaskRunner, not_made_for_it
from studio.engines.base import TaskRequest, TaskResult
from studio.jobs import CancelToken
from studio.phrases import Phrase

if TYPE_CHECKING:
    import numpy as np

R = TypeVar("R")


class Reader:
    """Hold a loaded model that does not write; a card that fails is left once, and the work done again."""

    def __init__(self, found: Found, place: Place) -> None:
        self._found = found
        self.place = dataclasses.replace(place, dtype=torch.float32)
        self.notes: tuple[Phrase, ...] = ()
        tokenizer = found.tokenizer
        self.context = longest_input(found.folder, tokenizer, found.config) if tokenizer is not None else 0
        self._embedder: Embedder | None = None
        self._runner: TaskRunner | None = None
        self._on_card(self._open)

    def embed(self, texts: Sequence[str], status: Status, token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width]; Stop is heard between batches."""

        def between(done: int) -> None:
            status.progress(done, len(texts))
            token.check()

        def work() -> np.ndarray[Any, Any]:
            if self._embedder is None:
                raise not_made_for_it()
            return self._embedder.encode(texts, between)

        token.check()
        return self._on_card(work)

    def run(self, request: TaskRequest, token: CancelToken) -> TaskResult:
        """Do another task."""

        def work() -> TaskResult:
            if self._runner is None:
                raise not_made_for_it()
            return self._runner.run(request, token)

        return self._on_card(work)

    def _open(self) -> None:
        found, embeds = self._found, self._found.kind.tasks == ("embed",)
        pooling = pooling_of(found.folder) if embeds else "mean"
        model = found.read_model(torch.float32).to(self.place.device)
        if embeds:
            self._embedder = Embedder(model, found.tokenizer, pooling, self.context)
        else:
            self._runner = TaskRunner(found.kind, model, found.tokenizer, found.folder)

    def _on_card(self, work: Callable[[], R]) -> R:
        try:
            return work()
        except devices.FAULTS as error:
            if self.place.device == "cpu" or not devices.is_device_fault(error):
                raise
        self._embedder = self._runner = None
        devices.free_card_memory(self.place.device)
        self.place, self.notes = devices.left_card(), (devices.MOVED,)
        self._open()
        # Opening was the work itself when the card failed at load.
        return work()
