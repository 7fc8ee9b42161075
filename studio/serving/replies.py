"""The shapes of answers, as OpenAI's clients read them."""

from __future__ import annotations

import abc
import base64
import math
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from studio.engines.base import Delta, Generation, TokenOdds

if TYPE_CHECKING:
    import numpy as np

_LEAST_PROBABILITY = 1e-9


class Shape(abc.ABC):
    """Put what an engine wrote into one answer, or into the chunks of a stream."""

    prefix = ""
    name = ""
    chunk_name = ""

    def __init__(self, model: str) -> None:
        self.model = model
        self._id = f"{self.prefix}-{secrets.token_hex(12)}"
        self._created = int(time.time())

    def whole(self, generation: Generation, deltas: Sequence[Delta]) -> dict[str, Any]:
        """Return the answer in one piece."""
        odds = [odd for delta in deltas for odd in delta.odds]
        choice = self._said(generation.text) | {
            "logprobs": _logprobs(odds),
            "finish_reason": _finish(generation),
        }
        return self._framed(self.name, [choice | {"index": 0}]) | {"usage": _usage(generation)}

    def opening(self) -> Iterator[dict[str, Any]]:
        """Give the chunks before the first text."""
        yield from ()

    def piece(self, delta: Delta) -> dict[str, Any]:
        """Return the chunk of one delta."""
        return self.text(delta.text, delta.odds)

    def text(self, text: str, odds: Sequence[TokenOdds] = ()) -> dict[str, Any]:
        """Return a chunk with more text."""
        return self._chunk(self._more(text), _logprobs(odds), None)

    def closing(self, generation: Generation) -> dict[str, Any]:
        """Return the chunk that says how it ended."""
        return self._chunk(self._more(""), None, _finish(generation))

    def counts(self, generation: Generation) -> dict[str, Any]:
        """Return the chunk that counts tokens."""
        return self._framed(self.chunk_name, []) | {"usage": _usage(generation)}

    def _chunk(self, said: dict[str, Any], logprobs: Any, finish: str | None) -> dict[str, Any]:
        choice = said | {"index": 0, "logprobs": logprobs, "finish_reason": finish}
        return self._framed(self.chunk_name, [choice])

    def _framed(self, name: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": name,
            "created": self._created,
            "model": self.model,
            "choices": choices,
        }

    @abc.abstractmethod
    def _said(self, text: str) -> dict[str, Any]: ...

    @abc.abstractmethod
    def _more(self, text: str) -> dict[str, Any]: ...


class Chat(Shape):
    """Shape answers of /v1/chat/completions."""

    prefix = "chatcmpl"
    name = "chat.completion"
    chunk_name = "chat.completion.chunk"

    def opening(self) -> Iterator[dict[str, Any]]:
        """Say who speaks."""
        yield self._chunk({"delta": {"role": "assistant", "content": ""}}, None, None)

    def _said(self, text: str) -> dict[str, Any]:
        return {"message": {"role": "assistant", "content": text}}

    def _more(self, text: str) -> dict[str, Any]:
        return {"delta": {"content": text} if text else {}}


class Completion(Shape):
    """Shape answers of /v1/completions."""

    prefix = "cmpl"
    name = "text_completion"
    chunk_name = "text_completion"

    def _said(self, text: str) -> dict[str, Any]:
        return {"text": text}

    def _more(self, text: str) -> dict[str, Any]:
        return {"text": text}


def _finish(generation: Generation) -> str:
    return "length" if generation.ending == "length" else "stop"


def _usage(generation: Generation) -> dict[str, Any]:
    usage = generation.usage
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.generated_tokens,
        "total_tokens": usage.prompt_tokens + usage.generated_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.reused_tokens},
    }


def _logprobs(odds: Sequence[TokenOdds]) -> dict[str, Any] | None:
    if not odds:
        return None
    return {
        "content": [
            _logprob(odd.text, odd.probability)
            | {"top_logprobs": [_logprob(text, probability) for text, probability in odd.others]}
            for odd in odds
        ]
    }


def _logprob(text: str, probability: float) -> dict[str, Any]:
    return {
        "token": text,
        "logprob": math.log(max(probability, _LEAST_PROBABILITY)),
        "bytes": list(text.encode("utf-8", "replace")),
    }


def embeddings(model: str, vectors: np.ndarray[Any, Any], *, packed: bool) -> dict[str, Any]:
    """Return vectors as lists of numbers, or packed as little-endian float32 in base64."""
    rows = vectors.astype("<f4")
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": base64.b64encode(row.tobytes()).decode("ascii") if packed else row.tolist(),
        }
        for index, row in enumerate(rows)
    ]
    return {"object": "list", "data": data, "model": model}
