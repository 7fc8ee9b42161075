"""The law of the drawn token equals transformers' own rules."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engines.adapters.loop.sampling import RuleSampler
from studio.engines.base import Sampling

SIZE = 1000


def transformers_law(
    rules: Sampling, logits: torch.Tensor, seen: list[int], allowed: Any
) -> np.ndarray[Any, Any]:
    from transformers import (
        LogitsProcessorList,
        MinPLogitsWarper,
        RepetitionPenaltyLogitsProcessor,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    steps: list[Any] = []
    if rules.repetition_penalty != 1.0:
        steps.append(RepetitionPenaltyLogitsProcessor(rules.repetition_penalty))
    steps.append(TemperatureLogitsWarper(rules.temperature))
    if rules.top_k:
        steps.append(TopKLogitsWarper(rules.top_k))
    if rules.top_p < 1:
        steps.append(TopPLogitsWarper(rules.top_p))
    if rules.min_p:
        steps.append(MinPLogitsWarper(rules.min_p))
    scores = logits.double()[None]
    if allowed is not None:
        scores = scores.masked_fill(torch.from_numpy(~allowed)[None], -torch.inf)
    made = LogitsProcessorList(steps)(torch.tensor([seen], dtype=torch.int64), scores)
    return torch.softmax(made[0], 0).numpy()


def row(seed: int, spread: float) -> torch.Tensor:
    return torch.randn(SIZE, generator=torch.Generator().manual_seed(seed)) * spread


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p", "min_p", "penalty"),
    list(itertools.product((0.3, 1.0, 2.5), (0, 1, 40), (1.0, 0.9, 0.2), (0.0, 0.1), (1.0, 1.3))),
)
def test_the_law_equals_transformers(
    temperature: float, top_k: int, top_p: float, min_p: float, penalty: float
) -> None:
    rules = Sampling(temperature, top_k, top_p, min_p, penalty)
    chance = np.random.default_rng(0)
    for seed, spread in enumerate((0.5, 3.0)):
        logits = row(seed, spread)
        seen = chance.integers(0, SIZE, 50).tolist()
        for allowed in (None, chance.random(SIZE) < 0.1):
            law = RuleSampler(rules, seen).law(logits, allowed)
            wanted = transformers_law(rules, logits, seen, allowed)
            # at the very edge of top-p one token more or less is a matter of rounding
            edge = np.flatnonzero((law > 0) != (wanted > 0))
            assert len(edge) <= 1
            tolerance = 1e-5 + float(np.max(np.maximum(law, wanted)[edge], initial=0.0))
            assert np.abs(law - wanted).max() <= tolerance


@settings(max_examples=30)
@given(
    st.integers(0, 10_000),
    st.sampled_from(
        [Sampling(0.9, 0, 0.95), Sampling(1.0, 5, 1.0), Sampling(0.8, 0, 1.0, 0.05), Sampling(0.0)]
    ),
)
def test_a_drawn_token_is_allowed_and_likely(seed: int, rules: Sampling) -> None:
    sampler = RuleSampler(Sampling(rules.temperature, rules.top_k, rules.top_p, rules.min_p, seed=seed))
    allowed = np.random.default_rng(seed).random(SIZE) < 0.02
    allowed[seed % SIZE] = True
    logits = row(seed, 2.0)
    token = sampler.pick(logits, allowed)
    assert allowed[token]
    assert sampler.law(logits, allowed)[token] > 0


def test_draws_follow_the_law() -> None:
    """2,000 draws of 6 tokens against the law, by chi-square (5 degrees of freedom; 25.7 is 1 in 10,000)."""
    sampler = RuleSampler(Sampling(temperature=0.7, top_p=1.0, seed=9))
    logits = torch.tensor([0.0, 1.0, -0.5, 0.3, 0.9, 0.1])
    law = sampler.law(logits)
    counts = np.bincount([sampler.pick(logits, None) for _ in range(2000)], minlength=6)
    assert ((counts - 2000 * law) ** 2 / (2000 * law)).sum() < 25.7


def test_a_seed_means_the_same_draws_and_none_means_fresh_ones() -> None:
    logits = row(1, 0.1)
    draws = [[RuleSampler(Sampling(seed=seed)).pick(logits, None) for _ in range(3)] for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    fresh = {RuleSampler(Sampling(top_p=1.0)).pick(logits, None) for _ in range(8)}
    assert len(fresh) > 1


def test_the_penalty_counts_what_was_seen_and_spares_what_it_is_told() -> None:
    logits = torch.tensor([2.0, 1.9, -1.0, 1.8])
    sampler = RuleSampler(Sampling(temperature=0.0, repetition_penalty=1.2))
    assert not sampler.takes_best
    assert sampler.pick(logits, None) == 0
    sampler.see(0)
    assert sampler.pick(logits, None) == 1
    sampler.see(1)
    assert sampler.pick(logits, None) == 3
    spared = np.array([True, False, False, False])
    sampler = RuleSampler(Sampling(temperature=0.0, repetition_penalty=1.2), seen=[0], spared=spared)
    assert sampler.pick(logits, None) == 0


def test_greedy_takes_the_best_allowed_one() -> None:
    sampler = RuleSampler(Sampling(temperature=0.0))
    assert sampler.takes_best
    assert sampler.pick(torch.tensor([0.0, 3.0, 2.0]), np.array([True, False, True])) == 2
