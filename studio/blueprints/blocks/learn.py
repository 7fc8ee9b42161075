"""Blocks to learn with: quiz, flashcards, memory."""

from typing import Annotated, Literal

from studio.blueprints.base import Hint, Model, Whole, many, slot, switch, text


class Question(Model):
    """Hold one question of a quiz: the right answer stands apart, the runtime shuffles."""

    ask: Annotated[str, text(160, "Question")]
    right: Annotated[str, text(60, "Right answer")]
    wrong: Annotated[
        tuple[Annotated[str, text(60, "Wrong answer")], ...],
        many(1, 3, "Wrong answers", "One, two or three."),
        Hint(item="Wrong answer"),
    ]
    hint: Annotated[str, text(120, "Hint", "Shown when somebody asks for help.", least=0)]
    why: Annotated[str, text(160, "Why", "Shown after the answer. This is the part that teaches.", least=0)]


class Quiz(Model):
    """Ask multiple-choice questions."""

    type: Literal["quiz"]
    title: Annotated[str, text(60, "Name")]
    questions: Annotated[tuple[Question, ...], many(1, 20, "Questions"), Hint(item="Question")]
    seconds: Annotated[int, Whole(0, 120), slot("Seconds for each question", "0 means no hurry.")]
    shuffle: Annotated[bool, switch("Mix the questions")]
    feedback: Annotated[
        Literal["instant", "end", "none"], slot("Show what was right", "At once, at the end, or never.")
    ]


class Card(Model):
    """Hold the two sides of a flashcard."""

    front: Annotated[str, text(120, "Front")]
    back: Annotated[str, text(240, "Back"), Hint(widget="text")]


class Flashcards(Model):
    """Show cards that flip."""

    type: Literal["flashcards"]
    title: Annotated[str, text(60, "Name")]
    cards: Annotated[tuple[Card, ...], many(1, 40, "Cards"), Hint(item="Card")]
    order: Annotated[Literal["given", "shuffle"], slot("Order of the cards")]
    selfcheck: Annotated[bool, switch("Ask if you knew it", "Cards you did not know come back.")]


class MemoryPair(Model):
    """Hold two things that belong together."""

    a: Annotated[str, text(24, "First")]
    b: Annotated[str, text(24, "Second")]


class Memory(Model):
    """Find the pairs."""

    type: Literal["memory"]
    title: Annotated[str, text(60, "Name")]
    pairs: Annotated[tuple[MemoryPair, ...], many(2, 12, "Pairs"), Hint(item="Pair")]
    peek: Annotated[int, Whole(0, 10), slot("Time to peek", "All cards lie open at the start.")]
    moves: Annotated[int, Whole(0, 100), slot("Most moves", "0 means as many as you like.")]
