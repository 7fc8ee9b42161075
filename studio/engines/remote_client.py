"""The way to one server and back: what may go, for how long we wait, how much may come.

Imported only when a server is really asked. The HTTP library is the one that huggingface_hub brings
along: httpx2 since its version 2, httpx before; the studio uses what both have in common. A call runs
on an event loop of its own on the calling thread, so that pressing Stop closes the connection at once,
whatever it waits for, and no thread is left behind.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import functools
import json
import ssl
import urllib.request
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from studio.engines.remote_servers import Patience, RemoteServer
from studio.engines.remote_words import StatusError, cut, hung, nobody_there, not_understood, web_page
from studio.errors import CancelledError, InputError
from studio.jobs import CancelToken
from studio.network import NetworkGate
from studio.phrases import phrase

if TYPE_CHECKING:
    import httpx2 as httpx
else:
    try:
        import httpx2 as httpx
    except ImportError:
        import httpx

T = TypeVar("T")

LARGEST_LIST_BYTES = 16_000_000
"""Of a list of models or of vectors."""

LARGEST_STREAM_BYTES = 64_000_000
_LARGEST_LINE = 1_000_000
_LARGEST_COMPLAINT_BYTES = 64_000
_LOOK_S = 0.04
"""How often the wish to stop is looked at."""


def run(work: Coroutine[Any, Any, T], *tokens: CancelToken) -> T:
    """Run `work` on this thread until it is done; CancelledError soon after one of `tokens` was cancelled.

    The connection is closed when this returns. Only the look-up of a name cannot be called back: its
    thread ends by itself.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_stoppable(work, tokens))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _stoppable(work: Coroutine[Any, Any, T], tokens: tuple[CancelToken, ...]) -> T:
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait({task}, timeout=_LOOK_S)
        if not task.done() and any(token.cancelled for token in tokens):
            task.cancel()
            await asyncio.wait({task}, timeout=_LOOK_S)
            raise CancelledError
    return task.result()


