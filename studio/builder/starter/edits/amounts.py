"""Edits of how much: questions and cards, seconds, and the switches of a part."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from studio.blueprints.facts import FactPack
from studio.blueprints.words.slots import slot_sentence
from studio.builder.starter import patterns
from studio.builder.starter.edits.blocks import REMOVE
from studio.builder.starter.edits.state import LIST_OF, Clause, State, already
from studio.builder.starter.edits.targets import ITEM_WORDS, find_part
from studio.builder.starter.recipes.learn import known_cards, known_questions
from studio.builder.starter.recipes.part import Part, Slots
from studio.builder.starter.recipes.tools import TOO_LONG
from studio.builder.starter.slots import find_count, find_seconds, says_each
from studio.builder.starter.topics import Topic
from studio.builder.starter.vocabulary import number_of, plain, read
from studio.builder.starter.wish import Wish
from studio.phrases import Phrase, phrase

_MORE = patterns.lazy(r"\b(?:more|extra|another|additional|mas|plus de|encore|mehr|weitere|noch)\b")
_FEWER = patterns.lazy(r"\b(?:fewer|less|menos|moins|weniger)\b|\btoo many\b")
_ONLY = patterns.lazy(
    r"\b(?:only|just|exactly|solo|seulement|nur|make it|have|with|set to|i want|i need|we need|"
    r"give (?:me|us)|should be|reduce (?:it "
    r")?to|cut (?:it )?(?:down )?to|down to|up to|instead)\b"
)
_MOST = {"quiz": 20, "flashcards": 40, "memory": 12}
_LEAST = {"quiz": 1, "flashcards": 1, "memory": 2}
_GROWING = tuple(_MOST)
_LONGEST = {
    ("quiz", "seconds"): 120,
    ("timer", "seconds"): 7200,
    ("timer", "rest"): 1800,
    ("arcade", "seconds"): 300,
    ("memory", "peek"): 10,
}
_MORE_OF: Mapping[str, Phrase] = {
    "quiz": phrase("There are {count} more questions."),
    "flashcards": phrase("There are {count} more cards."),
    "memory": phrase("There are {count} more pairs."),
}
_ONE_MORE: Mapping[str, Phrase] = {
    "quiz": phrase("There is one more question."),
    "flashcards": phrase("There is one more card."),
    "memory": phrase("There is one more pair."),
}
_LEFT: Mapping[str, Phrase] = {
    "quiz": phrase("There are {count} questions now."),
    "flashcards": phrase("There are {count} cards now."),
    "memory": phrase("There are {count} pairs now."),
}


def hints(said: Clause, state: State) -> bool:
    """Take out hints; new ones are written by hand, since none are made up."""
    if (
        not patterns.search(r"\bhints?\b|\bclues?\b|\bpistas?\b|\bindices?\b|\btipps?\b", said.plain)
        or "quiz" not in state.kinds
    ):
        return False
    place = state.kinds.index("quiz")
    block = state.block(place)
    if REMOVE.search(said.plain) or patterns.search(r"\bno\b", said.plain):
        if not any(question["hint"] for question in block["questions"]):
            return already(state)
        block["questions"] = [{**question, "hint": ""} for question in block["questions"]]
        return state.do(phrase("The hints are gone."), op="replace_block", at=f"b{place + 1}", block=block)
    return first_letters(state, place) or already(state)


def first_letters(state: State, place: int) -> bool:
    """Give each question without a hint the first letter of its answer; False when all have one."""
    block = state.block(place)
    if all(question["hint"] for question in block["questions"]):
        return False
    block["questions"] = [
        {**question, "hint": question["hint"] or f"{question['right'][:1]}…"}
        for question in block["questions"]
    ]
    state.checks.append(phrase("Each hint is the first letter of the answer. Write better ones by hand."))
    return state.do(
        phrase("The questions have hints now."), op="replace_block", at=f"b{place + 1}", block=block
    )


_TOO = patterns.lazy(r"\btoo (?:long|short|much|little|slow|fast)\b")


def seconds(said: Clause, state: State) -> bool:
    """Change how long something lasts: a timer, a break, a peek, a game, the time for a question."""
    value = find_seconds(said.plain) or _bare_minutes(said.plain, state)
    if value is None:
        return _faster(said, state)
    if _TOO.search(said.plain):  # "25 minutes is too long" names what is there
        return _faster(said, state)
    for place, slot in _lengths(said.plain, state):
        return _set_seconds(state, place, value, slot)
    return False


def _bare_minutes(words: str, state: State) -> int | None:
    """Return the length in "make it 15", said to a timer that runs for whole minutes."""
    match = patterns.fullmatch(
        r"(?:please |can you )?(?:make|set|put) (?:it|the timer)(?: to| at)? (\d{1,3})(?: please)?",
        words.strip(" .!"),
    )
    timers = [state.block(place) for place, kind in enumerate(state.kinds) if kind == "timer"]
    if match is None or len(timers) != 1 or timers[0]["seconds"] < 60 or timers[0]["seconds"] % 60:
        return None
    return int(match[1]) * 60


def _lengths(words: str, state: State) -> Iterator[tuple[int, str]]:
    """Yield the slots that a length of time may be meant for, likeliest first."""
    table: Mapping[str, Mapping[str, str]] = read("edits.json")["lengths"]
    for place, kind in enumerate(state.kinds):
        for slot, signs in table.get(kind, {}).items():
            if patterns.search(signs, words):
                yield place, slot
    places = {kind: state.kinds.index(kind) for kind in ("quiz", "timer", "arcade") if kind in state.kinds}
    named = find_part(words, state)
    if named is not None and state.kinds[named] in places and not says_each(words):
        yield named, "seconds"
    quiz = says_each(words) or (
        "timer" not in places and patterns.search(r"\bquestions?|time|each|answer|limit|seconds?\b", words)
    )
    if "quiz" in places and quiz:
        yield places["quiz"], "seconds"
    for kind in ("timer", "arcade"):
        if kind in places:
            yield places[kind], "seconds"


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
    least, most = _LEAST[kind], _MOST[kind]
    if not least <= wanted <= most:
        state.checks.append(phrase("There can be {least} to {most} here.", least=least, most=most))
    wanted = max(least, min(most, wanted))
    if wanted == now:
        return already(state)
    return fewer(state, place, wanted) if wanted < now else more(state, place, wanted - now)


def more(state: State, place: int, extra: int) -> bool:
    """Add items to a quiz, a stack of cards or a game of pairs."""
    kind, items = state.kinds[place], state.items(place)
    slots = same_slots(state, place)
    name, key = LIST_OF[kind]
    part = Part({})
    made = _MAKE[kind](slots, extra, part, tuple(str(item[key]) for item in items))
    if not made:
        state.checks.append(phrase("I know no more facts about this. Tell me what to add."))
        return True
    if kind != "memory" and ((kind == "quiz" and slots.topic.pack is None) or part.empty):
        made = _renumbered(made, len(items), part.facts, slots, kind)
    state.checks.extend(part.checks)
    block = {**state.block(place), name: [*items, *made]}
    words = _ONE_MORE[kind] if len(made) == 1 else phrase(_MORE_OF[kind].template, count=len(made))
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
    named = patterns.sub(
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


def fewer(state: State, place: int, wanted: int) -> bool:
    """Take items off the end until there are `wanted`."""
    kind = state.kinds[place]
    name = LIST_OF[kind][0]
    items = state.items(place)
    gone = len(items) - wanted
    words = phrase(_LEFT[kind].template, count=wanted)
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
        if kind in _GROWING and patterns.search(rf"\b(?:{ITEM_WORDS[kind]})\b", words):
            return place
    growing = [place for place, kind in enumerate(state.kinds) if kind in _GROWING]
    bare = patterns.search(
        r"^(?:please |make it |add )?(?:\d+ |\w+ )?(?:the |my |this )?(?:quiz |cards |it )?(?:more|less|"
        r"fewer|longer|shorter)(?: please)?$",
        words,
    )
    return growing[0] if growing and bare else None


def _wanted(words: str, now: int, number: int | None, kind: str) -> int | None:
    """Return how many there should be, or None when the clause is about something else."""
    if patterns.search(r"\blonger\b", words):
        return now + 5
    if patterns.search(r"\bshorter\b", words):
        return max(1, now - 2)
    whole = patterns.search(r"\b(?:like|up to|until|to|only|just|total of) (\d{1,2})\b", words)
    if whole and number is None:
        return int(whole[1])
    if _MORE.search(words) or (patterns.search(r"\b(?:add|anade|ajoute|fuge)\b", words) and number):
        single = patterns.search(
            rf"\b(?:another|one more|una mas|encore une|noch eine) (?:{ITEM_WORDS[kind]})", words
        )
        return now + (number or (1 if single else 3))
    if _FEWER.search(words):
        return max(1, now - number) if number else max(1, now - 2)
    if number is None or patterns.search(r"\b(?:number|question|card) \d", words):
        return None
    if REMOVE.search(words):
        return max(1, now - number)
    alone = patterns.match(r"\d+ |[a-z]+ (?:questions?|cards?|pairs?)(?: please)?$", words)
    return number if _ONLY.search(words) or alone else None


def _bare_number(words: str) -> int | None:
    match = patterns.search(r"\b(\d{1,2}|[a-z]+) (?:more|extra|fewer|less|mas|mehr)\b", words)
    return number_of(match[1]) if match else None


def _faster(said: Clause, state: State) -> bool:
    """Give more or less time when a clause says so without a number."""
    if not patterns.search(
        r"\b(?:more|less|extra) time\b|\b(?:timer|clock)\b.*\b(?:longer|shorter)\b|\b(?:longer|"
        r"shorter)\b.*\btimer\b|\btoo (?:long|short)\b",
        said.plain,
    ):
        return False
    longer = bool(patterns.search(r"\b(?:more|extra|longer|too short)\b", said.plain))
    for place, kind in enumerate(state.kinds):
        value = state.block(place).get("seconds", 0) if kind in ("timer", "quiz") else 0
        if value:
            new = value * 2 if longer else max(5, value // 2)
            return _set_seconds(state, place, new)
    return False


def _set_seconds(state: State, place: int, value: int, slot: str = "seconds") -> bool:
    kind = state.kinds[place]
    most = _LONGEST[kind, slot]
    if value > most:
        long = (kind, slot) == ("timer", "seconds")
        state.checks.append(TOO_LONG if long else phrase("It can be {most} seconds at most.", most=most))
    value = max(1, min(most, value))
    block = state.block(place)
    stopped = slot == "seconds" and block.get("mode") == "stopwatch"
    if block[slot] == value and not stopped:
        return already(state)
    if stopped:
        state.do(op="set_field", at=f"b{place + 1}", field="mode", value="countdown")
    words = slot_sentence(kind, slot, value)
    return state.do(words, op="set_field", at=f"b{place + 1}", field=slot, value=value)


def _known_pairs(slots: Slots, count: int, part: Part, avoid: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return true pairs that are not there yet, at most `count`; none are made up."""
    pack = slots.topic.pack
    taken = {plain(word) for word in avoid}
    found = [pair for pair in pack.pairs(40, slots.seed) if plain(pair.a) not in taken] if pack else []
    made = [pair.model_dump(mode="json") for pair in found[:count]]
    if pack:
        part.origins.update({f"pairs/{number}": pack.origin for number in range(len(made))})
    return made


_MAKE: Mapping[str, Callable[[Slots, int, Part, tuple[str, ...]], list[dict[str, Any]]]] = {
    "quiz": lambda slots, count, part, avoid: known_questions(slots, count, part, avoid=avoid),
    "flashcards": lambda slots, count, part, avoid: known_cards(slots, count, part, avoid=avoid),
    "memory": _known_pairs,
}
