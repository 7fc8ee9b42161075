"""Typed edits of a blueprint, and the patch that carries them.

Blocks are named b1..b6 by position; every index counts from 1.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field, TypeAdapter

from studio.blueprints.base import AnyOf, Model, Number, PlainNumbers, Whole, many, text
from studio.blueprints.blocks import (
    CalculatorInput,
    Card,
    ClassLabel,
    ConverterPair,
    CounterRow,
    MemoryPair,
    Need,
    Pad,
    Page,
    PollQuestion,
    Question,
    Reply,
)
from studio.blueprints.blueprint import MOST_BLOCKS, MOST_RULES, Block, Rule
from studio.blueprints.choices import Background, BlockRef, Font, Icon, Language, Layout, Mode, Palette, Size

MOST_ITEMS = 40

# fmt: off
FieldName: TypeAlias = Literal[
    "button", "canadd", "count", "decimals", "done", "example", "feedback", "formula", "game", "goal",
    "greeting", "grows", "icon", "input", "instrument", "job", "layout", "length", "lives", "mirror", "mode",
    "model", "mood", "moves", "name", "norepeat", "order", "peek", "persona", "player", "private", "progress",
    "prompt", "record", "resets", "rest", "result", "results", "seconds", "selfcheck", "shuffle", "sound",
    "speed", "style", "sure", "target", "text", "title", "unit", "win",
]
ListName: TypeAlias = Literal[
    "bad", "cards", "counters", "good", "inputs", "items", "labels", "moods", "needs", "options", "pads",
    "pages", "pairs", "prompts", "questions", "replies", "stamps", "tools", "topics",
]
# fmt: on
AnyItem: TypeAlias = (
    Annotated[str, text(120)]
    | Question
    | PollQuestion
    | Card
    | Page
    | Reply
    | Need
    | Icon
    | CalculatorInput
    | ConverterPair
    | MemoryPair
    | Pad
    | ClassLabel
    | CounterRow
)
FieldValue: TypeAlias = Annotated[
    Annotated[str, text(600, least=0)]
    | Annotated[float, Number(-1_000_000, 1_000_000)]
    | Annotated[bool, Field(strict=True)],
    PlainNumbers(),
]


class SetTitle(Model):
    """Give the app another name."""

    op: Literal["set_title"]
    value: Annotated[str, text(60)]


class SetIcon(Model):
    """Give the app another picture."""

    op: Literal["set_icon"]
    value: Icon


class SetAbout(Model):
    """Give the app another line under its name."""

    op: Literal["set_about"]
    value: Annotated[str, text(160, least=0)]


class SetLanguage(Model):
    """Let the runtime speak another language."""

    op: Literal["set_language"]
    value: Language


class SetPalette(Model):
    """Give the app other colours."""

    op: Literal["set_palette"]
    value: Palette


class SetMode(Model):
    """Make the app light or dark."""

    op: Literal["set_mode"]
    value: Mode


class SetFont(Model):
    """Give the app other letters."""

    op: Literal["set_font"]
    value: Font


class SetBackground(Model):
    """Give the app another background."""

    op: Literal["set_background"]
    value: Background


class SetSize(Model):
    """Make the words of the app normal or large."""

    op: Literal["set_size"]
    value: Size


class SetLayout(Model):
    """Put the blocks in another arrangement."""

    op: Literal["set_layout"]
    value: Layout


class AddBlock(Model):
    """Put a new block at a place; beyond the end means last."""

    op: Literal["add_block"]
    at: Annotated[int, Whole(1, MOST_BLOCKS)]
    block: Block


class ReplaceBlock(Model):
    """Put another block in the place of one."""

    op: Literal["replace_block"]
    at: BlockRef
    block: Block


class RemoveBlock(Model):
    """Take a block out, with the rules that name it."""

    op: Literal["remove_block"]
    at: BlockRef


class MoveBlock(Model):
    """Put a block at another place."""

    op: Literal["move_block"]
    at: BlockRef
    to: Annotated[int, Whole(1, MOST_BLOCKS)]


class SetField(Model):
    """Fill one plain slot of a block."""

    op: Literal["set_field"]
    at: BlockRef
    field: FieldName
    value: FieldValue


class AddItem(Model):
    """Put a new item into a list of a block; beyond the end means last."""

    op: Literal["add_item"]
    at: BlockRef
    list: ListName
    index: Annotated[int, Whole(1, MOST_ITEMS)]
    item: AnyItem


class SetItem(Model):
    """Put another item in the place of one."""

    op: Literal["set_item"]
    at: BlockRef
    list: ListName
    index: Annotated[int, Whole(1, MOST_ITEMS)]
    item: AnyItem


class RemoveItem(Model):
    """Take an item out of a list of a block."""

    op: Literal["remove_item"]
    at: BlockRef
    list: ListName
    index: Annotated[int, Whole(1, MOST_ITEMS)]


class MoveItem(Model):
    """Put an item of a list at another place."""

    op: Literal["move_item"]
    at: BlockRef
    list: ListName
    index: Annotated[int, Whole(1, MOST_ITEMS)]
    to: Annotated[int, Whole(1, MOST_ITEMS)]


class AddRule(Model):
    """Put a new rule at a place; beyond the end means last."""

    op: Literal["add_rule"]
    index: Annotated[int, Whole(1, MOST_RULES)]
    rule: Rule


class SetRule(Model):
    """Put another rule in the place of one."""

    op: Literal["set_rule"]
    index: Annotated[int, Whole(1, MOST_RULES)]
    rule: Rule


class RemoveRule(Model):
    """Take a rule out."""

    op: Literal["remove_rule"]
    index: Annotated[int, Whole(1, MOST_RULES)]


class AskUser(Model):
    """Ask back; changes nothing."""

    op: Literal["ask_user"]
    question: Annotated[str, text(160)]


Operation: TypeAlias = (
    SetTitle
    | SetIcon
    | SetAbout
    | SetLanguage
    | SetPalette
    | SetMode
    | SetFont
    | SetBackground
    | SetSize
    | SetLayout
    | AddBlock
    | ReplaceBlock
    | RemoveBlock
    | MoveBlock
    | SetField
    | AddItem
    | SetItem
    | RemoveItem
    | MoveItem
    | AddRule
    | SetRule
    | RemoveRule
    | AskUser
)
OneOperation: TypeAlias = Annotated[Operation, Field(discriminator="op"), AnyOf()]

OPERATION: TypeAdapter[Any] = TypeAdapter(OneOperation, config=ConfigDict(defer_build=True))
"""Reads one operation from plain data; raises pydantic's ValidationError."""


class Patch(Model):
    """Hold one to six edits that belong together, and one sentence about them."""

    say: Annotated[str, text(160)]
    ops: Annotated[tuple[OneOperation, ...], many(1, 6)]
