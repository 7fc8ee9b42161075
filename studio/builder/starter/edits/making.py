"""New items of a list from somebody's own words, and other words for an item that is there."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

from studio.builder.starter import patterns
from studio.builder.starter.edits.spots import Sort, Spot, picture_of, tool_of
from studio.builder.starter.edits.state import State
from studio.builder.starter.lists import read_asked, split_items, split_pair
from studio.builder.starter.recipes.tools import units_for
from studio.builder.starter.slots import find_quoted
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, number_of, plain, read, text
from studio.phrases import phrase

_ANSWERED = patterns.lazy(
    r"^(?:(?:to|on|for)\s+)?[\"'“]?(.+?)[\"'”]?\s*(?:=|->|→|:|,?\s+(?:it|he|she|they)?\s*(?:should\s+|must\s+)?"
    r"(?:says?|answers?|replies|reply|responds?)(?:\s+with)?:?)\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_TO_PAGE = patterns.lazy(
    r"\s+(?:and )?(?:that )?(?:goes|go|leads?|leading|to) (?:to )?(?:page (\d{1,2})|the end)$", re.IGNORECASE
)
_MEANS = patterns.lazy(
    r"^(?:with )?(.+?) (?:is|means|on one side and|on the front and) (.+?)(?: on the (?:other(?: side)?|back))?$",
    re.IGNORECASE,
)
_PACES = (("fast", r"fast|quick\w*"), ("slow", r"slow\w*"), ("normal", r"normal|middle"))


def new_items(spot: Spot, words: str, state: State) -> list[Any]:
    """Return the items that words name for a list, made of the user's own words; empty when there are none."""
    quoted = find_quoted(words)
    sort = spot.sort
    if sort.form == "icon":
        found = [picture_of(part) for part in (quoted or split_items(words))]
        return [icon for icon in found if icon]
    if sort.form == "tool":
        tools = [tool_of(plain(part)) for part in split_items(words)]
        return [tool for tool in tools if tool]
    make = _WHOLE.get((sort.kind, sort.name))
    if make is not None:
        item = make(own(words), state, spot)
        return [item] if item else []
    parts = quoted or split_items(words)
    one = _EACH.get((sort.kind, sort.name))
    if one is not None:
        return [made for part in parts if (made := one(own(part), state))]
    if sort.by and sort.by != ("front", "back") and not _is_pairs(sort):
        return []
    if _is_pairs(sort):
        return _pairs(sort, words, parts, quoted)
    return [fit(part, sort.most) for part in parts]


def set_words(item: Any, sort: Sort, slot: str, words: str) -> Any:
    """Return an item with other words (or another number or picture) in one slot; None when that cannot be."""
    new = own(words)
    if isinstance(item, str):
        return (
            (icon_for(new) if sort.form == "icon" else tool_of(plain(new)) if sort.form == "tool" else None)
            if (sort.form != "words")
            else fit(new, sort.most)
        )
    item = dict(item)
    pair = split_pair(new) if _is_pairs(sort) and not slot_is_back(slot) else None
    if pair:
        first, second = sort.by
        return {**item, first: fit(pair[0], sort.longest(first)), second: fit(pair[1], sort.longest(second))}
    if sort.kind == "quiz" and slot == "ask" and (asked := read_asked(new)):
        item |= {"ask": fit(asked.ask, 160), "right": fit(asked.right, 60), "why": ""}
        item["wrong"] = [fit(word, 60) for word in asked.wrong] or item["wrong"]
        return item
    value = _value(slot, new, sort)
    if value is None:
        return None
    return {**item, slot: value}


def slot_is_back(slot: str) -> bool:
    """Return whether a slot is the far side of a pair, which is changed alone."""
    return slot in ("back", "b", "to")


