"""The lists of an open app: each one that words can add to, change or take from, also lists inside items."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotated_types import MaxLen

from studio.blueprints.blueprint import BLOCK_CLASSES
from studio.blueprints.limits import item_model
from studio.blueprints.words.choices import ICONS
from studio.builder.starter import patterns
from studio.builder.starter.edits.state import State
from studio.builder.starter.edits.targets import ORDINAL, ORDINALS, find_part
from studio.builder.starter.kinds import part_names
from studio.builder.starter.topics import icon_for, singular
from studio.builder.starter.vocabulary import number_of, plain, read
from studio.phrases import Phrase, phrase

_ARTICLE = patterns.lazy(r"^(?:the|a|an|any|my|our|its|his|her|some|el|la|los|las|le|les|der|die|das|den) ")
_AROUND = r"(?:about|called|named|that says|which says|with|of|for|to|saying)"


@dataclass(frozen=True)
class Sort:
    """Hold what the data says about one list: how its items are spoken of, named and made.

    `form` is "words" (plain or records with words), "icon" or "tool"; `key` is the slot of a record
    that holds its words (empty: the item is the words); `by` are the slots that name a record.
    """

    kind: str
    name: str
    noun: patterns.Pattern
    key: str
    most: int
    by: tuple[str, ...]
    parts: Mapping[str, patterns.Pattern]
    form: str

    def longest(self, slot: str) -> int:
        """Return how many letters a slot of an item may have; 0 where it holds no words."""
        outer, _, inner = self.name.partition(".")
        model = item_model(BLOCK_CLASSES[self.kind], outer)
        if model is not None and inner:
            model = item_model(model, inner)
        if model is None or slot not in model.model_fields:
            return self.most
        found = [part.max_length for part in model.model_fields[slot].metadata if isinstance(part, MaxLen)]
        return int(found[0]) if found else 0


@dataclass(frozen=True)
class Spot:
    """Hold one list of the open app; `parent` is the item (from 0) that holds it, for a list inside a list."""

    place: int
    sort: Sort
    items: tuple[Any, ...]
    parent: int | None = None

    @property
    def pointer(self) -> str:
        """Return the JSON pointer of the list."""
        outer, _, inner = self.sort.name.partition(".")
        inside = f"/{self.parent}/{inner}" if self.parent is not None else ""
        return f"/blocks/{self.place}/{outer}{inside}"

    def names(self, number: int) -> list[tuple[str, str]]:
        """Return what an item (from 0) goes by: slot and plain words."""
        item = self.items[number]
        if isinstance(item, str):
            return [("", plain(item))]
        words: list[tuple[str, str]] = []
        for slot in self.sort.by or (self.sort.key,):
            value = item[slot]
            words += [(slot, plain(str(one))) for one in (value if isinstance(value, list) else [value])]
        return words

    def title(self, number: int) -> str:
        """Return the words by which a person knows an item (from 0)."""
        item = self.items[number]
        if isinstance(item, str):
            return item
        named = item[self.sort.by[0] if self.sort.by else self.sort.key]
        return str(named[0] if isinstance(named, list) else named)


@dataclass(frozen=True)
class Found:
    """Hold which item (from 1) of which list words mean, and the slot whose words named it."""

    spot: Spot
    number: int
    slot: str = ""


@functools.cache
def sorts(kind: str) -> tuple[Sort, ...]:
    """Return the lists of a kind of block."""
    return tuple(
        Sort(
            kind=kind,
            name=name,
            noun=patterns.lazy(rf"\b(?:{data['noun']})\b"),
            key=data["key"],
            most=data["most"],
            by=tuple(data["by"]),
            parts={slot: patterns.lazy(rf"\b(?:{words})\b") for slot, words in data["parts"].items()},
            form=data.get("form", "words"),
        )
        for name, data in read("edits.json")["lists"].get(kind, {}).items()
    )


def spots(state: State) -> list[Spot]:
    """Return all lists of the open app, in their order."""
    found: list[Spot] = []
    for place, kind in enumerate(state.kinds):
        block = state.block(place)
        for sort in sorts(kind):
            outer, _, inner = sort.name.partition(".")
            if not inner:
                found.append(Spot(place, sort, tuple(block[outer])))
                continue
            for parent, item in enumerate(block[outer]):
                if item[inner] or kind == "story":
                    found.append(Spot(place, sort, tuple(item[inner]), parent))
    return found


def spoken_of(words: str, state: State) -> list[Spot]:
    """Return all lists, those first that plain words speak of: by their part, by the word for their items."""
    part = find_part(words, state)

    def rank(spot: Spot) -> tuple[int, int]:
        noun = bool(spot.sort.noun.search(words))
        return -(2 * noun + (part == spot.place)), spot.place

    return sorted(spots(state), key=rank)


def speaks_of(words: str, spot: Spot, state: State) -> bool:
    """Return whether plain words name a list, by its part or by the word for its items."""
    return bool(spot.sort.noun.search(words)) or find_part(words, state) == spot.place


def find_number(words: str, spot: Spot) -> int | None:
    """Return which item (from 1) "question 2" or "the last card" means, or None; may lie beyond the end."""
    noun = spot.sort.noun.pattern.removeprefix(r"\b(?:").removesuffix(r")\b")
    match = patterns.search(rf"\b(?:{noun}) (?:number |no\.? ?|nr\.? ?|#)?(\d{{1,2}}|[a-z]+)\b", words)
    number = number_of(match[1]) if match else None
    if number is not None:
        return number
    match = patterns.search(rf"\b({ORDINAL}) (?:one|(?:[a-z]+ )?(?:{noun}))\b", words) or patterns.search(
        r"\b(last) one\b|\bnumber (\d{1,2})\b", words
    )
    if match is None:
        return None
    word = next(group for group in match.groups() if group)
    number = ORDINALS.get(word) or number_of(word) or 0
    return len(spot.items) if number == -1 else number


def find_item(words: str, spot: Spot) -> Found | None:
    """Return the item that plain words name: its very words first, then a part of them that no other has."""
    wanted = bare(words, spot)
    if not wanted:
        return None
    if spot.sort.form != "words":
        return _find_picture(wanted, spot)
    named = [(number, slot, name) for number in range(len(spot.items)) for slot, name in spot.names(number)]
    ends = wanted.strip(" .!?")
    for number, slot, name in named:
        if name in (wanted, ends) or name.strip(" .!?") == ends:
            return Found(spot, number + 1, slot)
    for number, slot, name in named:
        if len(ends) > 2 and plain(singular(name)) == plain(singular(ends)):
            return Found(spot, number + 1, slot)
    if len(ends) < 3:
        return None
    inside = [
        (number, slot) for number, slot, name in named if patterns.search(rf"\b{re.escape(ends)}\b", name)
    ]
    numbers = {number for number, _ in inside}
    return Found(spot, inside[0][0] + 1, inside[0][1]) if len(numbers) == 1 else None


def find(words: str, state: State, *, named: bool = True) -> Found | None:
    """Return the item of the app that plain words mean, by number or (when `named`) by its words."""
    lists = spoken_of(words, state)
    for spot in lists:
        number = find_number(words, spot) if spot.sort.noun.search(words) else None
        if number is not None and spot.parent is None:
            return Found(spot, number, spot.sort.key)
    if not named:
        return None
    for spot in lists:
        found = find_item(words, spot)
        if found is not None:
            return found
    return None


def bare(words: str, spot: Spot) -> str:
    """Return what is left of "the question about ideas" or "the bird card" without the words around the name."""
    noun = spot.sort.noun.pattern.removeprefix(r"\b(?:").removesuffix(r")\b")
    kind = part_names()[spot.sort.kind].pattern
    wanted = _ARTICLE.sub("", plain(words).strip(" .\"'“”"))
    wanted = patterns.sub(rf"\s+(?:from|off|of|de|von|in|on) (?:the |my |its )?(?:{noun}|\w+)$", "", wanted)
    full = wanted
    wanted = patterns.sub(rf"^(?:{noun}|{kind}|one) {_AROUND} (?:the )?", "", wanted)
    wanted = patterns.sub(rf"^(?:{noun}) (?=\w)", "", wanted)
    wanted = patterns.sub(rf"\s+(?:{noun})$", "", wanted)
    wanted = _ARTICLE.sub("", wanted).strip(" .\"'“”")
    return wanted or full


def exists(found: Found, state: State) -> bool:
    """Return whether an item is there; say how many there are when it is not."""
    if 1 <= found.number <= len(found.spot.items):
        return True
    state.checks.append(phrase("There are only {count} of them.", count=len(found.spot.items)))
    return False


# ---- operations


def put(state: State, spot: Spot, number: int, item: Any, words: Phrase | None) -> bool:
    """Put another item in the place of one (from 1)."""
    return _whole(state, spot, words, [*spot.items[: number - 1], item, *spot.items[number:]], number, item)


def add(state: State, spot: Spot, item: Any, words: Phrase | None) -> bool:
    """Put an item at the end of a list."""
    if spot.parent is not None:
        return _inside(state, spot, [*spot.items, item], words)
    return state.do(
        words,
        op="add_item",
        at=f"b{spot.place + 1}",
        list=spot.sort.name,
        index=min(40, len(spot.items) + 1),
        item=item,
    )


def drop(state: State, spot: Spot, number: int, words: Phrase | None) -> bool:
    """Take an item (from 1) out."""
    if spot.parent is not None:
        return _inside(state, spot, [*spot.items[: number - 1], *spot.items[number:]], words)
    at = f"b{spot.place + 1}"
    return state.do(words, op="remove_item", at=at, list=spot.sort.name, index=number)


def shift(state: State, spot: Spot, number: int, to: int, words: Phrase | None) -> bool:
    """Put an item (from 1) at another place."""
    to = max(1, min(to, len(spot.items)))
    if spot.parent is not None:
        items = [*spot.items[: number - 1], *spot.items[number:]]
        items.insert(to - 1, spot.items[number - 1])
        return _inside(state, spot, items, words)
    at = f"b{spot.place + 1}"
    return state.do(words, op="move_item", at=at, list=spot.sort.name, index=number, to=to)


def _whole(
    state: State, spot: Spot, words: Phrase | None, items: Sequence[Any], number: int, item: Any
) -> bool:
    if spot.parent is not None:
        return _inside(state, spot, items, words)
    at = f"b{spot.place + 1}"
    return state.do(words, op="set_item", at=at, list=spot.sort.name, index=number, item=item)


def _inside(state: State, spot: Spot, items: Sequence[Any], words: Phrase | None) -> bool:
    """Write a list inside an item: the item is put anew with its other slots as they are."""
    outer, _, inner = spot.sort.name.partition(".")
    parent = spot.parent or 0
    item = {**state.block(spot.place)[outer][parent], inner: list(items)}
    at = f"b{spot.place + 1}"
    return state.do(words, op="set_item", at=at, list=outer, index=parent + 1, item=item)


def tool_of(words: str) -> str | None:
    """Return the drawing tool that plain words name."""
    wanted = _ARTICLE.sub("", words.strip(" .!"))
    for tool, names in read("edits.json")["tools"].items():
        if patterns.fullmatch(rf"(?:{names})(?: tool)?", wanted):
            return str(tool)
    return None


def picture_of(words: str) -> str | None:
    """Return the picture that words name: by its own name first ("question mark"), else by what they mean."""
    wanted = _ARTICLE.sub("", plain(words).strip(" .!"))
    return next(
        (icon for icon, name in ICONS.items() if wanted in (icon, plain(str(name)))), None
    ) or icon_for(wanted)


def _find_picture(wanted: str, spot: Spot) -> Found | None:
    value = tool_of(wanted) if spot.sort.form == "tool" else picture_of(wanted)
    if spot.sort.form == "icon" and len(wanted.split()) > 2:
        return None
    if value is None or value not in spot.items:
        return None
    return Found(spot, spot.items.index(value) + 1)
