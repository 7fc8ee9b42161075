"""The blueprint: the typed plan of an app."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from studio.blueprints.base import AnyOf, FirstVersion, Hint, Model, many, slot, text
from studio.blueprints.blocks import (
    Arcade,
    Calculator,
    Chatbot,
    Checklist,
    Classifier,
    Converter,
    Counter,
    Drawing,
    Flashcards,
    Journal,
    Memory,
    Note,
    Pet,
    Picker,
    Poll,
    Quiz,
    Soundboard,
    Story,
    Texttool,
    Timer,
)
from studio.blueprints.choices import (
    Background,
    BlockRef,
    Font,
    Icon,
    Language,
    Layout,
    Mode,
    Palette,
    RuleAction,
    RuleEvent,
    Size,
)

MOST_BLOCKS = 6
MOST_RULES = 8

AnyBlock: TypeAlias = (
    Quiz
    | Flashcards
    | Story
    | Chatbot
    | Pet
    | Drawing
    | Timer
    | Checklist
    | Calculator
    | Converter
    | Picker
    | Memory
    | Arcade
    | Soundboard
    | Poll
    | Journal
    | Classifier
    | Texttool
    | Counter
    | Note
)
Block: TypeAlias = Annotated[AnyBlock, Field(discriminator="type"), AnyOf()]

BLOCK_CLASSES: dict[str, type[AnyBlock]] = {
    "quiz": Quiz,
    "flashcards": Flashcards,
    "story": Story,
    "chatbot": Chatbot,
    "pet": Pet,
    "drawing": Drawing,
    "timer": Timer,
    "checklist": Checklist,
    "calculator": Calculator,
    "converter": Converter,
    "picker": Picker,
    "memory": Memory,
    "arcade": Arcade,
    "soundboard": Soundboard,
    "poll": Poll,
    "journal": Journal,
    "classifier": Classifier,
    "texttool": Texttool,
    "counter": Counter,
    "note": Note,
}


class Theme(Model):
    """Hold how the app looks."""

    palette: Annotated[Palette, slot("Colours")]
    mode: Annotated[Mode, slot("Light or dark")]
    font: Annotated[Font, slot("Letters")]
    background: Annotated[Background, slot("Background")]
    size: Annotated[Size, slot("Size of the words")]


class When(Model):
    """Hold the first half of a rule: something happens in a block."""

    block: Annotated[BlockRef, slot("In this part")]
    event: Annotated[RuleEvent, slot("When")]


class Do(Model):
    """Hold the second half of a rule: what a block then does."""

    block: Annotated[BlockRef, slot("In that part")]
    action: Annotated[RuleAction, slot("Do")]
    say: Annotated[str, text(80, "Say", least=0)]


class Rule(Model):
    """Join two blocks: when this happens, do that."""

    when: Annotated[When, slot("When")]
    do: Annotated[Do, slot("Do")]


class Blueprint(Model):
    """Hold one app: a look, one to six blocks (b1 to b6 by position), and rules between them."""

    version: Annotated[Literal[1], FirstVersion()]
    language: Annotated[Language, slot("Language")]
    title: Annotated[str, text(60, "Name")]
    icon: Annotated[Icon, slot("Picture")]
    about: Annotated[str, text(160, "One line about it", least=0)]
    theme: Annotated[Theme, slot("Look")]
    layout: Annotated[Layout, slot("Order on the screen")]
    blocks: Annotated[tuple[Block, ...], many(1, MOST_BLOCKS, "Parts"), Hint(item="Part")]
    rules: Annotated[tuple[Rule, ...], many(0, MOST_RULES, "Rules"), Hint(item="Rule")]
