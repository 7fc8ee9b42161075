"""Who may ask at all: looked at before anything else, in this order, for every request.

Host, Origin, token, the grown-up's permission, path and method, kind of content, size. The first keeps out
web pages that point a name of theirs at this computer, the second every page there is, the third every
program that nobody gave the token to. Nothing here or behind it turns what was sent into a path on the disk.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from studio.errors import BlockedError

LARGEST_BODY_BYTES = 1_000_000
_BODY_S = 10.0
ROUTES = {
    "/v1/models": "GET",
    "/v1/chat/completions": "POST",
    "/v1/completions": "POST",
    "/v1/embeddings": "POST",
}

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _RefusedError(Exception):
    def __init__(self, status: int, message: str, *headers: tuple[bytes, bytes]) -> None:
        self.status, self.message, self.headers = status, message, headers
        super().__init__(message)


class Guard:
    """Stand before an ASGI application and let through what may pass; the body is whole by then."""

    def __init__(
        self, app: App, *, port: int, token: str, require: Callable[[], None], origins: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost", "[::1]")}
        self._origins = {origin.encode() for origin in origins}
        self._token = token.encode()
        self._require = require

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            return
        try:
            self._check(scope)
            body = await _body(scope, receive)
        except _RefusedError as refused:
            await _refuse(send, refused)
            return
        waiting = [body]

        async def replay() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            return await receive()

        await self._app(scope, replay, send)

    def _check(self, scope: Scope) -> None:
        hosts = _values(scope, b"host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            raise _RefusedError(403, "This server answers to its own address only.")
        origins = _values(scope, b"origin")
        if origins and (len(origins) > 1 or origins[0] not in self._origins):
            raise _RefusedError(403, "Web pages may not ask this server.")
        if not self._has_token(scope):
            raise _RefusedError(401, "The token is missing or wrong.", (b"www-authenticate", b"Bearer"))
        try:
            self._require()
        except BlockedError as error:
            raise _RefusedError(403, str(error)) from error
        _check_route(scope)

    def _has_token(self, scope: Scope) -> bool:
        given = _values(scope, b"authorization")
        if len(given) != 1:
            return False
        kind, _, token = given[0].partition(b" ")
        # Both are compared whatever the first says, so that the time tells nothing.
        return hmac.compare_digest(token, self._token) & (kind.lower() == b"bearer")


def _check_route(scope: Scope) -> None:
    method = ROUTES.get(scope["path"])
    if method is None:
        raise _RefusedError(404, "There is nothing at this path.")
    if scope["method"] != method:
        raise _RefusedError(405, f"Use {method}.", (b"allow", method.encode()))
    if method == "POST":
        kinds = _values(scope, b"content-type")
        kind, _, parameter = (kinds[0] if len(kinds) == 1 else b"").lower().partition(b";")
        plain = parameter.strip() in (b"", b"charset=utf-8", b'charset="utf-8"')
        if kind.strip() != b"application/json" or not plain or _values(scope, b"content-encoding"):
            raise _RefusedError(415, "Send application/json.")


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Return the whole body; nobody may keep us waiting for it, or fill the memory with it."""
    claimed = _values(scope, b"content-length")
    if claimed and (not claimed[0].isdigit() or int(claimed[0][:12]) > LARGEST_BODY_BYTES):
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _RefusedError(400, "The request broke off.")
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY_BYTES:
                    raise _too_large()
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise _RefusedError(408, "The request took too long to arrive.") from None


def _too_large() -> _RefusedError:
    return _RefusedError(413, f"At most {LARGEST_BODY_BYTES} bytes.")


def error_body(message: str, kind: str) -> bytes:
    """Return an error in the form that OpenAI's clients read."""
    return json.dumps({"error": {"message": message, "type": kind, "code": None}}).encode()


async def _refuse(send: Send, refused: _RefusedError) -> None:
    body = error_body(refused.message, "invalid_request_error")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *refused.headers,
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
