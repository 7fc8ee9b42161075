"""Answers that stand in a text: windows over the context, and a search for the best span.

transformers 5 has no pipeline for this any more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from studio.engines.base import TaskItem

_MOST_QUESTION_TOKENS = 64
_LONGEST_ANSWER_TOKENS = 40
_BATCH = 4
_MOST_ANSWERS = 3


def answer(
    model: Any, tokenizer: Any, question: str, context: str, most_tokens: int, between: Callable[[], None]
) -> tuple[TaskItem, ...]:
    """Return the likeliest spans of `context`, best first: text, probability, first and last character.

    `between` is called before each batch of windows and may raise.
    """
    question = _shortened(tokenizer, question, min(_MOST_QUESTION_TOKENS, most_tokens // 3))
    encoded = tokenizer(
        question,
        context,
        truncation="only_second",
        max_length=most_tokens,
        stride=most_tokens // 4,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=True,
        return_tensors="pt",
    )
    offsets = encoded.pop("offset_mapping").tolist()
    encoded.pop("overflow_to_sample_mapping", None)
    found: dict[tuple[int, int], float] = {}
    for first in range(0, len(offsets), _BATCH):
        between()
        batch = {key: value[first : first + _BATCH].to(model.device) for key, value in encoded.items()}
        with torch.inference_mode():
            result = model(**batch)
        starts, ends = (part.float().cpu().numpy() for part in (result.start_logits, result.end_logits))
        for row in range(len(starts)):
            inside = _context_places(encoded, first + row)
            for start, end, score in _best(starts[row], ends[row], inside):
                span = (offsets[first + row][start][0], offsets[first + row][end][1])
                found[span] = max(found.get(span, 0.0), score)
    best = sorted(found.items(), key=lambda item: -item[1])
    return tuple(TaskItem(context[start:end], score, start, end) for (start, end), score in _apart(best))


def _best(starts: Any, ends: Any, inside: Any) -> list[tuple[int, int, float]]:
    """Return the best spans of one window as (first token, last token, probability).

    The first place of the window stands for "no answer here" and takes its share of the probability.
    """
    places = np.flatnonzero(inside)
    if not len(places):
        return []
    allowed = inside.copy()
    allowed[0] = True
    start_odds, end_odds = (_softmax(np.where(allowed, part, -np.inf)) for part in (starts, ends))
    odds = np.outer(start_odds[places], end_odds[places])
    reach = places[None, :] - places[:, None]
    odds = np.where((reach >= 0) & (reach < _LONGEST_ANSWER_TOKENS), odds, 0.0)
    order = np.argsort(odds, axis=None)[::-1][: _MOST_ANSWERS * 4]
    rows, columns = np.unravel_index(order, odds.shape)
    return [
        (int(places[row]), int(places[column]), float(odds[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if odds[row, column] > 0
    ]


def _apart(best: list[tuple[tuple[int, int], float]]) -> list[tuple[tuple[int, int], float]]:
    """Return the best spans that do not lie in one another."""
    chosen: list[tuple[tuple[int, int], float]] = []
    for span, score in best:
        if all(span[1] <= other[0] or span[0] >= other[1] for other, _ in chosen):
            chosen.append((span, score))
        if len(chosen) == _MOST_ANSWERS:
            break
    return chosen


def _context_places(encoded: Any, row: int) -> Any:
    """Return which tokens of a window belong to the context, bool [tokens]."""
    return np.array([part == 1 for part in encoded.sequence_ids(row)])


def _shortened(tokenizer: Any, text: str, most: int) -> str:
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return text if len(offsets) <= most else text[: offsets[most - 1][1]]


def _softmax(logits: Any) -> Any:
    odds = np.exp(logits - logits.max())
    return odds / odds.sum()
