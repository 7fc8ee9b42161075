"""Wishes that become apps: the kind, what is in it, and that nothing is made up."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

import pytest

from studio.blueprints import Blueprint, normalise
from studio.blueprints.facts import FactLibrary
from studio.builder.plan import Plan
from studio.builder.starter import StarterPlanner
from studio.builder.starter.kinds import KINDS
from studio.builder.starter.sayings import wish_for
from studio.builder.starter.topics import Topic
from studio.engines.encoder import find_encoder

COUNTED = {
    "quiz": "questions",
    "flashcards": "cards",
    "checklist": "items",
    "picker": "options",
    "memory": "pairs",
}
STAMPS = Path(tempfile.gettempdir()) / "sprout-test-stamps"


@pytest.fixture(scope="module")
def facts() -> FactLibrary:
    return FactLibrary.load()


@pytest.fixture(scope="module")
def planner(facts: FactLibrary) -> StarterPlanner:
    return StarterPlanner(facts, functools.cache(lambda: find_encoder(STAMPS)))


@pytest.fixture(scope="module")
def by_rules(facts: FactLibrary) -> StarterPlanner:
    return StarterPlanner(facts, lambda: None)


def made(plan: Plan) -> Blueprint:
    assert plan.action == "create", plan
    assert plan.blueprint is not None
    assert normalise(plan.blueprint) == plan.blueprint
    return plan.blueprint


# (wish, kinds in order, what must hold of the main part or of the app)
WISHES: list[tuple[str, str, dict[str, Any]]] = [
    # quiz: topic, count, seconds, look
    ("a quiz about sharks", "quiz", {"n": 5, "title": "Shark Quiz", "icon": "fish", "facts": "sharks"}),
    ("make a quiz about planets with 7 questions", "quiz", {"n": 7, "facts": "planets", "palette": "space"}),
    ("Make me a quiz on dinosaurs please", "quiz", {"n": 5, "icon": "dino", "facts": "dinosaurs"}),
    ("8 questions about the human body", "quiz", {"n": 8, "facts": "human-body"}),
    ("twelve question quiz about capitals", "quiz", {"n": 12, "facts": "capitals"}),
    ("a planet quiz with 20 seconds per question", "quiz", {"n": 5, "quiz_seconds": 20}),
    ("quiz me on animals", "quiz", {"facts": "animals"}),
    ("qiuz about dinosours", "quiz", {"facts": "dinosaurs"}),
    ("a 7 times table quiz", "quiz", {"n": 5, "ask": "× 7"}),
    ("test my knowledge about football", "quiz", {"placeholder": "football", "icon": "ball"}),
    (
        "trivia about harry potter with 3 questions",
        "quiz",
        {"n": 3, "placeholder": "harry potter", "icon": "dragon"},
    ),
    ("a quiz about Zorblax, in purple", "quiz", {"placeholder": "Zorblax", "palette": "space"}),
    ("a pink quiz about planets", "quiz", {"palette": "candy", "facts": "planets"}),
    ("a dark quiz about planets", "quiz", {"mode": "dark"}),
    ('a quiz about sharks called "Shark Attack"', "quiz", {"title": "Shark Attack"}),
    ("a quiz about sharks called Jaws and Claws", "quiz", {"title": "Jaws"}),
    ("a quiz about planets with bubbles in the background", "quiz", {"background": "bubbles"}),
    ("a quiz about planets with big text", "quiz", {"size": "large"}),
    ("a quiz about planets with 500 questions", "quiz", {"n": 20}),
    ("a quiz about planets, neon style", "quiz", {"palette": "neon"}),
    ("quiz on space with pixel font", "quiz", {"font": "pixel"}),
    ("a quiz with the answers at the end about planets", "quiz", {"feedback": "end"}),
    ("un quiz sur les dinosaures avec 6 questions", "quiz", {"n": 6, "language": "fr", "facts": "dinosaurs"}),
    (
        "un cuestionario sobre los planetas con 4 preguntas",
        "quiz",
        {"n": 4, "language": "es", "facts": "planets"},
    ),
    ("ein quiz über planeten mit zehn fragen", "quiz", {"n": 10, "language": "de", "facts": "planets"}),
    ("make a quiz:\nWhat is 2+2? 4\nWhat is 3+3? 6", "quiz", {"n": 2, "ask": "What is 2+2?", "right": "4"}),
    (
        "quiz: Who is our teacher? Ms Hill; What is our class pet? A snail",
        "quiz",
        {"n": 2, "right": "Ms Hill"},
    ),
    # several parts
    (
        "a quiz about space with a timer and confetti",
        "quiz timer",
        {"rule": ("b1", "start", "b2", "start_timer")},
    ),
    ("a quiz about planets and a note", "note quiz", {}),
    ("flashcards about planets with a timer", "flashcards timer", {}),
    ("a checklist for camping and a timer for 10 minutes", "checklist timer", {}),
    ("quiz about sharks plus a wheel", "quiz picker", {}),
    ("a homework checklist with a pomodoro timer", "checklist timer", {}),
    # flashcards
    ("flashcards: dog = perro, cat = gato, bird = pájaro", "flashcards", {"n": 3, "first": ("dog", "perro")}),
    (
        "learn these words: apple - manzana, bread - pan",
        "flashcards",
        {"n": 2, "first": ("apple", "manzana")},
    ),
    ("flash cards\ndog - Hund\ncat - Katze\nhouse - Haus", "flashcards", {"n": 3, "first": ("dog", "Hund")}),
    ("flashcards about capitals", "flashcards", {"n": 8, "facts": "capitals"}),
    ("10 cards about planets to study", "flashcards", {"n": 10}),
    ("purple flashcards about animals", "flashcards", {"palette": "space"}),
    ("flashcards for my chemistry test", "flashcards", {"n": 8}),
    ("help me memorise the capitals with cards i can flip", "flashcards", {"facts": "capitals"}),
    ("tarjetas para estudiar: uno = one, dos = two", "flashcards", {"n": 2, "language": "es"}),
    ("karteikarten: hund = dog, katze = cat", "flashcards", {"n": 2, "first": ("hund", "dog")}),
    ("des cartes mémoire: chien = dog, chat = cat", "flashcards", {"n": 2}),
    # timer
    ("a timer for 5 minutes", "timer", {"seconds": 300, "title": "Timer"}),
    ("timer 90 seconds", "timer", {"seconds": 90}),
    ("count down from 60 seconds", "timer", {"seconds": 60}),
    ("egg timer 3 min", "timer", {"seconds": 180}),
    ("a timer for half an hour", "timer", {"seconds": 1800}),
    ("timer for 1:30", "timer", {"seconds": 90}),
    ("two minute timer for brushing my teeth", "timer", {"seconds": 120}),
    ("a stopwatch for running", "timer", {"timer_mode": "stopwatch"}),
    ("pomodoro timer for studying", "timer", {"timer_mode": "pomodoro", "seconds": 1500}),
    ("a timer for 3 hours", "timer", {"seconds": 7200}),
    ("timmer for homwork 20 minutes", "timer", {"seconds": 1200}),
    ("un temporizador de 5 minutos", "timer", {"seconds": 300, "language": "es"}),
    ("ein timer für zehn minuten", "timer", {"seconds": 600, "language": "de"}),
    ("un minuteur de 2 minutes", "timer", {"seconds": 120}),
    ("a 45 second plank timer with a drum", "timer", {"seconds": 45}),
    # checklist
    ("checklist: milk, eggs, bread", "checklist", {"items": ["milk", "eggs", "bread"]}),
    ("shopping list with bread, milk and eggs", "checklist", {"items": ["bread", "milk", "eggs"]}),
    (
        "to do list\n- feed the cat\n- call grandma\n- tidy up",
        "checklist",
        {"items": ["feed the cat", "call grandma", "tidy up"]},
    ),
    (
        "packing list: tent, torch, socks, toothbrush",
        "checklist",
        {"items": ["tent", "torch", "socks", "toothbrush"]},
    ),
    (
        "things to pack\n1. hat\n2. sun cream\n3. mac and cheese",
        "checklist",
        {"items": ["hat", "sun cream", "mac and cheese"]},
    ),
    ("a checklist for my morning routine", "checklist", {"resets": "daily"}),
    ("my homework list: Maths, Reading, Art", "checklist", {"items": ["Maths", "Reading", "Art"]}),
    ("chekclist for football practice", "checklist", {}),
    (
        "una lista de tareas: leche, pan, huevos",
        "checklist",
        {"items": ["leche", "pan", "huevos"], "language": "es"},
    ),
    ("einkaufsliste: Milch, Brot und Eier", "checklist", {"items": ["Milch", "Brot", "Eier"]}),
    ("a to-do list: quiz, story, timer", "checklist", {"items": ["quiz", "story", "timer"]}),
    ("a green checklist: buy seeds, dig, water", "checklist", {"palette": "forest"}),
    # picker
    ("a wheel with Ana, Ben and Cho", "picker", {"items": ["Ana", "Ben", "Cho"]}),
    ("spin the wheel: pizza, pasta, soup", "picker", {"items": ["pizza", "pasta", "soup"]}),
    ("random name picker: Mia, Leo, Sam and Zoe", "picker", {"items": ["Mia", "Leo", "Sam", "Zoe"]}),
    ("roll a dice", "picker", {"style": "dice", "n": 6}),
    ("two dice", "picker", {"style": "dice", "picks": 2}),
    ("a dice with 20 sides", "picker", {"style": "dice", "n": 20}),
    ("flip a coin", "picker", {"style": "coin", "n": 2}),
    ("pick a number from 1 to 10 at random", "picker", {"n": 10}),
    ("a wheel with red, green and blue", "picker", {"items": ["red", "green", "blue"]}),
    ("spinner with Ana, Ana, ana and Bo", "picker", {"items": ["Ana", "Bo"]}),
    ("una ruleta con Luis, Eva y Marta", "picker", {"items": ["Luis", "Eva", "Marta"], "language": "es"}),
    ("une roue avec Lucas, Emma et Chloé", "picker", {"items": ["Lucas", "Emma", "Chloé"], "language": "fr"}),
    ("ein glücksrad mit Tim, Jana und Ole", "picker", {"items": ["Tim", "Jana", "Ole"], "language": "de"}),
    ("what should we eat tonight spinner", "picker", {}),
    ("truth or dare wheel", "picker", {"n": 2}),
    ("pick one of these names without repeats: A, B, C", "picker", {"norepeat": True}),
    ("pick a random name from Anna, Ben", "picker", {"items": ["Anna", "Ben"], "title": "Name Picker"}),
    ("pick between pizza and pasta", "picker", {"items": ["pizza", "pasta"]}),
    ("choose from red or blue", "picker", {"items": ["red", "blue"], "look": "none"}),
    ("checklist with milk and eggs", "checklist", {"items": ["milk", "eggs"]}),
    # names
    ("checklist for my school bag: books, ruler", "checklist", {"title": "School Bag", "n": 2}),
    ("packing list for the beach", "checklist", {"title": "Beach Bag", "has": "Towel", "lacks": "Torch"}),
    ("a camping checklist", "checklist", {"title": "Camping List", "has": "Tent"}),
    ("a checklist for my morning routine", "checklist", {"title": "Morning Routine"}),
    ("a timer for brushing teeth", "timer", {"title": "Brushing Teeth", "seconds": 120}),
    ("a timer for 7 minutes for homework", "timer", {"title": "Homework Timer", "seconds": 420}),
    ("truth or dare spinner", "picker", {"title": "Truth or Dare"}),
    ("a wheel to choose a game", "picker", {"title": "What to Play", "has": "Board game"}),
    ("a note about my hamster", "note", {"title": "My Hamster", "has": "your hamster"}),
    ("a quiz about planets with 20 seconds per question and a timer", "quiz timer", {"layout": "tabs"}),
    # note
    ("a note that says Happy birthday Grandma", "note", {"text": "Happy birthday Grandma"}),
    ('write a note: "Back at 5, love Mum"', "note", {"text": "Back at 5, love Mum"}),
    ("a welcome page", "note", {"text": "Welcome!"}),
    ("an invitation to my party", "note", {}),
    ("a poster about saving water", "note", {}),
    ("eine notiz mit den regeln", "note", {"language": "de"}),
    # the other kinds
    ("a choose your own adventure story about a dragon", "story", {"icon": "dragon"}),
    ("a spooky story with different endings", "story", {}),
    ("chat with a pirate", "chatbot", {"said": "Here is "}),
    ("a robot i can talk to called Beep", "chatbot", {"name": "Beep"}),
    ("a pet frog called Gus", "pet", {"name": "Gus", "icon": "frog"}),
    ("tamagotchi", "pet", {"said": "Here is "}),
    ("a drawing app with mirror symmetry", "drawing", {"mirror": True}),
    ("paint program", "drawing", {}),
    ("calculate the area of a triangle", "calculator", {"formula": "a*b/2"}),
    ("pizza party calculator", "calculator", {"formula": "a*b/c"}),
    ("a calculator", "calculator", {"formula": "a+b"}),
    ("convert celsius to fahrenheit", "converter", {"units": ("°C", "°F")}),
    ("fahrenheit to celsius", "converter", {"units": ("°F", "°C")}),
    ("cm to inches", "converter", {"units": ("cm", "inches")}),
    ("kilometres to miles converter", "converter", {"units": ("km", "miles")}),
    ("memory game with animals", "memory", {"n": 6}),
    ("find the pairs: hot = cold, big = small, up = down", "memory", {"n": 3}),
    ("whack a mole", "arcade", {"game": "whack"}),
    ("a game where a cat catches fish", "arcade", {"game": "catch", "player": "cat"}),
    ("dodge the asteroids with 5 lives", "arcade", {"game": "dodge", "lives": 5}),
    ("a piano", "soundboard", {"board": "piano"}),
    ("drum kit", "soundboard", {"board": "drums"}),
    ("a poll about favourite food: pizza, pasta, soup", "poll", {"choices": ["pizza", "pasta", "soup"]}),
    ("class survey", "poll", {}),
    ("my secret diary", "journal", {}),
    ("plant growth log", "journal", {}),
    ("teach the computer to recognise cats and dogs", "classifier", {"labels": ["cats", "dogs"]}),
    ("translate english to french", "texttool", {"job": "translate"}),
    ("summarise a text", "texttool", {"job": "summarise"}),
    ("scoreboard for red team and blue team", "counter", {"counters": ["Red", "Blue"]}),
    ("count how many push ups i do", "counter", {"counters": ["Push Ups"]}),
    ("a water counter with a goal of 8", "counter", {"goal": 8}),
]


SLOTS = {
    "quiz_seconds": "seconds",
    "picks": "count",
    "board": "layout",
    "timer_mode": "mode",
}
SAME_NAME = frozenset(
    {
        *("seconds", "feedback", "resets", "style", "norepeat", "text", "name"),
        *("mirror", "formula", "game", "player", "lives", "job", "goal"),
    }
)
OF_THE_BLOCK: dict[str, Any] = {
    "ask": lambda main: main["questions"][0]["ask"],
    "right": lambda main: main["questions"][0]["right"],
    "first": lambda main: (main["cards"][0]["front"], main["cards"][0]["back"]),
    "units": lambda main: (main["pairs"][0]["frm"], main["pairs"][0]["to"]),
    "choices": lambda main: main["questions"][0]["options"],
    "labels": lambda main: [label["name"] for label in main["labels"]],
    "counters": lambda main: [counter["label"] for counter in main["counters"]],
}


def holds(name: str, wanted: Any, plan: Plan, kind: str) -> None:
    """Check one thing that a wish asked for."""
    blueprint = made(plan)
    main = next(block for block in blueprint.blocks if block.type == kind).model_dump(mode="json")
    app = {"title": blueprint.title, "language": blueprint.language, **blueprint.theme.model_dump()}
    if name in OF_THE_BLOCK:
        got = OF_THE_BLOCK[name](main)
        assert wanted in got if name == "ask" else got == wanted
    elif name in SLOTS or name in SAME_NAME:
        assert main[SLOTS.get(name, name)] == wanted
    elif name in app:
        assert app[name] == wanted
    else:
        SPECIAL[name](wanted, plan, blueprint, main)


def has_count(wanted: int, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert len(main[COUNTED[main["type"]]]) == wanted


def has_icon(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert wanted in (blueprint.icon, main.get("icon"))


def has_items(wanted: list[str], plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    name = COUNTED[main["type"]]
    assert main[name] == wanted
    assert {plan.origins[f"/blocks/0/{name}/{n}"] for n in range(len(wanted))} == {"typed"}


def has_facts(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    name = COUNTED[main["type"]]
    assert {plan.origins[f"/blocks/0/{name}/{n}"] for n in range(len(main[name]))} == {f"facts:{wanted}"}
    assert "write it here" not in str(main)


def has_placeholders(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert all(wanted.lower() in question["ask"].lower() for question in main["questions"])
    assert not any(origin.startswith("facts:") for origin in plan.origins.values())
    assert any("no facts" in str(said) for said in (plan.say, *plan.checks))


def has_rule(wanted: tuple[str, ...], plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    rules = [(rule.when.block, rule.when.event, rule.do.block, rule.do.action) for rule in blueprint.rules]
    assert wanted in rules


def is_said(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert str(plan.say).startswith(wanted)


def has_words(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert wanted in str(main)


def has_no_words(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert wanted not in str(main)


def has_layout(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert blueprint.layout == wanted
    assert "Each part has its own tab." in [str(said) for said in plan.changes]


def is_not_coloured(wanted: str, plan: Plan, blueprint: Blueprint, main: dict[str, Any]) -> None:
    assert blueprint.theme.palette not in ("fire", "ice")


SPECIAL: dict[str, Any] = {
    "n": has_count,
    "icon": has_icon,
    "items": has_items,
    "facts": has_facts,
    "placeholder": has_placeholders,
    "rule": has_rule,
    "said": is_said,
    "has": has_words,
    "lacks": has_no_words,
    "layout": has_layout,
    "look": is_not_coloured,
}


@pytest.mark.parametrize(("wish", "kinds", "wanted"), WISHES, ids=[row[0][:48] for row in WISHES])
def test_wish_becomes_the_app_that_was_asked_for(
    planner: StarterPlanner, wish: str, kinds: str, wanted: dict[str, Any]
) -> None:
    plan = planner.plan(wish)
    blueprint = made(plan)
    assert [block.type for block in blueprint.blocks] == kinds.split()
    main = next(kind for kind in kinds.split() if kind != "note" or kinds == "note")
    for name, value in wanted.items():
        holds(name, value, plan, main)


def test_rules_alone_keep_most_kinds_and_say_so(by_rules: StarterPlanner) -> None:
    right = 0
    for wish, kinds, _ in WISHES:
        plan = by_rules.plan(wish)
        assert any("key words alone" in str(said) for said in plan.checks), wish
        blocks = plan.blueprint.blocks if plan.blueprint else ()
        right += [block.type for block in blocks] == kinds.split()
    assert right >= 0.85 * len(WISHES)


def test_the_same_wish_and_seed_make_the_same_app(planner: StarterPlanner, facts: FactLibrary) -> None:
    other = StarterPlanner(facts, lambda: find_encoder(STAMPS))
    assert planner.plan("a quiz about planets", seed=3) == other.plan("a quiz about planets", seed=3)
    first, second = (made(planner.plan("a quiz about planets", seed=seed)).blocks[0] for seed in (1, 2))
    assert first != second


def test_questions_of_a_quiz_are_different_ones(planner: StarterPlanner) -> None:
    quiz = made(planner.plan("a quiz about planets with 10 questions")).blocks[0].model_dump()
    assert len({question["ask"] for question in quiz["questions"]}) == 10


def test_words_that_are_too_long_are_cut_at_a_word_and_said(planner: StarterPlanner) -> None:
    long = "a really long name that goes on and on until it cannot fit on any wheel"
    plan = planner.plan(f"a wheel: Ana, {long}, Ben")
    options = made(plan).blocks[0].model_dump()["options"]
    assert len(options[1]) <= 40
    assert long.startswith(options[1].rstrip("…"))
    assert any("too long" in str(said) for said in plan.checks)


def test_a_list_longer_than_a_part_holds_is_said(planner: StarterPlanner) -> None:
    names = [f"Name{n}" for n in range(30)]
    plan = planner.plan("a wheel: " + ", ".join(names))
    assert list(made(plan).blocks[0].model_dump()["options"]) == names[:24]
    assert any("first 24" in str(said) for said in plan.checks)


@pytest.mark.parametrize(
    "wish", ["make something cool", "do it", "app", "asdf qwer zxcv", "i am bored", "?!", "🦈🦈🦈", "a"]
)
def test_an_unclear_wish_gets_one_question_and_up_to_three_guesses(
    planner: StarterPlanner, wish: str
) -> None:
    plan = planner.plan(wish)
    assert plan.action == "clarify"
    assert plan.blueprint is None
    assert 1 <= len(plan.guesses) <= 3


def test_guesses_and_suggestions_are_wishes_that_work(planner: StarterPlanner) -> None:
    tapped = {
        guess
        for wish in ("dinosaurs", "sharks", "hello", "tamagotchi", "order me a pizza")
        for guess in planner.plan(wish).guesses
    }
    assert len(tapped) > 5
    for guess in tapped:
        assert planner.plan(guess).action == "create", guess


def test_every_guess_text_in_every_language_leads_to_its_kind(planner: StarterPlanner) -> None:
    for language in ("en", "es", "fr", "de"):
        for kind in KINDS:
            plan = planner.plan(wish_for(kind, Topic(), language))
            assert made(plan).blocks[0].type == kind, (language, kind)


def test_a_very_long_wish_is_read_in_part_and_said(planner: StarterPlanner) -> None:
    plan = planner.plan("a quiz about planets. " + "blah " * 20_000)
    assert any("very long" in str(said) for said in plan.checks)
    assert made(plan).blocks[0].type == "quiz"


def test_what_the_studio_can_do_is_answered(planner: StarterPlanner) -> None:
    assert planner.plan("what can you do?").action == "answer"
    assert planner.plan("undo").action == "answer"  # nothing is open


@pytest.mark.parametrize(
    ("wish", "pointers"),
    [
        ("a quiz about minecraft with 2 questions", "questions/0 questions/1"),
        ("a wheel that picks a name", "options/0 options/5"),
        ("packing list for the beach", "items/0 items/5"),
        ("flashcards about minecraft", "cards/0 cards/7"),
        ("an invitation to my party", "text"),
        ("a poll", "questions/0"),
        ("quiz: What is my cat called? Luna", "questions/0"),
        ("flashcards: apple, bread, milk", "cards/0 cards/2"),
        ("a wheel for dinner", "options/0"),
    ],
)
def test_what_the_planner_wrote_as_a_start_is_marked(
    planner: StarterPlanner, wish: str, pointers: str
) -> None:
    origins = planner.plan(wish).origins
    assert {origins.get(f"/blocks/0/{pointer}") for pointer in pointers.split()} == {"model:starter"}


@pytest.mark.parametrize("wish", ["flip a coin", "two dice", "a welcome page", "a wheel: Ana, Ben"])
def test_what_needs_no_look_is_not_marked(planner: StarterPlanner, wish: str) -> None:
    assert "model:starter" not in planner.plan(wish).origins.values()


COLOURS = {
    "purple": "space/light violett=space/light",
    "lavender": "pastel/light",
    "pink": "candy/light rosa=candy/light",
    "blue": "ice/light",
    "turquoise": "ocean/light",
    "navy": "ice/dark",
    "green": "forest/light",
    "lime": "jungle/dark",
    "red": "fire/light",
    "orange": "desert/light",
    "gold": "retro/dark",
    "brown": "desert/light",
    "beige": "desert/light",
    "black": "mono/dark",
    "white": "mono/light",
    "grey": "mono/light",
    "colourful": "rainbow/light",
}


@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_word_gives_a_look_that_people_call_so(planner: StarterPlanner, colour: str) -> None:
    for row in COLOURS[colour].split():
        word, _, look = row.rpartition("=")
        theme = made(planner.plan(f"a {word or colour} quiz about planets")).theme
        assert f"{theme.palette}/{theme.mode}" == look


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("ein quiz über planeten", "about planets"),
        ("planeten quiz", "about planets"),
        ("a quiz on the 7 times table", "about the 7 times table"),
        ("quiz: What is my cat called? Luna", "with 1 question."),
    ],
)
def test_what_is_said_is_english_and_counts_well(planner: StarterPlanner, wish: str, words: str) -> None:
    assert words in str(planner.plan(wish).say)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("8 flashcards about capitals", "8 cards"),
        ("a quiz about sharks", "5 questions"),
        ("a wheel: A, B", "2"),
    ],
)
def test_a_number_is_not_told_twice(planner: StarterPlanner, wish: str, said: str) -> None:
    plan = planner.plan(wish)
    assert plan.changes
    assert not any(str(change).startswith(said) for change in plan.changes)


def test_a_length_of_time_is_told_in_minutes(planner: StarterPlanner) -> None:
    assert "The timer lasts 7 minutes" in [str(one) for one in planner.plan("a timer for 7 minutes").changes]


@pytest.mark.parametrize("wish", ["hello", "Hi there!", "hallo", "good morning"])
def test_a_greeting_gets_a_friendly_answer_and_ideas(planner: StarterPlanner, wish: str) -> None:
    plan = planner.plan(wish)
    assert (plan.action, len(plan.guesses)) == ("answer", 3)
    assert "Hello" in str(plan.say)


def test_thanks_get_a_friendly_answer(planner: StarterPlanner) -> None:
    assert str(planner.plan("ok, thank you so much!").say).startswith("You are welcome")
    assert planner.plan("a thank you note for Grandma").action == "create"


def test_guesses_for_an_unclear_wish_work(planner: StarterPlanner) -> None:
    for wish in ("dinosaurs", "do it", "something fun", "dragons", "order me a pizza", "hack roblox"):
        for guess in planner.plan(wish).guesses:
            assert made(planner.plan(guess)), guess


@pytest.mark.parametrize("wish", ["a story about a dragon", "a spooky story", "a space story"])
def test_a_story_says_how_many_ends_it_has(planner: StarterPlanner, wish: str) -> None:
    plan = planner.plan(wish)
    assert plan.blueprint is not None
    ends = sum(not page.choices for page in plan.blueprint.blocks[0].pages)
    assert any(f" {ends} ends" in str(check) for check in plan.checks)
