"""A model in memory, built from its files layer by layer: never a second whole copy of the weights."""

from __future__ import annotations

import ctypes
import dataclasses
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch

from studio.engines.adapters.loop.calibration import choose_ways
from studio.engines.adapters.loop.kernels import (
    Floats,
    Int4Copied,
    Int4Groups,
    Int8Rows,
    Matrix,
    Scratch,
    fits_int4,
)
from studio.engines.adapters.loop.quantise import Codes8, to_4_bits, to_8_bits
from studio.engines.adapters.loop.rope import paired_rows
from studio.engines.adapters.loop.shape import Shape
from studio.engines.adapters.loop.weights import WeightFiles
from studio.jobs import CancelToken

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None

Precision = Literal["float32", "bfloat16", "int8", "int4"]
Pack = Callable[[torch.Tensor], Matrix]


@dataclass(slots=True)
class Layer:
    """Hold one layer: q, k and v are one matrix, gate and up another; a bias is None where there is none.

    Rows of q and k are in the order of `rope.paired_rows`; `head_norm` is [heads + key heads, width].
    """

    before_attention: torch.Tensor
    mix: Matrix
    mix_bias: torch.Tensor | None
    head_norm: torch.Tensor | None
    out: Matrix
    out_bias: torch.Tensor | None
    before_mlp: torch.Tensor
    gate_up: Matrix
    gate_up_bias: torch.Tensor | None
    down: Matrix
    down_bias: torch.Tensor | None

    @property
    def matrices(self) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """Return the four matrices."""
        return self.mix, self.out, self.gate_up, self.down


@dataclass(slots=True)
class Parts:
    """Hold everything that a pass needs: the table of tokens, the layers, the last norm and the head."""

    table: Floats | Int8Rows
    layers: list[Layer]
    norm: torch.Tensor
    head: Matrix

    @property
    def size_bytes(self) -> int:
        """Return the bytes of all matrices, a shared one once, without copies for reading."""
        matrices = {id(matrix): matrix for layer in self.layers for matrix in layer.matrices}
        matrices |= {id(matrix): matrix for matrix in (self.table, self.head)}
        return sum(matrix.size_bytes for matrix in matrices.values())

    @property
    def copy_bytes(self) -> int:
        """Return the bytes of the copies that serve many rows."""
        return sum(matrix.copy_bytes for layer in self.layers for matrix in layer.matrices)


