"""Mend the meaning of a whole blueprint: pure, idempotent, and blind to what is already right."""

from typing import Any

from studio.blueprints.blueprint import BLOCK_CLASSES, AnyBlock, Blueprint
from studio.blueprints.mending.blocks import MENDERS
from studio.blueprints.mending.spare import SPARE
from studio.blueprints.mending.words import line, once
from studio.blueprints.names import KINDS


def normalise(blueprint: Blueprint) -> Blueprint:
    """Return the blueprint with its meaning mended; one that is sound comes back as the same object.

    For what a planner or a stranger made. Edits by hand are not sent through here: somebody who is in
    the middle of writing a question should not see it vanish.
    """
    data = blueprint.model_dump()
    made = data | {
        "title": line(data["title"]) or SPARE["title"],
        "about": line(data["about"]),
        "blocks": [_block(block) for block in data["blocks"]],
    }
    made["rules"] = _rules(data["rules"], len(made["blocks"]))
    mended = Blueprint.model_validate(made)
    return blueprint if mended == blueprint else mended


def normalise_block(block: AnyBlock) -> AnyBlock:
    """Return one block with its meaning mended, as `normalise` does it."""
    mended = BLOCK_CLASSES[block.type].model_validate(_block(block.model_dump()))
    return block if mended == block else mended


def _block(block: dict[str, Any]) -> dict[str, Any]:
    title = line(block["title"]) or str(KINDS[block["type"]].name)
    return MENDERS[block["type"]](block | {"title": title})


def _rules(rules: tuple[dict[str, Any], ...], blocks: int) -> list[dict[str, Any]]:
    """Drop rules about blocks that are not there, and rules that stand twice."""
    there = {f"b{number + 1}" for number in range(blocks)}
    kept = [
        rule | {"do": rule["do"] | {"say": line(rule["do"]["say"])}}
        for rule in rules
        if {rule["when"]["block"], rule["do"]["block"]} <= there
    ]
    return once(kept, lambda rule: (*rule["when"].values(), *rule["do"].values()))
