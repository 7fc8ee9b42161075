"""What can happen in a part, what a rule can do then, and how a kind of part is found."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

import resources
from studio.blueprints import BLOCK_CLASSES, KINDS, Blueprint, new_block, to_json
from studio.blueprints.choices import RuleAction, RuleEvent
from studio.blueprints.events import EVENTS, actions_for, aims_of, can_happen, events_of, new_rule
from studio.blueprints.kinds import ALSO, GROUPS, finds
from tests.support.blueprint_strategies import example


def app(*kinds: str) -> Blueprint:
    data = json.loads(to_json(example("01")))
    data["blocks"] = [json.loads(to_json(new_block(kind))) for kind in kinds]
    data["rules"] = []
    return Blueprint.model_validate(data)


@pytest.mark.parametrize("kind", sorted(BLOCK_CLASSES))
def test_each_kind_has_events_words_and_a_place(kind: str) -> None:
    assert set(events_of(kind)) <= set(get_args(RuleEvent))
    assert "start" in events_of(kind) and EVENTS[kind]
    assert ALSO[kind].template
    assert [kind in names for _, names in GROUPS].count(True) == 1


def test_the_table_says_what_the_runtime_says() -> None:
    told = {}
    for path in (resources.folder() / "runtime" / "blocks").glob("*.js"):
        source = path.read_text(encoding="utf-8")
        found = re.search(r"^  events: \[(.*?)\]", source, re.MULTILINE)
        if found and path.stem in BLOCK_CLASSES:
            told[path.stem] = set(re.findall(r'"(\w+)"', found[1]))
    assert told
    assert {kind: set(EVENTS[kind]) for kind in told} == told


def test_a_new_rule_is_about_the_happiest_thing_that_no_rule_has_yet() -> None:
    before = app("picker", "quiz")
    rule = new_rule(before)
    assert (rule.when.block, rule.when.event, rule.do.action) == ("b1", "finish", "confetti")
    after = new_rule(before.model_copy(update={"rules": (rule,)}))
    assert (after.when.block, after.when.event) != ("b1", "finish")
    assert can_happen(before, rule)
    assert not can_happen(app("note"), rule)


def test_clocks_are_started_only_where_there_is_one() -> None:
    assert "start_timer" not in actions_for(app("quiz", "note"))
    with_clock = app("quiz", "timer")
    assert set(actions_for(with_clock)) == set(get_args(RuleAction))
    assert aims_of(with_clock, "start_timer") == (1,)
    assert aims_of(with_clock, "shake") == (0, 1)
    assert aims_of(with_clock, "confetti") == ()


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("vocab", "flashcards"),
        ("DICE", "picker"),
        ("to do", "checklist"),
        ("maths", "calculator"),
        ("quiz", "quiz"),
    ],
)
def test_kinds_are_found_by_other_words_too(wanted: str, kind: str) -> None:
    hits = [name for name in KINDS if finds(wanted, str(KINDS[name].name), str(ALSO[name]))]
    assert kind in hits
    assert len(hits) < 6


def test_a_search_finds_beginnings_of_words_whatever_the_accents() -> None:
    assert finds("cafe", "Le Café")
    assert finds("", "anything")
    assert not finds("ote", "Note")
