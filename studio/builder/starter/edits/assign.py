"""Edits of the form "change this to that": the words of an item, a slot, a part."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from annotated_types import MaxLen

from studio.blueprints.blueprint import BLOCK_CLASSES
from studio.blueprints.words.slots import slot_sentence
from studio.builder.starter import patterns
from studio.builder.starter.edits import spots
from studio.builder.starter.edits.items import set_item
from studio.builder.starter.edits.making import own
from studio.builder.starter.edits.spots import Found, Spot
from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.lists import split_items
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, plain, read
from studio.phrases import phrase

_TO = r"(?:(?-i:to say|to be|to read)|to|with|into|by|for|as|say|says|read|a|por|en|par|zu|durch|in|auf)"
_CHANGE = patterns.lazy(
    rf"\b(?:change|replace|make|set|swap|switch|edit|rename|correct|turn|fix|update|cambia|reemplaza|remplace|ändere|"
    rf"andere|ersetze)\s+(.+?)\s+{_TO}\s*:?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CALL = patterns.lazy(
    r"\b(?:call|name|rename)\s+((?:the|my|our|its|his|her)\s+.+?|[\w']+)\s+(?:to\s+|as\s+)?((?-i:(?=[A-ZÀ-Þ\"'“]).+))$",
    re.IGNORECASE | re.DOTALL,
)
_SEES = patterns.lazy(
    r"^(?:when(?:ever)?|if)\s+(?:it|the\s+\w+|you)\s+(?:sees?|spots?|finds?|recogni[sz]es?|hears?|guesses|"
    r"thinks?(?:\s+(?:it\s+is|it's|of))?)\s+(.+?),?\s+(?:(?:then|it|please)\s+)*(?:should\s+|must\s+|can\s+)?"
    r"(?:says?|writes?|shows?|answers?)\s*:?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CALL_ALL = patterns.lazy(
    r"\b(?:call|name|rename)\s+(?:the|my|our|all|both|these)\s+([a-z]+(?:\s[a-z]+)?)\s+(?:to\s+|as\s+)?"
    r"((?-i:(?=[A-ZÀ-Þ\"'“]).+))$",
    re.IGNORECASE | re.DOTALL,
)
_INSTEAD = patterns.lazy(
    r"^(?:please\s+)?(?:ask|say|write|put|use|show)\s+(.+?)\s+instead\s+of\s+(.+)$", re.IGNORECASE | re.DOTALL
)
_COULD = patterns.lazy(
    r"^(?:could|can|should|may|let)\s+(.+?)\s+be\s+(?:called|named)\s+(.+)$", re.IGNORECASE | re.DOTALL
)
_MAKE = patterns.lazy(
    r"\b(?:make|set|write|let)\s+((?:the|its|his|her|my)\s+.{0,30}?(?:answer|reply|button|"
    r"greeting|idea|example|page \d+|"
    r"question \d+|card \d+|(?:first|second|third|fourth|fifth|last) (?:question|card|page|"
    r"prompt)))\s+((?-i:(?=[A-ZÀ-Þ\"'“]).+))$",
    re.IGNORECASE | re.DOTALL,
)
_SHOULD = patterns.lazy(
    r"^(?:please\s+|and\s+)?(.+?)\s+(?:should|must|has\s+to|have\s+to|needs\s+to|is\s+to|shall)\s+(?:now\s+)?"
    r"(?:be\s+called|be\s+named|be|say|read|ask|tell|show)\s*:?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_IS = patterns.lazy(
    r"^(?:please\s+|and\s+)?(.+?)\s+(?:is|are)\s+(?:now\s+)?(?:called\s+|named\s+)?(.+?)(?:\s+(?:now|from\s+now\s+on))?$",
    re.IGNORECASE | re.DOTALL,
)
_USE = patterns.lazy(r"\buse\s+(?:the\s+|this\s+)?(example)\s*:?\s+(.+)$", re.IGNORECASE | re.DOTALL)
_SAYS = patterns.lazy(r"^(?:please\s+)?(.+?)\s+(?:says|reads)\s*:?\s+(.+)$", re.IGNORECASE | re.DOTALL)
_AS = patterns.lazy(
    r"\b(?:use|say|put|take|have|write)\s+(.+?)\s+(?:as|on)\s+(?:the\s+|its\s+|his\s+|her\s+|a\s+)?([\w ]+)$",
    re.IGNORECASE | re.DOTALL,
)
_GREET = patterns.lazy(
    r"\b(greet|say hello|welcome)s?\s+(?:people|me|us|everyone|everybody|them|you)?\s*(?:with|by saying)\s*:?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_COLON = patterns.lazy(r"^([^:?!.]{3,40}):\s+(.+)$", re.DOTALL)
_SIZE = patterns.lazy(
    r"^(?:a (?:bit|little) )?(?:bigger|larger|smaller|large|big|small|huge|tiny|normal|bold)(?: size)?$"
)
_CALLED = patterns.lazy(r"\b(?:call|name|rename|named|called)\b", re.IGNORECASE)
_IS_QUESTION = patterns.lazy(
    r"^(?:make|change|set|put|add|write|call|remove|delete|what|who|how|where|when|why|which|is|"
    r"are|it|this|that|there|my favou?rite)\b"
)


def assign(said: Clause, state: State) -> bool:
    """Write other words, another number or another picture into the place that a clause names."""
    for target, new, sure in _halves(said.text):
        what = plain(target).strip(" .\"'“”")
        if not what or not new.strip() or _SIZE.search(plain(new)):
            continue
        if _subslot(what, new, state) or _numbered(what, new, state) or _slot(what, new, state):
            return True
        if _title(said, what, new, state) or (
            sure and _by_name(target, new, state, should=_SHOULD.search(said.text) is not None)
        ):
            return True
    return False


def slots_first(said: Clause, state: State) -> bool:
    """Fill a slot that is named outright, before any word of the new text is taken for a wish of its own."""
    if _seen(said, state) or _call_all(said, state):
        return True
    for target, new, _ in _halves(said.text):
        what = plain(target).strip(" .\"'“”")
        if (
            not what
            or not new.strip()
            or patterns.search(r"\b(?:note|message|text)\b", what)
            or _SIZE.search(plain(new))
        ):
            continue
        if _slot(what, new, state) or _subslot(what, new, state):
            return True
    return False


def instead(said: Clause, state: State) -> bool:
    """Put words in the place of others that are there: "ask Was it wet? instead of What did you notice?"."""
    match = _INSTEAD.match(said.text)
    return match is not None and _by_name(match[2], match[1], state)


def _seen(said: Clause, state: State) -> bool:
    """Change what is said for a thing that is told apart: "when it sees oak it should say Hello, oak"."""
    match = _SEES.match(said.text)
    for spot in spots.spots(state) if match is not None else ():
        found = spots.find_item(match[1], spot) if match is not None and "say" in spot.sort.parts else None
        if match is not None and found is not None:
            return set_item(found, "say", match[2], state)
    return False


def _call_all(said: Clause, state: State) -> bool:
    """Give every item of a list its name: "call the teams Cats and Dogs"."""
    match = _CALL_ALL.search(said.text)
    names = split_items(match[2]) if match is not None else ()
    for spot in spots.spots(state) if match is not None and len(names) > 1 else ():
        noun = spot.sort.noun.pattern
        if (
            match is None
            or spot.parent is not None
            or spot.sort.form != "words"
            or len(spot.items) != len(names)
            or not patterns.fullmatch(noun, plain(match[1]))
        ):
            continue
        for number, name in enumerate(names, 1):
            set_item(Found(spot, number), spot.sort.key, name, state)
        return True
    return False


def _halves(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what is to be changed and what it is to become, in every way that a clause can be read.

    The last is whether the form asks for a change by itself; "Chi is not here" does not.
    """
    for pattern in (_CHANGE, _CALL, _MAKE, _COULD, _USE, _GREET, _SHOULD, _IS, _SAYS, _COLON):
        match = pattern.search(text)
        if match is None or (pattern in (_IS, _SAYS) and _IS_QUESTION.match(plain(match[1]))):
            continue
        named = pattern is _IS and bool(_CALLED.search(text) or patterns.search(r"\bis now\b", text))
        yield match[1], match[2], named or pattern not in (_IS, _SAYS, _COLON)
    match = _AS.search(text)
    if match is not None:
        yield match[2], match[1], False


