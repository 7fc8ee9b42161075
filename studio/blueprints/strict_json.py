"""Read JSON that somebody else made: every trap is refused with a reason.

Python's own reader takes NaN, keys that stand twice, halves of letters (lone surrogates, which break the
later save as UTF-8) and numbers of any length. None of these gets past `read`.
"""

import json
import math
from typing import Any, NoReturn

from studio.errors import InputError
from studio.phrases import Phrase, phrase

DEEPEST = 32
LARGEST_WHOLE = 2**53 - 1
"""The page that plays the app reads numbers in JavaScript; beyond this they are no longer exact."""

_KEPT = phrase("Nothing was changed.")
_NEXT = phrase("Ask whoever made it for a new copy.")


def read(source: str | bytes, *, limit_bytes: int) -> Any:
    """Return what the JSON text says, or raise InputError with a reason a child understands."""
    text = _as_text(source, limit_bytes)
    if not text.strip():
        _refuse(phrase("There is nothing in it."), "empty")
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        _refuse(phrase("This is not an app, or a piece of it is missing."), str(error))
    except RecursionError:
        _refuse(_TOO_DEEP, "nested too deep to read")
    _check(data)
    return data


def _as_text(source: str | bytes, limit_bytes: int) -> str:
    size = len(source)
    if size <= limit_bytes and isinstance(source, str):
        size = len(source.encode("utf-8", "surrogatepass"))
    if size > limit_bytes:
        megabytes = limit_bytes // 1_000_000
        _refuse(
            phrase("This is too big for an app: more than {megabytes} MB.", megabytes=megabytes),
            f"{size} bytes, at most {limit_bytes}",
        )
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(phrase("This is not an app: it is not made of words."), str(error))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        _refuse(phrase("Something in it stands there twice."), f"the key {twice[:60]!a} stands twice")
    return made


def _constant(name: str) -> NoReturn:
    _refuse(phrase("One of its numbers is not a number."), f"{name} is not JSON")


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_WHOLE:
        _refuse(_TOO_LONG, f"a whole number of {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        _refuse(_TOO_LONG, f"the number {digits[:40]} is too large")
    return value


def _check(data: Any) -> None:
    """Refuse what is nested too deep and letters that are only half there."""
    waiting = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            _check_letters(value)
            continue
        if not isinstance(value, dict | list):
            continue
        if depth > DEEPEST:
            _refuse(_TOO_DEEP, f"nested deeper than {DEEPEST}")
        if isinstance(value, dict):
            waiting.extend((key, depth) for key in value)
            value = list(value.values())
        waiting.extend((part, depth + 1) for part in value)


def _check_letters(value: str) -> None:
    if value.isascii():
        return
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        _refuse(phrase("One of its letters is only half there."), f"lone surrogate: {error.reason}")


_TOO_DEEP = phrase("This is not an app: it has too many boxes inside boxes.")
_TOO_LONG = phrase("One of its numbers is too long.")


def _refuse(what: Phrase, detail: str) -> NoReturn:
    raise InputError(what, kept=_KEPT, next=_NEXT, detail=detail) from None
