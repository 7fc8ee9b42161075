"""Which blocks a wish asks for: words that name a kind, and the nearest labelled prompts."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import plain as in_plain_words
from studio.builder.starter.vocabulary import read

KINDS = (
    "quiz",
    "flashcards",
    "story",
    "chatbot",
    "pet",
    "drawing",
    "timer",
    "checklist",
    "calculator",
    "converter",
    "picker",
    "memory",
    "arcade",
    "soundboard",
    "poll",
    "journal",
    "classifier",
    "texttool",
    "counter",
    "note",
)
_SURE = 0.36
"""From here on nine of ten first guesses are right in cross-validation, below it not four: then we ask."""
_SURE_BY_RULES, _NAMED_BY_RULES = 0.36, 2.5
_SURE_ALONE = 4.0
_WEIGHT, _FLOOR = 1.7, 0.02
_JOINED = (
    r"(?:\b(?:with|and|plus|also|then|con|y|avec|et|mit|und|as well as|including)|,|\+|&)\s+(?:(?:an?|the|my|"
    r"some|also|then|un|una|une|ein|eine|einem|einer|la|le|der|die|das|\d+|it has an?|maybe "
    r"an?)\s+)*(?:(?!quiz|timer|wheel)[\w-]+\s+){0,2}?"
)


@dataclass(frozen=True)
class Guess:
    """Hold what a wish seems to ask for: blocks in order, how sure, and the next best kinds.

    `named` means that the wish has a word that stands for the kind outright.
    """

    kinds: tuple[str, ...]
    sure: bool
    ranking: tuple[tuple[str, float], ...]
    named: bool = False


@functools.cache
def _signs() -> Mapping[str, tuple[tuple[patterns.Pattern, float], ...]]:
    return {
        kind: tuple((patterns.lazy(pattern), float(weight)) for pattern, weight in rows)
        for kind, rows in read("kinds.json")["signs"].items()
    }


@functools.cache
def _parts() -> Mapping[str, patterns.Pattern]:
    return {
        kind: patterns.lazy(rf"{_JOINED}({words})\b") for kind, words in read("kinds.json")["parts"].items()
    }


@functools.cache
def part_names() -> Mapping[str, patterns.Pattern]:
    """Return, for each kind, what a part of that kind is called in plain words."""
    return {kind: patterns.lazy(rf"\b(?:{words})s?\b") for kind, words in read("kinds.json")["parts"].items()}


def rule_scores(plain: str) -> dict[str, float]:
    """Return how strongly the words name each kind; earlier words count a little more."""
    scores: dict[str, float] = {}
    for kind, rows in _signs().items():
        total = 0.0
        for pattern, weight in rows:
            match = pattern.search(plain)
            if match:
                total += weight * (1.0 - 0.25 * min(match.start(), 120) / 120)
        if total:
            scores[kind] = total
    return scores


def guess_kinds(plain: str, votes: Mapping[str, float]) -> Guess:
    """Return the blocks of a wish from its words (without the list in it) and the votes of its neighbours."""
    rules = rule_scores(plain)
    joined = _extra_parts(plain)
    ranking = _main_first(_rank(rules, votes), rules, joined, plain)
    if not ranking:
        return Guess((), sure=False, ranking=())
    main, share = ranking[0]
    sure = share >= (_SURE if votes else _SURE_BY_RULES) and (bool(votes) or rules[main] >= _NAMED_BY_RULES)
    extras = [kind for kind in joined if kind != main]
    return Guess(
        (main, *extras[:5]), sure=sure, ranking=tuple(ranking), named=rules.get(main, 0.0) >= _SURE_ALONE
    )


def _rank(rules: Mapping[str, float], votes: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return kinds with their share of belief, best first.

    The words count as log odds beside the likelihood that the examples give.
    """
    if not rules and not votes:
        return []
    whole = sum(votes.get(kind, 0.0) for kind in KINDS) or 1.0
    scores = {
        kind: rules.get(kind, 0.0) / _WEIGHT
        + (math.log(votes.get(kind, 0.0) / whole + _FLOOR) if votes else 0.0)
        for kind in KINDS
    }
    top = max(scores.values())
    parts = {kind: math.exp(score - top) for kind, score in scores.items()}
    total = sum(parts.values())
    ranked = ((kind, part / total) for kind, part in parts.items())
    return sorted(ranked, key=lambda row: (-row[1], KINDS.index(row[0])))


def _main_first(
    ranking: list[tuple[str, float]], rules: Mapping[str, float], joined: Sequence[str], plain: str
) -> list[tuple[str, float]]:
    """Put a kind that is only joined on ("with a timer") behind a kind that is named outright."""
    if not ranking or ranking[0][0] not in joined:
        return ranking
    named = [row for row in ranking if row[0] not in joined and rules.get(row[0], 0.0) >= _SURE_ALONE]
    spoken = [row for row in ranking if row[0] not in joined and part_names()[row[0]].search(plain)]
    if not named and not spoken:
        return ranking
    best = (named or spoken)[0]
    return [(best[0], ranking[0][1]), *(row for row in ranking if row != best)]


def _extra_parts(plain: str) -> list[str]:
    """Return the kinds of parts that are joined on ("with a timer and a note"), in their order."""
    found = []
    for kind, pattern in _parts().items():
        if not part_names()[kind].search(plain):  # a shorter pattern says no for most
            continue
        match = pattern.search(plain)
        if match:
            found.append((match.start(1), kind))
    return [kind for _, kind in sorted(found)]


def pieces(text: str, kinds: Sequence[str]) -> dict[str, str]:
    """Return the piece of a wish that speaks of each part, for a wish with several; the first kind leads."""
    words = in_plain_words(text)
    if len(kinds) < 2 or len(words) != len(text):
        return {}
    found = [(match.start(), kind) for kind in kinds[1:] if (match := _parts()[kind].search(words))]
    ends = [*(start for start, _ in sorted(found)[1:]), len(text)]
    said = (
        {kind: text[start:end] for (start, kind), end in zip(sorted(found), ends, strict=True)}
        if found
        else {}
    )
    return {kinds[0]: text[: min(start for start, _ in found)], **said} if found else {}
