"""Changes by words: what was asked changes, the rest keeps its bytes."""

from __future__ import annotations

import functools
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from studio.blueprints import Blueprint, apply, changed_pointers, normalise
from studio.blueprints.facts import FactLibrary
from studio.builder.plan import Plan
from studio.builder.starter import StarterPlanner
from studio.engines.encoder import find_encoder

STAMPS = Path(tempfile.gettempdir()) / "sprout-test-stamps"


def block(kind: str, **slots: Any) -> dict[str, Any]:
    """Return a block with plain values for the slots that are not given."""
    plain: dict[str, dict[str, Any]] = {
        "quiz": {"title": "Planets", "questions": [], "seconds": 0, "shuffle": True, "feedback": "instant"},
        "timer": {
            "title": "Clock",
            "mode": "countdown",
            "seconds": 60,
            "rest": 0,
            "sound": "bell",
            "done": "Done",
        },
        "checklist": {"title": "Jobs", "items": [], "canadd": True, "progress": "bar", "resets": "never"},
        "picker": {
            "title": "Who",
            "style": "wheel",
            "options": [],
            "count": 1,
            "norepeat": False,
            "button": "Spin!",
        },
        "flashcards": {"title": "Words", "cards": [], "order": "shuffle", "selfcheck": True},
    }
    return {"type": kind, **plain[kind], **slots}


def app(title: str, *blocks: dict[str, Any], rules: list[dict[str, Any]] | None = None) -> Blueprint:
    data = {
        "version": 1,
        "language": "en",
        "title": title,
        "icon": "star",
        "about": "",
        "theme": {
            "palette": "ocean",
            "mode": "light",
            "font": "round",
            "background": "plain",
            "size": "normal",
        },
        "layout": "stack",
        "blocks": list(blocks),
        "rules": rules or [],
    }
    return normalise(Blueprint.model_validate(data))


def question(ask: str, right: str, *wrong: str) -> dict[str, Any]:
    return {"ask": ask, "right": right, "wrong": list(wrong), "hint": "", "why": ""}


PLANETS = [
    question("Which planet is closest to the Sun?", "Mercury", "Venus", "Mars"),
    question("Which planet is the largest?", "Jupiter", "Saturn", "Earth"),
    question("Which planet is called the Red Planet?", "Mars", "Venus", "Neptune"),
    question("Which planet has the brightest rings?", "Saturn", "Mars", "Earth"),
]
WIN = {"when": {"block": "b1", "event": "win"}, "do": {"block": "b1", "action": "confetti", "say": ""}}
APPS = {
    "quiz": app("Planet Quiz", block("quiz", questions=PLANETS), rules=[WIN]),
    "study": app(
        "Study",
        block("timer", mode="countdown", seconds=600),
        block("checklist", items=["Maths page 12", "Read chapter 3", "Pack my bag"]),
    ),
    "wheel": app("Chore Wheel", block("picker", options=["Ada", "Ben", "Chi", "Dad"])),
    "cards": app(
        "Spanish Animals",
        block(
            "flashcards", cards=[{"front": "dog", "back": "el perro"}, {"front": "cat", "back": "el gato"}]
        ),
    ),
    "both": app("Planet Time", block("quiz", questions=PLANETS), block("timer"), rules=[WIN]),
}


@pytest.fixture(scope="module")
def planner() -> StarterPlanner:
    return StarterPlanner(FactLibrary.load(), functools.cache(lambda: find_encoder(STAMPS)))


