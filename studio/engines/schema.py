"""A JSON Schema made ready for engines: what they cannot hold an answer to is refused in words.

llguidance (in both local engines) implements most of draft 2020-12 and says so when it meets what it does
not (docs/json_schema.md there; the list below was found by asking version 1.9.1). Imports no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from studio.errors import InputError
from studio.phrases import phrase

Schema = dict[str, Any]

GUIDANCE: Mapping[str, Any] = {
    # A model that likes blanks would write them to the end of its budget.
    "whitespace_flexible": False,
    "item_separator": ",",
    "key_separator": ":",
    # No \u0000 and no half of a surrogate pair: every other letter may stand as it is.
    "json_allowed_escapes": '\\"',
    "coerce_one_of": True,
}
"""What `prepare` adds as "x-guidance"; harmless to servers that know nothing of it."""

_UNSUPPORTED = (
    "not", "if", "propertyNames", "contains", "dependentRequired", "dependentSchemas", "dependencies",
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef",
)  # fmt: skip
_MEANINGLESS = ("then", "else", "minContains", "maxContains")
_FORMATS = frozenset({
    "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri",
})  # fmt: skip
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "$defs", "definitions")
_SINGLES = ("items", "additionalProperties", "additionalItems")
_DEEPEST = 64
_LARGEST = 20_000
_MOST_BRANCHES = 200
_DEEPEST_DIFFERENCE = 4

_DROPPED_BY_STRICT = ("minLength", "maxLength", "pattern", "x-guidance", "$schema", "$id")


def prepare(schema: Mapping[str, Any]) -> Schema:
    """Return a copy that llguidance takes, with its options inside; calling it twice changes nothing more.

    `oneOf` becomes `anyOf` where no value can fit two branches. Formats that llguidance does not know are
    left out (a format is a remark unless asked for, says JSON Schema). Raises InputError otherwise.
    """
    counted = _Counter()
    ready = _rebuilt(schema, lambda node: _prepared(node, schema), counted)
    if not isinstance(ready, dict):
        raise _refusal("", "true")
    ready["x-guidance"] = dict(GUIDANCE)
    return ready


def to_strict(schema: Mapping[str, Any]) -> Schema:
    """Return a copy for servers with OpenAI's strict mode: every property required, every object closed.

    Lengths and patterns are left out, which such servers may refuse: hold the answer to them afterwards.
    """
    strict = _rebuilt(schema, _strict, _Counter())
    if not isinstance(strict, dict):
        raise _refusal("", "true")
    return strict


def resolve(node: Any, root: Mapping[str, Any]) -> Any:
    """Return what a node's `$ref` names, or the node; raise InputError for one that leads nowhere."""
    for _ in range(_DEEPEST):
        if not isinstance(node, Mapping) or "$ref" not in node:
            return node
        node = _at(str(node["$ref"]), root)
    raise _refusal("$ref", "$ref")


# ------------------------------------------------------------ walking