def own(words: str) -> str:
    """Return somebody's own words: what stands in quotes, else all of it without "please"."""
    quoted = find_quoted(words)
    if quoted and words.strip().startswith(("'", '"', "“", "„", "«", "‘")):
        return quoted[0]
    words = patterns.sub(
        r"\s+(?:please|pls|plz|instead|too|as well|por favor|bitte)\s*[.!]*$",
        "",
        words.strip(' “”"'),
        flags=re.IGNORECASE,
    )
    return words.strip(' “”"')


def _value(slot: str, words: str, sort: Sort) -> Any:
    if slot == "icon":
        return icon_for(words)
    if slot == "note":
        return note_for(plain(words))
    if slot == "drain":
        return next((pace for pace, signs in _PACES if patterns.search(signs, plain(words))), None)
    if slot in ("start", "step"):
        number = number_of(plain(words).split()[0]) if words.split() else None
        return number if slot == "start" or number else None
    if slot == "goto":
        page = patterns.search(r"\d{1,2}", words)
        return f"p{page[0]}" if page else "end" if "end" in plain(words) else None
    return fit(words, sort.longest(slot)) or None


def _is_pairs(sort: Sort) -> bool:
    return (sort.kind, sort.name) in (("flashcards", "cards"), ("memory", "pairs"))


def _pairs(sort: Sort, words: str, parts: tuple[str, ...], quoted: tuple[str, ...]) -> list[dict[str, str]]:
    first, second = sort.by
    found = [split_pair(part) for part in (parts if len(parts) > 1 or quoted else (words,))]
    if not any(found) and sort.kind == "flashcards" and (match := _MEANS.match(words)):
        found = [(match[1], match[2])]
    if not any(found) and len(parts) == 2 and sort.kind == "memory":  # "the pair Spain and Madrid"
        found = [(parts[0], parts[1])]
    if not any(found) and len(quoted) == 2:
        found = [(quoted[0], quoted[1])]
    return [
        {first: fit(pair[0], sort.longest(first)), second: fit(pair[1], sort.longest(second))}
        for pair in found
        if pair
    ]


def _question(words: str, state: State, spot: Spot) -> dict[str, Any] | None:
    asked = read_asked(words.strip(' "“”'))
    if asked is None:
        return None
    wrong = list(asked.wrong) or [text("quiz.wrong", state.language, n=n) for n in (1, 2, 3)]
    if not asked.wrong:
        state.checks.append(
            phrase("Write wrong answers for your question, so that there is something to choose.")
        )
    return {
        "ask": fit(asked.ask, 160),
        "right": fit(asked.right, 60),
        "wrong": [fit(word, 60) for word in wrong],
        "hint": "",
        "why": "",
    }


def _poll_question(words: str, state: State, spot: Spot) -> dict[str, Any]:
    ask, mark, tail = words.partition("?")
    options = list(split_items(tail)) if mark and len(split_items(tail)) >= 2 else []
    if options:
        return {"ask": fit(f"{ask}?", 140), "kind": "one", "options": [fit(one, 40) for one in options[:8]]}
    stars = patterns.search(r"\bstars?\b|\brate\b", plain(words))
    return {"ask": fit(words, 140), "kind": "stars" if stars else "text", "options": []}


def _prompt(words: str, state: State, spot: Spot) -> str:
    return fit(words, spot.sort.most)


def _page(words: str, state: State, spot: Spot) -> dict[str, Any]:
    state.checks.append(
        phrase(
            "No choice leads to the new page yet. Add a choice that goes to page {n}.", n=len(spot.items) + 1
        )
    )
    return {"text": fit(words, 400), "icon": icon_for(words) or "star", "choices": []}


def _choice(words: str, state: State, spot: Spot) -> dict[str, Any]:
    match = _TO_PAGE.search(words)
    goto = f"p{match[1]}" if match and match[1] else "end"
    return {"say": fit(words[: match.start()] if match else words, 80), "goto": goto}


