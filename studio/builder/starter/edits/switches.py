"""Edits of what a part can choose from: its switches, ways to work, and numbers of its own."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.blueprints.base import Whole
from studio.blueprints.blueprint import BLOCK_CLASSES
from studio.builder.starter import patterns
from studio.builder.starter.edits.assign import set_slot
from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.edits.targets import find_index, find_part
from studio.builder.starter.slots import find_seconds
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import number_of, plain, read, vocabulary
from studio.phrases import phrase

_RULE = patterns.lazy(
    r"\b(?:when|whenever|(?<!ask me )(?<!ask us )(?<!ask )if|every time|each time|wenn|cuando|quand)\b"
)
_MORE = patterns.lazy(r"\b(?:more|extra|another|additional|mas|plus|mehr|higher)\b")
_NOT_HERE = patterns.lazy(
    r"^(?:please )?(?:add|remove|delete)\b|\b(?:don'?t|do not|not) (?:really )?(?:like|want)\b"
)
_PICKS = patterns.lazy(
    r"\b(?:pick|draw|choose|select|spin)\w*\b|\bat (?:once|a time)\b|\btogether\b|\bwinners\b"
)
_LESS = patterns.lazy(r"\b(?:fewer|less|menos|moins|weniger|lower)\b")


@dataclass(frozen=True)
class Switch:
    """Hold words that choose a value for a slot of a kind of part."""

    kind: str
    signs: patterns.Pattern
    slot: str
    value: Any


@functools.cache
def _switches() -> tuple[Switch, ...]:
    return tuple(
        Switch(kind, patterns.lazy(signs), slot, value)
        for kind, signs, slot, value in read("edits.json")["switches"]
    )


def switches(said: Clause, state: State) -> bool:
    """Turn a switch of a part, or choose another way for it to work."""
    if _RULE.search(said.plain) or _NOT_HERE.search(said.plain):
        return False  # "play a bell when ..." is a rule, "add a bell" an item
    words = _wanted(said.plain)
    named = find_part(words, state)
    for switch in _switches():
        if switch.kind not in state.kinds or not switch.signs.search(words):
            continue
        place = named if named is not None and state.kinds[named] == switch.kind else None
        if place is None and named is not None:
            continue
        place = state.kinds.index(switch.kind) if place is None else place
        return set_slot(state, place, switch.slot, switch.value) and _target(switch, said, place, state)
    return False


def _wanted(words: str) -> str:
    """Return plain words without what is quoted and without what is not wanted ("instead of the bell")."""
    words = patterns.sub(r'"[^"]*"', " ", words)
    kept = patterns.sub(r"\b(?:instead of|rather than)\b.*$", "instead", words)
    return kept if len(kept.split()) > 1 else words


def _target(switch: Switch, said: Clause, place: int, state: State) -> bool:
    """Set the language of "translate into French", too."""
    if switch.slot == "job" and switch.value == "translate":
        names = patterns.findall(r"\b(?:to|into|in) ([^\W\d_]+)", said.plain)
        found = next((name for name in names if name in vocabulary().language_names), "")
        if found or not state.block(place)["target"]:
            set_slot(state, place, "target", found.capitalize() or "English")
    return True


def picture(said: Clause, state: State) -> bool:
    """Let the player, the pet or the friend be another picture: "make him a cat", "I want to be a dog"."""
    match = patterns.search(
        r"\b(?:make|turn|change) (?:it|me|him|her|the (?:pet|player|hero|character|animal|robot|bot|"
        r"[a-z]+))(?: in)?(?:to)? (?:be )?an? ([a-z]+)$"
        r"|\b(?:i|we) (?:want|would like)(?: to)? (?:be|play as) (?:an? )?([a-z]+)$|\b"
        r"(?:let me be|play as|i am) (?:an? )?([a-z]+)$",
        said.plain.strip(" .!"),
    )
    word = next((group for group in match.groups() if group), "") if match else ""
    if not word:
        named = patterns.search(
            r"\b(?:make|turn|change) ([^ ]+) (?:in)?to an? ([a-z]+)$", said.plain.strip(" .!")
        )
        friends = [plain(block.name) for block in state.blueprint.blocks if block.type in ("pet", "chatbot")]
        word = named[2] if named and named[1] in friends else ""
    icon = icon_for(word) if word else None
    if icon is None:
        return False
    slots = {"arcade": "player", "pet": "icon", "chatbot": "icon"}
    place = next((place for place, kind in enumerate(state.kinds) if kind in slots), None)
    return place is not None and set_slot(state, place, slots[state.kinds[place]], icon)


def numbers(said: Clause, state: State) -> bool:
    """Set a number that a part has by name: lives, points to win, moves, a goal, decimals."""
    table: Mapping[str, Mapping[str, str]] = read("edits.json")["numbers"]
    if (
        _RULE.search(said.plain)
        or find_seconds(said.plain) is not None
        or patterns.search(r"\bcolou?r|background\b", said.plain)
    ):
        return False
    named = find_part(said.plain, state)
    order = sorted(
        range(len(state.kinds)), key=lambda place: (place != named, state.kinds[place] == "arcade")
    )
    for place in order:
        for slot, nouns in table.get(state.kinds[place], {}).items():
            if slot == "count" and not _PICKS.search(said.plain):
                continue
            number = _number(said.plain, nouns)
            if number is not None:
                return _set_number(state, place, slot, number, said)
    return _starts(said, state)


def _number(words: str, nouns: str) -> int | None:
    number = r"(\d{1,6}|[a-z]+)"
    for pattern in (
        rf"(?<![\w.]){number}(?: more| extra| fewer| less| other)? ?(?:{nouns})(?![\w])",
        rf"\b(?:{nouns}) (?:(?:should|must|to|be|is|of|at|by|a|the|goal|with) )*{number}\b",
    ):
        for match in patterns.finditer(pattern, words):
            value = number_of(match[1])
            if value is not None:
                return value
    if patterns.search(rf"\b(?:an?|another|one more|an extra) (?:extra )?(?:{nouns})\b", words):
        return 1
    return None


def _set_number(state: State, place: int, slot: str, number: int, said: Clause) -> bool:
    kind, now = state.kinds[place], int(_first(state.block(place), slot))
    wanted = number
    if _MORE.search(said.plain) or patterns.search(r"\b(?:add|give (?:me|us) another)\b", said.plain):
        wanted = now + number
    elif _LESS.search(said.plain):
        wanted = now - number
    if kind == "counter" and slot == "step":
        return _steps(state, place, wanted)
    bounds = next(part for part in BLOCK_CLASSES[kind].model_fields[slot].metadata if isinstance(part, Whole))
    value = max(bounds.least, min(bounds.most, wanted))
    if value != wanted:
        state.checks.append(
            phrase(
                "It can be {least} to {most} here, so I used {value}.",
                least=bounds.least,
                most=bounds.most,
                value=value,
            )
        )
    return set_slot(state, place, slot, value)


def _first(block: Mapping[str, Any], slot: str) -> Any:
    return block[slot] if slot in block else block["counters"][0][slot]


def _steps(state: State, place: int, step: int) -> bool:
    step = max(1, min(1000, step))
    rows = [{**row, "step": step} for row in state.block(place)["counters"]]
    done = phrase("Each tap counts {step} now.", step=step)
    for number, row in enumerate(rows, 1):
        state.do(
            done if number == 1 else None,
            op="set_item",
            at=f"b{place + 1}",
            list="counters",
            index=number,
            item=row,
        )
    return True


def _starts(said: Clause, state: State) -> bool:
    """Set where a counter or a number of a calculator begins: "start with 12 people"."""
    match = patterns.search(r"\b(?:start|begin)s? (?:with|at|from) (-?\d{1,5})\b(?: ([a-z ]+))?", said.plain)
    place = next((place for place, kind in enumerate(state.kinds) if kind in ("counter", "calculator")), None)
    if match is None or place is None:
        return False
    name = "counters" if state.kinds[place] == "counter" else "inputs"
    rows = state.block(place)[name]
    around = f"{said.plain[: match.start()]} {match[2] or ''}"
    number = _row(rows, around)
    if number is None:
        return False
    row = {**rows[number], "start": int(match[1])}
    done = phrase("Number {number} starts at {start}.", number=number + 1, start=int(match[1]))
    return state.do(done, op="set_item", at=f"b{place + 1}", list=name, index=number + 1, item=row)


def _row(rows: list[dict[str, Any]], words: str) -> int | None:
    """Return the row whose label shares a word of weight with plain words, or the only one."""
    shared = []
    for row in rows:
        label = set(patterns.findall(r"[a-z]{3,}", str(row["label"]).lower())) - {"number", "team", "the"}
        shared.append(sum(bool(patterns.search(rf"\b{re.escape(word)}\b", words)) for word in label))
    best = max(shared)
    return shared.index(best) if best else 0 if len(rows) == 1 else None


def poll_kind(said: Clause, state: State) -> bool:
    """Choose how a question of a poll is answered: one choice, several, stars, words."""
    if "poll" not in state.kinds:
        return False
    kind = next((kind for kind, signs in _POLL_KINDS if patterns.search(signs, said.plain)), None)
    if kind is None or patterns.search(r"\b(?:add|remove|delete|background|result)", said.plain):
        return False
    place = state.kinds.index("poll")
    questions = state.block(place)["questions"]
    number = find_index(said.plain, "poll", len(questions))
    able = [n for n, one in enumerate(questions, 1) if one["options"] or kind in ("stars", "text")]
    number = number if number in able else next(iter(able), None)
    if number is None:
        return False
    question = questions[number - 1]
    if question["kind"] == kind:
        return already(state)
    done = phrase("Question {number} is answered in another way.", number=number)
    new = {**question, "kind": kind}
    return state.do(done, op="set_item", at=f"b{place + 1}", list="questions", index=number, item=new)


_POLL_KINDS = (
    ("many", r"\b(?:more than one|several|as many|many answers|multiple|all that)\b"),
    ("one", r"\b(?:only|just) (?:one|1)(?: answer| choice| thing)?\b"),
    ("stars", r"\b(?:with|in|give|use|by) (?:a |some |the )?stars\b|\bstar rating\b"),
    (
        "text",
        r"\b(?:write|type) (?:(?:their|an?|your|the|own|free) )*(?:answers?|words?|text)\b|\bin "
        r"(?:their|your) own words\b",
    ),
)
