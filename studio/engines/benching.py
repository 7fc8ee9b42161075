"""Measure one loaded engine: how fast it reads and how fast it writes."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from studio.engines.base import Engine, Generation, GenerationRequest, Loaded, Sampling
from studio.engines.fit import Fit
from studio.jobs import CancelToken, Progress
from studio.jobs.job import Report
from studio.phrases import phrase

ROUNDS = 3
PROMPT_CHARS = 2_000
"""About 500 tokens of English."""

ANSWER_TOKENS = 64
_LEAST_TOKENS = 8
_LINE = "The {number}. frog sat on a green leaf, looked at the pond, and counted the stars one by one. "


@dataclass(frozen=True)
class Predicted:
    """Hold what was predicted before the load: bytes, and tokens written per second."""

    peak_bytes: int
    decode_tps: float


@dataclass(frozen=True)
class Bench:
    """Hold what was measured: seconds, tokens per second (0: the model does not write), bytes."""

    load_s: float
    prefill_tps: float
    decode_tps: float
    peak_bytes: int
    predicted: Predicted


def measure(engine: Engine, loaded: Loaded, fitted: Fit, token: CancelToken, report: Report) -> Bench:
    """Return the medians of three rounds; each reads about 500 new tokens and writes up to 64.

    Raises CancelledError when Stop was pressed.
    """
    rounds: list[Generation] = []
    if {"chat", "complete"} & set(loaded.tasks):
        for number in range(ROUNDS):
            report(Progress(number, ROUNDS, phrase("Measuring how fast it reads and writes")))
            rounds.append(_round(engine, number, token))
    return Bench(
        load_s=loaded.load_s,
        prefill_tps=_median(
            [
                (one.usage.prompt_tokens - one.usage.reused_tokens) / one.usage.prompt_s
                for one in rounds
                if one.usage.prompt_s > 0
            ]
        ),
        decode_tps=_median(
            [one.usage.tokens_per_second for one in rounds if one.usage.generated_tokens >= _LEAST_TOKENS]
        ),
        peak_bytes=loaded.peak_bytes,
        predicted=Predicted(fitted.load_bytes, fitted.tokens_per_second),
    )


def _round(engine: Engine, number: int, token: CancelToken) -> Generation:
    """Write one answer; the prompt begins anew in each round, so that nothing of it was read before."""
    text = f"Round {number}. "
    while len(text) < PROMPT_CHARS:
        text += _LINE.format(number=len(text))
    request = GenerationRequest(
        prompt=text, max_tokens=ANSWER_TOKENS, sampling=Sampling(temperature=1.0, seed=number)
    )
    generation = engine.generate(request, lambda delta: None, token)
    token.check()
    return generation


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0


__all__ = ["ANSWER_TOKENS", "Bench", "Predicted", "measure"]
