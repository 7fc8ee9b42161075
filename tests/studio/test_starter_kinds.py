"""The labelled prompts, what is stored with them, and how kinds are told apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from studio.builder.starter.kinds import KINDS, guess_kinds
from studio.builder.starter.neighbours import VECTORS, key_of, load_examples, read_prompts, shares_for
from studio.builder.starter.recipes import RECIPES
from studio.builder.starter.train import write_vectors
from studio.builder.starter.vocabulary import folder, vocabulary
from studio.builder.starter.wish import guess_language, read_wish, tidy
from studio.engines.encoder import Encoder, find_encoder, installed_folder
from studio.engines.nearest import Labelled, restore, store

ROOT = Path(__file__).resolve().parents[2]
OTHER_LABELS = {"edit", "undo", "redo", "answer", "unclear", "decline"}
needs_encoder = pytest.mark.skipif(
    installed_folder() is None, reason="the encoder's package is not installed"
)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    found = find_encoder(tmp_path_factory.mktemp("stamps"))
    assert found is not None
    return found


def test_every_kind_has_a_recipe_and_enough_different_prompts() -> None:
    prompts = read_prompts()
    counts = Counter(label for _, label in prompts)
    assert set(counts) == set(KINDS) | OTHER_LABELS
    assert set(RECIPES) == set(KINDS)
    assert min(counts[kind] for kind in KINDS) >= 25
    assert len({prompt.casefold() for prompt, _ in prompts}) == len(prompts) >= 400


def test_the_unseen_prompts_of_the_benchmark_are_not_among_the_labelled_ones() -> None:
    lines = (ROOT / "benchmarks" / "data" / "planner_unseen.jsonl").read_text(encoding="utf-8").splitlines()
    unseen = {json.loads(line)["prompt"].casefold() for line in lines}
    assert len(unseen) >= 60
    assert unseen.isdisjoint(prompt.casefold() for prompt, _ in read_prompts())


@needs_encoder
def test_stored_vectors_belong_to_the_prompts_and_the_encoder(encoder: Encoder) -> None:
    prompts = read_prompts()
    examples = load_examples()
    assert examples is not None, "run: python -m studio.builder.starter.train"
    some = list(range(0, len(prompts), 37))
    fresh = encoder.encode([prompts[place][0] for place in some])
    assert np.abs(examples.vectors[some] - fresh).max() < 1e-3
    assert (folder() / VECTORS).stat().st_size < 1_000_000


@needs_encoder
def test_training_writes_what_the_planner_reads(encoder: Encoder, tmp_path: Path) -> None:
    rows = [("a quiz", "quiz"), ("a timer", "timer"), ("quiz me", "quiz"), ("stopwatch", "timer")]
    text = "".join(json.dumps({"prompt": prompt, "label": label}) + "\n" for prompt, label in rows)
    (tmp_path / "prompts.jsonl").write_text(text, encoding="utf-8")
    write_vectors(encoder, tmp_path)
    prompts = read_prompts(tmp_path)
    found = restore(tmp_path / VECTORS, [label for _, label in prompts], key=key_of(prompts))
    assert found is not None
    votes = found.vote(encoder.encode(["a countdown clock"])[0])
    assert votes["timer"] > votes["quiz"]
    assert sum(votes.values()) == pytest.approx(1)
    assert restore(tmp_path / VECTORS, [label for _, label in prompts], key=key_of(prompts[:3])) is None


def test_damaged_or_missing_vectors_are_only_left_out(tmp_path: Path) -> None:
    assert restore(tmp_path / "none.npz", ["a"], key="k") is None
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 not a file")
    assert restore(tmp_path / "bad.npz", ["a"], key="k") is None
    store(tmp_path / "good.npz", Labelled.trained(["a", "b"], np.eye(2, dtype=np.float32)), key="k")
    assert restore(tmp_path / "good.npz", ["a", "b"], key="k") is not None
    assert restore(tmp_path / "good.npz", ["a"], key="k") is None
    assert shares_for("a quiz", None) == {}


@pytest.mark.parametrize(
    ("wish", "kinds"),
    [
        ("a quiz about music with a piano", ("quiz", "soundboard")),
        ("a wheel and a timer", ("picker", "timer")),
        ("a timer with a quiz", ("timer", "quiz")),
        ("flashcards, a checklist and a note", ("flashcards", "checklist", "note")),
        ("a quiz", ("quiz",)),
    ],
)
def test_parts_that_are_joined_on_come_after_the_main_one(wish: str, kinds: tuple[str, ...]) -> None:
    assert guess_kinds(wish, {}).kinds == kinds


def test_shares_of_the_ranking_add_up_and_nothing_is_guessed_from_nothing() -> None:
    guess = guess_kinds("a quiz about space", {"quiz": 0.7, "story": 0.3})
    assert sum(share for _, share in guess.ranking) == pytest.approx(1)
    assert guess_kinds("zxcv", {}).kinds == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a quiz about sharks", "en"),
        ("un quiz sur les requins", "fr"),
        ("un cuestionario sobre los tiburones", "es"),
        ("ein quiz über haie", "de"),
        ("mach mir bitte eine liste", "de"),
        ("haz una lista de tareas", "es"),
        ("je veux un jeu avec des cartes", "fr"),
        ("12 + 12", "en"),
        ("测验关于鲨鱼", "zh"),
        ("اصنع لعبة", "ar"),
    ],
)
def test_the_language_of_a_wish_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_a_wish_is_tidied_and_keeps_what_was_typed() -> None:
    assert tidy("a\u202e quiz\r\n\r\n  about\x00  sharks \ud800") == "a quiz\nabout sharks"
    assert tidy("e\u0301te\u0301 👩‍🚀") == "été 👩‍🚀"
    wish = read_wish("A QIUZ about Ötzi")
    assert wish.text == "A QIUZ about Ötzi"
    assert wish.plain == "a quiz about otzi"


def test_every_word_of_the_vocabulary_names_something_real() -> None:
    schema = json.loads(
        (ROOT / "resources" / "schemas" / "blueprint.schema.json").read_text(encoding="utf-8")
    )
    known = schema["$defs"]
    theme = known["theme"]["properties"]
    words = vocabulary()
    assert set(words.icons.values()) <= set(known["icon"]["enum"])
    pairs = {pair for fitting in words.colours.values() for pair in fitting}
    assert {name for name, _ in pairs} <= set(theme["palette"]["enum"])
    assert {mode for _, mode in pairs} == {"light", "dark"}
    named = [name.partition("/") for name in words.palettes.values()]
    assert {name for name, _, _ in named} == set(theme["palette"]["enum"])
    assert {mode for _, _, mode in named} == {"", "dark"}
    assert set(words.fonts.values()) == set(theme["font"]["enum"])
    assert set(words.backgrounds.values()) == set(theme["background"]["enum"])
    for icon, look in words.looks.items():
        assert icon in known["icon"]["enum"]
        assert all(look[name] in theme[name]["enum"] for name in ("palette", "background", "mode"))


def test_the_planner_leaves_the_environment_as_it_was_and_needs_no_model_runtime() -> None:
    code = (
        "import os, sys; before = dict(os.environ)\n"
        "from studio.blueprints.facts import FactLibrary\n"
        "from studio.builder.starter import StarterPlanner\n"
        "from studio.engines.encoder import find_encoder\n"
        "plan = StarterPlanner(FactLibrary.load(), find_encoder).plan('a quiz about planets')\n"
        "assert plan.action == 'create' and dict(os.environ) == before\n"
        "wrong = {'torch', 'transformers', 'PySide6'} & set(sys.modules)\n"
        "sys.exit(f'imported {wrong}' if wrong else 0)"
    )
    environment = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    assert done.returncode == 0, done.stderr
