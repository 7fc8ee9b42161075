"""Text to typed records and back. What a newer studio wrote and this one does not know is kept aside."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from studio.blueprints import migrations, strict_json
from studio.blueprints.aside import Aside, newer_blueprint, set_aside
from studio.blueprints.blueprint import Blueprint
from studio.blueprints.document import ProjectDocument
from studio.blueprints.operations import OPERATION, Operation, Patch
from studio.blueprints.refusals import refusal
from studio.errors import InputError
from studio.phrases import Phrase, phrase

LARGEST_BLUEPRINT_BYTES = 2_000_000
LARGEST_DOCUMENT_BYTES = 60_000_000

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class Parsed:
    """Hold a blueprint that was read, and what was kept aside on the way."""

    blueprint: Blueprint
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class ParsedDocument:
    """Hold a project document that was read, and what was kept aside on the way."""

    document: ProjectDocument
    aside: tuple[Aside, ...] = ()


def parse(text: str | bytes) -> Parsed:
    """Return the blueprint that the text holds; raise InputError with a reason a child understands."""
    data = _an_object(strict_json.read(text, limit_bytes=LARGEST_BLUEPRINT_BYTES))
    data, aside = _open_blueprint(data, at="")
    return Parsed(_validated(Blueprint, data), tuple(aside))


def parse_patch(text: str | bytes) -> Patch:
    """Return the patch that the text holds; a patch is new, so nothing unknown is let in."""
    return _validated(Patch, _an_object(strict_json.read(text, limit_bytes=LARGEST_BLUEPRINT_BYTES)))


def parse_operation(data: Mapping[str, Any]) -> Operation:
    """Return the operation that plain data describes; raise InputError if it is none."""
    try:
        made: Operation = OPERATION.validate_python(dict(data))
    except ValidationError as error:
        raise refusal(error, data) from None
    return made


def parse_document(text: str | bytes) -> ParsedDocument:
    """Return the project document that the text holds; raise InputError with a reason."""
    data = _an_object(strict_json.read(text, limit_bytes=LARGEST_DOCUMENT_BYTES))
    if data.get("format") != "sprout-project":
        _refuse(phrase("This is not a Sprout project."), f"format is {str(data.get('format'))[:40]!a}")
    data = migrations.migrate(data, migrations.DOCUMENTS)
    aside: list[Aside] = []
    if _is_newer(data):
        aside.append(Aside("/version", data["version"]))
        data = {**data, "version": migrations.NEWEST}
    inner = data.get("blueprint")
    if isinstance(inner, dict):
        opened, kept = _open_blueprint(inner, at="/blueprint")
        data = {**data, "blueprint": opened}
        aside.extend(kept)
    data, kept = set_aside(data, ProjectDocument, at="")
    aside.extend(kept)
    _check_meaning(data)
    return ParsedDocument(_validated(ProjectDocument, _with_block_ids(data)), tuple(aside))


def to_json(model: BaseModel) -> str:
    """Return the canonical text of a model: slots in the order of the schema, maps by name, no spaces."""
    data = model.model_dump(mode="python", by_alias=True)
    if isinstance(model, ProjectDocument):
        for name in ("origins", "assets", "models"):
            data[name] = _by_name(data[name])
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _by_name(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _by_name(value[name]) for name in sorted(value)}
    return [_by_name(part) for part in value] if isinstance(value, list | tuple) else value


def _open_blueprint(data: dict[str, Any], *, at: str) -> tuple[dict[str, Any], list[Aside]]:
    data = migrations.migrate(data, migrations.BLUEPRINTS)
    aside: list[Aside] = []
    newer = _is_newer(data)
    if newer:
        aside.append(Aside(f"{at}/version", data["version"]))
        data = {**data, "version": migrations.NEWEST}
    data, kept = set_aside(data, Blueprint, at=at)
    aside.extend(kept)
    if newer:
        data, kept = newer_blueprint(data, at=at)
        aside.extend(kept)
    return data, aside


def _is_newer(data: Mapping[str, Any]) -> bool:
    version = data.get("version")
    return isinstance(version, int) and not isinstance(version, bool) and version > migrations.NEWEST


def _an_object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        _refuse(phrase("This is not an app."), f"a {type(data).__name__}, not an object")
    return data


def _check_meaning(data: Mapping[str, Any]) -> None:
    """Refuse a document with no app in it; the schema alone lets both places be empty."""
    kind = data.get("kind")
    if (kind == "blueprint" and data.get("blueprint") is None) or (
        kind == "code" and data.get("html") is None
    ):
        _refuse(phrase("There is no app in this project."), f"kind is {kind} and its place is empty")


def _with_block_ids(data: dict[str, Any]) -> dict[str, Any]:
    """Give each block one id of its own: the ids there are stay, missing ones are made from the project's."""
    given, inner = data.get("block_ids"), data.get("blueprint")
    if not isinstance(given, list):
        return data
    blocks = inner.get("blocks") if isinstance(inner, dict) else ()
    count = len(blocks) if isinstance(blocks, list | tuple) else 0
    return {**data, "block_ids": list(mended_block_ids(given, count=count, seed=str(data.get("id"))))}


def mended_block_ids(given: list[Any] | tuple[Any, ...], *, count: int, seed: str) -> tuple[Any, ...]:
    """Return `count` different ids: the given ones in order, then ids made from `seed`."""
    kept: list[Any] = []
    for number in range(count):
        wanted = given[number] if number < len(given) else None
        attempt = 0
        while wanted is None or wanted in kept:
            digest = hashlib.sha256(f"{seed}/{number}/{attempt}".encode()).hexdigest()
            wanted, attempt = digest[:8], attempt + 1
        kept.append(wanted)
    return tuple(kept)


def _validated(model: type[ModelT], data: Mapping[str, Any]) -> ModelT:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise refusal(error, data) from None


def _refuse(what: Phrase, detail: str) -> NoReturn:
    raise InputError(
        what,
        kept=phrase("Nothing was changed."),
        next=phrase("Ask whoever made it for a new copy."),
        detail=detail,
    )
