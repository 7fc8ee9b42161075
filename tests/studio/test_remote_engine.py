"""Models on servers: what is asked, what comes back, and every way in which a server misbehaves."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading

import numpy as np
import pytest

from studio.engines import answers
from studio.engines import remote_forms as forms
from studio.engines.base import GenerationRequest, Message, Sampling, TaskRequest
from studio.engines.remote import RETRIES, RemoteEngine
from studio.engines.remote_servers import Patience, RemoteServer, RemoteServers, checked
from studio.errors import BlockedError, EngineError, InputError, NotFoundError, OfflineError
from studio.events import EventBus
from studio.jobs import CancelToken
from studio.network import OFFLINE_VARIABLES, NetworkGate
from studio.settings import Settings
from tests.support.remote_server import RemoteServer as FakeServer

KEY = "sk-CANARY-1234567890"
USUAL = Patience()
QUICK = Patience(connect_s=5, list_s=5, first_token_s=0.3, between_tokens_s=0.3)
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 12},
        "stars": {"type": "integer", "minimum": 1, "maximum": 5},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    },
    "required": ["title", "stars", "tags"],
    "additionalProperties": False,
}
GOOD = {"title": "Sharks", "stars": 3, "tags": ["sea"]}


@pytest.fixture
def gate(tmp_path, monkeypatch):
    for name in OFFLINE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    bus = EventBus()
    return NetworkGate(Settings(tmp_path / "settings.json", bus), bus, tmp_path / "network")


@pytest.fixture
def make(gate):
    """Return a function that makes an engine for a fake server."""

    def make(
        server: FakeServer, *, require=lambda: None, patience=USUAL, host="127.0.0.1", **more
    ) -> RemoteEngine:
        url = f"http://{host}:{server.port}"
        context = more.pop("context", 0)
        record = RemoteServer("school", url, **more)
        return RemoteEngine(record, require=require, network=gate, context=context, patience=patience)

    return make


def load(engine: RemoteEngine) -> RemoteEngine:
    engine.load(CancelToken(), lambda progress: None)
    return engine


def ask(engine: RemoteEngine, words: str = "Hi", token: CancelToken | None = None, **more):
    """Return the generation and the deltas."""
    deltas = []
    request = GenerationRequest(messages=(Message("user", words),), **more)
    return engine.generate(request, deltas.append, token or CancelToken()), deltas


# ------------------------------------------------------------ the good way


def test_load_tells_what_the_server_has(make):
    with FakeServer(models=("first", "second")) as server:
        loaded = load(make(server, model="second")).loaded

    assert loaded.context == 4096
    assert loaded.device == "remote"
    assert [str(note) for note in loaded.notes] == [
        "The model is second.",
        "This server keeps to the form that the studio asks for.",
    ]
    assert {body["model"] for body in server.chats()} == {"second"}


@pytest.mark.parametrize(("wanted", "chosen"), [("", "first"), ("second", "second:latest")])
def test_the_model_is_chosen_from_the_list(make, wanted, chosen):
    with FakeServer(models=("first", "second:latest")) as server:
        ask(load(make(server, model=wanted)))

    assert server.chats()[-1]["model"] == chosen


def test_a_model_that_is_not_there_is_named(make):
    with (
        FakeServer(models=("first",)) as server,
        pytest.raises(InputError, match=r"no model “other”.*It has: first"),
    ):
        load(make(server, model="other"))


def test_a_server_without_a_list_is_believed(make):
    with FakeServer(fault="models missing") as server:
        ask(load(make(server, model="mine")))

    assert server.chats()[-1]["model"] == "mine"


def test_an_answer_comes_in_pieces_with_the_servers_counts(make):
    with FakeServer(answers=["Hello, children of the world!"]) as server:
        generation, deltas = ask(load(make(server)))

    assert generation.text == "Hello, children of the world!"
    assert "".join(delta.text for delta in deltas) == generation.text
    assert len(deltas) > 3
    assert [delta.tokens for delta in deltas] == sorted(delta.tokens for delta in deltas)
    assert generation.ending == "end"
    usage = generation.usage
    assert (usage.prompt_tokens, usage.reused_tokens, usage.generated_tokens) == (11, 4, 5)


def test_without_the_servers_counts_we_count(make):
    with FakeServer(answers=["12345678"], usage=False) as server:
        generation, _ = ask(load(make(server)))

    assert generation.usage.generated_tokens == 2


def test_what_is_asked_arrives(make):
    with FakeServer() as server:
        engine = load(make(server))
        request = GenerationRequest(
            messages=(Message("system", "Be kind."), Message("user", "Hi")),
            max_tokens=7,
            sampling=Sampling(temperature=0.2, top_p=0.5, top_k=9, min_p=0.1, repetition_penalty=1.2, seed=5),
            stop=("a", "b", "c", "d", "e"),
            answer_start="Well",
        )
        engine.generate(request, lambda delta: None, CancelToken())

    body = server.chats()[-1]
    assert [message["content"] for message in body["messages"]] == ["Be kind.", "Hi", "Well"]
    assert (body["max_tokens"], body["temperature"], body["top_p"]) == (7, 0.2, 0.5)
    assert (body["top_k"], body["min_p"], body["seed"]) == (9, 0.1, 5)
    assert len(body["stop"]) == 4


def test_a_bare_prompt_is_completed(make):
    with FakeServer(answers=["in a land far away"]) as server:
        engine = load(make(server))
        generation = engine.generate(GenerationRequest(prompt="Once"), lambda delta: None, CancelToken())

    assert generation.text == "in a land far away"
    assert server.asked[-1].path == "/v1/completions"


def test_a_server_that_knows_few_fields_is_asked_without_them(make):
    with FakeServer(fault="refuses extras", answers=["Yes.", "Yes.", "No."]) as server:
        engine = load(make(server))
        generation, _ = ask(engine, sampling=Sampling(seed=4))
        before = len(server.chats())
        ask(engine, sampling=Sampling(seed=4))

    assert generation.text in {"Yes.", "No."}
    assert len(server.chats()) == before + 1


def test_a_server_that_does_not_stream_answers_at_once(make):
    with FakeServer(fault="at once", answers=["All of it."]) as server:
        generation, deltas = ask(load(make(server)))

    assert generation.text == "All of it."
    assert len(deltas) == 1


def test_signs_of_life_are_passed_over(make):
    with FakeServer(fault="comments", answers=["Still here."]) as server:
        assert ask(load(make(server)))[0].text == "Still here."


def test_an_end_without_its_last_line_is_an_end(make):
    with FakeServer(fault="no done", answers=["Fine."]) as server:
        assert ask(load(make(server)))[0].text == "Fine."


def test_the_limit_of_tokens_is_told(make):
    with FakeServer(answers=["a" * 40]) as server:
        assert ask(load(make(server)), max_tokens=3)[0].ending == "length"


@pytest.mark.parametrize("stop", ["\nUser:", "xyz", "z"])
def test_stop_strings_hold_even_across_pieces(make, stop):
    said = f"One two three{stop}four five"
    with FakeServer(answers=[said]) as server:
        generation, deltas = ask(load(make(server)), stop=("never", "n-e-v-e-r", "?", "!", stop))

    assert generation.text == "One two three"
    assert generation.ending == "stop"
    assert "".join(delta.text for delta in deltas) == "One two three"


def test_the_beginning_of_a_stop_string_at_the_end_is_kept(make):
    with FakeServer(answers=["One two\nUse"]) as server:
        assert ask(load(make(server)), stop=("\nUser:",))[0].text == "One two\nUse"


def test_odds_of_tokens(make):
    with FakeServer(answers=["Hi ho"]) as server:
        _, deltas = ask(load(make(server)), alternatives=2)

    (first,) = next(delta.odds for delta in deltas if delta.odds)
    assert first.text == "Hi h"
    assert first.probability == pytest.approx(0.6065, abs=1e-3)
    assert [text for text, _ in first.others] == ["Hi h", "?"]


def test_vectors_have_length_one_and_keep_their_order(make):
    with FakeServer() as server:
        vectors = load(make(server)).embed([str(n) for n in range(70)], CancelToken())

    assert vectors.dtype == np.float32
    assert vectors.shape == (70, 3)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(70))
    assert vectors[5, 2] > vectors[1, 2] > vectors[0, 2]


@pytest.mark.parametrize(
    "vectors", [[[1.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]], [[1.0], [1.0, 2.0]], [["x"], [1.0]]]
)
def test_vectors_that_make_no_sense_are_refused(make, vectors):
    with FakeServer(vectors=vectors) as server:
        engine = load(make(server))
        with pytest.raises(EngineError, match="makes no sense"):
            engine.embed(["a", "b"], CancelToken())


def test_other_tasks_are_refused(make):
    with FakeServer() as server, pytest.raises(InputError):
        make(server).run(TaskRequest("fill_mask", "x"), CancelToken())


# ------------------------------------------------------------ forms


@pytest.mark.parametrize(
    ("fault", "enforces", "found"), [("", True, True), ("", False, False), ("refuses schemas", True, False)]
)
def test_the_probe_finds_out_who_keeps_to_a_form(make, fault, enforces, found):
    with FakeServer(fault=fault, enforces=enforces) as server:
        engine = load(make(server))

    assert engine.enforces_schema is found
    said = " ".join(str(note) for note in engine.loaded.notes)
    assert ("does not keep" in said) is not found
    assert "pebble" not in server.chats()[0]["messages"][0]["content"], (
        "the question would give the form away"
    )


def test_a_form_that_is_kept_is_streamed_and_cut_to_its_bounds(make):
    with FakeServer() as server:
        generation, deltas = ask(load(make(server)), schema=SCHEMA)

    value = json.loads(generation.text)
    assert len(value["title"]) == 12
    assert value["stars"] == 5
    assert len(value["tags"]) == 2
    assert not answers.problem(generation.text, SCHEMA)
    assert len([delta for delta in deltas if delta.text]) > 3
    sent = server.chats()[-1]["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert "maxLength" not in json.dumps(sent)


MESSY = [
    json.dumps(GOOD),
    f"Sure! Here it is:\n```json\n{json.dumps(GOOD, indent=2)}\n```\nEnjoy.",
    f"<think>The user wants {{stars}} and [tags].</think>{json.dumps(GOOD)}",
    f"They want this.</think>\n{json.dumps(GOOD)}",
    'Here: {"title": "Sharks", "stars": 3, "tags": ["sea",],} ok?',
    json.dumps({**GOOD, "extra": "nobody asked"}),
]


@pytest.mark.parametrize("said", MESSY)
def test_a_server_that_keeps_to_no_form_is_understood_anyway(make, said):
    with FakeServer(enforces=False, answers=["The sky is blue.", said]) as server:
        generation, deltas = ask(load(make(server)), schema=SCHEMA)

    assert json.loads(generation.text) == GOOD
    assert "".join(delta.text for delta in deltas) == generation.text
    question = server.chats()[-1]
    assert "response_format" not in question
    assert '"maxItems":2' in question["messages"][0]["content"]
    assert len(server.chats()) == 2


def test_a_wrong_answer_is_asked_for_again_with_what_was_wrong(make):
    wrong = json.dumps({**GOOD, "stars": "three"})
    with FakeServer(enforces=False, answers=["Blue.", "No idea, sorry.", wrong, json.dumps(GOOD)]) as server:
        generation, _ = ask(load(make(server)), schema=SCHEMA)

    assert json.loads(generation.text) == GOOD
    assert "asked 3 times" in str(generation.notes[-1])
    assert "no whole JSON" in server.chats()[-2]["messages"][-1]["content"]
    assert "stars" in server.chats()[-1]["messages"][-1]["content"]


def test_after_two_more_tries_it_is_over_and_the_text_is_kept(make):
    with FakeServer(enforces=False, answers=["Blue.", *["Never!"] * 9]) as server:
        engine = load(make(server))
        with pytest.raises(EngineError, match="could not keep to the form") as caught:
            ask(engine, schema=SCHEMA)

    assert caught.value.text == "Never!"
    assert len(server.chats()) == 1 + 1 + RETRIES


def test_a_server_that_lied_about_the_form_is_not_believed_again(make):
    with FakeServer(enforced_once=True, answers=["Ha ha!", json.dumps(GOOD), json.dumps(GOOD)]) as server:
        engine = load(make(server))
        assert engine.enforces_schema
        generation, _ = ask(engine, schema=SCHEMA)
        assert json.loads(generation.text) == GOOD
        assert engine.enforces_schema is False
        ask(engine, schema=SCHEMA)

    assert "response_format" in server.chats()[1]
    assert "response_format" not in server.chats()[2]
    assert "response_format" not in server.chats()[3]


def test_a_form_and_a_given_start_do_not_go_together(make):
    with FakeServer() as server:
        engine = load(make(server))
        with pytest.raises(InputError, match="given start"):
            ask(engine, schema=SCHEMA, answer_start='{"title"')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2]", [1, 2]),
        ("null", None),
        ("a { b } then {\"c\": 1} and {\"long\": [1, 2, 3]}", {"long": [1, 2, 3]}),
        ('{"a": "keep ,] this, }"}', {"a": "keep ,] this, }"}),
        ('```\n{"a": 1,}\n```', {"a": 1}),
        ("<think>{\"no\": 1}", forms.NOTHING),
        ("", forms.NOTHING),
        ("NaN", forms.NOTHING),
        ('{"a": NaN}', forms.NOTHING),
        ('{"a": 1e999}', forms.NOTHING),
        ('{"a": "\\ud800"}', forms.NOTHING),
        ("[" * 5000, forms.NOTHING),
        ('{"a": 1', forms.NOTHING),
        ("x" * (forms.LONGEST_ANSWER + 1), forms.NOTHING),
    ],
)  # fmt: skip
def test_json_is_found_and_traps_are_not(text, value):
    assert forms.find_json(text) == value


@pytest.mark.parametrize(
    ("schema", "value", "mended"),
    [
        ({"type": "string", "maxLength": 2}, "🐸🐸🐸", "🐸🐸"),
        ({"enum": ["Red", "Blue"]}, " red ", "Red"),
        ({"type": "number", "minimum": 0, "maximum": 1}, 7, 1),
        ({"type": "boolean"}, True, True),
        ({"items": {"maxLength": 1}, "maxItems": 1}, ["ab", "c"], ["a"]),
        (
            {
                "anyOf": [
                    {"properties": {"type": {"const": "a"}, "x": {"maxLength": 1}}, "type": "object"},
                    {"properties": {"type": {"const": "b"}, "x": {"maxLength": 2}}, "type": "object"},
                ]
            },
            {"type": "b", "x": "long"},
            {"type": "b", "x": "lo"},
        ),
        ({"$ref": "#/$defs/short", "$defs": {"short": {"maxLength": 1}}}, "abc", "a"),
        (
            {"type": "object", "properties": {"a": True}, "additionalProperties": False},
            {"a": 1, "b": 2},
            {"a": 1},
        ),
        (True, {"a": [1]}, {"a": [1]}),
    ],
)
def test_what_is_easily_mended_is_mended(schema, value, mended):
    assert forms.fitted(schema, value) == mended


# ------------------------------------------------------------ the bad ways

FAULTS = {
    "no key": (InputError, "does not let us in"),
    "no model": (InputError, "does not know"),
    "too long": (InputError, "more than the model .* can read.*Make it shorter"),
    "bad question": (InputError, "could not use this question"),
    "busy": (EngineError, "too much to do.*in 7 seconds"),
    "broken": (EngineError, "trouble of its own"),
    "elsewhere": (EngineError, "somewhere else"),
    "html": (EngineError, "A web page came back"),
    "packed": (EngineError, "makes no sense"),
}
MIDDLE_FAULTS = {
    "cut": ("ended", "stopped in the middle"),
    "ends early": ("ended", "stopped in the middle"),
    "complains": ("failed", "trouble of its own"),
    "nonsense": ("failed", "makes no sense"),
    "no events": ("failed", "makes no sense"),
    "half a letter": ("failed", "makes no sense"),
    "a line without end": ("failed", "makes no sense"),
    "hangs in the middle": ("hung", "does not go on"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refusal_is_told_in_words(make, fault):
    kind, words = FAULTS[fault]
    with FakeServer() as server:
        engine = load(make(server))
        server.fault = fault
        with pytest.raises(kind, match=words):
            ask(engine)
        assert server.asked[-1].path == "/v1/chat/completions", "no redirect is followed"


@pytest.mark.parametrize("fault", MIDDLE_FAULTS)
def test_what_was_written_before_a_fault_is_kept(make, fault):
    cause, words = MIDDLE_FAULTS[fault]
    with FakeServer(answers=["Blue sky.", "Once upon a time"]) as server:
        engine = load(make(server, patience=QUICK))
        server.enforces = False
        server.answers = ["Once upon a time"]
        server.fault = fault
        with pytest.raises(EngineError, match=words) as caught:
            ask(engine)

    assert caught.value.text == "Once upo"
    assert caught.value.cause == cause


def test_a_server_that_never_begins(make):
    with FakeServer() as server:
        engine = load(make(server, patience=QUICK))
        server.fault = "hangs"
        with pytest.raises(EngineError, match="does not go on") as caught:
            ask(engine)

    assert caught.value.cause == "hung"
    assert caught.value.text == ""


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("models html", "A web page came back"),
        ("models html without a type", "A web page came back"),
        ("models nonsense", "makes no sense"),
        ("models endless", "makes no sense"),
        ("models locked", "does not let us in"),
        ("models broken", "trouble of its own"),
        ("no key", "does not let us in"),
    ],
)
def test_a_bad_greeting_is_told_at_load(make, fault, words):
    with FakeServer(fault=fault) as server:
        engine = make(server)
        with pytest.raises((EngineError, InputError), match=words):
            load(engine)

    assert engine.loaded is None


def test_nobody_there(make):
    with FakeServer() as server:
        engine = make(server)
    with pytest.raises(EngineError, match="No server answers at"):
        load(engine)


@pytest.mark.parametrize("fault", ["hangs", "hangs in the middle"])
def test_stop_closes_the_connection_whatever_it_waits_for(make, fault):
    with FakeServer() as server:
        engine = load(make(server))  # with its usual patience of minutes
        server.fault, server.answers = fault, ["Once upon a time"]
        token = CancelToken()

        def press_stop():
            server.hanging.wait(10)
            token.cancel()

        presser = threading.Thread(target=press_stop)
        presser.start()
        generation, _ = ask(engine, token=token)
        presser.join()

        assert generation.ending == "cancelled"
        assert generation.text == ("" if fault == "hangs" else "Once upo")
        assert server.gone.wait(5)


def test_closing_ends_what_runs_and_keeps_the_text(make):
    with FakeServer() as server:
        engine = load(make(server))
        server.fault, server.answers = "hangs in the middle", ["Once upon a time"]
        closer = threading.Thread(target=lambda: (server.hanging.wait(10), engine.close()))
        closer.start()
        with pytest.raises(EngineError, match="put away") as caught:
            ask(engine)
        closer.join()
        assert server.gone.wait(5)
        assert engine.loaded is None
        server.fault, server.answers = "", ["Back again."]
        assert ask(engine)[0].text == "Back again.", "it loads anew"

    assert (caught.value.text, caught.value.cause) == ("Once upo", "ended")


def test_a_stop_before_the_beginning_asks_nothing(make):
    with FakeServer() as server:
        engine = load(make(server))
        before = len(server.asked)
        token = CancelToken()
        token.cancel()
        generation, _ = ask(engine, token=token)

    assert generation.ending == "cancelled"
    assert len(server.asked) == before


# ------------------------------------------------------------ the gates


def test_nothing_is_asked_without_a_grown_up(make):
    def refuse():
        raise BlockedError("“Use models on other computers” is switched off here.")

    with FakeServer() as server:
        with pytest.raises(BlockedError):
            load(make(server, require=refuse))
        assert server.asked == []


def test_the_grown_up_may_change_their_mind(make):
    allowed = [True]

    def require():
        if not allowed[0]:
            raise BlockedError("off")

    with FakeServer() as server:
        engine = load(make(server, require=require))
        allowed[0] = False
        before = len(server.asked)
        with pytest.raises(BlockedError):
            ask(engine)
        with pytest.raises(BlockedError):
            engine.embed(["a"], CancelToken())
        assert len(server.asked) == before


def test_offline_stops_what_leaves_this_computer_only(make, gate):
    gate._settings.set("offline", True)
    with FakeServer(answers=["Hi."]) as server:
        assert ask(load(make(server)))[0].text == "Hi."
        before = len(server.asked)
        with pytest.raises(OfflineError):
            load(make(server, host="0.0.0.0"))
        assert len(server.asked) == before


def test_what_leaves_this_computer_is_written_down(make, gate):
    with FakeServer() as server:
        ask(load(make(server)))
        assert gate.today() == ()
        ask(load(make(server, host="0.0.0.0")))  # reaches this computer, but no rule says so

    assert {contact.host for contact in gate.today()} == {"0.0.0.0"}
    assert all(contact.size_bytes > 50 for contact in gate.today())


def test_this_computer_is_reached_without_the_proxy_and_others_through_it(make, gate):
    with FakeServer() as server, FakeServer() as proxy:
        gate._settings.set("proxy", proxy.url)
        load(make(server))
        assert proxy.asked == []
        load(make(server, host="0.0.0.0"))

    assert proxy.asked[0].path == f"http://0.0.0.0:{server.port}/v1/models"


def test_a_proxy_that_cannot_be_one_is_told(make, gate):
    gate._settings.set("proxy", "carrier-pigeon:coop")
    with FakeServer() as server, pytest.raises(InputError, match="proxy"):
        load(make(server, host="0.0.0.0"))


def test_the_key_comes_from_the_environment_and_goes_nowhere_else(make, monkeypatch, caplog, tmp_path):
    monkeypatch.setenv("SCHOOL_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with FakeServer() as server:
        engine = load(make(server, key_variable="SCHOOL_KEY"))
        ask(engine)
        server.fault = "no key"
        with pytest.raises(InputError) as caught:
            ask(engine)

    assert {entry.headers["authorization"] for entry in server.asked} == {f"Bearer {KEY}"}
    seen = [caplog.text, caught.value.detail, str(caught.value), repr(engine.server), repr(engine.loaded)]
    seen += [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(KEY in text for text in seen)


def test_without_a_variable_no_key_goes_out(make, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with FakeServer() as server:
        ask(load(make(server)))

    assert not any("authorization" in entry.headers for entry in server.asked)


@pytest.mark.parametrize("value", ["", "two words", "lines\nX-Evil: 1", "schlüssel"])
def test_a_key_that_is_none_is_refused_before_anything_goes_out(make, monkeypatch, value):
    monkeypatch.setenv("SCHOOL_KEY", value)
    with FakeServer() as server:
        with pytest.raises(InputError, match="key"):
            load(make(server, key_variable="SCHOOL_KEY"))
        assert server.asked == []


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://models.example.org/v1", True),
        ("http://127.0.0.1:1", True),
        ("http://192.168.1.4:8000", True),
        ("http://teacher:8000", True),
        ("http://teacher.local:8000", True),
        ("http://models.example.org/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_a_key_never_crosses_the_open_network_unprotected(monkeypatch, url, safe):
    monkeypatch.setenv("SCHOOL_KEY", KEY)
    server = checked(RemoteServer("school", url, key_variable="SCHOOL_KEY"))
    if safe:
        assert server.key() == KEY
    else:
        with pytest.raises(InputError, match="https"):
            server.key()


# ------------------------------------------------------------ other ways of asking


def test_ollama_is_asked_in_its_own_way_with_a_size_of_context(make):
    with FakeServer(ollama=True, answers=["Hello again, you."]) as server:
        engine = load(make(server))
        generation, deltas = ask(engine, max_tokens=9, stop=("you",))
        ask(engine, schema=SCHEMA)
        plain = engine.generate(GenerationRequest(prompt="Once"), lambda delta: None, CancelToken())

    assert engine.enforces_schema
    assert engine.loaded.context == 2048, "the model knows no more"
    assert generation.text == "Hello again, "
    assert len(deltas) > 2
    chat, form, prompt = server.asked[-3:]
    assert (chat.path, prompt.path) == ("/api/chat", "/api/generate")
    assert chat.body["options"]["num_ctx"] == 2048
    assert chat.body["options"]["num_predict"] == 9
    assert form.body["format"]["required"] == ["title", "stars", "tags"]
    assert prompt.body["raw"] is True
    assert (plain.text, plain.usage.prompt_tokens) == ("Hello there!", 11)


def test_ollama_is_known_by_the_tag_of_its_models_too(make):
    with FakeServer(ollama="somebody", models=("somebody/model:7b",)) as server:
        assert load(make(server, model="somebody/model:7b")).loaded.architecture == "ollama"


def test_ollamas_context_can_be_chosen(make):
    with FakeServer(ollama=True) as server:
        assert load(make(server, context=1000)).loaded.context == 1000


@pytest.mark.parametrize("fault", ["ends early", "cut"])
def test_an_answer_of_ollama_that_breaks_off(make, fault):
    with FakeServer(ollama=True) as server:
        engine = load(make(server))
        server.fault, server.answers = fault, ["Once upon a time"]
        with pytest.raises(EngineError, match="stopped in the middle") as caught:
            ask(engine)

    assert caught.value.text == "Once upon a "


def hub(make, server, **more):
    return make(server, kind="inference", model="some/model", key_variable="HUB_KEY", **more)


def test_the_hubs_client_gets_the_named_key_and_no_other(make, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_someoneelse12345")
    monkeypatch.setenv("HUB_KEY", KEY)
    with FakeServer(answers=["Hello from far away."]) as server:
        engine = load(hub(make, server))
        generation, deltas = ask(engine, stop=("away",))

    assert generation.text == "Hello from far "
    assert len(deltas) > 3
    assert engine.enforces_schema
    assert server.asked[-1].path == "/v1/chat/completions"
    assert server.chats()[-1]["model"] == "some/model"
    assert {entry.headers["authorization"] for entry in server.asked} == {f"Bearer {KEY}"}


def test_the_hubs_client_without_a_key_asks_nothing(make, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_someoneelse12345")
    with FakeServer() as server:
        with pytest.raises(InputError, match="need a key"):
            load(make(server, kind="inference", model="some/model"))
        assert server.asked == []


HUB_FAULTS = {
    "no key": (InputError, "does not let us in"),
    "busy": (EngineError, "too much to do"),
    "broken": (EngineError, "trouble of its own"),
    "elsewhere": (EngineError, "somewhere else"),
    "html": (EngineError, "A web page came back"),
    "cut": (EngineError, "stopped in the middle"),
    "ends early": (EngineError, "stopped in the middle"),
    "nonsense": (EngineError, "makes no sense"),
    "complains": (EngineError, "trouble of its own"),
    "hangs": (EngineError, "does not go on"),
    "hangs in the middle": (EngineError, "does not go on"),
}


@pytest.mark.parametrize("fault", HUB_FAULTS)
def test_the_hubs_client_fails_in_our_words(make, monkeypatch, fault):
    monkeypatch.setenv("HUB_KEY", KEY)
    kind, words = HUB_FAULTS[fault]
    with FakeServer() as server:
        engine = load(hub(make, server, patience=QUICK))
        server.fault, server.answers = fault, ["Once upon a time"]
        with pytest.raises(kind, match=words):
            ask(engine)
        assert server.asked[-1].path == "/v1/chat/completions", "no redirect is followed"


def test_the_hubs_client_stops_when_told(make, monkeypatch):
    monkeypatch.setenv("HUB_KEY", KEY)
    with FakeServer() as server:
        engine = load(hub(make, server))
        server.fault, server.answers = "hangs in the middle", ["Once upon a time"]
        token = CancelToken()
        presser = threading.Thread(target=lambda: (server.hanging.wait(10), token.cancel()))
        presser.start()
        generation, _ = ask(engine, token=token)
        presser.join()
        assert generation.ending == "cancelled"
        assert server.gone.wait(5)


def test_the_hub_makes_no_vectors_for_us(make, monkeypatch):
    monkeypatch.setenv("HUB_KEY", KEY)
    with FakeServer() as server:
        engine = load(hub(make, server))
        with pytest.raises(InputError, match="compare"):
            engine.embed(["a"], CancelToken())


# ------------------------------------------------------------ the list of servers


def test_servers_are_kept_in_a_private_file(tmp_path):
    path = tmp_path / "servers.json"
    servers = RemoteServers(path)
    assert servers.list() == ()
    kept = servers.add(RemoteServer("School", "http://10.0.0.2:8000/", "big", key_variable="SCHOOL_KEY"))
    servers.add(RemoteServer("hub", "", "some/model", "inference"))

    assert kept.url == "http://10.0.0.2:8000/v1"
    assert kept.ref == "remote:School"
    assert RemoteServers(path).get("school") == kept
    assert [server.name for server in RemoteServers(path).list()] == ["School", "hub"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InputError, match="already"):
        servers.add(RemoteServer("SCHOOL", "http://10.0.0.3"))
    servers.remove("SCHOOL")
    with pytest.raises(NotFoundError):
        servers.get("School")
    with pytest.raises(NotFoundError):
        servers.remove("School")


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"servers": 3}',
        b'{"servers": [{"name": 3}]}',
        b'{"servers": [{"url": "x"}]}',
        b"\x00" * 50,
    ],
)
def test_a_damaged_list_is_kept_aside(tmp_path, damage):
    path = tmp_path / "servers.json"
    path.write_bytes(damage)
    servers = RemoteServers(path)

    assert servers.list() == ()
    assert (tmp_path / "servers.damaged-1.json").read_bytes() == damage
    servers.add(RemoteServer("a", "http://127.0.0.1:1"))
    assert len(servers.list()) == 1


@pytest.mark.parametrize(
    "server",
    [
        RemoteServer("", "http://127.0.0.1"),
        RemoteServer("../up", "http://127.0.0.1"),
        RemoteServer("a" * 41, "http://127.0.0.1"),
        RemoteServer("a", ""),
        RemoteServer("a", "127.0.0.1:80"),
        RemoteServer("a", "file:///etc/passwd"),
        RemoteServer("a", "ftp://127.0.0.1"),
        RemoteServer("a", "http://"),
        RemoteServer("a", "http://127.0.0.1:99999"),
        RemoteServer("a", "http://me:secret@127.0.0.1"),
        RemoteServer("a", "http://127.0.0.1/v1?key=secret"),
        RemoteServer("a", "http://127.0.0.1/#x"),
        RemoteServer("a", "http://127.0.0.1/../x"),
        RemoteServer("a", "http://127.0.0.1\\@evil.example"),
        RemoteServer("a", "http://127.0.0.1/a b"),
        RemoteServer("a", "http://127.0.0.1", "x\ny"),
        RemoteServer("a", "http://127.0.0.1", key_variable="sk-secret-123"),
        RemoteServer("a", "http://127.0.0.1", kind="telepathy"),
        RemoteServer("a", "", kind="inference"),
    ],
    ids=str,
)
def test_what_is_no_server_is_refused(tmp_path, server):
    with pytest.raises(InputError):
        RemoteServers(tmp_path / "servers.json").add(server)
    assert not (tmp_path / "servers.json").exists()


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8080", True),
        ("http://localhost:1234", True),
        ("http://LOCALHOST.:1234", True),
        ("http://localhost.evil.example", False),
        ("http://0.0.0.0", False),
        ("http://2130706433", False),
        ("http://10.0.0.1", False),
        ("https://router.example", False),
    ],
)
def test_which_servers_are_on_this_computer(url, here):
    assert checked(RemoteServer("a", url)).on_this_computer is here
