"""One answer while it is written: which tokens are decided, what text they make, and when it is over."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from studio.engines.adapters.loop.budget import Budget
from studio.engines.adapters.loop.constraint import Array, Constraint
from studio.engines.adapters.loop.sampling import Sampler
from studio.engines.adapters.loop.stops import TextStream
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.base import Delta, Ending, GenerationRequest, OnDelta, TokenOdds
from studio.errors import EngineError
from studio.phrases import phrase


@dataclass
class Counts:
    """Count what an answer took."""

    generated: int = 0
    forced: int = 0
    drafted: int = 0
    accepted: int = 0
    passes: int = 0


@dataclass(frozen=True)
class Best:
    """Hold the highest logit of a row and its token."""

    logit: float
    token: int


def best_of(rows: torch.Tensor) -> list[Best]:
    """Return the best of each row of float32 logits [rows, vocabulary]; a row with NaN has NaN as its logit."""
    # numpy finds it ten times sooner than torch does for a few rows, and NaN counts as the largest for both
    values = rows.numpy()
    return [
        Best(float(row[token]), token) for row, token in zip(values, values.argmax(1).tolist(), strict=True)
    ]


class Answer:
    """Decide tokens from rows of logits and give the text out.

    `limit` is the largest number of tokens. `begun` are the last tokens of the text that the answer goes
    on from, where longer tokens might stand: the model chooses them again, held to the same letters,
    and those letters are not given out.
    """

    def __init__(
        self,
        request: GenerationRequest,
        vocabulary: Vocabulary,
        sampler: Sampler,
        *,
        eos_ids: Collection[int],
        limit: int,
        constraint: Constraint | None = None,
        budget: Budget | None = None,
        begun: Sequence[int] = (),
    ) -> None:
        self._request, self._vocabulary, self._sampler = request, vocabulary, sampler
        self._eos_ids, self._limit = frozenset(eos_ids), limit
        self._constraint, self._budget = constraint, budget
        self._begun = b"".join(map(vocabulary.bytes_of, begun))
        self._begun_tokens = list(begun)
        self._stream = TextStream(request.stop)
        self._fresh: list[str] = []
        self._odds: list[TokenOdds] = []
        self._first_space = (
            vocabulary.strips_first_space and bool(request.messages) and not request.answer_start
        )
        self.ending: Ending | None = None
        self.counts = Counts()

    @property
    def text(self) -> str:
        """Return the text given out so far, and what `flush` will give next."""
        return self._stream.text

    def is_over(self) -> bool:
        """Tell whether no more tokens are wanted."""
        return self.ending is not None

    @property
    def left(self) -> int:
        """Return how many more tokens there may be."""
        return self._limit - self.counts.generated

    def choose(self, row: torch.Tensor, best: Best) -> list[int]:
        """Return the token drawn from a row of logits [vocabulary]; nothing when the answer ends there."""
        if not math.isfinite(best.logit):
            raise self._not_numbers()
        token = self._pick(row, best)
        if token in self._eos_ids:
            self.ending = "end"
            return []
        if self._request.alternatives:
            self._odds.append(self._odds_of(row, token))
        self._take(token)
        return [token]

    def force(self) -> list[int]:
        """Return the tokens that must follow now, taken as decided."""
        taken: list[int] = []
        for token in self._constraint.forced() if self._constraint and not self.ending else ():
            if token in self._eos_ids:
                self.ending = "end"
            if self.ending:
                break
            self.counts.forced += 1
            if self._request.alternatives:
                self._odds.append(TokenOdds(self._vocabulary.text_of([token]), 1.0))
            self._take(token)
            taken.append(token)
        return taken

    def flush(self, on_delta: OnDelta) -> None:
        """Give out the text and odds that came since the last time."""
        if self._fresh or self._odds:
            on_delta(Delta("".join(self._fresh), self.counts.generated, tuple(self._odds)))
            self._fresh, self._odds = [], []

    def finish(self, ending: Ending = "end") -> None:
        """End the answer, unless it has ended, and let go of the text that was held back."""
        self.ending = self.ending or ending
        rest = self._stream.finish()
        if rest:
            self._fresh.append(rest)

    def _pick(self, row: torch.Tensor, best: Best) -> int:
        closing = self._budget is not None and self._budget.closing(self.counts.generated)
        simple = self._sampler.takes_best and not self._begun and not closing
        if simple and (self._constraint is None or self._constraint.permits(best.token)):
            return best.token
        allowed = self._constraint.allowed() if self._constraint else None
        if self._begun:
            allowed = self._spelling(allowed, len(row))
        elif closing and allowed is not None and self._budget:
            allowed = self._budget.narrow(allowed)
        return self._sampler.pick(row, allowed)

    def _spelling(self, allowed: Array | None, width: int) -> Array:
        """Return the tokens that spell the letters which the answer has begun with, and perhaps more."""
        pieces = self._vocabulary.all_bytes[:width]
        fits = np.zeros(width, dtype=bool)
        fits[: len(pieces)] = [piece.startswith(self._begun) for piece in pieces]
        if self._begun_tokens:
            fits[self._begun_tokens[0]] = True
        fits = fits if allowed is None else fits & allowed
        if not fits.any():
            # forced tokens broke these letters in their own way
            fits[: len(pieces)] = [bool(piece) and self._begun.startswith(piece) for piece in pieces]
        return fits

    def _spell(self, token: int, piece: bytes) -> bytes:
        """Return what of a token's bytes is new."""
        known = min(len(piece), len(self._begun))
        same = self._begun_tokens[:1] == [token]
        self._begun = self._begun[known:]
        self._begun_tokens = self._begun_tokens[1:] if same else []
        return piece[known:]

    def _take(self, token: int) -> None:
        if self._constraint:
            self._constraint.consume(token)
        self._sampler.see(token)
        piece = self._vocabulary.bytes_of(token)
        if self._begun:
            piece = self._spell(token, piece)
            self.counts.generated += bool(piece)
        else:
            self.counts.generated += 1
        if self._first_space and piece:
            piece, self._first_space = piece.removeprefix(b" "), False
        text = self._stream.push(piece)
        if text:
            self._fresh.append(text)
        if self._stream.stopped:
            self.ending = "stop"
        elif self._constraint and self._constraint.finished:
            self.ending = "end"
        elif self.left <= 0:
            self.ending = "length"

    def _odds_of(self, row: torch.Tensor, token: int) -> TokenOdds:
        odds = torch.softmax(row.double(), 0)
        best = torch.topk(odds, min(self._request.alternatives + 1, len(odds)))
        pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        others = [(other, value) for other, value in pairs if other != token]
        return TokenOdds(
            self._vocabulary.text_of([token]),
            float(odds[token]),
            tuple((self._name(other), value) for other, value in others[: self._request.alternatives]),
        )

    def _name(self, token: int) -> str:
        return self._vocabulary.text_of([token])

    def _not_numbers(self) -> EngineError:
        return EngineError(
            phrase("The model worked out something that is no number, so it cannot go on."),
            kept=phrase("What it had written by then is kept.") if self.text else "",
            next=phrase(
                "Try again. If it happens again, load the model with other weights or another model."
            ),
            detail="logits are NaN or infinite",
            cause="failed",
            text=self.text,
        )


def common_prefix(first: Sequence[int], second: Sequence[int]) -> int:
    """Return how many tokens two lists begin with in common."""
    shorter = min(len(first), len(second))
    for place in range(shorter):
        if first[place] != second[place]:
            return place
    return shorter
