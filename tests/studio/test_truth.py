"""What cannot be right is left out, whole; what people typed and what nobody wrote yet stay theirs."""

from __future__ import annotations

import json

import pytest

from studio import services as composition
from studio.blueprints import Blueprint, new_block, new_item, operation_for, parse_operation, to_json
from studio.builder.plan import Plan
from studio.builder.service import Builder
from studio.builder.truth import guarded
from studio.phrases import phrase
from tests.support.blueprint_strategies import example

MODEL = "model:SmolLM2-135M"


def question(ask: str, right: str, *wrong: str) -> dict:
    return {"ask": ask, "right": right, "wrong": list(wrong), "hint": "", "why": ""}


GOOD = question("What do bees make?", "Honey", "Milk")
BAD = (
    question("Which is a colour?", "Red", "red ", "Four"),
    question("Two and two?", "Four", "Five", "five"),
    question("  ", "Yes", "No"),
    question("what do  BEES make?", "Honey", "Wax"),
)


def app(questions: list[dict]) -> Blueprint:
    data = json.loads(to_json(example("01")))
    data["blocks"] = [json.loads(to_json(new_block("quiz"))) | {"questions": questions}]
    data["rules"] = []
    return Blueprint.model_validate(data)


def made(questions: list[dict], sources: list[str | None]) -> Plan:
    origins = {f"/blocks/0/questions/{place}": source for place, source in enumerate(sources) if source}
    return Plan(action="create", say=phrase("Here."), blueprint=app(questions), origins=origins)


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_question_is_left_out_and_the_others_keep_their_words_and_origins(bad) -> None:
    mine = question("Mine?", "Yes", "No")
    plan = guarded(made([GOOD, bad, mine], [MODEL, MODEL, "typed"]))
    assert plan.blueprint == app([GOOD, mine])
    assert plan.origins == {"/blocks/0/questions/0": MODEL, "/blocks/0/questions/1": "typed"}
    assert [str(check) for check in plan.checks] == ["1 item was left out, because it could not be right."]


@pytest.mark.parametrize("source", ["typed", "model:starter", None])
def test_what_no_machine_wrote_is_never_left_out(source) -> None:
    plan = made([GOOD, BAD[0]], [MODEL, source])
    assert guarded(plan) is plan


def test_where_nothing_sound_is_left_a_place_to_write_in_stands() -> None:
    plan = guarded(made([BAD[0], BAD[1]], [MODEL, MODEL]))
    assert plan.blueprint.blocks[0].questions == (new_item("quiz", "questions"),)
    assert plan.origins == {"/blocks/0/questions/0": "model:starter"}


def test_a_card_with_two_equal_sides_is_left_out() -> None:
    data = json.loads(to_json(app([GOOD])))
    cards = [{"front": "dog", "back": "Dog"}, {"front": "cat", "back": "el gato"}]
    data["blocks"] = [json.loads(to_json(new_block("flashcards"))) | {"cards": cards}]
    origins = {f"/blocks/0/cards/{place}": MODEL for place in range(2)}
    plan = guarded(
        Plan(action="create", say=phrase("Here."), blueprint=Blueprint.model_validate(data), origins=origins)
    )
    assert [card.front for card in plan.blueprint.blocks[0].cards] == ["cat"]


class Model:
    """Add a good and a bad question, as a model might."""

    def plan(self, prompt, blueprint=None, *, seed=0):
        if blueprint is None:
            return made([GOOD, BAD[0]], [MODEL, MODEL])
        operations = operation_for(blueprint, "/blocks/0/questions/-", BAD[1])
        after = blueprint.blocks[0].model_copy(
            update={"questions": (*blueprint.blocks[0].questions, app([BAD[1]]).blocks[0].questions[0])}
        )
        return Plan(
            action="edit",
            say=phrase("Done."),
            blueprint=blueprint.model_copy(update={"blocks": (after,)}),
            operations=operations,
            origins={f"/blocks/0/questions/{len(blueprint.blocks[0].questions)}": MODEL},
        )


def test_no_planner_gets_past_the_guard(tmp_path) -> None:
    services = composition.build(tmp_path)
    try:
        builder = Builder(services.projects, Model)
        project = builder.make("a quiz").project
        assert project.document.blueprint == app([GOOD])
        assert builder.edit(project.id, "one more").project.document.blueprint == app([GOOD])
    finally:
        services.close()


def test_what_a_new_part_brings_along_waits_for_the_maker_until_it_is_typed_over(tmp_path) -> None:
    services = composition.build(tmp_path)
    try:
        project = services.builder.make("a timer for 5 minutes").project
        block = json.loads(to_json(new_block("quiz")))
        added = services.builder.change(
            project.id, [parse_operation({"op": "add_block", "at": 2, "block": block})]
        )
        waiting = [
            pointer for pointer, origin in added.document.origins.items() if origin.from_ == "model:starter"
        ]
        assert waiting == [f"/blocks/1/questions/{place}" for place in range(3)]
        mine = operation_for(added.document.blueprint, "/blocks/1/questions/0/ask", "My own?")
        origins = services.builder.change(project.id, mine).document.origins
        assert origins["/blocks/1/questions/0"].from_ == "typed"
        assert origins["/blocks/1/questions/1"].from_ == "model:starter"
    finally:
        services.close()
