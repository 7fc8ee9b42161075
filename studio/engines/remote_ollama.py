"""How one talks to Ollama in its own way.

Its OpenAI door has no field for the size of the context and cuts a long prompt without a word; its own
door takes `num_ctx`. https://docs.ollama.com/api
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any

from studio.engines.remote_talk import Asked, Counts, OpenAITalk, Piece, chat_messages, complain, whole
from studio.engines.remote_words import StatusError, cut, not_understood
from studio.errors import EngineError

if TYPE_CHECKING:
    from studio.engines.remote_client import Wire

DEFAULT_CONTEXT = 8192
"""Tokens; asked for unless the model knows fewer or the user chose."""

_LOOK_S = 5.0


class OllamaTalk(OpenAITalk):
    """Speak Ollama's way for answers, and the OpenAI way for models and vectors."""

    def __init__(self, wire: Wire, model: str, context: int) -> None:
        super().__init__(wire, model)
        self.context = context

    async def pieces(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Post to /api/chat, or a bare prompt to /api/generate."""
        path, body = self._ollama_body(asked)
        host = self.wire.server.host
        async with self.wire.stream(f"{_root(self.wire)}{path}", body) as (_, lines):
            async for line in lines:
                if not line.strip():
                    continue
                piece = _piece(self.wire.parsed(line), host)
                yield piece
                if piece.finish:
                    return
        cut(host, "the stream ended without an end")

    def _ollama_body(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        request, sampling = asked.request, asked.request.sampling
        options: dict[str, Any] = {
            "num_ctx": self.context,
            "num_predict": request.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
            "min_p": sampling.min_p,
            "repeat_penalty": sampling.repetition_penalty,
            "stop": list(request.stop),
        }
        if sampling.seed is not None:
            options["seed"] = sampling.seed
        body: dict[str, Any] = {"model": self.model, "stream": True, "options": options}
        if asked.schema is not None:
            body["format"] = dict(asked.schema)
        if not asked.messages:
            return "/api/generate", body | {"prompt": request.prompt + request.answer_start, "raw": True}
        return "/api/chat", body | {"messages": chat_messages(asked)}


async def recognised(wire: Wire, model: str, wanted_context: int) -> OllamaTalk | None:
    """Return how to talk to this server if it is Ollama, else None."""
    try:
        version = await wire.json("GET", f"{_root(wire)}/api/version", within_s=_LOOK_S)
        if not isinstance(version, dict) or not isinstance(version.get("version"), str):
            return None
        shown = await wire.json("POST", f"{_root(wire)}/api/show", {"model": model}, within_s=_LOOK_S)
    except (StatusError, EngineError):
        return None
    largest = _largest_context(shown)
    context = wanted_context or DEFAULT_CONTEXT
    return OllamaTalk(wire, model, min(context, largest) if largest else context)


def _root(wire: Wire) -> str:
    return wire.server.url.removesuffix("/v1")


def _largest_context(shown: Any) -> int:
    facts = shown.get("model_info") if isinstance(shown, Mapping) else None
    if not isinstance(facts, Mapping):
        return 0
    return next((whole(value) for name, value in facts.items() if name.endswith(".context_length")), 0)


def _piece(chunk: Any, host: str) -> Piece:
    if not isinstance(chunk, dict):
        not_understood(host, "no chunk")
    if chunk.get("error"):
        complain(chunk["error"], host)
    message = chunk.get("message")
    said = message if isinstance(message, dict) else {"content": chunk.get("response")}
    text = said.get("content")
    if text is not None and not isinstance(text, str):
        not_understood(host, "no text")
    tokens = int(bool(text or said.get("thinking") or chunk.get("thinking")))
    if not chunk.get("done"):
        return Piece(text or "", tokens)
    counts = Counts(
        whole(chunk.get("prompt_eval_count")),
        0,
        whole(chunk.get("eval_count")),
        whole(chunk.get("prompt_eval_duration")) / 1e9,
        whole(chunk.get("eval_duration")) / 1e9,
    )
    return Piece(text or "", tokens, (), "length" if chunk.get("done_reason") == "length" else "end", counts)
