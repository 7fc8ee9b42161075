"""A model in a process of its own, on good days: calls, streaming, Stop, close, and what the child may see."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from studio.engines import frames, worker
from studio.engines.base import (
    Delta,
    GenerationRequest,
    LoadOptions,
    Message,
    ModelFiles,
    TaskItem,
    TaskRequest,
)
from studio.engines.environment import child_environment, make_folder
from studio.engines.failures import as_studio_error
from studio.engines.process import EngineProcess
from studio.errors import CancelledError, EngineError, InputError, MissingError, StudioError
from studio.jobs import CancelToken, Progress
from tests.support.fake_model import Reply, Trouble, fake_model

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 20
MakeEngine = Callable[..., EngineProcess]


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[MakeEngine]:
    """Return a function that makes an engine with a pretend model: `make_engine("Hello!", width=8)`."""
    engines = []

    def make(
        *replies: str | Reply, options: LoadOptions | None = None, loaded: bool = True, **more: Any
    ) -> EngineProcess:
        files = fake_model(tmp_path, *replies, name=f"pretend{len(engines)}", **more)
        engines.append(EngineProcess(files, options, folder=tmp_path / "engines"))
        if loaded:
            load(engines[-1])
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def load(engine: EngineProcess, token: CancelToken | None = None) -> list[Progress]:
    news: list[Progress] = []
    engine.load(token or CancelToken(), news.append)
    return news


def ask(engine: EngineProcess, prompt: str = "Hi", token: CancelToken | None = None, **more: Any) -> str:
    request = GenerationRequest(messages=(Message("user", prompt),), **more)
    return engine.generate(request, lambda delta: None, token or CancelToken()).text


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, queue.SimpleQueue[Any]]:
    """Start `work`; the queue gets its result, or the error that it raised."""
    results: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except (StudioError, ArithmeticError) as error:
            results.put(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


# ------------------------------------------------------------ calls


def test_it_loads_answers_and_is_gone_after_close(make_engine: MakeEngine, tmp_path: Path) -> None:
    engine = make_engine("Hello there!", "And again.", loaded=False)
    assert engine.loaded is None

    news = load(engine)
    pid = engine.pid

    assert engine.loaded is not None
    assert engine.loaded.engine == "fake"
    assert engine.loaded.tasks == ("chat", "complete")
    assert list(dict.fromkeys(str(one.note) for one in news)) == [
        "Getting the model's engine ready", "Checking the model's files", "Loading the model",
    ]  # fmt: skip
    assert load(engine) == []  # a second load has nothing to do
    assert [ask(engine), ask(engine)] == ["Hello there!", "And again."]

    engine.close()

    assert (engine.loaded, engine.pid) == (None, 0)
    assert not psutil.pid_exists(pid)
    assert list((tmp_path / "engines").iterdir()) == []
    with pytest.raises(EngineError, match="not loaded"):
        ask(engine)
    load(engine)
    assert ask(engine) == "Hello there!"


def test_text_arrives_in_pieces_on_the_calling_thread_and_small_ones_together(
    make_engine: MakeEngine,
) -> None:
    text = "one two three four five " * 400
    engine = make_engine(text)
    deltas: list[Delta] = []
    threads = set()

    def take(delta: Delta) -> None:
        deltas.append(delta)
        threads.add(threading.current_thread())

    answer = engine.generate(GenerationRequest(prompt="Go", max_tokens=5000), take, CancelToken())

    assert (answer.text, answer.ending, answer.usage.generated_tokens) == (text, "end", 2000)
    assert "".join(delta.text for delta in deltas) == text
    assert deltas[0].tokens == 1  # the first word does not wait
    assert deltas[-1].tokens == 2000
    assert len(deltas) < 500
    assert threads == {threading.current_thread()}


def test_a_slow_model_is_heard_word_by_word(make_engine: MakeEngine) -> None:
    engine = make_engine(Reply("a b c d", token_s=0.08))
    deltas: list[Delta] = []

    engine.generate(GenerationRequest(prompt="Go"), deltas.append, CancelToken())

    assert [delta.text for delta in deltas] == ["a ", "b ", "c ", "d"]


def test_a_megabyte_and_every_letter_come_through(make_engine: MakeEngine) -> None:
    flood, odd = "x" * 1_000_000 + "\n", 'quote " back \\ nul \x00 lone \ud800 rocket 🚀 ein ß'
    engine = make_engine(flood, odd)

    assert ask(engine) == flood
    assert ask(engine) == odd


def test_the_pretend_model_keeps_to_the_request(make_engine: MakeEngine) -> None:
    engine = make_engine(Reply("one two three four", lasting=True), Reply("A quiz!", when="quiz"))
    alternatives: list[Delta] = []

    assert ask(engine, max_tokens=2) == "one two "
    assert ask(engine, stop=("three",)) == "one two "
    engine.generate(GenerationRequest(prompt="x", alternatives=2), alternatives.append, CancelToken())

    odds = [one for delta in alternatives for one in delta.odds]
    assert [one.text for one in odds] == ["one ", "two ", "three ", "four"]
    assert all(len(one.others) == 2 and 0 < one.probability < 1 for one in odds)


def test_a_reply_waits_for_its_word(make_engine: MakeEngine) -> None:
    engine = make_engine(Reply("A quiz!", when="quiz"), "Anything.")

    assert ask(engine, "make an app") == "Anything."
    assert ask(engine, "make a quiz") == "A quiz!"
    with pytest.raises(InputError, match="nothing more to say"):
        ask(engine, "make a quiz")


def test_vectors_come_through_as_they_are(make_engine: MakeEngine) -> None:
    engine = make_engine(width=16)

    rows = engine.embed(["red apple", "red pear", "blue whale", *map(str, range(300))], CancelToken())

    assert (rows.shape, rows.dtype) == ((303, 16), np.float32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
    assert engine.embed([], CancelToken()).shape == (0, 16)


def test_other_tasks_have_results(make_engine: MakeEngine) -> None:
    engine = make_engine(results={"classify_text": [TaskItem("happy", 0.9), TaskItem("sad", 0.1)]})

    result = engine.run(TaskRequest("classify_text", text="Yay"), CancelToken())

    assert result.items == (TaskItem("happy", 0.9), TaskItem("sad", 0.1))
    with pytest.raises(InputError, match="cannot do that"):
        engine.run(TaskRequest("translate", text="Yay"), CancelToken())
    with pytest.raises(InputError, match="cannot do that"):
        engine.embed(["Yay"], CancelToken())


def test_the_child_outlives_the_thread_that_loaded_it(make_engine: MakeEngine) -> None:
    engine = make_engine("Hi", loaded=False)
    thread, results = in_thread(lambda: load(engine))
    results.get(timeout=WAIT_S)
    thread.join()
    pid = engine.pid
    time.sleep(0.2)  # Linux kills a child when the thread that started it ends, and takes a moment

    assert ask(engine) == "Hi"
    assert engine.pid == pid


# ------------------------------------------------------------ errors with words


def test_errors_of_a_model_keep_their_words_and_the_model_stays(make_engine: MakeEngine) -> None:
    deeds = ("input", "missing", "engine", "error")
    engine = make_engine(
        *[Reply(f"Answer {number}.") for number in range(9)],
        trouble=[Trouble("reading", deed, name="tensor 7", once=True) for deed in deeds],
    )
    pid = engine.pid

    found = []
    for _ in deeds:
        with pytest.raises((InputError, MissingError, EngineError)) as caught:
            ask(engine)
        found.append(caught.value)

    assert [type(error) for error in found] == [InputError, MissingError, EngineError, EngineError]
    assert str(found[0]) == "This model cannot be used. Choose another."
    assert "tensor 7" in found[3].detail
    assert "tensor 7" not in str(found[3])
    assert ask(engine) == "Answer 4."
    assert engine.pid == pid


def test_what_was_written_before_an_error_is_kept(make_engine: MakeEngine) -> None:
    engine = make_engine("one two three four", trouble=[Trouble("writing", "error", after_tokens=2)])

    with pytest.raises(EngineError) as caught:
        ask(engine)

    assert caught.value.text == "one two "
    assert str(caught.value.kept) == "What it wrote so far is kept."


@pytest.mark.parametrize("phase", ["loading", "reading"])
def test_a_model_without_memory_is_unloaded(make_engine: MakeEngine, phase: Any) -> None:
    engine = make_engine("Hi", loaded=False, trouble=[Trouble(phase, "memory")])

    with pytest.raises(EngineError, match="not enough memory") as caught:
        load(engine)
        ask(engine)

    assert caught.value.cause == "memory"
    assert (engine.loaded, engine.pid) == (None, 0)


def test_a_damaged_model_is_refused_and_leaves_no_process(make_engine: MakeEngine) -> None:
    engine = make_engine("Hi", loaded=False)
    engine.files.location.write_text('{"replies": 7', encoding="utf-8")

    with pytest.raises(InputError, match="damaged"):
        load(engine)

    assert (engine.loaded, engine.pid) == (None, 0)


def test_a_format_without_an_adapter_and_one_without_its_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(worker.ADAPTERS, "gguf", ("studio.engines.adapters.not_here", "NotHere"))

    with pytest.raises(ImportError) as caught:
        worker.make_adapter(ModelFiles("a", "a", "gguf"))
    assert isinstance(as_studio_error(caught.value), MissingError)
    with pytest.raises(InputError, match="No engine here"):
        worker.make_adapter(ModelFiles("a", "a", "remote"))


def test_a_request_beyond_all_measure_is_refused(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine("Hi")

    with monkeypatch.context() as patched:
        patched.setattr(frames, "MOST_BYTES", 100_000)
        with pytest.raises(InputError, match="too long"):
            ask(engine, "x" * 100_000)

    assert ask(engine) == "Hi"


def test_a_caller_that_breaks_does_not_break_the_engine(make_engine: MakeEngine) -> None:
    engine = make_engine(Reply("on and on " * 500, token_s=0.01), "Hi")

    def take(delta: Delta) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.generate(GenerationRequest(prompt="Go"), take, CancelToken())

    assert ask(engine) == "Hi"


# ------------------------------------------------------------ Stop


@pytest.mark.parametrize("deed", ["sleep", "deaf"])
@pytest.mark.parametrize("phase", [pytest.param("checking", marks=pytest.mark.slow), "loading"])
def test_stop_while_loading(make_engine: MakeEngine, phase: Any, deed: Any) -> None:
    engine = make_engine("Hi", loaded=False, trouble=[Trouble(phase, deed, seconds=60, once=True)])
    token = CancelToken()
    reached = threading.Event()

    def report(progress: Progress) -> None:
        if str(progress.note).startswith(phase.capitalize()):
            reached.set()

    thread, results = in_thread(lambda: engine.load(token, report))
    assert reached.wait(WAIT_S)
    token.cancel()

    assert isinstance(results.get(timeout=WAIT_S), CancelledError)
    thread.join()
    assert (engine.loaded, engine.pid) == (None, 0)
    load(engine)
    assert ask(engine) == "Hi"


@pytest.mark.parametrize("deed", ["sleep", "deaf"])
def test_stop_while_reading(make_engine: MakeEngine, deed: Any) -> None:
    engine = make_engine("Hi", "Ho", trouble=[Trouble("reading", deed, seconds=60, once=True)])
    pid, token = engine.pid, CancelToken()
    threading.Timer(0.3, token.cancel).start()

    answer = engine.generate(GenerationRequest(prompt="x"), lambda delta: None, token)

    assert (answer.text, answer.ending) == ("", "cancelled")
    if deed == "sleep":
        assert engine.pid == pid
        assert ask(engine) == "Ho"
    else:  # it had to be killed, and comes back by itself
        assert engine.loaded is None
        assert ask(engine) == "Hi"
        assert engine.loaded is not None


@pytest.mark.parametrize("deaf", [False, True])
def test_stop_while_writing_keeps_the_text(make_engine: MakeEngine, deaf: bool) -> None:
    trouble = [Trouble("writing", "deaf", seconds=60, after_tokens=3, once=True)] if deaf else []
    engine = make_engine(Reply("on and on " * 100, token_s=0.02, lasting=True), trouble=trouble)
    token, deltas = CancelToken(), []

    def take(delta: Delta) -> None:
        deltas.append(delta)
        if delta.tokens >= 3:
            token.cancel()

    answer = engine.generate(GenerationRequest(prompt="x"), take, token)

    assert answer.ending == "cancelled"
    assert answer.text.startswith("on and on ")
    assert answer.text == "".join(delta.text for delta in deltas)
    assert answer.usage.generated_tokens == len(answer.text.split()) < 300
    assert ask(engine, max_tokens=2) == "on and "


def test_stop_while_working(make_engine: MakeEngine) -> None:
    engine = make_engine("Hi", width=4, trouble=[Trouble("working", "deaf", seconds=60, once=True)])
    token = CancelToken()
    threading.Timer(0.3, token.cancel).start()

    with pytest.raises(CancelledError):
        engine.embed(["x"], token)

    assert engine.embed(["x"], CancelToken()).shape == (1, 4)


def test_stop_before_the_call_costs_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine("Hi", width=4)
    token = CancelToken()
    token.cancel()

    assert engine.generate(GenerationRequest(prompt="x"), lambda delta: None, token).ending == "cancelled"
    with pytest.raises(CancelledError):
        engine.embed(["x"], token)
    assert ask(engine) == "Hi"


def test_two_threads_take_turns_and_one_that_waits_can_be_stopped(make_engine: MakeEngine) -> None:
    engine = make_engine(Reply("first " * 50, token_s=0.01), "second")
    token, begun = CancelToken(), threading.Event()
    first, first_results = in_thread(
        lambda: engine.generate(GenerationRequest(prompt="x"), lambda delta: begun.set(), CancelToken())
    )
    assert begun.wait(WAIT_S)
    stopped, stopped_results = in_thread(lambda: engine.embed(["x"], token))
    token.cancel()
    assert isinstance(stopped_results.get(timeout=WAIT_S), CancelledError)
    assert first.is_alive()  # the one that worked was not disturbed

    assert ask(engine) == "second"  # waited for its turn
    assert first_results.get(timeout=WAIT_S).text == "first " * 50
    for thread in (first, stopped):
        thread.join()


def test_close_while_it_writes_ends_the_call_with_its_text(make_engine: MakeEngine) -> None:
    engine = make_engine(Reply("on and on " * 500, token_s=0.01))
    begun, pid = threading.Event(), engine.pid
    thread, results = in_thread(
        lambda: engine.generate(GenerationRequest(prompt="x"), lambda delta: begun.set(), CancelToken())
    )
    assert begun.wait(WAIT_S)
    waiting, waiting_results = in_thread(lambda: ask(engine))

    engine.close()

    assert not psutil.pid_exists(pid)
    answer = results.get(timeout=WAIT_S)
    assert answer.ending == "cancelled"
    assert answer.text.startswith("on ")
    waited = waiting_results.get(timeout=WAIT_S)
    assert waited == "" or isinstance(waited, EngineError)  # who waited does not bring it back to life
    assert engine.pid == 0
    for one in (thread, waiting):
        one.join()


@pytest.mark.parametrize("deed", ["deaf", "freeze"])
def test_close_while_it_loads_and_does_not_listen(make_engine: MakeEngine, deed: Any) -> None:
    engine = make_engine("Hi", loaded=False, trouble=[Trouble("loading", deed, seconds=60)])
    reached = threading.Event()
    thread, results = in_thread(
        lambda: engine.load(
            CancelToken(), lambda news: reached.set() if "Loading" in str(news.note) else None
        )
    )
    assert reached.wait(WAIT_S)
    pid = engine.pid

    engine.close()

    assert not psutil.pid_exists(pid)
    assert isinstance(results.get(timeout=WAIT_S), CancelledError)
    thread.join()


# ------------------------------------------------------------ memory


def test_memory_is_measured_above_the_empty_child(make_engine: MakeEngine) -> None:
    taken = 150_000_000
    engine = make_engine(
        "Hi", trouble=[Trouble("loading", "grab", number=taken), Trouble("loading", "sleep", seconds=0.3)]
    )

    loaded = engine.loaded

    assert loaded is not None
    assert 0.9 * taken < loaded.resident_bytes < 1.2 * taken
    assert loaded.resident_bytes <= loaded.peak_bytes < 1.3 * taken
    assert engine.memory_bytes > taken


# ------------------------------------------------------------ what the child may see


def test_the_child_has_no_secret_no_network_and_no_port(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    canaries = {
        "HF_TOKEN": "hf_CANARYCANARY1", "HUGGING_FACE_HUB_TOKEN": "hf_CANARYCANARY2", "OPENAI_API_KEY": "CANARY3",
        "MY_SECRET": "CANARY4", "CUDA_SECRET_KEY": "CANARY5", "DB_PASSWORD": "CANARY6", "HARMLESS": "CANARY7",
        "PYTHONPATH": "/CANARY8", "LD_PRELOAD": "", "HF_HOME": str(tmp_path / "CANARY9"), "HTTPS_PROXY": "CANARY10",
        "PYTHONSTARTUP": "/CANARY11",
    }  # fmt: skip
    for name, value in canaries.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    engine = make_engine("Hi")
    ask(engine)
    child = psutil.Process(engine.pid)
    environment = child.environ()

    assert "CANARY" not in repr(environment)
    assert "CANARY" not in repr(child.cmdline())
    assert environment["CUDA_VISIBLE_DEVICES"] == "3"
    assert environment["PATH"] == os.environ["PATH"]
    for name in (
        "HF_HUB_OFFLINE",
        "TRANSFORMERS_OFFLINE",
        "HF_HUB_DISABLE_TELEMETRY",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    ):
        assert environment[name] == "1"
    assert (environment["USE_HUB_KERNELS"], environment["GRADIO_ANALYTICS_ENABLED"]) == ("NO", "False")
    assert Path(environment["HF_HOME"]).is_relative_to(child.cwd())
    assert child.net_connections("inet") == []
    if sys.platform != "win32":
        assert Path(child.cwd()).stat().st_mode & 0o777 == 0o700
        assert child.nice() > psutil.Process().nice()


def test_the_hub_finds_no_saved_token_and_python_no_network(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for place in (home / ".cache" / "huggingface", home / ".huggingface"):
        place.mkdir(parents=True)
        (place / "token").write_text("hf_CANARYCANARY", encoding="utf-8")
    own = make_folder(tmp_path / "engines")
    environment = child_environment(own, {**os.environ, "HOME": str(home), "USERPROFILE": str(home)})
    program = (
        "import socket\nfrom huggingface_hub import get_token\nfrom studio.engines.confinement import wall_off\n"
        "wall_off()\nprint(get_token())\n"
        "calls = [lambda: socket.create_connection(('192.0.2.1', 80), 1), lambda: socket.getaddrinfo('a.example', 1)]\n"
        "for call in calls:\n"
        "    try:\n        call()\n    except ConnectionRefusedError as error:\n        print(error)\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\nprint('here')\n"
    )

    done = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", "-c", program],
        check=False,
        env=environment,
        cwd=own,
        capture_output=True,
        text=True,
    )

    wall = "a model's process has no network"
    assert done.stdout.splitlines() == ["None", wall, wall, "here"], done.stderr


def test_folders_of_parents_that_are_gone_are_swept(tmp_path: Path) -> None:
    base = tmp_path / "engines"
    gone, ours = base / "sprout-run-999999999-abc", base / f"sprout-run-{os.getpid()}-abc"
    for folder in (gone, ours):
        (folder / "hub").mkdir(parents=True)

    made = make_folder(base)

    assert not gone.exists()
    assert ours.exists()
    assert made.parent == base


def test_a_long_home_still_leaves_room_for_a_socket(tmp_path: Path) -> None:
    own = make_folder(tmp_path / ("long" * 30))

    assert len(str(own / "s.sock")) < 107
    assert own.is_dir()
    own.joinpath("hub").rmdir()
    own.rmdir()


# ------------------------------------------------------------ nobody outlives the parent


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the end of the pipe tells, which needs Python's lock"
)
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(None, id="idle"),
        pytest.param(Trouble("writing", "signal", name="SIGSTOP", after_tokens=1), id="stopped"),
        pytest.param(Trouble("writing", "freeze", seconds=60, after_tokens=1), id="keeps Python's lock"),
    ],
)
def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path, trouble: Trouble | None) -> None:
    files = fake_model(tmp_path, Reply("a b c", token_s=0.1), trouble=[trouble] if trouble else [])
    command = [sys.executable, "-m", "tests.support.engine_parent", files.path, str(tmp_path / "engines")]
    with subprocess.Popen(
        [*command, *(["busy"] if trouble else [])], cwd=ROOT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        pid, *runtimes = parent.stdout.readline().split()
        if trouble:
            parent.stdout.readline()  # the first word is there: now it is in trouble
        child = psutil.Process(int(pid))
        parent.kill()

    assert runtimes == []  # the parent of an engine imports no model runtime
    end = time.monotonic() + WAIT_S
    while alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(child)


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE  # nobody collects orphans in some containers
    except psutil.NoSuchProcess:
        return False
