"""Guess the tokens that come next, so that one pass through the model can check many of them.

Drafts cost nothing in quality: every token is still drawn from its own row. They cost rows, so their
length follows what a row costs and how often guesses came true.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studio.engines.adapters.loop.costs import along

if TYPE_CHECKING:
    from studio.engines.adapters.loop.constraint import Constraint

_LONGEST_DRAFT = 64
MOST_ROWS = 64
_LONGEST_MATCH = 16
_CANDIDATES = 48
_MATCH_CLASSES = (2, 3, 5, 9)
"""Matches of at least so many tokens are counted apart: a longer one is surer to go on."""

_FIRST_HITS = {"guess": 4.0, "old": 9.0, "seen": 0.7, "seen 9": 2.0}
"""How often each source is believed to be right for one miss, before it was tried in an answer.

Measured by benchmarks/replay.py over the twelve example apps: guesses .83 of their tokens, an old version with
one change .99, another app .34 to .41 and after nine equal tokens .66.
"""

_MEMORY = 0.8
_DRIFT = 0.01


@dataclass(frozen=True)
class Draft:
    """Hold guessed tokens; `source` says who guessed, `place` where in the old text they stand."""

    tokens: tuple[int, ...] = ()
    source: str = ""
    place: int = -1


class Lookup:
    """Find how the text went on the last time it said the same: in an old version, the prompt, the answer itself.

    `old` is what the answer probably repeats; a pointer moves forward through it, and the nearest match
    after the pointer comes first. Elsewhere the longest match wins, and among equals the latest.
    """

    def __init__(self, old: Sequence[int], prompt: Sequence[int]) -> None:
        # -1 keeps a match from running over the border
        self._text = [*old, -1, *prompt]
        self._old_length = len(old)
        self._pointer = 0
        self._places: dict[tuple[int, int], list[int]] = {}
        for place in range(2, len(self._text)):
            self._index(place)

    def see(self, token: int) -> None:
        """Add a token to the text that is searched."""
        self._text.append(token)
        self._index(len(self._text) - 1)

    def find(self) -> Draft:
        """Return what followed the last tokens of the text before, as long as possible; empty when new."""
        end = len(self._text)
        if end < 2:
            return Draft()
        places = self._places.get((self._text[-2], self._text[-1]), [])
        best, length = self._best(places)
        if best < 0:
            return Draft()
        name = max(size for size in _MATCH_CLASSES if size <= length)
        where, stop = ("old", self._old_length) if best < self._old_length else ("seen", end)
        return Draft(tuple(self._text[best : min(stop, best + _LONGEST_DRAFT)]), f"{where} {name}", best)

    def settle(self, draft: Draft, accepted: int) -> None:
        """Learn how many tokens of a draft came true."""
        if 0 <= draft.place < self._old_length and accepted:
            self._pointer = draft.place + accepted

    def _index(self, place: int) -> None:
        """Note that the text goes on at `place` after the two tokens before it."""
        self._places.setdefault((self._text[place - 2], self._text[place - 1]), []).append(place)

    def _best(self, places: list[int]) -> tuple[int, int]:
        split = bisect_left(places, self._old_length)
        start = bisect_left(places, self._pointer, 0, split)
        ahead = places[start:split]
        if ahead:
            return ahead[0], self._match_length(ahead[0])
        best, longest = -1, 0
        for place in reversed(places[-_CANDIDATES:]):
            length = self._match_length(place)
            if length > longest:
                best, longest = place, length
        return best, longest

    def _match_length(self, place: int) -> int:
        length, end = 2, len(self._text)
        while (
            length < min(_LONGEST_MATCH, place)
            and self._text[place - 1 - length] == self._text[end - 1 - length]
        ):
            length += 1
        return length


class Pace:
    """Decide how long a draft is worth it.

    `row_costs` are measured seconds of a pass by its rows; without them a further row is taken for a
    seventh of a pass (the 360M shape in int4: 16 ms for one row, 91 for 32). A draft pays while the
    chance of its next token is larger than that token's row costs, in tokens at the present speed.
    """

    def __init__(self, row_costs: Mapping[int, float]) -> None:
        costs = sorted(row_costs.items()) or [(1, 1.0), (2, 1.0), (MOST_ROWS, 1.0 + (MOST_ROWS - 2) / 7)]
        self._rows = [rows for rows, _ in costs]
        self._seconds = _plausible(costs)
        self._hits: dict[str, float] = {}
        self._misses: dict[str, float] = {}
        self._tokens, self._spent = 1.0, self.cost(1)

    def cost(self, rows: int) -> float:
        """Return the seconds of a pass, between and beyond what was measured along straight lines."""
        return along(self._rows, self._seconds, rows)

    def length(self, draft: Draft, pending: int) -> tuple[int, float]:
        """Return how many tokens of a draft to check in a pass that has `pending` rows anyway, and their worth.

        The worth is in tokens: what is likely won, less what the present speed would bring in the same time.
        """
        chance = self.chance(draft.source) if draft.tokens else 0.0
        speed = self._tokens / self._spent
        base = self.cost(pending)
        best, best_gain, gain, odds = 0, 0.0, 0.0, 1.0
        for count in range(1, min(len(draft.tokens), MOST_ROWS - pending) + 1):
            odds *= chance
            gain += odds
            worth = gain - speed * (self.cost(pending + count) - base)
            if worth > best_gain:
                best, best_gain = count, worth
        return best, best_gain

    def chance(self, source: str) -> float:
        """Return how likely the next token of such a draft comes true, from 0 to 1."""
        hits, misses = self._hits.get(source, _first_hits(source)), self._misses.get(source, 1.0)
        return hits / (hits + misses)

    def settle(self, draft: Draft, checked: int, accepted: int) -> None:
        """Learn how many of the checked tokens came true; sources that were not asked drift back to a new trial."""
        for source in self._hits:
            if source != draft.source or not checked:
                self._hits[source] += (_first_hits(source) - self._hits[source]) * _DRIFT
                self._misses[source] += (1.0 - self._misses[source]) * _DRIFT
        if checked:
            hits = self._hits.get(draft.source, _first_hits(draft.source))
            self._hits[draft.source] = hits * _MEMORY + accepted
            misses = self._misses.get(draft.source, 1.0)
            self._misses[draft.source] = misses * _MEMORY + (accepted < checked)

    def spend(self, rows: int, tokens: int) -> None:
        """Learn that a pass of so many rows brought so many tokens."""
        self._tokens += tokens
        self._spent += self.cost(rows)


def _first_hits(source: str) -> float:
    return _FIRST_HITS.get(source) or _FIRST_HITS[source.partition(" ")[0]]


def _plausible(costs: Sequence[tuple[int, float]]) -> list[float]:
    """Return the seconds of passes without what another program did to them while they were measured.

    More rows cost no less than fewer, and twice the rows no more than twice as much.
    """
    seconds = [cost for _, cost in costs]
    for place in range(1, len(costs)):
        share = costs[place][0] / costs[place - 1][0]
        seconds[place] = min(seconds[place], seconds[place - 1] * share)
    for place in range(len(costs) - 2, -1, -1):
        seconds[place] = min(seconds[place], seconds[place + 1])
    return seconds


class Drafter:
    """Offer the draft that pays most: how the old text went on, or what the grammar nearly forces."""

    def __init__(
        self, pace: Pace, lookup: Lookup | None, constraint: Constraint | None, *, guesses: bool
    ) -> None:
        self._pace, self._lookup, self._constraint = pace, lookup, constraint
        self._guesses = guesses and constraint is not None

    def see(self, tokens: Iterable[int]) -> None:
        """Learn decided tokens."""
        if self._lookup:
            for token in tokens:
                self._lookup.see(token)

    def propose(self, pending: int, room: int) -> Draft:
        """Return the draft for a pass with `pending` rows anyway and at most `room` more; empty when none pays."""
        best, best_worth = Draft(), 0.0
        for draft in self._drafts():
            cut = replace(draft, tokens=draft.tokens[: max(room, 0)])
            count, worth = self._pace.length(cut, pending)
            if worth > best_worth:
                best, best_worth = replace(cut, tokens=cut.tokens[:count]), worth
        return best

    def settle(self, draft: Draft, accepted: int, pending: int, won: int) -> None:
        """Learn from a pass of `pending` rows and a draft; `won` tokens were decided, `accepted` as drafted."""
        self._pace.settle(draft, len(draft.tokens), accepted)
        self._pace.spend(pending + len(draft.tokens), won)
        if self._lookup:
            self._lookup.settle(draft, accepted)

    def _drafts(self) -> Iterator[Draft]:
        if self._lookup:
            match = self._lookup.find()
            if match.tokens and self._constraint:
                match = replace(match, tokens=match.tokens[: self._constraint.fits(match.tokens)])
            yield match
        if self._guesses and self._constraint:
            yield Draft(tuple(self._constraint.guess()), "guess")
