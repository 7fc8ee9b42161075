"""One answer while llama.cpp writes it: events in, text, odds and counts out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from studio.engines.base import Delta, Ending, GenerationRequest, OnDelta, TokenOdds, Usage
from studio.errors import InputError
from studio.phrases import phrase


class Tally:
    """Add up what llama.cpp measured over the pieces in which a prompt was read, and the answer."""

    def __init__(self, prompt_tokens: int) -> None:
        self._prompt_tokens = prompt_tokens
        self._reached = self._read = self._pieces = 0
        self._prompt_ms = 0.0
        self._progress = (0, 0, 0.0)
        self._last: Mapping[str, Any] = {}

    def add_piece(self, reached: int, timings: Mapping[str, Any]) -> None:
        """Count a piece of the prompt that ends after `reached` tokens."""
        self._pieces += 1
        self._reached = reached
        self._read += int(timings.get("prompt_n", 0))
        self._prompt_ms += float(timings.get("prompt_ms", 0.0))

    def see_progress(self, reached: int, cached: int, took_ms: float) -> None:
        """Note how far the answer's own request has read, if it should be stopped there."""
        self._progress = (reached, cached, took_ms)

    def watch(self, timings: Mapping[str, Any]) -> None:
        """Take the newest times of the answer."""
        self._last = timings

    @property
    def tokens(self) -> int:
        """Return how many tokens the answer has."""
        return int(self._last.get("predicted_n", 0))

    def usage(self) -> Usage:
        """Return the counts of the whole generation."""
        last = self._last
        reached, cached, took_ms = self._progress
        if last:
            reached, took_ms = self._prompt_tokens, float(last.get("prompt_ms", 0.0))
        read = self._read + (int(last.get("prompt_n", 0)) if last else max(reached - cached, 0))
        reached = max(reached, self._reached)
        accepted = int(last.get("draft_n_accepted", 0))
        return Usage(
            prompt_tokens=self._prompt_tokens,
            reused_tokens=max(reached - read, 0),
            generated_tokens=self.tokens,
            drafted_tokens=int(last.get("draft_n", 0)),
            accepted_tokens=accepted,
            passes=self._pieces + max(self.tokens - accepted, 0),
            prompt_s=(self._prompt_ms + took_ms) / 1000,
            generate_s=float(last.get("predicted_ms", 0.0)) / 1000,
        )


class Answer:
    """Take the events of one answer; `text` is what was written by now.

    With a schema llama.cpp writes an answer from its first letter: what the request says it begins with
    is held against that and left out.
    """

    def __init__(self, request: GenerationRequest, tally: Tally, on_delta: OnDelta) -> None:
        self._request, self._tally, self._on_delta = request, tally, on_delta
        self._owed = request.answer_start if request.schema else ""
        self._odds: list[TokenOdds] = []
        self._object_due = request.schema is not None and request.schema.get("type") == "object"
        self.text = ""
        self.ending: Ending = "cancelled"

    def see_progress(self, reached: int, cached: int, took_ms: float) -> None:
        """Note how far the prompt is read."""
        self._tally.see_progress(reached, cached, took_ms)

    def take(self, event: Mapping[str, Any]) -> None:
        """Take one event."""
        self._tally.watch(event.get("timings") or {})
        choice = event["choices"][0]
        if choice["finish_reason"]:
            self.ending = _ending(choice["finish_reason"], event)
        for one in (choice.get("logprobs") or {}).get("content") or ():
            self._odds.append(_odds(one))
        self._hold(choice["text"])
        text = self._without_start(choice["text"])
        if text or self._odds:
            self.text += text
            self._on_delta(Delta(text, self._tally.tokens, tuple(self._odds)))
            self._odds = []

    def _hold(self, text: str) -> None:
        """Look at the first letter: llama.cpp drops a schema that it cannot compile without telling us."""
        if self._object_due and text:
            self._object_due = False
            if not text.startswith("{"):
                raise InputError(
                    phrase("This model's engine cannot hold an answer to this form."),
                    kept=phrase("Your words are kept."),
                    next=phrase("Choose another model for it."),
                    detail=f"begins with {text[:80]!r}",
                )

    def _without_start(self, text: str) -> str:
        if not self._owed or not text:
            return text
        length = min(len(self._owed), len(text))
        if text[:length] != self._owed[:length]:
            raise InputError(
                phrase("This model cannot go on from that beginning and keep to the form too."),
                kept=phrase("Your words are kept."),
                next=phrase("Try again, or choose another model."),
                detail=f"owed {self._owed[:80]!r}, written {text[:80]!r}",
            )
        self._owed = self._owed[length:]
        return text[length:]


def _ending(reason: str, event: Mapping[str, Any]) -> Ending:
    if reason == "length":
        return "length"
    return "stop" if (event.get("__verbose") or {}).get("stop_type") == "word" else "end"


def _odds(one: Mapping[str, Any]) -> TokenOdds:
    others = tuple(
        (other["token"], math.exp(other["logprob"]))
        for other in one.get("top_logprobs") or ()
        if other["id"] != one["id"]
    )
    return TokenOdds(one["token"], math.exp(one["logprob"]), others)
