"""What is locked stays as it is: a plan without what would have changed a locked part."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from studio.blueprints import Blueprint, ProjectDocument, apply, block_title, describe_changes
from studio.blueprints.locked import Spared, locked_blocks, spare
from studio.blueprints.operations import Operation
from studio.builder.plan import Plan
from studio.errors import InputError
from studio.phrases import Phrase, phrase

_PLACE = re.compile(r"^/blocks/(\d+)(.*)$")


def spared_plan(document: ProjectDocument, plan: Plan) -> Plan:
    """Return a plan that leaves the locked parts of a document alone, and says so in one sentence."""
    blueprint, locked = document.blueprint, locked_blocks(document)
    if blueprint is None or not locked:
        return plan
    found = spare(blueprint, plan.operations, locked)
    if not found.locked:
        return plan
    after = apply(blueprint, found.operations).blueprint
    if after == blueprint:
        return Plan(
            action="answer", say=_stays(blueprint, found.locked), planner=plan.planner, model=plan.model
        )
    return dataclasses.replace(
        plan,
        say=_rest_is_done(blueprint, found.locked),
        blueprint=after,
        operations=found.operations,
        changes=describe_changes(blueprint, after),
        origins=_origins(plan.origins, found),
    )


def refuse_locked(document: ProjectDocument, operations: Sequence[Operation]) -> None:
    """Raise InputError if operations would change a locked part of a document."""
    blueprint, locked = document.blueprint, locked_blocks(document)
    if blueprint is None or not locked:
        return
    found = spare(blueprint, operations, locked).locked
    if found:
        raise InputError(
            phrase("“{part}” is locked.", part=str(block_title(blueprint.blocks[found[0]]))),
            kept=phrase("Nothing was changed."),
            next=phrase("Unlock it first: press the lock beside its name."),
        )


def _stays(blueprint: Blueprint, locked: Sequence[int]) -> Phrase:
    if len(locked) > 1:
        return phrase(
            "{count} parts are locked, so they stay as they are until you unlock them.", count=len(locked)
        )
    title = str(block_title(blueprint.blocks[locked[0]]))
    return phrase("“{part}” is locked, so it stays as it is until you unlock it.", part=title)


def _rest_is_done(blueprint: Blueprint, locked: Sequence[int]) -> Phrase:
    if len(locked) > 1:
        return phrase("{count} parts are locked and stay as they are; the rest is done.", count=len(locked))
    title = str(block_title(blueprint.blocks[locked[0]]))
    return phrase("“{part}” is locked and stays as it is; the rest is done.", part=title)


def _origins(origins: Mapping[str, str], found: Spared) -> dict[str, str]:
    """Return where words come from, at the places where their blocks stand without what was left out."""
    kept = {}
    for pointer, source in origins.items():
        match = _PLACE.match(pointer)
        if match is None:
            kept[pointer] = source
            continue
        number = int(match[1])
        place = found.places[number] if number < len(found.places) else None
        if place is not None and place not in found.locked:
            kept[f"/blocks/{place}{match[2]}"] = source
    return kept
