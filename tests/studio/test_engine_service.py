"""The one door to the engines: turns, room, what is remembered of a bad end, and answers that fit."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from studio.engines import records as records_module
from studio.engines.answers import problem
from studio.engines.base import (
    Delta,
    Generation,
    GenerationRequest,
    Loaded,
    LoadOptions,
    Message,
    ModelFiles,
    Sampling,
    TaskItem,
    TaskRequest,
    TaskResult,
    Usage,
)
from studio.engines.installed import InstalledModel
from studio.engines.machine import Machine
from studio.engines.records import EngineRecords, Measurement
from studio.engines.service import EngineService
from studio.engines.shelf import ModelShelf
from studio.errors import CancelledError, EngineError, InputError, NotFoundError
from studio.events import EngineChanged, EventBus
from studio.jobs import CancelToken
from studio.paths import Paths
from studio.phrases import phrase
from studio.store import open_database
from tests.support.fake_model import Reply, Trouble, fake_model

GB = 1_000_000_000
ANIMAL = {
    "type": "object",
    "properties": {"animal": {"type": "string"}, "legs": {"type": "integer"}},
    "required": ["animal", "legs"],
    "additionalProperties": False,
}
FROG = '{"animal": "frog", "legs": 4}'
ASK = GenerationRequest(messages=(Message("user", "Which animal?"),))
HELLO = Generation("Hello!", "end", Usage(generated_tokens=2, generate_s=0.1))


class Puppet:
    """Be an engine that does what a test wants, in this process."""

    def __init__(self, files: ModelFiles, options: LoadOptions) -> None:
        self.files, self.options = files, options
        self.loaded: Loaded | None = None
        self.answers: list[Generation | Exception] = []
        self.requests: list[GenerationRequest] = []
        self.load_error: BaseException | None = None
        self.during: Callable[[], None] = lambda: None
        self.closed = 0

    def load(self, token, report) -> Loaded:
        token.check()
        self.during()
        if self.load_error is not None:
            raise self.load_error
        self.loaded = Loaded(
            engine="puppet", architecture="llama", tasks=("chat", "complete"), device="cpu",
            device_reason=phrase("It is a puppet."), weights="int8", context=self.options.context,
            parameters=1, load_s=0.5, resident_bytes=100, peak_bytes=200,
        )  # fmt: skip
        return self.loaded

    def generate(self, request, on_delta, token) -> Generation:
        self.requests.append(request)
        self.during()
        answer = self.answers.pop(0) if self.answers else HELLO
        if isinstance(answer, Exception):
            self.loaded = None
            raise answer
        on_delta(Delta(answer.text, 1))
        return answer

    def embed(self, texts: Sequence[str], token) -> np.ndarray:
        return np.ones((len(texts), 1), dtype=np.float32)

    def run(self, request, token) -> TaskResult:
        return TaskResult((TaskItem("label"),))

    def close(self) -> None:
        self.closed += 1
        self.loaded = None


class Stage:
    """Hold a service whose models and engines are made up, and everything that happened."""

    def __init__(self, tmp_path: Path, *models: InstalledModel, free_bytes: int = 8 * GB) -> None:
        paths = Paths.under(tmp_path / "home")
        self.database = open_database(paths.database, paths.restore_points).database
        self.records = EngineRecords(self.database)
        self.records.machine = lambda: Machine("here", "a processor", 4, 16 * GB, self.free_bytes, 20e9)
        self.free_bytes = free_bytes
        self.shelf = ModelShelf(paths, hub=tmp_path / "hub")
        self.shelf.models = lambda: models
        self.events: list[tuple[str, str, str]] = []
        bus = EventBus()
        bus.subscribe(self._hear)
        self.puppets: list[Puppet] = []
        self.next: list[Callable[[Puppet], None]] = []
        self.ended: Callable[[EngineError], None] = lambda error: None
        self.service = EngineService(
            self.shelf, self.records, paths.engines, bus, remote=self._make, start=self._start
        )

    def _hear(self, event) -> None:
        assert isinstance(event, EngineChanged)
        self.events.append((event.ref, event.state, str(event.words)))

    def _start(self, files, options, *, folder, on_ended) -> Puppet:
        self.ended = on_ended
        return self._make(files, options)

    def _make(self, files, options=None) -> Puppet:
        puppet = Puppet(files, options or LoadOptions())
        self.puppets.append(puppet)
        if self.next:
            self.next.pop(0)(puppet)
        return puppet

    def states(self) -> list[tuple[str, str]]:
        return [(ref, state) for ref, state, _ in self.events]

    def ask(self, ref: str, request: GenerationRequest = ASK, **more) -> Generation:
        return self.service.generate(ref, request, lambda delta: None, CancelToken(), **more)

    def close(self) -> None:
        self.service.end()
        self.database.close()


def model(ref: str, millions: int = 100, **more) -> InstalledModel:
    from studio.engines.fit import shape_from_size

    made = InstalledModel(
        ref=ref, name=ref.rpartition("/")[2], format="safetensors", path="/nowhere", size_bytes=millions * 2_000_000,
        architecture="llama", own_loop=True, tasks=("chat", "complete"), shape=shape_from_size(millions * 1_000_000),
    )  # fmt: skip
    return dataclasses.replace(made, **more)


@pytest.fixture
def stage(tmp_path):
    stages = []

    def make(*models: InstalledModel, **more) -> Stage:
        stages.append(Stage(tmp_path, *models, **more))
        return stages[-1]

    yield make
    for one in stages:
        one.close()


def crash(cause: str = "crashed") -> EngineError:
    return EngineError(phrase("The model crashed."), cause=cause, text="Once upon")


# ------------------------------------------------------------ loading and putting away


def test_a_model_is_loaded_once_and_asked_again(stage):
    one = stage(model("a/frog"))
    assert one.ask("a/frog") == HELLO
    assert one.ask("frog") == HELLO
    assert len(one.puppets) == 1
    assert one.states() == [("a/frog", "loading"), ("a/frog", "ready")]
    assert [running.ref for running in one.service.running()] == ["a/frog"]
    one.service.close("frog")
    assert one.puppets[0].closed
    assert one.states()[-1] == ("a/frog", "closed")
    assert one.service.running() == ()


def test_other_options_load_anew_and_the_context_is_made_definite(stage):
    one = stage(model("a/frog"))
    one.service.open("a/frog")
    assert one.puppets[0].options == LoadOptions(context=4096)
    one.service.open("a/frog", LoadOptions(weights="int4", context=1024))
    assert one.puppets[0].closed
    assert one.puppets[1].options == LoadOptions(weights="int4", context=1024, reading_copy=True)
    one.ask("a/frog")
    assert len(one.puppets) == 2


def test_where_both_fit_both_stay_and_where_not_the_longest_unused_goes_first(stage):
    one = stage(model("a/one", 1000), model("b/two", 1000), model("c/three", 1000))
    one.ask("a/one")
    one.ask("b/two")
    one.ask("a/one")
    assert {running.ref for running in one.service.running()} == {"a/one", "b/two"}
    one.free_bytes = GB // 10
    for puppet in one.puppets:  # each gives back enough for the third
        puppet.loaded = dataclasses.replace(puppet.loaded, resident_bytes=2 * GB)
    one.ask("c/three")
    assert {running.ref for running in one.service.running()} == {"a/one", "c/three"}


def test_what_cannot_fit_is_refused_with_numbers_and_a_proposal_and_nothing_is_put_away(stage):
    one = stage(model("a/small", 100), model("b/huge", 70_000))
    one.ask("a/small")
    with pytest.raises(InputError) as caught:
        one.ask("b/huge")
    assert "huge needs about 4" in str(caught.value)
    assert "GB of memory, and only" in str(caught.value)
    assert "small is smaller and would fit." in str(caught.value)
    assert [running.ref for running in one.service.running()] == ["a/small"]


def test_a_shorter_context_is_proposed_where_that_is_enough(stage):
    wide = model("a/wide", 500)
    wide = dataclasses.replace(
        wide, shape=dataclasses.replace(wide.shape, cache_values=500_000, context=32_768)
    )
    one = stage(wide, free_bytes=3 * GB)
    with pytest.raises(InputError) as caught:
        one.service.open("a/wide", LoadOptions(context=32_768))
    proposal = one.service.fit("a/wide", LoadOptions(context=32_768)).proposal
    assert f"{proposal.context} tokens" in str(caught.value)
    assert 512 <= proposal.context < 32_768
    one.service.open("a/wide", LoadOptions(weights=proposal.weights, context=proposal.context))
    assert one.service.running()[0].fit.fits


def test_a_damaged_model_and_an_unknown_one_are_refused_in_words(stage):
    one = stage(model("a/bad", reason=phrase("Its files cannot be read.")))
    with pytest.raises(InputError, match="cannot be read"):
        one.ask("a/bad")
    with pytest.raises(NotFoundError):
        one.ask("nothing/like-it")
    assert one.puppets == []


def test_calls_take_turns_and_stop_is_heard_while_waiting(stage):
    one = stage(model("a/frog"), model("b/toad"))
    busy, go_on, together = threading.Event(), threading.Event(), []

    def work() -> None:
        together.append("in")
        busy.set()
        assert go_on.wait(10)
        together.append("out")

    one.ask("a/frog")
    one.puppets[0].during = work
    first = threading.Thread(target=one.ask, args=("a/frog",))
    first.start()
    assert busy.wait(10)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        one.service.generate("b/toad", ASK, lambda delta: None, token)
    second = threading.Thread(target=one.ask, args=("b/toad",))
    second.start()
    go_on.set()
    first.join(10)
    second.join(10)
    assert together == ["in", "out"]
    assert {running.ref for running in one.service.running()} == {"a/frog", "b/toad"}


def test_the_end_puts_all_away_and_loads_no_more(stage):
    one = stage(model("a/frog"), model("b/toad"))
    one.ask("a/frog")
    one.ask("b/toad")
    one.service.end()
    assert all(puppet.closed for puppet in one.puppets)
    with pytest.raises(CancelledError):
        one.ask("a/frog")
    assert one.service.running() == ()


# ------------------------------------------------------------ bad ends


@pytest.mark.parametrize("when", ["load", "work", "idle"])
def test_a_crasher_is_loaded_again_only_when_somebody_asks_for_it(stage, when):
    one = stage(model("a/frog"))
    if when == "load":
        one.next = [lambda puppet: setattr(puppet, "load_error", crash())]
    elif when == "work":
        one.next = [lambda puppet: puppet.answers.append(crash())]
    if when == "idle":
        one.ask("a/frog")
        one.puppets[0].loaded = None
        one.ended(crash())
    else:
        with pytest.raises(EngineError, match="crashed"):
            one.ask("a/frog")
    assert one.states()[-1] == ("a/frog", "failed")
    assert one.service.running() == ()
    assert one.records.trouble("a/frog").cause == "crashed"
    with pytest.raises(EngineError, match="not loaded by itself") as caught:
        one.ask("a/frog")
    assert caught.value.cause == "crashed"
    assert len(one.puppets) == 1
    one.ask("a/frog", asked=True)
    assert "Trying it once more" in one.events[-2][2]
    assert one.records.trouble("a/frog") is None
    one.service.close()
    one.ask("a/frog")


def test_pressing_stop_or_a_refusal_while_loading_is_no_trouble_but_does_not_forgive_one_either(stage):
    one = stage(model("a/frog"))
    for error in (CancelledError(), InputError(phrase("It is refused.")), KeyboardInterrupt()):
        one.next = [lambda puppet, error=error: setattr(puppet, "load_error", error)]
        with pytest.raises(type(error)):
            one.ask("a/frog")
        assert one.records.trouble("a/frog") is None
        assert one.service.running() == ()
    one.records.note_trouble("a/frog", "hung", phrase("The model stopped moving."))
    one.next = [lambda puppet: setattr(puppet, "load_error", CancelledError())]
    with pytest.raises(CancelledError):
        one.ask("a/frog", asked=True)
    assert one.records.trouble("a/frog").cause == "hung"


def test_a_model_that_is_put_away_in_the_middle_of_a_call_is_no_crasher(stage):
    one = stage(model("a/frog"))
    one.ask("a/frog")
    one.puppets[0].answers = [crash("ended")]
    one.puppets[0].during = one.service.close
    with pytest.raises(EngineError):
        one.ask("a/frog")
    assert one.records.trouble("a/frog") is None
    assert one.states()[-1] == ("a/frog", "closed")


def test_a_load_that_never_ended_is_a_crash_unless_its_program_still_lives(stage, monkeypatch):
    one = stage(model("a/frog"))
    one.records.begin_load("a/frog")
    assert one.records.trouble("a/frog") is None  # this program lives, and loads
    gone = 2**22 + 1
    with one.database.transaction() as connection:
        connection.execute("UPDATE engine_load SET pid=?", (gone,))
    trouble = one.records.trouble("a/frog")
    assert trouble.cause == "crashed"
    assert trouble.words == records_module.STOPPED_WHILE_LOADING
    with pytest.raises(EngineError, match="not loaded by itself"):
        one.ask("a/frog")
    with one.database.transaction() as connection:  # the number lives on in another program
        connection.execute("UPDATE engine_load SET pid=?, begun=1.5", (os.getpid(),))
    assert one.records.trouble("a/frog") is not None


def test_a_remote_model_that_fails_is_not_remembered_and_takes_no_turn_of_the_others(stage):
    one = stage(
        model("a/frog"), InstalledModel("remote:class", "class", "remote", tasks=("chat", "complete"))
    )
    one.ask("a/frog")
    one.next = [lambda puppet: setattr(puppet, "load_error", crash("failed"))]
    with pytest.raises(EngineError):
        one.ask("remote:class")
    assert one.records.trouble("remote:class") is None
    one.puppets[0].during = lambda: one.ask("remote:class")  # within the turn of the local one
    assert one.ask("a/frog") == HELLO


# ------------------------------------------------------------ answers that fit


def formed(**more) -> GenerationRequest:
    return dataclasses.replace(ASK, schema=ANIMAL, **more)


def said(text: str, ending: str = "end") -> Generation:
    return Generation(text, ending, Usage(generated_tokens=3, generate_s=0.1))


def scripted(*answers: Generation | Exception) -> Callable[[Puppet], None]:
    return lambda puppet: puppet.answers.extend(answers)


def test_an_answer_that_fits_is_passed_on_and_one_that_does_not_is_asked_for_once_more(stage):
    one = stage(model("a/frog"))
    one.next = [scripted(said(FROG), said('{"animal": "frog"}'), said(FROG))]
    assert one.ask("a/frog", formed()).text == FROG
    heard: list[str] = []
    request = formed(sampling=Sampling(temperature=0.0, seed=5))
    token = CancelToken()
    assert one.service.generate("a/frog", request, lambda delta: heard.append(delta.text), token).text == FROG
    assert heard == ['{"animal": "frog"}']
    again = one.puppets[0].requests[-1].sampling
    assert again.seed == 6
    assert again.temperature > 0


def test_two_answers_that_do_not_fit_are_an_error_that_keeps_the_text(stage):
    one = stage(model("a/frog"))
    one.next = [scripted(said("A frog."), said("It is a frog!"))]
    with pytest.raises(EngineError, match="did not have the form") as caught:
        one.ask("a/frog", formed())
    assert caught.value.text == "It is a frog!"
    assert len(one.puppets[0].requests) == 2
    assert one.records.trouble("a/frog") is None
    assert one.ask("a/frog") == HELLO


def test_what_was_stopped_is_not_judged(stage):
    one = stage(model("a/frog"))
    one.next = [scripted(said('{"ani', "cancelled"), said("no"), said('{"an', "cancelled"))]
    assert one.ask("a/frog", formed()).ending == "cancelled"
    assert one.ask("a/frog", formed()).ending == "cancelled"


def test_a_remote_answer_is_judged_here_too_but_asked_for_again_only_by_its_own_engine(stage):
    one = stage(InstalledModel("remote:class", "class", "remote", tasks=("chat", "complete")))
    one.next = [scripted(said('{"animal": 4, "legs": 4}'))]
    with pytest.raises(EngineError, match="did not have the form"):
        one.ask("remote:class", formed())
    assert len(one.puppets[0].requests) == 1


def test_the_given_beginning_of_an_answer_counts_when_it_is_judged(stage):
    one = stage(model("a/frog"))
    one.next = [scripted(said('"frog", "legs": 4}'))]
    assert one.ask("a/frog", formed(answer_start='{"animal": ')).text == '"frog", "legs": 4}'


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (FROG, ""),
        ("frog", "not JSON"),
        ('{"animal": "frog", "legs": NaN}', "not JSON"),
        ('{"animal": "frog", "animal": "toad", "legs": 4}', "twice"),
        ('{"animal": "frog", "legs": 4.5}', "$.legs"),
        ('{"animal": "frog", "legs": 4, "more": 1}', "more"),
        ("[" * 100_000, "not JSON"),
        (json.dumps({"animal": "x" * 2_000_001, "legs": 4}), "too many"),
    ],
    ids=str,
)
def test_what_is_wrong_with_an_answer_is_said(text, wrong):
    found = problem(text, ANIMAL)
    assert (wrong in found) if wrong else found == ""


def test_a_pattern_ends_where_the_text_ends():
    shape = {"type": "string", "pattern": "^[a-z]+$"}
    assert problem('"frog"', shape) == ""
    assert problem('"frog\\n"', shape) != ""
    assert problem('"a$"', {"type": "string", "pattern": "^a\\$"}) == ""


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"$ref": "https://example.com/form.json"},
        {"$ref": "#/$defs/nothing"},
        {"type": "string", "pattern": "("},
    ],
    ids=str,
)
def test_a_form_that_is_none_is_refused_and_nothing_is_fetched(schema):
    with pytest.raises(InputError, match="form"):
        problem('"x"', schema)


# ------------------------------------------------------------ what is remembered


def test_a_load_and_an_answer_leave_measurements_beside_predictions(stage):
    one = stage(model("a/frog"))
    long = Generation("word " * 40, "end", Usage(100, 0, 40, 0, 0, 0, 40, prompt_s=0.5, generate_s=2.0))
    one.next = [scripted(long)]
    predicted = one.service.fit("a/frog")
    assert not predicted.measured
    one.ask("a/frog")
    measured = one.records.view().newest("a/frog")
    assert (measured.load_s, measured.peak_bytes, measured.resident_bytes) == (0.5, 200, 100)
    assert (measured.prefill_tps, measured.decode_tps) == (200.0, 20.0)
    assert measured.predicted_bytes == predicted.load_bytes
    assert measured.predicted_tps == pytest.approx(predicted.tokens_per_second)
    after = one.service.fit("a/frog")
    assert (after.measured, after.tokens_per_second) == (True, 20.0)
    assert after.plain_tps == predicted.plain_tps


def test_what_one_model_taught_helps_to_predict_another(stage):
    one = stage(model("a/frog"), model("b/toad", 200))
    before = one.service.fit("b/toad")
    frog = one.service.fit("a/frog")
    one.records.measure(
        Measurement("a/frog", "int8", "own loop", decode_tps=frog.plain_tps / 2, plain_tps=frog.plain_tps)
    )
    after = one.service.fit("b/toad")
    assert after.tokens_per_second == pytest.approx(before.plain_tps / 2)
    assert not after.measured


@pytest.mark.parametrize("more", [{"schema": {"type": "string"}}, {"max_tokens": 3}])
def test_forced_and_short_answers_say_nothing_about_speed(stage, more):
    one = stage(model("a/frog"))
    tokens = 40 if "schema" in more else 3
    one.next = [scripted(Generation('"x"', "end", Usage(generated_tokens=tokens, generate_s=1.0)))]
    one.ask("a/frog", dataclasses.replace(ASK, **more))
    assert one.records.view().newest("a/frog").decode_tps is None


def test_the_newest_lines_count_and_old_ones_are_dropped(stage):
    one = stage()
    for speed in [1.0] * 30 + [10.0, 11.0, 12.0]:
        one.records.measure(Measurement("a/frog", "int8", decode_tps=speed))
    assert one.records.view().newest("a/frog").decode_tps == 10.0
    assert one.database.row("SELECT count(*) FROM engine_measurement")[0] == 20


def test_measuring_is_no_work_that_a_restore_point_would_keep(stage):
    one = stage(model("a/frog"))
    one.ask("a/frog")
    assert not one.database.changed


def test_the_user_pins_a_model_and_takes_it_back(stage):
    one = stage(model("a/frog"), model("b/toad", 300))
    assert one.service.choose("chat").model.ref == "b/toad"
    one.records.pin("chat", "a/frog")
    assert one.service.choose("chat").model.ref == "a/frog"
    one.records.pin("chat", None)
    assert one.service.choose("chat").model.ref == "b/toad"


@pytest.mark.parametrize(("quiet", "times"), [(True, 1), (False, 2)])
def test_the_bandwidth_is_measured_once_for_each_machine_unless_it_was_busy(
    tmp_path, monkeypatch, quiet, times
):
    paths = Paths.under(tmp_path)
    measured = []
    monkeypatch.setattr(records_module.bandwidth, "is_quiet", lambda: quiet)
    monkeypatch.setattr(records_module.bandwidth, "measure_bandwidth", lambda: measured.append(1) or 20e9)
    for _ in range(2):
        database = open_database(paths.database, paths.restore_points).database
        records = EngineRecords(database)
        for _ in range(2):
            machine = records.machine()
            assert machine.bandwidth_bytes_s == 20e9
            assert 0 < machine.free_bytes <= machine.memory_bytes
        database.close()
    assert len(measured) == times


def test_a_store_of_the_first_version_gets_the_tables_of_the_engines(tmp_path, monkeypatch):
    from studio.store import database as store

    paths = Paths.under(tmp_path)
    everything = store.MIGRATIONS
    monkeypatch.setattr(store, "MIGRATIONS", everything[:1])
    database = open_database(paths.database, paths.restore_points).database
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO project (id, title, created_at, changed_at) VALUES ('p', 'Mine', '', '')"
        )
    database.close()
    monkeypatch.setattr(store, "MIGRATIONS", everything)
    database = open_database(paths.database, paths.restore_points).database
    EngineRecords(database).pin("chat", "a/frog")
    assert EngineRecords(database).view().pins == {"chat": "a/frog"}
    assert database.row("SELECT title FROM project")[0] == "Mine"
    assert (paths.restore_points / "before-002.db").exists()
    database.close()


# ------------------------------------------------------------ with a process of its own


class House:
    """Hold the real service over pretend models in a throwaway home."""

    def __init__(self, tmp_path: Path) -> None:
        self.paths = Paths.under(tmp_path / "home")
        self.database = open_database(self.paths.database, self.paths.restore_points).database
        self.events: list[EngineChanged] = []
        bus = EventBus()
        bus.subscribe(self.events.append)
        shelf = ModelShelf(self.paths, hub=tmp_path / "hub")
        self.records = EngineRecords(self.database)
        self.service = EngineService(shelf, self.records, self.paths.engines, bus, remote=_nobody)

    def close(self) -> None:
        self.service.end()
        self.database.close()


def _nobody(files: ModelFiles):
    raise AssertionError("no test here asks a remote model")


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(records_module.bandwidth, "measure_bandwidth", lambda: 20e9)
    made = House(tmp_path)
    yield made
    made.close()


def test_a_pretend_model_answers_embeds_works_and_goes(house):
    fake_model(
        house.paths.models, Reply("Once upon a time", lasting=True), name="teller", width=8,
        results={"classify_text": [TaskItem("happy", 0.9)]},
    )  # fmt: skip
    heard: list[str] = []
    done = house.service.generate("teller", ASK, lambda delta: heard.append(delta.text), CancelToken())
    assert (done.text, "".join(heard), done.ending) == ("Once upon a time", "Once upon a time", "end")
    assert house.service.embed("teller", ["a", "b"], CancelToken()).shape == (2, 8)
    result = house.service.run("teller", TaskRequest("classify_text", "I am glad"), CancelToken())
    assert result.items[0].label == "happy"
    bench = house.service.bench("teller", CancelToken())
    assert bench.load_s > 0
    assert [event.state for event in house.events] == ["loading", "ready", "closed", "loading", "ready"]
    house.service.close()
    assert house.service.running() == ()


def test_a_process_that_dies_in_the_middle_keeps_its_words_and_is_not_loaded_by_itself(house):
    dies = Trouble("writing", "signal", name="SIGSEGV", after_tokens=2, once=True)
    fake_model(
        house.paths.models,
        Reply("one two three four", token_s=0.06, lasting=True),
        name="crasher",
        trouble=[dies],
    )
    heard: list[str] = []
    with pytest.raises(EngineError) as caught:
        house.service.generate("crasher", ASK, lambda delta: heard.append(delta.text), CancelToken())
    assert caught.value.cause == "crashed"
    assert caught.value.text == "".join(heard)
    assert "one" in caught.value.text and "three" not in caught.value.text
    with pytest.raises(EngineError, match="not loaded by itself"):
        house.service.generate("crasher", ASK, lambda delta: None, CancelToken())
    again = house.service.generate("crasher", ASK, lambda delta: None, CancelToken(), asked=True)
    assert again.text == "one two three four"
    assert [event.state for event in house.events] == ["loading", "ready", "failed", "loading", "ready"]


def test_a_process_that_dies_while_idle_is_remembered_at_once(house):
    dies = Trouble("idle", "exit", number=3, seconds=0.1)
    fake_model(house.paths.models, "Hi", name="sleeper", trouble=[dies])
    failed = threading.Event()
    house.service._seats._events.subscribe(lambda event: event.state == "failed" and failed.set())
    house.service.open("sleeper")
    assert failed.wait(10)
    assert house.records.trouble("sleeper.fake.json") is not None
    assert house.service.running() == ()


def test_the_service_can_be_ended_while_a_model_loads(house):
    fake_model(house.paths.models, "Hi", name="slow", load_s=60.0)
    loading = threading.Event()
    house.service._seats._events.subscribe(lambda event: loading.set())
    ended: list[BaseException] = []

    def load() -> None:
        try:
            house.service.open("slow", report=lambda progress: None)
        except CancelledError as error:
            ended.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    assert loading.wait(10)
    house.service.end()
    thread.join(10)
    assert len(ended) == 1
    assert house.records.trouble("slow.fake.json") is None
