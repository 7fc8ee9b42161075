"""What to say about the lists of a block: how many there are, that one is different, that they moved."""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.phrases import Phrase, phrase


@dataclass(frozen=True)
class ListWords:
    """Hold the sentences of one list; `several` takes {count}, `changed` takes {number}."""

    none: Phrase
    one: Phrase
    several: Phrase
    changed: Phrase
    moved: Phrase


_QUESTIONS = ListWords(
    phrase("No questions"),
    phrase("1 question"),
    phrase("{count} questions"),
    phrase("Question {number} has new words"),
    phrase("The questions are in a new order"),
)

LISTS: Mapping[tuple[str, str], ListWords] = {
    ("quiz", "questions"): _QUESTIONS,
    ("poll", "questions"): _QUESTIONS,
    ("journal", "prompts"): _QUESTIONS,
    ("flashcards", "cards"): ListWords(
        phrase("No cards"),
        phrase("1 card"),
        phrase("{count} cards"),
        phrase("Card {number} has new words"),
        phrase("The cards are in a new order"),
    ),
    ("story", "pages"): ListWords(
        phrase("No pages"),
        phrase("1 page"),
        phrase("{count} pages"),
        phrase("Page {number} is different"),
        phrase("The pages are in a new order"),
    ),
    ("chatbot", "topics"): ListWords(
        phrase("No topics"),
        phrase("1 topic"),
        phrase("{count} topics"),
        phrase("Topic {number} is different"),
        phrase("The topics are in a new order"),
    ),
    ("chatbot", "replies"): ListWords(
        phrase("No answers"),
        phrase("1 answer"),
        phrase("{count} answers"),
        phrase("Answer {number} is different"),
        phrase("The answers are in a new order"),
    ),
    ("pet", "needs"): ListWords(
        phrase("No needs"),
        phrase("1 need"),
        phrase("{count} needs"),
        phrase("Need {number} is different"),
        phrase("The needs are in a new order"),
    ),
    ("drawing", "tools"): ListWords(
        phrase("No tools"),
        phrase("1 tool"),
        phrase("{count} tools"),
        phrase("Tool {number} is different"),
        phrase("The tools are in a new order"),
    ),
    ("drawing", "stamps"): ListWords(
        phrase("No stamps"),
        phrase("1 stamp"),
        phrase("{count} stamps"),
        phrase("Stamp {number} is different"),
        phrase("The stamps are in a new order"),
    ),
    ("checklist", "items"): ListWords(
        phrase("Nothing on the list"),
        phrase("1 thing on the list"),
        phrase("{count} things on the list"),
        phrase("Thing {number} on the list is different"),
        phrase("The list is in a new order"),
    ),
    ("calculator", "inputs"): ListWords(
        phrase("No numbers"),
        phrase("1 number"),
        phrase("{count} numbers"),
        phrase("Number {number} is different"),
        phrase("The numbers are in a new order"),
    ),
    ("converter", "pairs"): ListWords(
        phrase("No units"),
        phrase("1 pair of units"),
        phrase("{count} pairs of units"),
        phrase("Pair {number} of the units is different"),
        phrase("The units are in a new order"),
    ),
    ("picker", "options"): ListWords(
        phrase("No choices"),
        phrase("1 choice"),
        phrase("{count} choices"),
        phrase("Choice {number} is different"),
        phrase("The choices are in a new order"),
    ),
    ("memory", "pairs"): ListWords(
        phrase("No pairs"),
        phrase("1 pair"),
        phrase("{count} pairs"),
        phrase("Pair {number} is different"),
        phrase("The pairs are in a new order"),
    ),
    ("arcade", "good"): ListWords(
        phrase("No good things"),
        phrase("1 good thing"),
        phrase("{count} good things"),
        phrase("Good thing {number} is different"),
        phrase("The good things are in a new order"),
    ),
    ("arcade", "bad"): ListWords(
        phrase("No bad things"),
        phrase("1 bad thing"),
        phrase("{count} bad things"),
        phrase("Bad thing {number} is different"),
        phrase("The bad things are in a new order"),
    ),
    ("soundboard", "pads"): ListWords(
        phrase("No sounds"),
        phrase("1 sound"),
        phrase("{count} sounds"),
        phrase("Sound {number} is different"),
        phrase("The sounds are in a new order"),
    ),
    ("journal", "moods"): ListWords(
        phrase("No moods"),
        phrase("1 mood"),
        phrase("{count} moods"),
        phrase("Mood {number} is different"),
        phrase("The moods are in a new order"),
    ),
    ("classifier", "labels"): ListWords(
        phrase("Nothing to tell apart"),
        phrase("1 thing to tell"),
        phrase("{count} things to tell apart"),
        phrase("Thing {number} to tell apart is different"),
        phrase("The things to tell apart are in a new order"),
    ),
    ("counter", "counters"): ListWords(
        phrase("No counters"),
        phrase("1 counter"),
        phrase("{count} counters"),
        phrase("Counter {number} is different"),
        phrase("The counters are in a new order"),
    ),
}


def how_many(kind: str, name: str, count: int) -> Phrase:
    """Return how many items a list has: `5 questions`."""
    words = LISTS[kind, name]
    if count > 1:
        return Phrase(words.several.template, {"count": count})
    return words.one if count else words.none
