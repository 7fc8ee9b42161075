"""Edits of how much: questions and cards, seconds, and the switches of a part."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from studio.blueprints.facts import FactPack
from studio.blueprints.words.slots import slot_sentence
from studio.builder.starter.edits.blocks import REMOVE
from studio.builder.starter.edits.state import LIST_OF, Clause, State, already
from studio.builder.starter.edits.targets import ITEM_WORDS, find_part
from studio.builder.starter.recipes.learn import known_cards, known_questions
from studio.builder.starter.recipes.part import Part, Slots
from studio.builder.starter.recipes.tools import TOO_LONG
from studio.builder.starter.slots import find_count, find_seconds, says_each
from studio.builder.starter.topics import Topic
from studio.builder.starter.vocabulary import number_of
from studio.builder.starter.wish import Wish
from studio.phrases import Phrase, phrase

_MORE = re.compile(r"\b(?:more|extra|another|additional|mas|plus de|encore|mehr|weitere|noch)\b")
_FEWER = re.compile(r"\b(?:fewer|less|menos|moins|weniger)\b|\btoo many\b")
_ONLY = re.compile(
    r"\b(?:only|just|exactly|solo|seulement|nur|make it|have|with|set to|i want|should be|reduce (?:it "
    r")?to|cut (?:it )?(?:down )?to|down to|up to|instead)\b"
)
_GROWING = ("quiz", "flashcards")
_SWITCHES: tuple[tuple[str, str, str, Any, Phrase], ...] = (
    (
        "quiz",
        r"\b(?:don'?t|do not|no|stop|without|turn off|unshuffle|not) (?:the )?(?:shuffl\w+|mix\w*|random\w*)|"
        r"\bsame order\b|\bin order\b|\bkeep the order\b|nicht mischen",
        "shuffle",
        False,
        phrase("The questions keep their order."),
    ),
    (
        "quiz",
        r"\bshuffle\b|\bmix (?:up|the|them)|\brandom order\b|\bmezcla\b|\bmelange\b|\bmische?n?\b",
        "shuffle",
        True,
        phrase("The questions come in a new order each time."),
    ),
    (
        "quiz",
        r"\b(?:answers?|feedback|results?)\b.{0,24}\b(?:at|in) the end\b|\bonly (?:show|tell)\b.{0,24}\bat "
        r"the end\b|al final\b|a la fin\b|am ende\b",
        "feedback",
        "end",
        phrase("The answers are shown at the end."),
    ),
    (
        "quiz",
        r"\b(?:don'?t|do not|never|no)\b.{0,12}\b(?:show|tell|feedback|reveal)\b.{0,24}\b(?:answers?|"
        r"feedback)?",
        "feedback",
        "none",
        phrase("The answers are not shown."),
    ),
    (
        "quiz",
        r"\b(?:right away|straight away|instant(?:ly)?|immediately|after each question|at once)\b",
        "feedback",
        "instant",
        phrase("The answer is shown at once."),
    ),
    (
        "quiz",
        r"\b(?:no|remove|without|turn off|take away) (?:the )?(?:time limit|time|clock|seconds)\b|\bas much "
        r"time\b|\bunlimited time\b",
        "seconds",
        0,
        phrase("There is no time limit."),
    ),
    (
        "flashcards",
        r"\b(?:don'?t|do not|no|stop|without|not) (?:the )?(?:shuffl\w+|mix\w*|random\w*)|\bsame order\b|\bin "
        r"order\b|\bkeep the order\b",
        "order",
        "given",
        phrase("The cards keep their order."),
    ),
    (
        "flashcards",
        r"\bshuffle\b|\bmix (?:up|the|them)|\brandom order\b",
        "order",
        "shuffle",
        phrase("The cards come in a new order each time."),
    ),
    ("timer", r"\bstop ?watch\b", "mode", "stopwatch", phrase("The timer is a stopwatch now.")),
    ("timer", r"\bcount(?:s|ing)? ?down\b", "mode", "countdown", phrase("The timer counts down now.")),
    ("timer", r"\bpomodoro\b|\bwith breaks\b", "mode", "pomodoro", phrase("The timer has breaks now.")),
    (
        "timer",
        r"\b(?:no sound|silent|mute|without sound|quiet)\b",
        "sound",
        "none",
        phrase("The timer is silent."),
    ),
    ("timer", r"\bdrum\b", "sound", "drum", phrase("The timer drums at the end.")),
    ("timer", r"\bbeep\b", "sound", "beep", phrase("The timer beeps at the end.")),
    ("timer", r"\bbell\b", "sound", "bell", phrase("The timer rings at the end.")),
    (
        "checklist",
        r"\b(?:reset|start (?:again|new|fresh)|new)\b.{0,16}\b(?:every day|daily|each day)\b|\bdaily\b",
        "resets",
        "daily",
        phrase("The list starts new every day."),
    ),
    ("checklist", r"\bnever reset|don'?t reset\b", "resets", "never", phrase("The list keeps its ticks.")),
    ("checklist", r"\bstars\b(?!.*background)", "progress", "stars", phrase("The list counts in stars.")),
    (
        "picker",
        r"\b(?:no repeats?|without repeats?|not (?:the same )?twice|don'?t repeat|only once)\b",
        "norepeat",
        True,
        phrase("Nothing is picked twice."),
    ),
    (
        "picker",
        r"\b(?:to|into|be|as|use|a) (?:a |the )?wheel\b",
        "style",
        "wheel",
        phrase("It is a wheel now."),
    ),
    (
        "picker",
        r"\b(?:to|into|be|as|use|draw) (?:a |the )?cards\b",
        "style",
        "cards",
        phrase("It is a stack of cards now."),
    ),
    (
        "picker",
        r"\b(?:to|into|be|as|use|a) (?:a |the )?slot machine\b",
        "style",
        "slot",
        phrase("It is a slot machine now."),
    ),
    ("arcade", r"\b(?:faster|harder|speed it up)\b", "speed", "fast", phrase("The game is faster.")),
    ("arcade", r"\b(?:slower|easier|slow it down)\b", "speed", "slow", phrase("The game is slower.")),
)


def switches(said: Clause, state: State) -> bool:
    """Turn a switch of a part, or choose another way for it to work."""
    if re.search(r"\b(?:when|whenever|if|every time|each time|wenn|cuando|quand)\b", said.plain):
        return False  # "play a bell when ..." is a rule
    named = find_part(said.plain, state)
    for kind, signs, name, value, words in _SWITCHES:
        if not re.search(signs, said.plain):
            continue
        places = (
            [named]
            if named is not None and state.kinds[named] == kind
            else [p for p, own in enumerate(state.kinds) if own == kind]
        )
        if not places or (named is not None and state.kinds[named] != kind):
            continue
        if state.block(places[0])[name] == value:
            return already(state)
        return state.do(words, op="set_field", at=f"b{places[0] + 1}", field=name, value=value)
    return False


def hints(said: Clause, state: State) -> bool:
    """Take out hints; new ones are written by hand, since none are made up."""
    if (
        not re.search(r"\bhints?\b|\bclues?\b|\bpistas?\b|\bindices?\b|\btipps?\b", said.plain)
        or "quiz" not in state.kinds
    ):
        return False
    place = state.kinds.index("quiz")
    block = state.block(place)
    if REMOVE.search(said.plain) or re.search(r"\bno\b", said.plain):
        if not any(question["hint"] for question in block["questions"]):
            return already(state)
        block["questions"] = [{**question, "hint": ""} for question in block["questions"]]
        return state.do(phrase("The hints are gone."), op="replace_block", at=f"b{place + 1}", block=block)
    block["questions"] = [
        {**question, "hint": question["hint"] or _first_letter(question["right"])}
        for question in block["questions"]
    ]
    state.checks.append(phrase("Each hint is the first letter of the answer. Write better ones by hand."))
    return state.do(
        phrase("The questions have hints now."), op="replace_block", at=f"b{place + 1}", block=block
    )


def seconds(said: Clause, state: State) -> bool:
    """Change how long a timer runs, or how long there is for a question."""
    value = find_seconds(said.plain)
    if value is None:
        return _faster(said, state)
    timer = next((place for place, kind in enumerate(state.kinds) if kind == "timer"), None)
    quiz = next((place for place, kind in enumerate(state.kinds) if kind == "quiz"), None)
    if quiz is not None and (
        says_each(said.plain)
        or (timer is None and re.search(r"\bquestions?|time|each|answer|limit|seconds?\b", said.plain))
        or re.search(r"\bquiz\b", said.plain)
    ):
        return _set_seconds(state, quiz, value, 120)
    if timer is not None:
        return _set_seconds(state, timer, value, 7200)
    arcade = next((place for place, kind in enumerate(state.kinds) if kind == "arcade"), None)
    return _set_seconds(state, arcade, value, 300) if arcade is not None else False


def count(said: Clause, state: State) -> bool:
    """Have more or fewer questions or cards; true ones from the same facts where they come from there."""
    place = _growing_part(said.plain, state)
    if place is None:
        return False
    kind, now = state.kinds[place], len(state.items(place))
    number = find_count(said.plain) or _bare_number(said.plain)
    wanted = _wanted(said.plain, now, number, kind)
    if wanted is None:
        return False
    most = {"quiz": 20, "flashcards": 40}[kind]
    if not 1 <= wanted <= most:
        state.checks.append(phrase("There can be 1 to {most} here.", most=most))
    wanted = max(1, min(most, wanted))
    if wanted == now:
        return already(state)
    return _fewer(state, place, wanted) if wanted < now else more(state, place, wanted - now)


def more(state: State, place: int, extra: int) -> bool:
    """Add items to a quiz or a stack of cards."""
    kind, items = state.kinds[place], state.items(place)
    slots = same_slots(state, place)
    name, key = LIST_OF[kind]
    make = known_questions if kind == "quiz" else known_cards
    part = Part({})
    made = make(slots, extra, part, avoid=tuple(str(item[key]) for item in items))
    if (kind == "quiz" and slots.topic.pack is None) or part.empty:
        made = _renumbered(made, len(items), part.facts, slots, kind)
    state.checks.extend(part.checks)
    block = {**state.block(place), name: [*items, *made]}
    words = (
        phrase("There are {count} more questions.", count=extra)
        if kind == "quiz"
        else phrase("There are {count} more cards.", count=extra)
    )
    if extra == 1:
        words = phrase("There is one more question.") if kind == "quiz" else phrase("There is one more card.")
    if len(made) <= 3:
        for offset, item in enumerate(made, 1):
            state.do(op="add_item", at=f"b{place + 1}", list=name, index=len(items) + offset, item=item)
        state.changes.append(words)
    else:
        state.do(words, op="replace_block", at=f"b{place + 1}", block=block)
    for path, origin in part.origins.items():
        state.origins[f"/blocks/{place}/{name}/{len(items) + int(path.split('/')[1])}"] = origin
    return True


def same_slots(state: State, place: int) -> Slots:
    """Return slots for more of the same: the topic and the facts that a part has its items from."""
    kind, block = state.kinds[place], state.block(place)
    pack = source_of(state, place)
    named = re.sub(
        r"(?i)\b(?:quiz|cards|flashcards|test|trivia|questions?|the|my)\b", " ", f"{state.blueprint.title}"
    )
    topic = Topic(" ".join(named.split()) or str(block["title"]), pack)
    wish = Wish(text="", plain=kind, language=state.language)
    return Slots(wish=wish, language=state.language, topic=topic, seed=state.seed)


def source_of(state: State, place: int) -> FactPack | None:
    """Return the pack that the items of a part come from: the one that its titles name."""
    block = state.block(place)
    for words in (state.blueprint.title, str(block["title"]), state.blueprint.about):
        pack = state.facts.find(words) if words else None
        if pack is not None:
            return pack
    return None


def _renumbered(
    made: list[dict[str, Any]], before: int, known: int, slots: Slots, kind: str
) -> list[dict[str, Any]]:
    """Return the places to write with numbers that go on from those before them."""
    from_facts, empty = made[:known], made[known:]
    part = Part({})
    bare = dataclasses.replace(slots, topic=Topic(slots.topic.words))
    make = known_questions if kind == "quiz" else known_cards
    again = make(bare, before + known + len(empty), part)
    return [*from_facts, *again[before + known :]]


def _fewer(state: State, place: int, wanted: int) -> bool:
    kind = state.kinds[place]
    name = LIST_OF[kind][0]
    items = state.items(place)
    gone = len(items) - wanted
    words = (
        phrase("There are {count} questions now.", count=wanted)
        if kind == "quiz"
        else phrase("There are {count} cards now.", count=wanted)
    )
    if gone <= 3:
        for number in range(len(items), wanted, -1):
            state.do(op="remove_item", at=f"b{place + 1}", list=name, index=number)
        state.changes.append(words)
        return True
    return state.do(
        words, op="replace_block", at=f"b{place + 1}", block={**state.block(place), name: items[:wanted]}
    )


def _growing_part(words: str, state: State) -> int | None:
    for place, kind in enumerate(state.kinds):
        if kind in _GROWING and re.search(rf"\b(?:{ITEM_WORDS[kind]})\b", words):
            return place
    growing = [place for place, kind in enumerate(state.kinds) if kind in _GROWING]
    bare = re.search(
        r"^(?:please |make it |add )?(?:\d+ |\w+ )?(?:the |my |this )?(?:quiz |cards |it )?(?:more|less|"
        r"fewer|longer|shorter)(?: please)?$",
        words,
    )
    return growing[0] if growing and bare else None


def _wanted(words: str, now: int, number: int | None, kind: str) -> int | None:
    """Return how many there should be, or None when the clause is about something else."""
    if re.search(r"\blonger\b", words):
        return now + 5
    if re.search(r"\bshorter\b", words):
        return max(1, now - 2)
    whole = re.search(r"\b(?:like|up to|until|to|total of) (\d{1,2})\b", words)
    if whole and number is None:
        return int(whole[1])
    if _MORE.search(words) or (re.search(r"\b(?:add|anade|ajoute|fuge)\b", words) and number):
        single = re.search(
            rf"\b(?:another|one more|una mas|encore une|noch eine) (?:{ITEM_WORDS[kind]})", words
        )
        return now + (number or (1 if single else 3))
    if _FEWER.search(words):
        return max(1, now - number) if number else max(1, now - 2)
    if number is None or re.search(r"\b(?:number|question|card) \d", words):
        return None
    if REMOVE.search(words):
        return max(1, now - number)
    return number if _ONLY.search(words) or re.match(r"\d+ ", words) else None


def _bare_number(words: str) -> int | None:
    match = re.search(r"\b(\d{1,2}|[a-z]+) (?:more|extra|fewer|less|mas|mehr)\b", words)
    return number_of(match[1]) if match else None


def _faster(said: Clause, state: State) -> bool:
    """Give more or less time when a clause says so without a number."""
    if not re.search(
        r"\b(?:more|less|extra) time\b|\b(?:timer|clock)\b.*\b(?:longer|shorter)\b|\b(?:longer|shorter)\b.*\btimer\b",
        said.plain,
    ):
        return False
    longer = bool(re.search(r"\b(?:more|extra|longer)\b", said.plain))
    for place, kind in enumerate(state.kinds):
        value = state.block(place).get("seconds", 0) if kind in ("timer", "quiz") else 0
        if value:
            new = value * 2 if longer else max(5, value // 2)
            return _set_seconds(state, place, new, 7200 if kind == "timer" else 120)
    return False


def _set_seconds(state: State, place: int, value: int, most: int) -> bool:
    if value > most:
        long = state.kinds[place] == "timer"
        state.checks.append(TOO_LONG if long else phrase("It can be {most} seconds at most.", most=most))
    value = max(1, min(most, value))
    block = state.block(place)
    if block["seconds"] == value and block.get("mode") != "stopwatch":
        return already(state)
    if block.get("mode") == "stopwatch":
        state.do(op="set_field", at=f"b{place + 1}", field="mode", value="countdown")
    kind = str(block["type"])
    words = slot_sentence(kind, "seconds", value)
    return state.do(words, op="set_field", at=f"b{place + 1}", field="seconds", value=value)


def _first_letter(answer: str) -> str:
    return f"{answer[:1]}…"
