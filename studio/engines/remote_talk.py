"""How one talks to a server in the OpenAI way, and what every other way has to give, too."""

from __future__ import annotations

import contextlib
import math
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from studio.engines.base import GenerationRequest, Message, TokenOdds
from studio.engines.remote_words import StatusError, cut, not_understood
from studio.errors import EngineError
from studio.phrases import phrase

if TYPE_CHECKING:
    from studio.engines.remote_client import Wire

MOST_STOPS = 4
"""OpenAI's own limit; the studio looks for the rest itself."""

_MOST_ALTERNATIVES = 20
_ENDED = {"stop": "end", "eos": "end", "eos_token": "end", "stop_sequence": "stop", "length": "length"}


@dataclass(frozen=True)
class ModelCard:
    """Hold what a server says about one of its models; 0 and "" where it says nothing."""

    id: str
    context: int = 0
    parameters: int = 0
    owner: str = ""


@dataclass(frozen=True)
class Counts:
    """Hold what the server counted; seconds are 0 where it does not say."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    prompt_s: float = 0.0
    generate_s: float = 0.0


@dataclass(frozen=True)
class Piece:
    """Hold one sign of life: text, or thoughts that are not shown (`tokens` counts both), or how it ended.

    `finish` is "end", "stop", "length", "filtered", or "" while it goes on.
    """

    text: str = ""
    tokens: int = 0
    odds: tuple[TokenOdds, ...] = ()
    finish: str = ""
    counts: Counts | None = None


@dataclass(frozen=True)
class Asked:
    """Hold one question as it goes out; with a `schema`, the server is to keep to it."""

    request: GenerationRequest
    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None


class Talk(Protocol):
    """Speak one way of asking."""

    async def models(self) -> tuple[ModelCard, ...]:
        """Return the models of the server; none where it has no list."""
        ...

    def pieces(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Ask, and give the answer piece by piece; raise StatusError or EngineError."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text."""
        ...


class OpenAITalk:
    """Speak the OpenAI way."""

    def __init__(self, wire: Wire, model: str) -> None:
        self.wire = wire
        self.model = model
        # Some servers refuse fields that OpenAI did not name; they are asked without, from then on.
        self._plain = False

    async def models(self) -> tuple[ModelCard, ...]:
        """Return the models of GET /models."""
        try:
            listing = await self.wire.json("GET", f"{self.wire.server.url}/models")
        except StatusError as error:
            if error.status in (404, 405, 501):
                return ()
            raise
        entries = listing.get("data") if isinstance(listing, dict) else None
        if not isinstance(entries, list):
            not_understood(self.wire.server.host, "no list of models")
        return tuple(_card(entry) for entry in entries if isinstance(entry, dict) and entry.get("id"))

    async def pieces(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Post to /chat/completions, or a bare prompt to /completions."""
        path, body, extras = self._body(asked)
        url = f"{self.wire.server.url}{path}"
        refused: StatusError | None = None
        for more in ({},) if self._plain else (extras, {}):
            try:
                async with contextlib.aclosing(self._sent(url, {**body, **more})) as sent:
                    async for piece in sent:
                        self._plain = self._plain or refused is not None
                        yield piece
                return
            except StatusError as error:
                if error.status not in (400, 422) or not more:
                    raise refused or error from None
                refused = error

    def _body(self, asked: Asked) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Return the path, the fields that every server knows, and those that some refuse."""
        request, sampling = asked.request, asked.request.sampling
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": request.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "stream": True,
        }
        if request.stop:
            body["stop"] = list(request.stop[:MOST_STOPS])
        if asked.schema is not None:
            body["response_format"] = response_format(asked.schema)
        extras: dict[str, Any] = {"stream_options": {"include_usage": True}} | _unusual(request)
        if not asked.messages:
            if request.alternatives:
                extras["logprobs"] = min(request.alternatives, 5)
            return "/completions", body | {"prompt": request.prompt + request.answer_start}, extras
        body["messages"] = chat_messages(asked)
        if request.alternatives:
            extras |= {"logprobs": True, "top_logprobs": min(request.alternatives, _MOST_ALTERNATIVES)}
        return "/chat/completions", body, extras

    async def _sent(self, url: str, body: dict[str, Any]) -> AsyncGenerator[Piece, None]:
        host, finished = self.wire.server.host, False
        async with self.wire.stream(url, body) as (kind, lines):
            if kind == "application/json":  # it does not stream: the whole answer at once
                text = "\n".join([line async for line in lines])
                yield piece_of(self.wire.parsed(text), host)
                return
            async with contextlib.aclosing(events(lines, host)) as stream:
                async for data in stream:
                    if data == "[DONE]":
                        return
                    piece = piece_of(self.wire.parsed(data), host)
                    finished = finished or bool(piece.finish)
                    yield piece
        if not finished:
            cut(host, "the stream ended without an end")

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors of POST /embeddings."""
        body = {"model": self.model, "input": list(texts), "encoding_format": "float"}
        reply = await self.wire.json(
            "POST", f"{self.wire.server.url}/embeddings", body, within_s=self.wire.patience.first_token_s
        )
        try:
            rows = sorted(reply["data"], key=lambda row: row["index"])
            return [[float(number) for number in row["embedding"]] for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            not_understood(self.wire.server.host, f"no vectors: {type(error).__name__}")


def response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field that asks for a form."""
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
    }


