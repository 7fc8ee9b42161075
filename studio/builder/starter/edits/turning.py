"""Put another kind of part in the place of one: a quiz turned into cards, a timer replaced by a note."""

from __future__ import annotations

import dataclasses

from studio.builder.starter import patterns
from studio.builder.starter.create import read_slots
from studio.builder.starter.edits.blocks import words_of
from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import Given
from studio.builder.starter.recipes import RECIPES, Part
from studio.builder.starter.vocabulary import fit
from studio.phrases import phrase

_TURN = patterns.lazy(
    r"\b(?:turn|change|make|switch|convert|transform) (?:it|this|that|the (?P<old>[a-z ]+?)) "
    r"(?:into |to |in )?(?:an? |some )?(?P<new>[a-z -]+)$|\buse (?:an? )?(?P<use>[a-z -]+) instead$"
)
_REPLACE = (
    patterns.lazy(
        r"\b(?:turn|make|convert|transform) (?:the |my |this )(?P<old>.+?) into (?:(?:an?|some) )?(?P<new>.+)$"
    ),
    patterns.lazy(
        r"\b(?:rather|prefer)(?: have)? (?:(?:an?|the|some) )?(?P<new>.+?) (?:than|to|"
        r"instead of) (?:the |my |this )?(?P<old>.+)$"
    ),
    patterns.lazy(
        r"\b(?:replace|swap|switch|exchange|change) (?:the |my |this )?(?P<old>.+?) (?:with|for|by|to|into|against) "
        r"(?:(?:an?|the|some|my) )?(?P<new>.+)$"
    ),
    patterns.lazy(
        r"\binstead of (?:the |my |this )?(?P<old>.+?),? (?:i |we |give |put |add |make |use |have )(?P<new>.+)$"
    ),
    patterns.lazy(
        r"\b(?:put|i want|i would like|use|make|add|give me|have) (?:an? |some )?"
        r"(?P<new>.+?) instead of (?:the |my |this )?(?P<old>.+)$"
    ),
)
_MODES = patterns.lazy(r"\b(?:stop ?watch|count ?down|pomodoro|spinner|piano|drums?|drum kit|game)\b")
_HOLD_WORDS = frozenset(
    {"quiz", "flashcards", "memory", "checklist", "picker", "poll", "journal", "counter", "note"}
)


def turn(said: Clause, state: State) -> bool:
    """Put another kind in the place of a part; words that the new kind can hold are kept."""
    match = _TURN.search(said.plain)
    if match is not None:
        wanted = (
            (match["new"] or match["use"])
            .removesuffix(" app")
            .removesuffix(" please")
            .removesuffix(" instead")
        )
        kind = next((one for one, names in part_names().items() if names.fullmatch(wanted.strip())), None)
        if kind is not None:
            return _turn(said, kind, match["old"] or "", state, dice=wanted.strip() == "dice")
    for pattern in _REPLACE:
        match = pattern.search(said.plain)
        place = find_part(match["old"], state) if match else None
        kind = _kind(match["new"]) if match else None
        if place is not None and kind is not None and state.kinds[place] != kind:
            return _put(said, kind, place, state)
    return False


def _kind(words: str) -> str | None:
    """Return the kind of part that words name first."""
    found = [(match.start(), kind) for kind, names in part_names().items() if (match := names.search(words))]
    return min(found)[1] if found else None


def _turn(said: Clause, kind: str, old: str, state: State, *, dice: bool) -> bool:
    named = find_part(old, state) if old else None
    if named is None and kind in state.kinds and len(state.kinds) > 1:
        return False
    place = (
        next((number for number, own in enumerate(state.kinds) if own != kind), 0) if named is None else named
    )
    if state.kinds[place] == kind and not dice:
        return not _MODES.search(said.plain) and already(state)
    return _put(said, kind, place, state, keep=not dice)


def _put(said: Clause, kind: str, place: int, state: State, *, keep: bool = True) -> bool:
    before = state.block(place)
    slots = read_slots(said.as_wish(state.language), state.facts, kind=kind, seed=state.seed)
    given = words_of(before) if keep and {kind, str(before["type"])} <= _HOLD_WORDS else Given()
    kept = bool(given.items or given.pairs or given.asked)
    part: Part = RECIPES[kind](dataclasses.replace(slots, given=given if kept or not keep else slots.given))
    block = {**part.block, "title": fit(str(before["title"]), 60)} if kept else part.block
    state.checks.extend(part.checks)
    words = (
        phrase("It works in another way now.") if kept else phrase("Another part stands in its place now.")
    )
    if state.do(words, op="replace_block", at=f"b{place + 1}", block=block) and not kept:
        state.origins.update({f"/blocks/{place}/{path}": origin for path, origin in part.origins.items()})
    return True
