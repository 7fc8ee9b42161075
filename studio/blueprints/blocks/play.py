"""Blocks to play with: pet, drawing, arcade, soundboard."""

from typing import Annotated, Literal

from studio.blueprints.base import Hint, Model, Whole, many, slot, switch, text
from studio.blueprints.choices import Icon, Note16, Pace


class Need(Model):
    """Hold one thing that a pet needs, and how to give it."""

    label: Annotated[str, text(20, "Need")]
    care: Annotated[str, text(20, "Word on the button")]
    icon: Annotated[Icon, slot("Picture")]
    drain: Annotated[Pace, slot("Runs down")]


class Pet(Model):
    """Be a virtual pet with needs that fall over time."""

    type: Literal["pet"]
    title: Annotated[str, text(60, "Name")]
    name: Annotated[str, text(30, "Name of the pet")]
    icon: Annotated[Icon, slot("Picture")]
    mood: Annotated[Literal["cheerful", "sleepy", "shy", "wild", "grumpy"], slot("Mood")]
    needs: Annotated[tuple[Need, ...], many(1, 5, "Needs"), Hint(item="Need")]
    grows: Annotated[bool, switch("It grows")]


class Drawing(Model):
    """Be a drawing pad."""

    type: Literal["drawing"]
    title: Annotated[str, text(60, "Name")]
    tools: Annotated[
        tuple[Literal["pen", "brush", "eraser", "fill", "stamp", "line", "circle", "square", "spray"], ...],
        many(1, 9, "Tools"),
        Hint(item="Tool"),
    ]
    stamps: Annotated[tuple[Icon, ...], many(0, 12, "Stamps"), Hint(item="Stamp")]
    mirror: Annotated[bool, switch("Mirror", "Each line is drawn twice.")]
    prompt: Annotated[str, text(120, "Idea", "What to draw.", least=0)]


class Arcade(Model):
    """Be a one-screen arcade game."""

    type: Literal["arcade"]
    title: Annotated[str, text(60, "Name")]
    game: Annotated[Literal["catch", "dodge", "pop", "whack", "jump", "shoot"], slot("Game")]
    player: Annotated[Icon, slot("You are")]
    good: Annotated[tuple[Icon, ...], many(1, 4, "Good things"), Hint(item="Good thing")]
    bad: Annotated[tuple[Icon, ...], many(0, 4, "Bad things"), Hint(item="Bad thing")]
    speed: Annotated[Pace, slot("Speed")]
    lives: Annotated[int, Whole(1, 9), slot("Lives")]
    seconds: Annotated[int, Whole(0, 300), slot("Seconds to play", "0 means no hurry.")]
    win: Annotated[int, Whole(0, 500), slot("Points to win", "0 means play on and on.")]


class Pad(Model):
    """Hold one button that makes a sound."""

    label: Annotated[str, text(20, "Name")]
    icon: Annotated[Icon, slot("Picture")]
    note: Annotated[Note16, slot("Sound")]


class Soundboard(Model):
    """Show buttons that play sounds, or a piano."""

    type: Literal["soundboard"]
    title: Annotated[str, text(60, "Name")]
    layout: Annotated[Literal["pads", "piano", "drums"], slot("Shape")]
    instrument: Annotated[Literal["piano", "bell", "synth", "drum", "voice", "animal"], slot("Instrument")]
    pads: Annotated[tuple[Pad, ...], many(1, 16, "Sounds"), Hint(item="Sound")]
    record: Annotated[bool, switch("Record", "Keep a tune and play it again.")]