Q, T = "/blocks/0/questions", "/blocks/1"
# (app, wish, pointers that must change, patterns of pointers that may)
EDITS: list[tuple[str, str, str, str]] = [
    # look
    ("quiz", "make it purple", "/theme/palette=space", ""),
    ("quiz", "Change the colour to pink please", "/theme/palette=candy", ""),
    ("quiz", "can you make it red", "/theme/palette=fire", ""),
    ("quiz", "i want it to be green", "/theme/palette=forest", ""),
    ("quiz", "make it blue", "/theme/palette=ice", ""),
    ("quiz", "another colour", "/theme/palette", ""),
    ("quiz", "i don't like the colors", "/theme/palette", ""),
    ("quiz", "make it look retro", "/theme/palette=retro", ""),
    ("quiz", "neon theme", "/theme/palette=neon", ""),
    ("quiz", "dark mode", "/theme/mode=dark", ""),
    ("quiz", "make it dark purple", "/theme/palette=space /theme/mode=dark", ""),
    ("quiz", "make it darker", "/theme/mode=dark", ""),
    ("quiz", "make the text bigger", "/theme/size=large", ""),
    ("quiz", "bigger letters", "/theme/size=large", ""),
    ("quiz", "use a pixel font", "/theme/font=pixel", ""),
    ("quiz", "use another font", "/theme/font", ""),
    ("quiz", "handwriting font", "/theme/font=hand", ""),
    ("quiz", "put stars in the background", "/theme/background=stars", ""),
    ("quiz", "change the background to waves", "/theme/background=waves", ""),
    ("quiz", "i want a bubble background", "/theme/background=bubbles", ""),
    ("both", "switch to tabs", "/layout=tabs", ""),
    ("both", "show one part at a time", "/layout=steps", ""),
    ("quiz", "hazlo azul", "/theme/palette=ice", ""),
    ("quiz", "rends-le violet", "/theme/palette=space", ""),
    ("quiz", "mach es grün", "/theme/palette=forest", ""),
    # words
    ("quiz", "call it Space Race", "/title=Space Race", ""),
    ("quiz", 'change the title to "Fun and Games"', "/title=Fun and Games", ""),
    ("quiz", "rename the quiz to My First Quiz", "/title=My First Quiz", ""),
    ("quiz", "the title should be Zoom", "/title=Zoom", ""),
    ("quiz", "cambia el título a Planetas locos", "/title=Planetas locos", ""),
    ("quiz", "ändere den Titel in Planetenspaß", "/title=Planetenspaß", ""),
    ("quiz", "change the icon to a rocket", "/icon=rocket", ""),
    ("quiz", "use a cat as the picture", "/icon=cat", ""),
    ("quiz", "make it in Spanish", "/language=es", ""),
    # how many, how long
    ("quiz", "add 3 more questions", Q, rf"{Q}/[4-6]"),
    ("quiz", "more questions please", Q, rf"{Q}/[4-6]"),
    ("quiz", "add two questions", Q, rf"{Q}/[45]"),
    ("quiz", "only 2 questions", Q, ""),
    ("quiz", "make it 8 questions", Q, rf"{Q}/[4-7]"),
    ("quiz", "less questions", Q, ""),
    ("quiz", "give 20 seconds per question", "/blocks/0/seconds=20", ""),
    ("quiz", "15 seconds for each question", "/blocks/0/seconds=15", ""),
    ("both", "make the timer 5 minutes", "/blocks/1/seconds=300", ""),
    ("both", "the timer should run for 2 minutes", "/blocks/1/seconds=120", ""),
    ("both", "make the timer a stopwatch", "/blocks/1/mode=stopwatch", ""),
    ("cards", "add 4 more cards", "/blocks/0/cards", r"/blocks/0/cards/[2-5]"),
    ("quiz", "don't shuffle the questions", "/blocks/0/shuffle=false", ""),
    ("quiz", "show the right answers at the end", "/blocks/0/feedback=end", ""),
    ("quiz", "add hints", f"{Q}", rf"{Q}/\d/hint"),
    ("wheel", "no repeats please", "/blocks/0/norepeat=true", ""),
    ("study", "reset the list every day", "/blocks/1/resets=daily", ""),
    # items
    ("quiz", "remove question 2", Q, ""),
    ("quiz", "delete the last question", Q, ""),
    ("quiz", "take out the first question", Q, ""),
    ("quiz", "change the answer of question 1 to Pluto", f"{Q}/0/right=Pluto", rf"{Q}/0/(why|wrong.*)"),
    (
        "quiz",
        'change question 2 to "Which planet is the biggest one?"',
        f"{Q}/1/ask=Which planet is the biggest one?",
        "",
    ),
    ("quiz", "add a question: What is the smallest planet? Mercury", f"{Q}/4", ""),
    ("study", "add eggs to the list", "/blocks/1/items/3=eggs", ""),
    (
        "study",
        "add feed the cat, water plants and read to the checklist",
        "/blocks/1/items",
        r"/blocks/1/items/[345]",
    ),
    ("study", "remove Pack my bag", "/blocks/1/items", ""),
    ("study", 'change "Read chapter 3" to "Read chapter 4"', "/blocks/1/items/1=Read chapter 4", ""),
    ("study", "replace item 1 with Maths page 13", "/blocks/1/items/0=Maths page 13", ""),
    ("wheel", "add Tom to the wheel", "/blocks/0/options/4=Tom", ""),
    ("wheel", "replace Ben with Bob", "/blocks/0/options/1=Bob", ""),
    ("wheel", "remove Dad", "/blocks/0/options", ""),
    ("wheel", "change Chi to Cleo", "/blocks/0/options/2=Cleo", ""),
    ("cards", "add a card: horse = el caballo", "/blocks/0/cards/2", ""),
    ("cards", "change the back of card 2 to la gata", "/blocks/0/cards/1/back=la gata", ""),
    ("quiz", "move question 3 to the top", Q, rf"{Q}.*"),
    ("wheel", "add Chidi", "/blocks/0/options/4=Chidi", ""),
    ("wheel", "remove Ben", "/blocks/0/options", ""),
    ("wheel", "add Grandma to the wheel", "/blocks/0/options/4=Grandma", ""),
    ("wheel", "add a pink elephant", "/blocks/0/options/4=pink elephant", ""),
    ("wheel", "add a name", "/blocks/0/options/4=Name 5", ""),
    ("wheel", "draw three names", "/blocks/0/count=3", ""),
    ("study", "add ruler and glue", "/blocks/1/items/3=ruler /blocks/1/items/4=glue", ""),
    ("cards", "add horse - el caballo", "/blocks/0/cards/2", ""),
    ("wheel", "add stars to the background", "/theme/background=stars", ""),
    ("wheel", "add some pink", "/theme/palette=candy", ""),
    ("quiz", "make it red", "/theme/palette=fire", ""),
    ("quiz", "make it black", "/theme/palette=mono /theme/mode=dark", ""),
    ("quiz", "make it pink with hearts", "/theme/palette=candy", ""),
    ("quiz", "make it green with leaves", "/theme/palette=forest /theme/background=leaves", ""),
    # parts
    ("quiz", "add a timer", T, ""),
    ("quiz", "add a 2 minute timer", T, ""),
    ("quiz", "add a note that says well done", T, ""),
    ("quiz", "can you add a checklist: pen, paper, ruler", T, ""),
    ("quiz", "add a wheel with Ana, Ben and Cho", T, ""),
    ("quiz", "füge einen timer hinzu", T, ""),
    ("quiz", "ajoute un minuteur", T, ""),
    ("both", "remove the timer", "/blocks", ""),
    ("both", "get rid of the quiz", "/blocks", r"/rules.*|/blocks.*"),
    ("both", "put the timer first", "/blocks", r"/rules.*"),
    ("study", "move the checklist to the top", "/blocks", ""),
    ("study", "remove everything but the checklist", "/blocks", ""),
    # rules
    ("quiz", "confetti when I finish", "/rules/1", ""),
    ("quiz", "play a sound when the answer is right", "/rules/1", ""),
    ("both", "start the timer when the quiz starts", "/rules/1", ""),
    ("quiz", "shake when the answer is wrong", "/rules/1", ""),
    ("quiz", "no more confetti", "/rules", ""),
    ("wheel", "confetti when it stops", "/rules/0", ""),
    # topic
    ("quiz", "make it about dinosaurs", "/title=Dinosaur Quiz /icon=dino", rf"/about|/blocks/0/title|{Q}.*"),
    ("quiz", "change the topic to sharks", "/title=Shark Quiz", rf"/about|/icon|/blocks/0/title|{Q}.*"),
    (
        "cards",
        "make the cards about planets",
        "/title=Planet Cards",
        r"/about|/icon|/blocks/0/title|/blocks/0/cards.*",
    ),
    # several at once
    ("quiz", "make it purple and add a timer", f"/theme/palette=space {T}", "/layout"),
    ("quiz", "make it pink, call it Zoom and add a note", f"/theme/palette=candy /title=Zoom {T}", ""),
    ("quiz", "add a timer and a note", f"{T} /blocks/2", "/layout"),
    (
        "quiz",
        "dark mode, bigger text and stars in the background",
        "/theme/mode=dark /theme/size=large /theme/background=stars",
        "",
    ),
    (
        "wheel",
        "add Tom and Eva to the wheel and make it green",
        "/theme/palette=forest /blocks/0/options",
        r"/blocks/0/options/[45]",
    ),
    ("quiz", "remove question 1. make it yellow", f"/theme/palette=desert {Q}", ""),
]


