"""A locked part is changed neither by words nor by hand, whatever stands around it and wherever it moves."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio import services as composition
from studio.blueprints import BLOCK_CLASSES, Blueprint, apply, new_block, parse_operation, to_json
from studio.blueprints.locked import spare
from studio.errors import InputError, NotFoundError
from studio.export import take_in
from tests.support.blueprint_strategies import example

KINDS = sorted(BLOCK_CLASSES)


@pytest.fixture
def services(tmp_path):
    made = composition.build(tmp_path)
    yield made
    made.close()


def plain(value):
    return json.loads(to_json(value))


def app(*kinds: str, rules=()) -> Blueprint:
    data = plain(example("01"))
    data["blocks"] = [plain(new_block(kind)) | {"title": f"{kind} {n}"} for n, kind in enumerate(kinds)]
    data["rules"] = [
        {"when": {"block": when, "event": "start"}, "do": {"block": do, "action": "shake", "say": ""}}
        for when, do in rules
    ]
    return Blueprint.model_validate(data)


def retitle(name: str, words: str) -> dict:
    return {"op": "set_field", "at": name, "field": "title", "value": words}


def spared(blueprint: Blueprint, locked, *edits: dict):
    found = spare(blueprint, [parse_operation(edit) for edit in edits], locked)
    return found, apply(blueprint, found.operations).blueprint


def titles(blueprint: Blueprint) -> list[str]:
    return [block.title for block in blueprint.blocks]


def test_what_does_not_touch_a_locked_part_is_done() -> None:
    found, after = spared(app("quiz", "note"), {0}, retitle("b1", "Mine"), retitle("b2", "Yours"))
    assert titles(after) == ["quiz 0", "Yours"]
    assert found.locked == (0,)


def test_an_edit_meant_for_another_part_still_reaches_it_when_a_removal_is_left_out() -> None:
    _, after = spared(
        app("quiz", "note", "timer"), {0}, {"op": "remove_block", "at": "b1"}, retitle("b2", "Clock")
    )
    assert titles(after) == ["quiz 0", "note 1", "Clock"]


def test_a_new_part_lands_where_it_was_meant_and_can_be_filled() -> None:
    new = plain(new_block("poll"))
    _, after = spared(
        app("quiz", "note", "timer"),
        {0},
        {"op": "remove_block", "at": "b1"},
        {"op": "add_block", "at": 2, "block": new},
        retitle("b2", "Vote"),
        {"op": "move_block", "at": "b2", "to": 1},
    )
    assert sorted(titles(after)) == ["Vote", "note 1", "quiz 0", "timer 2"]
    assert titles(after).index("Vote") < titles(after).index("note 1")


def test_rules_are_found_again_when_a_removal_is_left_out() -> None:
    before = app("quiz", "note", "timer", rules=[("b1", "b1"), ("b2", "b3")])
    _, after = spared(before, {0}, {"op": "remove_block", "at": "b1"}, {"op": "remove_rule", "index": 1})
    assert after.rules == before.rules[:1]
    rule = {"when": {"block": "b1", "event": "start"}, "do": {"block": "b2", "action": "shake", "say": "!"}}
    _, after = spared(
        before, {0}, {"op": "remove_block", "at": "b1"}, {"op": "set_rule", "index": 1, "rule": rule}
    )
    assert plain(after)["rules"][1] == {
        "when": {"block": "b2", "event": "start"},
        "do": {"block": "b3", "action": "shake", "say": "!"},
    }


@st.composite
def edits(draw: st.DrawFn) -> dict:
    name = f"b{draw(st.integers(1, 6))}"
    return draw(
        st.sampled_from(
            [
                retitle(name, draw(st.sampled_from("XYZ"))),
                {"op": "remove_block", "at": name},
                {"op": "move_block", "at": name, "to": draw(st.integers(1, 6))},
                {"op": "replace_block", "at": name, "block": plain(new_block(draw(st.sampled_from(KINDS))))},
                {
                    "op": "add_block",
                    "at": draw(st.integers(1, 6)),
                    "block": plain(new_block(draw(st.sampled_from(KINDS)))),
                },
                {"op": "set_palette", "value": draw(st.sampled_from(["ocean", "mono"]))},
            ]
        )
    )


@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=6),
    st.sets(st.integers(0, 5)),
    st.lists(edits(), max_size=6),
)
def test_no_edits_change_a_locked_part(kinds, locked, plan) -> None:
    before = app(*kinds)
    locked = {number for number in locked if number < len(kinds)}
    try:
        found, after = spared(before, locked, *plan)
    except InputError:
        assume(False)
        return
    kept = [block for block in after.blocks if block in [before.blocks[number] for number in locked]]
    assert kept == [before.blocks[number] for number in sorted(locked)]
    if not found.locked:
        assert after == apply(before, [parse_operation(edit) for edit in plan]).blueprint


WISHES = (
    "make it harder", "add 3 questions", "remove the quiz", "take out the second question", "make the quiz mixed",
    "call it Dino Day", "make it purple", "add a timer", "put the quiz last", "20 seconds for each question",
    "make it about sharks", "fewer questions", "confetti when I win", "make it funnier", "turn it into flashcards",
    "shuffle the questions", "remove the timer and make it blue", "make it easier",
)  # fmt: skip


@pytest.mark.parametrize("wish", WISHES)
def test_no_words_change_a_locked_part(services, wish) -> None:
    project = services.builder.make("a quiz about planets with a timer").project
    services.builder.lock(project.id, 0, locked=True)
    before = services.projects.get(project.id).document
    after = services.builder.edit(project.id, wish).project.document
    if after.id == before.id:
        place = after.block_ids.index(before.block_ids[0])
        assert after.blueprint.blocks[place] == before.blueprint.blocks[0]


def test_the_studio_says_kindly_that_a_part_is_locked(services) -> None:
    project = services.builder.make("a quiz about planets").project
    services.builder.lock(project.id, 0, locked=True)
    made = services.builder.edit(project.id, "remove question 2")
    title = project.document.blueprint.blocks[0].title
    assert str(made.plan.say) == f"“{title}” is locked, so it stays as it is until you unlock it."
    assert len(made.project.steps) == 2
    assert str(made.project.turns[-1].words) == str(made.plan.say)


def test_a_hand_is_refused_until_the_part_is_unlocked(services) -> None:
    project = services.builder.make("a quiz about planets").project
    services.builder.lock(project.id, 0, locked=True)
    with pytest.raises(InputError) as refused:
        services.builder.change(project.id, [parse_operation(retitle("b1", "Mine"))])
    assert "is locked" in str(refused.value.what)
    services.builder.change(project.id, [parse_operation({"op": "set_title", "value": "Other"})])
    services.builder.lock(project.id, 0, locked=False)
    after = services.builder.change(project.id, [parse_operation(retitle("b1", "Mine"))])
    assert after.document.blueprint.blocks[0].title == "Mine"


def test_a_lock_is_a_step_that_undo_takes_back_and_follows_its_part(services) -> None:
    project = services.builder.make("a quiz about planets").project
    locked = services.builder.lock(project.id, 0, locked=True)
    assert locked.document.locks == (locked.document.block_ids[0],)
    assert str(locked.step.words).startswith("Locked “")
    assert len(services.builder.lock(project.id, 0, locked=True).steps) == 2
    note = {"op": "add_block", "at": 1, "block": plain(new_block("note"))}
    moved = services.builder.change(project.id, [parse_operation(note)])
    assert moved.document.block_ids.index(moved.document.locks[0]) == 1
    services.projects.move(project.id, -2)
    assert services.projects.get(project.id).document.locks == ()
    with pytest.raises(NotFoundError):
        services.builder.lock(project.id, 5, locked=True)


def test_a_shared_page_carries_the_locks(services, tmp_path) -> None:
    project = services.builder.make("a quiz about planets").project
    services.builder.lock(project.id, 0, locked=True)
    path = services.sharing.export_page(project.id, tmp_path / "page.html")
    document = take_in(path).document
    assert document.locks == (document.block_ids[0],)
    came = services.sharing.take_in(path)
    assert came.document.locks == (came.document.block_ids[0],)
