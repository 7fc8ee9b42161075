"""Normalise mends meaning, and only where it is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.blueprints import (
    BLOCK_CLASSES,
    AnyBlock,
    Blueprint,
    new_block,
    normalise,
    normalise_block,
    to_json,
)
from studio.blueprints.formula import is_formula, work_out
from tests.support.blueprint_strategies import Dice, blueprints, example, judge, make


def mended(kind: str, **slots: Any) -> AnyBlock:
    """Return a new block of a kind with some slots filled, after it was mended."""
    data = json.loads(new_block(kind).model_dump_json()) | slots
    return normalise_block(BLOCK_CLASSES[kind].model_validate(data))


@given(blueprints())
def test_normalise_is_idempotent_and_its_result_is_valid(made: Blueprint) -> None:
    before = to_json(made)
    once = normalise(made)
    assert normalise(once) is once
    assert judge("blueprint").is_valid(json.loads(to_json(once)))
    assert to_json(made) == before
    assert len(once.blocks) == len(made.blocks)
    assert [block.type for block in once.blocks] == [block.type for block in made.blocks]


@pytest.mark.parametrize("number", range(200))
def test_normalise_is_idempotent_on_long_and_odd_ones(number: int) -> None:
    from studio.blueprints import schema

    made = Blueprint.model_validate(make(Dice(number), schema("blueprint"), schema("blueprint")))
    once = normalise(made)
    assert normalise(once) is once
    assert judge("blueprint").is_valid(json.loads(to_json(once)))


@pytest.mark.parametrize("kind", BLOCK_CLASSES)
def test_a_new_block_needs_no_mending(kind: str) -> None:
    block = new_block(kind)
    assert normalise_block(block) is block


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  two   words \n here\t", "two words here"),
        ("bell\x07 and\x00 null", "bell and null"),
        ("Qu'est-ce que c'est\u00a0?", "Qu'est-ce que c'est\u00a0?"),
        ("👩‍🚀 e\u0301", "👩‍🚀 e\u0301"),
        ("\ufeffmark", "mark"),
        ("\x00", "My app"),
        ("\u2003", "My app"),
        ("a \x00 b", "a b"),
    ],
)
def test_titles_lose_stray_spaces_and_controls_only(before: str, after: str) -> None:
    assert normalise(example("01").model_copy(update={"title": before})).title == after


def test_line_breaks_stay_where_several_lines_make_sense() -> None:
    text = " One \r\n two\n\n\n\nthree\u2028four\x0b "
    assert mended("note", text=text).text == "One\ntwo\n\nthree\nfour"
    assert mended("note", title=" a\nb ").title == "a b"


def question(ask: str = "Q?", right: str = "yes", wrong: tuple[str, ...] = ("no",)) -> dict[str, Any]:
    return {"ask": ask, "right": right, "wrong": list(wrong), "hint": "", "why": ""}


def test_wrong_answers_are_wrong_and_different() -> None:
    block = mended("quiz", questions=[question(right="Mars", wrong=("MARS ", "Venus", "venus"))])
    assert block.questions[0].wrong == ("Venus",)


def test_a_question_that_cannot_be_answered_goes() -> None:
    block = mended("quiz", questions=[question(wrong=("YES",)), question(ask=" "), question(ask="Good?")])
    assert [one.ask for one in block.questions] == ["Good?"]


def test_a_quiz_without_questions_says_so_openly() -> None:
    block = mended("quiz", questions=[question(wrong=("yes", "Yes"))])
    assert [one.ask for one in block.questions] == ["Write your question here"]


def page(*ways: str, text: str = "words") -> dict[str, Any]:
    return {
        "text": text,
        "icon": "star",
        "choices": [{"say": f"way {n}", "goto": way} for n, way in enumerate(ways)],
    }


def ways(block: Any) -> list[list[str]]:
    return [[choice.goto for choice in one.choices] for one in block.pages]


def test_a_choice_to_a_missing_page_leads_to_the_end() -> None:
    assert ways(mended("story", pages=[page("p2", "p9"), page()])) == [["p2", "end"], []]


def test_nobody_goes_round_in_circles() -> None:
    assert ways(mended("story", pages=[page("p2"), page("p1")])) == [["p2"], ["p1", "end"]]
    assert ways(mended("story", pages=[page("p2", "p1", "p2"), page("p1", "p1", "p2")])) == [
        ["p2", "p1", "p2"],
        ["p1", "p1", "end"],
    ]


def test_a_circle_beside_an_end_gets_a_way_out_too() -> None:
    assert ways(mended("story", pages=[page("p2", "p3"), page(), page("p3")])) == [
        ["p2", "p3"],
        [],
        ["p3", "end"],
    ]


def test_a_circle_that_nobody_reaches_is_left_alone() -> None:
    assert ways(mended("story", pages=[page("end"), page("p2")])) == [["end"], ["p2"]]


def test_a_page_never_goes_as_others_lead_to_it_by_number() -> None:
    block = mended("story", pages=[page("p2"), page("p3", text=" \t"), page()])
    assert len(block.pages) == 3
    assert block.pages[1].text == "Write this page."


@pytest.mark.parametrize(
    ("formula", "inputs", "wanted"),
    [
        ("a*b/c", 3, "a*b/c"),
        ("-(a+b)*-2.5/.5", 2, "-(a+b)*-2.5/.5"),
        (" a + b ", 2, "a + b"),
        ("a+c", 2, "a+b"),
        ("a b", 2, "a+b"),
        ("2a", 1, "a"),
        ("(a", 3, "a+b+c"),
        ("a)", 1, "a"),
        ("1.2.3", 1, "a"),
        ("a+", 4, "a+b+c+d"),
        ("()", 1, "a"),
        (" ", 1, "a"),
        (".", 1, "a"),
        ("3+4", 1, "3+4"),
    ],
)
def test_a_formula_that_means_nothing_becomes_a_sum(formula: str, inputs: int, wanted: str) -> None:
    numbers = [{"label": f"n{n}", "unit": "", "start": n} for n in range(inputs)]
    assert mended("calculator", inputs=numbers, formula=formula).formula == wanted


@given(st.text("abcd019+-*/(). ", min_size=1, max_size=60), st.integers(1, 4))
def test_a_formula_is_read_as_python_would_compute_it(formula: str, inputs: int) -> None:
    """Python's own grammar is the oracle; it takes more (`**`, `//`, calls), which are left out here."""
    import ast

    strange = any(mark in formula.replace(" ", "") for mark in ("**", "//", "()"))
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except SyntaxError:
        assert strange or not is_formula(formula, inputs) or _leading_zero(formula)
        return
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    odd = strange or any(isinstance(node, ast.Call | ast.Tuple | ast.Attribute) for node in ast.walk(tree))
    if is_formula(formula, inputs):
        assert names <= set("abcd"[:inputs])
    elif not odd:
        assert not names <= set("abcd"[:inputs]) or _dangling_point(formula)