def _subslot(what: str, new: str, state: State) -> bool:
    """Change a named slot of an item: "the back of the cat card", "the play button", "answer to hello"."""
    for spot in spots.spoken_of(what, state):
        for slot, signs in spot.sort.parts.items():
            match = signs.search(what)
            if match is None:
                continue
            rest = patterns.sub(
                r"^(?:of|for|on|from) |^(?:the )?'?s? ?",
                "",
                f"{what[: match.start()]} {what[match.end() :]}".strip(),
            )
            rest = (
                patterns.sub(r" (?:of|on|for|from)(?: the)?$|^(?:of|on|for) (?:the )?", "", rest.strip())
                .replace("'s", "")
                .strip()
            )
            found = _found(rest, spot)
            if found is not None and found.number <= len(spot.items):
                return set_item(found, slot, new, state)
    return False


def _found(words: str, spot: Spot) -> Found | None:
    number = spots.find_number(words, spot)
    if number is not None:
        return Found(spot, number)
    found = spots.find_item(words, spot) if words else None
    return found or (Found(spot, 1) if len(spot.items) == 1 and not words else None)


def _numbered(what: str, new: str, state: State) -> bool:
    """Change "question 2" or "the last card"."""
    for spot in spots.spoken_of(what, state):
        if not spot.sort.noun.search(what) or spot.parent is not None:
            continue
        number = spots.find_number(what, spot)
        if number is not None:
            return set_item(Found(spot, number), spot.sort.key, new, state)
    return False


