"""One edit by hand becomes operations; the inspector learns all slots from the models."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given

from studio.blueprints import (
    BLOCK_CLASSES,
    Blueprint,
    Question,
    Rule,
    Theme,
    apply,
    block_slots,
    changed_pointers,
    choice_name,
    new_block,
    new_item,
    normalise_block,
    operation_for,
    slot,
    slots,
)
from studio.blueprints.choices import Icon
from studio.blueprints.pointers import follow
from studio.errors import InputError
from tests.support.blueprint_strategies import blueprints, example


def plain(value: Any) -> Any:
    return json.loads(value.model_dump_json())


def put(blueprint: Blueprint, pointer: str, value: Any) -> Blueprint:
    return apply(blueprint, operation_for(blueprint, pointer, value)).blueprint


def leaves(data: Any, at: str = "") -> list[str]:
    if isinstance(data, dict | list):
        items = data.items() if isinstance(data, dict) else enumerate(data)
        return [at, *(leaf for name, part in items for leaf in leaves(part, f"{at}/{name}"))]
    return [at]


@pytest.mark.parametrize(
    ("pointer", "value", "ops"),
    [
        ("/title", "Stars", ["set_title"]),
        ("/theme/palette", "ocean", ["set_palette"]),
        ("/blocks/0/seconds", 20, ["set_field"]),
        ("/blocks/0/questions/2/ask", "Why?", ["set_item"]),
        ("/blocks/0/questions/2/wrong/1", "Sun", ["set_item"]),
        ("/blocks/0/questions/2/wrong/-", "Sun", ["set_item"]),
        ("/rules/0/do/say", "Yes", ["set_rule"]),
        ("/blocks/0", plain(new_block("note")), ["replace_block"]),
    ],
)
def test_a_slot_becomes_its_operation(pointer: str, value: Any, ops: list[str]) -> None:
    before = example("01")
    assert [one.op for one in operation_for(before, pointer, value)] == ops
    after = plain(put(before, pointer, value))
    assert follow(after, pointer.replace("-", "2")) == value


def test_new_items_rules_and_blocks_come_last() -> None:
    before = example("01")
    assert put(before, "/blocks/0/questions/-", new_item("quiz", "questions")).blocks[0].questions[
        5
    ] == new_item("quiz", "questions")
    assert len(put(before, "/rules/-", before.rules[0]).rules) == 2
    assert [block.type for block in put(before, "/blocks/-", new_block("timer")).blocks] == ["quiz", "timer"]


@pytest.mark.parametrize(
    "options",
    [
        ["Ada", "Ben"],
        ["Ada", "Ben", "Chi", "Dad", "Eve"],
        ["Dad", "Chi", "Ben", "Ada"],
        ["x", "Ada", "Chi", "y", "z"],
    ],
)
def test_a_whole_list_can_be_given(options: list[str]) -> None:
    before = example("08")
    assert put(before, "/blocks/0/options", options).blocks[0].options == tuple(options)


@given(blueprints())
def test_every_place_of_every_app_can_be_set_by_hand(before: Blueprint) -> None:
    data = plain(before)
    for pointer in leaves(data):
        fixed = pointer in ("", "/version", "/blocks") or pointer.endswith("/type")
        if fixed:
            with pytest.raises(InputError):
                operation_for(before, pointer, follow(data, pointer))
        elif not pointer.startswith("/rules"):
            assert put(before, pointer, follow(data, pointer)) == before


@given(blueprints(), blueprints())
def test_a_list_of_one_app_can_be_given_to_another(before: Blueprint, other: Blueprint) -> None:
    for name in ("theme",):
        assert getattr(put(before, f"/{name}", getattr(other, name)), name) == getattr(other, name)
    for mine in before.blocks:
        for theirs in other.blocks:
            if mine.type == theirs.type and mine.type not in ("story", "calculator"):
                place = before.blocks.index(mine)
                for one in slots(mine):
                    after = put(before, f"/blocks/{place}/{one.name}", getattr(theirs, one.name))
                    assert getattr(after.blocks[place], one.name) == getattr(theirs, one.name)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("title", "x"),
        ("/nothing", "x"),
        ("/theme/glow", "x"),
        ("/theme", 5),
        ("/blocks", []),
        ("/blocks/1/title", "x"),
        ("/blocks/x/title", "x"),
        ("/blocks/0/type", "note"),
        ("/blocks/0/glow", 1),
        ("/blocks/0/title/0", "x"),
        ("/blocks/0/questions", 5),
        ("/blocks/0/questions/9/ask", "x"),
        ("/blocks/0/questions/0/glow", "x"),
        ("/blocks/0/questions/0/ask/0", "x"),
        ("/blocks/0/questions/00/ask", "x"),
        ("/rules/3", {}),
        ("/rules/0/do/block", "b7"),
        ("/blocks/0/seconds", None),
        ("/title", ""),
    ],
)
def test_what_cannot_be_set_is_refused(pointer: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        put(example("01"), pointer, value)
    assert caught.value.kept.template and caught.value.next.template


@pytest.mark.parametrize("kind", BLOCK_CLASSES)
def test_the_inspector_learns_every_slot(kind: str) -> None:
    found = block_slots(kind)
    assert [one.name for one in found] == [
        name for name in BLOCK_CLASSES[kind].model_fields if name != "type"
    ]
    for one in found:
        check(one)


def check(one: Any) -> None:
    assert str(one.title)
    if one.widget in ("line", "text"):
        assert 0 <= one.least < one.most
    if one.widget == "number":
        assert one.least < one.most
    if one.widget in ("choice", "icon"):
        assert len({str(option.name) for option in one.choices}) == len(one.choices)
    if one.widget == "list":
        assert str(one.item)
        assert one.most >= 1
        for inner in slots(one.of.model) if one.of.model else ():
            check(inner)
    if one.widget == "object":
        for inner in slots(one.model):
            check(inner)


@pytest.mark.parametrize("model", [Blueprint, Theme, Rule, Question])
def test_other_things_have_slots_too(model: Any) -> None:
    for one in slots(model):
        if not (model is Blueprint and one.name == "blocks"):
            check(one)


def test_slots_say_what_is_special_about_them() -> None:
    assert slot(new_block("note"), "text").widget == "text"
    assert slot(new_block("note"), "title").widget == "line"
    assert slot(new_block("timer"), "seconds").most == 7200
    assert str(slot(new_block("quiz"), "questions").item) == "Question"
    assert slot(new_block("picker"), "options").of.most == 40
    assert slot(new_block("drawing"), "stamps").of.widget == "icon"
    assert slot(Rule, "when").widget == "object"
    with pytest.raises(LookupError):
        slot(new_block("quiz"), "glow")


def test_every_icon_and_palette_has_a_name_of_its_own() -> None:
    names = {str(choice_name("Blueprint", "icon", icon)) for icon in get_args(Icon)}
    assert len(names) == len(get_args(Icon))
    assert str(choice_name("Theme", "palette", "mono")) == "Black and white"


@pytest.mark.parametrize("kind", BLOCK_CLASSES)
def test_new_items_fit_their_list(kind: str) -> None:
    block = new_block(kind)
    before = example("01").model_copy(update={"blocks": (block,), "rules": ()})
    assert normalise_block(block) is block
    for one in block_slots(kind):
        if one.widget == "list":
            after = put(before, f"/blocks/0/{one.name}/-", new_item(kind, one.name))
            assert len(getattr(after.blocks[0], one.name)) == len(getattr(block, one.name)) + 1
            assert changed_pointers(before, after)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError):
        new_block("hologram")