def at(blueprint: Blueprint, pointer: str) -> Any:
    value: Any = blueprint.model_dump(mode="json")
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def edited(plan: Plan, before: Blueprint) -> Blueprint:
    assert plan.action == "edit", plan
    assert plan.blueprint is not None
    assert 1 <= len(plan.operations) <= 6
    assert normalise(apply(before, plan.operations).blueprint) == plan.blueprint
    return plan.blueprint


@pytest.mark.parametrize(
    ("name", "wish", "must", "may"), EDITS, ids=[f"{row[0]}-{row[1][:40]}" for row in EDITS]
)
def test_only_what_was_asked_changes(
    planner: StarterPlanner, name: str, wish: str, must: str, may: str
) -> None:
    before = APPS[name]
    after = edited(planner.plan(wish, before), before)
    changed = changed_pointers(before, after)
    wanted = [part.split("=", 1) for part in re.split(r" (?=/)", must)]
    for pointer, *value in wanted:
        assert any(one == pointer or one.startswith(f"{pointer}/") for one in changed), changed
        if value:
            text = {"true": True, "false": False}.get(
                value[0], int(value[0]) if value[0].isdigit() else value[0]
            )
            assert at(after, pointer) == text
    allowed = [re.escape(pointer) for pointer, *_ in wanted] + ([may] if may else [])
    extra = [one for one in changed if not any(re.fullmatch(pattern, one) for pattern in allowed)]
    assert not extra


