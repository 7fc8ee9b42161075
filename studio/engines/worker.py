"""The child process of one model: `python -m studio.engines.worker PARENT_PID`.

It takes commands as frames on its standard input and answers on its standard output. Both are
moved aside before anything else is imported by an adapter: what native code prints goes to standard
error. A thread reads, so that Stop is seen at once; the main thread works, for some runtimes want that.
"""

from __future__ import annotations

import dataclasses
import gc
import importlib
import os
import queue
import sys
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from studio.engines.base import (
    GenerationRequest,
    LoadOptions,
    ModelFiles,
    TaskRequest,
    from_plain,
    to_plain,
)
from studio.engines.confinement import die_with, step_back, take_pipes, wall_off
from studio.engines.failures import as_studio_error, to_frame
from studio.engines.footprint import own_private_bytes
from studio.engines.frames import FrameError, read_frame
from studio.engines.outbox import Outbox
from studio.engines.threads import TORCH_SPINS, spin_less
from studio.errors import EngineError, InputError
from studio.jobs import CancelToken
from studio.phrases import phrase

if TYPE_CHECKING:
    from studio.engines.adapters.base import Adapter

ADAPTERS = {
    "safetensors": ("studio.engines.adapters.transformers_adapter", "TransformersAdapter"),
    "gguf": ("studio.engines.adapters.llama", "LlamaAdapter"),
    "fake": ("studio.engines.adapters.fake", "FakeAdapter"),
}
"""Which adapter reads which format: its module, imported when it is needed, and its class."""


class Worker:
    """Hold one adapter and carry out one command after the other."""

    def __init__(self, source: BinaryIO, outbox: Outbox) -> None:
        self._source, self._outbox = source, outbox
        self._commands: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._tokens: dict[int, CancelToken] = {}
        self._adapter: Adapter | None = None

    def serve(self) -> None:
        """Work until the process ends."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        self._outbox.send({"is": "ready"})
        while True:
            self._carry_out(self._commands.get())

    def _read(self) -> None:
        """Take commands; the end of the pipe, a close, or nonsense is the end of the process."""
        while True:
            try:
                frame = read_frame(self._source)
            except (FrameError, OSError):
                frame = None
            if frame is None or frame.header.get("do") == "close":
                os._exit(0)
            number = int(frame.header.get("id", 0))
            if frame.header.get("do") == "cancel":
                token = self._tokens.get(number)
                if token is not None:  # else the answer and the wish to stop crossed on their way
                    token.cancel()
            else:
                self._tokens[number] = CancelToken()
                self._commands.put(frame.header)

    def _carry_out(self, command: Mapping[str, Any]) -> None:
        number = int(command.get("id", 0))
        try:
            result, payload = self._answer(command, self._tokens[number])
            self._outbox.send({"is": "done", "id": number, **result}, payload)
        except Exception as error:  # noqa: BLE001 - border: whatever an adapter raises must reach the parent
            self._outbox.send({"is": "failed", "id": number, "error": to_frame(as_studio_error(error))})
        del self._tokens[number]
        self._outbox.phase("idle")

    def _answer(self, command: Mapping[str, Any], token: CancelToken) -> tuple[dict[str, Any], bytes]:
        number, verb = int(command["id"]), command.get("do")
        if verb == "load":
            self._outbox.begin(number, "starting")
            return self._load(command, token), b""
        if self._adapter is None:
            raise EngineError(phrase("No model is loaded."), next=phrase("Load one first."))
        if verb == "generate":
            self._outbox.begin(number, "reading")
            request = from_plain(GenerationRequest, command["request"])
            generation = self._adapter.generate(request, self._outbox.add, self._outbox, token)
            return {"result": to_plain(generation)}, b""
        self._outbox.begin(number, "working")
        if verb == "embed":
            rows = self._adapter.embed(tuple(command["texts"]), self._outbox, token)
            return {"shape": list(rows.shape)}, rows.astype("<f4", copy=False).tobytes()
        if verb == "run":
            task = from_plain(TaskRequest, command["request"])
            return {"result": to_plain(self._adapter.run(task, self._outbox, token))}, b""
        raise ValueError(f"unknown command {verb!r}")

    def _load(self, command: Mapping[str, Any], token: CancelToken) -> dict[str, Any]:
        files = from_plain(ModelFiles, command["files"])
        options = from_plain(LoadOptions, command["options"])
        self._adapter = make_adapter(files)
        gc.collect()
        empty_bytes = own_private_bytes()
        self._outbox.send({"is": "empty", "private_bytes": empty_bytes})
        token.check()
        self._outbox.phase("checking")
        began = time.monotonic()
        loaded = self._adapter.load(files, options, self._outbox, token)
        gc.collect()
        resident = max(0, own_private_bytes() - empty_bytes)
        loaded = dataclasses.replace(
            loaded, resident_bytes=resident, load_s=loaded.load_s or time.monotonic() - began
        )
        return {"result": to_plain(loaded)}


def make_adapter(files: ModelFiles) -> Adapter:
    """Return the adapter of a format; raises InputError without one, ImportError without its runtime."""
    if files.format not in ADAPTERS:
        raise InputError(phrase("No engine here can open this kind of model."), detail=files.format)
    if files.format == "safetensors":
        spin_less(TORCH_SPINS)
    module, name = ADAPTERS[files.format]
    adapter: Adapter = getattr(importlib.import_module(module), name)()
    return adapter


def main() -> None:
    """Be the child process."""
    source, sink = take_pipes()
    die_with(int(sys.argv[1]))
    step_back()
    wall_off()
    Worker(source, Outbox(sink)).serve()


if __name__ == "__main__":
    main()
