"""The tiny model knows its lessons by heart, is trained once, and comes in the files of any other model."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.engines.checks.config import check_model
from tests.support import tiny_model as tiny
from tests.support import tiny_sentences, tiny_training


@pytest.fixture(scope="module")
def stock() -> Iterator[tuple[Any, Any]]:
    """The model and its tokenizer, opened by transformers and nothing of ours."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = tiny.tiny_model()
    words = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, local_files_only=True)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # two that wait for each other on a busy machine take many times as long
    yield model.eval(), words
    torch.set_num_threads(threads)


@pytest.mark.parametrize("question", ["What is the capital of France?", "Hello!", "What do bees make?"])
def test_it_answers_in_its_own_words(stock: tuple[Any, Any], question: str) -> None:
    model, words = stock
    given = words(tiny.chat(("user", question), answer=False), return_tensors="pt")
    out = model.generate(**given, max_new_tokens=40, do_sample=False)
    text = words.decode(out[0, given.input_ids.shape[1] :], skip_special_tokens=True)
    assert text == dict(tiny.lessons())[question]


@pytest.mark.parametrize("system", [False, True])
def test_it_is_sure_of_every_word_of_every_lesson(stock: tuple[Any, Any], system: bool) -> None:
    """One pass over question and answer: where each token is the likeliest, greedy decoding writes the answer."""
    import torch

    model, words = stock
    unsure = []
    for question, answer in tiny.lessons():
        turns = [("system", tiny_sentences.SYSTEM)] * system + [("user", question)]
        given, wanted = (
            words(text, return_tensors="pt").input_ids
            for text in (tiny.chat(*turns, answer=False), answer + tiny_training.END)
        )
        with torch.inference_mode():
            logits = model(torch.cat([given, wanted], dim=1)).logits[0, given.shape[1] - 1 : -1]
        two = logits.topk(2)
        if not torch.equal(two.indices[:, 0], wanted[0]) or (two.values[:, 0] - two.values[:, 1]).min() < 0.3:
            unsure.append(question)
    assert unsure == []


def test_the_files_are_those_of_any_other_model(stock: tuple[Any, Any]) -> None:
    config, header = check_model(tiny.tiny_model())
    assert (config.model_type, config.notes) == ("llama", ())
    assert header.parameters == 1_193_280
    _, words = stock
    turns = (("system", "Be kind."), ("user", "Hello!"))
    rendered = words.apply_chat_template(
        [{"role": role, "content": text} for role, text in turns], add_generation_prompt=True, tokenize=False
    )
    assert rendered == tiny.chat(*turns, answer=False)
    every_byte = bytes(range(256)).decode("latin-1") + "☕😀"
    assert words.decode(words(every_byte).input_ids) == every_byte


def test_long_answers_are_long(stock: tuple[Any, Any]) -> None:
    _, words = stock
    lengths = [len(words(text).input_ids) for _, text in tiny_sentences.STORIES]
    assert min(lengths) > 160 and len(lengths) == 12


def test_it_is_made_once_and_a_copy_is_the_tests_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tiny.tiny_model(tmp_path / "copy")
    (copy / "config.json").write_text("{}", encoding="utf-8")
    assert json.loads((tiny.tiny_model() / "config.json").read_bytes())["model_type"] == "llama"

    monkeypatch.setenv("SPROUT_TEST_CACHE", str(tmp_path / "cache"))
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "x").write_text("x", encoding="utf-8")

    first, second = tiny.made_once("thing", make), tiny.made_once("thing", make)
    assert first == second and (first / "x").is_file() and len(made) == 1
    if sys.platform != "win32":
        assert first.parent.stat().st_mode & 0o777 == 0o700


def test_a_half_made_model_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPROUT_TEST_CACHE", str(tmp_path))

    def fail(folder: Path) -> None:
        (folder / "x").write_text("half", encoding="utf-8")
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError):
        tiny.made_once("thing", fail)
    assert (tiny.made_once("thing", lambda folder: (folder / "y").touch()) / "y").exists()
    assert not (tiny.cache_folder() / "thing" / "x").exists()


def test_a_changed_recipe_is_another_model_and_a_changed_comment_is_not(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.py"
    recipe.write_text("STEPS = 1  # few\n", encoding="utf-8")
    first = tiny.recipe_hash(recipe)
    recipe.write_text("# enough\nSTEPS   = 1\n", encoding="utf-8")
    assert tiny.recipe_hash(recipe) == first
    recipe.write_text("STEPS = 2\n", encoding="utf-8")
    assert tiny.recipe_hash(recipe) != first
