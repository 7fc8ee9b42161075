"""Edits that add to the list of an app without naming it: "add Chidi", "add ruler and glue", "add a name"."""

from __future__ import annotations

import re

from studio.builder.starter.edits.items import add_words
from studio.builder.starter.edits.state import LIST_OF, Clause, State
from studio.builder.starter.kinds import part_names
from studio.builder.starter.lists import split_items
from studio.builder.starter.recipes.part import STARTED
from studio.builder.starter.slots import find_quoted
from studio.builder.starter.vocabulary import number_of, plain, text, vocabulary
from studio.phrases import phrase

_BARE = re.compile(
    r"^(?:(?:please|can you|could you|also|now|and|y|et|und)\s+)*(?:add|include|insert|put in|añade|anade|agrega|"
    r"ajoute|füge|fuge)\s+(.+?)(?:\s+(?:please|pls|plz|too|as well|hinzu|por favor|bitte))*[.!]*$",
    re.IGNORECASE | re.DOTALL,
)
_ANOTHER = re.compile(
    r"^(?:please |can you )*(?:add|include) (?:an?|another|one more|some|(\d{1,2}|[a-z]+))(?: more| new| other)* "
    r"(name|item|thing|option|choice|task|slice)s?(?: please)?[.!]?$"
)
_ARTICLE = re.compile(r"^(?:an?|the|some|my)\s+", re.IGNORECASE)
_NO_ITEM = re.compile(
    r"\b(?:background|colou?rs?|theme|style|palette|font|letters|text|mode|sounds?|music|songs?|pictures?|images?|"
    r"photos?|videos?|animations?|emojis?|stickers?|levels?|points?|scores?|buttons?|blocks?|parts?|pages?|rules?|"
    r"hints?|confetti|time|more|another|new|questions?|cards?|effects?|title|name|icon|hearts?|lives|answers?|"
    r"minutes?|seconds?|something|anything|everything|stuff|it|to|when|if|about|with|into|fondo|fond|hintergrund|"
    r"farbe|couleur)\b"
)


def add_bare(said: Clause, state: State) -> bool:
    """Add what a clause names to the only list to write on, when it is no part and no look."""
    place = _only_list(state)
    match = _BARE.match(said.text)
    if place is None or match is None:
        return False
    words = match[1]
    named = plain(words)
    if not find_quoted(words) and (
        _NO_ITEM.search(named) or any(pattern.search(named) for pattern in part_names().values())
    ):
        return False
    items = [_ARTICLE.sub("", item) for item in find_quoted(words) or split_items(words)]
    if not items or any(len(item.split()) > 6 or _is_look(plain(item)) for item in items):
        return False
    return add_words(state, place, ", ".join(f'"{item}"' for item in items))


def add_places(said: Clause, state: State) -> bool:
    """Add places to write a name or a thing in ("add a name", "add 2 more things")."""
    match = _ANOTHER.match(said.plain)
    place = _only_list(state)
    if match is None or place is None:
        return False
    kind = state.kinds[place]
    name = LIST_OF[kind][0]
    count = max(1, min(6, (number_of(match[1]) or 1) if match[1] else 1))
    for _ in range(count):
        index = len(state.items(place)) + 1
        key = "pick.any" if kind == "picker" else "list.place"
        words = text(key, state.language, n=index)
        if not state.do(
            phrase("“{words}” is there now. Write over it.", words=words),
            op="add_item",
            at=f"b{place + 1}",
            list=name,
            index=index,
            item=words,
        ):
            return True
        state.origins[f"/blocks/{place}/{name}/{index - 1}"] = STARTED
    return True


def _only_list(state: State) -> int | None:
    places = [place for place, kind in enumerate(state.kinds) if kind in ("checklist", "picker")]
    return places[0] if len(places) == 1 else None


def _is_look(words: str) -> bool:
    """Return whether words are a colour or a background and nothing else ("stars", "some pink")."""
    known = vocabulary()
    return words in known.colours or words in known.backgrounds or words in known.palettes
