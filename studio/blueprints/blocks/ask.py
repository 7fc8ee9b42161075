"""Blocks that ask or tell: poll, journal, classifier, note."""

from typing import Annotated, Literal

from studio.blueprints.base import Hint, Model, Whole, many, slot, switch, text
from studio.blueprints.choices import Icon


class PollQuestion(Model):
    """Hold one question of a poll."""

    ask: Annotated[str, text(140, "Question")]
    kind: Annotated[Literal["one", "many", "stars", "text"], slot("How to answer")]
    options: Annotated[
        tuple[Annotated[str, text(40, "Answer")], ...],
        many(0, 8, "Answers to choose from", "Only for one or many answers."),
        Hint(item="Answer"),
    ]


class Poll(Model):
    """Ask people; the answers stay on this computer."""

    type: Literal["poll"]
    title: Annotated[str, text(60, "Name")]
    questions: Annotated[tuple[PollQuestion, ...], many(1, 10, "Questions"), Hint(item="Question")]
    results: Annotated[Literal["live", "after", "hidden"], slot("Show the results")]


class Journal(Model):
    """Keep dated entries on this computer."""

    type: Literal["journal"]
    title: Annotated[str, text(60, "Name")]
    prompts: Annotated[
        tuple[Annotated[str, text(120, "Question")], ...],
        many(0, 12, "Questions to write about"),
        Hint(item="Question"),
    ]
    moods: Annotated[tuple[Icon, ...], many(0, 6, "Moods"), Hint(item="Mood")]
    private: Annotated[bool, switch("Hide old entries", "They show only when you tap them.")]


class ClassLabel(Model):
    """Hold one thing that a taught model can tell from the others."""

    name: Annotated[str, text(30, "Name")]
    icon: Annotated[Icon, slot("Picture")]
    say: Annotated[str, text(120, "What to say")]


class Classifier(Model):
    """Use a model that was taught in the studio."""

    type: Literal["classifier"]
    title: Annotated[str, text(60, "Name")]
    input: Annotated[Literal["image", "text", "sound", "webcam", "drawing"], slot("Looks at")]
    model: Annotated[str, text(60, "Model you taught")]
    labels: Annotated[tuple[ClassLabel, ...], many(2, 10, "What it can tell"), Hint(item="Label")]
    sure: Annotated[int, Whole(0, 100), slot("How sure it must be")]


class Note(Model):
    """Show words: a heading, a tip, instructions."""

    type: Literal["note"]
    title: Annotated[str, text(60, "Name")]
    text: Annotated[str, text(600, "Words"), Hint(widget="text")]
    icon: Annotated[Icon, slot("Picture")]
    style: Annotated[Literal["plain", "card", "hero", "tip"], slot("Looks like")]
