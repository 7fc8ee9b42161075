"""llama.cpp inside this process, through `xllamacpp`: made quiet, without a port, and with our own words.

`xllamacpp` always listens (its README and source, `src/xllamacpp/server.cpp`), so it is given a socket in
a folder that only this user can open, and a random key; on Windows, where Python has no such sockets, a
random port of 127.0.0.1 with the key. We use the socket to ask for tokens; everything else goes by calls.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.engines.checks.gguf_header import GgufHeader
from studio.engines.threads import spin_less
from studio.errors import EngineError, InputError, MissingError
from studio.phrases import phrase

PIECE_ROWS = 64
"""How many tokens of a prompt are computed at once: Stop is heard between. More made no difference on a processor."""

_SPINS = 500
_LONGEST_SOCKET_BYTES = 100
_TIMEOUT_S = 60.0
_DRAFT_AFTER_TOKENS, _DRAFT_TOKENS = 8, 16

OnEvent = Callable[[Mapping[str, Any]], bool]
"""Take one event of a stream; return True to stop it."""


@dataclass(frozen=True)
class ServerOptions:
    """Say how a model is started; `card` lets it use a graphics card."""

    context: int
    threads: int
    drafts: bool = False
    embeds: bool = False
    pooling: int | None = None
    card: bool = False


def runtime() -> Any:
    """Import `xllamacpp`; MissingError in words when it is not installed or does not fit this computer.

    Its threads wait for each other by spinning, 300,000 turns by default in GNU's OpenMP. Beside any other
    busy program that costs most of the time: a 135M model wrote 1 to 6 tokens a second instead of 26
    (measured on 2 cores with 3 busy ones). After 500 turns they sleep: as fast on a quiet machine.
    """
    spin_less(_SPINS)
    try:
        import xllamacpp  # noqa: PLC0415 - only here, and only when a model is opened
    except ImportError as error:
        raise MissingError(
            phrase("The part of the studio that opens GGUF models (llama.cpp) is not installed."),
            kept=phrase("Your work is safe."),
            next=phrase("Run the set-up again, with the parts for models, or choose another kind of model."),
            detail=f"import xllamacpp: {error}",
        ) from error
    return xllamacpp


@dataclass(frozen=True)
class Card:
    """Name a graphics card that llama.cpp can use, and what drives it: "cuda", "mps", "vulkan"."""

    kind: str
    name: str


def find_card() -> Card | None:
    """Return the first graphics card that the installed llama.cpp was built for and finds, or None."""
    for device in runtime().get_device_info():
        kind = str(device["name"]).rstrip("0123456789").casefold()
        if "GPU" in device["type"].name:
            return Card("mps" if kind in {"metal", "mtl"} else kind, str(device["description"]))
    return None


class LlamaServer:
    """Run one model. One call at a time, all but `close` on the thread that made it."""

    def __init__(self, header: GgufHeader, options: ServerOptions) -> None:
        """Load the model; the interpreter stands still until it is there.

        Raises InputError when llama.cpp cannot open it, MissingError when llama.cpp is not installed.
        """
        self._runtime = runtime()
        self._key = secrets.token_urlsafe(32)
        self._folder = _own_folder()
        try:
            self._server = self._start(header, options)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._address = str(self._server.listening_address)
        self._warm(options)

    def close(self) -> None:
        """Unload the model."""
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def tokens(self, text: str, *, start: bool, marks: bool) -> list[int]:
        """Return the token ids of a text; with the model's mark of a beginning, and with its marks read as such."""
        body = {"content": text, "add_special": start, "parse_special": marks}
        return list(self._post("/tokenize", body)["tokens"])

    def stream(self, request: Mapping[str, Any], on_event: OnEvent) -> None:
        """Run a completion; raise what `on_event` raises, and InputError or EngineError for llama.cpp's own."""
        raised: list[BaseException] = []

        def take(data: bytes) -> bool:
            try:
                event = json.loads(data)
                if "error" in event:
                    raise _said(event["error"])
                return on_event(event)
            except BaseException as error:  # noqa: BLE001 - the binding would swallow it; it goes on below
                raised.append(error)
                return True

        self._server.handle_completions(json.dumps({**request, "stream": True}).encode(), take)
        if raised:
            raise raised[0]

    def embed(self, tokens: Sequence[int]) -> list[float]:
        """Return the vector of one text, of length 1."""
        answer = json.loads(self._server.handle_embeddings(json.dumps({"input": list(tokens)}).encode()))
        if "error" in answer:
            raise _said(answer["error"])
        return list(answer["data"][0]["embedding"])

    def _warm(self, options: ServerOptions) -> None:
        """Read one token: the weights come in from the disk, and the loop of llama.cpp has begun.

        A server that is given up before its loop has begun waits for itself for ever (2026.10.11549).
        """
        if options.embeds:
            self.embed([0])
        else:
            self.stream({"prompt": [0], "n_predict": 0}, lambda event: False)

    # -------------------------------------------------------- starting

    def _start(self, header: GgufHeader, options: ServerOptions) -> Any:
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return self._runtime.Server(self._parameters(header, options))
        except RuntimeError as error:
            raise InputError(
                phrase(
                    "This model could not be opened. It is damaged, or of a kind ({kind}) that the installed"
                    " llama.cpp does not know.",
                    kind=header.architecture,
                ),
                kept=phrase("Your work is safe."),
                next=phrase("Get the model again, update the studio, or choose another model."),
                detail=f"{header.architecture}: {error}",
            ) from error
        finally:
            _put_back(handlers)

    def _parameters(self, header: GgufHeader, options: ServerOptions) -> Any:
        made = self._runtime.CommonParams()
        made.model.path = str(header.parts[0])
        made.n_ctx = options.context
        made.n_parallel = 1
        made.warmup = False  # ours comes after it
        made.n_batch = made.n_ubatch = options.context if options.embeds else PIECE_ROWS
        made.cpuparams.n_threads = made.cpuparams_batch.n_threads = options.threads
        _set(
            made, cache_ram_mib=0, n_ctx_checkpoints=4
        )  # copies of old conversations: memory nobody asked for
        # The model's own template is a program; ours runs where one that never ends can be stopped.
        made.chat_template = "chatml"
        made.n_gpu_layers = -1 if options.card else 0
        _set(made, fit_params=options.card)
        if options.drafts:
            self._draft(made)
        if options.embeds:
            made.embedding = True
            if options.pooling is not None:
                made.pooling_type = self._runtime.llama_pooling_type(options.pooling)
        self._shut(made)
        return made

    def _draft(self, made: Any) -> None:
        """Let llama.cpp guess on from an earlier place with the same tokens.

        Measured with the small trained model of the tests: edits that repeat an app take 2.8 times fewer
        seconds with runs of 8 (3.3 times with runs of 4, but then other answers lose up to 7 %).
        """
        kinds = self._runtime.common_speculative_type
        _set(made.speculative, types=[kinds.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE])
        _set(made.speculative.ngram_simple, size_n=_DRAFT_AFTER_TOKENS, size_m=_DRAFT_TOKENS)

    def _shut(self, made: Any) -> None:
        """Close every door that we do not use."""
        windows = sys.platform == "win32"
        made.hostnames = ["127.0.0.1"] if windows else [str(self._folder / "s.sock")]
        made.port = 0
        made.api_keys = [self._key]
        made.n_threads_http = 2
        _set(made, ui=False, webui=False, endpoint_slots=False, endpoint_props=False, endpoint_metrics=False)
        _set(made, cors_origins="", cors_credentials=False, cors_origins_explicit=True, offline=True)
        made.verbosity = 1  # errors only, to standard error

    def _post(self, route: str, body: Mapping[str, Any]) -> Any:
        connection = _connect(self._address)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request("POST", route, json.dumps(body).encode(), headers)
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise EngineError(
                phrase("The model stopped answering."),
                kept=phrase("Your words are kept."),
                next=phrase("Try again."),
                detail=f"{route}: {error!r}",
            ) from error
        finally:
            connection.close()
        if "error" in answer:
            raise _said(answer["error"])
        return answer


