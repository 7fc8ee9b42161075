"""Say in plain words what changed, one thing per phrase."""

from collections.abc import Iterator
from typing import Any

from studio.blueprints.blueprint import Blueprint
from studio.blueprints.changes import Change, block_places, differences
from studio.blueprints.names import KINDS
from studio.blueprints.words import look
from studio.blueprints.words.lists import LISTS, how_many
from studio.blueprints.words.slots import PART_NAME, slot_sentence
from studio.phrases import Phrase


def describe_changes(before: Blueprint | None, after: Blueprint) -> tuple[Phrase, ...]:
    """Return what changed from `before` to `after`, each thing once; without `before`, what was made."""
    if before is None:
        return tuple(_made(after))
    said: dict[tuple[Any, ...], Phrase] = {}
    for change in differences(_followed(before, after), after):
        for words in _one(change, before, after):
            said.setdefault((words.template, *words.values.values()), words)
    return tuple(said.values())


def _followed(before: Blueprint, after: Blueprint) -> Blueprint:
    """Return `before` with its rules renamed as its blocks moved: that rules follow goes without saying."""
    places = block_places(before, after)
    if all(left == right for left, right in places.items()) and len(before.blocks) <= len(after.blocks):
        return before
    names = {f"b{left + 1}": f"b{right + 1}" for left, right in places.items()}
    rules = tuple(
        rule.model_copy(
            update={
                "when": rule.when.model_copy(update={"block": names[rule.when.block]}),
                "do": rule.do.model_copy(update={"block": names[rule.do.block]}),
            }
        )
        for rule in before.rules
        if {rule.when.block, rule.do.block} <= names.keys()
    )
    return before.model_copy(update={"rules": rules})


def _made(blueprint: Blueprint) -> Iterator[Phrase]:
    """Say what stands in a new app: how much of what, and the look."""
    for number, block in enumerate(blueprint.blocks):
        kind = KINDS[block.type]
        if number:
            yield look.PART_ADDED[block.type]
        if kind.lists:
            yield how_many(block.type, kind.lists, len(getattr(block, kind.lists)))
        elif block.type == "timer" and block.seconds:
            words = slot_sentence("timer", "seconds", block.seconds)
            yield from (words,) if words else ()
    yield look.LOOK["palette"][blueprint.theme.palette]
    if blueprint.theme.background != "plain":
        yield look.LOOK["background"][blueprint.theme.background]


def _one(change: Change, before: Blueprint, after: Blueprint) -> Iterator[Phrase]:
    match change.steps:
        case ("blocks", *rest):
            yield from _blocks(change, tuple(rest), after)
        case ("rules", *rest):
            yield from _rules(change, tuple(rest))
        case ("theme", str(slot)):
            yield look.LOOK[slot][change.new]
        case ("title",):
            yield Phrase(look.NEW_TITLE.template, {"value": change.new})
        case ("icon",):
            yield look.NEW_ICON
        case ("about",):
            yield look.NEW_ABOUT if change.new else look.NO_ABOUT
        case ("layout",):
            yield look.LAYOUT[change.new]
        case ("language",):
            yield look.LANGUAGE[change.new]


def _rules(change: Change, rest: tuple[Any, ...]) -> Iterator[Phrase]:
    """Say what changed in the rules, each rule once."""
    if change.what == "moved":
        yield look.RULES_MOVED
    elif change.what == "added":
        yield look.RULE_ADDED[change.new["do"]["action"]]
    elif change.what == "removed":
        yield look.RULE_REMOVED
    else:
        yield Phrase(look.RULE_CHANGED.template, {"number": rest[0] + 1})


def _blocks(change: Change, rest: tuple[Any, ...], after: Blueprint) -> Iterator[Phrase]:
    if change.what == "moved" and not rest:
        yield look.PARTS_MOVED
    elif change.what == "removed" and not rest:
        yield look.PART_REMOVED[change.old["type"]]
    elif change.what == "added" and len(rest) == 1:
        yield look.PART_ADDED[change.new["type"]]
    elif len(rest) == 1:
        yield Phrase(look.PART_REPLACED.template, {"part": rest[0] + 1, "title": change.new["title"]})
    elif rest[1] == "title":
        yield Phrase(PART_NAME.template, {"part": rest[0] + 1, "value": change.new})
    else:
        yield from _slot(change, rest, after)


def _slot(change: Change, rest: tuple[Any, ...], after: Blueprint) -> Iterator[Phrase]:
    block = after.blocks[rest[0]]
    name = rest[1]
    if (block.type, name) not in LISTS:
        words = slot_sentence(block.type, name, change.new)
        yield from (words,) if words else ()
    elif len(rest) > 3 or change.what == "set":
        number = rest[2] + 1 if len(rest) > 2 else 1
        yield Phrase(LISTS[block.type, name].changed.template, {"number": number})
    elif change.what == "moved":
        yield LISTS[block.type, name].moved
    else:
        yield how_many(block.type, name, len(getattr(block, name)))
