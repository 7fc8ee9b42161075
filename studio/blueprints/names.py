"""What people call the kinds of blocks, and how a block is named in one short line."""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.blueprints.blueprint import AnyBlock
from studio.phrases import Phrase, phrase

NOTHING = Phrase("")


@dataclass(frozen=True)
class Kind:
    """Hold a kind of block: its name, what it does, an icon (of the icon set), and how it is counted.

    `lists` names the list that the line counts; `one` and `several` are the line, whole.
    """

    type: str
    name: Phrase
    what: Phrase
    icon: str
    lists: str = ""
    one: Phrase = NOTHING
    several: Phrase = NOTHING


def _kinds(*kinds: Kind) -> Mapping[str, Kind]:
    return {kind.type: kind for kind in kinds}


KINDS: Mapping[str, Kind] = _kinds(
    Kind(
        "quiz",
        phrase("Quiz"),
        phrase("Questions with answers to pick"),
        "question",
        "questions",
        phrase("Quiz, 1 question"),
        phrase("Quiz, {count} questions"),
    ),
    Kind(
        "flashcards",
        phrase("Flashcards"),
        phrase("Cards that flip"),
        "book",
        "cards",
        phrase("Flashcards, 1 card"),
        phrase("Flashcards, {count} cards"),
    ),
    Kind(
        "story",
        phrase("Story"),
        phrase("A story where you choose what happens"),
        "dragon",
        "pages",
        phrase("Story, 1 page"),
        phrase("Story, {count} pages"),
    ),
    Kind(
        "chatbot",
        phrase("Chat friend"),
        phrase("A character to talk to"),
        "robot",
        "replies",
        phrase("Chat friend, 1 answer"),
        phrase("Chat friend, {count} answers"),
    ),
    Kind(
        "pet",
        phrase("Pet"),
        phrase("A pet to look after"),
        "cat",
        "needs",
        phrase("Pet, 1 need"),
        phrase("Pet, {count} needs"),
    ),
    Kind(
        "drawing",
        phrase("Drawing pad"),
        phrase("A place to draw"),
        "paint",
        "tools",
        phrase("Drawing pad, 1 tool"),
        phrase("Drawing pad, {count} tools"),
    ),
    Kind("timer", phrase("Timer"), phrase("Counts the time"), "clock"),
    Kind(
        "checklist",
        phrase("Checklist"),
        phrase("Things to tick off"),
        "check",
        "items",
        phrase("Checklist, 1 thing"),
        phrase("Checklist, {count} things"),
    ),
    Kind(
        "calculator",
        phrase("Calculator"),
        phrase("Works out an answer from your numbers"),
        "pencil",
        "inputs",
        phrase("Calculator, 1 number"),
        phrase("Calculator, {count} numbers"),
    ),
    Kind(
        "converter",
        phrase("Converter"),
        phrase("Turns one unit into another"),
        "bolt",
        "pairs",
        phrase("Converter, 1 pair of units"),
        phrase("Converter, {count} pairs of units"),
    ),
    Kind(
        "picker",
        phrase("Picker"),
        phrase("Picks by luck"),
        "gift",
        "options",
        phrase("Picker, 1 choice"),
        phrase("Picker, {count} choices"),
    ),
    Kind(
        "memory",
        phrase("Memory game"),
        phrase("Find the pairs"),
        "gem",
        "pairs",
        phrase("Memory game, 1 pair"),
        phrase("Memory game, {count} pairs"),
    ),
    Kind("arcade", phrase("Action game"), phrase("Catch, dodge or pop things"), "rocket"),
    Kind(
        "soundboard",
        phrase("Sound buttons"),
        phrase("Buttons that play sounds"),
        "music",
        "pads",
        phrase("Sound buttons, 1 sound"),
        phrase("Sound buttons, {count} sounds"),
    ),
    Kind(
        "poll",
        phrase("Poll"),
        phrase("Ask people what they think"),
        "hand",
        "questions",
        phrase("Poll, 1 question"),
        phrase("Poll, {count} questions"),
    ),
    Kind(
        "journal",
        phrase("Diary"),
        phrase("Write a little every day"),
        "pencil",
        "prompts",
        phrase("Diary, 1 question"),
        phrase("Diary, {count} questions"),
    ),
    Kind(
        "classifier",
        phrase("Guesser"),
        phrase("Uses a model that you taught"),
        "leaf",
        "labels",
        phrase("Guesser, 1 thing to tell"),
        phrase("Guesser, {count} things to tell"),
    ),
    Kind("texttool", phrase("Word helper"), phrase("Changes words for you"), "pencil"),
    Kind(
        "counter",
        phrase("Counter"),
        phrase("Counts things or keeps the score"),
        "trophy",
        "counters",
        phrase("Counter, 1 to count"),
        phrase("Counter, {count} to count"),
    ),
    Kind("note", phrase("Note"), phrase("Words to read"), "star"),
)


def describe_block(block: AnyBlock) -> Phrase:
    """Return one short line about a block: `Quiz, 5 questions`."""
    kind = KINDS[block.type]
    count = len(getattr(block, kind.lists)) if kind.lists else 0
    if count == 0:
        return kind.name
    return kind.one if count == 1 else Phrase(kind.several.template, {"count": count})


def block_title(block: AnyBlock) -> Phrase:
    """Return what to call a block: its own name, else the name of its kind."""
    return Phrase("{title}", {"title": block.title}) if block.title.strip() else KINDS[block.type].name
