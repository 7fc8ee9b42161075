"""Apply typed edits to a blueprint. Pure: a refused edit leaves nothing half done.

What follows an edit of its own accord, and nothing else does:

- rules name blocks by position, so they follow blocks that move and go with blocks that go;
- choices of a story name pages by position and a formula names numbers by letter: they follow, too;
  a choice that led to a page taken out leads to the end.

Words are never mended here (`normalise` does that), so a slot that was not named keeps its bytes.
A replaced block stands in the same place, so its rules stay and its origin is the block that was there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from pydantic import ValidationError

from studio.blueprints import operations as ops
from studio.blueprints.blueprint import MOST_BLOCKS, MOST_RULES, AnyBlock, Blueprint, Rule
from studio.blueprints.following import follow_items
from studio.blueprints.limits import list_limits
from studio.blueprints.refusals import reason
from studio.errors import InputError
from studio.phrases import Phrase, phrase


@dataclass(frozen=True)
class Applied:
    """Hold the blueprint after some edits, and for each of its blocks where it stood before (from 0)."""

    blueprint: Blueprint
    origin_of_block: tuple[int | None, ...]


def apply(blueprint: Blueprint, operations: Iterable[ops.Operation]) -> Applied:
    """Return the blueprint after the operations, in order; raise InputError and change nothing."""
    now = Applied(blueprint, tuple(range(len(blueprint.blocks))))
    for operation in operations:
        now = _HANDLERS[type(operation)](now, operation)
    return now


def _set_whole(name: str) -> Callable[[Applied, Any], Applied]:
    def handler(now: Applied, operation: Any) -> Applied:
        return _with(now, **{name: operation.value})

    return handler


def _set_theme(name: str) -> Callable[[Applied, Any], Applied]:
    def handler(now: Applied, operation: Any) -> Applied:
        return _with(now, theme=now.blueprint.theme.model_copy(update={name: operation.value}))

    return handler


def _add_block(now: Applied, operation: ops.AddBlock) -> Applied:
    blocks = now.blueprint.blocks
    if len(blocks) >= MOST_BLOCKS:
        _refuse(
            phrase("This app has {most} parts already. More do not fit.", most=MOST_BLOCKS),
            next=phrase("Take one out first."),
        )
    order: list[int | None] = list(range(len(blocks)))
    order.insert(operation.at - 1, None)
    return _reordered(now, order, operation.block)


def _replace_block(now: Applied, operation: ops.ReplaceBlock) -> Applied:
    return _with_block(now, _block_number(now, operation.at), operation.block)


def _remove_block(now: Applied, operation: ops.RemoveBlock) -> Applied:
    number = _block_number(now, operation.at)
    if len(now.blueprint.blocks) == 1:
        _refuse(
            phrase("This is the only part of the app. An app needs one."),
            next=phrase("Add another part first."),
        )
    return _reordered(now, [n for n in range(len(now.blueprint.blocks)) if n != number])


def _move_block(now: Applied, operation: ops.MoveBlock) -> Applied:
    number = _block_number(now, operation.at)
    order: list[int | None] = [n for n in range(len(now.blueprint.blocks)) if n != number]
    order.insert(operation.to - 1, number)
    return _reordered(now, order)


def _reordered(now: Applied, order: Sequence[int | None], new: AnyBlock | None = None) -> Applied:
    """Put the blocks in the order given by their old numbers (None: the new one); rules follow."""
    before = now.blueprint
    blocks = tuple(new if number is None else before.blocks[number] for number in order)
    names = {f"b{old + 1}": f"b{place + 1}" for place, old in enumerate(order) if old is not None}
    rules = tuple(_renamed(rule, names) for rule in before.rules if _names_of(rule, before) <= names.keys())
    origins = tuple(None if number is None else now.origin_of_block[number] for number in order)
    return Applied(before.model_copy(update={"blocks": blocks, "rules": rules}), origins)


def _names_of(rule: Rule, blueprint: Blueprint) -> set[str]:
    """Return the blocks that a rule names and that are there (a name of nothing is not ours to mend)."""
    there = {f"b{number + 1}" for number in range(len(blueprint.blocks))}
    named: set[str] = {rule.when.block, rule.do.block}
    return named & there


def _renamed(rule: Rule, names: dict[str, str]) -> Rule:
    when, do = rule.when, rule.do
    return Rule.model_construct(
        when=when.model_copy(update={"block": names.get(when.block, when.block)}),
        do=do.model_copy(update={"block": names.get(do.block, do.block)}),
    )


def _set_field(now: Applied, operation: ops.SetField) -> Applied:
    number = _block_number(now, operation.at)
    block = now.blueprint.blocks[number]
    if operation.field not in type(block).model_fields or operation.field in list_limits(type(block)):
        _refuse(
            phrase("This part has nothing of that name to set."),
            next=phrase("Pick another thing to change."),
            detail=f"{block.type} has no {operation.field}",
        )
    return _with_slot(now, number, operation.field, operation.value)


def _add_item(now: Applied, operation: ops.AddItem) -> Applied:
    number, items = _list_of(now, operation)
    _, most = list_limits(type(now.blueprint.blocks[number]))[operation.list]
    if len(items) >= most:
        _refuse(
            phrase("This list is full: it has {most} already.", most=most),
            next=phrase("Take one out first."),
        )
    order: list[int | None] = list(range(len(items)))
    order.insert(operation.index - 1, None)
    return _with_items(now, number, operation.list, order, operation.item)


def _set_item(now: Applied, operation: ops.SetItem) -> Applied:
    number, items = _list_of(now, operation)
    place = _item_number(items, operation.index)
    return _with_slot(now, number, operation.list, (*items[:place], operation.item, *items[place + 1 :]))


def _remove_item(now: Applied, operation: ops.RemoveItem) -> Applied:
    number, items = _list_of(now, operation)
    place = _item_number(items, operation.index)
    least, _ = list_limits(type(now.blueprint.blocks[number]))[operation.list]
    if len(items) <= least:
        _refuse(
            phrase("This list needs at least {least}. It cannot get shorter.", least=least),
            next=phrase("Change this one, or add another first."),
        )
    return _with_items(now, number, operation.list, [n for n in range(len(items)) if n != place])


def _move_item(now: Applied, operation: ops.MoveItem) -> Applied:
    number, items = _list_of(now, operation)
    place = _item_number(items, operation.index)
    order: list[int | None] = [n for n in range(len(items)) if n != place]
    order.insert(operation.to - 1, place)
    return _with_items(now, number, operation.list, order)


def _with_items(
    now: Applied, number: int, name: str, order: Sequence[int | None], new: Any = None
) -> Applied:
    block = now.blueprint.blocks[number]
    items = getattr(block, name)
    made = tuple(new if old is None else items[old] for old in order)
    now = _with_slot(now, number, name, made)
    followed = follow_items(now.blueprint.blocks[number], name, order, before=len(items))
    return _with_block(now, number, followed)


def _add_rule(now: Applied, operation: ops.AddRule) -> Applied:
    _check_rule(now, operation.rule)
    rules = list(now.blueprint.rules)
    if len(rules) >= MOST_RULES:
        _refuse(
            phrase("This app has {most} rules already. More do not fit.", most=MOST_RULES),
            next=phrase("Take one out first."),
        )
    rules.insert(operation.index - 1, operation.rule)
    return _with(now, rules=tuple(rules))


def _set_rule(now: Applied, operation: ops.SetRule) -> Applied:
    _check_rule(now, operation.rule)
    place = _item_number(now.blueprint.rules, operation.index)
    rules = now.blueprint.rules
    return _with(now, rules=(*rules[:place], operation.rule, *rules[place + 1 :]))


def _remove_rule(now: Applied, operation: ops.RemoveRule) -> Applied:
    place = _item_number(now.blueprint.rules, operation.index)
    rules = now.blueprint.rules
    return _with(now, rules=rules[:place] + rules[place + 1 :])


def _ask_user(now: Applied, operation: ops.AskUser) -> Applied:
    return now


def _with(now: Applied, **slots: Any) -> Applied:
    return replace(now, blueprint=now.blueprint.model_copy(update=slots))


def _with_block(now: Applied, number: int, block: AnyBlock) -> Applied:
    blocks = now.blueprint.blocks
    return _with(now, blocks=(*blocks[:number], block, *blocks[number + 1 :]))


def _with_slot(now: Applied, number: int, name: str, value: Any) -> Applied:
    """Fill one slot of one block; the block's own model says whether the value fits."""
    block = now.blueprint.blocks[number]
    data = {field: getattr(block, field) for field in type(block).model_fields}
    try:
        made = type(block).model_validate({**data, name: value})
    except ValidationError as error:
        _refuse(
            _WRONG_VALUE[reason(error)] if reason(error) in _WRONG_VALUE else _WRONG_VALUE["type"],
            next=phrase("Try something else."),
            detail=f"/blocks/{number}/{name}: {error.errors(include_url=False)[0]['msg']}",
        )
    return _with_block(now, number, made)