def _set(made: Any, **values: Any) -> None:
    """Set what this version of the binding knows; older ones lack some of the switches."""
    for name, value in values.items():
        if hasattr(made, name):
            setattr(made, name, value)


def _own_folder() -> Path:
    """Make a folder that only this user can open, with a name short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="s"))
    if len(os.fsencode(folder)) < _LONGEST_SOCKET_BYTES - 8 or sys.platform == "win32":
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="s", dir="/tmp"))


def _put_back(handlers: Mapping[Any, Any]) -> None:
    """Give the signals back to whoever had them: llama.cpp takes SIGINT and SIGTERM when it starts."""
    if threading.current_thread() is not threading.main_thread():
        return  # only the main thread may, and only there do they belong to somebody
    for number, handler in handlers.items():
        signal.signal(number, signal.SIG_DFL if handler is None else handler)


class _SocketConnection(http.client.HTTPConnection):
    """Speak HTTP over a socket that is a file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT_S)
        self.sock.connect(self._path)


def _connect(address: str) -> http.client.HTTPConnection:
    if address.startswith("unix://"):
        return _SocketConnection(address.removeprefix("unix://"))
    host, _, port = address.removeprefix("http://").rstrip("/").rpartition(":")
    return http.client.HTTPConnection(host, int(port), timeout=_TIMEOUT_S)


def _said(error: Any) -> EngineError | InputError:
    """Return llama.cpp's own error in words; what it said goes to the log."""
    detail = json.dumps(error, ensure_ascii=False)[:2000]
    kind = error.get("type") if isinstance(error, dict) else None
    if kind == "exceed_context_size_error":
        return InputError(
            phrase("The text is too long for this model."),
            kept=phrase("Your words are kept."),
            next=phrase("Make it shorter, or load the model with a longer memory (context)."),
            detail=detail,
        )
    if kind == "invalid_request_error":
        return InputError(
            phrase("The model cannot do this."),
            kept=phrase("Your words are kept."),
            next=phrase("Ask in another way, or choose another model."),
            detail=detail,
        )
    return EngineError(
        phrase("The model stopped with an error."),
        kept=phrase("Your words are kept."),
        next=phrase("Try again. If that does not help, choose another model."),
        detail=detail,
    )
