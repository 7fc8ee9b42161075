"""What the starter planner says about a new app; one whole sentence each, so that all can be translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "story": "Here is the start of your story.",
    "chatbot": "Here is your chat friend.",
    "pet": "Here is your pet.",
    "drawing": "Here is your drawing pad.",
    "timer": "Here is your timer.",
    "checklist": "Here is your list with {count} things.",
    "calculator": "Here is your calculator.",
    "converter": "Here is your converter.",
    "picker": "Here is your picker with {count} choices.",
    "memory": "Here is your game with {count} pairs.",
    "arcade": "Here is your game.",
    "soundboard": "Here is your sound board.",
    "poll": "Here is your poll.",
    "journal": "Here is your diary.",
    "classifier": "Here is your guesser.",
    "texttool": "Here is your word helper.",
    "counter": "Here is your counter.",
    "note": "Here is your page.",
}
_LISTS = {
    "quiz": "questions",
    "flashcards": "cards",
    "checklist": "items",
    "picker": "options",
    "memory": "pairs",
}
_INSTEAD = {
    "story": "quiz",
    "chatbot": "flashcards",
    "pet": "checklist",
    "drawing": "picker",
    "calculator": "quiz",
    "converter": "flashcards",
    "memory": "flashcards",
    "arcade": "quiz",
    "soundboard": "quiz",
    "poll": "picker",
    "journal": "checklist",
    "classifier": "quiz",
    "texttool": "flashcards",
    "counter": "checklist",
}


def made(block: Mapping[str, Any], slots: Slots, facts: int) -> Phrase:
    """Return what to say about a new app, by its main block."""
    kind = str(block["type"])
    count = len(block.get(_LISTS.get(kind, ""), ()))
    if kind == "quiz" and facts and facts == count:
        topic = str(slots.topic.words)
        return phrase(
            "Here is your quiz with {count} true questions about {topic}.", count=count, topic=topic
        )
    if kind == "quiz" and not facts and not slots.given.asked and not slots.given.pairs:
        return phrase(
            "Here is your quiz. I have no facts about this, so you write the {count} questions.", count=count
        )
    template = _MADE[kind]
    return phrase(template, count=count) if "{count}" in template else phrase(template)


def later(kinds: tuple[str, ...]) -> list[Phrase]:
    """Return, for each kind that the runtime does not play yet, the sentence that says so."""
    return [_LATER[kind] for kind in dict.fromkeys(kinds) if kind in _LATER]


def instead(kind: str, topic: Topic, language: str) -> tuple[str, ...]:
    """Return a wish that plays now, for a kind that does not."""
    return (wish_for(_INSTEAD[kind], topic, language),) if kind in _INSTEAD else ()


def wish_for(kind: str, topic: Topic, language: str) -> str:
    """Return a short wish for a kind, to offer for a tap."""
    if topic:
        return text(f"guess.{kind}.about", language, topic=fit(topic.words, 60))
    return text(f"guess.{kind}", language)
