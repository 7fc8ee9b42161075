"""Start and stop the server: one socket on 127.0.0.1, one thread for the requests, one for the model."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from studio import logs
from studio.engines.base import Generation, GenerationRequest, OnDelta
from studio.errors import InputError, MissingError, StudioError
from studio.jobs import CancelToken
from studio.phrases import phrase

if TYPE_CHECKING:
    import numpy as np

    from studio.serving.turns import Turns

log = logs.get("serving")

HOST = "127.0.0.1"
"""The only address that the server ever listens on."""

TOKEN_BYTES = 32
_START_S = 10.0
_STOP_S = 10.0
_MOST_CONNECTIONS = 64


class Models(Protocol):
    """Be who answers: the models of this computer by their short references."""

    def names(self) -> tuple[str, ...]:
        """Return the references of the models that may be asked."""
        ...

    def generate(
        self, ref: str, request: GenerationRequest, on_delta: OnDelta, token: CancelToken
    ) -> Generation:
        """Write an answer; see `studio.engines.base.Engine`."""
        ...

    def embed(self, ref: str, texts: Sequence[str], token: CancelToken) -> np.ndarray[Any, Any]:
        """Return float32 [len(texts), width], rows of length 1."""
        ...


@dataclass(frozen=True)
class Address:
    """Say where the server is and what opens it; show it to the user, never log it."""

    port: int
    token: str = field(repr=False)

    @property
    def url(self) -> str:
        """Return what other programs call the base address."""
        return f"http://{HOST}:{self.port}/v1"


class ModelServer:
    """Serve the models of this computer to the programs on it, in the OpenAI way.

    `require` raises BlockedError unless a grown-up allowed it; it is asked at the start and for every
    request. `origins` lists pages (scheme, host and port) whose requests are taken; none by default.
    """

    def __init__(
        self, models: Models, *, require: Callable[[], None], port: int = 0, origins: Sequence[str] = ()
    ) -> None:
        self._models = models
        self._require = require
        self._port = port
        self._origins = tuple(origins)
        self._thread: threading.Thread | None = None
        self._server: Any = None
        self._turns: Turns | None = None
        self._address: Address | None = None

    @property
    def address(self) -> Address | None:
        """Return where it listens; None while it does not."""
        return self._address

    def start(self) -> Address:
        """Listen, with a new token; return when requests are taken. A second call changes nothing.

        Raises BlockedError, InputError for a port that cannot be had, MissingError without the libraries.
        """
        if self._address is not None:
            return self._address
        self._require()
        _check_origins(self._origins)
        listener = _listen(self._port)
        address = Address(listener.getsockname()[1], secrets.token_urlsafe(TOKEN_BYTES))
        try:
            self._turns, self._server = self._build(address)
        except ImportError as error:
            listener.close()
            raise _missing(error) from error
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="serve")
        self._thread.start()
        deadline = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                listener.close()
                raise StudioError(
                    phrase("The server did not start."),
                    kept=phrase("Nothing was changed."),
                    next=phrase("Try again, or choose another port."),
                )
            time.sleep(0.005)
        self._address = address
        log.info("serving")
        return address

    def _build(self, address: Address) -> tuple[Turns, Any]:
        # Late: nobody pays for the server libraries who does not serve.
        import uvicorn  # noqa: PLC0415

        from studio.serving.api import Api  # noqa: PLC0415
        from studio.serving.guard import Guard  # noqa: PLC0415
        from studio.serving.turns import Turns  # noqa: PLC0415

        class Server(uvicorn.Server):
            """Leave the signals of the program to the program, on whichever thread this runs."""

            @contextlib.contextmanager
            def capture_signals(self) -> Iterator[None]:
                yield

        turns = Turns()
        app = Guard(
            Api(self._models, turns).app(),
            port=address.port,
            token=address.token,
            require=self._require,
            origins=self._origins,
        )
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=1,
            headers=[("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")],
        )
        return turns, Server(config)

    def wait(self) -> None:
        """Return when the server was stopped; Ctrl+C gets through."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.2)

    def stop(self) -> None:
        """Stop what is being written, close the socket and forget the token; nothing is left after it."""
        self._address = None
        if self._turns is not None:
            self._turns.cancel()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_S)
        if self._turns is not None:
            self._turns.close()
            log.info("no longer serving")
        self._thread = self._server = self._turns = None


def _check_origins(origins: Sequence[str]) -> None:
    """Refuse what would let in more than one page: `null` is every sandboxed page and every local file."""
    for origin in origins:
        scheme, separator, rest = origin.partition("://")
        if not separator or scheme in ("file", "data") or not rest or set(rest) & set("*/ "):
            raise InputError(
                phrase("“{origin}” cannot be let in.", origin=origin[:80]),
                kept=phrase("The server did not start."),
                next=phrase("Write it like https://example.org."),
            )


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1 alone; port 0 takes a free one."""
    if port != 0 and not 1024 <= port <= 65535:
        raise InputError(
            phrase("{port} is no port for this.", port=port),
            kept=phrase("The server did not start."),
            next=phrase("Choose a number from 1024 to 65535."),
        )
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "nt":  # else another program could take over the same port
            listener.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE"), 1)  # noqa: B009
        else:  # a port that this program gave back a moment ago is free again
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(_MOST_CONNECTIONS)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise InputError(
            phrase("Another program uses the port {port}.", port=port),
            kept=phrase("The server did not start."),
            next=phrase("Choose another port, or none to get a free one."),
            detail=str(error),
        ) from error
    return listener


def _missing(error: ImportError) -> MissingError:
    return MissingError(
        phrase("The part that shares models with other programs is not installed."),
        kept=phrase("The server did not start."),
        next=phrase("Run the set-up again without “--light”."),
        detail=str(error),
    )
