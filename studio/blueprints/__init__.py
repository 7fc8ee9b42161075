"""The typed plan of an app: read it, mend it, edit it, compare it, put it in words.

    parse, parse_patch, parse_document   text to records; InputError with a reason
    to_json                              records to canonical text
    normalise                            mends what a planner or a stranger made
    apply                                typed edits; pure
    changed_pointers, describe_changes   what differs, as JSON pointers and in words
    slots, operation_for                 for an inspector: the fields of a thing, one edit as operations

Models hold tuples and are frozen; `model_copy(update=...)` does not check, so go through `apply`.
"""

from studio.blueprints.applying import Applied, apply
from studio.blueprints.aside import Aside
from studio.blueprints.blocks import (
    Arcade,
    Calculator,
    CalculatorInput,
    Card,
    Chatbot,
    Checklist,
    Choice,
    Classifier,
    ClassLabel,
    Converter,
    ConverterPair,
    Counter,
    CounterRow,
    Drawing,
    Flashcards,
    Journal,
    Memory,
    MemoryPair,
    Need,
    Note,
    Pad,
    Page,
    Pet,
    Picker,
    Poll,
    PollQuestion,
    Question,
    Quiz,
    Reply,
    Soundboard,
    Story,
    Texttool,
    Timer,
)
from studio.blueprints.blueprint import (
    BLOCK_CLASSES,
    AnyBlock,
    Block,
    Blueprint,
    Do,
    Rule,
    Theme,
    When,
)
from studio.blueprints.changes import Change, changed_pointers, differences
from studio.blueprints.describing import describe_changes
from studio.blueprints.document import Asset, Credit, Origin, ProjectDocument
from studio.blueprints.editing import operation_for
from studio.blueprints.fresh import new_block, new_item
from studio.blueprints.mending import normalise, normalise_block
from studio.blueprints.names import KINDS, Kind, block_title, describe_block
from studio.blueprints.operations import Operation, Patch
from studio.blueprints.parsing import (
    Parsed,
    ParsedDocument,
    mended_block_ids,
    parse,
    parse_document,
    parse_operation,
    parse_patch,
    to_json,
)
from studio.blueprints.schemas import SCHEMAS, schema
from studio.blueprints.slots import Option, Slot, block_slots, slot, slots
from studio.blueprints.words.choices import choice_name

__all__ = [
    "BLOCK_CLASSES",
    "KINDS",
    "SCHEMAS",
    "AnyBlock",
    "Applied",
    "Arcade",
    "Aside",
    "Asset",
    "Block",
    "Blueprint",
    "Calculator",
    "CalculatorInput",
    "Card",
    "Change",
    "Chatbot",
    "Checklist",
    "Choice",
    "ClassLabel",
    "Classifier",
    "Converter",
    "ConverterPair",
    "Counter",
    "CounterRow",
    "Credit",
    "Do",
    "Drawing",
    "Flashcards",
    "Journal",
    "Kind",
    "Memory",
    "MemoryPair",
    "Need",
    "Note",
    "Operation",
    "Option",
    "Origin",
    "Pad",
    "Page",
    "Parsed",
    "ParsedDocument",
    "Patch",
    "Pet",
    "Picker",
    "Poll",
    "PollQuestion",
    "ProjectDocument",
    "Question",
    "Quiz",
    "Reply",
    "Rule",
    "Slot",
    "Soundboard",
    "Story",
    "Texttool",
    "Theme",
    "Timer",
    "When",
    "apply",
    "block_slots",
    "block_title",
    "changed_pointers",
    "choice_name",
    "describe_block",
    "describe_changes",
    "differences",
    "mended_block_ids",
    "new_block",
    "new_item",
    "normalise",
    "normalise_block",
    "operation_for",
    "parse",
    "parse_document",
    "parse_operation",
    "parse_patch",
    "schema",
    "slot",
    "slots",
    "to_json",
]