def test_more_questions_are_true_new_and_marked_as_facts(planner: StarterPlanner) -> None:
    plan = planner.plan("add 3 more questions", APPS["quiz"])
    questions = edited(plan, APPS["quiz"]).blocks[0].model_dump()["questions"]
    assert [dict(one, wrong=list(one["wrong"])) for one in questions[:4]] == PLANETS
    assert len({one["ask"] for one in questions}) == 7
    assert {plan.origins[f"{Q}/{n}"] for n in (4, 5, 6)} == {"facts:planets"}


def test_more_questions_without_facts_are_places_to_write_and_said(planner: StarterPlanner) -> None:
    before = app(
        "Minecraft Quiz",
        block("quiz", title="Minecraft", questions=[question("What is a creeper?", "A mob", "A tree")]),
    )
    plan = planner.plan("add 2 questions", before)
    asks = [one["ask"] for one in edited(plan, before).blocks[0].model_dump()["questions"]]
    assert asks[1:] == [
        "Question 2 about Minecraft: write it here",
        "Question 3 about Minecraft: write it here",
    ]
    assert any("no facts" in str(said) for said in plan.checks)
    assert plan.origins == {f"{Q}/1": "model:starter", f"{Q}/2": "model:starter"}


def test_a_new_topic_keeps_number_look_and_rules(planner: StarterPlanner) -> None:
    before = APPS["both"]
    plan = planner.plan("make it about dinosaurs", before)
    after = edited(plan, before)
    assert len(after.blocks[0].model_dump()["questions"]) == 4
    assert (after.theme, after.rules, after.layout, after.blocks[1]) == (
        before.theme,
        before.rules,
        before.layout,
        before.blocks[1],
    )
    assert {value for key, value in plan.origins.items() if key.startswith(Q)} == {"facts:dinosaurs"}


