"""The given JSON schemas: the master for models, servers and other programs."""

import json
from functools import cache
from typing import Any

import resources

SCHEMAS = ("blueprint", "blueprint_patch", "project")


@cache
def schema(name: str) -> dict[str, Any]:
    """Return one of SCHEMAS as plain data (shared: not to be changed); raise LookupError for another."""
    if name not in SCHEMAS:
        raise LookupError(f"no schema {name!r}")
    text = (resources.folder() / "schemas" / f"{name}.schema.json").read_text("utf-8")
    made: dict[str, Any] = json.loads(text)
    return made
