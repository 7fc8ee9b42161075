"""`sprout` and models: chat, bench, models, remotes and serve, in a throwaway home and as a real program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio.cli import main
from studio.engines import records
from tests.support import tiny_sentences
from tests.support.fake_model import Reply, Trouble, fake_model
from tests.support.tiny_model import tiny_gguf, tiny_model

STORY = Reply("Once upon a time there was a frog.", lasting=True)
ENDLESS = Reply("word " * 100_000, token_s=0.02, lasting=True)
GRACE_S = 1.0
"""How long Ctrl+C may take, by the contract."""


class Sprout:
    """Run commands in one throwaway home, in this process or in one of their own."""

    def __init__(self, home: Path, capfd) -> None:
        self.home, self._capfd = home, capfd
        self.models = home / "models"

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self._capfd.readouterr()
        code = main(["--home", str(self.home), *words])
        out, err = self._capfd.readouterr()
        return code, out, err

    def json(self, *words: str) -> dict:
        code, out, err = self(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "studio", "--home", str(self.home), *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", bufsize=1)


@pytest.fixture
def sprout(tmp_path, capfd, monkeypatch) -> Sprout:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(records.bandwidth, "measure_bandwidth", lambda: 20e9)
    return Sprout(tmp_path / "home", capfd)


# ------------------------------------------------------------ chat


def test_chat_prints_the_answer(sprout):
    fake_model(sprout.models, STORY, name="teller")
    code, out, err = sprout("chat", "teller", "Tell me a story")
    assert (code, out) == (0, "Once upon a time there was a frog.\n")
    assert err == "Loading teller.\n"
    assert sprout("chat", "teller", "Tell me a story", "--quiet")[2] == ""


def test_chat_as_json_tells_what_it_took(sprout):
    fake_model(sprout.models, STORY, name="teller")
    said = sprout.json("chat", "teller", "Tell me", "--max-tokens", "4", "--temperature", "0", "--seed", "3")
    assert said["text"].strip() == "Once upon a time"
    assert said["stopped"] == "length"
    assert said["usage"]["generated_tokens"] == 4
    assert said["tokens_per_second"] > 0


def test_chat_hands_on_what_was_asked(sprout):
    fake_model(sprout.models, Reply("Arr!", when="You are a pirate\nHello"), name="pirate")
    assert sprout("chat", "pirate", "Hello", "--system", "You are a pirate")[1] == "Arr!\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("chat", "nobody", "Hello"), "There is no model called “nobody”"),
        (("chat", "tell", "Hello", "--temperature", "-1"), "temperature"),
        (("chat", "tell", "Hello", "--temperature", "nan"), "temperature"),
        (("bench", "nobody"), "There is no model called “nobody”"),
        (("serve", "teller"), "is switched off here"),
        (("remotes", "add", "class", "http://127.0.0.1:9"), "is switched off here"),
        (("remotes", "remove", "class"), "There is no server called “class”"),
        (("chat", "remote:class", "Hello"), "There is no model called “remote:class”"),
    ],
)
def test_errors_are_one_plain_sentence_and_code_1(sprout, words, sentence):
    fake_model(sprout.models, STORY, name="teller")
    fake_model(sprout.models, STORY, name="other")
    code, out, err = sprout(*words)
    assert (code, out) == (1, "")
    assert sentence in err
    assert "Traceback" not in err


def test_a_model_that_crashes_leaves_its_words_and_code_1_and_may_be_asked_again(sprout):
    dies = Trouble("writing", "signal", name="SIGSEGV", after_tokens=3, once=True)
    fake_model(sprout.models, Reply(STORY.text, token_s=0.05, lasting=True), name="crasher", trouble=[dies])
    code, out, err = sprout("chat", "crasher", "Tell me")
    assert code == 1
    assert out.startswith("Once")
    assert out.endswith("\n")
    assert "crashed" in err
    listed = sprout.json("models", "list")["items"][0]
    assert "crashed" in listed["reason"]
    assert listed["fits"]
    code, out, err = sprout("chat", "crasher", "Tell me")
    assert (code, out.strip()) == (0, STORY.text)
    assert "Trying it once more" in err
    assert sprout.json("models", "list")["items"][0]["reason"] is None


# ------------------------------------------------------------ bench, models, remotes


def test_bench_tells_what_was_measured_and_predicted(sprout):
    fake_model(sprout.models, Reply("word " * 64, lasting=True), name="teller")
    measured = sprout.json("bench", "teller")
    assert set(measured) == {"load_s", "prefill_tps", "decode_tps", "peak_bytes", "predicted"}
    assert measured["load_s"] > 0
    assert measured["decode_tps"] > 0
    assert set(measured["predicted"]) == {"peak_bytes", "decode_tps"}
    assert "writing" in sprout("bench", "teller")[1]


def test_models_are_listed_with_what_is_wrong(sprout):
    assert sprout.json("models", "list") == {"items": [], "next": None}
    fake_model(sprout.models, STORY, name="teller", width=4)
    (sprout.models / "broken.gguf").write_bytes(b"GGUF nonsense")
    items = sprout.json("models", "list")["items"]
    assert [(item["id"], item["kind"], item["format"], item["fits"]) for item in items] == [
        ("broken.gguf", "", "gguf", False),
        ("teller.fake.json", "chat", "fake", True),
    ]
    assert items[0]["reason"]
    assert items[1]["reason"] is None
    assert items[1]["measured"] is None
    assert "teller" in sprout("models")[1]


def allow(sprout: Sprout, feature: str) -> None:
    sprout.home.mkdir(exist_ok=True)
    (sprout.home / "settings.json").write_text(json.dumps({f"allow_{feature}": "yes"}), encoding="utf-8")


def test_servers_are_written_down_listed_and_forgotten(sprout):
    allow(sprout, "remote_engine")
    added = sprout.json(
        "remotes", "add", "class", "http://192.168.1.5:8000", "--model", "m", "--key-variable", "KEY"
    )
    assert added["id"] == "remote:class"
    assert added["url"] == "http://192.168.1.5:8000/v1"
    listed = sprout.json("remotes", "list")["items"]
    assert [(item["name"], item["model"], item["key_variable"]) for item in listed] == [("class", "m", "KEY")]
    assert [item["format"] for item in sprout.json("models", "list")["items"]] == ["remote"]
    sprout.json("remotes", "remove", "class")
    assert sprout.json("remotes", "list")["items"] == []


def test_doctor_looks_at_what_models_need(sprout):
    checks = {check["name"] for check in sprout.json("doctor")["checks"]}
    assert {"answers by a form", "GGUF models", "memory", "device"} <= checks


# ------------------------------------------------------------ as a real program


def wait_for_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.fixture
def program(sprout) -> Iterator:
    """Start programs, and see that none of them and none of their children is left."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        started.append(sprout.start(*words))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def interrupted(process: subprocess.Popen[str], worker: list[psutil.Process]) -> int:
    """Press Ctrl+C; return the exit code, and see that the model's process has gone."""
    process.send_signal(signal.SIGINT)
    code = process.wait(10)
    assert psutil.wait_procs(worker, timeout=GRACE_S)[1] == []
    return code


