"""Any causal language model of transformers behind the one door of the decoder (`loop.forward.Forward`).

The cache is transformers' own, grown as it is filled. Where it can be cut, going back is a cut; where
it cannot (models with a running state), the tokens before are read again, which is slow but right.
What a model's cache really does is tried once at load, never taken from its name: Mamba in
transformers 5.23, for one, forgets its state when several tokens follow at once.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from studio.engines.adapters.devices import is_device_fault
from studio.engines.adapters.loop.forward import CHUNK_S

Memory = Literal["croppable", "running", "stepping", "none"]
"""What a cache can do: be cut at any row; only go on; only go on token by token; or there is none."""

_CACHE_NAMES = ("past_key_values", "cache_params")
_FIRST_PIECE, _SMALLEST_PIECE, _LARGEST_PIECE = 32, 8, 512
_TRIAL_TOKENS = 6
# Two ways to the same logits round differently, measured in spreads of a row: float32 models here came to
# 1e-6, a forgotten state to 1e-3; in bfloat16 rounding alone comes to a few hundredths.
_TOLERANCE, _COARSE_TOLERANCE = 2e-4, 0.1
# From so many new tokens on, reading all at once from the start beats going on one by one.
_MOST_STEPS = 32
_KINDS: tuple[Memory, ...] = ("croppable", "running", "stepping")
# What models raise that do not take the cache they are given.
_NO_CACHE = (TypeError, ValueError, AttributeError, IndexError, KeyError, RuntimeError)
_ROWS_TO_TIME = (1, 2, 4, 8, 16, 32, 64)
_TIMING_S = 0.4


class StockForward:
    """Run tokens through a transformers model, on whatever device it is."""

    def __init__(self, model: Any, context: int) -> None:
        self._model = model
        self._context = context
        parameters = inspect.signature(model.forward).parameters
        self._cache_name = next((name for name in _CACHE_NAMES if name in parameters), "")
        self._keeps_logits = "logits_to_keep" in parameters
        self._may_not_cache = {"use_cache": False} if "use_cache" in parameters else {}
        self._cache: Any = None
        self._tokens: list[int] = []  # in the cache
        self._known: list[int] = []  # read at some time, and what callers rely on
        self._piece = _FIRST_PIECE
        self._vocabulary = 0
        self._costs: dict[int, float] = {}
        self._memory: Memory = "none"
        self._try()

    @property
    def vocabulary(self) -> int:
        """Return the width of a row of logits."""
        return self._vocabulary

    @property
    def context(self) -> int:
        """Return how many positions there are."""
        return self._context

    @property
    def rewinds(self) -> bool:
        """Tell whether going back costs nothing."""
        return self._memory == "croppable"

    @property
    def row_costs(self) -> Mapping[int, float]:
        """Return measured seconds of one pass by its number of rows."""
        return self._costs

    @property
    def memory(self) -> Memory:
        """Return what the model's cache can do."""
        return self._memory

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return float32 logits [len(tokens), vocabulary], one row after each token."""
        self._go_to(start, lambda _: None)
        return self._pass(tokens, every=True)

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Read a long prompt in pieces of at most CHUNK_S; return float32 logits [vocabulary] after its last token."""
        self._go_to(start, between)
        return self._read(tokens, between)

    # ------------------------------------------------------------ reading

    def _read(self, tokens: Sequence[int], between: Callable[[int], None]) -> torch.Tensor:
        if self._memory == "stepping" and self._tokens and len(tokens) > _MOST_STEPS:
            tokens = [*self._tokens, *tokens]
            self._forget()
        if self._memory == "none" or (self._memory == "stepping" and not self._tokens):
            return self._pass(tokens, every=False)[-1]
        done = 0
        while True:
            piece = tokens[done : done + (1 if self._memory == "stepping" else self._piece)]
            begun = time.perf_counter()
            last = self._pass(piece, every=False)[-1]
            self._adapt(len(piece), time.perf_counter() - begun)
            done += len(piece)
            if done >= len(tokens):
                return last
            between(done)

    def _adapt(self, rows: int, seconds: float) -> None:
        """Choose the next piece so that it takes at most CHUNK_S, a little less to be safe."""
        fitting = int(rows * 0.7 * CHUNK_S / max(seconds, 1e-6))
        self._piece = max(_SMALLEST_PIECE, min(fitting, 2 * max(rows, _FIRST_PIECE), _LARGEST_PIECE))

    def _go_to(self, start: int, between: Callable[[int], None]) -> None:
        """Make the cache hold exactly the first `start` tokens."""
        if start > len(self._known):
            raise ValueError(f"start {start} is beyond the {len(self._known)} rows that were read")
        del self._known[start:]
        extra = len(self._tokens) - start
        if extra > 0 and self._memory == "none":
            del self._tokens[start:]
        elif extra > 0 and self._memory == "croppable" and start:
            self._cache.crop(-extra)  # by how many, as a negative number
            del self._tokens[start:]
        elif extra > 0:
            self._forget()
        missing = self._known[len(self._tokens) :]
        if missing:
            # Nothing of what the caller asked for is done yet, but Stop is to be heard.
            self._read(missing, lambda _: between(0))

    def _forget(self) -> None:
        """Empty the cache; `_known` stays, so that what a caller relies on is read again when it is needed."""
        self._cache, self._tokens = None, []

    def _pass(self, tokens: Sequence[int], *, every: bool) -> torch.Tensor:
        """Return float32 logits after every token, or after the last: [rows, vocabulary]."""
        if self._memory == "stepping" and self._tokens and len(tokens) > 1:
            steps = [self._run([token], every=True) for token in tokens]
            return torch.cat(steps if every else steps[-1:])
        return self._run(tokens, every=every)

    def _run(self, tokens: Sequence[int], *, every: bool) -> torch.Tensor:
        """Run the model once over `tokens` after what is in the cache; a run that fails empties the cache."""
        fed = [*self._tokens, *tokens] if self._memory == "none" else list(tokens)
        options: dict[str, Any] = dict(self._may_not_cache)
        if self._memory != "none":
            if self._cache is None:
                self._cache = _new_cache(self._model)
            options = {self._cache_name: self._cache, "use_cache": True}
        if self._keeps_logits:
            options["logits_to_keep"] = len(tokens) if every else 1
        try:
            with torch.inference_mode():
                ids = torch.tensor([fed], dtype=torch.long, device=self._model.device)
                logits = self._model(input_ids=ids, **options).logits[0]
        except BaseException:
            self._forget()
            raise
        self._tokens.extend(tokens)
        self._known[len(self._tokens) - len(tokens) : len(self._tokens)] = tokens
        rows: torch.Tensor = logits[-len(tokens) if every else -1 :].float().cpu()
        return rows

    # ------------------------------------------------------------ the trial

    def _try(self) -> None:
        """Find out what the cache can do, by comparing passes with it to one without."""
        self._memory = "none"
        ids = [index % 5 + 3 for index in range(_TRIAL_TOKENS)]
        whole = self._pass(ids, every=True)
        self._vocabulary = whole.shape[-1]
        if self._cache_name:
            self._memory = next((kind for kind in _KINDS if self._holds(kind, ids, whole)), "none")
        self._begin_anew()
        if self._memory == "croppable":
            self._time_rows()

    def _holds(self, kind: Memory, ids: Sequence[int], whole: torch.Tensor) -> bool:
        """Tell whether the logits of two steps, with a cache of this kind, are those of one."""
        self._memory = kind
        self._begin_anew()
        half = len(ids) // 2
        try:
            self._pass(ids[:half], every=True)
            if kind != "stepping" and _is_running(self._cache, self._model) != (kind == "running"):
                return False
            rest = self._pass(ids[half:], every=True)
            if kind == "croppable":
                self._go_to(half, lambda _: None)
                again = self._pass(ids[half:], every=True)
                rest = torch.where((again - whole[half:]).abs() > (rest - whole[half:]).abs(), again, rest)
        except _NO_CACHE as error:
            if is_device_fault(error):
                raise
            return False
        # Too coarse to see a forgotten state: step by step is safe.
        exact = self._model.dtype == torch.float32
        return (exact or kind != "running") and _alike(rest, whole[half:], exact=exact)

    def _time_rows(self) -> None:
        """Measure a pass for each number of rows (the better of two), as far as that takes next to no time."""
        begun = time.perf_counter()
        for rows in _ROWS_TO_TIME:
            if rows > self._context // 2 or time.perf_counter() - begun > _TIMING_S:
                break
            self._costs[rows] = min(self._timed(rows), self._timed(rows))

    def _timed(self, rows: int) -> float:
        begun = time.perf_counter()
        self._pass([3] * rows, every=True)
        seconds = time.perf_counter() - begun
        self._begin_anew()
        return seconds

    def _begin_anew(self) -> None:
        self._forget()
        self._known = []


def _new_cache(model: Any) -> Any:
    """Return an empty cache for the model, with room to go back where its kind allows it.

    Layers that look back only so far would forget what a cut needs: they keep everything here, and the
    model's own mask hides what is too far away.
    """
    cache = DynamicCache(config=model.config.get_text_config(decoder=True))
    new_layer: Any = DynamicLayer
    cache.layers = [
        new_layer() if type(layer) is DynamicSlidingWindowLayer else layer for layer in cache.layers
    ]
    return cache


def _is_running(cache: Any, model: Any) -> bool:
    """Tell whether the cache holds a state that cannot be cut at a row."""
    return not cache.is_croppable or any(cache.is_linear) or bool(getattr(model, "_is_stateful", False))


def _alike(left: torch.Tensor, right: torch.Tensor, *, exact: bool) -> bool:
    """Tell whether two sets of logits say the same, up to rounding; broken numbers agree with each other."""
    if not torch.isfinite(right).all():
        return not torch.isfinite(left).all()
    spread = float(right.std()) or 1.0
    return float((left - right).abs().max()) <= (_TOLERANCE if exact else _COARSE_TOLERANCE) * spread
