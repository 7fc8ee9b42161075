"""The builder ties planner, blueprints and library together, and changes only what was asked."""

from __future__ import annotations

import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import services as composition
from studio.blueprints import parse_patch, to_json
from studio.errors import InputError, NotFoundError
from studio.phrases import phrase
from tests.support.blueprint_strategies import blueprints


@pytest.fixture
def services(tmp_path):
    made = composition.build(tmp_path)
    yield made
    made.close()


def operations(*items: dict):
    return parse_patch(json.dumps({"say": "By hand", "ops": list(items)})).ops


def origins(project) -> dict:
    return json.loads(to_json(project.document))["origins"]


def test_make_keeps_wish_words_and_origins(services):
    made = services.builder.make("a quiz about planets with 6 questions")
    project = made.project
    assert len(project.document.blueprint.blocks[0].questions) == 6
    assert project.document.prompts == ("a quiz about planets with 6 questions",)
    assert [turn.who for turn in project.turns] == ["user", "studio"]
    assert {origin["from"] for origin in origins(project).values()} == {"facts:planets"}
    assert len(origins(project)) == 6


def test_a_hand_edit_is_a_step_and_its_words_are_typed(services):
    project = services.builder.make("a quiz about planets").project
    question = json.loads(to_json(project.document.blueprint))["blocks"][0]["questions"][2]
    question["ask"] = "My own question?"
    edit = operations({"op": "set_item", "at": "b1", "list": "questions", "index": 3, "item": question})
    edited = services.builder.change(project.id, edit)
    assert edited.document.blueprint.blocks[0].questions[2].ask == "My own question?"
    assert len(edited.steps) == 2
    assert origins(edited)["/blocks/0/questions/2"] == {"from": "typed", "checked": True}
    assert origins(edited)["/blocks/0/questions/1"]["from"] == "facts:planets"


def test_origins_follow_questions_that_move_and_go(services):
    project = services.builder.make("a quiz about planets").project
    edit = operations({"op": "set_item", "at": "b1", "list": "questions", "index": 5, "item": {
        "ask": "Mine?", "right": "Yes", "wrong": ["No"], "hint": "", "why": ""}})  # fmt: skip
    services.builder.change(project.id, edit)
    moved = services.builder.change(
        project.id,
        operations(
            {"op": "remove_item", "at": "b1", "list": "questions", "index": 1},
            {"op": "move_item", "at": "b1", "list": "questions", "index": 4, "to": 1},
        ),
    )
    assert moved.document.blueprint.blocks[0].questions[0].ask == "Mine?"
    found = origins(moved)
    assert found["/blocks/0/questions/0"]["from"] == "typed"
    assert [found[f"/blocks/0/questions/{index}"]["from"] for index in (1, 2, 3)] == ["facts:planets"] * 3
    assert "/blocks/0/questions/4" not in found


def told(project) -> list[str]:
    return [str(change) for change in project.turns[-1].changes]


def test_changes_by_hand_are_told_once_until_something_else_is_said(services):
    project = services.builder.make("a quiz about planets").project
    title = lambda value: operations({"op": "set_title", "value": value})  # noqa: E731
    services.builder.change(project.id, title("One"))
    services.builder.change(project.id, title("Two"))
    changed = services.builder.change(project.id, operations({"op": "set_mode", "value": "light"}))
    assert len(changed.turns) == 3
    assert str(changed.turns[-1].words) == "You changed this by hand. The rest stayed as it was."
    assert len(told(changed)) == 2
    assert any("Two" in words for words in told(changed))
    assert not any("One" in words for words in told(changed))
    services.builder.edit(project.id, "make it purple")
    after = services.builder.change(project.id, title("Three"))
    assert len(after.turns) == 6
    assert len(told(after)) == 1
    assert after == services.projects.get(project.id)


def test_what_is_undone_is_not_told_again(services):
    project = services.builder.make("a quiz about planets").project
    services.builder.change(project.id, operations({"op": "set_title", "value": "One"}))
    services.projects.undo(project.id)
    light = operations({"op": "set_mode", "value": "light"})
    changed = services.builder.change(project.id, light)
    assert len(told(changed)) == 1
    assert "One" not in told(changed)[0]


