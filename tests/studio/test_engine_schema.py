"""Schemas for engines: what cannot be held is refused in words, the rest is understood by every engine."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.blueprints.schemas import schema as master_schema
from studio.engines.schema import prepare, resolve, to_strict
from studio.errors import InputError

MODEL_SCHEMAS = ("blueprint", "blueprint_patch")
WORDS = ["type", "items", "oneOf", "anyOf", "$ref", "properties", "enum", "x"]
QUIZ = {
    "type": "object",
    "properties": {"kind": {"const": "quiz"}, "n": {"type": "integer"}},
    "required": ["kind"],
}
POLL = {"type": "object", "properties": {"kind": {"const": "poll"}}, "required": ["kind"]}


@pytest.mark.parametrize("name", MODEL_SCHEMAS)
def test_the_master_schemas_pass_unchanged_but_for_the_options(name: str) -> None:
    schema = master_schema(name)
    before = json.dumps(schema)
    ready = prepare(schema)
    assert json.dumps(schema) == before
    options = ready.pop("x-guidance")
    assert options["whitespace_flexible"] is False
    assert ready == schema
    assert prepare(prepare(schema)) == prepare(schema)


@pytest.mark.parametrize(
    "part",
    [
        {"not": {"type": "string"}},
        {"if": {"type": "string"}, "then": {"minLength": 3}},
        {"type": "object", "propertyNames": {"maxLength": 3}},
        {"type": "array", "contains": {"const": 1}},
        {"type": "array", "uniqueItems": True},
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        {"type": "object", "unevaluatedProperties": False},
        {"$ref": "https://example.invalid/other"},
        {"$ref": "#/$defs/nowhere"},
        {"$dynamicRef": "#x"},
        {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        {"oneOf": [{"enum": [1, 2]}, {"enum": [2, 3]}]},
        {"oneOf": [QUIZ, {"type": "object"}]},
        {"oneOf": []},
    ],
)
@pytest.mark.parametrize("place", ["root", "property", "item", "definition", "branch"])
def test_what_cannot_be_held_is_refused_wherever_it_stands(part: dict[str, Any], place: str) -> None:
    schema = {
        "root": part,
        "property": {"type": "object", "properties": {"a": part}},
        "item": {"type": "array", "items": part},
        "definition": {"type": "null", "$defs": {"a": part}},
        "branch": {"anyOf": [{"type": "null"}, part]},
    }[place]
    with pytest.raises(InputError) as caught:
        prepare(schema)
    assert "schema" in str(caught.value) and "Nothing was written" in str(caught.value)


def test_names_of_fields_may_be_words_of_the_language() -> None:
    schema = {
        "type": "object",
        "properties": {word: {"type": "string"} for word in ("not", "if", "pattern", "oneOf")},
    }
    assert prepare(schema)["properties"] == schema["properties"]
    strict = to_strict(schema)
    assert strict["required"] == ["not", "if", "pattern", "oneOf"]


@pytest.mark.parametrize(
    "branches",
    [
        [QUIZ, POLL],
        [{"type": "integer"}, {"type": "string"}, {"type": ["null", "boolean"]}],
        [{"const": 1}, {"enum": ["a", 2]}],
        [{"$ref": "#/$defs/quiz"}, {"$ref": "#/$defs/poll"}],
    ],
)
def test_one_of_becomes_any_of_where_no_value_fits_two(branches: list[Any]) -> None:
    schema = {"oneOf": branches, "$defs": {"quiz": QUIZ, "poll": POLL}}
    ready = prepare(schema)
    assert ready["anyOf"] == branches and "oneOf" not in ready


def test_one_of_beside_any_of_keeps_both() -> None:
    ready = prepare(
        {"oneOf": [{"const": 1}, {"const": "a"}], "anyOf": [{"type": "integer"}, {"type": "string"}]}
    )
    for value, fits in ((1, True), ("a", True), (2, False), ("b", False), (None, False)):
        assert jsonschema.Draft202012Validator(ready).is_valid(value) == fits


def test_unknown_formats_and_empty_promises_are_left_out() -> None:
    ready = prepare(
        {"type": "string", "format": "colour", "then": {}, "uniqueItems": False, "minContains": 1}
    )
    assert set(ready) == {"type", "x-guidance"}
    assert prepare({"type": "string", "format": "date"})["format"] == "date"


def test_huge_and_deep_schemas_are_refused() -> None:
    deep: dict[str, Any] = {"type": "null"}
    for _ in range(500):
        deep = {"type": "array", "items": deep}
    wide = {"anyOf": [{"const": number} for number in range(30_000)]}
    for schema in (deep, wide):
        with pytest.raises(InputError):
            prepare(schema)
    loop = {"oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}], "$defs": {}}
    for name, other in (("a", "b"), ("b", "a")):
        loop["$defs"][name] = {
            "type": "object",
            "properties": {"in": {"$ref": f"#/$defs/{other}"}},
            "required": ["in"],
        }
    with pytest.raises(InputError):
        prepare(loop)


@pytest.mark.parametrize("schema", [True, [], "x", {"properties": {"a": 3}}, {"items": {"anyOf": ["x"]}}])
def test_what_is_no_schema_is_refused(schema: Any) -> None:
    with pytest.raises(InputError):
        prepare(schema)


def test_references_are_followed() -> None:
    root = {"$defs": {"a/b": {"$ref": "#/anyOf/1"}, "c d": {"const": 1}}, "anyOf": [{}, {"const": 2}]}
    assert resolve({"$ref": "#/$defs/a~1b"}, root) == {"const": 2}
    assert resolve({"$ref": "#/$defs/c%20d"}, root) == {"const": 1}
    with pytest.raises(InputError):
        resolve({"$ref": "#/x"}, {"x": {"$ref": "#/x"}})


@pytest.mark.parametrize("name", MODEL_SCHEMAS)
def test_strict_schemas_are_closed_and_have_no_lengths(name: str) -> None:
    strict = to_strict(master_schema(name))

    def look(node: Any, inside_names: bool = False) -> None:
        if isinstance(node, dict):
            if not inside_names:
                assert not {"minLength", "maxLength", "pattern", "oneOf", "x-guidance"} & node.keys()
                if "properties" in node:
                    assert node["required"] == list(node["properties"])
                    assert node["additionalProperties"] is False
            for word, part in node.items():
                look(part, word in {"properties", "$defs"} and not inside_names)
        elif isinstance(node, list):
            for part in node:
                look(part)

    look(strict)
    jsonschema.Draft202012Validator.check_schema(strict)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_prepared_or_refused(schema: Any) -> None:
    for make in (prepare, to_strict):
        try:
            made = make(schema)
        except InputError:
            continue
        json.dumps(made)