def chat_messages(asked: Asked) -> list[dict[str, str]]:
    """Return the conversation; a given start of the answer goes last, as most servers go on from there."""
    messages = [{"role": message.role, "content": message.content} for message in asked.messages]
    if asked.request.answer_start:
        messages.append({"role": "assistant", "content": asked.request.answer_start})
    return messages


def _unusual(request: GenerationRequest) -> dict[str, Any]:
    """Return the fields of sampling that not every server knows, where they say anything."""
    sampling = request.sampling
    fields: dict[str, Any] = {}
    if sampling.seed is not None:
        fields["seed"] = sampling.seed
    if sampling.top_k:
        fields["top_k"] = sampling.top_k
    if sampling.min_p:
        fields["min_p"] = sampling.min_p
    if sampling.repetition_penalty != 1.0:
        fields["repetition_penalty"] = sampling.repetition_penalty  # vLLM's name
        fields["repeat_penalty"] = sampling.repetition_penalty  # llama.cpp's
    return fields


async def events(lines: AsyncIterator[str], host: str) -> AsyncGenerator[str, None]:
    """Give the data of each server-sent event.

    Comments, which servers send to keep the line open, and the fields event, id and retry are passed over;
    anything else is no event stream. https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    data: list[str] = []
    async for line in lines:
        field, _, value = line.partition(":")
        if not line:
            if data:
                yield "\n".join(data)
            data = []
        elif field == "data":
            data.append(value.removeprefix(" "))
        elif field == "error":  # older llama-server
            data.append(f'{{"error":{value}}}')
        elif field not in ("", "event", "id", "retry"):
            not_understood(host, "no event stream")
    if data:  # the last event needs no empty line after it
        yield "\n".join(data)


def piece_of(chunk: Any, host: str) -> Piece:
    """Return what one chunk of a stream (or one whole answer) says."""
    if not isinstance(chunk, dict):
        not_understood(host, "no chunk")
    if chunk.get("error"):
        complain(chunk["error"], host)
    choices = chunk.get("choices")
    if not isinstance(choices, list) or not all(isinstance(choice, dict) for choice in choices):
        not_understood(host, "no choices")
    counts = _counts(chunk)
    if not choices:
        return Piece(counts=counts)
    choice = choices[0]
    said = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
    text = said.get("content") if isinstance(said, dict) else 0
    if text is not None and not isinstance(text, str):
        not_understood(host, "no text")
    thought = said.get("reasoning_content") or said.get("reasoning")
    return Piece(
        text or "", int(bool(text or thought)), _odds(choice.get("logprobs")), _finish(choice), counts
    )


def complain(error: Any, host: str) -> NoReturn:
    """Raise the words for an error that a server tells in the middle of an answer."""
    code = error.get("code") or error.get("type") if isinstance(error, dict) else ""
    raise EngineError(
        phrase("The server at {host} has trouble of its own.", host=host),
        kept=phrase("What it had written is kept."),
        next=phrase("Try again in a moment."),
        detail=str(code)[:60],
    )


def _finish(choice: Mapping[str, Any]) -> str:
    reason = choice.get("finish_reason")
    if not isinstance(reason, str) or not reason:
        return ""
    if isinstance(choice.get("stop_reason"), str):  # vLLM: the text that it stopped at
        return "stop"
    return "filtered" if reason == "content_filter" else _ENDED.get(reason, "end")


def _counts(chunk: Mapping[str, Any]) -> Counts | None:
    usage, timings = chunk.get("usage"), chunk.get("timings")
    if not isinstance(usage, dict):
        return None
    details = usage.get("prompt_tokens_details")
    clock = timings if isinstance(timings, dict) else {}  # llama-server
    return Counts(
        whole(usage.get("prompt_tokens")),
        whole(details.get("cached_tokens")) if isinstance(details, dict) else 0,
        whole(usage.get("completion_tokens")),
        whole(clock.get("prompt_ms")) / 1000,
        whole(clock.get("predicted_ms")) / 1000,
    )


def whole(value: Any) -> int:
    """Return a count that a server claims; 0 for anything that is none."""
    sane = isinstance(value, (int, float)) and math.isfinite(value) and 0 <= value < 2**53
    return int(value) if sane else 0


def _odds(logprobs: Any) -> tuple[TokenOdds, ...]:
    entries = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(entries, list):
        return ()
    return tuple(
        TokenOdds(
            str(entry.get("token", "")),
            _probability(entry.get("logprob")),
            tuple(
                (str(other.get("token", "")), _probability(other.get("logprob")))
                for other in entry.get("top_logprobs") or ()
                if isinstance(other, dict)
            ),
        )
        for entry in entries
        if isinstance(entry, dict)
    )


def _probability(logprob: Any) -> float:
    return min(1.0, math.exp(min(0.0, logprob))) if isinstance(logprob, (int, float)) else 0.0


def _card(entry: Mapping[str, Any]) -> ModelCard:
    """Read the fields of vLLM, LM Studio and llama-server beside OpenAI's own."""
    meta = entry.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    contexts = (
        entry.get("max_model_len"),
        entry.get("loaded_context_length"),
        meta.get("n_ctx"),
        entry.get("context_length"),
        meta.get("n_ctx_train"),
    )
    context = next((whole(value) for value in contexts if whole(value)), 0)
    return ModelCard(
        str(entry["id"])[:200], context, whole(meta.get("n_params")), str(entry.get("owned_by", ""))
    )
