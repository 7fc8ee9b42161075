"""Computed packs about measures: units of everyday life, and Roman numerals."""

from __future__ import annotations

from collections.abc import Iterable

from studio.blueprints.facts.sums import Sum

_UNITS = (
    ("metre", "metres", "centimetres", 100),
    ("kilometre", "kilometres", "metres", 1000),
    ("centimetre", "centimetres", "millimetres", 10),
    ("kilogram", "kilograms", "grams", 1000),
    ("tonne", "tonnes", "kilograms", 1000),
    ("litre", "litres", "millilitres", 1000),
    ("minute", "minutes", "seconds", 60),
    ("hour", "hours", "minutes", 60),
    ("day", "days", "hours", 24),
    ("week", "weeks", "days", 7),
)
"""One and many of the large unit, the small unit, and how many of these make one."""

_MOST = 9
_ROMAN = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_LARGEST_ROMAN = 100


def units() -> Iterable[Sum]:
    """Yield conversions from a large unit to a small one and back, with misses by a factor or by a step."""
    for one, many, small, factor in _UNITS:
        for count in range(1, _MOST + 1):
            large, total = many if count > 1 else one, count * factor
            near = (
                total * 10,
                total // 10,
                (count + 1) * factor,
                (count - 1) * factor,
                total + 10,
                count * 100,
            )
            yield Sum(
                ask=f"How many {small} are {count} {large}?"
                if count > 1
                else f"How many {small} are in 1 {large}?",
                short=f"{count} {large} in {small}",
                answer=_said(total),
                near=tuple(_said(number) for number in near if number > 0),
                why=f"1 {one} is {_said(factor)} {small}, so {count} × {_said(factor)} = {_said(total)}.",
                group=f"{small} down",
            )
            if count == 1:
                continue
            yield Sum(
                ask=f"How many {many} are {_said(total)} {small}?",
                short=f"{_said(total)} {small} in {many}",
                answer=str(count),
                near=tuple(
                    str(number) for number in (count + 1, count - 1, count * 10, count + 2, count * 2)
                ),
                why=f"{_said(total)} ÷ {_said(factor)} = {count}",
                group=f"{small} up",
            )


def roman() -> Iterable[Sum]:
    """Yield numbers up to 100 in Roman numerals, both ways."""
    for number in range(1, _LARGEST_ROMAN + 1):
        near = [
            n for n in (number + 1, number - 1, number + 10, number - 10, number + 5, number - 5) if n > 0
        ]
        written = to_roman(number)
        yield Sum(
            ask=f"Which number is the Roman numeral {written}?",
            short=written,
            answer=str(number),
            near=tuple(str(one) for one in near),
            why=f"{written} is {number}.",
            group="read",
        )
        yield Sum(
            ask=f"How do you write {number} as a Roman numeral?",
            short=f"{number} as a Roman numeral",
            answer=written,
            near=tuple(to_roman(one) for one in near),
            why=f"{number} is {written}.",
            group="write",
        )


def to_roman(number: int) -> str:
    """Return a number from 1 on as a Roman numeral."""
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _said(number: int) -> str:
    return f"{number:,}"
