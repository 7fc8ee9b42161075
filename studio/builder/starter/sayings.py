"""What the starter planner says about a new app; one whole sentence each, so that all can be translated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studio.blueprints import Blueprint, describe_changes
from studio.blueprints.names import KINDS as BLOCK_KINDS
from studio.blueprints.words.lists import how_many
from studio.builder.starter import patterns
from studio.builder.starter.recipes.part import Slots
from studio.builder.starter.topics import Topic
from studio.builder.starter.vocabulary import fit, text
from studio.phrases import Phrase, phrase

NO_ENCODER = phrase("I went by key words alone: the part that helps me understand wishes is not installed.")
LONG_WISH = phrase("That was a very long wish. I read the first part of it.")
ENGLISH_BEST = phrase(
    "I understand English best, and some Spanish, French and German. Try it in one of these."
)
TABS = phrase("Each part has its own tab.")
HELLO = phrase("Hello! Tell me what you want to make, and I make it.")
HELLO_AGAIN = phrase("Hello! Tell me what to change in your app, and I change it.")
WELCOME = phrase("You are welcome! It was fun to make.")
_TABLE = patterns.lazy(r"\d+ times table", re.IGNORECASE)
_PROPER = patterns.lazy(r"^(?:Spanish|French|German|English|Earth|Mars|Moon)\b")
WHAT = phrase("What do you want to make? Say it in a few words, or tap one of these.")
WHICH = phrase("I am not sure what you mean. Is it one of these?")

_MADE: Mapping[str, Phrase] = {
    "quiz": phrase("Here is your quiz with {count} questions."),
    "flashcards": phrase("Here are your {count} cards."),
    "story": phrase("Here is your story with {count} pages. You choose the way."),
    "chatbot": phrase("Here is {name}. Say hello!"),
    "pet": phrase("Here is {name}. Take good care!"),
    "drawing": phrase("Here is your drawing pad."),
    "timer": phrase("Here is your timer."),
    "checklist": phrase("Here is your list with {count} things."),
    "calculator": phrase("Here is your calculator."),
    "converter": phrase("Here is your converter."),
    "picker": phrase("Here is your picker with {count} choices."),
    "memory": phrase("Here is your memory game with {count} pairs."),
    "arcade": phrase("Here is your game. Get {count} points to win!"),
    "soundboard": phrase("Here are your sounds. Tap one!"),
    "poll": phrase("Here is your poll."),
    "journal": phrase("Here is your diary. It stays on this computer."),
    "classifier": phrase("Here is your guesser."),
    "texttool": phrase("Here is your word helper."),
    "counter": phrase("Here is your counter."),
    "note": phrase("Here is your page."),
}
_LISTS = {
    "quiz": "questions",
    "flashcards": "cards",
    "checklist": "items",
    "picker": "options",
    "story": "pages",
    "memory": "pairs",
}
_MADE_ONE: Mapping[str, Phrase] = {
    "quiz": phrase("Here is your quiz with 1 question."),
    "flashcards": phrase("Here is your card."),
    "checklist": phrase("Here is your list with 1 thing."),
}
ADDED: Mapping[str, Phrase] = {
    "quiz": phrase("There is a quiz now."),
    "flashcards": phrase("There are cards now."),
    "story": phrase("There is a story now."),
    "chatbot": phrase("There is somebody to chat with now."),
    "pet": phrase("There is a pet now."),
    "drawing": phrase("There is a drawing pad now."),
    "timer": phrase("There is a timer now."),
    "checklist": phrase("There is a checklist now."),
    "calculator": phrase("There is a calculator now."),
    "converter": phrase("There is a converter now."),
    "picker": phrase("There is a wheel now."),
    "memory": phrase("There is a memory game now."),
    "arcade": phrase("There is an action game now."),
    "soundboard": phrase("There are sound buttons now."),
    "poll": phrase("There is a poll now."),
    "journal": phrase("There is a diary now."),
    "classifier": phrase("There is a guesser now."),
    "texttool": phrase("There is a word helper now."),
    "counter": phrase("There is a counter now."),
    "note": phrase("There is a note now."),
}
"""What to say when a part of each kind was added."""


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
    if count == 1 and kind in _MADE_ONE:
        return _MADE_ONE[kind]
    template = _MADE[kind].template
    values = {"count": count or block.get("win", 0), "name": block.get("name", "")}
    return phrase(template, **{name: value for name, value in values.items() if f"{{{name}}}" in template})


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
