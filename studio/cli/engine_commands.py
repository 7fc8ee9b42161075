"""The commands about models: chat, bench, models, remotes, serve."""

from __future__ import annotations

import argparse
import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from studio.cli.output import Output
from studio.cli.working import Say, work
from studio.engines.base import Delta, Generation, GenerationRequest, Message, OnDelta, Sampling, to_plain
from studio.engines.benching import Bench
from studio.engines.footprint import in_words
from studio.engines.records import Measurement
from studio.engines.remote_servers import RemoteServer
from studio.engines.service import Overview
from studio.errors import EngineError, InputError
from studio.events import EngineChanged, Event
from studio.jobs import CancelToken
from studio.jobs.job import Report
from studio.phrases import phrase
from studio.services import Services
from studio.serving import ModelServer

if TYPE_CHECKING:
    import numpy as np

Command = Callable[[Services, argparse.Namespace, Output], None]

_HOTTEST = 2.0


def chat(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Ask a model one question; the answer is printed while it is written."""
    if not 0 <= options.temperature <= _HOTTEST:
        raise InputError(
            phrase("The temperature is a number from 0 to {most}.", most=_HOTTEST),
            next=phrase("0 always takes the likeliest word, 0.7 is usual."),
        )
    system = (Message("system", options.system),) if options.system else ()
    sampling = Sampling(temperature=options.temperature, seed=options.seed)
    request = GenerationRequest(
        messages=(*system, Message("user", options.prompt)), max_tokens=options.max_tokens, sampling=sampling
    )

    def task(token: CancelToken, report: Report, say: Say) -> Generation:
        def on_delta(delta: Delta) -> None:
            say(delta.text)

        return services.engines.generate(options.ref, request, on_delta, token, report, asked=True)

    with _told(services, output), _whole_line(output) as show:
        try:
            generation = work(services, task, show=show)
        except EngineError as error:
            if output.as_json and error.text:
                output.note(error.text)
            raise
    for note in generation.notes:
        output.note(str(note))
    if output.as_json:
        output.result(_generation_json(generation), "")


def bench(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Load a model anew and measure how fast it reads and writes, and what it takes."""

    def task(token: CancelToken, report: Report, say: Say) -> Bench:
        return services.engines.bench(options.ref, token, report)

    with _told(services, output):
        measured = work(services, task)
    words = "\n".join(
        (
            f"load     {measured.load_s:.2f} s",
            f"reading  {measured.prefill_tps:.1f} tokens/s",
            f"writing  {measured.decode_tps:.1f} tokens/s (predicted {measured.predicted.decode_tps:.1f})",
            f"memory   {in_words(measured.peak_bytes)} (predicted {in_words(measured.predicted.peak_bytes)})",
        )
    )
    output.result(asdict(measured), words)


def models(services: Services, options: argparse.Namespace, output: Output) -> None:
    """List the models of this computer, and what each would need."""
    items = [_model_json(one) for one in services.engines.overview()]
    lines = [
        f"{'ok  ' if item['fits'] else 'no  '}  {item['id']}  {item['kind']}  {in_words(item['size_bytes'])}"
        + (f"  {item['reason']}" if item["reason"] else "")
        for item in items
    ]
    nothing = str(phrase("There are no models on this computer yet."))
    output.result({"items": items, "next": None}, "\n".join(lines) or nothing)


def remotes(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Write down, list or forget the servers whose models may be used."""
    servers = services.remotes
    if options.action == "add":
        services.permissions.require("remote_engine")
        server = servers.add(
            RemoteServer(options.name, options.url, options.model, options.kind, options.key_variable)
        )
        output.result(_server_json(server), f"{server.ref}  {server.url}")
    elif options.action == "remove":
        servers.remove(options.name)
        output.result({"removed": options.name}, str(phrase("“{name}” is forgotten.", name=options.name)))
    else:
        items = [_server_json(server) for server in servers.list()]
        words = "\n".join(f"{item['id']}  {item['url']}  {item['model']}".rstrip() for item in items)
        output.result({"items": items, "next": None}, words or str(phrase("No servers are written down.")))


def serve(services: Services, options: argparse.Namespace, output: Output) -> None:
    """Give other programs on this computer a way to ask models, until Ctrl+C."""
    served = _Served(services, [services.engines.shelf.find(ref).ref for ref in options.refs])
    require = functools.partial(services.permissions.require, "serve")
    require()
    with _told(services, output):
        work(
            services, lambda token, report, say: services.engines.open(served.names()[0], None, token, report)
        )
        server = ModelServer(served, require=require, port=options.port)
        try:
            address = server.start()
            data = {"url": address.url, "token": address.token, "models": list(served.names())}
            output.result(data, f"address  {address.url}\ntoken    {address.token}")
            server.wait()
        finally:
            services.engines.end()  # a model that writes would keep the server waiting
            server.stop()


class _Served:
    """Be the models that a server may ask: those that were named, and no others."""

    def __init__(self, services: Services, refs: Sequence[str]) -> None:
        self._engines = services.engines
        self._refs = tuple(dict.fromkeys(refs))

    def names(self) -> tuple[str, ...]:
        return self._refs

    def generate(
        self, ref: str, request: GenerationRequest, on_delta: OnDelta, token: CancelToken
    ) -> Generation:
        return self._engines.generate(ref, request, on_delta, token)

    def embed(self, ref: str, texts: Sequence[str], token: CancelToken) -> np.ndarray[Any, Any]:
        return self._engines.embed(ref, texts, token)


@contextlib.contextmanager
def _told(services: Services, output: Output) -> Iterator[None]:
    """Note what happens to models while a command waits for one."""

    def hear(event: Event) -> None:
        if isinstance(event, EngineChanged) and event.state == "loading":
            output.note(str(event.words))

    stop = services.events.subscribe(hear)
    try:
        yield
    finally:
        stop()


@contextlib.contextmanager
def _whole_line(output: Output) -> Iterator[Say]:
    """Give what prints pieces of an answer as they come, and end the line whatever happens."""
    printed = ""

    def show(piece: str) -> None:
        nonlocal printed
        if piece and not output.as_json:
            _write(piece)
            printed = piece

    try:
        yield show
    finally:
        if printed and not printed.endswith("\n"):
            _write("\n")


def _generation_json(generation: Generation) -> dict[str, Any]:
    return {
        "text": generation.text,
        "usage": to_plain(generation.usage),
        "tokens_per_second": round(generation.usage.tokens_per_second, 2),
        "stopped": generation.ending,
        "cut_tokens": generation.cut_tokens,
        "notes": [str(note) for note in generation.notes],
    }


def _model_json(one: Overview) -> dict[str, Any]:
    model, fitted = one.model, one.fit
    return {
        "id": model.ref,
        "kind": model.tasks[0] if model.tasks else "",
        "format": model.format,
        "size_bytes": model.size_bytes,
        "fits": fitted is not None and fitted.fits,
        "needs_bytes": fitted.total_bytes if fitted else None,
        "tokens_per_second": round(fitted.tokens_per_second, 2) if fitted else None,
        "reason": str(one.reason) if one.reason else None,
        "measured": _measured_json(one.measured),
    }


_MEASURED = (
    "weights", "device", "context", "load_s", "peak_bytes", "prefill_tps", "decode_tps", "predicted_bytes",
    "predicted_tps",
)  # fmt: skip


def _measured_json(measured: Measurement | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    names = (
        "weights",
        "device",
        "load_s",
        "peak_bytes",
        "prefill_tps",
        "decode_tps",
        "predicted_bytes",
        "predicted_tps",
    )
    return {name: getattr(measured, name) for name in names}


def _server_json(server: RemoteServer) -> dict[str, Any]:
    return {"id": server.ref, **asdict(server)}


def _write(text: str) -> None:
    """Print a piece of a result at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


COMMANDS: Mapping[str, Command] = {
    "chat": chat,
    "bench": bench,
    "models": models,
    "serve": serve,
    "remotes": remotes,
}
