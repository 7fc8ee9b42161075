"""A pack of true facts about one subject: what every pack offers, however it knows its facts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from random import Random
from typing import TypeVar

from studio.blueprints.blocks import Card, MemoryPair, Question
from studio.phrases import Phrase

ASK_MAX, ANSWER_MAX, WHY_MAX = 160, 60, 160
FRONT_MAX, BACK_MAX, PAIR_MAX = 120, 240, 24
WRONG_MAX = 3

T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """Say where the facts of a pack come from: `kind` is "hand", "computed" or "package"."""

    kind: str
    note: str


@dataclass(frozen=True)
class Head:
    """Hold what the index says about a pack without opening its file."""

    id: str
    title: str
    topics: tuple[str, ...]
    icon: str
    palette: str
    background: str
    reading_age: int
    source: Source
    broader: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    rank: int = 0
    language: str = "en"
    teaches: str = ""
    file: str = ""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    computed: str = ""


@dataclass(frozen=True)
class Draft:
    """Hold a question before it is checked; `wrong` may offer more than a quiz shows, best first."""

    ask: str
    right: str
    wrong: tuple[str, ...]
    why: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Candidate:
    """Hold one question that could be asked: `group` and `subject` keep a quiz varied."""

    group: str
    subject: str
    make: Callable[[Random], Draft | None]


class FactPack(ABC):
    """Offer questions, cards and pairs about one subject; the same seed gives the same items."""

    def __init__(self, head: Head) -> None:
        self.head = head

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"

    @property
    def id(self) -> str:
        """Return the short name: small letters, digits and hyphens."""
        return self.head.id

    @property
    def title(self) -> Phrase:
        """Return the name of the subject."""
        return Phrase(self.head.title)

    @property
    def origin(self) -> str:
        """Return what a project writes down as the origin of an item from here."""
        return f"facts:{self.id}"

    def quiz(self, count: int, seed: int, *, avoid: Collection[str] = ()) -> tuple[Question, ...]:
        """Return at most `count` questions whose `ask` is not in `avoid`; fewer when the pack has no more."""
        rng = self._random("quiz", seed)
        taken = {key_of(ask) for ask in avoid}
        found: list[Question] = []
        for candidate in _varied(self._all_candidates, rng):
            if len(found) >= count:
                break
            draft = candidate.make(rng)
            if draft is None or key_of(draft.ask) in taken or not is_sound(draft):
                continue
            taken.add(key_of(draft.ask))
            found.append(_question(draft))
        return tuple(found)

    def cards(self, count: int, seed: int, *, avoid: Collection[str] = ()) -> tuple[Card, ...]:
        """Return at most `count` flash cards whose front is not in `avoid`."""
        fitting = [
            c for c in self._cards() if c[0] != c[1] and len(c[0]) <= FRONT_MAX and len(c[1]) <= BACK_MAX
        ]
        chosen = _distinct(shuffled(fitting, self._random("cards", seed)), count, avoid, sides=1)
        return tuple(Card(front=front, back=back) for front, back in chosen)

    def pairs(self, count: int, seed: int) -> tuple[MemoryPair, ...]:
        """Return at most `count` pairs for a memory game; no half fits two others."""
        fitting = [pair for pair in self._pairs() if max(map(len, pair)) <= PAIR_MAX]
        chosen = _distinct(shuffled(fitting, self._random("pairs", seed)), count, (), sides=2)
        return tuple(MemoryPair(a=a, b=b) for a, b in chosen)

    @cached_property
    def _all_candidates(self) -> tuple[Candidate, ...]:
        return tuple(self._candidates())

    @abstractmethod
    def _candidates(self) -> Sequence[Candidate]:
        """Return every question that could be asked, in a stable order."""

    @abstractmethod
    def _cards(self) -> Sequence[tuple[str, str]]:
        """Return the front and back of every card, in a stable order."""

    @abstractmethod
    def _pairs(self) -> Sequence[tuple[str, str]]:
        """Return every pair, in a stable order."""

    def _random(self, purpose: str, seed: int) -> Random:
        return Random(f"{self.id}/{purpose}/{seed}")


def is_sound(draft: Draft) -> bool:
    """Return whether a question is fair: it fits, the answers differ, and it does not say its own answer."""
    answers = (draft.right, *draft.wrong)
    return (
        len(draft.wrong) > 0
        and len({key_of(answer) for answer in answers}) == len(answers)
        and all(0 < len(answer) <= ANSWER_MAX for answer in answers)
        and 0 < len(draft.ask) <= ASK_MAX
        and len(draft.why) <= WHY_MAX
        and not _gives_away(draft)
    )


def _question(draft: Draft) -> Question:
    wrong = draft.wrong[:WRONG_MAX]
    return Question(ask=draft.ask, right=draft.right, wrong=wrong, hint=draft.hint, why=draft.why)


def _gives_away(question: Draft) -> bool:
    """Return whether the question says its own answer ("What is the capital of Mexico?").

    A word that wrong answers share with the right one gives nothing away.
    """
    ask, right = key_of(question.ask), key_of(question.right)
    if f" {right} " in f" {ask} " and not right.isdigit():
        return not any(f" {key_of(wrong)} " in f" {ask} " for wrong in question.wrong)
    asked = set(ask.split())
    shared = {word for wrong in question.wrong for word in key_of(wrong).split()}
    return any(len(word) > 3 and word in asked - shared for word in right.split())


def key_of(text: str) -> str:
    """Return `text` as it is compared: small letters, without punctuation."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split()) or text


def shuffled(items: Iterable[T], rng: Random) -> list[T]:
    """Return the items in an order drawn from `rng`."""
    order = list(items)
    rng.shuffle(order)
    return order


def _varied(candidates: Iterable[Candidate], rng: Random) -> Iterator[Candidate]:
    """Yield candidates so that groups take turns and a subject comes twice only when all have come."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.group, []).append(candidate)
    lanes = [shuffled(lane, rng) for lane in shuffled(groups.values(), rng)]
    turns = [candidate for turn in zip_longest(*lanes) for candidate in turn if candidate]
    seen: set[str] = set()
    later: list[Candidate] = []
    for candidate in turns:
        if candidate.subject in seen:
            later.append(candidate)
        else:
            seen.add(candidate.subject)
            yield candidate
    yield from later


def _distinct(
    items: Iterable[tuple[str, str]], count: int, avoid: Collection[str], *, sides: int
) -> Iterator[tuple[str, str]]:
    """Yield at most `count` items of which the first (or both) sides differ and were not seen before."""
    seen = {key_of(text) for text in avoid}
    left = count
    for item in items:
        keys = {key_of(text) for text in item[:sides]}
        if left > 0 and len(keys) == len(item[:sides]) and not keys & seen:
            seen |= keys
            left -= 1
            yield item