class Assembly:
    """Read one model; `assemble` once. With `copied`, 4-bit matrices get a copy in 8 bits for many rows."""

    def __init__(
        self,
        files: WeightFiles,
        shape: Shape,
        precision: Precision,
        scratch: Scratch,
        *,
        copied: bool = False,
    ) -> None:
        self._files, self._shape, self._precision, self._scratch = files, shape, precision, scratch
        self._copied = copied
        self._desk = Scratch()
        self._pairs_q = paired_rows(shape.heads, shape.width)
        self._pairs_k = paired_rows(shape.key_heads, shape.width)

    def assemble(self, progress: Callable[[int, int], None], token: CancelToken, threads: int) -> Parts:
        """Return the parts; raise InputError for files that do not fit, CancelledError when stopped.

        Packs on one thread, as it is made of many small steps: more would mostly wait for each other. The ways
        of multiplying are tried with `threads`.
        """
        torch.set_num_threads(1)
        layers: list[Layer] = []
        total = self._shape.layers + 2
        for number in range(self._shape.layers):
            progress(number, total)
            token.check()
            layers.append(self._layer(f"model.layers.{number}."))
            give_back_memory()
        progress(total - 2, total)
        table, head = self._ends(token)
        self._desk = Scratch()
        parts = Parts(table, layers, self._files.read_floats("model.norm.weight"), head)
        progress(total - 1, total)
        torch.set_num_threads(threads)
        for matrices in [*zip(*(layer.matrices for layer in layers), strict=True), (head,)]:
            token.check()
            choose_ways(matrices)
        give_back_memory()
        progress(total, total)
        return parts

    def _layer(self, stem: str) -> Layer:
        attention, mlp = stem + "self_attn.", stem + "mlp."
        return Layer(
            before_attention=self._files.read_floats(stem + "input_layernorm.weight"),
            mix=self._mix(attention),
            mix_bias=self._bias(
                [attention + f"{part}_proj.bias" for part in "qkv"], (self._pairs_q, self._pairs_k, None)
            ),
            head_norm=self._head_norm(attention),
            out=self._pack(self._fused([attention + "o_proj.weight"])),
            out_bias=self._bias([attention + "o_proj.bias"]),
            before_mlp=self._files.read_floats(stem + "post_attention_layernorm.weight"),
            gate_up=self._pack(self._fused([mlp + "gate_proj.weight", mlp + "up_proj.weight"])),
            gate_up_bias=self._bias([mlp + "gate_proj.bias", mlp + "up_proj.bias"]),
            down=self._pack(self._fused([mlp + "down_proj.weight"])),
            down_bias=self._bias([mlp + "down_proj.bias"]),
        )

    def _mix(self, attention: str) -> Matrix:
        names = [attention + f"{part}_proj.weight" for part in "qkv"]
        return self._pack(self._fused(names, (self._pairs_q, self._pairs_k, None)))

    def _fused(self, names: Sequence[str], orders: Sequence[torch.Tensor | None] = ()) -> torch.Tensor:
        """Return the tensors one below the other, float32, on the desk: good until the next call."""
        wanted = self._shape.tensors_by_name
        rows = [wanted[name][0] for name in names]
        desk = self._desk.take(sum(rows), wanted[names[0]][1])
        begin = 0
        for place, name in enumerate(names):
            values = self._files.read_floats(name)
            order = orders[place] if orders else None
            part = desk[begin : begin + rows[place]]
            part.copy_(values if order is None else values[order])
            begin += rows[place]
        return desk

    def _bias(self, names: Sequence[str], orders: Sequence[torch.Tensor | None] = ()) -> torch.Tensor | None:
        if names[0] not in self._shape.tensors_by_name:
            return None
        parts = [self._files.read_floats(name) for name in names]
        ordered = zip(parts, orders or [None] * len(parts), strict=True)
        return torch.cat([part if order is None else part[order] for part, order in ordered])

    def _head_norm(self, attention: str) -> torch.Tensor | None:
        if not self._shape.head_norms:
            return None
        pairs = paired_rows(1, self._shape.width)
        query, key = (self._files.read_floats(attention + f"{part}_norm.weight")[pairs] for part in "qk")
        counts = (self._shape.heads, self._shape.key_heads)
        return torch.cat([norm.expand(count, -1) for norm, count in zip((query, key), counts, strict=True)])

    # -------------------------------------------------------- forms

    def _pack(self, weights: torch.Tensor) -> Matrix:
        if self._precision == "int4" and fits_int4(*weights.shape):
            form = Int4Copied if self._copied else Int4Groups
            return form(to_4_bits(weights), self._scratch)
        if self._precision in ("int8", "int4"):
            return Int8Rows(to_8_bits(weights), self._scratch)
        kept = weights.bfloat16() if self._precision == "bfloat16" else weights.clone()
        return Floats(kept, self._scratch)

    def _ends(self, token: CancelToken) -> tuple[Floats | Int8Rows, Matrix]:
        """Return the table of tokens and the head, which may be one and the same.

        Both have 8 bits in a 4-bit model: what they lose would be lost in every token.
        """
        names = ["model.embed_tokens.weight"] + ([] if self._shape.tied else ["lm_head.weight"])
        read = self._float_table if self._precision in ("float32", "bfloat16") else self._coded_table
        ends = [read(name, token) for name in names]
        return ends[0], ends[-1]

    def _float_table(self, name: str, token: CancelToken) -> Floats:
        dtype = torch.float32 if self._precision == "float32" else torch.bfloat16
        table = torch.empty(self._shape.vocabulary, self._shape.hidden, dtype=dtype)
        for rows, values in self._files.read_by_rows(name):
            token.check()
            table[rows] = values
            give_back_memory()
        return Floats(table, None)

    def _coded_table(self, name: str, token: CancelToken) -> Int8Rows:
        codes = torch.empty(self._shape.vocabulary, self._shape.hidden, dtype=torch.int8)
        scales = torch.empty(self._shape.vocabulary, dtype=torch.bfloat16)
        for rows, values in self._files.read_by_rows(name):
            token.check()
            part = to_8_bits(values)
            codes[rows], scales[rows] = part.codes, part.scales
            give_back_memory()
        return Int8Rows(Codes8(codes, scales), None)


def settle_tie(files: WeightFiles, shape: Shape) -> Shape:
    """Return the shape with `tied` as the files have it: a head of its own counts, as in transformers."""
    name = "lm_head.weight"
    if not shape.tied or name not in files or files.same("model.embed_tokens.weight", name):
        return shape
    return dataclasses.replace(shape, tied=False)


def give_back_memory() -> None:
    """Hand freed memory back to the system (glibc's malloc_trim).

    It keeps what lies between blocks in use otherwise: a load held as much again as the packed weights.
    """
    if _trim is not None:
        _trim(0)