def test_the_users_own_words_are_copied_and_marked(planner: StarterPlanner) -> None:
    plan = planner.plan('add "Ötzi & co." to the wheel', APPS["wheel"])
    assert edited(plan, APPS["wheel"]).blocks[0].model_dump()["options"][4] == "Ötzi & co."
    assert plan.origins == {"/blocks/0/options/4": "typed"}


@pytest.mark.parametrize(
    ("wish", "steps"),
    [
        ("undo", 1),
        ("undo that", 1),
        ("Undo!", 1),
        ("go back", 1),
        ("go back 2 steps", 2),
        ("go back three steps", 3),
        ("i liked it better before", 1),
        ("undo the last 2 changes", 2),
        ("redo", -1),
        ("redo that please", -1),
        ("deshacer", 1),
        ("annuler", 1),
        ("rückgängig", 1),
        ("no change it back", 1),
    ],
)
def test_undo_and_redo_move_along_the_history(planner: StarterPlanner, wish: str, steps: int) -> None:
    plan = planner.plan(wish, APPS["quiz"])
    assert (plan.action, plan.history, plan.operations) == ("edit", steps, ())


@pytest.mark.parametrize(
    ("name", "wish", "words"),
    [
        ("quiz", "how many questions are there?", "4 questions"),
        ("quiz", "is there a timer?", "No"),
        ("both", "is there a timer?", "Yes"),
        ("quiz", "what is the title?", "Planet Quiz"),
        ("study", "how long is the timer", "10 minutes"),
        ("wheel", "how many names are there", "4 choices"),
        ("quiz", "remove the quiz", "only part"),
        ("quiz", "start the timer when the quiz starts", "no timer"),
        ("quiz", "remove question 9", "only 4"),
        ("quiz", "light mode", "already"),
        ("quiz", "call it Planet Quiz", "already"),
    ],
)
def test_what_changes_nothing_is_answered(planner: StarterPlanner, name: str, wish: str, words: str) -> None:
    plan = planner.plan(wish, APPS[name])
    assert plan.action == "answer"
    assert words in str(plan.say)
    assert plan.blueprint is None


@pytest.mark.parametrize("wish", ["make it look better", "asdf qwer", "hmm", "it is boring", "banana"])
def test_an_unclear_change_is_asked_back_as_an_operation(planner: StarterPlanner, wish: str) -> None:
    plan = planner.plan(wish, APPS["quiz"])
    assert plan.action == "clarify"
    assert [operation.op for operation in plan.operations] == ["ask_user"]
    assert 1 <= len(plan.guesses) <= 3
    for guess in plan.guesses:
        assert planner.plan(guess, APPS["quiz"]).action == "edit", guess


def test_a_seventh_part_is_refused_with_words(planner: StarterPlanner) -> None:
    full = app("Full", *[block("timer", title=f"T{n}") for n in range(6)])
    plan = planner.plan("add a note that says hi", full)
    assert plan.action == "answer"
    assert "6" in str(plan.say)