def _reply(words: str, state: State, spot: Spot) -> dict[str, Any] | None:
    match = _ANSWERED.match(words)
    if match is None:
        return None
    keys = [fit(part, 24) for part in (find_quoted(match[1]) or split_items(match[1]))]
    return {"keys": keys[:4], "say": fit(own(match[2]), 200)} if keys else None


def _unit(words: str, state: State, spot: Spot) -> dict[str, Any] | None:
    taken = {(item["frm"], item["to"]) for item in spot.items}
    said = plain(words)

    def hits(pair: tuple[str, str, float, float]) -> int:
        return -sum(
            bool(patterns.search(rf"\b{re.escape(plain(unit).split()[-1].rstrip('s'))}", said))
            for unit in pair[:2]
        )

    for frm, to, factor, offset in sorted(units_for(said), key=hits):
        if (frm, to) not in taken:
            return {"frm": frm, "to": to, "factor": factor, "offset": offset}
    return None


def _need(words: str, state: State) -> dict[str, Any]:
    care, icon = next(
        (
            (care, icon)
            for signs, care, icon in read("edits.json")["cares"]
            if patterns.search(rf"\b(?:{signs})", plain(words))
        ),
        ("Give", icon_for(words) or "heart"),
    )
    return {"label": fit(_raised(words), 20), "care": care, "icon": icon, "drain": "normal"}


def _pad(words: str, state: State) -> dict[str, Any]:
    note = note_for(plain(words)) or "ding"
    icons: Mapping[str, str] = {
        "boing": "ball",
        "whoosh": "cloud",
        "ding": "bell",
        "buzz": "bug",
        "clap": "hand",
    }
    icon = icon_for(words) or icons.get(note, "drum" if note in ("kick", "snare", "hat") else "music")
    return {"label": fit(_raised(words), 20), "icon": icon, "note": note}


def _label(words: str, state: State) -> dict[str, Any]:
    say = fit(text("class.say", state.language, name=words), 120)
    return {"name": fit(words, 30), "icon": icon_for(words) or "star", "say": say}


def _counter(words: str, state: State) -> dict[str, Any]:
    words = patterns.sub(r"^(?:the|a|an) (?=\w)", "", words, flags=re.IGNORECASE)
    return {"label": fit(_raised(words), 30), "icon": icon_for(words) or "star", "start": 0, "step": 1}


def _input(words: str, state: State) -> dict[str, Any]:
    state.checks.append(phrase("The formula does not use the new number yet. Tell me the new formula."))
    return {"label": fit(_raised(words), 40), "unit": "", "start": 1}


def note_for(words: str) -> str | None:
    """Return the sound that plain words name ("whoosh", "a small drum"), or None."""
    for note, signs in _notes():
        if signs.search(words):
            return note
    return None


@functools.cache
def _notes() -> tuple[tuple[str, patterns.Pattern], ...]:
    table = read("edits.json")["notes"].items()
    keys = tuple((name, patterns.lazy(rf"\b{name.lower()}\b")) for name, _ in table)
    return (*keys, *((name, patterns.lazy(rf"\b(?:{signs})\b")) for name, signs in table))


def _raised(words: str) -> str:
    return words[:1].upper() + words[1:]


_WHOLE: Mapping[tuple[str, str], Callable[[str, State, Spot], Any]] = {
    ("quiz", "questions"): _question,
    ("poll", "questions"): _poll_question,
    ("journal", "prompts"): _prompt,
    ("story", "pages"): _page,
    ("story", "pages.choices"): _choice,
    ("chatbot", "replies"): _reply,
    ("converter", "pairs"): _unit,
}
"""Lists whose words make one item: they may hold commas of their own."""
_EACH: Mapping[tuple[str, str], Callable[[str, State], Any]] = {
    ("pet", "needs"): _need,
    ("soundboard", "pads"): _pad,
    ("classifier", "labels"): _label,
    ("counter", "counters"): _counter,
    ("calculator", "inputs"): _input,
}
"""Lists of records: each named thing makes one."""
