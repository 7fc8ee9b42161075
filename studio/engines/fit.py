"""What a model will need and how fast it will write, before it is loaded, and before it is downloaded.

A token costs one reading of all weights: its time is the bytes over the memory's bandwidth, and a
little for each layer. How much of the bandwidth an engine reaches was measured once (see `_SPEEDS`);
what a machine has measured itself replaces that, first for the same model, then for its engine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studio.engines.base import Format, LoadOptions, Weights
from studio.engines.footprint import in_words
from studio.engines.installed import InstalledModel, Shape
from studio.engines.machine import Machine
from studio.engines.records import View
from studio.phrases import Phrase, phrase

DEFAULT_CONTEXT = 4096
LEAST_CONTEXT = 512
FREE_SHARE = 0.6
"""Of the memory that is free now, a model may take so much; the rest is for everything else that runs."""

COPY_SHARE = 0.3
"""Of the memory that is free now, a model with its copy for reading may take so much; else it does without."""

_MB = 1_000_000
_SMALL_PARAMETERS = 600_000_000
"""Up to here, int8 weights are quick enough and keep more of what the model knows than int4 ones."""

CLASSES: tuple[Weights, ...] = ("float32", "bfloat16", "int8", "int4")
"""Kinds of weights, each smaller than the one before."""

_STOCK: tuple[Weights, ...] = ("float32", "bfloat16")

# Bytes for each parameter. int4 carries two 16-bit numbers for each group of 32.
_MATRIX_BYTES: dict[Weights, float] = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.0, "int4": 0.625}
_USUAL_VOCABULARY = 49_152


@dataclass(frozen=True)
class Proposal:
    """Propose what would fit instead: another kind of weights, a shorter context, or another model (`ref`)."""

    words: Phrase
    weights: Weights = "auto"
    context: int = 0
    ref: str = ""


@dataclass(frozen=True)
class Fit:
    """Hold a prediction: bytes, and tokens written per second; `plain_tps` is without what was learnt here.

    `available_bytes` is what a model may take now, `weights` the kind of weights it would be loaded
    with, `measured` whether the speed was measured rather than predicted. `load_bytes` is what the child
    will hold right after the load, above what it held while it was empty: to compare with `Loaded.peak_bytes`.
    `copy_bytes` is what it takes on top of `total_bytes` to read faster, while there is plenty of memory.
    """

    weights: Weights
    context: int
    weights_bytes: int
    cache_bytes: int
    overhead_bytes: int
    available_bytes: int
    tokens_per_second: float
    plain_tps: float
    fits: bool
    words: Phrase
    measured: bool = False
    proposal: Proposal | None = None
    load_bytes: int = 0
    copy_bytes: int = 0

    @property
    def total_bytes(self) -> int:
        """Return all the memory that the model will take."""
        return self.weights_bytes + self.cache_bytes + self.overhead_bytes


@dataclass(frozen=True)
class _Engine:
    """Say what an engine takes beside the weights and the cache, in bytes.

    `idle` is the child process before anything is loaded; room to work is `room` and `token_room` for
    each token of the vocabulary. `cache_width` is the width of a number in the cache.
    """

    idle: int
    room: int
    token_room: int
    cache_width: int


# Measured on Linux with torch 2.13, transformers 5.23 and xllamacpp 2026.10: private bytes of children with
# the tiny test model and the shapes of SmolLM2-135M and 360M.
_ENGINES: dict[str, _Engine] = {
    "own loop": _Engine(264 * _MB, 2 * _MB, 1000, 4),
    "transformers": _Engine(264 * _MB, 2 * _MB, 1500, 4),
    "llama.cpp": _Engine(24 * _MB, 4 * _MB, 500, 2),
}


@dataclass(frozen=True)
class _Speed:
    """Say which share of the bandwidth an engine reaches, and the seconds that each layer adds to a token."""

    share: float
    layer_s: float


# Measured with the shapes of SmolLM2-135M and 360M on 2 Zen 5 cores with 39 GB/s; two sizes give both numbers.
# A machine whose cores are slow for its memory stays below this until it has measured itself.
_SPEEDS: dict[tuple[str, Weights], _Speed] = {
    ("own loop", "float32"): _Speed(0.60, 0.000135),
    ("own loop", "bfloat16"): _Speed(0.60, 0.000135),
    ("own loop", "int8"): _Speed(0.69, 0.000135),
    ("own loop", "int4"): _Speed(0.62, 0.000135),
    ("transformers", "float32"): _Speed(0.51, 0.00032),
    ("transformers", "bfloat16"): _Speed(0.51, 0.00032),
    ("llama.cpp", "file"): _Speed(0.875, 0.000112),
}
_WARMED_TOKENS = 320
"""Our own loop touches so many places of its cache while it finds out what a pass costs."""

_REPACKED = frozenset({"Q4_0"})
"""Kinds of GGUF weights that llama.cpp copies into an order of its own."""


def predict(
    model: InstalledModel,
    machine: Machine,
    options: LoadOptions | None = None,
    view: View | None = None,
    smaller: Sequence[InstalledModel] = (),
) -> Fit:
    """Return what loading `model` with `options` would need on `machine`, and how fast it would write.

    `view` holds what was measured on this machine. Where it does not fit, the proposal is the nearest
    thing that does: smaller weights, a shorter context, or one of the models in `smaller`.
    """
    options, view = options or LoadOptions(), view or View()
    if model.format in ("remote", "fake"):
        return _elsewhere(machine, options)
    fit = _predict(model, machine, options, view)
    if fit.fits:
        return fit
    proposal = _nearest(model, machine, options, view, smaller)
    return replace(fit, proposal=proposal, words=_too_big(model, fit))


def predict_from_size(
    size_bytes: int,
    format: Format,
    machine: Machine,
    options: LoadOptions | None = None,
    view: View | None = None,
    *,
    name: str = "",
    parameters: int = 0,
) -> Fit:
    """Return the prediction for a model that is not here yet, from the size of its files alone.

    `parameters` is what the Hub says, where it says so; else 16-bit numbers are assumed.
    """
    shape = shape_from_size(parameters or size_bytes // 2)
    model = InstalledModel(
        ref=name,
        name=name,
        format=format,
        size_bytes=size_bytes,
        own_loop=format == "safetensors",
        shape=shape,
    )
    return predict(model, machine, options, view)


def shape_from_size(parameters: int) -> Shape:
    """Return the usual shape of a chat model with so many parameters.

    From the published configurations of SmolLM2-135M, 360M and 1.7B, Qwen2.5-0.5B to 7B, Llama-3.2-1B
    and 3B and Mistral-7B: 16 to 32 layers, and a cache that grows with the 0.4th power of the size.
    """
    return Shape(
        parameters=parameters,
        matrices=parameters,
        layers=28,
        cache_values=round(20_480 * (parameters / 360e6) ** 0.4),
    )


def engine_for(model: InstalledModel) -> str:
    """Return the name of the engine that runs a model, as in `Loaded.engine`."""
    if model.format == "gguf":
        return "llama.cpp"
    return "own loop" if model.own_loop else "transformers"


def weights_for(model: InstalledModel, options: LoadOptions) -> tuple[Weights, ...]:
    """Return the kinds of weights that a model may have on the processor, the best first.

    "auto" means for our own loop int8 for small models and int4 where that does not fit and for large
    ones; for others float32, or bfloat16 where that does not fit. The adapter decides in the same way.
    """
    if model.format == "gguf":
        return ("file",)
    if not model.own_loop:
        return (options.weights,) if options.weights in _STOCK else _STOCK
    if options.weights in CLASSES:
        return (options.weights,)
    return ("int8", "int4") if model.shape.parameters <= _SMALL_PARAMETERS else ("int4",)


def context_for(model: InstalledModel, options: LoadOptions) -> int:
    """Return how many tokens of context a model will have."""
    longest = model.shape.context or DEFAULT_CONTEXT
    return min(options.context or DEFAULT_CONTEXT, longest)


def _predict(model: InstalledModel, machine: Machine, options: LoadOptions, view: View) -> Fit:
    """Return the fit with the best weights that fit, or else with the smallest."""
    for weights in weights_for(model, options):
        fit = _predict_with(weights, model, machine, options, view)
        if fit.fits:
            break
    return fit


def _predict_with(
    weights: Weights, model: InstalledModel, machine: Machine, options: LoadOptions, view: View
) -> Fit:
    name, context = engine_for(model), context_for(model, options)
    engine, shape = _ENGINES[name], model.shape
    plain = _tokens_per_second(model, weights, machine, _SPEEDS[name, weights])
    seen = view.measured.get((model.ref, weights))
    learnt = view.learnt.get((name, weights, "cpu"), 1.0)
    vocabulary = shape.embedding // shape.hidden if shape.hidden else _USUAL_VOCABULARY
    room = engine.room + engine.token_room * vocabulary
    weights_bytes = _weights_bytes(model, weights)
    copy_bytes = shape.matrices if (name, weights) == ("own loop", "int4") else 0  # 8 bits for each
    fit = Fit(
        weights=weights,
        context=context,
        weights_bytes=weights_bytes,
        cache_bytes=shape.cache_values * context * engine.cache_width,
        overhead_bytes=engine.idle + room,
        available_bytes=int(machine.free_bytes * FREE_SHARE),
        tokens_per_second=seen.decode_tps if seen is not None and seen.decode_tps else plain * learnt,
        plain_tps=plain,
        fits=True,
        words=phrase(""),
        measured=seen is not None and bool(seen.decode_tps),
        load_bytes=room + _loaded_bytes(model, name, weights, weights_bytes, context),
    )
    if fit.total_bytes + copy_bytes <= machine.free_bytes * COPY_SHARE:
        fit = replace(fit, copy_bytes=copy_bytes, load_bytes=fit.load_bytes + copy_bytes)
    return replace(fit, fits=fit.total_bytes <= fit.available_bytes, words=_fits_words(model, fit))


def _loaded_bytes(
    model: InstalledModel, engine: str, weights: Weights, weights_bytes: int, context: int
) -> int:
    """Return what is private to the child right after the load: a file that is mapped is not."""
    shape = model.shape
    if engine == "llama.cpp":
        repacked = model.quantisation in _REPACKED and shape.parameters > 0
        copied = model.size_bytes * shape.matrices // shape.parameters if repacked else 0
        return copied + 2 * shape.cache_values * context
    if engine == "transformers":
        return 0 if weights == "bfloat16" else weights_bytes
    return weights_bytes + 4 * shape.cache_values * min(context, _WARMED_TOKENS)


def _weights_bytes(model: InstalledModel, weights: Weights) -> int:
    shape = model.shape
    if weights == "file" or not shape.parameters:
        return model.size_bytes
    packed = weights in ("int8", "int4")
    # Packed tables have 8 bits, and one that serves both ends may be there in two orders.
    tables = shape.embedding * (1 if shape.tied and not packed else 2)
    matrices = shape.matrices * _MATRIX_BYTES[weights] + shape.others * 4
    return math.ceil(matrices + tables * (1.0 if packed else _MATRIX_BYTES[weights]))


def _read_bytes(model: InstalledModel, weights: Weights) -> int:
    """Return the bytes that one token reads: all weights, but of the first table one row only."""
    shape = model.shape
    if weights == "file" or not shape.parameters:
        unread = 0 if shape.tied or not shape.parameters else shape.embedding / shape.parameters
        return math.ceil(model.size_bytes * (1 - unread))
    head = shape.embedding * (1.0 if weights in ("int8", "int4") else _MATRIX_BYTES[weights])
    return math.ceil(shape.matrices * _MATRIX_BYTES[weights] + head)


def _tokens_per_second(model: InstalledModel, weights: Weights, machine: Machine, speed: _Speed) -> float:
    """Return the predicted speed; 0 when the machine's bandwidth is not known."""
    if machine.bandwidth_bytes_s <= 0:
        return 0.0
    reading_s = _read_bytes(model, weights) / (machine.bandwidth_bytes_s * speed.share)
    return 1.0 / (reading_s + model.shape.layers * speed.layer_s)


