"""Starters: each plays now, fits, looks like no other, and says only what its pack knows to be true."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import resources
from studio.blueprints import (
    Flashcards,
    Memory,
    Quiz,
    changed_pointers,
    normalise,
    parse,
    parse_document,
    schema,
    to_json,
)
from studio.blueprints.facts import FactLibrary
from studio.builder.starter import StarterPlanner
from studio.builder.starters import AGES, TAGS, Starter, load_starters
from studio.engines.encoder import find_encoder
from studio.errors import DamagedError

FOLDER = resources.folder() / "starters"
FILES = sorted(FOLDER.glob("[0-9]*.json"))
STARTERS = load_starters()
PLAYED = {path.stem for path in (resources.folder() / "runtime" / "blocks").glob("*.js")}
"""The blocks that the runtime can play: a file each."""
LISTS = {"quiz": "questions", "flashcards": "cards", "memory": "pairs"}
MOST_ALIKE = 2
"""So many starters may share a palette: there are 16 palettes, and more starters than that."""
BUTTON_LETTERS = 24

each = pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.id)


def test_there_is_a_starter_for_every_file_in_the_order_of_the_names() -> None:
    assert [starter.id for starter in STARTERS] == [path.stem.split("-", 1)[1] for path in FILES]
    assert len(STARTERS) >= 10
    assert load_starters() == STARTERS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_a_blueprint_that_follows_the_given_schema(path: Path) -> None:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert set(data) - {"models"} == {"id", "why", "ages", "tags", "try_saying", "facts", "blueprint"}
    assert list(Draft202012Validator(schema("blueprint")).iter_errors(data["blueprint"])) == []
    parsed = parse(json.dumps(data["blueprint"]))
    assert not parsed.aside


@each
def test_a_starter_needs_no_mending(starter: Starter) -> None:
    assert to_json(normalise(starter.blueprint)) == to_json(starter.blueprint)


@each
def test_a_starter_uses_only_blocks_that_play(starter: Starter) -> None:
    assert {block.type for block in starter.blueprint.blocks} <= PLAYED
    named = {f"b{number}" for number in range(1, len(starter.blueprint.blocks) + 1)}
    for rule in starter.blueprint.rules:
        assert {rule.when.block, rule.do.block} <= named


@each
def test_the_words_around_a_starter_fit(starter: Starter) -> None:
    assert 0 < len(starter.why) <= 60
    assert len(starter.title.split()) <= 4
    assert len(starter.try_saying) == 3
    assert len({text.casefold() for text in starter.try_saying}) == 3
    assert all(text and len(text) <= 50 for text in starter.try_saying)
    assert starter.tags
    assert set(starter.tags) <= set(TAGS)
    assert starter.ages
    assert set(starter.ages) <= set(AGES)
    for block in starter.blueprint.blocks:
        assert len(getattr(block, "button", "")) <= BUTTON_LETTERS


@each
@pytest.mark.parametrize("encoder", [lambda: None, find_encoder], ids=["rules alone", "encoder"])
def test_what_a_starter_invites_to_say_is_understood(starter: Starter, encoder: Callable[[], Any]) -> None:
    planner = StarterPlanner(FactLibrary.load(), encoder)
    for words in starter.try_saying:
        plan = planner.plan(words, starter.blueprint)
        assert plan.action == "edit", (words, str(plan.say))
        assert plan.blueprint is not None
        assert changed_pointers(starter.blueprint, plan.blueprint), words


def test_starters_can_be_told_apart() -> None:
    for what in (
        [starter.title.casefold() for starter in STARTERS],
        [starter.id for starter in STARTERS],
        [starter.why for starter in STARTERS],
        [starter.blueprint.icon for starter in STARTERS],
        [starter.document.id for starter in STARTERS],
    ):
        assert len(set(what)) == len(what), what
    palettes = Counter(starter.blueprint.theme.palette for starter in STARTERS)
    assert max(palettes.values()) <= MOST_ALIKE, palettes
    looks = [(theme.palette, theme.mode, theme.background) for theme in (s.blueprint.theme for s in STARTERS)]
    assert len(set(looks)) == len(looks), looks


def test_starters_show_what_the_studio_can_do() -> None:
    used = {block.type for starter in STARTERS for block in starter.blueprint.blocks}
    assert used == PLAYED
    assert {age for starter in STARTERS for age in starter.ages} == set(AGES)
    together = [s for s in STARTERS if len(s.blueprint.blocks) > 1 and len(s.blueprint.rules) > 1]
    assert len(together) >= 3
    assert len({starter.blueprint.theme.background for starter in STARTERS}) >= 6
    assert {starter.blueprint.theme.mode for starter in STARTERS} == {"light", "dark"}


@each
def test_what_claims_to_come_from_a_pack_is_in_the_pack(starter: Starter) -> None:
    assert len(starter.origins) == (
        0 if starter.facts is None else sum(map(_items, starter.blueprint.blocks))
    )
    if starter.facts is None:
        return
    pack = FactLibrary.load().get(starter.facts)
    right: dict[str, set[str]] = {}
    for seed in range(30):
        for question in pack.quiz(1000, seed):
            right.setdefault(question.ask, set()).add(question.right)
    cards, pairs = set(pack.cards(1000, 0)), set(pack.pairs(1000, 0))
    for block in starter.blueprint.blocks:
        if isinstance(block, Quiz):
            for question in block.questions:
                assert question.right in right[question.ask]
                assert not set(question.wrong) & right[question.ask], question
        if isinstance(block, Flashcards):
            assert set(block.cards) <= cards
        if isinstance(block, Memory):
            assert set(block.pairs) <= pairs


def _items(block: Any) -> int:
    return len(getattr(block, LISTS[block.type])) if block.type in LISTS else 0


@each
def test_a_document_is_whole_and_the_same_every_time(starter: Starter) -> None:
    text = to_json(starter.document)
    parsed = parse_document(text)
    assert not parsed.aside
    assert parsed.document == starter.document
    assert len(set(starter.document.block_ids)) == len(starter.blueprint.blocks)
    again = next(other for other in load_starters() if other.id == starter.id)
    assert to_json(again.document) == text
    assert {origin.from_ for origin in starter.document.origins.values()} <= {f"facts:{starter.facts}"}


def test_a_picture_is_used_when_it_is_there(tmp_path: Path) -> None:
    shutil.copy(FILES[0], tmp_path / FILES[0].name)
    assert [starter.picture for starter in load_starters(tmp_path)] == [None]
    picture = tmp_path / f"{STARTERS[0].id}.png"
    picture.write_bytes(b"png")
    assert [starter.picture for starter in load_starters(tmp_path)] == [picture]


def test_an_empty_folder_has_no_starters(tmp_path: Path) -> None:
    assert load_starters(tmp_path) == ()


@pytest.mark.parametrize("broken", ["", "{", "[]", "{}", '{"id": "x", "blueprint": {}}'])
def test_a_damaged_starter_is_reported(tmp_path: Path, broken: str) -> None:
    (tmp_path / "01-x.json").write_text(broken, encoding="utf-8")
    with pytest.raises(DamagedError):
        load_starters(tmp_path)


@pytest.mark.parametrize(
    ("slot", "value"), [("ages", []), ("ages", ["2-4"]), ("tags", []), ("tags", ["fun"])]
)
def test_a_starter_for_nobody_or_about_nothing_is_damaged(
    tmp_path: Path, slot: str, value: list[str]
) -> None:
    data = json.loads(FILES[0].read_text(encoding="utf-8")) | {slot: value}
    (tmp_path / FILES[0].name).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(DamagedError):
        load_starters(tmp_path)
