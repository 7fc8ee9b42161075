"""Short ways to call an adapter in a test: a status that remembers, a token that stops by itself, requests."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import torch

from studio.engines.adapters import pretrained
from studio.engines.adapters.kinds import kind_of
from studio.engines.adapters.stock import StockForward
from studio.engines.adapters.transformers_adapter import TransformersAdapter
from studio.engines.base import (
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    Message,
    ModelFiles,
    Phase,
    Sampling,
)
from studio.jobs import CancelToken
from tests.support import tiny_tasks

# Two threads that wait for each other take a hundred times longer when other tests run beside this one.
torch.set_num_threads(1)

GREEDY = Sampling(temperature=0)
EXACT = LoadOptions(weights="float32", device="cpu")
CARD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "colour": {"enum": ["red", "blue"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
    },
    "required": ["colour", "count"],
    "additionalProperties": False,
}
"""A schema for a small answer."""


class Notes:
    """A status that remembers its phases."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []

    def phase(self, name: Phase) -> None:
        self.phases.append(name)

    def progress(self, done: int, total: int) -> None:
        pass


class StopsAfter(CancelToken):
    """A token on which Stop is pressed once it was looked at so often; `looks` counts on."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.looks, self._most = 0, most

    @property
    def cancelled(self) -> bool:
        self._look()
        return super().cancelled

    def check(self) -> None:
        self._look()
        super().check()

    def _look(self) -> None:
        self.looks += 1
        if self.looks > self._most:
            self.cancel()


def files_of(folder: Path) -> ModelFiles:
    return ModelFiles(ref=folder.name, name=folder.name, format="safetensors", path=str(folder))


def loaded(folder: Path, options: LoadOptions = EXACT, **more: Any) -> tuple[TransformersAdapter, Loaded]:
    """Return an adapter with the model of a folder, and what it says about it; `more` is for the adapter."""
    adapter = TransformersAdapter(**more)
    options = dataclasses.replace(options, threads=1)
    return adapter, adapter.load(files_of(folder), options, Notes(), CancelToken())


def said(words: str = "Hello there", **more: Any) -> GenerationRequest:
    """Return a greedy request with one message."""
    more = {"sampling": GREEDY, "max_tokens": 12, **more}
    return GenerationRequest(messages=(Message("user", words),), **more)


def write(
    adapter: TransformersAdapter, request: GenerationRequest, token: CancelToken | None = None
) -> Generation:
    return adapter.generate(request, lambda delta: None, Notes(), token or CancelToken())


def parts(name: str, dtype: torch.dtype = torch.float32) -> tuple[Any, Any]:
    """Return the model and the tokenizer of a tiny folder as transformers alone opens them."""
    folder = tiny_tasks.folder(name)
    config = pretrained.read_config(folder)
    kind = kind_of(config, folder)
    tokenizer = pretrained.read_tokenizer(folder) if kind.needs_words else None
    return pretrained.read_model(kind.auto, folder, config, dtype), tokenizer


def stock(family: str, dtype: torch.dtype = torch.float32, context: int = 200) -> tuple[StockForward, Any]:
    """Return the forward of a tiny causal model, and the model."""
    model, _ = parts(family, dtype)
    return StockForward(model, context), model
