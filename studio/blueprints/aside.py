"""Keep aside what a newer studio wrote: it is not lost, and it does nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from studio.blueprints.blueprint import BLOCK_CLASSES, MOST_BLOCKS, MOST_RULES, Blueprint
from studio.blueprints.pointers import Step, pointer
from studio.blueprints.refusals import place


@dataclass(frozen=True)
class Aside:
    """Hold one value that was not understood, and the pointer to where it stood."""

    pointer: str
    value: Any


NEWER_CARD: Mapping[str, Any] = {
    "type": "note",
    "title": "Something new",
    "text": "This part needs a newer Sprout Studio.",
    "icon": "gift",
    "style": "card",
}
"""What stands in the place of a block of an unknown type, so that all others keep their position."""

_DEFAULTS: Mapping[str, Any] = {
    "language": "en",
    "icon": "star",
    "layout": "stack",
    "palette": "school",
    "mode": "light",
    "font": "round",
    "background": "plain",
    "size": "normal",
}


def set_aside(data: dict[str, Any], model: type[BaseModel], *, at: str) -> tuple[dict[str, Any], list[Aside]]:
    """Return the data without unknown fields and unknown blocks, and these with their pointers."""
    kept: list[Aside] = []
    return _known(data, model, at, kept), kept


def _known(value: Any, shape: Any, at: str, kept: list[Aside]) -> Any:
    kind, inside = _shape(shape)
    if kind == "model" and isinstance(value, dict):
        return _known_fields(value, inside, at, kept)
    if kind == "list" and isinstance(value, list):
        return [_known(part, inside, f"{at}/{place}", kept) for place, part in enumerate(value)]
    if kind == "map" and isinstance(value, dict):
        return {name: _known(part, inside, at + pointer([name]), kept) for name, part in value.items()}
    if kind == "block" and isinstance(value, dict):
        return _known_block(value, at, kept)
    return value


def _known_fields(
    value: dict[str, Any], model: type[BaseModel], at: str, kept: list[Aside]
) -> dict[str, Any]:
    fields = _fields(model)
    made = {}
    for name, part in value.items():
        here = at + pointer([name])
        if name in fields:
            made[name] = _known(part, fields[name], here, kept)
        else:
            kept.append(Aside(here, part))
    return made


def _known_block(value: dict[str, Any], at: str, kept: list[Aside]) -> dict[str, Any]:
    name = value.get("type")
    if not isinstance(name, str):
        return value
    if name not in BLOCK_CLASSES:
        kept.append(Aside(at, value))
        return dict(NEWER_CARD)
    return _known_fields(value, BLOCK_CLASSES[name], at, kept)


@cache
def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


@cache
def _shape(annotation: Any) -> tuple[str, Any]:
    """Return what may hold unknown fields: a model, a list, a map, a block, or nothing of these."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(inside[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "model", annotation
    if origin is tuple:
        return "list", inside[0]
    if origin is not None and origin is not Literal and _is_map(origin):
        return "map", inside[1]
    if origin in (Union, UnionType):
        models = [part for part in inside if _shape(part)[0] == "model"]
        if set(models) == set(BLOCK_CLASSES.values()):
            return "block", None
        return ("model", models[0]) if len(models) == 1 else ("plain", None)
    return "plain", None


def _is_map(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def newer_blueprint(data: dict[str, Any], *, at: str) -> tuple[dict[str, Any], list[Aside]]:
    """Return as much of a newer blueprint as this studio can show; the rest is kept aside.

    A block that does not fit becomes a card, a rule is left out, a look falls back to a plain one. What
    can be replaced by nothing (a missing title) is left, and the reader refuses it.
    """
    data, kept = dict(data), []
    for name, most in (("blocks", MOST_BLOCKS), ("rules", MOST_RULES)):
        if isinstance(data.get(name), list):
            kept += [Aside(f"{at}/{name}/{most + n}", value) for n, value in enumerate(data[name][most:])]
            data[name] = data[name][:most]
    wrong = _wrong_places(data)
    gone = set()
    for steps in wrong:
        match steps:
            case ("blocks", int(number), *_) if isinstance(data["blocks"][number], dict):
                kept.append(Aside(f"{at}/blocks/{number}", data["blocks"][number]))
                data["blocks"] = [*data["blocks"]]
                data["blocks"][number] = dict(NEWER_CARD)
            case ("rules", int(number), *_):
                kept.append(Aside(f"{at}/rules/{number}", data["rules"][number]))
                gone.add(number)
            case ("theme", str(name)) if name in _DEFAULTS and isinstance(data["theme"], dict):
                kept.append(Aside(f"{at}/theme/{name}", data["theme"].get(name)))
                data["theme"] = {**data["theme"], name: _DEFAULTS[name]}
            case (str(name),) if name in _DEFAULTS and name in data:
                kept.append(Aside(f"{at}/{name}", data[name]))
                data[name] = _DEFAULTS[name]
    if gone:
        data["rules"] = [rule for number, rule in enumerate(data["rules"]) if number not in gone]
    return data, kept


def _wrong_places(data: dict[str, Any]) -> Sequence[tuple[Step, ...]]:
    """Return where the data does not fit, each part of a list once."""
    try:
        Blueprint.model_validate(data)
    except ValidationError as error:
        places = (place(one["loc"], data) for one in error.errors(include_url=False))
        return tuple(dict.fromkeys(where[:2] for where in places))
    return ()
