"""One answer at a time: who comes later waits, who comes too late is sent away, who leaves is forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from studio import logs
from studio.errors import CancelledError, StudioError
from studio.jobs import CancelToken
from studio.jobs.runner import unexpected

log = logs.get("serving")

MOST_WAITING = 8
"""Requests in the queue beside the one that is being answered."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Tell = Callable[[Any], None]
Call = Callable[[Tell, CancelToken], Any]
"""Work on the model's thread; what it tells on the way is passed on, what it returns comes last."""


class BusyError(Exception):
    """Report that the queue is full."""


class StoppedError(Exception):
    """Report that the server is being stopped."""


class GoneError(Exception):
    """Report that the client left before its answer was whole."""


class Turns:
    """Give each call its turn on the one thread of the model."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="serve-model")
        self._lock = threading.Lock()
        self._tokens: set[CancelToken] = set()
        self._stopped = False

    async def take(self, call: Call, receive: Receive) -> AsyncGenerator[Any, None]:
        """Give what `call` tells, then what it returns; stop it when the client leaves.

        Raises BusyError at once when too many wait, GoneError, StoppedError, and the StudioError of `call`.
        """
        loop = asyncio.get_running_loop()
        news: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

        def put(kind: str, item: Any = None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody listens
                loop.call_soon_threadsafe(news.put_nowait, (kind, item))

        token = CancelToken()
        future = self._submit(call, lambda item: put("told", item), token)
        future.add_done_callback(lambda _: put("done"))
        watch = loop.create_task(_until_gone(receive, news))
        try:
            while (item := await news.get())[0] == "told":
                yield item[1]
            if item[0] == "gone":
                raise GoneError
            yield self._result(future)
        finally:
            token.cancel()
            future.cancel()
            watch.cancel()

    def _submit(self, call: Call, tell: Tell, token: CancelToken) -> Future[Any]:
        with self._lock:
            if self._stopped:
                raise StoppedError
            if len(self._tokens) > MOST_WAITING:
                raise BusyError
            self._tokens.add(token)
            future = self._pool.submit(self._run, call, tell, token)
        future.add_done_callback(lambda _: self._forget(token))
        return future

    def _run(self, call: Call, tell: Tell, token: CancelToken) -> Any:
        token.check()
        return call(tell, token)

    def _forget(self, token: CancelToken) -> None:
        with self._lock:
            self._tokens.discard(token)

    def _result(self, future: Future[Any]) -> Any:
        if self._stopped:
            raise StoppedError
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, CancelledError):
            raise StoppedError
        if isinstance(error, StudioError):
            raise error
        log.error("a call broke", exc_info=error)
        raise unexpected(error)

    def cancel(self) -> None:
        """Take no more calls, and stop all that run or wait."""
        with self._lock:
            self._stopped = True
            tokens = tuple(self._tokens)
        for token in tokens:
            token.cancel()

    def close(self) -> None:
        """Stop all calls and wait for the last one."""
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)


async def _until_gone(receive: Receive, news: asyncio.Queue[tuple[str, Any]]) -> None:
    """Say so when the client has closed its end."""
    while (await receive())["type"] != "http.disconnect":
        pass
    news.put_nowait(("gone", None))