@functools.cache
def _trust(secure: bool) -> ssl.SSLContext:
    """Return whom we trust; made once, since it reads a few hundred certificates.

    A plain connection has nothing to check and trusts nobody.
    """
    return httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Wire:
    """Send to one server and receive, within limits; `size_bytes` counts what went both ways."""

    def __init__(self, server: RemoteServer, network: NetworkGate, patience: Patience) -> None:
        self.server = server
        self.patience = patience
        self.size_bytes = 0
        self._network = network

    def client(self) -> httpx.AsyncClient:
        """Return a client for this server: no redirects, no cookies of old, no packed answers."""
        scheme = urlsplit(self.server.url).scheme or "https"
        try:
            proxy = self._proxy(scheme)
            secure = scheme == "https" or proxy is not None
            transport = httpx.AsyncHTTPTransport(verify=_trust(secure), proxy=proxy)
        except (ValueError, ImportError) as error:  # a scheme that is unknown, or needs a library more
            raise InputError(
                phrase("The proxy cannot be used."),
                kept=phrase("Nothing was sent."),
                next=phrase("Look at the proxy in Settings."),
                detail=str(error),
            ) from error
        return httpx.AsyncClient(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            # Reading has patience of its own, which knows tokens from signs of life.
            timeout=httpx.Timeout(self.patience.connect_s, read=None),
            headers={"Accept-Encoding": "identity", "User-Agent": "sprout-studio"},
            event_hooks={"request": [self._count_request], "response": [self._count_response]},
        )

    def _proxy(self, scheme: str) -> str | None:
        """Return the proxy of the settings, else of the system; none for this very computer."""
        if self.server.on_this_computer:
            return None
        chosen = self._network.proxies().get(scheme)
        if chosen is None and not urllib.request.proxy_bypass(self.server.host):
            chosen = urllib.request.getproxies().get(scheme)
        return chosen or None

    async def _count_request(self, request: httpx.Request) -> None:
        self.size_bytes += int(request.headers.get("content-length", 0))

    async def _count_response(self, response: httpx.Response) -> None:
        if response.is_redirect:
            raise StatusError(response.status_code, "")
        if response.headers.get("content-encoding", "identity") != "identity":
            not_understood(self.server.host, "packed although we asked for plain")
        if response.status_code == 200 and "html" in response.headers.get("content-type", "").casefold():
            web_page(self.server.host)
        most = LARGEST_STREAM_BYTES if response.status_code == 200 else _LARGEST_COMPLAINT_BYTES
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - what an async client always has
        response.stream = _Counted(response.stream, self, most)

    def _headers(self) -> dict[str, str]:
        key = self.server.key()
        return {"Authorization": f"Bearer {key}"} if key else {}

    async def json(self, method: str, url: str, body: Any = None, *, within_s: float = 0.0) -> Any:
        """Return the JSON that the server answers; StatusError, EngineError in words."""
        try:
            async with asyncio.timeout(within_s or self.patience.list_s):
                async with self._open(method, url, body) as reply:
                    raw = await _read(reply, LARGEST_LIST_BYTES)
        except TimeoutError:
            hung(self.server.host)
        if len(raw) > LARGEST_LIST_BYTES:
            not_understood(self.server.host, "an answer without end")
        return self.parsed(raw.decode("utf-8", "replace"))

    @contextlib.asynccontextmanager
    async def stream(self, url: str, body: Any) -> AsyncIterator[tuple[str, AsyncIterator[str]]]:
        """Post `body`; give the kind of content and the lines of the answer as they come."""
        async with self._open("POST", url, body) as reply:
            kind = reply.headers.get("content-type", "").partition(";")[0].strip().casefold()
            yield kind, self._lines(reply)

    @contextlib.asynccontextmanager
    async def _open(self, method: str, url: str, body: Any) -> AsyncIterator[httpx.Response]:
        with explained(self.server.host):
            async with (
                self.client() as client,
                client.stream(method, url, json=body, headers=self._headers()) as reply,
            ):
                if reply.status_code != 200:
                    text = (await _read(reply, _LARGEST_COMPLAINT_BYTES)).decode("utf-8", "replace")
                    raise StatusError(reply.status_code, text, reply.headers.get("retry-after", ""))
                yield reply

    async def _lines(self, reply: httpx.Response) -> AsyncIterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        rest = ""
        async for chunk in reply.aiter_raw():
            try:
                rest += decoder.decode(chunk)
            except UnicodeDecodeError:
                not_understood(self.server.host, "no UTF-8")
            *whole, rest = rest.split("\n")
            if len(rest) > _LARGEST_LINE:
                not_understood(self.server.host, "a line without end")
            for line in whole:
                yield line.removesuffix("\r")
        if rest:
            yield rest.removesuffix("\r")

    def parsed(self, text: str) -> Any:
        """Return the JSON of `text`, or raise EngineError in words."""
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            if text.lstrip()[:1] == "<":
                web_page(self.server.host)
            not_understood(self.server.host, f"no JSON: {type(error).__name__}")


class _Counted(httpx.AsyncByteStream):
    """Pass a body on, and stop when it grows without end."""

    def __init__(self, inner: httpx.AsyncByteStream, wire: Wire, most_bytes: int) -> None:
        self._inner, self._wire, self._most, self._size = inner, wire, most_bytes, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._size += len(chunk)
            self._wire.size_bytes += len(chunk)
            if self._size > self._most:
                not_understood(self._wire.server.host, "an answer without end")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _read(reply: httpx.Response, most_bytes: int) -> bytes:
    """Return the body; of one that is longer, a little more than `most_bytes`."""
    raw = bytearray()
    async for chunk in reply.aiter_raw():
        raw += chunk
        if len(raw) > most_bytes:
            break
    return bytes(raw)


@contextlib.contextmanager
def explained(host: str) -> Iterator[None]:
    """Turn what the HTTP library says into our own errors."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        nobody_there(host, error)
    except (httpx.TransportError, httpx.StreamError) as error:
        cut(host, f"{type(error).__name__}: {error}")
    except (httpx.InvalidURL, httpx.CookieConflict) as error:
        not_understood(host, str(error))
