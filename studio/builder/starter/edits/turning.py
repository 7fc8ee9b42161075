"""Turn a part into another kind that can hold the same words: a quiz into cards, a list into a wheel."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from studio.builder.starter.create import read_slots
from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import Asked, Given
from studio.builder.starter.recipes import RECIPES
from studio.builder.starter.vocabulary import fit
from studio.phrases import phrase


def turn(said: Clause, state: State) -> bool:
    """Put another kind in the place of a part and keep the words where the new kind can hold them."""
    match = re.search(
        r"\b(?:turn|change|make|switch|convert|transform) (?:it|this|that|the (?:quiz|cards|flashcards|"
        r"list|checklist|wheel|picker)) "
        r"(?:into |to |in )?(?:an? |some )?([a-z -]+)$|\buse (?:an? )?([a-z -]+) instead$",
        said.plain,
    )
    if match is None:
        return False
    wanted = (match[1] or match[2]).removesuffix(" app").removesuffix(" please").strip()
    kind = next((kind for kind, pattern in part_names().items() if pattern.fullmatch(wanted)), None)
    if kind is None:
        return False
    place = _source(said.plain, kind, state)
    if state.kinds[place] == kind and wanted != "dice":
        return already(state)
    given = _words_of(state.block(place))
    slots = read_slots(said.as_wish(state.language), state.facts, kind=kind, seed=state.seed)
    part = RECIPES[kind](dataclasses.replace(slots, given=given if wanted != "dice" else Given()))
    block = {**part.block, "title": fit(str(state.block(place)["title"]), 60)}
    state.checks.extend(part.checks)
    return state.do(
        phrase("It works in another way now."), op="replace_block", at=f"b{place + 1}", block=block
    )


def _source(words: str, kind: str, state: State) -> int:
    """Return the part that is turned: the first that is not of the wanted kind."""
    named = [
        place for place, own in enumerate(state.kinds) if part_names()[own].search(words) and own != kind
    ]
    return named[0] if named else 0


def _words_of(block: Mapping[str, Any]) -> Given:
    """Return what a block holds as a list that any recipe can take."""
    kind = block["type"]
    if kind == "quiz":
        asked = tuple(Asked(one["ask"], one["right"], tuple(one["wrong"])) for one in block["questions"])
        return Given(asked=asked)
    if kind == "flashcards":
        return Given(pairs=tuple((card["front"], card["back"]) for card in block["cards"]))
    if kind == "memory":
        return Given(pairs=tuple((pair["a"], pair["b"]) for pair in block["pairs"]))
    return Given(items=tuple(block.get("items") or block.get("options") or ()))
