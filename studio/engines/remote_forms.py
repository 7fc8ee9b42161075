"""Find the JSON in what a server said, and mend what is easily mended.

A server that does not hold to a schema answers with prose around the JSON, with fences, with thoughts
aloud, with a list that is one too long. All of this is forgiven here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from studio.engines.schema import resolve

LONGEST_ANSWER = 1_000_000
"""Characters; nothing that the studio asks for comes near."""

_DEEPEST = 64
_MOST_STARTS = 64
_THOUGHTS = re.compile(r"<(think|thinking|reasoning|thought)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```[A-Za-z0-9_-]*[ \t]*\n(.*?)```", re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)

NOTHING = object()
"""What `find_json` returns when there is none; None is JSON's null."""


def find_json(text: str) -> Any:
    """Return the value of the JSON in `text`, or NOTHING.

    Whole answers come first, then what stands in fences, then the longest object or list that
    begins anywhere.
    """
    if len(text) > LONGEST_ANSWER:
        return NOTHING
    spoken = _THOUGHTS.sub("", text)
    # The opening tag may have been part of the prompt.
    spoken = re.split(r"</(?:think|thinking|reasoning|thought)>", spoken, flags=re.IGNORECASE)[-1].strip()
    for piece in (spoken, *(match.group(1) for match in _FENCE.finditer(spoken))):
        value = _read(piece.strip())
        if value is not NOTHING:
            return value
    return _longest(_without_trailing_commas(spoken))


def _read(piece: str) -> Any:
    try:
        return _sound(json.loads(_without_trailing_commas(piece), parse_constant=_no_constant))
    except (ValueError, RecursionError):
        return NOTHING


def _longest(text: str) -> Any:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    best, best_length, position = NOTHING, 0, 0
    for _ in range(_MOST_STARTS):
        starts = [place for place in (text.find("{", position), text.find("[", position)) if place >= 0]
        if not starts:
            break
        start = min(starts)
        try:
            value, end = decoder.raw_decode(text, start)
            value = _sound(value)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        if end - start > best_length:
            best, best_length = value, end - start
        position = end
    return best


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(lambda match: match.group(1) or "", text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _sound(value: Any, depth: int = 0) -> Any:
    """Return `value`; ValueError for numbers without end, half letters and endless nesting."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        value.encode("utf-8")  # UnicodeEncodeError is a ValueError
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number without end")
    elif isinstance(value, dict):
        for key, part in value.items():
            key.encode("utf-8")
            _sound(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _sound(part, depth + 1)
    return value


def to_text(value: Any) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# ------------------------------------------------------------ the form


def fitted(schema: Mapping[str, Any], value: Any) -> Any:
    """Return `value` with what is easily mended set right; the rest stays as it is.

    Texts and lists are cut, numbers brought inside their bounds, unknown fields dropped, capitals of
    choices corrected. Whether it fits then is for `studio.engines.answers.problem` to say.
    """
    return _Form(schema).fitted(schema, value, 0)


class _Form:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def _meant(self, schema: Any) -> Mapping[str, Any]:
        """Follow references inside the schema."""
        found = resolve(schema, self._root)
        return found if isinstance(found, Mapping) else {}

    @staticmethod
    def _item_schemas(schema: Mapping[str, Any], value: list[Any]) -> list[tuple[Any, Any]]:
        first = list(schema.get("prefixItems", ()))[: len(value)]
        rest = [schema.get("items", True)] * (len(value) - len(first))
        return list(zip([*first, *rest], value, strict=True))

    def fitted(self, schema: Any, value: Any, depth: int) -> Any:
        schema = self._meant(schema)
        if depth > _DEEPEST:
            return value
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                value = self.fitted(self._branch(schema[keyword], value), value, depth + 1)
        for part in schema.get("allOf", ()):
            value = self.fitted(part, value, depth + 1)
        if isinstance(value, dict):
            properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
            return {
                name: self.fitted(properties.get(name, others), part, depth + 1)
                for name, part in value.items()
                if name in properties or others is not False
            }
        if isinstance(value, list):
            kept = value[: schema["maxItems"]] if isinstance(schema.get("maxItems"), int) else value
            return [self.fitted(part, item, depth + 1) for part, item in self._item_schemas(schema, kept)]
        return _fitted_scalar(schema, value)

    def _branch(self, branches: Any, value: Any) -> Any:
        """Return the choice whose fixed fields agree with `value`, else the first of its kind."""
        alike = [part for part in branches if _may_be(self._meant(part), value)]
        if isinstance(value, dict):
            for part in alike:
                properties = self._meant(part).get("properties", {})
                fixed = {
                    name: self._meant(field)["const"]
                    for name, field in properties.items()
                    if "const" in self._meant(field)
                }
                if fixed and all(value.get(name) == wanted for name, wanted in fixed.items()):
                    return part
        return alike[0] if alike else True


_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def _may_be(schema: Mapping[str, Any], value: Any) -> bool:
    """Tell whether `value` is of the type that a schema names, if it names one."""
    wanted = schema.get("type", ())
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return not kinds or "boolean" in kinds
    return not kinds or any(isinstance(value, _KINDS.get(kind, ())) for kind in kinds)


def _fitted_scalar(schema: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, str):
        choices = [choice for choice in schema.get("enum", ()) if isinstance(choice, str)]
        if choices and value not in choices:
            return next((c for c in choices if c.casefold() == value.strip().casefold()), value)
        return value[: schema["maxLength"]] if isinstance(schema.get("maxLength"), int) else value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = max(value, schema.get("minimum", value))
        return min(value, schema.get("maximum", value))
    return value
