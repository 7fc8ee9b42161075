"""The truth guard: a generated question or card that cannot be right is left out, whole. Nothing is patched.

What a person typed is never touched. Where nothing sound is left, a place to write in stands instead.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator, Mapping

from studio.blueprints import Blueprint, Card, Operation, Question, apply, new_item, operation_for
from studio.builder.plan import Plan
from studio.phrases import Phrase, phrase
from studio.projects.origins import PLACEHOLDER

_LISTS = {"quiz": "questions", "flashcards": "cards"}


def guarded(plan: Plan, before: Blueprint | None = None) -> Plan:
    """Return a plan without the generated questions and cards that cannot be right.

    `before` is the app that an edit changes: its operations go on with those that leave the bad ones out.
    """
    if plan.blueprint is None:
        return plan
    bad = bad_items(plan.blueprint, plan.origins)
    if not bad:
        return plan
    operations, origins = _removal(plan.blueprint, plan.origins, bad)
    after = apply(plan.blueprint, operations).blueprint
    return dataclasses.replace(
        plan,
        blueprint=after,
        operations=(*plan.operations, *operations) if before is not None else plan.operations,
        origins=origins,
        checks=(*plan.checks, _left_out(sum(map(len, bad.values())))),
    )


def bad_items(blueprint: Blueprint, origins: Mapping[str, str]) -> dict[int, list[int]]:
    """Return for each quiz and each pile of cards which of its generated items cannot be right (from 0)."""
    found = {}
    for number, block in enumerate(blueprint.blocks):
        name = _LISTS.get(block.type)
        items = getattr(block, name) if name else ()
        made = [
            index
            for index in range(len(items))
            if _generated(origins.get(f"/blocks/{number}/{name}/{index}"))
        ]
        bad = [index for index in made if _is_bad(items[index]) or _said_before(items, index)]
        if bad:
            found[number] = bad
    return found


def _generated(source: str | None) -> bool:
    return source is not None and source != PLACEHOLDER and source.startswith(("facts:", "model:"))


def _is_bad(item: Question | Card) -> bool:
    if isinstance(item, Card):
        return not _key(item.front) or not _key(item.back) or _key(item.front) == _key(item.back)
    answers = [_key(answer) for answer in (item.right, *item.wrong)]
    return not _key(item.ask) or not all(answers) or len(set(answers)) < len(answers)


def _said_before(items: tuple[Question | Card, ...], index: int) -> bool:
    asked = [_key(item.front if isinstance(item, Card) else item.ask) for item in items[: index + 1]]
    return asked[-1] in asked[:-1]


def _key(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def _removal(
    blueprint: Blueprint, origins: Mapping[str, str], bad: Mapping[int, list[int]]
) -> tuple[tuple[Operation, ...], dict[str, str]]:
    """Return what takes the bad items out, and where the words of the others then come from."""
    operations: list[Operation] = []
    told = dict(origins)
    for number, gone in bad.items():
        kind = blueprint.blocks[number].type
        at = f"/blocks/{number}/{_LISTS[kind]}"
        items = list(getattr(blueprint.blocks[number], _LISTS[kind]))
        kept = [index for index in range(len(items)) if index not in gone]
        mine = {index: told.pop(f"{at}/{index}") for index in range(len(items)) if f"{at}/{index}" in told}
        told |= dict(_moved(at, kept, mine)) if kept else {f"{at}/0": PLACEHOLDER}
        left = [items[index] for index in kept] or [new_item(kind, _LISTS[kind])]
        operations += operation_for(blueprint, at, left)
    return tuple(operations), told


def _moved(at: str, kept: list[int], mine: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for place, index in enumerate(kept):
        if index in mine:
            yield f"{at}/{place}", mine[index]


def _left_out(count: int) -> Phrase:
    if count == 1:
        return phrase("1 item was left out, because it could not be right.")
    return phrase("{count} items were left out, because they could not be right.", count=count)
