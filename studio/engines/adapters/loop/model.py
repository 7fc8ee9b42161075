"""The forward pass of Llama-type models, written for one user on a CPU.

A pass is a row of tokens through all layers. Keys and values of earlier tokens lie in a cache that is
addressed by position, so going back costs nothing.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention, silu

from studio.engines.adapters.loop.assembly import Assembly, Layer, Parts, Precision, settle_tie
from studio.engines.adapters.loop.clock import least_s
from studio.engines.adapters.loop.costs import Costs
from studio.engines.adapters.loop.forward import CHUNK_S
from studio.engines.adapters.loop.kernels import Scratch, halves_are_faster
from studio.engines.adapters.loop.pace import Pace
from studio.engines.adapters.loop.rope import paired_rows, turns
from studio.engines.adapters.loop.shape import Shape, read_shape
from studio.engines.adapters.loop.weights import WeightFiles
from studio.engines.threads import default_threads
from studio.errors import InputError
from studio.jobs import CancelToken
from studio.phrases import phrase

SMALLEST_CHUNK, LARGEST_CHUNK = 32, 512
_FEW_ROWS = 8
"""Up to so many rows three plain products beat torch's attention."""

_HEAD_ROWS = 16
"""Rows that go through the head at a time: what lies between them and the logits is several times as large."""

_MANY_ROWS = 32
"""From so many rows on attention is worked out in bfloat16, where that is faster and the weights are no finer."""

_COST_LAYERS = 4
"""Layers that are timed at once; all are alike, so the rest is multiplied."""

_COST_START = 256
"""Positions in the cache while passes are timed."""

_ALL = slice(None)


