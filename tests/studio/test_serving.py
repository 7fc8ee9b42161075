"""`sprout serve`: who is let in (nobody but holders of the token on this computer), and what they get."""

from __future__ import annotations

import base64
import json
import logging
import os
import signal
import socket
import subprocess
import threading

import httpx2 as httpx
import numpy as np
import psutil
import pytest

from studio import logs
from studio.engines.base import Delta, Generation, TokenOdds, Usage
from studio.errors import BlockedError, EngineError, InputError
from studio.serving import ModelServer
from studio.serving.guard import LARGEST_BODY_BYTES
from studio.serving.turns import MOST_WAITING

REF = "school/tiny"
WORDS = ("Hello", ", ", "world", "!")


class FakeModels:
    """Answer "Hello, world!"; `hold` keeps it from going on after the first word until it is stopped."""

    def __init__(self) -> None:
        self.requests = []
        self.hold = False
        self.fail: Exception | None = None
        self.fail_late: Exception | None = None
        self.text = ""
        self.writing = threading.Event()
        self.stopped = threading.Event()
        self.at_once = 0
        self.most_at_once = 0

    def names(self):
        return (REF, "remote:other")

    def generate(self, ref, request, on_delta, token):
        self.requests.append((ref, request))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self._generate(request, on_delta, token)
        finally:
            self.at_once -= 1

    def _generate(self, request, on_delta, token):
        if self.fail is not None:
            raise self.fail
        for number, word in enumerate(WORDS, 1):
            odds = (TokenOdds(word, 0.5, ((word, 0.5), ("?", 0.25))),) if request.alternatives else ()
            on_delta(Delta(word, number, odds))
            if self.fail_late is not None:
                raise self.fail_late
            if self.hold:
                self.writing.set()
                while not token.cancelled:
                    self.stopped.wait(0.005)
                self.stopped.set()
                return Generation(word, "cancelled", Usage())
        text = self.text or "".join(WORDS)
        return Generation(text, "end", Usage(prompt_tokens=7, generated_tokens=4, reused_tokens=2))

    def embed(self, ref, texts, token):
        return np.asarray([[0.6, 0.8]] * len(texts), np.float32)


@pytest.fixture
def models():
    return FakeModels()


@pytest.fixture
def server(models):
    server = ModelServer(models, require=lambda: None)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server):
    address = server.address
    with httpx.Client(
        base_url=address.url,
        headers={"Authorization": f"Bearer {address.token}"},
        trust_env=False,
        timeout=10,
    ) as client:
        yield client


def chat(**more):
    return {"model": REF, "messages": [{"role": "user", "content": "Hi"}]} | more


