"""How a causal language model is opened: by our own loop where it knows the kind, else by transformers."""

from __future__ import annotations

import dataclasses
import gc
from dataclasses import dataclass
from typing import Any

import psutil
import torch

from studio import logs
from studio.engines.adapters import devices
from studio.engines.adapters.base import Status
from studio.engines.adapters.context import DEFAULT_CONTEXT
from studio.engines.adapters.devices import Place, Probe
from studio.engines.adapters.found import Found
from studio.engines.adapters.loop.assembly import Precision
from studio.engines.adapters.loop.forward import Forward
from studio.engines.adapters.loop.model import LoopModel
from studio.engines.adapters.steady import SteadyForward
from studio.engines.adapters.stock import StockForward
from studio.engines.base import LoadOptions, Weights
from studio.jobs import CancelToken
from studio.phrases import Phrase, phrase

log = logs.get("engines")

NOT_PACKED = phrase("This kind of model cannot be packed smaller here, so it takes more memory.")
REREADS = phrase("This kind of model reads the whole chat again for each answer.")

_SMALL_PARAMETERS = 600_000_000
"""Up to here int8 is fast enough, and small models suffer most from int4."""
_BYTES: dict[Weights, float] = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.1, "int4": 0.65}
_MEMORY_SHARE = 0.8


@dataclass(frozen=True)
class Opened:
    """Hold an opened model: its forward, where and in which weights it runs, by what, and what to tell the user."""

    forward: Forward
    place: Place
    weights: str
    notes: tuple[Phrase, ...] = ()
    engine: str = "transformers"
    copy_bytes: int = 0


def open_causal(
    found: Found, options: LoadOptions, status: Status, token: CancelToken, probe: Probe
) -> Opened:
    """Open a causal model where and how it runs best within what the options allow."""
    place = devices.choose(options.device, 2 * found.parameters, probe)
    if place.device != "cpu":
        return _open_stock(found, options, place)
    reason = LoopModel.supports(found.values)
    if reason is None:
        return _open_loop(found, options, place, status, token)
    log.info("not for our own loop: %s", reason)
    return _open_stock(found, options, place)


def context_of(config: Any, wanted: int) -> int:
    """Return how many positions to use: as wanted, never more than the model has."""
    text = config.get_text_config(decoder=True)
    names = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length")
    limits = [value for name in names if isinstance(value := getattr(text, name, None), int) and value > 0]
    return min([wanted or DEFAULT_CONTEXT, *limits[:1]])


def choose_weights(asked: Weights, parameters: int, memory_bytes: int) -> Precision:
    """Return the weights for our own loop: as asked, else int8 for small models and int4 for large ones."""
    if asked == "file":
        return "bfloat16"
    if asked != "auto":
        return asked
    small = parameters <= _SMALL_PARAMETERS and parameters * _BYTES["int8"] < memory_bytes * _MEMORY_SHARE
    return "int8" if small else "int4"


def free_bytes(options: LoadOptions) -> int:
    """Return how much memory a model may take: the limit, or what the machine has free."""
    return options.memory_limit_bytes or int(psutil.virtual_memory().available)


# ------------------------------------------------------------ our own loop


def _open_loop(
    found: Found, options: LoadOptions, place: Place, status: Status, token: CancelToken
) -> Opened:
    weights = choose_weights(options.weights, found.parameters, free_bytes(options))
    forward = LoopModel.load(
        found.folder,
        found.values,
        weights=weights,
        context=context_of(found.config, options.context),
        threads=torch.get_num_threads(),
        status_progress=status.progress,
        token=token,
        copied=options.reading_copy,
    )
    return Opened(forward, place, weights, engine="own loop", copy_bytes=forward.copy_bytes)


# ------------------------------------------------------------ transformers' own model


def _open_stock(found: Found, options: LoadOptions, place: Place) -> Opened:
    context = context_of(found.config, options.context)

    def on_processor() -> Forward:
        gc.collect()
        devices.free_card_memory(place.device)
        return StockForward(found.read_model(_processor_dtype(found, options)), context)

    notes: tuple[Phrase, ...] = (NOT_PACKED,) if options.weights in ("int8", "int4") else ()
    forward: Forward | None = None
    if place.device != "cpu":
        forward = _on_card(found, place, context)
    if forward is not None:
        forward = SteadyForward(forward, on_processor)
    else:
        if place.device != "cpu":
            place, notes = devices.left_card(), (*notes, devices.MOVED)
        place = dataclasses.replace(place, dtype=_processor_dtype(found, options))
        forward = on_processor()
    if not forward.rewinds:
        notes = (*notes, REREADS)
    return Opened(forward, place, dtype_name(place.dtype), notes)


def _on_card(found: Found, place: Place, context: int) -> Forward | None:
    """Return the model on its card; None when the card does not take it."""
    try:
        return StockForward(found.read_model(place.dtype).to(place.device), context)
    except devices.FAULTS as error:
        if not devices.is_device_fault(error):
            raise
        return None


def _processor_dtype(found: Found, options: LoadOptions) -> torch.dtype:
    """Return float32 when it is asked for, or faster here and not too large; else bfloat16."""
    if options.weights == "float32":
        return torch.float32
    fits = found.parameters * _BYTES["float32"] < free_bytes(options) * _MEMORY_SHARE
    if options.weights == "bfloat16" or not fits:
        return torch.bfloat16
    width = getattr(found.config.get_text_config(decoder=True), "hidden_size", 0) or 512
    return devices.faster_dtype(int(width))


def dtype_name(dtype: torch.dtype) -> str:
    """Return "float32", "bfloat16" or "float16"."""
    return str(dtype).removeprefix("torch.")
