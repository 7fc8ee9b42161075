"""A model server on 127.0.0.1 that speaks the OpenAI way (and Ollama's), and misbehaves when asked to.

    with RemoteServer(answers=["Hello!"]) as server:
        ...  # server.url, server.asked

An answer that is not in the queue is "Hello there!", or for a server that keeps to schemas the smallest
value that fits. `fault` names what goes wrong, on chat unless the name says otherwise.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import select
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STATUS_FAULTS = {
    "no key": (401, '{"error":{"message":"bad key","type":"auth"}}'),
    "no model": (404, '{"error":{"message":"no such model"}}'),
    "too long": (400, '{"error":{"message":"This model\'s maximum context length is 5 tokens"}}'),
    "bad question": (422, '{"detail":"no"}'),
    "busy": (429, '{"error":"slow down"}'),
    "broken": (503, "<html>bad gateway</html>"),
}
PORTAL = "<!doctype html><p>Welcome to our wifi"
LIST_FAULTS = {
    "models html": (200, PORTAL, "text/html"),
    "models html without a type": (200, PORTAL),
    "models nonsense": (200, '{"models": 3}'),
    "models missing": (404, "{}"),
    "models locked": STATUS_FAULTS["no key"],
    "models broken": STATUS_FAULTS["broken"],
}
SAID_IN_THE_MIDDLE = {
    "complains": 'data: {"error": {"message": "out of memory", "code": 500}}\n\n',
    "nonsense": "data: {oops\n\n",
    "no events": "Hello I am no event stream\n\n",
}
PIECE = 4
"""Characters in one piece of an answer."""


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class RemoteServer:
    """Serve until the `with` block ends; `gone` is set when a client left a server that was hanging."""

    def __init__(
        self,
        *,
        answers: Sequence[str] = (),
        fault: str = "",
        enforces: bool = True,
        enforced_once: bool = False,
        models: Sequence[str] = ("tiny",),
        usage: bool = True,
        ollama: bool | str = False,
        vectors: Any = None,
    ) -> None:
        self.answers = list(answers)
        self.fault = fault
        self.enforces = enforces
        self.enforced_once = enforced_once
        self.models = models
        self.usage = usage
        self.ollama = ollama
        self.vectors = vectors
        self.asked: list[Asked] = []
        self.gone = threading.Event()
        self.hanging = threading.Event()
        self.over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="fake server")

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def chats(self) -> list[Any]:
        """Return the bodies of what was asked of a model."""
        return [entry.body for entry in self.asked if entry.body is not None and "embed" not in entry.path]

    def __enter__(self) -> RemoteServer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()  # waits for the threads of the requests

    # ------------------------------------------------------------ answering

    def next_answer(self, body: dict[str, Any]) -> str:
        wanted = body.get("response_format") or body.get("format")
        if wanted and self.enforces:
            if self.enforced_once:
                self.enforces = False
            # OpenAI's way, the way of text-generation-inference, Ollama's way
            schema = wanted.get("json_schema", {}).get("schema") or wanted.get("value") or wanted
            return json.dumps(smallest(schema))
        return self.answers.pop(0) if self.answers else "Hello there!"

    def hang(self, connection: Any) -> None:
        """Say nothing until the client leaves or the test is over."""
        self.hanging.set()
        while not self.over.wait(0.01):
            readable, _, _ = select.select([connection], [], [], 0)
            if readable and not connection.recv(1):
                self.gone.set()
                return

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(_Handler):
            owner = server

        return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: RemoteServer

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        self._note(None)
        owner = self.owner
        if self.path == "/api/version" and owner.ollama:
            self._reply(200, '{"version": "0.30.1"}')
        elif not self.path.endswith("/models"):
            self._reply(404, "{}")
        elif owner.fault == "models endless":
            self._endless()
        elif owner.fault in LIST_FAULTS:
            self._reply(*LIST_FAULTS[owner.fault])
        else:
            more: dict[str, Any] = {"max_model_len": 4096}
            if owner.ollama:
                more = {"owned_by": owner.ollama if isinstance(owner.ollama, str) else "library"}
            cards = [{"id": name, "object": "model"} | more for name in owner.models]
            self._reply(200, json.dumps({"object": "list", "data": cards}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._note(body)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._answer(body)

    def _note(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.owner.asked.append(Asked(self.command, self.path, headers, body))

    def _answer(self, body: Any) -> None:
        owner, fault = self.owner, self.owner.fault
        if self.path.endswith("/embeddings"):
            self._vectors(body)
        elif self.path == "/api/show":
            self._reply(200, '{"model_info": {"llama.context_length": 2048}}')
        elif fault == "refuses schemas" and body.get("response_format"):
            self._reply(400, '{"error":{"message":"response_format is unknown"}}')
        elif fault == "refuses extras" and set(body) & {"stream_options", "seed", "top_k"}:
            self._reply(400, '{"error":{"message":"unknown field"}}')
        elif not self._refuses(fault):
            answer = owner.next_answer(body)
            if fault == "at once":
                self._at_once(answer)
            else:
                self._stream(body, answer)

    def _refuses(self, fault: str) -> bool:
        """Answer with something that is no answer; return False if the fault is no such thing."""
        if fault in STATUS_FAULTS:
            self._reply(*STATUS_FAULTS[fault])
        elif fault == "elsewhere":
            self._reply(302, "", location=f"{self.owner.url}/v1/elsewhere")
        elif fault == "html":
            self._reply(200, "<html>Sign in to this network</html>", "text/html; charset=utf-8")
        elif fault == "packed":
            self._reply(200, gzip.compress(b"{}").decode("latin-1"), encoding="gzip")
        elif fault == "hangs":
            self.owner.hang(self.connection)
        else:
            return False
        return True

    # ------------------------------------------------------------ ways of answering

    def _reply(
        self,
        status: int,
        text: str,
        kind: str = "application/json",
        *,
        location: str = "",
        encoding: str = "",
    ) -> None:
        raw = text.encode("latin-1" if encoding else "utf-8")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        if location:
            self.send_header("Location", location)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(raw)

    def _at_once(self, text: str) -> None:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        self._reply(200, json.dumps({"choices": [choice], "usage": {"completion_tokens": 3}}))

    def _endless(self) -> None:
        self._start("application/json")
        with contextlib.suppress(OSError):
            while not self.owner.over.is_set():
                self._chunk("[" * 100_000)

    def _vectors(self, body: Any) -> None:
        vectors = self.owner.vectors
        if vectors is None:
            vectors = [[3.0, 4.0, float(number)] for number in range(len(body["input"]))]
        rows = [{"index": index, "embedding": row} for index, row in enumerate(vectors)]
        self._reply(200, json.dumps({"data": rows[::-1]}))

    def _start(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _chunk(self, text: str) -> None:
        raw = text.encode("utf-8")
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
        self.wfile.flush()

    def _stream(self, body: Any, text: str) -> None:
        ollama = self.path.startswith("/api/")
        self._start("application/x-ndjson" if ollama else "text/event-stream")
        for number, chunk in enumerate(_chunks(body, text, self.owner.usage, ollama)):
            if self._misbehaves(number):
                return
            self._chunk(f"{chunk}\n" if ollama else f"data: {chunk}\n\n")
        if not ollama and self.owner.fault != "no done":
            self._chunk("data: [DONE]\n\n")
        self._chunk_end()

    def _chunk_end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def _misbehaves(self, number: int) -> bool:
        """Do what the fault says before chunk `number`; return True when that was the end."""
        fault = self.owner.fault
        if fault == "comments":
            self._chunk(": still here\n\nevent: message\nid: 7\n")
        if number != 3:
            return False
        if fault in SAID_IN_THE_MIDDLE:
            self._chunk(SAID_IN_THE_MIDDLE[fault])
            self._chunk_end()
        elif fault == "ends early":
            self._chunk_end()
        elif fault == "hangs in the middle":
            self.owner.hang(self.connection)
        elif fault == "cut":
            self.close_connection = True
            self.connection.shutdown(2)
        elif fault == "half a letter":
            self.wfile.write(b"4\r\n\xff\xfe\n\n\r\n")
            self._chunk_end()
        elif fault == "a line without end":
            with contextlib.suppress(OSError):
                while not self.owner.over.is_set():
                    self._chunk("data: " + "x" * 100_000)
        else:
            return False
        return True


def _chunks(body: Any, text: str, usage: bool, ollama: bool) -> Iterator[str]:
    """Give the chunks of an answer as JSON."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    if ollama:
        for piece in pieces:
            said = (
                {"message": {"role": "assistant", "content": piece}}
                if "messages" in body
                else {"response": piece}
            )
            yield json.dumps(said | {"done": False})
        counts = {"prompt_eval_count": 11, "eval_count": len(pieces), "eval_duration": 2_000_000_000}
        yield json.dumps({"message": {"content": ""}, "done": True, "done_reason": "stop"} | counts)
        return
    chat = "messages" in body
    if chat:
        yield _choice({"delta": {"role": "assistant", "content": ""}})
    most = body["max_tokens"]
    for piece in pieces[:most]:
        odds = None
        if body.get("logprobs") and chat:
            entry = {"token": piece, "logprob": -0.5}
            odds = {"content": [entry | {"top_logprobs": [entry, {"token": "?", "logprob": -2.0}]}]}
        yield _choice({"delta": {"content": piece}, "logprobs": odds} if chat else {"text": piece})
    reason = "length" if len(pieces) > most else "stop"
    yield _choice({"delta": {}, "finish_reason": reason} if chat else {"text": "", "finish_reason": reason})
    if usage and body.get("stream_options"):
        counts = {"prompt_tokens": 11, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4}}
        yield json.dumps({"choices": [], "usage": counts})


def _choice(fields: dict[str, Any]) -> str:
    return json.dumps({"id": "x", "object": "chat.completion.chunk", "choices": [{"index": 0} | fields]})


def smallest(schema: dict[str, Any]) -> Any:
    """Return a value that fits a plain schema."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {name: smallest(part) for name, part in schema["properties"].items()}
    if kind == "array":
        return [smallest(schema["items"])] * 3
    return {"string": "long words " * 3, "integer": 7, "number": 0.5, "boolean": True}.get(str(kind))