def _slot(what: str, new: str, state: State) -> bool:
    """Fill a slot of a part that goes by a name of its own: "the button", "the greeting", "his name"."""
    part = find_part(what, state)
    places = (
        range(len(state.kinds)) if part is None else sorted(range(len(state.kinds)), key=lambda n: n != part)
    )
    for place in places:
        kind = state.kinds[place]
        for slot, signs in _named_slots(kind).items():
            if not signs.fullmatch(_bare(what, kind)):
                continue
            value = _value(kind, slot, new)
            if value is None:
                continue
            return set_slot(state, place, slot, value)
    return False


def set_slot(state: State, place: int, slot: str, value: Any) -> bool:
    """Fill a slot of a part and say so; the clause was understood."""
    kind, now = state.kinds[place], state.block(place)[slot]
    if now == value and isinstance(value, bool) == isinstance(now, bool):
        return already(state)
    words = slot_sentence(kind, slot, value) or phrase("That is changed.")
    own = isinstance(value, str) and slot in read("edits.json")["words"].get(kind, {})
    if state.do(words, op="set_field", at=f"b{place + 1}", field=slot, value=value) and own:
        state.origins[f"/blocks/{place}/{slot}"] = "typed"
    return True


def _by_name(target: str, new: str, state: State, *, should: bool = False) -> bool:
    """Change the item that goes by these words: "change Peru to Chile", "answer to hello should be Ahoy"."""
    what = plain(target)
    side = patterns.search(r"\s+on the (back|front)$", new, re.IGNORECASE)
    new = new[: side.start()] if side else new
    for spot in spots.spoken_of(what, state):
        found = spots.find_item(patterns.sub(r"^(?:its|his|her) ", "", target), spot)
        if found is None:
            continue
        slot = found.slot if found.slot not in ("keys", "note") else spot.sort.key
        if side and side[1].lower() in spot.sort.parts:
            slot = side[1].lower()
        elif spot.sort.kind == "flashcards" and slot == "front" and should:
            slot = "back"  # "fish should be el pez"
        return set_item(Found(spot, found.number), slot or spot.sort.key, new, state)
    return False


def _title(said: Clause, what: str, new: str, state: State) -> bool:
    """Call a part, a pet or a friend something else."""
    place = find_part(what, state)
    if place is None or not _CALLED.search(said.text) or not _is_part(what, place, state):
        return False
    kind = state.kinds[place]
    if kind in ("pet", "chatbot") and not patterns.search(r"\b(?:part|title|heading)\b", what):
        value = _value(kind, "name", new)
        return value is not None and set_slot(state, place, "name", value)
    if len(state.kinds) < 2 and not patterns.search(r"\b(?:part|heading)\b", what):
        return False
    value = fit(own(new).rstrip("."), 60)
    words = phrase("The part is now called “{title}”.", title=value)
    return state.do(words, op="set_field", at=f"b{place + 1}", field="title", value=value)


def _is_part(what: str, place: int, state: State) -> bool:
    """Return whether plain words name a part and nothing that is in it ("the red team" is in the counter)."""
    words = patterns.sub(r"^(?:the|my|our|its|this) | (?:part|heading|block|title)$", "", what)
    inside = [spots.find_item(words, spot) for spot in spots.spots(state) if spot.place == place]
    return not any(
        one is not None and words in dict.fromkeys(name for _, name in one.spot.names(one.number - 1))
        for one in inside
    )


@functools.cache
def _named_slots(kind: str) -> Mapping[str, patterns.Pattern]:
    data = read("edits.json")
    rows = {**data["words"].get(kind, {}), **data["icons"].get(kind, {})}
    return {slot: patterns.lazy(rf"(?:{signs})") for slot, signs in rows.items()}


def _bare(what: str, kind: str) -> str:
    """Return "name" of "the name of the frog", "the robot's name" and "his name"."""
    what = patterns.sub(r"^(?:the|its|his|her|their|my|our|a|an) (?:new )?", "", what)
    what = patterns.sub(r"^[\w ]+?'s? (?=\w)", "", what)
    what = patterns.sub(r" (?:of|on|in|for|under) (?:the|my|its) [\w ]+$", "", what)
    return patterns.sub(r"(?<=[a-z]{4}) (?:text|words?|label|message)$", "", what)


def _value(kind: str, slot: str, new: str) -> Any:
    """Return the words as the slot takes them, or None."""
    if slot in ("player", "icon"):
        return icon_for(new)
    words = own(new)
    if slot == "formula":
        formula = plain(words).replace("×", "*").replace("x", "*").replace("÷", "/").replace(":", "/")
        return formula if patterns.fullmatch(r"[abcd0-9+*/(). -]{1,60}", formula) else None
    field = BLOCK_CLASSES[kind].model_fields[slot]
    most = next((int(part.max_length) for part in field.metadata if isinstance(part, MaxLen)), 60)
    return (
        fit(
            words
            if slot in ("greeting", "text", "persona", "button", "prompt", "example", "done")
            else words.rstrip("."),
            most,
        )
        or None
    )