# ------------------------------------------------------------ what would fit instead


def _nearest(
    model: InstalledModel,
    machine: Machine,
    options: LoadOptions,
    view: View,
    smaller: Sequence[InstalledModel],
) -> Proposal | None:
    for changed in _smaller_options(model, options):
        fit = _predict(model, machine, changed, view)
        if fit.fits:
            return _proposal_of(fit)
    fitting = [
        (other, fit)
        for other in smaller
        if other.ref != model.ref and other.reason is None and set(model.tasks) <= set(other.tasks)
        if (fit := _predict(other, machine, LoadOptions(), view)).fits
    ]
    if not fitting:
        return None
    other, _ = max(fitting, key=lambda pair: (pair[1].weights_bytes, pair[0].ref))
    return Proposal(phrase("{name} is smaller and would fit.", name=other.name), ref=other.ref)


def _smaller_options(model: InstalledModel, options: LoadOptions) -> Iterator[LoadOptions]:
    """Return options that need less, those that lose least first: weights, then context, then both."""
    kinds: tuple[Weights, ...] = CLASSES if model.own_loop else _STOCK
    now = weights_for(model, options)[-1]
    smaller = kinds[kinds.index(now) + 1 :] if now in kinds else ()
    context = context_for(model, options)
    shorter = []
    while (context := context // 2) >= LEAST_CONTEXT:
        shorter.append(context)
    for weights in smaller:
        yield replace(options, weights=weights)
    for length in shorter:
        yield replace(options, weights=smaller[-1] if smaller else options.weights, context=length)


def _proposal_of(fit: Fit) -> Proposal:
    words = phrase(
        "With smaller numbers ({weights}) and a memory of {context} tokens it needs {needed} and would fit.",
        weights=fit.weights,
        context=fit.context,
        needed=in_words(fit.total_bytes),
    )
    return Proposal(words, weights=fit.weights, context=fit.context)


def _fits_words(model: InstalledModel, fit: Fit) -> Phrase:
    return phrase(
        "{name} needs about {needed} of memory and writes about {speed} tokens a second here.",
        name=model.name,
        needed=in_words(fit.total_bytes),
        speed=f"{fit.tokens_per_second:.0f}"
        if fit.tokens_per_second >= 10
        else f"{fit.tokens_per_second:.1f}",
    )


def _too_big(model: InstalledModel, fit: Fit) -> Phrase:
    return phrase(
        "{name} needs about {needed} of memory, and only {free} may be used now.",
        name=model.name,
        needed=in_words(fit.total_bytes),
        free=in_words(fit.available_bytes),
    )


def _elsewhere(machine: Machine, options: LoadOptions) -> Fit:
    """Return the fit of a model that takes nothing here: it runs on another computer, or is a script."""
    return Fit(
        weights="auto", context=options.context, weights_bytes=0, cache_bytes=0, overhead_bytes=0,
        available_bytes=int(machine.free_bytes * FREE_SHARE), tokens_per_second=0.0, plain_tps=0.0, fits=True,
        words=phrase("It takes no memory of this computer."),
    )  # fmt: skip


__all__ = [
    "CLASSES", "COPY_SHARE", "DEFAULT_CONTEXT", "FREE_SHARE", "Fit", "Proposal", "context_for", "engine_for", "predict",
    "predict_from_size", "shape_from_size", "weights_for",
]  # fmt: skip
