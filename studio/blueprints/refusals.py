"""Turn what pydantic says into one plain sentence and a JSON pointer for the log."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from studio.blueprints.pointers import Step, pointer
from studio.errors import InputError
from studio.phrases import Phrase, phrase

_PART: Mapping[str, str] = {
    "missing": "Part {part} of the app is not whole: something is missing.",
    "extra": "Part {part} of the app has something in it that does not belong there.",
    "long": "Some words in part {part} of the app are too long.",
    "short": "Some words in part {part} of the app are missing.",
    "many": "A list in part {part} of the app is too long.",
    "few": "A list in part {part} of the app is too short.",
    "range": "A number in part {part} of the app is too small or too big.",
    "choice": "Part {part} of the app names something that does not exist.",
    "type": "Something in part {part} of the app has the wrong form.",
}
_WHOLE: Mapping[str, str] = {
    "missing": "The app is not whole: something is missing.",
    "extra": "The app has something in it that does not belong there.",
    "long": "Some words of the app are too long.",
    "short": "Some words of the app are missing.",
    "many": "A list in the app is too long.",
    "few": "A list in the app is too short.",
    "range": "A number in the app is too small or too big.",
    "choice": "The app names something that does not exist.",
    "type": "Something in the app has the wrong form.",
}
_REASONS: Mapping[str, str] = {
    "missing": "missing",
    "union_tag_not_found": "missing",
    "union_tag_invalid": "choice",
    "extra_forbidden": "extra",
    "string_too_long": "long",
    "string_too_short": "short",
    "too_long": "many",
    "too_short": "few",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "literal_error": "choice",
}


def reason(error: ValidationError) -> str:
    """Return the one word for what is wrong first: missing, long, range and so on."""
    return _REASONS.get(error.errors(include_url=False)[0]["type"], "type")


def place(location: tuple[Step, ...], data: Any) -> tuple[Step, ...]:
    """Return the steps to where it is wrong, without the names of union members that pydantic adds."""
    found: list[Step] = []
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if isinstance(data, dict) and isinstance(step, str) and (step in data or last):
            data = data.get(step)
        elif isinstance(data, list | tuple) and isinstance(step, int):
            data = data[step] if step < len(data) else None
        else:
            continue
        found.append(step)
    return tuple(found)


def refusal(error: ValidationError, data: Any) -> InputError:
    """Return the error for data that has not the shape of an app."""
    first = error.errors(include_url=False)[0]
    where = place(first["loc"], data)
    if first["type"].startswith("union_tag"):  # pydantic points at the object that has the wrong type
        where = (*where, "op" if where[:1] == ("ops",) else "type")
    inside = where[where.index("blueprint") + 1 :] if where[:1] == ("blueprint",) else where
    return InputError(
        _words(_REASONS.get(first["type"], "type"), inside),
        kept=phrase("Nothing was changed."),
        next=phrase("Ask whoever made it for a new copy."),
        detail=f"{pointer(where)}: {first['msg']}",
    )


def _words(why: str, where: tuple[Step, ...]) -> Phrase:
    if len(where) > 1 and where[0] == "blocks" and isinstance(where[1], int):
        return Phrase(_PART[why], {"part": where[1] + 1})
    return Phrase(_WHOLE[why])
