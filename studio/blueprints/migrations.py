"""Bring older formats up to today's, one numbered pure step at a time.

`BLUEPRINTS[n]` takes plain data of version n and returns plain data of version n + 1. There is no
older format yet: version 1 is the first. A migration gets its own copy and may change it.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

Migration = Callable[[dict[str, Any]], dict[str, Any]]

NEWEST = 1
BLUEPRINTS: dict[int, Migration] = {}
DOCUMENTS: dict[int, Migration] = {}


def migrate(
    data: dict[str, Any], migrations: Mapping[int, Migration], *, newest: int = NEWEST
) -> dict[str, Any]:
    """Return the data in the newest version; data that names no older version comes back as it is."""
    version = data.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version >= newest:
        return data
    while version < newest and version in migrations:
        data = migrations[version](copy.deepcopy(data))
        version += 1
        data["version"] = version
    return data
