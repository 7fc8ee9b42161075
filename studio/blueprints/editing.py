"""Turn one edit by hand, a JSON pointer and its new value, into operations.

What becomes of what:

    operation_for(blueprint, "/theme/palette", "ocean")            set_palette
    operation_for(blueprint, "/blocks/0/questions/2/ask", "Why?")  set_item with the rest as it was
    operation_for(blueprint, "/blocks/0/questions/-", item)        add_item at the end
    operation_for(blueprint, "/blocks/0/options", ["a", "b"])      the items set, added and taken out
    operation_for(blueprint, "/rules/-", rule)                     add_rule
"""

from collections.abc import Iterable
from typing import Any, NoReturn

from pydantic import BaseModel

from studio.blueprints.blueprint import Blueprint
from studio.blueprints.changes import align
from studio.blueprints.limits import list_limits
from studio.blueprints.operations import Operation
from studio.blueprints.parsing import parse_operation
from studio.blueprints.pointers import position, steps
from studio.errors import InputError
from studio.phrases import phrase

_WHOLE = frozenset({"title", "icon", "about", "language", "layout"})


def operation_for(blueprint: Blueprint, pointer: str, value: Any) -> tuple[Operation, ...]:
    """Return the operations that put `value` at `pointer`; raise InputError where that cannot be.

    `value` is plain data or a model. `-` at the end of a pointer means a new last item. Nothing is
    applied: `apply` still says whether the value fits.
    """
    try:
        made = _operations(blueprint, steps(pointer), _plain(value))
    except (LookupError, ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        _refuse(pointer, str(error))
    return tuple(parse_operation(one) for one in made)


def _operations(blueprint: Blueprint, path: tuple[str, ...], value: Any) -> Iterable[dict[str, Any]]:
    match path:
        case (name,) if name in _WHOLE:
            return [{"op": f"set_{name}", "value": value}]
        case ("theme",) if isinstance(value, dict):
            return [{"op": f"set_{name}", "value": part} for name, part in value.items()]
        case ("theme", name) if name in type(blueprint.theme).model_fields:
            return [{"op": f"set_{name}", "value": value}]
        case ("rules",):
            return _whole_list(_plain(blueprint.rules), value, "rule", {})
        case ("rules", *rest):
            return _rule(_plain(blueprint.rules), rest, value)
        case ("blocks", "-"):
            return [{"op": "add_block", "at": len(blueprint.blocks) + 1, "block": value}]
        case ("blocks", place):
            return [{"op": "replace_block", "at": _name(blueprint, place), "block": value}]
        case ("blocks", place, slot, *rest):
            return _block(blueprint, place, slot, rest, value)
    raise LookupError("nothing there to set")


def _rule(rules: list[Any], rest: list[str], value: Any) -> list[dict[str, Any]]:
    place, *inside = rest
    if place == "-":
        return [{"op": "add_rule", "index": len(rules) + 1, "rule": value}]
    number = _there(rules, place)
    return [{"op": "set_rule", "index": number + 1, "rule": _replaced(rules[number], inside, value)}]


def _block(blueprint: Blueprint, place: str, slot: str, rest: list[str], value: Any) -> list[dict[str, Any]]:
    name = _name(blueprint, place)
    block = blueprint.blocks[position(place)]
    if slot == "type" or slot not in type(block).model_fields:
        raise LookupError(f"no slot {slot!r}")
    target = {"at": name, "list": slot}
    if slot not in list_limits(type(block)):
        if rest:
            raise LookupError("nothing below a plain slot")
        return [{"op": "set_field", "at": name, "field": slot, "value": value}]
    items = _plain(getattr(block, slot))
    if not rest:
        return _whole_list(items, value, "item", target)
    if rest == ["-"]:
        return [{"op": "add_item", **target, "index": min(len(items) + 1, 40), "item": value}]
    number = _there(items, rest[0])
    item = _replaced(items[number], rest[1:], value)
    return [{"op": "set_item", **target, "index": number + 1, "item": item}]


def _whole_list(old: list[Any], new: Any, what: str, target: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what turns one list into another.

    Where items only came or only went, exactly these are named. Else each place is set on its own and
    the end is made longer or shorter, which never leaves the bounds of the list on the way.
    """
    if not isinstance(new, list):
        raise TypeError("not a list")
    pairs = align(old, new)
    gone = [left for left, right in pairs if right is None and left is not None]
    come = [right for left, right in pairs if left is None and right is not None]
    if gone and come:
        pairs = [(place, place) for place in range(min(len(old), len(new)))]
        gone, come = list(range(len(new), len(old))), list(range(len(old), len(new)))
    changed = [
        (left, right)
        for left, right in pairs
        if left is not None and right is not None and old[left] != new[right]
    ]
    made = [{"op": f"set_{what}", **target, "index": left + 1, what: new[right]} for left, right in changed]
    made += [{"op": f"remove_{what}", **target, "index": left + 1} for left in reversed(gone)]
    made += [{"op": f"add_{what}", **target, "index": right + 1, what: new[right]} for right in come]
    return made


def _replaced(data: Any, path: list[str], value: Any) -> Any:
    """Return plain data with the value put at the path inside it."""
    if not path:
        return value
    step, *rest = path
    if isinstance(data, dict) and step in data:
        return {**data, step: _replaced(data[step], rest, value)}
    if isinstance(data, list) and step == "-" and not rest:
        return [*data, value]
    if isinstance(data, list):
        number = _there(data, step)
        return [*data[:number], _replaced(data[number], rest, value), *data[number + 1 :]]
    raise LookupError(f"nothing at {step!r}")


def _there(items: list[Any], step: str) -> int:
    number = position(step)
    if number >= len(items):
        raise LookupError(f"no item {number}")
    return number


def _name(blueprint: Blueprint, place: str) -> str:
    number = position(place)
    if number >= len(blueprint.blocks):
        raise LookupError(f"no block {number}")
    return f"b{number + 1}"


def _plain(value: Any) -> Any:
    """Return plain data: models as dicts, tuples as lists."""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _refuse(pointer: str, why: str) -> NoReturn:
    raise InputError(
        phrase("This cannot be changed."),
        kept=phrase("Nothing was changed."),
        next=phrase("Pick another thing to change."),
        detail=f"{pointer}: {why}",
    ) from None
