"""The models and the given schemas say the same."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from studio.blueprints import SCHEMAS, Blueprint, Patch, ProjectDocument, schema
from tests.support.blueprint_strategies import Dice, damaged, judge, make

MODELS: dict[str, type[BaseModel]] = {
    "blueprint": Blueprint,
    "blueprint_patch": Patch,
    "project": ProjectDocument,
}
WORDS_ONLY = ("title", "description", "default", "$schema", "$id", "$defs")


def canonical(shape: Any, root: Any) -> Any:
    """Return a schema with its references put in and everything left out that judges nothing."""
    if isinstance(shape, list):
        return [canonical(one, root) for one in shape]
    if not isinstance(shape, dict):
        return shape
    if "$ref" in shape:
        name = shape["$ref"]
        if name.startswith("#/$defs/"):
            return canonical(root["$defs"][name.removeprefix("#/$defs/")], root)
        return canonical(schema("blueprint"), schema("blueprint"))
    made = {key: value for key, value in shape.items() if not says_nothing(key, value, shape)}
    for key, value in made.items():
        if key == "properties":
            made[key] = {name: canonical(inner, root) for name, inner in value.items()}
        elif key == "required":
            made[key] = sorted(value)
        elif key in ("items", "anyOf", "additionalProperties"):
            made[key] = canonical(value, root)
    return made


def says_nothing(key: str, value: Any, shape: dict[str, Any]) -> bool:
    """Tell whether a keyword of a schema judges nothing that the others do not."""
    return (
        key in WORDS_ONLY
        or (key == "type" and ("const" in shape or "enum" in shape))
        or (key == "minLength" and value == 0)
        or (key == "additionalProperties" and value is True)
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_given_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_models_and_given_schemas_are_equal(name: str) -> None:
    ours = MODELS[name].model_json_schema()
    assert canonical(ours, ours) == canonical(schema(name), schema(name))


def test_the_comparison_sees_a_difference() -> None:
    changed = schema("blueprint") | {"required": ["title"]}
    assert canonical(changed, changed) != canonical(schema("blueprint"), schema("blueprint"))


def accepts(model: type[BaseModel], data: Any) -> bool:
    try:
        model.model_validate(data)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("name", "count"), [("blueprint", 500), ("blueprint_patch", 300), ("project", 200)])
def test_models_and_given_schemas_give_the_same_verdict(name: str, count: int) -> None:
    validator, verdicts = judge(name), {True: 0, False: 0}
    for number in range(count):
        dice = Dice(number)
        data = make(dice, schema(name), schema(name))
        for _ in range(number % 3):
            data = damaged(dice, data)
        wanted = validator.is_valid(data)
        assert accepts(MODELS[name], data) == wanted, (number, next(validator.iter_errors(data), None))
        verdicts[wanted] += 1
    assert min(verdicts.values()) > count / 5, verdicts


LEAVES: list[tuple[str, Any, bool]] = [
    ("seconds", 5.0, True),
    ("seconds", 5.5, False),
    ("seconds", True, False),
    ("seconds", "5", False),
    ("seconds", -0.0, True),
    ("seconds", 121, False),
    ("seconds", 10**400, False),
    ("shuffle", 1, False),
    ("shuffle", "true", False),
    ("title", "é" * 60, True),
    ("title", "🐸" * 60, True),
    ("title", "🐸" * 61, False),
    ("title", "", False),
    ("title", 1, False),
    ("title", b"x", False),
    ("feedback", "Instant", False),
    ("feedback", [], False),
]


@pytest.mark.parametrize(("slot", "value", "wanted"), LEAVES)
def test_leaves_are_strict(slot: str, value: Any, wanted: bool) -> None:
    dice = Dice(1)
    data = make(dice, schema("blueprint"), schema("blueprint"))
    data["blocks"] = [make(dice, schema("blueprint")["$defs"]["block_quiz"], schema("blueprint"))]
    data["blocks"][0][slot] = value
    assert accepts(Blueprint, data) is wanted
    if not isinstance(value, bytes):
        assert judge("blueprint").is_valid(data) is wanted


@pytest.mark.parametrize("version", [True, 2, "1", None, [1]])
def test_only_the_number_one_is_version_one(version: Any) -> None:
    data = make(Dice(2), schema("blueprint"), schema("blueprint")) | {"version": version}
    assert not accepts(Blueprint, data)
    assert not judge("blueprint").is_valid(data)


def test_models_are_frozen_and_lists_are_tuples() -> None:
    made = Blueprint.model_validate(make(Dice(3), schema("blueprint"), schema("blueprint")))
    assert isinstance(made.blocks, tuple)
    with pytest.raises(ValidationError):
        made.title = "other"  # type: ignore[misc]
