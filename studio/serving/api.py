"""What the server answers: chat, completions, embeddings and the list of models, in the OpenAI way."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio import logs
from studio.engines.base import Generation
from studio.errors import (
    BlockedError,
    InputError,
    MissingError,
    NotFoundError,
    OfflineError,
    StudioError,
)
from studio.phrases import phrase
from studio.serving import replies
from studio.serving.bodies import ChatBody, CompletionBody, EmbeddingBody, read
from studio.serving.guard import Receive, Scope, Send, error_body
from studio.serving.server import Models
from studio.serving.turns import BusyError, Call, GoneError, StoppedError, Turns

log = logs.get("serving")

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (InputError, 400),
    (BlockedError, 403),
    (OfflineError, 503),
    (MissingError, 503),
    (BusyError, 429),
    (StoppedError, 503),
    (GoneError, 499),
)


class Api:
    """Answer requests that the guard let through."""

    def __init__(self, models: Models, turns: Turns) -> None:
        self._models = models
        self._turns = turns
        self._since = int(time.time())

    def app(self) -> Starlette:
        """Return the ASGI application."""
        routes = [
            Route("/v1/models", self._list, methods=["GET"]),
            Route("/v1/chat/completions", self._chat, methods=["POST"]),
            Route("/v1/completions", self._complete, methods=["POST"]),
            Route("/v1/embeddings", self._embed, methods=["POST"]),
        ]
        handled = (StudioError, BusyError, StoppedError, GoneError)
        return Starlette(routes=routes, exception_handlers=dict.fromkeys(handled, _explain))

    async def _list(self, request: Request) -> Response:
        names = self._models.names()
        cards = [
            {"id": name, "object": "model", "created": self._since, "owned_by": "sprout"} for name in names
        ]
        return _json({"object": "list", "data": cards})

    async def _chat(self, request: Request) -> Response:
        body = read(ChatBody, await request.body())
        return await self._write(request, body, replies.Chat(self._known(body.model)))

    async def _complete(self, request: Request) -> Response:
        body = read(CompletionBody, await request.body())
        return await self._write(request, body, replies.Completion(self._known(body.model)))

    async def _write(
        self, request: Request, body: ChatBody | CompletionBody, shape: replies.Shape
    ) -> Response:
        asked = body.request()

        def call(tell: Callable[[Any], None], token: Any) -> Generation:
            return self._models.generate(shape.model, asked, tell, token)

        if body.stream:
            return _EventStream(self._turns, call, shape, tells_usage=body.tells_usage)
        deltas: list[Any] = []
        async with contextlib.aclosing(self._turns.take(call, request.receive)) as news:
            async for item in news:
                deltas.append(item)
        return _json(shape.whole(deltas[-1], deltas[:-1]))

    async def _embed(self, request: Request) -> Response:
        body = read(EmbeddingBody, await request.body())
        model, texts = self._known(body.model), body.texts()

        def call(tell: Callable[[Any], None], token: Any) -> Any:
            return self._models.embed(model, texts, token)

        async with contextlib.aclosing(self._turns.take(call, request.receive)) as news:
            vectors = await anext(news)
        return _json(replies.embeddings(model, vectors, packed=body.encoding_format == "base64"))

    def _known(self, name: str) -> str:
        """Return the name if it is on the list, letter for letter: it never becomes a path."""
        if name not in self._models.names():
            raise NotFoundError(
                phrase("There is no such model here."), next=phrase("GET /v1/models lists those that are.")
            )
        return name


class _EventStream(Response):
    """Send an answer as it is written.

    The head goes out with the first piece, so that a refusal before it still has a status of its own.
    """

    def __init__(self, turns: Turns, call: Call, shape: replies.Shape, *, tells_usage: bool) -> None:
        super().__init__()
        self._turns, self._call, self._shape, self._tells_usage = turns, call, shape, tells_usage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, the events and the end."""
        with contextlib.suppress(GoneError):  # nobody is left to tell
            await self._send(receive, send)

    async def _send(self, receive: Receive, send: Send) -> None:
        async with contextlib.aclosing(self._turns.take(self._call, receive)) as news:
            first = await anext(news)
            headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            async for event in self._events(first, news):
                data = f"data: {event}\n\n".encode()
                await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _events(self, first: Any, news: AsyncGenerator[Any, None]) -> AsyncGenerator[str, None]:
        for chunk in self._shape.opening():
            yield json.dumps(chunk)
        written, item = "", first
        try:
            while not isinstance(item, Generation):
                written += item.text
                yield json.dumps(self._shape.piece(item))
                item = await anext(news)
        except (StudioError, BusyError, StoppedError) as error:
            yield error_body(_words(error), _kind(error)).decode()
            return
        for chunk in self._last(item, written):
            yield json.dumps(chunk)
        yield "[DONE]"

    def _last(self, generation: Generation, written: str) -> Iterator[dict[str, Any]]:
        """Give the end; what was streamed and then written anew (an answer that broke its form) is no answer."""
        rest = generation.text.removeprefix(written)
        if written and rest == generation.text:
            message = "The answer was written anew on the way. Ask without streaming."
            yield json.loads(error_body(message, "server_error"))
            return
        if rest:
            yield self._shape.text(rest)
        yield self._shape.closing(generation)
        if self._tells_usage:
            yield self._shape.counts(generation)


def _json(data: Any, status: int = 200) -> Response:
    return Response(
        json.dumps(data, ensure_ascii=False), status_code=status, headers={"content-type": "application/json"}
    )


def _status(error: Exception) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _kind(error: Exception) -> str:
    return "invalid_request_error" if _status(error) in (400, 404) else "server_error"


def _words(error: Exception) -> str:
    if isinstance(error, BusyError):
        return "Too many requests wait already. Try again in a moment."
    return "The server is being stopped." if isinstance(error, StoppedError) else str(error)


async def _explain(request: Request, error: Exception) -> Response:
    status = _status(error)
    log.info("a request failed: %s", type(error).__name__)
    headers = {"content-type": "application/json"} | ({"retry-after": "2"} if status == 429 else {})
    return Response(error_body(_words(error), _kind(error)), status_code=status, headers=headers)
