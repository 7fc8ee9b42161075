"""Edits of single slots that have words or numbers of their own: names, buttons, lives, goals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.slots import find_quoted, find_seconds
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, number_of, plain
from studio.phrases import Phrase, phrase

_TO = r"\s*(?:to|into|be|say|is|as|:|a|en|auf|zu)\s+"


@dataclass(frozen=True)
class Slot:
    """Hold one slot that words may fill: whose it is, how it is spoken of, and how the words become a value."""

    kinds: tuple[str, ...]
    signs: str
    field: str
    value: Callable[[str], object | None]
    done: Phrase


def _words(most: int) -> Callable[[str], object | None]:
    def take(text: str) -> object | None:
        quoted = find_quoted(text)
        own = quoted[0] if quoted and text.strip().startswith(("'", '"', "“", "„", "«")) else text
        return fit(own.strip(' .“”"'), most) or None

    return take


def _number(least: int, most: int) -> Callable[[str], object | None]:
    def take(text: str) -> object | None:
        number = number_of(plain(text).split()[0]) if text.split() else None
        return None if number is None else max(least, min(most, number))

    return take


def _icon(text: str) -> object | None:
    return icon_for(text)


def _seconds(text: str) -> object | None:
    value = find_seconds(plain(text))
    return None if value is None else min(1800, value)


_SLOTS = (
    Slot(
        ("picker", "texttool"),
        rf"\bbutton{_TO}(.+)$",
        "button",
        _words(24),
        phrase("The button has new words."),
    ),
    Slot(
        ("pet",), rf"\b(?:name|nombre|nom)\b.*?{_TO}(.+)$", "name", _words(30), phrase("It has a new name.")
    ),
    Slot(
        ("chatbot",),
        rf"\b(?:name|nombre|nom)\b.*?{_TO}(.+)$",
        "name",
        _words(40),
        phrase("It has a new name."),
    ),
    Slot(
        ("chatbot",), rf"\bgreeting\b.*?{_TO}(.+)$", "greeting", _words(160), phrase("The greeting is new.")
    ),
    Slot(
        ("arcade",), r"\b(\d|[a-z]+) lives\b", "lives", _number(1, 9), phrase("The number of lives is new.")
    ),
    Slot(("arcade",), rf"\bplayer\b.*?{_TO}(.+)$", "player", _icon, phrase("The player is another one now.")),
    Slot(
        ("arcade",),
        r"\b(?:win (?:at|with)|goal(?: of| to)?) (\d+)",
        "win",
        _number(0, 500),
        phrase("The goal is new."),
    ),
    Slot(("counter",), r"\bgoal\b\D*(\d+)", "goal", _number(0, 10000), phrase("The goal is new.")),
    Slot(
        ("timer",),
        r"\b(?:break|rest|pause)s?\b(.*\d.*)$",
        "rest",
        _seconds,
        phrase("The break has another length."),
    ),
    Slot(
        ("timer",),
        r"\bsay (.+?) (?:when|at|after)\b",
        "done",
        _words(80),
        phrase("The words at the end are new."),
    ),
    Slot(
        ("note",),
        rf"\b(?:note|text|words|message)\b{_TO}(.+)$",
        "text",
        _words(600),
        phrase("The note has new words."),
    ),
    Slot(
        ("picker",),
        r"\b(?:pick|draw|choose|spin) (?:out )?(\d|[a-z]+) "
        r"(?:people|names|things|at|of|kids|options|children|friends)\b",
        "count",
        _number(1, 6),
        phrase("It picks {value} at a time now."),
    ),
    Slot(
        ("drawing",),
        r"\b(mirror|symmetry)\b",
        "mirror",
        lambda _: True,
        phrase("The drawing has a mirror now."),
    ),
)


def breaks(said: Clause, state: State) -> bool:
    """Change how long a break is; asked before the length of the timer itself."""
    return bool(re.search(r"\b(?:breaks?|rests?)\b", said.plain)) and fields(said, state)


def fields(said: Clause, state: State) -> bool:
    """Fill the slot that a clause names."""
    for slot in _SLOTS:
        match = re.search(slot.signs, said.text, re.IGNORECASE | re.DOTALL)
        place = next((place for place, kind in enumerate(state.kinds) if kind in slot.kinds), None)
        if match is None or place is None:
            continue
        value = slot.value(match[1])
        if value is None or (slot.field == "text" and len(state.kinds) > 1 and "note" not in said.plain):
            continue
        if state.block(place)[slot.field] == value:
            return already(state)
        state.origins.update(
            {f"/blocks/{place}/{slot.field}": "typed"}
            if isinstance(value, str) and slot.field in ("name", "text", "done", "greeting", "button")
            else {}
        )
        done = phrase(slot.done.template, value=value) if "{value}" in slot.done.template else slot.done
        return state.do(done, op="set_field", at=f"b{place + 1}", field=slot.field, value=value)
    return False
