"""Blocks to use: timer, checklist, calculator, converter, picker, counter."""

from typing import Annotated, Literal

from studio.blueprints.base import Hint, Model, Number, Whole, many, shaped, slot, switch, text
from studio.blueprints.choices import Icon


class Timer(Model):
    """Count down, count up, or take turns with work and rest."""

    type: Literal["timer"]
    title: Annotated[str, text(60, "Name")]
    mode: Annotated[Literal["countdown", "stopwatch", "pomodoro"], slot("Kind of timer")]
    seconds: Annotated[int, Whole(0, 7200), slot("Seconds")]
    rest: Annotated[int, Whole(0, 1800), slot("Seconds of rest", "Between two rounds of work.")]
    sound: Annotated[Literal["bell", "beep", "drum", "none"], slot("Sound at the end")]
    done: Annotated[str, text(80, "Words at the end", least=0)]


class Checklist(Model):
    """Be a list of things to tick."""

    type: Literal["checklist"]
    title: Annotated[str, text(60, "Name")]
    items: Annotated[
        tuple[Annotated[str, text(80, "Thing")], ...], many(0, 30, "Things to tick"), Hint(item="Thing")
    ]
    canadd: Annotated[bool, switch("You can add more")]
    progress: Annotated[Literal["bar", "count", "stars", "none"], slot("Show how far you are")]
    resets: Annotated[Literal["never", "daily"], slot("Starts again")]


class CalculatorInput(Model):
    """Hold one number that goes into a formula; the first is `a`, the next `b`, up to `d`."""

    label: Annotated[str, text(40, "Name")]
    unit: Annotated[str, text(12, "Unit", "Such as cm or kg.", least=0)]
    start: Annotated[int, Whole(-100_000, 100_000), slot("Number at the start")]


class Calculator(Model):
    """Work out one formula over named numbers."""

    type: Literal["calculator"]
    title: Annotated[str, text(60, "Name")]
    inputs: Annotated[tuple[CalculatorInput, ...], many(1, 4, "Numbers"), Hint(item="Number")]
    formula: Annotated[
        str,
        shaped(
            "^[abcd0-9+*/(). -]{1,60}$",
            "Formula",
            "Use the letters, numbers, + - * / and ( ).",
        ),
    ]
    result: Annotated[str, text(40, "Name of the answer")]
    unit: Annotated[str, text(12, "Unit of the answer", least=0)]
    decimals: Annotated[int, Whole(0, 6), slot("Digits after the point")]


class ConverterPair(Model):
    """Hold one conversion: value * factor + offset turns the first unit into the second."""

    frm: Annotated[str, text(24, "From")]
    to: Annotated[str, text(24, "To")]
    factor: Annotated[float, Number(0, 1_000_000, above=True), slot("Times")]
    offset: Annotated[float, Number(-10_000, 10_000), slot("Then add")]


class Converter(Model):
    """Turn one unit into another."""

    type: Literal["converter"]
    title: Annotated[str, text(60, "Name")]
    pairs: Annotated[tuple[ConverterPair, ...], many(1, 12, "Units"), Hint(item="Pair of units")]


class Picker(Model):
    """Pick by chance."""

    type: Literal["picker"]
    title: Annotated[str, text(60, "Name")]
    style: Annotated[Literal["wheel", "dice", "coin", "cards", "slot"], slot("Looks like")]
    options: Annotated[
        tuple[Annotated[str, text(40, "Choice")], ...], many(2, 24, "Choices"), Hint(item="Choice")
    ]
    count: Annotated[int, Whole(1, 6), slot("How many to pick")]
    norepeat: Annotated[bool, switch("Never the same twice")]
    button: Annotated[str, text(24, "Word on the button")]


class CounterRow(Model):
    """Hold one thing to count."""

    label: Annotated[str, text(30, "Name")]
    icon: Annotated[Icon, slot("Picture")]
    start: Annotated[int, Whole(-1000, 1000), slot("Number at the start")]
    step: Annotated[int, Whole(1, 100), slot("Goes up by")]


class Counter(Model):
    """Count things, or keep the score."""

    type: Literal["counter"]
    title: Annotated[str, text(60, "Name")]
    counters: Annotated[tuple[CounterRow, ...], many(1, 8, "Counters"), Hint(item="Counter")]
    goal: Annotated[int, Whole(0, 10_000), slot("Goal", "0 means no goal.")]