def raw(server, lines: list[str], body: bytes = b"") -> tuple[int, bytes]:
    """Send these very lines; return the status (0: closed without one) and all that came."""
    with socket.create_connection(("127.0.0.1", server.address.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        said = b""
        while chunk := connection.recv(65536):
            said += chunk
    status = said.split(b" ", 2)[1] if said.startswith(b"HTTP/") else b"0"
    return int(status), said


# ------------------------------------------------------------ hostile requests

GOOD_BODY = json.dumps(chat()).encode()
HOST, AUTH, CLOSE = "Host: {host}", "Authorization: Bearer {token}", "Connection: close"
KIND = "Content-Type: application/json"
LENGTH = f"Content-Length: {len(GOOD_BODY)}"
POST = "POST /v1/chat/completions HTTP/1.1"
WHOLE = "POST http://{host}/v1/chat/completions HTTP/1.1"
OPTIONS = "OPTIONS /v1/chat/completions HTTP/1.1"


def post(*changed: str, without: str = "", line: str = POST) -> list[str]:
    """Return a good POST with headers replaced (or one left out)."""
    names = {header.split(":")[0] for header in changed}
    usual = [
        header
        for header in (HOST, AUTH, KIND, LENGTH, CLOSE)
        if header.split(":")[0] not in {*names, without}
    ]
    return [line, *usual, *changed]


def get(path: str) -> list[str]:
    return [f"GET {path} HTTP/1.1", HOST, AUTH, CLOSE]


HOSTILE: dict[str, tuple[int, list[str]]] = {
    # names that lead to this computer and are not its own
    "host of a web site": (403, post("Host: evil.com")),
    "host of a web site with the port": (403, post("Host: evil.com:{port}")),
    "host that begins like ours": (403, post("Host: localhost.evil.com:{port}")),
    "host that ends like ours": (403, post("Host: evil-localhost:{port}")),
    "empty host": (403, post("Host:")),
    "no host": (400, post(without="Host")),
    "no host in the old way": (403, post(without="Host", line="POST /v1/chat/completions HTTP/1.0")),
    "host without the port": (403, post("Host: 127.0.0.1")),
    "host with another port": (403, post("Host: 127.0.0.1:80")),
    "host with a dot at the end": (403, post("Host: localhost.:{port}")),
    "host as one number": (403, post("Host: 2130706433:{port}")),
    "host in octal": (403, post("Host: 0177.0.0.1:{port}")),
    "host shortened": (403, post("Host: 127.1:{port}")),
    "host of any address": (403, post("Host: 0.0.0.0:{port}")),
    "host in six without brackets": (403, post("Host: ::1:{port}")),
    "host mapped into six": (403, post("Host: [::ffff:127.0.0.1]:{port}")),
    "host in capitals": (403, post("Host: LOCALHOST:{port}")),
    "host with a name before it": (403, post("Host: user@127.0.0.1:{port}")),
    "two hosts": (400, [*post(), "Host: evil.com"]),
    "host of another and a full address": (403, post("Host: evil.com", line=WHOLE)),
    # web pages
    "origin null": (403, post("Origin: null")),
    "origin of a file": (403, post("Origin: file://")),
    "origin of a web site": (403, post("Origin: https://evil.com")),
    "origin of another server here": (403, post("Origin: http://127.0.0.1:1")),
    "origin of ourselves": (403, post("Origin: http://{host}")),
    "empty origin": (403, post("Origin:")),
    "preflight": (403, [*post("Origin: https://evil.com", line=OPTIONS), "Access-Control-Request-Method: POST"]),
    # tokens
    "no token": (401, post(without="Authorization")),
    "empty token": (401, post("Authorization: Bearer ")),
    "wrong token": (401, post("Authorization: Bearer {wrong}")),
    "half a token": (401, post("Authorization: Bearer {half}")),
    "the token of the last start": (401, post("Authorization: Bearer {old}")),
    "token in the wrong way": (401, post("Authorization: Basic {token}")),
    "two tokens": (401, [*post(), "Authorization: Bearer {token}"]),
    "token in a cookie": (401, post("Cookie: token={token}", without="Authorization")),
    "token in the address": (401, ["GET /v1/models?token={token} HTTP/1.1", HOST, CLOSE]),
    # methods and kinds of content
    "asking by address alone": (405, get("/v1/chat/completions?model=x&prompt=hi")),
    "changing the list": (405, post(line="POST /v1/models HTTP/1.1")),
    "deleting a model": (405, post(line="DELETE /v1/models HTTP/1.1")),
    "text as a form would send it": (415, post("Content-Type: text/plain")),
    "a form": (415, post("Content-Type: application/x-www-form-urlencoded")),
    "parts of a form": (415, post("Content-Type: multipart/form-data; boundary=x")),
    "no kind": (415, post(without="Content-Type")),
    "json in another alphabet": (415, post("Content-Type: application/json; charset=utf-7")),
    "packed": (415, [*post(), "Content-Encoding: gzip"]),
    # sizes
    "too large by its own words": (413, post(f"Content-Length: {LARGEST_BODY_BYTES + 1}")),
    "a size that is none": (400, post("Content-Length: many")),
    "pulling a model": (404, post(line="POST /api/pull HTTP/1.1")),
    # ways out of the folder
    "path up": (404, get("/v1/../../etc/passwd")),
    "path up, hidden": (404, get("/v1/%2e%2e/%2e%2e/etc/passwd")),
    "path up, hidden twice": (404, get("/%252e%252e/etc/passwd")),
    "path up in the way of Windows": (404, get("/v1/..%5c..%5cwindows%5cwin.ini")),
    "path with two slashes": (404, get("//etc/passwd")),
    "path of a file": (404, get("/file:///etc/passwd")),
    "path with a zero": (404, get("/v1/models%00.html")),
    "path below the list": (404, get("/v1/models/..%2f..%2fetc%2fpasswd")),
}  # fmt: skip


@pytest.fixture(scope="module")
def fortress():
    """One server for all hostile requests, started for the second time; with the token of the first."""
    models = FakeModels()
    server = ModelServer(models, require=lambda: None)
    old = server.start().token
    server.stop()
    server.start()
    yield server, models, old
    server.stop()


@pytest.fixture(scope="module", autouse=True)
def _fortress_stands_before_threads_are_counted(fortress):
    """The threads of the fortress outlive each test."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_request_is_refused(fortress, name):
    server, models, old = fortress
    wanted, lines = HOSTILE[name]
    token, port = server.address.token, server.address.port
    values = {
        "host": f"127.0.0.1:{port}", "port": port, "token": token, "old": old,
        "half": token[:20], "wrong": token[:-1] + ("a" if token[-1] != "a" else "b"),
    }  # fmt: skip
    is_post = lines[0].startswith("POST") and "Content-Length: {" not in lines
    status, said = raw(server, [line.format(**values) for line in lines], GOOD_BODY if is_post else b"")

    assert status == wanted
    assert models.requests == []
    assert b"access-control" not in said.lower()
    assert b"set-cookie" not in said.lower()
    assert token.encode() not in said


def test_there_are_enough_hostile_requests_and_a_good_one_passes(fortress):
    server, _, _ = fortress
    values = {"host": f"127.0.0.1:{server.address.port}", "token": server.address.token}
    assert len(HOSTILE) >= 40
    for host in ("127.0.0.1", "localhost", "[::1]"):
        values["host"] = f"{host}:{server.address.port}"
        status, said = raw(server, [line.format(**values) for line in get("/v1/models")])
        assert status == 200
        assert REF.encode() in said


def test_a_body_without_end_is_cut(fortress):
    server, models, _ = fortress
    values = {"host": f"127.0.0.1:{server.address.port}", "token": server.address.token}
    lines = [line.format(**values) for line in post("Transfer-Encoding: chunked", without="Content-Length")]
    # one byte too many, and no end of the chunk
    status, _ = raw(server, lines, b"%x\r\n" % (2 * LARGEST_BODY_BYTES) + b" " * (LARGEST_BODY_BYTES + 1))

    assert status == 413
    assert models.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"model": "a"}',
        b'{"model": "school/tiny", "model": "x", "messages": []}',
        json.dumps(chat(messages=[])).encode(),
        json.dumps(chat(messages="Hi")).encode(),
        json.dumps(chat(messages=[{"role": "tool", "content": "x"}])).encode(),
        json.dumps(chat(messages=[{"role": "user", "content": [{"type": "image_url", "image_url": "file:///x"}]}])).encode(),
        json.dumps(chat(temperature=float("nan"))).encode(),
        json.dumps(chat(temperature=9)).encode(),
        json.dumps(chat(max_tokens=0)).encode(),
        json.dumps(chat(max_tokens=10**9)).encode(),
        json.dumps(chat(max_tokens="9")).encode(),
        json.dumps(chat(n=2)).encode(),
        json.dumps(chat(stream="yes")).encode(),
        json.dumps(chat(stop=["x"] * 17)).encode(),
        json.dumps(chat(tools=[{"type": "function"}])).encode(),
        json.dumps(chat(response_format={"type": "json_schema"})).encode(),
        json.dumps(chat(response_format={"type": "grammar"})).encode(),
        json.dumps(chat(messages=[{"role": "user", "content": "\ud800"}])).encode(),
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_in_words(fortress, body):
    server, models, _ = fortress
    reply = httpx.post(
        f"{server.address.url}/chat/completions",
        content=body,
        headers={"Authorization": f"Bearer {server.address.token}", "Content-Type": "application/json"},
        trust_env=False,
        verify=False,
    )

    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"
    assert models.requests == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "SCHOOL/TINY", "school", "", "remote:", "\x00"]
)
def test_a_model_that_is_not_on_the_list_is_no_path(client, models, name):
    for path, more in (
        ("chat/completions", {}),
        ("completions", {"prompt": "x"}),
        ("embeddings", {"input": "x"}),
    ):
        assert client.post(path, json=chat(model=name) | more).status_code in (400, 404)
    assert models.requests == []


# ------------------------------------------------------------ where it listens


def listening() -> set[tuple[str, int]]:
    found = psutil.Process().net_connections("inet")
    return {tuple(entry.laddr) for entry in found if entry.status == psutil.CONN_LISTEN}


def test_only_this_computer_is_listened_to_and_nothing_after_the_stop(models):
    before = listening()
    server = ModelServer(models, require=lambda: None)
    assert listening() == before
    address = server.start()
    assert listening() - before == {("127.0.0.1", address.port)}
    with socket.create_connection(("127.0.0.1", address.port)):
        server.stop()

    assert listening() == before
    assert server.address is None
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", address.port)):
        pass


def test_each_start_has_a_token_of_its_own_and_tells_nobody(models, tmp_path, caplog):
    logs.set_up(tmp_path, verbose=True)
    try:
        server = ModelServer(models, require=lambda: None)
        first = server.start()
        assert server.start() is first
        httpx.get(
            f"{first.url}/models",
            headers={"Authorization": f"Bearer {first.token}"},
            trust_env=False,
            verify=False,
        )
        server.stop()
        second = server.start()
        server.stop()
    finally:
        logs.tear_down()

    assert len(base64.urlsafe_b64decode(first.token + "=")) == 32
    assert first.token != second.token
    told = caplog.text + (tmp_path / "studio.log").read_text()
    assert "serving" in told
    for address in (first, second):
        assert address.token not in told
        assert str(address.port) not in told
        assert address.token not in repr(address)


def test_a_chosen_port_is_used_and_a_taken_one_is_told(server, models):
    port = server.address.port
    with pytest.raises(InputError, match=str(port)):
        ModelServer(models, require=lambda: None, port=port).start()
    server.stop()
    again = ModelServer(models, require=lambda: None, port=port)
    assert again.start().port == port
    again.stop()


@pytest.mark.parametrize("port", [-1, 80, 70000])
def test_a_port_that_is_none_is_refused(models, port):
    with pytest.raises(InputError, match="no port"):
        ModelServer(models, require=lambda: None, port=port).start()


@pytest.mark.parametrize(
    "origin", ["null", "*", "file://", "https://*", "https://a.example/path", "evil.com"]
)
def test_no_origin_is_let_in_that_stands_for_many(models, origin):
    with pytest.raises(InputError, match="let in"):
        ModelServer(models, require=lambda: None, origins=[origin]).start()


def test_an_origin_on_the_list_passes(models):
    server = ModelServer(models, require=lambda: None, origins=["http://localhost:3000"])
    address = server.start()
    headers = {"Authorization": f"Bearer {address.token}", "Origin": "http://localhost:3000"}
    reply = httpx.get(f"{address.url}/models", headers=headers, trust_env=False, verify=False)
    headers["Origin"] = "http://localhost:3001"
    refused = httpx.get(f"{address.url}/models", headers=headers, trust_env=False, verify=False)
    server.stop()

    assert (reply.status_code, refused.status_code) == (200, 403)


def test_the_grown_up_decides_at_the_start_and_for_every_request(models):
    allowed = [False]

    def require():
        if not allowed[0]:
            raise BlockedError("“Share models with other programs” is switched off here.")

    server = ModelServer(models, require=require)
    before = listening()
    with pytest.raises(BlockedError):
        server.start()
    assert listening() == before
    allowed[0] = True
    address = server.start()
    headers = {"Authorization": f"Bearer {address.token}"}
    assert (
        httpx.get(f"{address.url}/models", headers=headers, trust_env=False, verify=False).status_code == 200
    )
    allowed[0] = False
    refused = httpx.get(f"{address.url}/models", headers=headers, trust_env=False, verify=False)
    server.stop()

    assert refused.status_code == 403
    assert "switched off" in refused.json()["error"]["message"]


def test_the_programs_signals_stay_its_own(models):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = ModelServer(models, require=lambda: None)
    server.start()
    during = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server.stop()

    assert during == before


def test_waiting_ends_with_the_stop(server):
    waiter = threading.Thread(target=server.wait)
    waiter.start()
    server.stop()
    waiter.join(5)
    assert not waiter.is_alive()


# ------------------------------------------------------------ answers


def test_the_list_of_models(client):
    reply = client.get("models").json()
    assert [card["id"] for card in reply["data"]] == [REF, "remote:other"]
    assert reply["object"] == "list"


def test_a_chat_in_one_piece(client, models):
    reply = client.post("chat/completions", json=chat())

    assert reply.headers["cache-control"] == "no-store"
    data = reply.json()
    assert data["choices"][0]["message"] == {"role": "assistant", "content": "Hello, world!"}
    assert data["choices"][0]["finish_reason"] == "stop"
    assert data["usage"]["total_tokens"] == 11
    assert (data["object"], data["model"]) == ("chat.completion", REF)


def test_what_is_asked_reaches_the_model(client, models):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    client.post(
        "chat/completions",
        json=chat(
            messages=[
                {"role": "developer", "content": "Be kind."},
                {"role": "user", "content": [{"type": "text", "text": "Hi "}, {"type": "text", "text": "there"}]},
            ],
            max_completion_tokens=9, temperature=0.3, top_p=0.4, top_k=5, min_p=0.1, repetition_penalty=1.1,
            seed=6, stop=["a", "b"], user="somebody", logit_bias={},
            response_format={"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}},
        ),
    )  # fmt: skip

    ref, request = models.requests[0]
    assert ref == REF
    assert [(message.role, message.content) for message in request.messages] == [
        ("system", "Be kind."), ("user", "Hi there"),
    ]  # fmt: skip
    assert request.max_tokens == 9
    sampling = request.sampling
    assert (sampling.temperature, sampling.top_p, sampling.top_k) == (0.3, 0.4, 5)
    assert (sampling.min_p, sampling.repetition_penalty, sampling.seed) == (0.1, 1.1, 6)
    assert request.stop == ("a", "b")
    assert request.schema == schema


@pytest.mark.parametrize(
    ("asked", "schema"), [({"type": "text"}, None), ({"type": "json_object"}, {"type": "object"})]
)
def test_other_forms(client, models, asked, schema):
    client.post("chat/completions", json=chat(response_format=asked, stop="x"))
    assert models.requests[0][1].schema == schema
    assert models.requests[0][1].stop == ("x",)


def events(client, path, body):
    with client.stream("POST", path, json=body) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in reply.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    return [line.removeprefix("data: ") for line in lines]


def test_a_chat_in_pieces(client):
    *chunks, end = events(
        client, "chat/completions", chat(stream=True, stream_options={"include_usage": True})
    )
    chunks = [json.loads(chunk) for chunk in chunks]

    assert end == "[DONE]"
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    said = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"]]
    assert [piece for piece in said if piece] == list(WORDS)
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert (chunks[-1]["choices"], chunks[-1]["usage"]["completion_tokens"]) == ([], 4)
    assert len({chunk["id"] for chunk in chunks}) == 1


def test_a_completion_whole_and_in_pieces(client, models):
    body = {"model": REF, "prompt": "Once", "max_tokens": 5}
    whole = client.post("completions", json=body).json()
    *chunks, _ = events(client, "completions", body | {"stream": True})

    assert whole["choices"][0]["text"] == "Hello, world!"
    assert "".join(json.loads(chunk)["choices"][0]["text"] for chunk in chunks) == "Hello, world!"
    assert models.requests[0][1].prompt == "Once"
    assert models.requests[0][1].messages == ()


def test_odds_of_tokens(client):
    data = client.post("chat/completions", json=chat(logprobs=True, top_logprobs=2)).json()
    content = data["choices"][0]["logprobs"]["content"]

    assert [entry["token"] for entry in content] == list(WORDS)
    assert content[0]["logprob"] == pytest.approx(-0.6931, abs=1e-3)
    assert [other["token"] for other in content[0]["top_logprobs"]] == ["Hello", "?"]


def test_vectors_as_numbers_and_packed(client):
    body = {"model": REF, "input": ["a", "b"]}
    plain = client.post("embeddings", json=body).json()
    packed = client.post("embeddings", json=body | {"encoding_format": "base64"}).json()
    one = client.post("embeddings", json=body | {"input": "a"}).json()

    assert [row["index"] for row in plain["data"]] == [0, 1]
    assert plain["data"][1]["embedding"] == pytest.approx([0.6, 0.8])
    vector = np.frombuffer(base64.b64decode(packed["data"][0]["embedding"]), "<f4")
    assert vector == pytest.approx([0.6, 0.8])
    assert len(one["data"]) == 1


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "status"),
    [(InputError("Too long."), 400), (EngineError("The model stopped."), 500), (KeyError("x"), 500)],
)
def test_a_failure_before_the_first_word_has_a_status(client, models, error, status, stream):
    models.fail = error
    reply = client.post("chat/completions", json=chat(stream=stream))

    assert reply.status_code == status
    said = "Something in the studio broke" if isinstance(error, KeyError) else str(error)
    assert said in reply.json()["error"]["message"]
    models.fail = None
    assert client.post("chat/completions", json=chat()).status_code == 200


def test_a_failure_in_the_middle_ends_the_stream_with_words(client, models):
    models.fail_late = EngineError("The model stopped.")
    *_, last = events(client, "chat/completions", chat(stream=True))
    assert json.loads(last)["error"]["message"] == "The model stopped."


def test_text_that_was_written_anew_is_not_passed_off_as_the_answer(client, models):
    models.text = "Something else"
    *_, last, _ = events(client, "chat/completions", chat(stream=True))
    assert "anew" in json.loads(last)["error"]["message"]
    assert (
        client.post("chat/completions", json=chat()).json()["choices"][0]["message"]["content"]
        == "Something else"
    )


# ------------------------------------------------------------ turns


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_stops_the_model(client, server, models, stream):
    models.hold = True
    body = json.dumps(chat(stream=stream)).encode()
    with socket.create_connection(("127.0.0.1", server.address.port)) as connection:
        head = [
            line.format(host=f"127.0.0.1:{server.address.port}", token=server.address.token)
            for line in post()
        ]
        head = [line for line in head if not line.startswith("Content-Length")] + [
            f"Content-Length: {len(body)}"
        ]
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        assert models.writing.wait(10)

    assert models.stopped.wait(10)
    models.hold = False
    assert client.post("chat/completions", json=chat()).status_code == 200


def test_one_answer_at_a_time_and_a_short_queue(client, server, models):
    models.hold = True
    statuses: list[int] = []

    def ask():
        with httpx.Client(
            headers=client.headers, base_url=client.base_url, trust_env=False, verify=False, timeout=30
        ) as own:
            statuses.append(own.post("chat/completions", json=chat()).status_code)

    askers = [threading.Thread(target=ask) for _ in range(MOST_WAITING + 4)]
    askers[0].start()
    assert models.writing.wait(10)
    for asker in askers[1:]:
        asker.start()
    while len(statuses) < 3:  # those who found the queue full
        threading.Event().wait(0.01)
    assert set(statuses) == {429}
    assert len(models.requests) == 1
    server.stop()
    for asker in askers:
        asker.join(10)

    assert sorted(statuses) == [429] * 3 + [503] * (MOST_WAITING + 1)
    assert models.most_at_once == 1


def test_those_who_wait_get_their_turn(client, models):
    statuses: list[int] = []

    def ask():
        statuses.append(client.post("chat/completions", json=chat()).status_code)

    askers = [threading.Thread(target=ask) for _ in range(MOST_WAITING)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(20)

    assert statuses == [200] * MOST_WAITING
    assert models.most_at_once == 1


def test_a_stop_ends_what_is_being_written(client, server, models):
    models.hold = True
    seen: list[str] = []

    def ask():
        seen.extend(events(client, "chat/completions", chat(stream=True)))

    asker = threading.Thread(target=ask)
    asker.start()
    assert models.writing.wait(10)
    server.stop()
    asker.join(10)

    assert models.stopped.is_set()
    assert "being stopped" in json.loads(seen[-1])["error"]["message"]


# ------------------------------------------------------------ other programs


def test_the_hubs_client_is_served(server, monkeypatch):
    from huggingface_hub import InferenceClient, constants
    from huggingface_hub.utils import close_session

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    client = InferenceClient(base_url=server.address.url, api_key=server.address.token)
    whole = client.chat_completion([{"role": "user", "content": "Hi"}], model=REF)
    pieces = client.chat_completion([{"role": "user", "content": "Hi"}], model=REF, stream=True)
    said = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    close_session()

    assert whole.choices[0].message.content == said == "Hello, world!"


def test_our_own_engine_is_served(server, monkeypatch, tmp_path):
    from studio.engines.base import GenerationRequest, Message
    from studio.engines.remote import RemoteEngine
    from studio.engines.remote_servers import RemoteServer
    from studio.events import EventBus
    from studio.jobs import CancelToken
    from studio.network import NetworkGate
    from studio.settings import Settings

    monkeypatch.setenv("SERVE_TOKEN", server.address.token)
    bus = EventBus()
    gate = NetworkGate(Settings(tmp_path / "settings.json", bus), bus, tmp_path / "network")
    record = RemoteServer("self", server.address.url, REF, key_variable="SERVE_TOKEN")
    engine = RemoteEngine(record, require=lambda: None, network=gate)
    request = GenerationRequest(messages=(Message("user", "Hi"),))

    assert engine.generate(request, lambda delta: None, CancelToken()).text == "Hello, world!"
    assert engine.enforces_schema is False
    assert engine.embed(["a"], CancelToken()) == pytest.approx(np.asarray([[0.6, 0.8]]))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not os.access("/usr/bin/python3", os.X_OK),
    reason="only root can be somebody else, who needs a Python of the system",
)
def test_another_user_of_this_computer_needs_the_token(server):
    code = (
        "import socket, sys; c = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
        "c.sendall(sys.argv[2].encode()); print(c.recv(99).split()[1].decode())"
    )
    port = server.address.port
    request = f"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    command = ["python3", "-I", "-c", code, str(port), request]
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(command, user=65534, capture_output=True, text=True, check=False, cwd="/", env=path)
    assert done.stdout.strip() == "401", done.stderr


def test_nothing_is_logged_by_the_libraries(client, caplog):
    caplog.set_level(logging.INFO)
    client.post("chat/completions", json=chat())
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]