_WRONG_VALUE = {
    "long": phrase("These words are too long for their place."),
    "short": phrase("There have to be some words here."),
    "range": phrase("This number is too small or too big."),
    "choice": phrase("This is not one of the choices."),
    "type": phrase("This does not fit here."),
}


def _block_number(now: Applied, name: str) -> int:
    number = int(name[1:]) - 1
    if number >= len(now.blueprint.blocks):
        _refuse(
            phrase("This app has no part {number}.", number=number + 1),
            next=phrase("Pick a part that is there."),
        )
    return number


def _list_of(now: Applied, operation: Any) -> tuple[int, tuple[Any, ...]]:
    number = _block_number(now, operation.at)
    block = now.blueprint.blocks[number]
    if operation.list not in list_limits(type(block)):
        _refuse(
            phrase("This part has no list of that name."),
            next=phrase("Pick another thing to change."),
            detail=f"{block.type} has no list {operation.list}",
        )
    return number, getattr(block, operation.list)


def _item_number(items: Sequence[Any], index: int) -> int:
    if index > len(items):
        _refuse(
            phrase("There is no number {index} here.", index=index),
            next=phrase("Pick one that is there."),
        )
    return index - 1


def _check_rule(now: Applied, rule: Rule) -> None:
    for name in (rule.when.block, rule.do.block):
        _block_number(now, name)


