"""Who wrote which words, and which block is which, while blocks and items come, go and move."""

from __future__ import annotations

import difflib
import json
import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any

_ALPHABET = string.ascii_lowercase + string.digits
Origins = dict[str, dict[str, Any]]
PLACEHOLDER = "model:starter"
"""Where words come from that stand there only to hold a place."""


def first_block_ids(count: int) -> list[str]:
    """Return ids for the blocks of a new project."""
    return block_ids_after((), count, [None] * count)


def block_ids_after(
    before: Sequence[str], count: int, origin_of_block: Sequence[int | None] | None
) -> list[str]:
    """Return the ids of `count` blocks: those that stayed keep theirs, new ones get a new one."""
    order = list(range(count)) if origin_of_block is None else list(origin_of_block)
    ids: list[str] = []
    for old in order:
        known = before[old] if old is not None and old < len(before) else ""
        ids.append(known if known and known not in ids else _new_id({*before, *ids}))
    return ids


def _new_id(taken: set[str]) -> str:
    while (made := "".join(secrets.choice(_ALPHABET) for _ in range(8))) in taken:
        pass
    return made


def carried(
    origins: Mapping[str, Mapping[str, Any]],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    origin_of_block: Sequence[int | None],
) -> Origins:
    """Return the origins of the items that are still there, word for word, at their new pointers.

    `before` and `after` are blueprints as plain JSON. An item whose words changed loses its origin:
    whoever changed it says where the new words come from.
    """
    kept: Origins = {}
    for new_block, old_block in enumerate(origin_of_block):
        if old_block is None or old_block >= len(before["blocks"]):
            continue
        old, new = before["blocks"][old_block], after["blocks"][new_block]
        for name in [
            key for key, value in new.items() if isinstance(value, list) and isinstance(old.get(key), list)
        ]:
            for old_index, new_index in _same_items(old[name], new[name]):
                origin = origins.get(f"/blocks/{old_block}/{name}/{old_index}")
                if origin is not None:
                    kept[f"/blocks/{new_block}/{name}/{new_index}"] = dict(origin)
    return kept


def _same_items(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, int]]:
    """Return which item of `old` is which of `new`; an item that moved is found as well."""
    old_keys, new_keys = ([json.dumps(item, sort_keys=True) for item in side] for side in (old, new))
    pairs: dict[int, int] = {}
    for block in difflib.SequenceMatcher(a=old_keys, b=new_keys, autojunk=False).get_matching_blocks():
        pairs.update({block.a + offset: block.b + offset for offset in range(block.size)})
    free = {key: index for index, key in enumerate(new_keys) if index not in pairs.values()}
    for index, key in enumerate(old_keys):
        if index not in pairs and key in free:
            pairs[index] = free.pop(key)
    return sorted(pairs.items())
