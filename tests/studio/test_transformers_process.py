"""Models in safetensors folders in a process of their own, through `EngineProcess`."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import jsonschema
import numpy as np
import psutil
import pytest

from studio.engines.base import Generation, GenerationRequest, Loaded, Message, TaskRequest
from studio.engines.process import EngineProcess
from studio.engines.watch import Patience
from studio.errors import CancelledError, EngineError, InputError
from studio.jobs import CancelToken
from tests.support import tiny_sentences, tiny_tasks
from tests.support.adapter_calls import CARD, EXACT, GREEDY, files_of, said
from tests.support.tiny_model import tiny_model


def load(engine: EngineProcess) -> Loaded:
    return engine.load(CancelToken(), lambda progress: None)


def ask(engine: EngineProcess, request: GenerationRequest, token: CancelToken | None = None) -> Generation:
    return engine.generate(request, lambda delta: None, token or CancelToken())


def test_a_day_of_the_tiny_model_in_its_own_process(tmp_path: Path) -> None:
    """One process for all of it: starting one takes seconds."""
    engine = EngineProcess(files_of(tiny_model()), EXACT, folder=tmp_path)
    facts = load(engine)
    assert (facts.engine, facts.weights, facts.device) == ("own loop", "float32", "cpu")
    assert facts.tasks == ("chat", "complete") and facts.has_chat_template
    assert facts.resident_bytes > facts.parameters * 2

    first = ask(engine, said("What colour is the sky?", max_tokens=40))
    assert (first.text, first.ending) == ("The sky is blue on a clear day.", "end")
    turns = (
        Message("user", "What colour is the sky?"),
        Message("assistant", first.text),
        Message("user", "What colour is grass?"),
    )
    second = ask(engine, GenerationRequest(messages=turns, max_tokens=40, sampling=GREEDY))
    assert second.text == "Grass is green."
    assert second.usage.reused_tokens > first.usage.prompt_tokens

    card = ask(engine, said("Hello!", schema=CARD, max_tokens=80))
    jsonschema.validate(json.loads(card.text), CARD)

    question, story = tiny_sentences.story_question("the seed"), tiny_sentences.STORIES[0][1]
    told = ask(engine, said(question, max_tokens=60, draft_text=story))
    assert told.ending == "length" and story.startswith(told.text)

    stop = CancelToken()
    question, story = tiny_sentences.story_question("the rain"), tiny_sentences.STORIES[1][1]
    half = engine.generate(said(question, max_tokens=400), lambda delta: stop.cancel(), stop)
    assert half.ending == "cancelled" and half.text and story.startswith(half.text)
    assert ask(engine, said("What is ice made of?", max_tokens=40)).text == "Ice is frozen water."
    with pytest.raises(InputError, match="not made for that"):
        engine.embed(["x"], CancelToken())

    pid = engine.pid
    question, story = tiny_sentences.story_question("the moon"), tiny_sentences.STORIES[5][1]

    def kill(_delta: object) -> None:
        """Kill it at its first words; what it had still said comes after its end."""
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()

    with pytest.raises(EngineError) as caught:
        engine.generate(said(question, max_tokens=400), kill, CancelToken())
    assert caught.value.text and story.startswith(caught.value.text)
    assert "kept" in str(caught.value.kept)
    engine.close()


def test_stop_during_a_load_leaves_no_process(tmp_path: Path) -> None:
    engine = EngineProcess(files_of(tiny_model()), EXACT, folder=tmp_path)
    token = CancelToken()
    with pytest.raises(CancelledError):
        engine.load(token, lambda progress: token.cancel())
    assert engine.pid == 0


@pytest.mark.slow
def test_a_template_that_never_ends_is_stopped_while_checking(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_tasks.folder("gpt2"), tmp_path / "model"))
    loops = "".join(f"{{% for a{depth} in range(99999) %}}" for depth in range(4))
    (folder / "chat_template.jinja").write_text(loops + "x" + "{% endfor %}" * 4)
    engine = EngineProcess(
        files_of(folder), EXACT, folder=tmp_path / "engines", patience=Patience(checking_s=3)
    )
    with pytest.raises(EngineError) as caught:
        load(engine)
    assert caught.value.cause == "hung"
    assert engine.pid == 0


@pytest.mark.slow
def test_tasks_and_vectors_come_out_of_a_process_too(tmp_path: Path) -> None:
    engine = EngineProcess(files_of(tiny_tasks.folder("classifier")), EXACT, folder=tmp_path)
    load(engine)
    items = engine.run(TaskRequest("classify_text", "this song is great"), CancelToken()).items
    engine.close()
    assert items[0].label == "happy"
    engine = EngineProcess(files_of(tiny_tasks.folder("encoder")), EXACT, folder=tmp_path)
    load(engine)
    rows = engine.embed(["the cat", "the dog"], CancelToken())
    engine.close()
    assert rows.shape == (2, 32) and np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
