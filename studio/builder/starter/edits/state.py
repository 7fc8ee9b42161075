"""The app while it is being edited: each operation is applied at once, so that the next one sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.blueprints import Blueprint, Operation, apply, parse_operation
from studio.blueprints.facts import FactLibrary
from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import plain
from studio.builder.starter.wish import Wish, guess_language, mend
from studio.errors import InputError
from studio.phrases import Phrase, phrase

LIST_OF: Mapping[str, tuple[str, str]] = {
    "quiz": ("questions", "ask"),
    "flashcards": ("cards", "front"),
    "checklist": ("items", ""),
    "picker": ("options", ""),
    "memory": ("pairs", "a"),
    "counter": ("counters", "label"),
    "poll": ("questions", "ask"),
    "journal": ("prompts", ""),
    "soundboard": ("pads", "label"),
    "classifier": ("labels", "name"),
    "story": ("pages", "text"),
    "pet": ("needs", "label"),
    "converter": ("pairs", "frm"),
    "calculator": ("inputs", "label"),
    "chatbot": ("replies", "say"),
}
"""For each kind its list, and the field of an item that names it (empty: the item is the name)."""


@dataclass(frozen=True)
class Clause:
    """Hold one thing that a wish asks for: as typed, and plain."""

    text: str
    plain: str

    def as_wish(self, language: str) -> Wish:
        """Return the clause as a wish of its own."""
        return Wish(text=self.text, plain=self.plain, language=language)


def clause(text: str) -> Clause:
    """Return a clause with its plain words."""
    text = patterns.sub(
        r"^\s*(?:(?:and|plus|then|so|ok|okay|well|oh|hey)\b[ ,]+)+", "", text, flags=re.IGNORECASE
    ).strip()
    return Clause(text, mend(plain(text)))


@dataclass
class State:
    """Hold the app as it stands, what was done to it, and what to say."""

    blueprint: Blueprint
    facts: FactLibrary
    language: str
    seed: int = 0
    operations: list[Operation] = field(default_factory=list)
    changes: list[Phrase] = field(default_factory=list)
    checks: list[Phrase] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)
    leveled: bool = False
    mention: str = ""
    resolved: bool = False

    def do(self, change: Phrase | None = None, **operation: Any) -> bool:
        """Apply one operation and note the change; when it cannot be, say why and go on."""
        try:
            typed = parse_operation(operation)
            self.blueprint = apply(self.blueprint, [typed]).blueprint
        except InputError as error:
            self.checks.extend(part for part in (error.what, error.next) if part.template)
            return False
        self.operations.append(typed)
        if change is not None:
            self.changes.append(change)
        return True

    def block(self, place: int) -> dict[str, Any]:
        """Return the block at a place (from 0) as data."""
        return self.blueprint.blocks[place].model_dump(mode="json")

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of the blocks, in order."""
        return tuple(str(block.type) for block in self.blueprint.blocks)

    def items(self, place: int) -> list[Any]:
        """Return the items of the list of a block, or nothing when it has no list."""
        kind = self.kinds[place]
        return list(self.block(place)[LIST_OF[kind][0]]) if kind in LIST_OF else []


Parser = Callable[[Clause, State], bool]
"""Returns whether the clause was understood; what it asks for has then been done, or a reason was noted."""


def name_of(item: Any, kind: str) -> str:
    """Return the words that name an item of a list."""
    key = LIST_OF[kind][1]
    return str(item[key]) if key else str(item)


def already(state: State) -> bool:
    """Note that nothing has to change; the clause was understood."""
    state.checks.append(phrase("It is like that already."))
    return True


def language_of(text: str, blueprint: Blueprint) -> str:
    """Return the language for new words in an app: the app's own when we have words in it."""
    own = blueprint.language
    return own if own in ("en", "es", "fr", "de") else guess_language(text)
