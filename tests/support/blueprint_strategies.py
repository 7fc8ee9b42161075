"""Random blueprints, patches, documents and operations, made from the given JSON schemas.

One generator serves both: hypothesis (`blueprints()`, `operations_for(bp)`) and a seeded `random.Random`
(`Dice(...)`), so that a thousand documents are cheap.

    @given(blueprints())                     any valid blueprint, sound or not
    @given(blueprints(sound=True))           one that `normalise` leaves alone
    @given(st.data())                        data.draw(operations_for(bp)): one to four that can be applied
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import referencing
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from studio.blueprints import (
    Blueprint,
    Operation,
    apply,
    normalise,
    parse_operation,
    schema,
)
from studio.blueprints.limits import list_limits
from studio.errors import InputError

EXAMPLES = Path(__file__).parent / "blueprint_examples"
LETTERS = "abcXYZ 019.,!?'\"\\/<>&{}%éßñ中文اあ🐸👩‍🚀\u0301\u00a0\u200d\u2028\n\t\r\0\x1f\x7f\ufeff"
WORDS = (
    "", "a", "A", "b", "yes", "YES ", "no", "a b", " two  words ", "line\nline", "\n", "\x00", "\u00a0", "🐸🐸",
    "é", "e\u0301", "{title}", "</script>", "long " * 30,
)  # fmt: skip
"""Words that matter to normalise, drawn more often than chance would; an empty one means: make some up."""
PATTERNS: dict[str, tuple[str, int, int]] = {
    "^[abcd0-9+*/(). -]{1,60}$": ("abcd0123456789+*/(). -", 1, 60),
    "^[a-z0-9]{8}$": ("abcz019", 8, 8),
    "^[0-9a-f]{64}$": ("0123456789abcdef", 64, 64),
}


@cache
def example_texts() -> dict[str, str]:
    """Return the text of each given example by the name of its file."""
    return {path.stem: path.read_text("utf-8") for path in sorted(EXAMPLES.glob("[0-9]*.json"))}


def example(start: str) -> Blueprint:
    """Return the example whose file name begins so: `example("01")` is the planet quiz."""
    return Blueprint.model_validate(json.loads(next(EXAMPLES.glob(f"{start}*.json")).read_text("utf-8")))


class Source(Protocol):
    """Be where choices come from."""

    def whole(self, least: int, most: int) -> int: ...

    def text(self, letters: str, least: int, most: int) -> str: ...


class Dice:
    """Take choices from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def whole(self, least: int, most: int) -> int:
        return self.random.choice((least, most, self.random.randint(least, most)))

    def text(self, letters: str, least: int, most: int) -> str:
        size = self.random.choice(
            (least, most, min(most, least + 1), self.random.randint(least, min(most, 20 + least)))
        )
        return "".join(self.random.choice(letters) for _ in range(size))


