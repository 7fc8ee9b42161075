"""How the next token is drawn from a row of logits.

The order is: repetition penalty, temperature, top-k, top-p, min-p. Each rule means what it means in
transformers (generation/logits_process.py), so the law of the drawn token is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import torch

from studio.engines.base import Sampling

Array = np.ndarray[Any, Any]


class Sampler(Protocol):
    """Choose tokens, one after another."""

    @property
    def takes_best(self) -> bool:
        """Tell whether the choice is always the highest logit among the allowed ones."""
        ...

    def pick(self, logits: torch.Tensor, allowed: Array | None) -> int:
        """Return a token for float32 logits [vocabulary]; `allowed` is bool [vocabulary], with one true at least."""
        ...

    def see(self, token: int) -> None:
        """Learn that `token` now stands in the text, drawn or not."""
        ...


class RuleSampler:
    """Draw by the rules of a `Sampling`.

    There is at most one random number for each drawn token, so a seed means the same text however many
    tokens a pass checks. `seen` are tokens that the repetition penalty counts from the start, `spared` (bool
    [vocabulary]) those that it never touches.
    """

    def __init__(self, rules: Sampling, seen: Iterable[int] = (), spared: Array | None = None) -> None:
        self._rules = rules
        self._random = np.random.default_rng(rules.seed)
        self._penalised = rules.repetition_penalty != 1.0
        self._spared = spared
        self._seen: dict[int, None] = {}
        for token in seen if self._penalised else ():
            self.see(token)

    @property
    def takes_best(self) -> bool:
        """Tell whether the choice is always the highest logit among the allowed ones."""
        return self._rules.temperature <= 0 and not self._penalised

    def see(self, token: int) -> None:
        """Learn that `token` now stands in the text."""
        if self._penalised and not self._is_spared(token):
            self._seen[token] = None

    def pick(self, logits: torch.Tensor, allowed: Array | None) -> int:
        """Return the drawn token."""
        tokens, odds = self._kept(logits, allowed)
        if len(tokens) == 1:
            return int(tokens[0])
        sums = np.cumsum(odds)
        place = int(np.searchsorted(sums, self._random.random() * sums[-1], side="right"))
        return int(tokens[min(place, len(tokens) - 1)])

    def law(self, logits: torch.Tensor, allowed: Array | None = None) -> Array:
        """Return the probability of each token to be picked, float64 [vocabulary]."""
        tokens, odds = self._kept(logits, allowed)
        law = np.zeros(len(logits))
        law[tokens] = odds / odds.sum()
        return law

    def _is_spared(self, token: int) -> bool:
        return self._spared is not None and token < len(self._spared) and bool(self._spared[token])

    def _kept(self, logits: torch.Tensor, allowed: Array | None) -> tuple[Array, Array]:
        """Return the tokens that may be drawn and their weights (float64, not summing to 1)."""
        scores = self._penalise(logits.numpy())
        tokens = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
        scores = scores if allowed is None else scores[tokens]
        if self._rules.temperature <= 0:
            best = int(scores.argmax())
            return tokens[best : best + 1], np.ones(1)
        if 0 < self._rules.top_k < len(scores):
            place = len(scores) - self._rules.top_k
            high = scores >= np.partition(scores, place)[place]
            tokens, scores = tokens[high], scores[high]
        weights: Array = np.exp((scores - scores.max()) / self._rules.temperature)
        kept = self._likeliest(weights)
        return tokens[kept], weights[kept].astype(np.float64)

    def _penalise(self, scores: Array) -> Array:
        if not self._seen:
            return scores
        seen, factor = list(self._seen), self._rules.repetition_penalty
        old = scores[seen]
        scores = scores.copy()
        scores[seen] = np.where(old < 0, old * factor, old / factor)
        return scores

    def _likeliest(self, weights: Array) -> Array:
        """Return the places that top-p and min-p keep; the likeliest one always. The largest weight is 1."""
        floor = max(self._rules.min_p, float(np.finfo(np.float32).tiny))
        if self._rules.top_p >= 1:
            return np.flatnonzero(weights >= floor)
        total = float(weights.sum(dtype=np.float64))
        # all that weigh less than this weigh less than what top-p leaves out: only the others need an order
        few: Array = np.flatnonzero(weights >= (1 - self._rules.top_p) * total / len(weights))
        few = few[np.argsort(-weights[few], kind="stable")]
        sorted_weights = weights[few].astype(np.float64)
        before = np.cumsum(sorted_weights) - sorted_weights
        kept = (before < self._rules.top_p * total) & (sorted_weights >= floor)
        kept[0] = True
        return few[kept]
