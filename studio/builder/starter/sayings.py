"""What the starter planner says about a new app; one whole sentence each, so that all can be translated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studio.blueprints import Blueprint, describe_changes
from studio.blueprints.names import KINDS as BLOCK_KINDS
from studio.blueprints.words.lists import how_many
from studio.builder.starter.recipes.part import Slots
from studio.builder.starter.topics import Topic
from studio.builder.starter.vocabulary import fit, text
from studio.phrases import Phrase, phrase

PLAYABLE = frozenset({"quiz", "flashcards", "timer", "checklist", "picker", "note"})
"""The kinds that the runtime plays; others show a friendly card until they come."""

NO_ENCODER = phrase("I went by key words alone: the part that helps me understand wishes is not installed.")
LONG_WISH = phrase("That was a very long wish. I read the first part of it.")
ENGLISH_BEST = phrase(
    "I understand English best, and some Spanish, French and German. Try it in one of these."
)
TABS = phrase("Each part has its own tab.")
HELLO = phrase("Hello! Tell me what you want to make, and I make it.")
HELLO_AGAIN = phrase("Hello! Tell me what to change in your app, and I change it.")
WELCOME = phrase("You are welcome! It was fun to make.")
_TABLE = re.compile(r"\d+ times table", re.IGNORECASE)
_PROPER = re.compile(r"^(?:Spanish|French|German|English|Earth|Mars|Moon)\b")
WHAT = phrase("What do you want to make? Say it in a few words, or tap one of these.")
WHICH = phrase("I am not sure what you mean. Is it one of these?")

_LATER: Mapping[str, Phrase] = {
    "story": phrase("The story part will come to life in a later version."),
    "chatbot": phrase("The chatbot part will come to life in a later version."),
    "pet": phrase("The pet part will come to life in a later version."),
    "drawing": phrase("The drawing part will come to life in a later version."),
    "calculator": phrase("The calculator part will come to life in a later version."),
    "converter": phrase("The converter part will come to life in a later version."),
    "memory": phrase("The memory part will come to life in a later version."),
    "arcade": phrase("The arcade part will come to life in a later version."),
    "soundboard": phrase("The sound board part will come to life in a later version."),
    "poll": phrase("The poll part will come to life in a later version."),
    "journal": phrase("The diary part will come to life in a later version."),
    "classifier": phrase("The guesser part will come to life in a later version."),
    "texttool": phrase("The word helper part will come to life in a later version."),
    "counter": phrase("The counter part will come to life in a later version."),
}
_MADE: Mapping[str, str] = {
    "quiz": "Here is your quiz with {count} questions.",
    "flashcards": "Here are your {count} cards.",
    "timer": "Here is your timer.",
    "checklist": "Here is your list with {count} things.",
    "picker": "Here is your picker with {count} choices.",
    "note": "Here is your page.",
}
_LISTS = {
    "quiz": "questions",
    "flashcards": "cards",
    "checklist": "items",
    "picker": "options",
}
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "story": ("quiz", "note", "picker"),
    "chatbot": ("quiz", "flashcards", "note"),
    "pet": ("checklist", "quiz", "timer"),
    "drawing": ("picker", "timer", "note"),
    "calculator": ("quiz", "flashcards", "timer"),
    "converter": ("flashcards", "quiz", "note"),
    "memory": ("flashcards", "quiz", "picker"),
    "arcade": ("quiz", "picker", "timer"),
    "soundboard": ("timer", "picker", "quiz"),
    "poll": ("picker", "checklist", "note"),
    "journal": ("checklist", "note", "timer"),
    "classifier": ("quiz", "flashcards", "picker"),
    "texttool": ("flashcards", "quiz", "timer"),
    "counter": ("checklist", "timer", "picker"),
}
"""For a kind that does not play yet, kinds that do, best first."""


_MADE_ONE: Mapping[str, Phrase] = {
    "quiz": phrase("Here is your quiz with 1 question."),
    "flashcards": phrase("Here is your card."),
    "checklist": phrase("Here is your list with 1 thing."),
}
PLACE: Mapping[str, Phrase] = {
    "story": phrase("I kept a place for your story. Stories come to life in a later version."),
    "chatbot": phrase("I kept a place for your chat friend. Chat friends come to life in a later version."),
    "pet": phrase("I kept a place for your pet. Pets come to life in a later version."),
    "drawing": phrase("I kept a place for your drawing pad. Drawing pads come to life in a later version."),
    "calculator": phrase("I kept a place for your calculator. Calculators come to life in a later version."),
    "converter": phrase("I kept a place for your converter. Converters come to life in a later version."),
    "memory": phrase("I kept a place for your memory game. Memory games come to life in a later version."),
    "arcade": phrase("I kept a place for your game. Games come to life in a later version."),
    "soundboard": phrase(
        "I kept a place for your sound board. Sound boards come to life in a later version."
    ),
    "poll": phrase("I kept a place for your poll. Polls come to life in a later version."),
    "journal": phrase("I kept a place for your diary. Diaries come to life in a later version."),
    "classifier": phrase("I kept a place for your guesser. Guessers come to life in a later version."),
    "texttool": phrase("I kept a place for your word helper. Word helpers come to life in a later version."),
    "counter": phrase("I kept a place for your counter. Counters come to life in a later version."),
}


def made(block: Mapping[str, Any], slots: Slots, facts: int) -> Phrase:
    """Return what to say about a new app, by its main block."""
    kind = str(block["type"])
    count = len(block.get(_LISTS.get(kind, ""), ()))
    if kind == "quiz" and facts and facts == count:
        topic = topic_name(slots.topic)
        return phrase(
            "Here is your quiz with {count} true questions about {topic}.", count=count, topic=topic
        )
    if kind == "quiz" and not facts and not slots.given.asked and not slots.given.pairs:
        return phrase(
            "Here is your quiz. I have no facts about this, so you write the {count} questions.", count=count
        )
    if kind in PLACE:
        return PLACE[kind]
    if count == 1 and kind in _MADE_ONE:
        return _MADE_ONE[kind]
    template = _MADE[kind]
    return phrase(template, count=count) if "{count}" in template else phrase(template)


def later(kinds: tuple[str, ...]) -> list[Phrase]:
    """Return, for each kind that the runtime does not play yet, the sentence that says so."""
    return [_LATER[kind] for kind in dict.fromkeys(kinds) if kind in _LATER]


def instead(kind: str, topic: Topic, language: str) -> tuple[str, ...]:
    """Return wishes that play now, for a kind that does not."""
    return tuple(wish_for(other, topic, language) for other in _INSTEAD.get(kind, ()))


def besides(say: Phrase, blueprint: Blueprint, main: str) -> tuple[Phrase, ...]:
    """Return what was made beside what `say` tells already: never the number of things twice."""
    name = BLOCK_KINDS[main].lists
    counted = (
        [how_many(main, name, len(getattr(block, name))) for block in blueprint.blocks if block.type == main]
        if name and "count" in say.values
        else []
    )
    told = [words for words in describe_changes(None, blueprint) if words not in counted[:1]]
    return (*told, TABS) if blueprint.layout == "tabs" else tuple(told)


def topic_name(topic: Topic) -> str:
    """Return what an app is about, in English: a pack goes by its own name ("planets" for "Planeten")."""
    if topic.pack is None:
        return topic.words
    title = str(topic.pack.title)
    if _TABLE.fullmatch(title):
        return f"the {title}"
    return title if _PROPER.search(title) else title[:1].lower() + title[1:]


def wish_for(kind: str, topic: Topic, language: str) -> str:
    """Return a short wish for a kind, to offer for a tap."""
    if topic:
        return text(f"guess.{kind}.about", language, topic=fit(topic.words, 60))
    return text(f"guess.{kind}", language)
