"""Whole numbers for weights: 8 bits with one scale a row, 4 bits with a scale and a zero for each group."""

from __future__ import annotations

from dataclasses import dataclass

import torch

GROUP = 32
"""Weights that share a scale at 4 bits: the smallest group that torch's kernel takes."""

_LEAST = 1e-20
_CACHED = 1 << 17
"""Weights that are rounded at a time: what they need in between stays in the processor's cache."""


@dataclass(frozen=True)
class Codes8:
    """Hold int8 [rows, columns] and bfloat16 [rows]: weight = code * scale."""

    codes: torch.Tensor
    scales: torch.Tensor

    def floats(self) -> torch.Tensor:
        """Return float32 [rows, columns]."""
        return self.codes.float().mul_(self.scales.float()[:, None])


@dataclass(frozen=True)
class Codes4:
    """Hold codes 0 to 15, uint8 [rows, columns], and bfloat16 [rows, groups]: weight = (code - 8) * scale + zero."""

    codes: torch.Tensor
    scales: torch.Tensor
    zeros: torch.Tensor

    def floats(self) -> torch.Tensor:
        """Return float32 [rows, columns]."""
        groups = self.codes.float().sub_(8).view(len(self.codes), -1, GROUP)
        return groups.mul_(self.scales.float()[..., None]).add_(self.zeros.float()[..., None]).flatten(1)


def to_8_bits(weights: torch.Tensor) -> Codes8:
    """Round float32 [rows, columns]; the scale is rounded first, so that both together are exact. Uses up `weights`."""
    reach = torch.maximum(weights.amax(1), -weights.amin(1))
    scales = (reach / 127).clamp_(min=_LEAST).bfloat16()
    codes = weights.div_(scales.float()[:, None]).round_().clamp_(-127, 127)
    return Codes8(codes.to(torch.int8), scales)


def to_4_bits(weights: torch.Tensor) -> Codes4:
    """Round float32 [rows, columns], columns a multiple of GROUP.

    The first codes span each group from its least to its largest weight; then scale and zero are fitted
    to these codes by least squares, and the weights rounded once more, which can only come closer.
    """
    rows, columns = weights.shape
    codes = torch.empty(rows, columns, dtype=torch.uint8)
    scales, zeros = (torch.empty(rows, columns // GROUP, dtype=torch.bfloat16) for _ in range(2))
    step = max(1, _CACHED // columns)
    for begin in range(0, rows, step):
        part = slice(begin, begin + step)
        groups = weights[part].view(-1, columns // GROUP, GROUP)
        low, high = groups.amin(2, keepdim=True), groups.amax(2, keepdim=True)
        first = ((high - low) / 15).clamp_(min=_LEAST)
        scale, zero = _fitted(groups, ((groups - low) / first).round_())
        scales[part], zeros[part] = scale.squeeze(2), zero.squeeze(2)
        rounded = (groups - zero).div_(scale).round_().clamp_(-8, 7).add_(8)
        codes[part].copy_(rounded.view(-1, columns))
    return Codes4(codes, scales, zeros)


def _fitted(groups: torch.Tensor, codes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return scales and zeros that bring codes closest to the weights, as bfloat16 holds them."""
    mean = codes.mean(2, keepdim=True)
    codes.sub_(mean)
    square = torch.linalg.vector_norm(codes, dim=2, keepdim=True).square_().clamp_(min=_LEAST)
    scales = ((codes * groups).sum(2, keepdim=True) / square).clamp_(min=_LEAST).bfloat16().float()
    zeros = groups.mean(2, keepdim=True) - (mean - 8) * scales
    return scales, zeros.bfloat16().float()
