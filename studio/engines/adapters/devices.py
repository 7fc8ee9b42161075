"""Where a model runs: graphics card (CUDA), Apple's chip (MPS) or processor, and why.

The choice is explained to the user. A card that fails is left once for the processor (`steady`).
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Protocol

import torch

from studio.engines.base import Device
from studio.phrases import Phrase, phrase

MOVED = phrase("The graphics card had a problem, so the model goes on with the processor. That is slower.")

# What a card needs beside the weights: the cache of a conversation and room to work.
_ROOM_FACTOR, _ROOM_BYTES = 1.2, 600_000_000
_GIB = 1024**3
# How torch words a fault of the card; it has one class for being full, and RuntimeError for the rest.
_FAULT_WORDS = re.compile(r"\b(cuda|cudnn|cublas|hip|mps|metal|out of memory|device-side)\b", re.IGNORECASE)


FAULTS = (RuntimeError, AssertionError, NotImplementedError)
"""The classes of errors that a card's fault comes in; `is_device_fault` tells it from others of them."""


@dataclass(frozen=True)
class Card:
    """Describe one device that is there: its kind, its name, and how much memory is free (0: shared or unknown)."""

    kind: str
    name: str
    free_bytes: int = 0
    bfloat16: bool = False


class Probe(Protocol):
    """Find the device of a kind."""

    def __call__(self, kind: str, /) -> Card | None:
        """Return the card of this kind ("cuda" or "mps"), or None."""
        ...


@dataclass(frozen=True)
class Place:
    """Say where a model runs, in which numbers, and why."""

    device: str
    dtype: torch.dtype
    reason: Phrase


def find_card(kind: str, /) -> Card | None:
    """Return the machine's card of a kind, or None; a driver that fails counts as no card."""
    try:
        if kind == "cuda" and torch.cuda.is_available():
            free, _ = torch.cuda.mem_get_info()
            return Card("cuda", torch.cuda.get_device_name(), free, torch.cuda.is_bf16_supported())
        if kind == "mps" and torch.backends.mps.is_available():
            free = int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
            return Card("mps", "Apple", free)
    except (RuntimeError, AssertionError, OSError):
        return None
    return None


def choose(wanted: Device, weight_bytes: int, probe: Probe = find_card) -> Place:
    """Return the place for a model whose weights take so many bytes on a card."""
    if wanted == "cpu":
        return on_processor(phrase("It runs on the processor, as you chose."))
    kinds = ("cuda", "mps") if wanted == "auto" else (wanted,)
    cards = [card for card in map(probe, kinds) if card is not None]
    if not cards:
        return on_processor(
            phrase("It runs on the processor: no graphics card that fits was found on this computer.")
        )
    card = cards[0]
    needed = int(weight_bytes * _ROOM_FACTOR) + _ROOM_BYTES
    if card.free_bytes and card.free_bytes < needed:
        reason = phrase(
            "It runs on the processor: the graphics card has {free} GB free, and this model needs {needed} GB.",
            free=round(card.free_bytes / _GIB, 1),
            needed=round(needed / _GIB, 1),
        )
        return on_processor(reason)
    dtype = torch.bfloat16 if card.bfloat16 else torch.float16
    return Place(card.kind, dtype, phrase("It runs on the graphics card ({name}).", name=card.name))


def on_processor(reason: Phrase) -> Place:
    """Return the processor as a place, with numbers that are exact."""
    return Place("cpu", torch.float32, reason)


def left_card() -> Place:
    """Return the processor as a place after a card failed at load."""
    return on_processor(phrase("It runs on the processor: the graphics card could not take it."))


def is_device_fault(error: BaseException) -> bool:
    """Tell whether an error came from a card, so that the processor may do better."""
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, FAULTS) and _FAULT_WORDS.search(str(error)) is not None


def free_card_memory(device: str) -> None:
    """Give memory of a card that nobody uses any more back to it."""
    if device == "cuda" and torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif device == "mps" and torch.backends.mps.is_available():
        torch.mps.empty_cache()


def faster_dtype(width: int) -> torch.dtype:
    """Return float32 or bfloat16, whichever multiplies faster on this processor (measured, some milliseconds).

    A prompt counts as much as an answer: one row and 128 rows against a square matrix of `width`.
    """
    width = max(64, min(width, 1024))
    spent = {dtype: _time_products(width, dtype) for dtype in (torch.float32, torch.bfloat16)}
    return min(spent, key=spent.__getitem__)


def _time_products(width: int, dtype: torch.dtype) -> float:
    """Return seconds for a row and for 128 rows, as their geometric mean; the best of five."""
    weights = torch.ones(width, width, dtype=dtype)
    seconds = []
    for rows in (1, 128):
        states = torch.ones(rows, width, dtype=dtype)
        best = float("inf")
        for _ in range(5):
            begun = time.perf_counter()
            torch.mm(states, weights)
            best = min(best, time.perf_counter() - begun)
        seconds.append(best)
    return float((seconds[0] * seconds[1]) ** 0.5)