class _Counter:
    def __init__(self) -> None:
        self.left = _LARGEST

    def take(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > _DEEPEST:
            raise InputError(
                phrase("The description of the answer is too large."),
                kept=phrase("Nothing was written."),
                next=phrase("Use a smaller one."),
            )


def _rebuilt(node: Any, change: Callable[[Schema], Schema], counter: _Counter, depth: int = 0) -> Any:
    """Return a deep copy with `change` done to every schema in it, the outer ones last."""
    counter.take(depth)
    if isinstance(node, bool):
        return node
    if not isinstance(node, Mapping):
        raise _refusal("", type(node).__name__)
    made: Schema = {}
    for word, value in node.items():
        if word in _MAPS and isinstance(value, Mapping):
            made[word] = {name: _rebuilt(part, change, counter, depth + 1) for name, part in value.items()}
        elif word in _LISTS and isinstance(value, list):
            made[word] = [_rebuilt(part, change, counter, depth + 1) for part in value]
        elif word in _SINGLES and isinstance(value, (Mapping, bool)):
            made[word] = _rebuilt(value, change, counter, depth + 1)
        else:
            made[word] = value
    return change(made)


def _at(reference: str, root: Mapping[str, Any]) -> Any:
    if reference != "#" and not reference.startswith("#/"):
        raise _refusal("$ref", reference)
    found: Any = root
    for step in reference.split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            raise _refusal("$ref", reference)
    return found


def _refusal(word: str, found: str) -> InputError:
    return InputError(
        phrase("The description of the answer uses something that no model here can be held to."),
        kept=phrase("Nothing was written."),
        next=phrase("Take “{found}” out of the schema and try again.", found=found),
        detail=f"{word}: {found}",
    )


# ------------------------------------------------------------ for llguidance


def _prepared(node: Schema, root: Mapping[str, Any]) -> Schema:
    for word in _UNSUPPORTED:
        if word in node:
            raise _refusal(word, word)
    # these say nothing without the words that were refused above
    for word in _MEANINGLESS:
        node.pop(word, None)
    if node.get("uniqueItems", False):
        raise _refusal("uniqueItems", "uniqueItems")
    node.pop("uniqueItems", None)
    if "$ref" in node:
        _at(str(node["$ref"]), root)
    if node.get("format") not in _FORMATS:
        node.pop("format", None)
    if "oneOf" in node:
        if not _exclusive(node["oneOf"], root):
            raise _refusal("oneOf", "oneOf")
        _as_any_of(node)
    return node


def _as_any_of(node: Schema) -> None:
    branches = node.pop("oneOf")
    if "anyOf" in node:
        node["allOf"] = [*node.get("allOf", ()), {"anyOf": branches}]
    else:
        node["anyOf"] = branches


def _exclusive(branches: Any, root: Mapping[str, Any]) -> bool:
    """Tell whether surely no value fits two of the branches."""
    if not isinstance(branches, list) or not 0 < len(branches) <= _MOST_BRANCHES:
        return False
    found = [resolve(branch, root) for branch in branches]
    return all(
        _apart(first, second, root, 0) for place, first in enumerate(found) for second in found[place + 1 :]
    )


def _apart(first: Any, second: Any, root: Mapping[str, Any], depth: int) -> bool:
    if depth > _DEEPEST_DIFFERENCE or not isinstance(first, Mapping) or not isinstance(second, Mapping):
        return False
    kinds = [_kinds(branch) for branch in (first, second)]
    if kinds[0] and kinds[1] and not kinds[0] & kinds[1]:
        return True
    values = [_values(branch) for branch in (first, second)]
    if values[0] is not None and values[1] is not None and not _share(values[0], values[1]):
        return True
    if kinds != [{"object"}, {"object"}]:
        return False
    needed = set(first.get("required", ())) & set(second.get("required", ()))
    return any(_apart(left, right, root, depth + 1) for left, right in _pairs(first, second, needed, root))


def _pairs(
    first: Mapping[str, Any], second: Mapping[str, Any], names: set[str], root: Mapping[str, Any]
) -> Iterator[tuple[Any, Any]]:
    left, right = first.get("properties", {}), second.get("properties", {})
    for name in sorted(names & left.keys() & right.keys()):
        yield resolve(left[name], root), resolve(right[name], root)


def _kinds(node: Mapping[str, Any]) -> set[str]:
    kind = node.get("type", ())
    kinds = {kind} if isinstance(kind, str) else set(kind)
    return kinds | {"integer"} if "number" in kinds else kinds


def _values(node: Mapping[str, Any]) -> list[Any] | None:
    if "const" in node:
        return [node["const"]]
    values = node.get("enum")
    return values if isinstance(values, list) else None


def _share(left: list[Any], right: list[Any]) -> bool:
    # 1 and True are equal in Python and two values in JSON; calling them shared is the careful side
    return any(value in right for value in left)


# ------------------------------------------------------------ for servers


def _strict(node: Schema) -> Schema:
    for word in _DROPPED_BY_STRICT:
        node.pop(word, None)
    if "oneOf" in node:
        _as_any_of(node)
    if isinstance(node.get("properties"), Mapping):
        node["required"] = list(node["properties"])
        node["additionalProperties"] = False
    return node
