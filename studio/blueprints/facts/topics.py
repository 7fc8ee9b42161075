"""Find which topic a wish names: phrases, plurals, typing slips, several languages, and honest misses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

MAX_LETTERS, MAX_WORDS = 4000, 200
"""A wish may be very long; a topic is named near its beginning."""


@dataclass(frozen=True)
class Words:
    """Hold the plain words of all languages that the index must know.

    `small` ones are left out of every phrase; after `negations` nothing counts; `filler` says
    nothing about a subject; `real` ones look like a typing slip of a topic and are not.
    """

    small: frozenset[str]
    negations: frozenset[str]
    filler: frozenset[str]
    real: frozenset[str]


@dataclass(frozen=True)
class Match:
    """Hold where a phrase stood in a wish and how well it fitted; `score` sorts, larger is better."""

    key: str
    start: int
    stop: int
    score: tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Topic:
    """Hold the words of one subject.

    `phrases` name it; a phrase that begins with "=" counts only when nothing else of weight is said
    (a lone "French" means the language, "French football" does not). `traps` are phrases that look
    like the subject and are not ("capital letters"). A larger `rank` wins between equal matches.
    """

    key: str
    phrases: tuple[str, ...]
    traps: tuple[str, ...] = ()
    rank: int = 0


def plain(text: str) -> str:
    """Return `text` in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def tokens(text: str, small: Collection[str] = ()) -> tuple[str, ...]:
    """Return the words of `text` in a singular form, without the `small` ones."""
    words = re.findall(r"\d+|[^\W\d_]+", plain(text[:MAX_LETTERS].replace("'s ", " ").replace("’s ", " ")))
    return tuple(_singular(word) for word in words[:MAX_WORDS] if word not in small)


def distance(left: str, right: str, limit: int) -> int:
    """Return how many slips (drop, add, change, swap of neighbours) lie between two words.

    Anything above `limit` comes back as `limit + 1`.
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


class TopicIndex:
    """Look up subjects by the words of a wish."""

    def __init__(self, topics: Iterable[Topic], words: Words) -> None:
        self._known = words
        self._filler = {_singular(word) for word in words.filler}
        self._phrases: dict[tuple[str, ...], list[tuple[str, int, bool]]] = {}
        self._traps: dict[tuple[str, ...], set[str]] = {}
        self._words: set[str] = set()
        for topic in topics:
            for text in topic.phrases:
                phrase = self._tokens(text.removeprefix("="))
                self._phrases.setdefault(phrase, []).append((topic.key, topic.rank, text.startswith("=")))
                self._words.update(phrase)
            for text in topic.traps:
                self._traps.setdefault(self._tokens(text), set()).add(topic.key)
        self._longest = max((len(phrase) for phrase in (*self._phrases, *self._traps)), default=0)
        self._real = {_singular(word) for word in words.real} | {
            word for trap in self._traps for word in trap
        }

    def best(self, text: str) -> Match | None:
        """Return the most specific match in `text`, or None."""
        return max(self.matches(text), key=lambda match: match.score, default=None)

    def matches(self, text: str) -> Iterator[Match]:
        """Yield every match in `text`."""
        said = self._tokens(text)
        read = [self._read(word) for word in said]
        trapped = {(key, at) for key, span in self._trapped(said) for at in span}
        weight = [i for i, word in enumerate(said) if word not in self._filler and not word.isdigit()]
        for start, stop in _spans(len(read), self._longest):
            if self._negated(said, start):
                continue
            for phrase in product(*read[start:stop]):
                exact = sum(a == b for a, b in zip(said[start:stop], phrase, strict=True))
                score = (exact, len(phrase))
                for key, rank, alone in self._phrases.get(phrase, ()):
                    if alone and any(not start <= i < stop for i in weight):
                        continue
                    if not any((key, at) in trapped for at in range(start, stop)):
                        yield Match(key, start, stop, (*score, rank, sum(map(len, phrase)), -start))

    def _negated(self, said: Sequence[str], start: int) -> bool:
        """Return whether "not" stands before a place, or one plain word further ahead ("not about")."""
        back = said[max(0, start - 2) : start]
        if back and back[-1] in self._known.negations:
            return True
        return len(back) == 2 and back[0] in self._known.negations and back[1] in self._filler

    def _tokens(self, text: str) -> tuple[str, ...]:
        return tokens(text, self._known.small)

    def _trapped(self, said: Sequence[str]) -> Iterator[tuple[str, range]]:
        for start, stop in _spans(len(said), self._longest):
            for key in self._traps.get(tuple(said[start:stop]), ()):
                yield key, range(start, stop)

    def _read(self, word: str) -> tuple[str, ...]:
        """Return the word itself, or the topic words of which it is a typing slip."""
        if word in self._words or word in self._real or word in self._filler or len(word) < 5:
            return (word,)
        slips = {topic: n for topic in self._words if (n := _slips(word, topic)) is not None}
        least = min(slips.values(), default=0)
        return tuple(sorted(topic for topic, n in slips.items() if n == least)) or (word,)


def _spans(length: int, longest: int) -> Iterator[tuple[int, int]]:
    for start in range(length):
        for stop in range(start + 1, min(start + longest, length) + 1):
            yield start, stop


def _slips(word: str, topic: str) -> int | None:
    """Return the number of slips when `word` can pass for `topic`; the first letter must be right.

    Short words differ by a letter from too many others, so five letters allow only one letter too
    many or two neighbours swapped, and shorter ones nothing.
    """
    if word[0] != topic[0] or len(topic) < 5:
        return None
    limit = 2 if len(topic) >= 9 else 1
    slips = distance(word, topic, limit)
    if slips > limit:
        return None
    if len(topic) == 5 and len(word) <= 5 and sorted(word) != sorted(topic):
        return None
    return slips


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word
