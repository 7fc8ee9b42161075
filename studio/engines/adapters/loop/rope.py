"""Rotary positions: how far each pair of a head's numbers turns at each position."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

KINDS = ("default", "linear", "llama3")


@dataclass(frozen=True)
class Rope:
    """Hold the settings of the turns; the last four count for "llama3" only, `factor` for "linear" too."""

    kind: str
    theta: float
    factor: float = 1.0
    low_frequency: float = 1.0
    high_frequency: float = 4.0
    original_positions: int = 0


def read_rope(config: Mapping[str, Any]) -> Rope | str:
    """Return the settings in a config.json, old form (rope_theta, rope_scaling) or new (rope_parameters).

    A text instead says why this kind of turning is not known here.
    """
    settings = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if not isinstance(settings, Mapping) or any(isinstance(value, Mapping) for value in settings.values()):
        return "rotary positions that differ from layer to layer"
    kind = settings.get("rope_type", settings.get("type", "default"))
    if kind not in KINDS:
        return f"rotary positions of the kind {kind!r}"
    if settings.get("partial_rotary_factor", config.get("partial_rotary_factor") or 1.0) != 1.0:
        return "rotary positions on a part of each head"
    try:
        rope = Rope(
            kind,
            float(settings.get("rope_theta", config.get("rope_theta") or 10_000.0)),
            float(settings["factor"]) if kind != "default" else 1.0,
            float(settings["low_freq_factor"]) if kind == "llama3" else 1.0,
            float(settings["high_freq_factor"]) if kind == "llama3" else 4.0,
            int(settings["original_max_position_embeddings"]) if kind == "llama3" else 0,
        )
    except (KeyError, TypeError, ValueError):
        return f"rotary positions of the kind {kind!r} with settings missing"
    numbers = (rope.theta, rope.factor, rope.low_frequency, rope.high_frequency - rope.low_frequency)
    if not all(math.isfinite(number) and number > 0 for number in numbers):
        return f"rotary positions of the kind {kind!r} with impossible settings"
    return rope


def frequencies(rope: Rope, width: int) -> torch.Tensor:
    """Return float32 [width / 2], radians per position.

    "llama3" leaves fast turns alone, slows slow ones by `factor` and blends in between (Llama 3.1 model
    card and its `rope_type` in transformers).
    """
    turns = 1.0 / rope.theta ** (torch.arange(0, width, 2, dtype=torch.int64).float() / width)
    if rope.kind == "linear":
        return turns / rope.factor
    if rope.kind == "llama3":
        lengths = 2 * math.pi / turns
        span = rope.high_frequency - rope.low_frequency
        blend = ((rope.original_positions / lengths - rope.low_frequency) / span).clamp(0, 1)
        return (1 - blend) * turns / rope.factor + blend * turns
    return turns


def turns(rope: Rope, width: int, positions: int) -> torch.Tensor:
    """Return complex64 [positions, 1, width / 2]: multiply a head's pairs, as complex numbers, by these."""
    angles = torch.arange(positions, dtype=torch.float32)[:, None] * frequencies(rope, width)
    return torch.polar(torch.ones_like(angles), angles)[:, None]


def paired_rows(heads: int, width: int) -> torch.Tensor:
    """Return int64 [heads * width], the order of rows that puts both numbers of a pair side by side.

    The files keep number i and number i + width / 2 as a pair. Queries and keys are reordered alike,
    so what they multiply to stays the same.
    """
    return torch.arange(heads * width).view(heads, 2, width // 2).transpose(1, 2).reshape(-1)
