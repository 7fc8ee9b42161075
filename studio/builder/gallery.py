"""Find starters: by words, by what they are about, by the kinds of their parts, by age."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from studio.blueprints import KINDS
from studio.builder.starters import Starter

_WORD = re.compile(r"\w+", re.UNICODE)
_TITLE, _KIND, _ABOUT, _INSIDE = 4, 3, 2, 1
"""How much a word counts that stands in the title, among kinds and tags, in what is said about it, or inside."""
_SKIP = frozenset({"a", "an", "the", "about", "for", "my", "of", "with", "and", "app", "to", "in"})


class Gallery:
    """Hold starters with the words that are in them."""

    def __init__(self, starters: Sequence[Starter]) -> None:
        self.starters = tuple(starters)
        self._words = {starter.id: _index(starter) for starter in starters}

    def find(self, *, words: str = "", tag: str = "", kind: str = "", age: str = "") -> tuple[Starter, ...]:
        """Return the starters that fit all that is given, in their order; with words, what fits best first.

        Each word has to begin a word of the starter: of its title, its reason, its tags, its topic, the
        names of its kinds of parts, or the words inside the app.
        """
        kept = [
            starter
            for starter in self.starters
            if tag in ("", *starter.tags) and kind in ("", *starter.kinds) and age in ("", *starter.ages)
        ]
        wanted = [word for word in _words(words) if word not in _SKIP]
        if not wanted:
            return tuple(kept)
        ranked = [(self._rank(starter, wanted), starter) for starter in kept]
        return tuple(starter for rank, starter in sorted(ranked, key=lambda one: -one[0]) if rank)

    def _rank(self, starter: Starter, wanted: Sequence[str]) -> int:
        """Return how well a starter fits; 0 when one of the words is nowhere in it."""
        index = self._words[starter.id].items()
        found = [
            max((weight for word, weight in index if word.startswith((one, _one(one)))), default=0)
            for one in wanted
        ]
        return sum(found) if all(found) else 0


def _one(word: str) -> str:
    """Return the singular of a simple plural: "sharks" finds "shark"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _index(starter: Starter) -> dict[str, int]:
    """Return the words of a starter, each with the most that it counts."""
    found: dict[str, int] = {}
    for weight, text in _texts(starter):
        for word in _words(text):
            found[word] = max(found.get(word, 0), weight)
    return found


def _texts(starter: Starter) -> Iterator[tuple[int, str]]:
    yield _TITLE, starter.title
    yield _KIND, " ".join((*starter.tags, *starter.kinds, starter.facts or ""))
    yield _ABOUT, f"{starter.why} {starter.blueprint.about}"
    for kind in starter.kinds:
        yield _ABOUT, f"{KINDS[kind].name} {KINDS[kind].what}"
    for block in starter.blueprint.blocks:
        yield from ((_INSIDE, text) for text in _strings(block.model_dump(exclude={"type"})))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters without accents."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return _WORD.findall(plain.casefold())
