"""Sentences as people say them, over apps of all twenty kinds: exactly what was asked changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.blueprints import Blueprint, apply, describe_changes, normalise, parse, to_json
from studio.blueprints.facts import FactLibrary
from studio.blueprints.pointers import follow, steps
from studio.builder.starter import StarterPlanner
from tests.support.edit_sentences import (
    SENTENCES,
    Add,
    Chosen,
    Data,
    Gone,
    Moved,
    Put,
    Rules,
    Sentence,
    load,
)


@pytest.fixture(scope="module")
def planner() -> StarterPlanner:
    return StarterPlanner(FactLibrary.load(), lambda: None)


def opened(name: str) -> Blueprint:
    """Return an app as it would be open in the studio: sound."""
    return normalise(parse(json.dumps(load(name))).blueprint)


def plain(blueprint: Blueprint) -> Data:
    data: Data = json.loads(to_json(blueprint))
    return data


def expected(before: Data, after: Data, sentence: Sentence) -> Data:
    """Return what should stand there: `before` with the changes; open values are taken from `after`."""
    data: Data = json.loads(json.dumps(before))
    for change in sentence.changes:
        make(change, data, after)
    return data


def make(change: Any, data: Data, after: Data) -> None:
    """Make one change of a sentence on plain data."""
    if isinstance(change, Rules):
        data["rules"] = [named for rule in data["rules"] if (named := renamed(rule, change)) is not None]
        return
    *way, last = steps(change.pointer)
    holder = follow(data, "".join(f"/{step}" for step in way))
    if isinstance(change, Put):
        spot = int(last) if isinstance(holder, list) else last
        holder[spot] = value(change.value, holder[spot], follow(after, change.pointer))
    elif isinstance(change, Add):
        items = holder[last]
        at = len(items) if change.at is None else change.at
        came = follow(after, change.pointer)
        assert at < len(came), f"nothing was added to {change.pointer}"
        items.insert(at, value(change.value, None, came[at]))
    elif isinstance(change, Gone):
        del holder[int(last)]
    elif isinstance(change, Moved):
        holder.insert(change.to, holder.pop(int(last)))


def renamed(rule: Data, change: Rules) -> Data | None:
    rule = json.loads(json.dumps(rule))
    for half in (rule["when"], rule["do"]):
        half["block"] = change.names.get(half["block"], half["block"])
    return None if "" in (rule["when"]["block"], rule["do"]["block"]) else rule


def value(wanted: Any, before: Any, after: Any) -> Any:
    if not isinstance(wanted, Chosen):
        return wanted
    assert after != before
    for key, part in wanted.like.items():
        assert after[key] == part
    return after


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: f"{one.group}-{one.app}-{one.words[:48]}")
def test_a_sentence_changes_what_it_asks_for_and_nothing_else(
    planner: StarterPlanner, sentence: Sentence
) -> None:
    before = opened(sentence.app)
    plan = planner.plan(sentence.words, before)
    assert plan.action == "edit", str(plan.say)
    assert plan.blueprint is not None
    assert 1 <= len(plan.operations) <= 6
    assert normalise(apply(before, plan.operations).blueprint) == plan.blueprint
    after = plain(plan.blueprint)
    assert after == expected(plain(before), after, sentence)
    assert plan.changes
    assert describe_changes(before, plan.blueprint)


def test_the_sentences_are_many_and_speak_of_every_kind() -> None:
    assert len(SENTENCES) >= 120
    assert len({one.words for one in SENTENCES}) == len(SENTENCES)
    kinds = {block["type"] for one in SENTENCES for block in load(one.app)["blocks"]}
    assert len(kinds) == 20
