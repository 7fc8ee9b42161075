"""What differs between two blueprints, as pointers and in words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.blueprints import (
    BLOCK_CLASSES,
    KINDS,
    Blueprint,
    apply,
    block_title,
    changed_pointers,
    describe_block,
    describe_changes,
    new_block,
    normalise,
    parse_operation,
    slots,
    to_json,
)
from studio.blueprints.pointers import follow, pointer, steps
from tests.support.blueprint_strategies import blueprints, example, operations_for


def edit(blueprint: Blueprint, *edits: dict[str, Any]) -> Blueprint:
    return apply(blueprint, [parse_operation(one) for one in edits]).blueprint


def plain(value: Any) -> Any:
    return json.loads(value.model_dump_json())


def said(before: Blueprint | None, after: Blueprint) -> list[str]:
    return [str(words) for words in describe_changes(before, after)]


QUESTION = {"ask": "Why?", "right": "a", "wrong": ["b"], "hint": "", "why": ""}
AT = {"at": "b1", "list": "questions"}


@pytest.mark.parametrize(
    ("edits", "pointers", "words"),
    [
        ([{"op": "set_title", "value": "Stars"}], ["/title"], ["New name: Stars"]),
        ([{"op": "set_palette", "value": "mono"}], ["/theme/palette"], ["Colours: black and white"]),
        ([{"op": "set_palette", "value": "space"}], [], []),
        ([{"op": "set_about", "value": ""}], ["/about"], ["No line under the name"]),
        ([{"op": "set_layout", "value": "tabs"}], ["/layout"], ["The parts are tabs"]),
        ([{"op": "set_language", "value": "de"}], ["/language"], ["The app speaks German"]),
        (
            [{"op": "set_field", "at": "b1", "field": "seconds", "value": 20}],
            ["/blocks/0/seconds"],
            ["20 seconds for each question"],
        ),
        (
            [{"op": "set_field", "at": "b1", "field": "seconds", "value": 1}],
            ["/blocks/0/seconds"],
            ["1 second for each question"],
        ),
        (
            [{"op": "set_field", "at": "b1", "field": "shuffle", "value": False}],
            ["/blocks/0/shuffle"],
            ["The questions come in order"],
        ),
        (
            [{"op": "set_field", "at": "b1", "field": "title", "value": "Space"}],
            ["/blocks/0/title"],
            ["Part 1 is called “Space”"],
        ),
        (
            [{"op": "add_item", **AT, "index": 6, "item": QUESTION}],
            ["/blocks/0/questions/5"],
            ["6 questions"],
        ),
        (
            [{"op": "add_item", **AT, "index": 1, "item": QUESTION}],
            ["/blocks/0/questions/0"],
            ["6 questions"],
        ),
        ([{"op": "remove_item", **AT, "index": 2}], ["/blocks/0/questions"], ["4 questions"]),
        (
            [{"op": "move_item", **AT, "index": 5, "to": 1}],
            ["/blocks/0/questions"],
            ["The questions are in a new order"],
        ),
        (
            [{"op": "set_item", **AT, "index": 3, "item": QUESTION}],
            [f"/blocks/0/questions/2/{slot}" for slot in ("ask", "right", "wrong/0", "wrong", "why")],
            ["Question 3 has new words"],
        ),
        (
            [{"op": "remove_item", **AT, "index": 1}, {"op": "set_title", "value": "S"}],
            ["/title", "/blocks/0/questions"],
            ["New name: S", "4 questions"],
        ),
        ([{"op": "remove_rule", "index": 1}], ["/rules"], ["One rule less"]),
        (
            [{"op": "add_block", "at": 2, "block": plain(new_block("timer"))}],
            ["/blocks/1"],
            ["New part: timer"],
        ),
        (
            [{"op": "add_block", "at": 1, "block": plain(new_block("timer"))}],
            ["/blocks/0", "/rules/0/when/block", "/rules/0/do/block"],
            ["New part: timer"],
        ),
        (
            [{"op": "replace_block", "at": "b1", "block": plain(new_block("note"))}],
            ["/blocks/0"],
            ["Part 1 is new: Note"],
        ),
    ],
)
def test_a_change_is_named_once_and_in_words(
    edits: list[dict[str, Any]], pointers: list[str], words: list[str]
) -> None:
    before = example("01")
    after = edit(before, *edits)
    assert sorted(changed_pointers(before, after)) == sorted(pointers)
    assert said(before, after) == words


def test_two_swapped_items_moved_and_are_not_new() -> None:
    before = example("01")
    after = edit(before, {"op": "move_item", **AT, "index": 1, "to": 2})
    assert changed_pointers(before, after) == ("/blocks/0/questions",)


def test_an_edit_beside_an_insertion_is_told_apart() -> None:
    before = example("01")
    changed = plain(before.blocks[0].questions[3]) | {"hint": "Look up."}
    after = edit(
        before,
        {"op": "set_item", **AT, "index": 4, "item": changed},
        {"op": "add_item", **AT, "index": 4, "item": QUESTION},
    )
    assert changed_pointers(before, after) == ("/blocks/0/questions/3", "/blocks/0/questions/4/hint")


def test_blocks_that_move_are_not_new() -> None:
    before = example("06")
    after = edit(before, {"op": "move_block", "at": "b1", "to": 2})
    assert "/blocks" in changed_pointers(before, after)
    assert said(before, after) == ["The parts are in a new order"]
    gone = edit(before, {"op": "remove_block", "at": "b1"})
    assert said(before, gone)[0] == "The timer is gone"


def test_a_new_app_is_described_by_what_is_in_it() -> None:
    assert said(None, example("01")) == ["5 questions", "Colours: space", "Background: stars"]
    assert said(None, example("06"))[:3] == [
        "The timer lasts 25 minutes",
        "New part: checklist",
        "3 things on the list",
    ]


@given(blueprints(), blueprints())
def test_pointers_lead_somewhere_and_are_stable(before: Blueprint, after: Blueprint) -> None:
    found = changed_pointers(before, after)
    assert found == changed_pointers(before, after)
    assert len(set(found)) == len(found)
    data = json.loads(to_json(after))
    for one in found:
        follow(data, one)
    assert bool(found) == (before != after)
    assert changed_pointers(before, before) == ()
    describe_changes(before, after)


@given(blueprints(), st.data())
def test_every_edit_that_changes_something_has_words(before: Blueprint, data: st.DataObject) -> None:
    before = normalise(before)
    (operation,) = data.draw(operations_for(before, most=1))
    after = apply(before, [operation]).blueprint
    found, words = changed_pointers(before, after), said(before, after)
    assert bool(found) == (before != after)
    assert bool(words) == bool(found), (operation, found)
    assert all(
        re.search(r"[{}]", one) is None or "{" in to_json(after) or "}" in to_json(after) for one in words
    )


@pytest.mark.parametrize("kind", BLOCK_CLASSES)
def test_every_slot_of_every_block_has_words_for_a_change(kind: str) -> None:
    data = plain(example("01"))
    data["blocks"] = [plain(new_block(kind))]
    data["rules"] = []
    before = Blueprint.model_validate(data)
    for one in slots(before.blocks[0]):
        value: Any = getattr(before.blocks[0], one.name)
        options = [option.value for option in one.choices] or {
            "number": [int(one.least), int(one.least) + 1, int(one.most)],
            "switch": [True, False],
            "line": ["a"],
            "text": ["a"],
        }.get(one.widget, [])
        for other in options:
            if other != value:
                after = edit(before, {"op": "set_field", "at": "b1", "field": one.name, "value": other})
                assert changed_pointers(before, after) == (f"/blocks/0/{one.name}",)
                assert len(said(before, after)) == 1


@pytest.mark.parametrize("kind", BLOCK_CLASSES)
def test_every_kind_has_a_name_and_a_line(kind: str) -> None:
    block = new_block(kind)
    assert str(KINDS[kind].name) and str(KINDS[kind].what) and KINDS[kind].icon
    assert str(describe_block(block)).startswith(str(KINDS[kind].name))
    assert str(block_title(block)) == block.title


def test_a_line_counts_what_is_in_the_block() -> None:
    assert str(describe_block(example("01").blocks[0])) == "Quiz, 5 questions"
    assert str(describe_block(new_block("quiz"))) == "Quiz, 3 questions"
    assert str(describe_block(new_block("counter"))) == "Counter, 1 to count"
    assert str(describe_block(new_block("timer"))) == "Timer"


@given(st.lists(st.text(max_size=4)))
def test_pointers_go_there_and_back(path: list[str]) -> None:
    assert steps(pointer(path)) == tuple(path)


@pytest.mark.parametrize("place", ["01", "-1", "x", "", "９"])
def test_only_plain_numbers_name_a_place_in_a_list(place: str) -> None:
    with pytest.raises(LookupError):
        follow([1, 2], f"/{place}")