def test_a_long_wish_list_never_makes_more_than_six_operations(planner: StarterPlanner) -> None:
    wish = (
        "call it Zoom, make it pink, dark mode, bigger text, stars in the background, pixel font, "
        "change the icon to a cat"
    )
    plan = planner.plan(wish, APPS["quiz"])
    after = edited(plan, APPS["quiz"])
    assert after.title == "Zoom"
    assert len(plan.operations) == 6
    assert any("tell me the rest" in str(said) for said in plan.checks)


def test_a_new_app_can_be_asked_for_inside_another(planner: StarterPlanner) -> None:
    plan = planner.plan("make a new app: a wheel with Ana, Ben and Cho", APPS["quiz"])
    assert plan.action == "create"


def test_what_a_change_says_counts_its_changes(planner: StarterPlanner) -> None:
    plan = planner.plan("make it purple and add a timer", APPS["quiz"])
    assert len(plan.changes) == 2
    assert "2 things changed" in str(plan.say)
    assert str(planner.plan("make it purple", APPS["quiz"]).say) == (
        "Only the colours changed: purple. The rest stayed as it was."
    )


@pytest.mark.parametrize("wish", ["make it not purple", "don't make it purple", "I do not want it purple"])
def test_a_colour_that_is_not_wanted_gives_way_to_another(planner: StarterPlanner, wish: str) -> None:
    purple = planner.plan("make it purple", APPS["quiz"]).blueprint
    assert purple is not None
    changed = planner.plan(wish, purple)
    assert changed.blueprint is not None
    assert changed.blueprint.theme.palette != purple.theme.palette
    assert not planner.plan(wish, APPS["quiz"]).operations


def test_a_part_that_moves_is_named(planner: StarterPlanner) -> None:
    plan = planner.plan("move the quiz to the end", APPS["both"])
    assert [str(change) for change in plan.changes] == ["“Planets” stands at another place."]


def test_edits_of_every_example_stay_valid(planner: StarterPlanner) -> None:
    folder = Path(__file__).parent.parent / "support" / "blueprint_examples"
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or "blocks" not in data:
            continue
        before = normalise(Blueprint.model_validate(data))
        for wish in (
            "make it green and call it Test",
            "add a timer",
            "make it about sharks",
            "remove item 1",
            "bigger text",
        ):
            plan = planner.plan(wish, before)
            if plan.action == "edit":
                edited(plan, before)


def chain(planner: StarterPlanner, *wishes: str) -> Plan:
    """Return the plan of the last wish, each made in the app that the ones before left."""
    plan = planner.plan(wishes[0])
    now = plan.blueprint
    for wish in wishes[1:]:
        plan = planner.plan(wish, now)
        now = plan.blueprint or now
    return plan


def test_purple_on_a_purple_app_is_lighter_then_darker_and_stays_purple(planner: StarterPlanner) -> None:
    looks = []
    for count in (1, 2, 3):
        plan = chain(planner, "a quiz about planets", *["make it purple"] * count)
        assert plan.blueprint is not None
        looks.append((plan.blueprint.theme.palette, plan.blueprint.theme.mode))
    assert looks == [("space", "light"), ("space", "dark"), ("space", "light")]
    plan = chain(planner, "a quiz about planets", "make it red", "make it red")
    assert str(plan.say) == "It is red already."


def test_what_a_look_cannot_show_is_named(planner: StarterPlanner) -> None:
    plan = planner.plan("make it pink with hearts", APPS["quiz"])
    assert any("no background with hearts" in str(said) for said in plan.checks)
    plan = planner.plan("make it blue like the sea with bubbles", app("Words", block("timer")))
    assert plan.blueprint is not None
    assert plan.blueprint.theme.background == "bubbles"


def test_a_coloured_thing_is_no_colour_where_nothing_can_be_added(planner: StarterPlanner) -> None:
    assert planner.plan("add a pink elephant", APPS["quiz"]).action == "clarify"