def test_ctrl_c_ends_a_chat_at_once_and_leaves_no_child(sprout, program):
    fake_model(sprout.models, ENDLESS, name="endless")
    process = program("chat", "endless", "Go on")
    assert process.stdout is not None
    assert process.stdout.read(9) == "word word"
    worker = children(process)
    assert worker
    assert interrupted(process, worker) == 130
    assert "Stopped." in process.stderr.read()


def test_ctrl_c_while_a_model_loads(sprout, program):
    fake_model(sprout.models, STORY, name="slow", load_s=60.0)
    process = program("chat", "slow", "Go on")
    assert process.stderr.readline() == "Loading slow.\n"
    deadline = time.monotonic() + 10
    while not (worker := children(process)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert interrupted(process, worker) == 130
    process = program("models", "list", "--json")
    assert json.loads(process.communicate()[0])["items"][0]["reason"] is None


def test_a_reader_that_has_enough_ends_it_too(sprout, program):
    fake_model(sprout.models, ENDLESS, name="endless")
    process = program("chat", "endless", "Go on")
    assert process.stdout.read(4) == "word"
    worker = children(process)
    process.stdout.close()
    assert process.wait(10) == 0
    assert psutil.wait_procs(worker, timeout=GRACE_S)[1] == []
    process.stdout = None


def test_a_program_that_is_killed_leaves_no_child_and_what_it_loaded_is_not_trusted(sprout, program):
    fake_model(sprout.models, STORY, name="slow", load_s=60.0)
    process = program("chat", "slow", "Go on")
    assert process.stderr.readline() == "Loading slow.\n"
    deadline = time.monotonic() + 10
    while not (worker := children(process)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert worker
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert psutil.wait_procs(worker, timeout=3.0)[1] == []
    item = sprout.json("models", "list")["items"][0]
    assert item["reason"] == "The studio ended while it was loading this model."


def test_serve_answers_other_programs_until_ctrl_c(sprout, program):
    allow(sprout, "serve")
    fake_model(sprout.models, STORY, name="teller", width=4)
    process = program("serve", "teller", "--json")
    address = json.loads(wait_for_line(process))
    assert address["models"] == ["teller.fake.json"]
    assert address["url"].startswith("http://127.0.0.1:")
    body = {"model": "teller.fake.json", "messages": [{"role": "user", "content": "Tell me"}]}
    said = post(address, "chat/completions", body)
    assert said["choices"][0]["message"]["content"] == STORY.text
    vectors = post(address, "embeddings", {"model": "teller.fake.json", "input": ["a", "b"]})
    assert len(vectors["data"]) == 2
    assert interrupted(process, children(process)) == 130


def post(address: dict, path: str, body: dict) -> dict:
    request = urllib.request.Request(
        f"{address['url']}/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {address['token']}", "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=20) as reply:
        return json.loads(reply.read())


# ------------------------------------------------------------ with a model that really answers


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["safetensors", "gguf"])
def test_a_real_model_is_listed_asked_and_measured(sprout, kind):
    pytest.importorskip("torch" if kind == "safetensors" else "xllamacpp")
    question, answer = tiny_sentences.FACTS[0]
    sprout.models.mkdir(parents=True)
    if kind == "safetensors":
        tiny_model(sprout.models / "tiny")
    else:
        shutil.copy(tiny_gguf("F16"), sprout.models / "tiny.gguf")
    (item,) = sprout.json("models", "list")["items"]
    assert (item["kind"], item["format"], item["fits"], item["reason"]) == ("chat", kind, True, None)
    said = sprout.json("chat", "tiny", question, "--temperature", "0", "--max-tokens", "60")
    assert said["text"].strip() == answer
    assert said["stopped"] == "end"
    measured = sprout.json("bench", "tiny")
    assert measured["prefill_tps"] > 0
    assert measured["decode_tps"] > 0
    kept = sprout.json("models", "list")["items"][0]["measured"]
    assert kept["decode_tps"] > 0
    assert kept["load_s"] > 0