class LoopModel:
    """Be the Forward of Llama, Qwen2, Qwen3 and Mistral models in safetensors files."""

    rewinds = True

    def __init__(self, shape: Shape, parts: Parts, scratch: Scratch, context: int, pace: Pace) -> None:
        self._shape, self._parts, self._scratch = shape, parts, scratch
        self._context, self._pace = context, pace
        self._turns = turns(shape.rope, shape.width, context)
        # attention divides by the root of the width: done once, to the turns of the queries
        heads = torch.full((shape.heads + shape.key_heads, 1), 1.0)
        heads[: shape.heads] = 1 / math.sqrt(shape.width)
        self._factors = heads.to(torch.complex64)
        size = (shape.layers, shape.key_heads, context, shape.width)
        self._keys, self._values = torch.empty(size), torch.empty(size)
        self._epsilon = torch.tensor(shape.epsilon)
        self._costs = Costs()
        self._rate = 0.0
        self._pads = False
        self._halves_attention = False

    # -------------------------------------------------------- load

    @staticmethod
    def supports(config: Mapping[str, Any]) -> str | None:
        """Return None for a model that runs here, else what is in the way (for the log)."""
        shape = read_shape(config)
        return shape if isinstance(shape, str) else None

    @classmethod
    @torch.inference_mode()
    def load(
        cls,
        folder: Path,
        config: Mapping[str, Any],
        *,
        weights: Precision,
        context: int,
        threads: int,
        status_progress: Callable[[int, int], None],
        token: CancelToken,
        copied: bool = False,
    ) -> LoopModel:
        """Read the files layer by layer and find the quickest ways of multiplying on this machine.

        `context` 0 takes what the model was made for; `threads` 0 chooses; `copied` spends memory on a copy of
        4-bit weights in 8 bits, which reads prompts and checks drafts several times faster. Raises InputError
        for files that do not fit the config, CancelledError when stopped.
        """
        shape = read_shape(config)
        if isinstance(shape, str):
            raise InputError(
                phrase("This model is built in a way that cannot run here."),
                kept=phrase("Nothing was changed."),
                next=phrase("Choose another model."),
                detail=shape,
            )
        files = WeightFiles(folder)
        files.check(shape.tensors())
        shape = settle_tie(files, shape)
        files.check(shape.tensors())
        scratch = Scratch()
        threads = threads or default_threads()
        parts = Assembly(files, shape, weights, scratch, copied=copied).assemble(
            status_progress, token, threads
        )
        model = cls(shape, parts, scratch, min(context or shape.positions, shape.positions), Pace(threads))
        model._halves_attention = weights != "float32" and halves_are_faster()
        model._measure(token)
        return model

    # -------------------------------------------------------- facts

    @property
    def vocabulary(self) -> int:
        """Return the width of a row of logits."""
        return self._shape.vocabulary

    @property
    def context(self) -> int:
        """Return how many positions the cache has."""
        return self._context

    @property
    def parameters(self) -> int:
        """Return how many numbers the model has."""
        return self._shape.parameters

    @property
    def weight_bytes(self) -> int:
        """Return the bytes of all matrices and of the buffer that unpacks them, without `copy_bytes`."""
        return self._parts.size_bytes + self._scratch.size_bytes

    @property
    def copy_bytes(self) -> int:
        """Return the bytes of the copy for many rows."""
        return self._parts.copy_bytes

    @property
    def cache_bytes(self) -> int:
        """Return the bytes of the cache when every position is used; untouched pages cost nothing before."""
        return self._keys.nbytes + self._values.nbytes

    @property
    def row_costs(self) -> Mapping[int, float]:
        """Return measured seconds of one pass by its number of rows."""
        return self._costs.by_rows

    # -------------------------------------------------------- passes

    @torch.inference_mode()
    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return float32 logits [len(tokens), vocabulary], one row after each token."""
        self._fits(start, len(tokens))
        begun = time.perf_counter()
        if len(tokens) == 1 and self._pays_to_pad(start):
            logits = self._logits(self._layers([tokens[0], tokens[0]], start)[:1])
        else:
            logits = self._logits(self._layers(tokens, start))
        seconds = time.perf_counter() - begun
        self._pace.took(len(tokens), seconds)
        self._costs.took(len(tokens), seconds)
        return logits

    @torch.inference_mode()
    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Read a long prompt in pieces of at most CHUNK_S; return float32 logits [vocabulary] after its last token.

        A piece is as long as the measured speed allows, at least SMALLEST_CHUNK tokens.
        """
        self._fits(start, len(tokens))
        done = 0
        while True:
            begun = time.perf_counter()
            piece = tokens[done : done + self._chunk()]
            x = self._layers(piece, start + done, last=done + len(piece) == len(tokens))
            self._learn(len(piece), time.perf_counter() - begun)
            done += len(piece)
            if done >= len(tokens):
                return self._logits(x[-1:])[0]
            between(done)

    def _fits(self, start: int, count: int) -> None:
        if not 0 < count <= self._context - start or start < 0:
            raise ValueError(f"{count} tokens at {start} of {self._context}")

    def _pays_to_pad(self, start: int) -> bool:
        """Tell whether two rows cost clearly less than one (some kernels treat a single row badly)."""
        return self._pads and start + 2 <= self._context

    def _chunk(self) -> int:
        fitting = int(CHUNK_S * 0.8 * self._rate) // 16 * 16
        return max(SMALLEST_CHUNK, min(LARGEST_CHUNK, fitting))

    def _learn(self, count: int, seconds: float) -> None:
        self._pace.took(count, seconds)
        if count >= SMALLEST_CHUNK:
            rate = count / max(seconds, 1e-6)
            # believe bad news at once: Stop waits for the piece; a longer piece is earned
            self._rate = min(rate, 2 * self._rate) if self._rate else rate

    def _logits(self, x: torch.Tensor) -> torch.Tensor:
        normed = self._norm(x, self._parts.norm)
        if len(x) <= _HEAD_ROWS:
            return self._parts.head.times(normed)
        logits = torch.empty(len(x), self._shape.vocabulary)
        for begin in range(0, len(x), _HEAD_ROWS):
            part = slice(begin, begin + _HEAD_ROWS)
            logits[part] = self._parts.head.times(normed[part])
        return logits

    def _norm(self, x: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Return x over its root mean square, times the weights (torch's own call takes twice as long here)."""
        scale = x.square().mean(-1, keepdim=True).add_(self._epsilon).rsqrt_()
        return (x * scale).mul_(weights)

    def _layers(
        self, tokens: Sequence[int], start: int, *, last: bool = True, part: slice = _ALL
    ) -> torch.Tensor:
        """Return float32 [tokens, hidden] after all layers, or a `part` of them.

        When the piece is not the `last` one, nobody needs the outcome: the final layer stops at its cache.
        """
        end = start + len(tokens)
        x = self._parts.table.look_up(torch.tensor(tokens))
        turned = self._turns[start:end] * self._factors
        mask = None
        if len(tokens) > 1:
            mask = torch.full((len(tokens), end), -math.inf).triu_(start + 1)
            if self._halves_attention and len(tokens) >= _MANY_ROWS:
                mask = mask.bfloat16()
        keys, values = self._keys[part, :, :end].unbind(0), self._values[part, :, :end].unbind(0)
        layers = self._parts.layers[part]
        for number, layer in enumerate(layers):
            self._attend(
                layer, x, turned, keys[number], values[number], mask, last or number + 1 < len(layers)
            )
            if last or number + 1 < len(layers):
                self._think(layer, x)
        return x

    def _attend(
        self,
        layer: Layer,
        x: torch.Tensor,
        turned: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
        mask: torch.Tensor | None,
        further: bool,
    ) -> None:
        """Add to x what the layer finds in the cache, after x's own keys and values went into it.

        keys, values [key heads, end, width] are views of the cache; `turned` complex [tokens, heads, width / 2].
        """
        shape, count = self._shape, len(x)
        heads, key_heads, width = shape.heads, shape.key_heads, shape.width
        mixed = layer.mix.times(self._norm(x, layer.before_attention))
        if layer.mix_bias is not None:
            mixed.add_(layer.mix_bias)
        turning = mixed[:, : (heads + key_heads) * width].view(count, heads + key_heads, width)
        if layer.head_norm is not None:
            turning = self._norm(turning, layer.head_norm)
        pairs = torch.view_as_complex(turning.view(count, heads + key_heads, width // 2, 2))
        turning = torch.view_as_real(pairs * turned).flatten(2)
        keys[:, -count:].copy_(turning[:, heads:].transpose(0, 1))
        own = mixed[:, (heads + key_heads) * width :].view(count, key_heads, width)
        values[:, -count:].copy_(own.transpose(0, 1))
        if not further:
            return
        found = _attention(turning[:, :heads], keys, values, mask)
        x.add_(layer.out.times(found))
        if layer.out_bias is not None:
            x.add_(layer.out_bias)

    def _think(self, layer: Layer, x: torch.Tensor) -> None:
        shape = self._shape
        mixed = layer.gate_up.times(self._norm(x, layer.before_mlp))
        if layer.gate_up_bias is not None:
            mixed.add_(layer.gate_up_bias)
        gate, up = mixed[:, : shape.inner], mixed[:, shape.inner :]
        x.add_(layer.down.times(silu(gate).mul_(up)))
        if layer.down_bias is not None:
            x.add_(layer.down_bias)

    # -------------------------------------------------------- measures

    @torch.inference_mode()
    def _measure(self, token: CancelToken) -> None:
        """Time passes over the first layers and the head."""
        start = min(_COST_START, self._context // 2)
        self._keys[:, :, :start].zero_()
        self._values[:, :, :start].zero_()
        timed = min(_COST_LAYERS, self._shape.layers)
        # other layers each time, as in a real pass: the same ones would stay in the processor's cache
        begins = range(0, self._shape.layers - timed + 1, timed)
        parts = itertools.cycle([slice(begin, begin + timed) for begin in begins])

        def layers_s(count: int) -> float:
            begun = time.perf_counter()
            self._layers([0] * count, start, part=next(parts))
            return (time.perf_counter() - begun) * self._shape.layers / timed

        def pass_s(count: int) -> float:
            layers, x = layers_s(count), torch.zeros(count, self._shape.hidden)
            begun = time.perf_counter()
            self._logits(x)
            return layers + time.perf_counter() - begun

        if start < self._context:
            self._choose_threads(lambda: layers_s(1))
        self._costs.measure(pass_s, self._context - start, token)
        costs = self._costs.by_rows
        if costs:
            self._rate = max(costs) / costs[max(costs)]
        self._pads = costs.get(2, math.inf) < 0.9 * costs.get(1, 0.0)

    def _choose_threads(self, work: Callable[[], object]) -> None:
        """Begin with one thread when all together are slower: somebody else is busy on the cores."""
        together = self._pace.threads
        if together == 1:
            return

        def with_threads(count: int) -> Callable[[], object]:
            def piece() -> None:
                torch.set_num_threads(count)
                work()

            return piece

        together_s, alone_s = least_s([with_threads(together), with_threads(1)], tries=5)
        torch.set_num_threads(together)
        if together_s > 1.2 * alone_s:
            self._pace.one_thread()

    # -------------------------------------------------------- weights

    @torch.inference_mode()
    def dequantised(self) -> dict[str, torch.Tensor]:
        """Return the weights as they count, float32, under the names and in the order of the files."""
        shape, found = self._shape, dict[str, torch.Tensor]()
        found["model.embed_tokens.weight"] = self._parts.table.dequantised()
        found["model.norm.weight"] = self._parts.norm
        if not shape.tied:
            found["lm_head.weight"] = self._parts.head.dequantised()
        for number, layer in enumerate(self._parts.layers):
            found |= {f"model.layers.{number}.{name}": values for name, values in self._plain(layer).items()}
        return found

    def _plain(self, layer: Layer) -> dict[str, torch.Tensor]:
        shape = self._shape
        query, key = shape.heads * shape.width, shape.key_heads * shape.width
        found = {
            "input_layernorm.weight": layer.before_attention,
            "post_attention_layernorm.weight": layer.before_mlp,
        }
        backs = [paired_rows(count, shape.width).argsort() for count in (shape.heads, shape.key_heads)]
        for kind, mixed in (("weight", layer.mix.dequantised()), ("bias", layer.mix_bias)):
            if mixed is not None:
                q, k, v = mixed[:query], mixed[query : query + key], mixed[query + key :]
                parts = {"q": q[backs[0]], "k": k[backs[1]], "v": v}
                found |= {f"self_attn.{part}_proj.{kind}": values for part, values in parts.items()}
        for kind, both in (("weight", layer.gate_up.dequantised()), ("bias", layer.gate_up_bias)):
            if both is not None:
                found[f"mlp.gate_proj.{kind}"], found[f"mlp.up_proj.{kind}"] = (
                    both[: shape.inner],
                    both[shape.inner :],
                )
        singles = {
            "self_attn.o_proj.weight": layer.out.dequantised(),
            "self_attn.o_proj.bias": layer.out_bias,
            "mlp.down_proj.weight": layer.down.dequantised(),
            "mlp.down_proj.bias": layer.down_bias,
        }
        found |= {name: values for name, values in singles.items() if values is not None}
        if layer.head_norm is not None:
            back = paired_rows(1, shape.width).argsort()
            found["self_attn.q_norm.weight"] = layer.head_norm[0][back]
            found["self_attn.k_norm.weight"] = layer.head_norm[-1][back]
        return found


def _attention(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, mask: torch.Tensor | None
) -> torch.Tensor:
    """Return float32 [tokens, heads * width]; several heads share one head of keys and values."""
    count, _, width = queries.shape
    if mask is None:
        shared = queries.view(len(keys), -1, width)
        odds = torch.bmm(shared, keys.transpose(1, 2)).softmax(-1)
        return torch.bmm(odds, values).view(1, -1)
    shared = queries.reshape(count, len(keys), -1, width).permute(1, 2, 0, 3)
    if count <= _FEW_ROWS:
        tall = shared.reshape(len(keys), -1, width)
        odds = torch.baddbmm(mask.repeat(shared.shape[1], 1), tall, keys.transpose(1, 2)).softmax(-1)
        found = torch.bmm(odds, values).view(shared.shape)
        return found.permute(2, 0, 1, 3).reshape(count, -1)
    sizes = (-1, shared.shape[1], -1, -1)
    shared, keys, values = shared.to(mask.dtype), keys.to(mask.dtype), values.to(mask.dtype)
    found = scaled_dot_product_attention(
        shared, keys[:, None].expand(sizes), values[:, None].expand(sizes), attn_mask=mask, scale=1.0
    )
    return found.permute(2, 0, 1, 3).reshape(count, -1).float()