def test_another_times_table_fills_the_quiz_anew(planner: StarterPlanner) -> None:
    plan = chain(planner, "a quiz on the 7 times table", "make it the 8 times table")
    assert plan.blueprint is not None
    assert plan.blueprint.title == "8 Times Table Quiz"
    assert {value for key, value in plan.origins.items() if key.startswith(Q)} == {"facts:times-table-8"}


@pytest.mark.parametrize(
    ("name", "wish", "words"),
    [("quiz", "change the first question", "question 1"), ("wheel", "change option 2", "option 2")],
)
def test_a_change_without_its_words_asks_for_them(
    planner: StarterPlanner, name: str, wish: str, words: str
) -> None:
    plan = planner.plan(wish, APPS[name])
    assert plan.action == "clarify"
    assert words in str(plan.say)
    assert len(plan.guesses) >= 2
    assert all(planner.plan(guess, APPS[name]).action == "edit" for guess in plan.guesses)


@pytest.mark.parametrize("name", ["quiz", "wheel", "cards", "study", "both"])
def test_ideas_fit_the_app_and_work(planner: StarterPlanner, name: str) -> None:
    guesses = planner.plan("banana split", APPS[name]).guesses
    assert len(guesses) == 3
    assert all(planner.plan(guess, APPS[name]).action == "edit" for guess in guesses)
    assert ("more questions" in str(guesses)) == (name in ("quiz", "both"))


def test_an_app_named_after_a_part_is_offered_a_new_name_when_it_goes(planner: StarterPlanner) -> None:
    plan = chain(planner, "a quiz about planets", "add a timer for brushing teeth", "remove the quiz")
    assert plan.blueprint is not None
    assert plan.blueprint.title == "Planet Quiz", "nobody asked for another name"
    assert plan.guesses == ("call it Brushing Teeth",)
    named = planner.plan(plan.guesses[0], plan.blueprint)
    assert named.blueprint is not None
    assert named.blueprint.title == "Brushing Teeth"
    own = chain(planner, "a quiz about planets called Zoom", "add a timer", "remove the quiz")
    assert own.guesses == ()


def test_places_to_write_are_marked(planner: StarterPlanner) -> None:
    assert planner.plan("add a name", APPS["wheel"]).origins == {"/blocks/0/options/4": "model:starter"}
    asked = planner.plan("add a question: What is my cat called? Luna", APPS["quiz"])
    assert asked.origins[f"{Q}/4"] == "model:starter"
    assert asked.origins[f"{Q}/4/ask"] == "typed"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("7 minutes", "7 minutes"),
        ("1 minute", "1 minute"),
        ("90 seconds", "90 seconds"),
        ("45 seconds", "45 seconds"),
        ("100 seconds", "1 minute and 40 seconds"),
        ("150 seconds", "2 minutes and 30 seconds"),
        ("1 hour", "1 hour"),
        ("2 hours", "2 hours"),
    ],
)
def test_a_length_of_time_is_told_as_people_do(planner: StarterPlanner, wish: str, words: str) -> None:
    before = app("Wait", block("timer", seconds=33))
    assert str(planner.plan(f"make it {wish}", before).say) == f"The timer lasts {words}"


def test_a_new_part_is_named_and_offers_what_goes_with_it(planner: StarterPlanner) -> None:
    plan = planner.plan("add a story", APPS["quiz"])
    assert str(plan.say) == "There is a story now."
    plan = planner.plan("add a timer", APPS["quiz"])
    assert set(plan.guesses) == {"20 seconds for each question", "switch to tabs"}
    for guess in plan.guesses:
        assert planner.plan(guess, plan.blueprint).action == "edit"


@pytest.mark.parametrize(("wish", "word"), [("hello", "Hello"), ("thanks", "welcome"), ("danke", "welcome")])
def test_friendly_words_change_nothing(planner: StarterPlanner, wish: str, word: str) -> None:
    plan = planner.plan(wish, APPS["quiz"])
    assert (plan.action, plan.blueprint) == ("answer", None)
    assert word in str(plan.say)
