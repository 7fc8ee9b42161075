"""The adapter for safetensors folders: checks, then the right way to open, then every task the model has."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import torch

from studio.engines.adapters import devices, pretrained
from studio.engines.adapters.base import Status
from studio.engines.adapters.causal import dtype_name, open_causal
from studio.engines.adapters.devices import Place, Probe, find_card
from studio.engines.adapters.found import Found
from studio.engines.adapters.kinds import kind_of
from studio.engines.adapters.reader import Reader
from studio.engines.adapters.tasks import not_made_for_it
from studio.engines.adapters.templates import ChatFormat
from studio.engines.adapters.writer import Writer, end_tokens
from studio.engines.base import (
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    ModelFiles,
    OnDelta,
    TaskRequest,
    TaskResult,
)
from studio.engines.checks.config import check_model
from studio.jobs import CancelToken

if TYPE_CHECKING:
    import numpy as np


class TransformersAdapter:
    """Load one folder and answer with it; see `studio.engines.adapters.base.Adapter` for the calls."""

    def __init__(self, probe: Probe = find_card) -> None:
        self._probe = probe
        self._writer: Writer | None = None
        self._reader: Reader | None = None

    def load(self, files: ModelFiles, options: LoadOptions, status: Status, token: CancelToken) -> Loaded:
        """Check the folder, then load it; InputError for one that is refused."""
        begun = time.monotonic()
        status.phase("checking")
        set_threads(options.threads)
        found = self._look(files.location, status, token)
        if found.kind.writes:
            loaded = self._load_writer(found, options, status, token)
        else:
            status.phase("loading")
            self._reader = Reader(found, devices.choose(options.device, 4 * found.parameters, self._probe))
            loaded = dataclasses.replace(
                _loaded(found, self._reader.place),
                context=self._reader.context,
                notes=(*found.notes, *self._reader.notes),
            )
        token.check()
        return dataclasses.replace(loaded, load_s=time.monotonic() - begun)

    def generate(
        self, request: GenerationRequest, on_delta: OnDelta, status: Status, token: CancelToken
    ) -> Generation:
        """Write an answer."""
        if self._writer is None:
            raise not_made_for_it()
        return self._writer.generate(request, on_delta, status, token)

    def embed(self, texts: Sequence[str], status: Status, token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        if self._reader is None:
            raise not_made_for_it()
        return self._reader.embed(texts, status, token)

    def run(self, request: TaskRequest, status: Status, token: CancelToken) -> TaskResult:
        """Do another task."""
        if self._reader is None:
            raise not_made_for_it()
        return self._reader.run(request, token)

    def _look(self, folder: Path, status: Status, token: CancelToken) -> Found:
        """Check the folder and read what is small in it."""
        checked, header = check_model(folder)
        token.check()
        status.progress(1, 3)
        config = pretrained.read_config(folder)
        kind = kind_of(config, folder)
        token.check()
        status.progress(2, 3)
        tokenizer = pretrained.read_tokenizer(folder) if kind.needs_words else None
        token.check()
        status.progress(3, 3)
        return Found(folder, checked.values, config, kind, header.parameters, tokenizer, checked.notes)

    def _load_writer(self, found: Found, options: LoadOptions, status: Status, token: CancelToken) -> Loaded:
        pretrained.need_pieces(found.tokenizer)
        form = ChatFormat(found.tokenizer)  # tries the template, still in the phase "checking"
        status.phase("loading")
        opened = open_causal(found, options, status, token, self._probe)
        token.check()
        eos_ids = end_tokens(found.folder, found.tokenizer, found.config)
        self._writer = Writer(opened.forward, found.tokenizer, form, eos_ids=eos_ids, drafts=options.drafts)
        self._writer.warm()
        return dataclasses.replace(
            _loaded(found, opened.place),
            engine=opened.engine,
            weights=opened.weights,
            context=opened.forward.context,
            prefill_copy_bytes=opened.copy_bytes,
            has_chat_template=form.has_template,
            notes=(*found.notes, *form.notes, *opened.notes),
        )


def set_threads(wanted: int) -> None:
    """Let torch use so many threads; 0: the cores that are whole, one fewer where there are four or more.

    The last core is the window's, whose timers would come late.
    """
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    torch.set_num_threads(wanted or (cores - 1 if cores >= 4 else cores))


def _loaded(found: Found, place: Place) -> Loaded:
    return Loaded(
        engine="transformers",
        architecture=found.kind.architecture,
        tasks=found.kind.tasks,
        device=place.device,
        device_reason=place.reason,
        weights=dtype_name(place.dtype),
        context=0,
        parameters=found.parameters,
        load_s=0.0,
    )
