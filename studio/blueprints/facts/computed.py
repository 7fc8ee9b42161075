"""Packs that are computed, not listed: times tables, sums, fractions, clock times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from studio.blueprints.facts.measures import roman, units
from studio.blueprints.facts.pack import WRONG_MAX, Candidate, Draft, FactPack, Head, shuffled
from studio.blueprints.facts.sums import Sum
from studio.blueprints.facts.topics import plain

_NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "zero",
            "one uno un eins",
            "two dos deux zwei zweier",
            "three tres trois drei dreier",
            "four cuatro quatre vier vierer",
            "five cinco cinq funf funfer",
            "six seis six sechs sechser",
            "seven siete sept sieben siebener",
            "eight ocho huit acht achter",
            "nine nueve neuf neun neuner",
            "ten diez dix zehn zehner",
            "eleven once onze elf elfer",
            "twelve doce douze zwolf zwolfer",
        )
    )
    for word in words.split()
}
_NUMBER = r"(?:\d{1,2}|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + ")"
_LIST = rf"{_NUMBER}(?:x|s|er)?(?:(?:,? (?:and|und|y|et|&) |, ?| )(?:the )?{_NUMBER}(?:x|s|er)?)*"
_TABLE_BEFORE = re.compile(
    rf"\b({_LIST})[ -]?(?:times? ?tables?|x ?tables?|multiplication tables?|einmaleins|reihe)\b"
)
_TABLE_AFTER = re.compile(
    rf"\b(?:tables?|tablas?|einmaleins)(?: of| for| de| del| des| du| der| mit)?(?: the| los| las| la| el)? ({_LIST})\b"
)
_UP_TO = re.compile(r"\b(?:up to|to|within|under|below|hasta|jusqu ?a|bis)[ -](?:el )?(10|20|50|100|1000)\b")


class ComputedPack(FactPack):
    """Make items from sums; `sums` is called once, on first use."""

    def __init__(self, head: Head, sums: Callable[[], Iterable[Sum]]) -> None:
        super().__init__(head)
        self._make = sums
        self._made: tuple[Sum, ...] | None = None

    @property
    def sums(self) -> tuple[Sum, ...]:
        """Return all that this pack can ask, in a stable order."""
        if self._made is None:
            self._made = tuple(self._make())
        return self._made

    def _candidates(self) -> Sequence[Candidate]:
        return [Candidate(item.group, item.short, _asker(item)) for item in self.sums]

    def _cards(self) -> Sequence[tuple[str, str]]:
        return [(item.short, item.answer) for item in self.sums]

    def _pairs(self) -> Sequence[tuple[str, str]]:
        return [(item.short, item.answer) for item in self.sums]


def _asker(item: Sum) -> Callable[[Random], Draft]:
    def make(rng: Random) -> Draft:
        misses = [text for text in dict.fromkeys(item.near) if text != item.answer]
        wrong = tuple(shuffled(misses, rng)[:WRONG_MAX])
        return Draft(ask=item.ask, right=item.answer, wrong=wrong, why=item.why)

    return make


def open_pack(head: Head) -> FactPack:
    """Return the computed pack that an entry of the index names."""
    return ComputedPack(head, _MAKERS[head.computed])


def narrow(kind: str, words: str) -> str | None:
    """Return the id of the narrower pack that `words` ask for: "7 times table", "adding up to 20"."""
    text = plain(words).replace("×", "x")
    if kind == "times":
        numbers = _table_numbers(text)
        return f"times-table-{'-'.join(map(str, numbers))}" if numbers else None
    limit = _UP_TO.search(text)
    return f"{_LIMITED[kind]}-to-{limit[1]}" if kind in _LIMITED and limit else None


def from_id(pack_id: str, heads: Mapping[str, Head]) -> FactPack | None:
    """Return the narrower computed pack with this id, or None when it is no such id."""
    table = re.fullmatch(r"times-table((?:-(?:[1-9]|1\d|20)){1,6})", pack_id)
    if table and "times-tables" in heads:
        numbers = tuple(int(text) for text in table[1].split("-")[1:])
        title = f"{_listed(numbers)} times table" + ("s" if len(numbers) > 1 else "")
        head = replace(heads["times-tables"], id=pack_id, title=title)
        return ComputedPack(head, lambda: times(numbers))
    limited = re.fullmatch(r"([a-z]+(?:-[a-z]+)*)-to-(10|20|50|100|1000)", pack_id)
    parent = heads.get(limited[1]) if limited else None
    if limited and parent and parent.computed in _LIMITED:
        most = int(limited[2])
        head = replace(parent, id=pack_id, title=f"{parent.title} up to {most}")
        make = _SUMS_TO[parent.computed]
        return ComputedPack(head, lambda: make(most))
    return None


def _table_numbers(text: str) -> tuple[int, ...]:
    found = _TABLE_BEFORE.search(text) or _TABLE_AFTER.search(text)
    if not found:
        return ()
    said = re.findall(_NUMBER, found[1])
    numbers = [int(word) if word.isdigit() else _NUMBER_WORDS[word] for word in said]
    return tuple(dict.fromkeys(number for number in numbers if 1 <= number <= 20))[:6]


def _listed(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return str(numbers[0])
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def times(numbers: Sequence[int], first: int = 1) -> Iterable[Sum]:
    """Yield the products of these tables, `first` to 12, with near misses from the same table."""
    for a in numbers:
        for b in range(first, 13):
            product = a * b
            near = (product + a, product - a, product + b, product - b, product + 10, product + 1)
            yield Sum(
                ask=f"What is {b} × {a}?",
                short=f"{b} × {a}",
                answer=str(product),
                near=tuple(str(n) for n in near if n > 0),
                why=f"{b} × {a} = {product}",
                group=str(a),
            )


def plus(most: int) -> Iterable[Sum]:
    """Yield additions whose sum is at most `most`."""
    for a, b in _terms(most):
        total = a + b
        yield _sum(f"{a} + {b}", total, (total + 1, total - 1, total + 10, total - 10, total + 2, total - 2))


def minus(most: int) -> Iterable[Sum]:
    """Yield subtractions from numbers up to `most`."""
    for a, b in _terms(most):
        yield _sum(f"{a + b} − {b}", a, (a + 1, a - 1, a + 10, a - 10, a + 2, a - 2))


def _terms(most: int) -> Iterable[tuple[int, int]]:
    """Return pairs of terms with a sum up to `most`: all of them when small, an even spread when large."""
    if most <= 20:
        return [(a, total - a) for total in range(5, most + 1) for a in range(2, total - 1)]
    rng = Random(most)
    low = most // 10
    pairs = {(a, rng.randint(low, most - a)) for a in range(low, most - low) for _ in range(3)}
    return rng.sample(sorted(pairs), k=min(240, len(pairs)))


def _sum(short: str, answer: int, near: Iterable[int]) -> Sum:
    return Sum(
        ask=f"What is {short}?",
        short=short,
        answer=str(answer),
        near=tuple(str(n) for n in near if n >= 0),
        why=f"{short} = {answer}",
    )


def sharing() -> Iterable[Sum]:
    """Yield divisions without a rest from the tables 2 to 12."""
    for a in range(2, 13):
        for b in range(2, 13):
            yield _sum(f"{a * b} ÷ {a}", b, (b + 1, b - 1, b + 2, a, b + 10))


def mixed() -> Iterable[Sum]:
    """Yield a bit of everything that children meet in mental maths."""
    groups = (
        ("plus", plus(100)),
        ("minus", minus(100)),
        ("times", times(range(2, 13), first=2)),
        ("share", sharing()),
    )
    for name, sums in groups:
        for item in sums:
            yield replace(item, group=name)


def fractions() -> Iterable[Sum]:
    """Yield parts of amounts, equal fractions and which fraction is larger."""
    names = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 10: "a tenth"}
    for bottom, name in names.items():
        for part in range(2, 13):
            whole = bottom * part
            near = tuple(
                str(n) for n in (part + 1, part - 1, whole - part, part * 2, whole - bottom) if n > 0
            )
            ask, why = f"What is {name} of {whole}?", f"{whole} ÷ {bottom} = {part}"
            yield Sum(ask, f"{name} of {whole}", str(part), near, why, "part")
    yield from _equal_fractions()


def _equal_fractions() -> Iterable[Sum]:
    simple = [Fraction(a, b) for b in range(2, 7) for a in range(1, b)]
    for value in sorted(set(simple)):
        text = f"{value.numerator}/{value.denominator}"
        for k in (2, 3, 4, 5):
            top, bottom = value.numerator * k, value.denominator * k
            misses = [(top + 1, bottom), (top, bottom + 1), (top + k, bottom + k), (bottom - top, bottom)]
            near = tuple(f"{a}/{b}" for a, b in misses if 0 < a < b and Fraction(a, b) != value)
            why = f"Multiply the top and the bottom of {text} by {k}."
            if near:
                yield Sum(
                    f"Which fraction is the same as {text}?", text, f"{top}/{bottom}", near, why, "same"
                )


def clock() -> Iterable[Sum]:
    """Yield clock times in words and what the time will be later."""
    for hour in range(1, 13):
        after = hour % 12 + 1
        for words, now in (
            (f"{hour} o'clock", f"{hour}:00"),
            (f"half past {hour}", f"{hour}:30"),
            (f"quarter past {hour}", f"{hour}:15"),
            (f"quarter to {after}", f"{hour}:45"),
            (f"ten past {hour}", f"{hour}:10"),
            (f"twenty to {after}", f"{hour}:40"),
        ):
            minutes = now.split(":")[1]
            other = "45" if minutes != "45" else "15"
            near = (f"{after}:{minutes}", f"{hour}:{other}", f"{after}:{other}", f"{hour}:05")
            ask = f"How do you write “{words}” in numbers?"
            yield Sum(ask, words, now, near, f"{words[0].upper()}{words[1:]} is {now}.", "words")
        yield from _later(hour)


def _later(hour: int) -> Iterable[Sum]:
    for start, step in ((0, 45), (15, 30), (30, 45), (45, 30), (20, 50)):
        then = hour * 60 + start + step
        shown = [_clock_face(then + slip) for slip in (0, 15, -15, 60, -5)]
        ask = f"It is {hour}:{start:02}. What time will it be in {step} minutes?"
        short = f"{hour}:{start:02} and {step} minutes"
        yield Sum(ask, short, shown[0], tuple(shown[1:]), f"{short} is {shown[0]}.", "later")


def _clock_face(minutes: int) -> str:
    return f"{(minutes // 60 - 1) % 12 + 1}:{minutes % 60:02}"


_LIMITED = {"plus": "addition", "minus": "subtraction"}
_SUMS_TO: Mapping[str, Callable[[int], Iterable[Sum]]] = {"plus": plus, "minus": minus}
_MAKERS: Mapping[str, Callable[[], Iterable[Sum]]] = {
    "times": lambda: times(range(2, 13), first=2),
    "plus": lambda: plus(20),
    "minus": lambda: minus(20),
    "share": sharing,
    "mixed": mixed,
    "fractions": fractions,
    "clock": clock,
    "units": units,
    "roman": roman,
}