def _refuse(what: Phrase, *, next: Phrase, detail: str = "") -> NoReturn:
    raise InputError(what, kept=phrase("Nothing was changed."), next=next, detail=detail)


_HANDLERS: dict[type, Callable[[Applied, Any], Applied]] = {
    ops.SetTitle: _set_whole("title"),
    ops.SetIcon: _set_whole("icon"),
    ops.SetAbout: _set_whole("about"),
    ops.SetLanguage: _set_whole("language"),
    ops.SetLayout: _set_whole("layout"),
    ops.SetPalette: _set_theme("palette"),
    ops.SetMode: _set_theme("mode"),
    ops.SetFont: _set_theme("font"),
    ops.SetBackground: _set_theme("background"),
    ops.SetSize: _set_theme("size"),
    ops.AddBlock: _add_block,
    ops.ReplaceBlock: _replace_block,
    ops.RemoveBlock: _remove_block,
    ops.MoveBlock: _move_block,
    ops.SetField: _set_field,
    ops.AddItem: _add_item,
    ops.SetItem: _set_item,
    ops.RemoveItem: _remove_item,
    ops.MoveItem: _move_item,
    ops.AddRule: _add_rule,
    ops.SetRule: _set_rule,
    ops.RemoveRule: _remove_rule,
    ops.AskUser: _ask_user,
}
