"""Wishes for a tone, such as funnier or calmer: pictures, sounds and short lines change, nobody's own words."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from studio.builder.starter import patterns
from studio.builder.starter.create import rule
from studio.builder.starter.edits.rules import EVENTS_OF
from studio.builder.starter.edits.state import Clause, State
from studio.builder.starter.vocabulary import read, spoken, text
from studio.phrases import Phrase, phrase

_AROUND = patterns.lazy(
    r"\b(?:please|can|could|you|we|i|want|would|like|make|turn|let|be|should|is|it|this|that|the|app|game|quiz|everything|whole|"
    r"thing|a|an|bit|little|lot|more|much|even|really|very|so|way|super|too|not|enough|and|to|get|all|story|pet|cards|list|"
    r"timer|wheel|mas|plus|mehr|hazlo|ponlo|rends-le|mach|es|etwas|un|poco|peu)\b|[ ,.!'-]"
)
_NOT = patterns.lazy(r"\b(?:not|n't|less|no|too|never|stop)\b")
_MOST_LINES, _MOST_SLOTS = 2, 2
_DONE: Mapping[str, Phrase] = {
    "funny": phrase("It is funnier now."),
    "scary": phrase("It is scarier now."),
    "cute": phrase("It is cuter now."),
    "calm": phrase("It is calmer now."),
    "cool": phrase("It is cooler now."),
}
_HONEST = phrase(
    "I changed pictures, sounds and short lines of mine. Your own words stayed. Only a language model can "
    "write whole sentences anew."
)
_OPPOSITE = {"scary": "calm", "calm": "cool", "funny": "calm"}


@dataclass(frozen=True)
class Tone:
    """Hold the bank of one tone: pictures by the present one, slots of parts, and a rule to add."""

    name: str
    signs: patterns.Pattern
    icons: Mapping[str, str]
    slots: tuple[tuple[str, str, Any], ...]
    rules: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    offer: str


@functools.cache
def _tones() -> Mapping[str, Tone]:
    return {
        name: Tone(
            name=name,
            signs=patterns.lazy(rf"\b(?:{row['signs']})\b"),
            icons=row["icons"],
            slots=tuple((kind, slot, value) for kind, slot, value in row["slots"]),
            rules=tuple((event, action) for event, action in row["rules"]),
            gone=tuple(row["gone"]),
            offer=row["offer"],
        )
        for name, row in read("edits.json")["tones"].items()
    }


def tone(said: Clause, state: State) -> bool:
    """Change the picture, sounds and short lines of the studio's own to a tone."""
    found = next((one for one in _tones().values() if one.signs.search(said.plain)), None)
    if found is None or _AROUND.sub("", found.signs.sub("", said.plain)):
        return False
    if _NOT.search(said.plain):
        found = _tones().get(_OPPOSITE.get(found.name, ""))
        if found is None:
            return False
    before = len(state.operations)
    for operation in _operations(found, state):
        state.do(None, **operation)
    if len(state.operations) == before:
        state.checks.append(phrase("I have nothing more to change for that. Tell me a colour or a picture."))
        return True
    state.changes.append(_DONE[found.name])
    state.checks.append(_HONEST)
    state.guesses.append(found.offer)
    return True


def _operations(found: Tone, state: State) -> Iterator[dict[str, Any]]:
    icon = found.icons.get(state.blueprint.icon, found.icons["*"])
    if icon != state.blueprint.icon:
        yield {"op": "set_icon", "value": icon}
    yield from list(_slots(found, state))[:_MOST_SLOTS]
    yield from list(_lines(found, state))[:_MOST_LINES]
    rules = state.blueprint.rules
    gone = [number for number, one in enumerate(rules, 1) if one.do.action in found.gone]
    if gone:
        yield {"op": "remove_rule", "index": gone[-1]}
    elif len(rules) < 8 and (new := _rule(found, state)) is not None:
        yield {"op": "add_rule", "index": len(rules) + 1, "rule": new}


def _slots(found: Tone, state: State) -> Iterator[dict[str, Any]]:
    for place, kind in enumerate(state.kinds):
        for own, slot, value in found.slots:
            if own == kind and state.block(place)[slot] != value:
                yield {"op": "set_field", "at": f"b{place + 1}", "field": slot, "value": value}


def _lines(found: Tone, state: State) -> Iterator[dict[str, Any]]:
    """Yield new lines for those that the studio wrote itself; what anybody typed is in no bank, and stays."""
    for number, one in enumerate(state.blueprint.rules, 1):
        words = _line(found, one.when.event, state)
        if words and one.do.say and one.do.say != words and spoken(one.do.say):
            new = one.model_dump(mode="json")
            new["do"]["say"] = words
            yield {"op": "set_rule", "index": number, "rule": new}
    for place, kind in enumerate(state.kinds):
        words = _line(found, "done", state)
        if kind == "timer" and state.block(place)["done"] != words and spoken(state.block(place)["done"]):
            yield {"op": "set_field", "at": f"b{place + 1}", "field": "done", "value": words}


def _line(found: Tone, moment: str, state: State) -> str:
    key = {"finish": "win", "right": "win"}.get(moment, moment)
    return text(f"tone.{found.name}.{key}", state.language) if key in ("win", "wrong", "lose", "done") else ""


def _rule(found: Tone, state: State) -> dict[str, Any] | None:
    """Return the first rule of the tone that a part can have and has not."""
    for place, kind in enumerate(state.kinds, 1):
        for event, action in found.rules:
            if event not in EVENTS_OF[kind]:
                continue
            there = any(
                (one.when.block, one.when.event, one.do.action) == (f"b{place}", event, action)
                for one in state.blueprint.rules
            )
            if not there:
                say = _line(found, event, state) if event in ("wrong", "lose", "win") else ""
                return rule(place, event, place, action, say)
    return None
