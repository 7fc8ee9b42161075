"""What a recipe gets and what it makes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.builder.starter.lists import Given
from studio.builder.starter.topics import Topic, title_for
from studio.builder.starter.vocabulary import fit
from studio.builder.starter.wish import Wish
from studio.phrases import Phrase, phrase

TYPED, STARTED = "typed", "model:starter"
"""Where words come from: the user's own, or written by the planner as a start or a place to write in."""
CUT = phrase("Some of your words were too long for one place, so I cut them. Look at them.")
MANY = phrase("Your list was longer than one part can hold. I kept the first {most}.")


@dataclass(frozen=True)
class Slots:
    """Hold what a wish says, for a recipe to fill a block with."""

    wish: Wish
    language: str
    topic: Topic = field(default_factory=Topic)
    count: int | None = None
    seconds: int | None = None
    each: bool = False
    name: str | None = None
    quoted: tuple[str, ...] = ()
    given: Given = field(default_factory=Given)
    icon: str | None = None
    seed: int = 0

    def title(self, key: str) -> str:
        """Return the title of a part or app of a kind on the topic of the wish."""
        return fit(title_for(key, self.topic.titled(self.language), self.language), 60)

    def pick(self, choices: Sequence[str]) -> str:
        """Return one of the choices, the same for the same wish and seed."""
        return random.Random(f"{self.wish.plain}/{self.seed}").choice(list(choices))


@dataclass
class Part:
    """Hold a block that was made: its data, where its words come from, and what to tell.

    `origins` are keyed by the path inside the block ("questions/0"); `empty` means that somebody
    still has to write into it.
    """

    block: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)
    checks: list[Phrase] = field(default_factory=list)
    empty: bool = False
    facts: int = 0

    def typed(self, list_name: str, count: int) -> None:
        """Note that the first `count` items of a list are the user's own words."""
        self.origins.update({f"{list_name}/{place}": TYPED for place in range(count)})

    def started(self, list_name: str, last: int, first: int = 0) -> None:
        """Note that the items from `first` up to `last` are a start that somebody has to look at."""
        self.origins.update({f"{list_name}/{place}": STARTED for place in range(first, last)})


def clipped(words: Sequence[str], *, length: int, most: int, checks: list[Phrase]) -> list[str]:
    """Return the user's own words as they fit, and say when something was cut."""
    kept = [fit(word, length) for word in words[:most]]
    if any(len(word) > length for word in words[:most]) and CUT not in checks:
        checks.append(CUT)
    if len(words) > most:
        checks.append(phrase(MANY.template, most=most))
    return kept


def whole(value: int | None, *, least: int, most: int, default: int, checks: list[Phrase]) -> int:
    """Return a number inside its bounds, and say when the wish asked for more."""
    if value is None:
        return default
    if value > most:
        checks.append(phrase("I can do {most} at most here, so I used {most}.", most=most))
    elif value < least:
        checks.append(phrase("I need at least {least} here, so I used {least}.", least=least))
    return max(least, min(most, value))
