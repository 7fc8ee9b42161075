"""Edits change what they name, what follows from it, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.blueprints import (
    BLOCK_CLASSES,
    Blueprint,
    Operation,
    apply,
    new_block,
    parse_operation,
    to_json,
)
from studio.errors import InputError
from tests.support.blueprint_strategies import (
    Drawn,
    blueprints,
    example,
    judge,
    one_operation,
    operations,
    operations_for,
)


def edit(blueprint: Blueprint, *edits: dict[str, Any]) -> Blueprint:
    return apply(blueprint, [parse_operation(one) for one in edits]).blueprint


def plain(value: Any) -> Any:
    return json.loads(value.model_dump_json())


def refused(blueprint: Blueprint, *edits: dict[str, Any]) -> str:
    before = to_json(blueprint)
    with pytest.raises(InputError) as caught:
        edit(blueprint, *edits)
    assert to_json(blueprint) == before
    assert caught.value.kept.template
    assert caught.value.next.template
    return str(caught.value.what)


def many(*kinds: str, rules: list[tuple[str, str]] | None = None) -> Blueprint:
    data = plain(example("01"))
    data["blocks"] = [plain(new_block(kind)) | {"title": f"{kind} {n}"} for n, kind in enumerate(kinds)]
    data["rules"] = [
        {
            "when": {"block": when, "event": "finish"},
            "do": {"block": do, "action": "shake", "say": f"{when}{do}"},
        }
        for when, do in rules or []
    ]
    return Blueprint.model_validate(data)


def flat(data: Any, at: str = "") -> dict[str, Any]:
    """Return every leaf of plain data by its pointer."""
    if isinstance(data, dict | list):
        items = data.items() if isinstance(data, dict) else enumerate(data)
        return {key: leaf for name, part in items for key, leaf in flat(part, f"{at}/{name}").items()} or {
            at: data
        }
    return {at: data}


def changed_leaves(before: Blueprint, after: Blueprint) -> set[str]:
    old, new = flat(plain(before)), flat(plain(after))
    return {key for key in old.keys() | new.keys() if old.get(key, ...) != new.get(key, ...)}


def may_change(operation: Operation) -> tuple[str, ...]:
    """Return where an operation may change leaves, written down here once more by hand."""
    name = operation.op
    if name in ("set_title", "set_icon", "set_about", "set_language", "set_layout"):
        return (f"/{name.removeprefix('set_')}",)
    if name in ("set_palette", "set_mode", "set_font", "set_background", "set_size"):
        return (f"/theme/{name.removeprefix('set_')}",)
    if name == "ask_user":
        return ()
    if name.endswith("_rule"):
        return ("/rules",)
    if name in ("add_block", "remove_block", "move_block"):
        return ("/blocks", "/rules")
    block = f"/blocks/{int(operation.at[1:]) - 1}"
    if name == "replace_block":
        return (block,)
    if name == "set_field":
        return (f"{block}/{operation.field}",)
    return (f"{block}/{operation.list}", *((f"{block}/formula",) if operation.list == "inputs" else ()))


@given(blueprints(), st.data())
def test_an_edit_changes_nothing_else(before: Blueprint, data: st.DataObject) -> None:
    operation = data.draw(st.composite(lambda draw: one_operation(Drawn(draw), before))())
    text = to_json(before)
    try:
        after = apply(before, [operation]).blueprint
    except InputError as error:
        assert error.what.template and error.next.template
    else:
        allowed = may_change(operation)
        for leaf in changed_leaves(before, after):
            assert any(leaf == place or leaf.startswith(place + "/") for place in allowed), (leaf, operation)
        assert judge("blueprint").is_valid(json.loads(to_json(after)))
    assert to_json(before) == text


@given(blueprints(), st.lists(operations(), max_size=3))
def test_any_edit_is_applied_or_refused(before: Blueprint, edits: list[Operation]) -> None:
    try:
        after = apply(before, edits)
    except InputError as error:
        assert error.what.template
    else:
        assert judge("blueprint").is_valid(json.loads(to_json(after.blueprint)))
        assert len(after.origin_of_block) == len(after.blueprint.blocks)


@given(blueprints(), st.data())
def test_stored_blueprints_undo_any_sequence(before: Blueprint, data: st.DataObject) -> None:
    steps = [to_json(before)]
    now = before
    for _ in range(3):
        now = apply(now, data.draw(operations_for(now))).blueprint
        steps.append(to_json(now))
    again = before
    assert to_json(again) == steps[0]
    assert [to_json(Blueprint.model_validate(json.loads(step))) for step in steps] == steps


@given(blueprints(), st.data())
def test_blocks_and_their_rules_keep_together(before: Blueprint, data: st.DataObject) -> None:
    """Rules name the same blocks as before, seen through where each block came from."""
    edits = [
        one
        for one in data.draw(operations_for(before, most=3))
        if one.op in ("add_block", "remove_block", "move_block")
    ]
    try:
        after = apply(before, edits)
    except InputError:
        return
    origins = after.origin_of_block
    there = set(origins)

    def old(rule: Any) -> tuple[Any, ...]:
        return int(rule.when.block[1:]) - 1, int(rule.do.block[1:]) - 1, rule.when.event, rule.do

    def new(rule: Any) -> tuple[Any, ...]:
        when, do, event, action = old(rule)
        return origins[when], origins[do], event, action.say, action.action

    count = len(before.blocks)
    wanted = [
        (*old(rule)[:3], rule.do.say, rule.do.action)
        for rule in before.rules
        if {old(rule)[0], old(rule)[1]} <= there
    ]
    if all(max(old(rule)[:2]) < count for rule in before.rules):
        assert [new(rule) for rule in after.blueprint.rules] == wanted
    for place, origin in enumerate(origins):
        if origin is not None:
            assert after.blueprint.blocks[place] == before.blocks[origin]


def test_the_given_patches_do_what_they_say() -> None:
    quiz = example("01")
    assert edit(quiz, {"op": "set_palette", "value": "ocean"}).theme.palette == "ocean"
    timed = edit(
        quiz,
        {"op": "add_block", "at": 2, "block": plain(new_block("timer"))},
        {"op": "set_field", "at": "b2", "field": "seconds", "value": 60.0},
    )
    assert [block.type for block in timed.blocks] == ["quiz", "timer"]
    assert timed.blocks[1].seconds == 60
    assert isinstance(timed.blocks[1].seconds, int)


def test_blocks_move_with_their_rules() -> None:
    before = many("quiz", "timer", "note", rules=[("b1", "b2"), ("b3", "b3"), ("b2", "b1")])
    after = apply(before, [parse_operation({"op": "move_block", "at": "b1", "to": 3})])
    assert [block.type for block in after.blueprint.blocks] == ["timer", "note", "quiz"]
    assert after.origin_of_block == (1, 2, 0)
    assert [(rule.when.block, rule.do.block) for rule in after.blueprint.rules] == [
        ("b3", "b1"),
        ("b2", "b2"),
        ("b1", "b3"),
    ]


def test_rules_of_a_block_go_with_it() -> None:
    before = many("quiz", "timer", "note", rules=[("b1", "b2"), ("b3", "b3"), ("b1", "b3")])
    after = apply(before, [parse_operation({"op": "remove_block", "at": "b2"})])
    assert after.origin_of_block == (0, 2)
    assert [(rule.when.block, rule.do.block) for rule in after.blueprint.rules] == [
        ("b2", "b2"),
        ("b1", "b2"),
    ]


def test_a_new_block_pushes_the_names_in_rules() -> None:
    before = many("quiz", "timer", rules=[("b1", "b2")])
    after = apply(before, [parse_operation({"op": "add_block", "at": 1, "block": plain(new_block("note"))})])
    assert after.origin_of_block == (None, 0, 1)
    assert [(rule.when.block, rule.do.block) for rule in after.blueprint.rules] == [("b2", "b3")]


def test_a_replaced_block_keeps_its_place_rules_and_origin() -> None:
    before = many("quiz", "timer", rules=[("b1", "b2")])
    after = apply(
        before, [parse_operation({"op": "replace_block", "at": "b2", "block": plain(new_block("note"))})]
    )
    assert after.origin_of_block == (0, 1)
    assert after.blueprint.rules == before.rules
    assert after.blueprint.blocks[1] == new_block("note")


def test_origins_are_followed_through_several_edits() -> None:
    before = many("quiz", "timer", "note")
    edits = [
        {"op": "move_block", "at": "b3", "to": 1},
        {"op": "remove_block", "at": "b2"},
        {"op": "add_block", "at": 6, "block": plain(new_block("poll"))},
    ]
    assert apply(before, [parse_operation(one) for one in edits]).origin_of_block == (2, 1, None)


def test_items_are_added_set_moved_and_taken_out() -> None:
    cards = example("02")
    one = {"front": "cow", "back": "la vaca"}
    fronts = lambda made: [card.front for card in made.blocks[0].cards]  # noqa: E731
    at = {"at": "b1", "list": "cards"}
    assert fronts(edit(cards, {"op": "add_item", **at, "index": 1, "item": one})) == ["cow", *fronts(cards)]
    assert fronts(edit(cards, {"op": "add_item", **at, "index": 40, "item": one})) == [*fronts(cards), "cow"]
    assert fronts(edit(cards, {"op": "set_item", **at, "index": 2, "item": one}))[1] == "cow"
    assert fronts(edit(cards, {"op": "remove_item", **at, "index": 2})) == ["dog 🐶", "bird", "fish"]
    assert fronts(edit(cards, {"op": "move_item", **at, "index": 4, "to": 1})) == [
        "fish",
        "dog 🐶",
        "cat",
        "bird",
    ]
    assert fronts(edit(cards, {"op": "move_item", **at, "index": 1, "to": 40})) == [
        "cat",
        "bird",
        "fish",
        "dog 🐶",
    ]


def test_choices_of_a_story_follow_their_pages() -> None:
    cave = example("03")  # p1 -> p2 p3; p2 -> p4 p3; p4 -> end
    ways = lambda made: [[one.goto for one in page.choices] for page in made.blocks[0].pages]  # noqa: E731
    at = {"at": "b1", "list": "pages"}
    page = {"text": "New", "icon": "star", "choices": [{"say": "on", "goto": "p3"}]}
    assert ways(edit(cave, {"op": "add_item", **at, "index": 2, "item": page})) == [
        ["p3", "p4"],
        ["p3"],
        ["p5", "p4"],
        [],
        ["end"],
    ]
    assert ways(edit(cave, {"op": "remove_item", **at, "index": 3})) == [
        ["p2", "end"],
        ["p3", "end"],
        ["end"],
    ]
    assert ways(edit(cave, {"op": "move_item", **at, "index": 4, "to": 1})) == [
        ["end"],
        ["p3", "p4"],
        ["p1", "p4"],
        [],
    ]
    assert ways(edit(cave, {"op": "add_item", **at, "index": 5, "item": page}))[:4] == ways(cave)


def test_a_formula_follows_its_numbers() -> None:
    pizza = example("07")  # a*b/c
    at = {"at": "b1", "list": "inputs"}
    new = {"label": "Guests", "unit": "", "start": 1}
    assert edit(pizza, {"op": "move_item", **at, "index": 1, "to": 3}).blocks[0].formula == "c*a/b"
    assert edit(pizza, {"op": "add_item", **at, "index": 1, "item": new}).blocks[0].formula == "b*c/d"
    assert edit(pizza, {"op": "add_item", **at, "index": 4, "item": new}).blocks[0].formula == "a*b/c"
    assert edit(pizza, {"op": "remove_item", **at, "index": 2}).blocks[0].formula == "a+b"


def test_rules_are_added_set_and_taken_out() -> None:
    quiz = example("01")
    rule = {"when": {"block": "b1", "event": "right"}, "do": {"block": "b1", "action": "speak", "say": "Yes"}}
    assert len(edit(quiz, {"op": "add_rule", "index": 8, "rule": rule}).rules) == 2
    assert edit(quiz, {"op": "add_rule", "index": 1, "rule": rule}).rules[0].do.say == "Yes"
    assert edit(quiz, {"op": "set_rule", "index": 1, "rule": rule}).rules[0].do.say == "Yes"
    assert edit(quiz, {"op": "remove_rule", "index": 1}).rules == ()


def test_asking_changes_nothing() -> None:
    quiz = example("01")
    assert edit(quiz, {"op": "ask_user", "question": "Which one?"}) is quiz


NOTE = {"type": "note", "title": "N", "text": "t", "icon": "star", "style": "tip"}
RULE = {"when": {"block": "b2", "event": "start"}, "do": {"block": "b1", "action": "shake", "say": ""}}
CARD = {"front": "a", "back": "b"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"op": "remove_block", "at": "b1"}, "only part"),
        ({"op": "remove_block", "at": "b4"}, "no part 4"),
        ({"op": "move_block", "at": "b2", "to": 1}, "no part 2"),
        ({"op": "replace_block", "at": "b2", "block": NOTE}, "no part 2"),
        ({"op": "set_field", "at": "b6", "field": "title", "value": "x"}, "no part 6"),
        ({"op": "set_field", "at": "b1", "field": "grows", "value": True}, "nothing of that name"),
        ({"op": "set_field", "at": "b1", "field": "seconds", "value": 121}, "too small or too big"),
        ({"op": "set_field", "at": "b1", "field": "seconds", "value": 1.5}, "does not fit"),
        ({"op": "set_field", "at": "b1", "field": "seconds", "value": True}, "does not fit"),
        ({"op": "set_field", "at": "b1", "field": "shuffle", "value": 1}, "does not fit"),
        ({"op": "set_field", "at": "b1", "field": "title", "value": ""}, "have to be some words"),
        ({"op": "set_field", "at": "b1", "field": "title", "value": "x" * 61}, "too long"),
        ({"op": "set_field", "at": "b1", "field": "feedback", "value": "later"}, "not one of the choices"),
        ({"op": "add_item", "at": "b1", "list": "cards", "index": 1, "item": CARD}, "no list of that name"),
        ({"op": "add_item", "at": "b1", "list": "questions", "index": 1, "item": CARD}, "does not fit"),
        ({"op": "add_item", "at": "b1", "list": "questions", "index": 1, "item": "words"}, "does not fit"),
        ({"op": "set_item", "at": "b1", "list": "questions", "index": 6, "item": CARD}, "no number 6"),
        ({"op": "remove_item", "at": "b1", "list": "questions", "index": 6}, "no number 6"),
        ({"op": "move_item", "at": "b1", "list": "questions", "index": 6, "to": 1}, "no number 6"),
        ({"op": "add_rule", "index": 1, "rule": RULE}, "no part 2"),
        ({"op": "set_rule", "index": 1, "rule": RULE}, "no part 2"),
        ({"op": "remove_rule", "index": 2}, "no number 2"),
    ],
)
def test_a_wrong_edit_is_refused_in_plain_words(wrong: dict[str, Any], words: str) -> None:
    good = {"op": "set_title", "value": "This must not stick"}
    assert words in refused(example("01"), good, wrong)


def test_full_and_shortest_lists_are_refused_kindly() -> None:
    assert "6 parts" in refused(many(*["note"] * 6), {"op": "add_block", "at": 1, "block": NOTE})
    eight = many("note", rules=[("b1", "b1")] * 8)
    ours = RULE | {"when": {"block": "b1", "event": "start"}}
    assert "8 rules" in refused(eight, {"op": "add_rule", "index": 1, "rule": ours})
    full = many("arcade")
    good = {"op": "add_item", "at": "b1", "list": "good", "index": 1, "item": "sun"}
    assert "4 already" in refused(full, good, good, good, good)
    short = {"op": "remove_item", "at": "b1", "list": "good", "index": 1}
    assert "at least 1" in refused(full, short, short)


@pytest.mark.parametrize("kind", BLOCK_CLASSES)
def test_every_plain_slot_of_every_block_can_be_set(kind: str) -> None:
    before = many(kind)
    block = plain(before.blocks[0])
    for name, value in block.items():
        if name != "type" and not isinstance(value, list):
            assert edit(before, {"op": "set_field", "at": "b1", "field": name, "value": value}) == before