class Drawn:
    """Take choices from hypothesis."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw

    def whole(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def text(self, letters: str, least: int, most: int) -> str:
        if letters is LETTERS and (ready := self.draw(st.sampled_from(WORDS))) and least <= len(ready):
            return ready[:most]
        return self.draw(st.text(letters, min_size=least, max_size=min(most, least + 8)))


def pick(source: Source, items: Sequence[Any]) -> Any:
    """Return one of the items."""
    return items[source.whole(0, len(items) - 1)]


def make(source: Source, shape: Any, root: Any) -> Any:
    """Return plain data that fits the JSON schema `shape`."""
    if "$ref" in shape:
        name = shape["$ref"]
        if name.startswith("#/$defs/"):
            return make(source, root["$defs"][name.removeprefix("#/$defs/")], root)
        return make(source, schema("blueprint"), schema("blueprint"))
    if "const" in shape:
        return shape["const"]
    if "enum" in shape:
        return pick(source, shape["enum"])
    if "anyOf" in shape:
        return make(source, pick(source, shape["anyOf"]), root)
    return _MAKERS[shape["type"]](source, shape, root)


def _object(source: Source, shape: Any, root: Any) -> dict[str, Any]:
    made = {name: make(source, inner, root) for name, inner in shape.get("properties", {}).items()}
    extra = shape.get("additionalProperties")
    if isinstance(extra, dict):
        for number in range(source.whole(0, 2)):
            made[f"/blocks/{number}/title"] = make(source, extra, root)
    return made


def _array(source: Source, shape: Any, root: Any) -> list[Any]:
    least, most = shape.get("minItems", 0), shape["maxItems"]
    count = source.whole(least, min(most, least + 3))
    if most <= 4 and source.whole(0, 3) == 0:
        count = most
    return [make(source, shape["items"], root) for _ in range(count)]


def _string(source: Source, shape: Any, root: Any) -> str:
    pattern = shape.get("pattern")
    if pattern in PATTERNS:
        return source.text(*PATTERNS[pattern])
    if pattern and pattern.startswith("^[0-9a-f]{8}-"):
        digits = source.text("0123456789abcdef", 32, 32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    if pattern and pattern.startswith("^(typed"):
        return str(pick(source, ("typed", "facts:planets", "model:a/b:c é")))
    return source.text(LETTERS, shape.get("minLength", 0), min(shape["maxLength"], 700))


def _integer(source: Source, shape: Any, root: Any) -> int:
    return source.whole(shape["minimum"], shape["maximum"])


def _number(source: Source, shape: Any, root: Any) -> float:
    least = shape.get("minimum", shape.get("exclusiveMinimum"))
    value = source.whole(int(least) + 1, int(shape["maximum"])) - pick(source, (0, 0.5, 0.25, 0.999))
    return float(value) if source.whole(0, 1) else value


def _boolean(source: Source, shape: Any, root: Any) -> bool:
    return bool(source.whole(0, 1))


def _null(source: Source, shape: Any, root: Any) -> None:
    return None


_MAKERS: dict[str, Callable[[Source, Any, Any], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "null": _null,
}


@st.composite
def blueprints(draw: DrawFn, *, sound: bool = False) -> Blueprint:
    """Return any blueprint that the schema allows; with `sound`, one that `normalise` leaves alone."""
    made = Blueprint.model_validate(make(Drawn(draw), schema("blueprint"), schema("blueprint")))
    return normalise(made) if sound else made


@st.composite
def blueprints_of(draw: DrawFn, kind: str) -> Blueprint:
    """Return a sound blueprint without rules whose first block is of a kind, alone or above a note."""
    root = schema("blueprint")
    made = make(Drawn(draw), root, root)
    kinds = [kind, *draw(st.sampled_from(([], ["note"])))]
    made["blocks"] = [make(Drawn(draw), root["$defs"][f"block_{one}"], root) for one in kinds]
    made["rules"] = []
    return normalise(Blueprint.model_validate(made))


@st.composite
def operations(draw: DrawFn) -> Operation:
    """Return any operation that the schema allows; it need not fit any blueprint."""
    patch = schema("blueprint_patch")
    return parse_operation(make(Drawn(draw), patch["properties"]["ops"]["items"], patch))


def operations_for(
    blueprint: Blueprint, *, least: int = 1, most: int = 4
) -> SearchStrategy[tuple[Operation, ...]]:
    """Return operations that can be applied to the blueprint one after the other."""
    return _operations_for(blueprint, least, most)


@st.composite
def _operations_for(draw: DrawFn, blueprint: Blueprint, least: int, most: int) -> tuple[Operation, ...]:
    source, now = Drawn(draw), blueprint
    made: list[Operation] = []
    for _ in range(draw(st.integers(least, most))):
        operation = one_operation(source, now)
        try:
            now = apply(now, [operation]).blueprint
        except InputError:  # a full list, the last item: take one that always goes
            operation = parse_operation({"op": "set_title", "value": "T" + source.text("abc", 0, 3)})
            now = apply(now, [operation]).blueprint
        made.append(operation)
    return tuple(made)


def one_operation(source: Source, blueprint: Blueprint) -> Operation:
    """Return an operation that names things which are there; a full or a short list may still refuse."""
    patch, root = schema("blueprint_patch"), schema("blueprint")
    shapes = {one["properties"]["op"]["const"]: one for one in patch["properties"]["ops"]["items"]["anyOf"]}
    number = source.whole(0, len(blueprint.blocks) - 1)
    block = blueprint.blocks[number]
    lists = [key for key in list_limits(type(block)) if getattr(block, key)]
    name = _possible(pick(source, tuple(shapes)), lists, blueprint)
    given = {"item", "value"} if name == "set_field" or "item" in name else set()
    data: dict[str, Any] = {
        key: make(source, shape, patch)
        for key, shape in shapes[name]["properties"].items()
        if key not in given
    }
    if "at" in data and name != "add_block":
        data["at"] = f"b{number + 1}"
    slots = root["$defs"][f"block_{block.type}"]["properties"]
    if name == "set_field":
        plain = [key for key in slots if key != "type" and key not in list_limits(type(block))]
        data["field"] = pick(source, plain)
        data["value"] = make(source, slots[data["field"]], root)
    elif "list" in data:
        data["list"] = pick(source, lists)
        data["index"] = source.whole(1, len(getattr(block, data["list"])))
        if name in ("add_item", "set_item"):
            data["item"] = make(source, slots[data["list"]]["items"], root)
    elif "index" in data:
        data["index"] = source.whole(1, max(1, len(blueprint.rules)))
        for half in data.get("rule", {}).values():
            half["block"] = f"b{source.whole(1, len(blueprint.blocks))}"
    return parse_operation(data)


def _possible(name: str, lists: Sequence[str], blueprint: Blueprint) -> str:
    """Return the name of an operation, or of one beside it where there is nothing to work on."""
    if name in ("set_rule", "remove_rule") and not blueprint.rules:
        return "add_rule"
    return "set_field" if name.endswith("_item") and not lists else name


# ---- the judge: jsonschema with the patterns of the standard


def _pattern(validator: Any, pattern: str, instance: Any, shape: Any) -> Any:
    """Match as ECMA-262 does, which JSON Schema refers to: `$` is the end, not before a last newline."""
    import re

    if isinstance(instance, str) and not re.search(pattern.removesuffix("$") + r"\Z", instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@cache
def judge(name: str) -> Any:
    """Return the jsonschema validator of one of the given schemas."""
    resource = referencing.Resource.from_contents(schema("blueprint"))
    registry: Any = referencing.Registry().with_resource(schema("blueprint")["$id"], resource)
    return extend(Draft202012Validator, {"pattern": _pattern})(schema(name), registry=registry)


# ---- damage


STRANGE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.0, 5.0, 1.5, -0.0, 61, 121, 10**9, 10**30, 1e300, "", "1", "b9", "end",
    "x" * 61, "x" * 701, "é" * 60, "🐸" * 61, "a+b\n", "a;b", [], {}, [[]], ["x"], [1], {"type": "quiz"},
    {"type": "no"}, {"type": 1},
)  # fmt: skip


def damaged(dice: Dice, data: Any) -> Any:
    """Return a copy of plain data with one thing in it changed, added or taken away."""
    made = copy.deepcopy(data)
    places = list(_places(made))
    container, key = dice.random.choice(places)
    match dice.random.randint(0, 5):
        case 0 if isinstance(container, dict):
            del container[key]
        case 1 if isinstance(container, dict):
            container["unknown"] = 1
        case 2 if isinstance(container, list):
            container.extend(copy.deepcopy(container[key]) for _ in range(dice.random.choice((1, 7, 41))))
        case 3 if isinstance(container, list):
            del container[key]
        case 4:
            _, other = dice.random.choice(places)
            container[key] = copy.deepcopy(container.get(other)) if isinstance(container, dict) else "other"
        case _:
            container[key] = copy.deepcopy(dice.random.choice(STRANGE))
    return made


def _places(data: Any) -> Any:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in list(items):
        yield data, key
        if isinstance(value, dict | list) and value:
            yield from _places(value)
