"""Packs read from a file: a table of things and what is true of them, and questions written by hand.

A wrong answer is never invented. For "What is the capital of France?" it is the capital of another
country; for "Which of these is a mammal?" it is an animal whose class is known and is another one.
Things of which the file does not know the fact are never used as wrong answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from random import Random
from typing import Any

from studio.blueprints.facts.pack import (
    WRONG_MAX,
    Candidate,
    Draft,
    FactPack,
    Head,
    key_of,
    shuffled,
)

Value = str | int
_AN_BUT_A = ("uni", "use", "eu", "one ", "ut")
_CLOSE = 6


@dataclass(frozen=True)
class Thing:
    """Hold one row: a name, the forms it takes in a sentence, and its facts.

    Several values may be true at once. `also` holds values that are true too but never asked for
    (a duckling may be called a chick), so that they never stand among the wrong answers.
    """

    name: str
    the: str
    a: str
    facts: Mapping[str, tuple[Value, ...]]
    also: Mapping[str, tuple[Value, ...]]
    why: Mapping[str, str]

    def true(self, key: str) -> tuple[Value, ...]:
        """Return every value that is true of this thing."""
        return self.facts.get(key, ()) + self.also.get(key, ())


@dataclass(frozen=True)
class Attribute:
    """Hold how one column is asked about. An empty template means that this way is not asked.

    `ask` wants the value of a thing, `back` wants a thing with the value, `odd` wants a thing without
    it, `most` and `least` want the thing with the largest or smallest number. `near` names a column:
    wrong answers come first from things that share its value. `show` and `names` are
    how a value and a thing stand on a button.
    """

    key: str
    ask: str = ""
    back: str = ""
    odd: str = ""
    most: str = ""
    least: str = ""
    why: str = ""
    near: str = ""
    show: str = "{value}"
    names: str = "{name}"
    ratio: float = 1.25
    choices: int = WRONG_MAX


class TablePack(FactPack):
    """Make items from a file that follows facts.schema.json; the file is read on first use."""

    def __init__(self, head: Head, read: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__(head)
        self._read = read
        self._content: _Content | None = None

    @property
    def content(self) -> _Content:
        """Return the parsed file."""
        if self._content is None:
            self._content = _Content.parse(self._read(), self.head.where)
        return self._content

    def _candidates(self) -> Sequence[Candidate]:
        table = self.content
        found: list[Candidate] = [
            _written(item, lane) for item, lane in zip(table.questions, cycle(range(3)), strict=False)
        ]
        for column in table.attributes:
            ways = (
                ("ask", column.ask, table.ask),
                ("back", column.back, table.back),
                ("odd", column.odd, table.odd),
                ("most", column.most, table.most),
                ("least", column.least, table.most),
            )
            for way, template, make in ways:
                if template:
                    found += [
                        Candidate(f"{column.key}/{way}", thing.name, _bind(make, column, template, thing))
                        for thing in table.rows(column.key)
                    ]
        return found

    def _cards(self) -> Sequence[tuple[str, str]]:
        table = self.content
        made = table.both_sides(table.card_forms, "front", "back")
        return made + [(item.ask, f"{item.right}. {item.why}".rstrip()) for item in table.questions]

    def _pairs(self) -> Sequence[tuple[str, str]]:
        return [*self.content.both_sides(self.content.pair_forms, "a", "b"), *self.content.match]


def _bind(
    make: Callable[[Attribute, str, Thing, Random], Draft | None],
    column: Attribute,
    template: str,
    thing: Thing,
) -> Callable[[Random], Draft | None]:
    return lambda rng: make(column, template, thing, rng)


def _written(item: Draft, lane: int) -> Candidate:
    def make(rng: Random) -> Draft:
        return replace(item, wrong=tuple(shuffled(item.wrong, rng)))

    return Candidate(f"written/{lane}", item.ask, make)


@dataclass(frozen=True)
class _Content:
    """Hold a parsed file and ask questions about its rows."""

    things: tuple[Thing, ...]
    attributes: tuple[Attribute, ...]
    questions: tuple[Draft, ...]
    card_forms: tuple[Mapping[str, str], ...]
    pair_forms: tuple[Mapping[str, str], ...]
    match: tuple[tuple[str, str], ...]
    sentence_answers: bool

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: Mapping[str, Sequence[str]]) -> _Content:
        """Return the content of a file, narrowed to the rows whose facts are as `where` says."""
        things = tuple(_thing(row) for row in data.get("things", ()))
        kept = tuple(t for t in things if all(set(v) & set(t.facts.get(k, ())) for k, v in where.items()))
        columns = (Attribute(key=key, **form) for key, form in data.get("attributes", {}).items())
        return cls(
            things=kept,
            attributes=tuple(column for column in columns if column.key not in where),
            questions=() if where else tuple(_question(item) for item in data.get("questions", ())),
            card_forms=tuple(data.get("cards", ())),
            pair_forms=tuple(data.get("pairs", ())),
            match=() if where else tuple((pair["a"], pair["b"]) for pair in data.get("match", ())),
            sentence_answers=bool(data.get("sentence_answers", True)),
        )

    def rows(self, key: str) -> list[Thing]:
        """Return the things of which the fact `key` is known."""
        return [thing for thing in self.things if thing.facts.get(key)]

    def ask(self, column: Attribute, template: str, thing: Thing, rng: Random) -> Draft | None:
        """Ask for the value of a thing; wrong answers are values of other things that it does not have."""
        own = thing.true(column.key)
        right = rng.choice(thing.facts[column.key])
        others = [row for row in self._neighbours(column, thing, rng) if row is not thing]
        pool = _unique(value for row in others for value in row.facts[column.key] if value not in own)
        if isinstance(right, int):
            pool.sort(key=lambda value: abs(int(value) - int(right)))
            pool = shuffled(pool[:_CLOSE], rng)
        wrong = (self.show(value, column) for value in pool)
        return self._make(column, template, thing, right, self.show(right, column), wrong)

    def back(self, column: Attribute, template: str, thing: Thing, rng: Random) -> Draft | None:
        """Ask for a thing with a value; wrong answers are things known not to have it."""
        value = rng.choice(thing.facts[column.key])
        others = [row for row in self._neighbours(column, thing, rng) if value not in row.true(column.key)]
        wrong = (self._name(column, row) for row in others)
        return self._make(column, template, thing, value, self._name(column, thing), wrong)

    def odd(self, column: Attribute, template: str, thing: Thing, rng: Random) -> Draft | None:
        """Ask for the thing without a value; the other choices are things known to have it."""
        own = thing.true(column.key)
        rows = self.rows(column.key)
        values = _unique(v for row in rows for v in row.facts[column.key] if v not in own)
        shared = [v for v in values if sum(v in row.facts[column.key] for row in rows) >= WRONG_MAX]
        if not shared:
            return None
        value = rng.choice(shared)
        having = (row for row in shuffled(rows, rng) if value in row.facts[column.key])
        wrong = (self._name(column, row) for row in having)
        return self._make(column, template, thing, value, self._name(column, thing), wrong)

    def most(self, column: Attribute, template: str, thing: Thing, rng: Random) -> Draft | None:
        """Ask for the thing with the largest (or smallest) number; the gap to the others is a clear one."""
        smallest = template == column.least
        own = float(thing.facts[column.key][0])
        rivals: list[str] = []
        for row in shuffled(self.rows(column.key), rng):
            low, high = sorted((own, float(row.facts[column.key][0])))
            wins = (own == low) if smallest else (own == high)
            if wins and row is not thing and high >= low * column.ratio:
                rivals.append(self._name(column, row))
        if len(rivals) < WRONG_MAX:
            return None
        return self._make(
            column, template, thing, thing.facts[column.key][0], self._name(column, thing), rivals
        )

    def show(self, value: Value, column: Attribute) -> str:
        """Return a value of a column as it stands alone on a button."""
        text = self._inside(value)
        return self._alone(column.show.format(value=text, a_value=with_article(text)))

    def both_sides(self, forms: Iterable[Mapping[str, str]], one: str, other: str) -> list[tuple[str, str]]:
        """Return both sides of every card or pair that the forms make."""
        return [
            (self.say(form[one], thing, form["fact"]), self.say(form[other], thing, form["fact"]))
            for form in forms
            for thing in self.rows(form["fact"])
        ]

    def say(self, template: str, thing: Thing, key: str, value: Value | None = None) -> str:
        """Return a template with the forms of a thing and its facts filled in."""
        words = {k: self._inside(v[0]) for k, v in thing.facts.items() if v}
        said = self._inside(value) if value is not None else self._all(thing.facts[key])
        forms = {"name": thing.name, "the": thing.the, "a": thing.a, "value": said}
        upper = {name.capitalize(): _upper(text) for name, text in forms.items()}
        return template.format(**{**words, **forms, **upper, "a_value": with_article(said)})

    def _make(
        self,
        column: Attribute,
        template: str,
        thing: Thing,
        value: Value,
        right: str,
        wrong: Iterable[str],
    ) -> Draft | None:
        chosen = list(islice(_fresh(wrong, key_of(right)), column.choices))
        if not chosen:
            return None
        why = thing.why.get(column.key, "")
        if not why and column.why:
            own = value if value in thing.facts[column.key] else thing.facts[column.key][0]
            why = self.say(column.why, thing, column.key, own)
        ask = self.say(template, thing, column.key, value)
        return Draft(ask=ask, right=right, wrong=tuple(chosen), why=why)

    def _neighbours(self, column: Attribute, thing: Thing, rng: Random) -> list[Thing]:
        """Return the other rows in a random order, those that share the `near` fact first."""
        rows = [row for row in shuffled(self.rows(column.key), rng) if row is not thing]
        if column.near:
            kin = set(thing.facts.get(column.near, ()))
            rows.sort(key=lambda row: not kin & set(row.facts.get(column.near, ())))
        return rows

    def _name(self, column: Attribute, thing: Thing) -> str:
        return self._alone(self.say(column.names, thing, column.key))

    def _alone(self, text: str) -> str:
        return _upper(text) if self.sentence_answers else text

    def _inside(self, value: Value) -> str:
        return f"{value:,}" if isinstance(value, int) else value

    def _all(self, values: Sequence[Value]) -> str:
        return ", ".join(self._inside(value) for value in values)


def with_article(noun: str) -> str:
    """Return a noun with "a" or "an" before it."""
    small = noun.casefold()
    vowel = small[:1] in tuple("aeiou") and not small.startswith(_AN_BUT_A)
    return f"an {noun}" if vowel else f"a {noun}"


def _thing(row: Mapping[str, Any]) -> Thing:
    name = str(row["name"])
    return Thing(
        name=name,
        the=row.get("the", name),
        a=row.get("a") or with_article(name),
        facts={key: _values(value) for key, value in row["facts"].items()},
        also={key: _values(value) for key, value in row.get("also", {}).items()},
        why=row.get("why", {}),
    )


def _values(value: Value | list[Value]) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _question(item: Mapping[str, Any]) -> Draft:
    return Draft(
        ask=item["ask"],
        right=item["right"],
        wrong=tuple(item["wrong"]),
        hint=item.get("hint", ""),
        why=item.get("why", ""),
    )


def _fresh(texts: Iterable[str], right: str) -> Iterator[str]:
    """Yield the texts that are not the right answer and not yet given."""
    seen = {right}
    for text in texts:
        if key_of(text) not in seen:
            seen.add(key_of(text))
            yield text


def _unique(values: Iterable[Value]) -> list[Value]:
    return list(dict.fromkeys(values))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
