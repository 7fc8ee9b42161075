"""Whatever app is open: a sentence changes the places that it is about, and no byte of the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.blueprints import Blueprint, apply, changed_pointers, describe_changes, normalise, to_json
from studio.blueprints.blueprint import BLOCK_CLASSES, MOST_BLOCKS, MOST_RULES
from studio.blueprints.facts import FactLibrary
from studio.builder.starter import StarterPlanner
from studio.builder.starter.edits.spots import sorts
from tests.support.blueprint_strategies import blueprints, example_texts
from tests.support.edit_sentences import OWN

PLANNER = StarterPlanner(FactLibrary.load(), lambda: None)
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
PARTS = {
    "quiz": "a quiz",
    "flashcards": "some flashcards",
    "story": "a story",
    "chatbot": "a chatbot",
    "pet": "a pet",
    "drawing": "a drawing pad",
    "timer": "a timer",
    "checklist": "a checklist",
    "calculator": "a calculator",
    "converter": "a converter",
    "picker": "a wheel",
    "memory": "a memory game",
    "arcade": "an arcade game",
    "soundboard": "a piano",
    "poll": "a poll",
    "journal": "a diary",
    "classifier": "a guesser",
    "texttool": "a translator",
    "counter": "a counter",
    "note": "a note",
}


@dataclass(frozen=True)
class Said:
    """Hold a sentence, and a pattern for each pointer that may change (in the app as it is afterwards)."""

    words: str
    places: tuple[str, ...]


def look(blueprint: Blueprint) -> Iterator[Said]:
    for colour in ("red", "purple", "mint green", "black and white"):
        yield Said(f"make it {colour}", ("/theme/palette", "/theme/mode"))
    yield Said("dark mode please", ("/theme/mode",))
    yield Said("light mode", ("/theme/mode",))
    yield Said("make the letters bigger", ("/theme/size",))
    yield Said("use a pixel font", ("/theme/font",))
    yield Said("put waves in the background", ("/theme/background",))
    yield Said("show one part at a time", ("/layout",))
    yield Said("i want tabs", ("/layout",))
    yield Said("make it spooky", ("/theme/palette", "/theme/mode"))


def names(blueprint: Blueprint) -> Iterator[Said]:
    yield Said('call it "Zig and Zag"', ("/title",))
    yield Said("change the icon to a rocket", ("/icon",))
    yield Said('the line under the title should say "Only for us"', ("/about",))
    yield Said("speak Spanish: make it in Spanish", ("/language",))


def parts(blueprint: Blueprint) -> Iterator[Said]:
    count = len(blueprint.blocks)
    for kind, words in PARTS.items():
        if count < MOST_BLOCKS:
            extra = ("/rules/.*",) if kind == "timer" else ()
            yield Said(f"add {words}", (f"/blocks/{count}", *extra))
    for number in range(1, count + 1):
        if count > 1:
            yield Said(f"remove part {number}", ("/blocks", "/rules.*"))
            yield Said(f"move part {number} to the top", ("/blocks", "/rules.*"))
            yield Said(f"move part {number} to the end", ("/blocks", "/rules.*"))
        yield Said(f"replace part {number} with a timer", (f"/blocks/{number - 1}.*",))


def items(blueprint: Blueprint) -> Iterator[Said]:
    """Speak of items by their number, where the word for them means one list only."""
    lists = [
        (place, sort)
        for place, block in enumerate(blueprint.blocks)
        for sort in sorts(block.type)
        if "." not in sort.name
    ]
    for place, sort in lists:
        noun = NOUNS.get((sort.kind, sort.name))
        if noun is None or sum(bool(other.noun.search(noun)) for _, other in lists) > 1:
            continue
        if any(
            other.noun.search(noun)
            for block in blueprint.blocks
            for other in sorts(block.type)
            if "." in other.name
        ):
            continue
        where = f"/blocks/{place}/{sort.name}"
        formula = (f"/blocks/{place}/formula",) if sort.kind == "calculator" else ()
        if sort.kind == "checklist":  # an empty list lets its user add to it
            formula = (f"/blocks/{place}/canadd",)
        goto = (rf"/blocks/{place}/pages/\d+.*",) if sort.kind == "story" else ()
        count = len(getattr(blueprint.blocks[place], sort.name))
        for number in {1, count} - {0}:
            yield Said(f"remove {noun} {number}", (where, *formula, *goto))
            yield Said(
                f"take out the {ORDINALS[number - 1] if number <= 6 else 'last'} {noun}",
                (where, *formula, *goto),
            )
            yield Said(f"move {noun} {number} to the end", (where, *formula, *goto))
            if sort.form == "words" and sort.kind not in ("converter",):
                yield Said(f'change {noun} {number} to "Something new"', (rf"{where}/{number - 1}.*",))


NOUNS = {
    ("quiz", "questions"): "question",
    ("flashcards", "cards"): "card",
    ("story", "pages"): "page",
    ("chatbot", "topics"): "topic",
    ("pet", "needs"): "need",
    ("checklist", "items"): "task",
    ("picker", "options"): "option",
    ("memory", "pairs"): "pair",
    ("soundboard", "pads"): "pad",
    ("poll", "questions"): "question",
    ("journal", "prompts"): "prompt",
    ("classifier", "labels"): "label",
    ("counter", "counters"): "counter",
    ("calculator", "inputs"): "input",
    ("drawing", "stamps"): "stamp",
    ("journal", "moods"): "mood",
}


def slots(blueprint: Blueprint) -> Iterator[Said]:
    """Fill a slot that only one part of the app has."""
    kinds = [block.type for block in blueprint.blocks]
    for words, kind, name in (
        ("i want 4 lives", "arcade", "lives"),
        ("you need 33 points to win", "arcade", "win"),
        ("make the game faster", "arcade", "speed"),
        ("at most 17 moves", "memory", "moves"),
        ("let me peek for 7 seconds", "memory", "peek"),
        ("the goal should be 55", "counter", "goal"),
        ("turn on the mirror", "drawing", "mirror"),
        ("no recording", "soundboard", "record"),
        ("hide the results", "poll", "results"),
        ("make him grumpy", "pet", "mood"),
        ("it must be 77 percent sure", "classifier", "sure"),
        ("show 3 decimals", "calculator", "decimals"),
        ('the greeting should be "Hey you"', "chatbot", "greeting"),
        ("reset the list every day", "checklist", "resets"),
        ("give longer answers", "texttool", "length"),
        ("don't hide old entries", "journal", "private"),
        ("make the note a big heading", "note", "style"),
        ("10 seconds for each question", "quiz", "seconds"),
    ):
        if kinds.count(kind) == 1:
            yield Said(words, (f"/blocks/{kinds.index(kind)}/{name}",))


def rules(blueprint: Blueprint) -> Iterator[Said]:
    if len(blueprint.rules) < MOST_RULES:
        yield Said("confetti when it is finished", (r"/rules/\d+",))
        yield Said("play a sound when it starts", (r"/rules/\d+",))
    yield Said("no confetti any more", ("/rules",))


def levels(blueprint: Blueprint) -> Iterator[Said]:
    yield Said(
        "make it harder",
        (r"/blocks/\d+/(seconds|speed|lives|win|peek|moves|goal|pairs.*|cards.*|needs/\d+/drain)",),
    )
    yield Said(
        "that is too hard",
        (
            r"/blocks/\d+/(seconds|speed|lives|win|peek|moves|goal|pairs|cards|needs/\d+/drain|questions/\d+/hint)",
        ),
    )


def tones(blueprint: Blueprint) -> Iterator[Said]:
    for word in ("funnier", "scarier", "cuter", "calmer", "cooler"):
        yield Said(
            f"make it {word}", ("/icon", "/rules.*", r"/blocks/\d+/(mood|sound|instrument|speed|done)")
        )


FORMS: tuple[Callable[[Blueprint], Iterator[Said]], ...] = (
    look,
    names,
    parts,
    items,
    slots,
    rules,
    levels,
    tones,
)


def check(before: Blueprint, said: Said) -> str:
    """Plan one sentence and look at every place that changed; return what came of it."""
    plan = PLANNER.plan(said.words, before)
    if plan.action != "edit":
        assert plan.blueprint is None
        return plan.action
    assert plan.blueprint is not None
    assert 1 <= len(plan.operations) <= 6
    applied = apply(before, plan.operations)
    assert normalise(applied.blueprint) == plan.blueprint
    changed = changed_pointers(before, plan.blueprint)
    extra = [one for one in changed if not any(re.fullmatch(pattern, one) for pattern in said.places)]
    assert not extra, (said.words, extra)
    kept = [old for old in applied.origin_of_block if old is not None]
    assert len(kept) == len(set(kept)), "each part that stays keeps its name"
    for new, old in enumerate(applied.origin_of_block):
        touched = any(re.match(rf"/blocks/{new}(/|$)", one) for one in changed) or "/blocks" in changed
        if old is not None and not touched:
            assert to_json(plan.blueprint.blocks[new]) == to_json(before.blocks[old])
    assert plan.changes
    assert describe_changes(before, plan.blueprint)
    return "edit"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@given(blueprint=blueprints(sound=True))
@QUICK
def test_a_sentence_over_any_app_changes_only_its_places(
    form: Callable[[Blueprint], Iterator[Said]], blueprint: Blueprint
) -> None:
    for said in form(blueprint):
        check(blueprint, said)


def real_apps() -> list[Blueprint]:
    """Return apps that people would have open, of all kinds."""
    texts = [*example_texts().values(), *(json.dumps(data) for data in OWN.values())]
    found = [Blueprint.model_validate_json(text) for text in texts]
    return [normalise(one) for one in found]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_over_real_apps_nearly_every_sentence_is_understood(
    form: Callable[[Blueprint], Iterator[Said]],
) -> None:
    answers = [(said.words, check(app, said)) for app in real_apps() for said in form(app)]
    understood = [one for one in answers if one[1] in ("edit", "answer")]
    assert len(understood) >= 0.97 * len(answers), [one for one in answers if one not in understood]


def test_the_words_for_parts_name_every_kind() -> None:
    assert set(PARTS) == set(BLOCK_CLASSES)
    app = real_apps()[0]
    for kind, words in PARTS.items():
        plan = PLANNER.plan(f"add {words}", app)
        assert plan.blueprint is not None
        assert plan.blueprint.blocks[-1].type == kind


@given(words=st.text(max_size=80), place=st.integers(0, 200))
@QUICK
def test_any_words_at_all_leave_a_sound_app(words: str, place: int) -> None:
    apps = real_apps()
    app = apps[place % len(apps)]
    plan = PLANNER.plan(words, app)
    if plan.blueprint is not None and plan.action == "edit":
        assert normalise(plan.blueprint) == plan.blueprint