def test_checking_is_a_step_that_undo_takes_back(services):
    project = services.builder.make("a quiz about planets").project
    checked = services.builder.check(project.id, "/blocks/0/questions/0", checked=True)
    assert origins(checked)["/blocks/0/questions/0"]["checked"]
    assert not origins(services.projects.undo(project.id))["/blocks/0/questions/0"]["checked"]
    with pytest.raises(NotFoundError):
        services.builder.check(project.id, "/blocks/0/questions/77", checked=True)


def test_a_change_that_changes_nothing_is_no_step(services):
    project = services.builder.make("a quiz about planets").project
    same = operations({"op": "set_title", "value": project.summary.title})
    assert len(services.builder.change(project.id, same).steps) == 1


def test_a_refused_change_keeps_everything(services):
    project = services.builder.make("a quiz about planets").project
    with pytest.raises(InputError):
        services.builder.change(
            project.id, operations({"op": "set_title", "value": "New"}, {"op": "remove_block", "at": "b4"})
        )
    assert services.projects.get(project.id).summary.title == project.summary.title


def test_undo_by_words_and_redo_by_words(services):
    project = services.builder.make("a quiz about planets").project
    dark = services.builder.edit(project.id, "call it Night Sky").project
    assert dark.summary.title == "Night Sky"
    back = services.builder.edit(project.id, "undo that")
    assert (back.plan.history, back.project.summary.title) == (1, project.summary.title)
    assert back.changed == ("/title",)
    again = services.builder.edit(project.id, "redo")
    assert again.project.summary.title == "Night Sky"


def test_an_answer_or_a_question_back_is_no_step(services):
    project = services.builder.make("a quiz about planets").project
    asked = services.builder.edit(project.id, "how many questions are there?")
    assert asked.plan.action == "answer"
    assert len(asked.project.steps) == 1
    assert asked.project.turns[-1].words == asked.plan.say


def test_a_remix_is_ones_own_and_credits_the_starter(services):
    starter = services.builder.starters()[0]
    project = services.builder.remix(starter.id)
    assert to_json(project.document.blueprint) == to_json(starter.blueprint)
    assert project.document.credits[0].id == starter.id
    with pytest.raises(NotFoundError):
        services.builder.remix("no-such-starter")


def test_all_is_there_after_a_restart(services, tmp_path):
    project = services.builder.make("a quiz about planets").project
    services.builder.edit(project.id, "call it Night Sky")
    expected = services.projects.get(project.id)
    services.close()
    again = composition.build(tmp_path)
    try:
        assert again.projects.get(project.id) == expected
    finally:
        again.close()


def ask_from_many_threads(made) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []

    def ask(name: str) -> None:
        found.append((name, id(getattr(made, name))))

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("projects", "builder", "sharing") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    return found


def test_services_are_built_once_whoever_asks_first(tmp_path):
    for number in range(20):
        made = composition.build(tmp_path / str(number))
        assert len(set(ask_from_many_threads(made))) == 3
        made.close()


def test_a_remix_takes_the_models_of_its_starter_along(services):
    starter = services.builder.starter("leaf-lab")
    project = services.builder.remix("leaf-lab")
    assert project.document.models == starter.models
    assert project.document.models["leaf-model"]["version"] == 1
    edited = services.builder.edit(project.id, "make it green").project
    assert edited is not None
    assert services.projects.get(project.id).document.models == starter.models


WISHES = (
    "make it blue",
    "call it Zig and Zag",
    "add a timer",
    "add a note that says Hello",
    "take out the first one",
    "confetti when I win",
)


@given(blueprint=blueprints(), wish=st.sampled_from(WISHES))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_what_is_saved_is_what_was_planned_also_over_an_app_that_is_not_sound(services, blueprint, wish):
    project = services.projects.create(blueprint, words=phrase("Made"))
    made = services.builder.edit(project.id, wish)
    if made.plan.action == "edit":
        assert made.project.document.blueprint == made.plan.blueprint
