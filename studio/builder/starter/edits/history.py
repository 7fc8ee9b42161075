"""Undo and redo by words."""

from __future__ import annotations

from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import number_of

_POLITE = r"^(?:(?:please|can you|could you|ok|no|oops|wait|hmm|sorry|oh|just|actually)[ ,!]+)*"
_UNDO = patterns.lazy(
    rf"{_POLITE}(?:undo|deshacer|deshaz|annuler?|annule|ruckgangig|mach (?:das |es )?ruckgangig|go back|"
    rf"vuelve atras|reviens|zuruck|take (?:that|it) back|revert|step back|change it back|"
    r"put it back (?:how|the way|to how)|bring back|i liked it better before|like (?:it was )?before|wie "
    r"vorher|como antes|comme avant)\b(?! to (?:the )?(?:light|blue|title))"
)
_REDO = patterns.lazy(
    rf"{_POLITE}(?:redo|rehacer|rehaz|refaire|refais|wiederholen|wiederherstellen|put (?:it|that) back(?: "
    rf"again)?$|undo the undo|do (?:it|that) again$|go forward)\b"
)
_STEPS = patterns.lazy(
    r"\b(\d{1,3}|[a-z]+) (?:steps?|times?|changes?|pasos?|fois|etapes?|schritte?|mal|veces)\b"
)
_LAST = patterns.lazy(r"\b(?:last|previous) (\d{1,2}|two|three|four|five) (?:changes|steps|things)\b")


def find_history(plain: str) -> int | None:
    """Return how many steps to undo (negative: redo) when a wish is only about that, else None."""
    text = plain.strip(" .!?")
    if _REDO.search(text) and len(text.split()) <= 8:
        return -_steps(text)
    if _UNDO.search(text) and len(text.split()) <= 12:
        return _steps(text)
    return None


def _steps(text: str) -> int:
    match = _STEPS.search(text) or _LAST.search(text)
    number = number_of(match[1]) if match else None
    if patterns.search(r"\b(?:twice|dos veces|deux fois|zweimal)\b", text):
        number = 2
    return max(1, min(50, number)) if number else 1