def _leading_zero(formula: str) -> bool:
    import re

    return re.search(r"(?<![\d.])0\d", formula) is not None


def _dangling_point(formula: str) -> bool:
    import re

    return re.search(r"\d\.(?!\d)", formula) is not None


@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        ("a*b/c", 4),
        ("2+3*4", 14),
        ("-(a-b)", 6),
        ("--a", 2),
        (".5*a", 1),
        ("a/(b-8)", None),
        ("0*(1/0)", None),
    ],
)
def test_a_formula_is_worked_out(formula: str, answer: float | None) -> None:
    assert work_out(formula, [2, 8, 4]) == answer


@pytest.mark.parametrize("formula", ["", "a+", "d", "(a", "a b", "2..3", "a//b", ")("])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError):
        work_out(formula, [2, 8, 4])


def test_deep_brackets_do_not_break_the_reader() -> None:
    assert is_formula("(" * 29 + "a" + ")" * 29, 1)
    assert not is_formula("(" * 60, 1)


@pytest.mark.parametrize(
    ("kind", "slots", "slot", "wanted"),
    [
        ("timer", {"seconds": 0}, "seconds", 60),
        ("timer", {"seconds": 0, "mode": "pomodoro"}, "seconds", 1500),
        ("timer", {"seconds": 0, "mode": "stopwatch"}, "seconds", 0),
        ("picker", {"options": ["Ada", "ada ", "Ben"], "count": 6}, "count", 2),
        ("picker", {"options": ["Ada", "ada ", "Ben"]}, "options", ("Ada", "Ben")),
        ("picker", {"options": ["No", "no"]}, "options", ("No", "Yes")),
        ("picker", {"button": "\x00"}, "button", "Go"),
        ("checklist", {"items": ["\x01"], "canadd": False}, "canadd", True),
        ("checklist", {"items": ["milk", "milk"], "canadd": False}, "items", ("milk", "milk")),
        ("drawing", {"tools": ["pen", "pen", "stamp"], "stamps": ["none"]}, "tools", ("pen", "stamp")),
        ("drawing", {"tools": ["stamp"], "stamps": ["none"]}, "stamps", ("star",)),
        ("arcade", {"good": ["star", "star", "none"], "bad": ["star", "bug"]}, "good", ("star",)),
        ("arcade", {"good": ["star"], "bad": ["star", "bug"]}, "bad", ("bug",)),
        ("arcade", {"bad": [], "seconds": 0, "win": 0}, "seconds", 60),
        ("arcade", {"player": "none"}, "player", "smile"),
        ("texttool", {"job": "translate", "target": " "}, "target", "English"),
        ("texttool", {"job": "rhyme", "target": ""}, "target", ""),
        ("journal", {"prompts": ["Why?", "WHY?", " "]}, "prompts", ("Why?",)),
        ("memory", {"moves": 1}, "moves", 8),
        ("memory", {"moves": 4}, "moves", 4),
        ("chatbot", {"topics": ["Space", "space"]}, "topics", ("Space",)),
        ("classifier", {"model": "\x02"}, "model", "my-model"),
    ],
)
def test_each_block_is_mended_where_it_means_nothing(
    kind: str, slots: dict[str, Any], slot: str, wanted: Any
) -> None:
    assert getattr(mended(kind, **slots), slot) == wanted


def test_poll_questions_have_choices_only_where_they_choose() -> None:
    asked = [
        {"ask": "A?", "kind": "stars", "options": ["x"]},
        {"ask": "B?", "kind": "one", "options": []},
        {"ask": "C?", "kind": "many", "options": ["Red", "red"]},
        {"ask": "D?", "kind": "text", "options": []},
    ]
    assert [one.options for one in mended("poll", questions=asked).questions] == [
        (),
        ("Yes", "No"),
        ("Red", "Yes"),
        (),
    ]


def rule(when: str, do: str, say: str = "") -> dict[str, Any]:
    return {"when": {"block": when, "event": "finish"}, "do": {"block": do, "action": "confetti", "say": say}}


def test_rules_about_missing_blocks_and_double_rules_go() -> None:
    data = json.loads(to_json(example("06")))
    data["rules"] = [
        rule("b1", "b2"),
        rule("b3", "b1"),
        rule("b1", "b6"),
        rule("b1", "b2", " "),
        rule("b2", "b1"),
    ]
    kept = normalise(Blueprint.model_validate(data)).rules
    assert [(one.when.block, one.do.block) for one in kept] == [("b1", "b2"), ("b2", "b1")]
