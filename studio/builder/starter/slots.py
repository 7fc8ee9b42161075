"""What a wish says in numbers and names: how many, how long, what it is called."""

from __future__ import annotations

import functools
import re

from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import number_of, vocabulary
from studio.builder.starter.wish import Wish

_NUMBER = r"(\d{1,5}|[^\W\d_]+(?:-[^\W\d_]+)?)"
_THINGS = (
    r"(?:questions?|preguntas?|fragen|frage|q's|qs|cards?|flashcards|tarjetas?|cartes?|karten|fichas?|words?|"
    r"items?|things?|pages?|paginas?|seiten|pairs?|parejas?|paires?|paare?|options?|opciones|choices?|names?|"
    r"players?|teams?|equipos?|equipes?|pads?|buttons?|lives|sums?|facts?|riddles?|problems?|counters?|"
    r"endings?|finales?|fins|sides|dice|dados?|steps?|tasks?|vidas?|vies|leben|mots|worter|palabras)"
)
_UNITS = (
    (r"h|hrs?|hours?|horas?|heures?|stunden?", 3600),
    (r"m|mins?|minutes?|minutos?|minuten?|minute", 60),
    (r"s|secs?|seconds?|segundos?|secondes?|sekunden?", 1),
)
_LENGTH = [(patterns.lazy(rf"(?<![\w.]){_NUMBER}\s*-?\s*(?:{unit})\b"), size) for unit, size in _UNITS]
_CLOCK = patterns.lazy(r"\b(\d{1,3}):([0-5]\d)(?::([0-5]\d))?\b")
_HALF = (
    (patterns.lazy(r"\bhalf a minute\b|\bmedio minuto\b|\bune demi-?minute\b|\beine halbe minute\b"), 30),
    (patterns.lazy(r"\bhalf an hour\b|\bmedia hora\b|\bune demi-?heure\b|\bhalbe stunde\b"), 1800),
    (
        patterns.lazy(r"\bquarter of an hour\b|\bun cuarto de hora\b|\bviertelstunde\b|\bun quart d'heure\b"),
        900,
    ),
    (patterns.lazy(r"\b(?:a|one|un|una|une|eine) minute?[on]?\b"), 60),
    (patterns.lazy(r"\b(?:an|one|una|une|eine) (?:hour|hora|heure|stunde)\b"), 3600),
)
_EACH = patterns.lazy(
    r"\b(?:per|each|every|for each|for every|a|por|cada|par|pour chaque|pro|jede)\s+"
    r"(?:question|pregunta|frage|one|answer)\b"
)
_QUOTED = patterns.lazy(
    '["\u201c\u201e\u00ab\u2018]\\s*([^"\u201c\u201d\u201e\u00ab\u00bb\n]{1,120}?)\\s*["\u201d\u201c\u00bb\u2019]|'
    "(?<!\\w)'([^'\n]{1,120}?)'(?!\\w)"
)
_CALLED = patterns.lazy(
    r"\b(?:called|named|titled|entitled|whose name is|name is|(?:call|name) (?:it|him|her|them)|"
    r"llamad[oa]|que se llam[ea]"
    r"|titulad[oa]|appelée?|nommée?|qui s'appelle|intitulée?|namens|genannt|heißt|mit dem namen)\s*:?\s+"
    r"([^\n,.;:!?\"]{1,60})",
    re.IGNORECASE,
)
_NAME_ENDS = patterns.lazy(
    r"\s+(?:with|that|who|which|and|about|for|where|to|in|on|he|she|it|con|que|sobre|y|avec|qui|sur|et|mit|der|die|"
    r"das|über|und|please|pls|plz)\b.*$",
    re.IGNORECASE,
)


@functools.cache
def _count_pattern() -> patterns.Pattern:
    """Return what finds a number, in digits or words, with the thing that is counted at most two words on."""
    words = "|".join(sorted(map(re.escape, vocabulary().numbers), key=len, reverse=True))
    return patterns.lazy(rf"(?<![\w.,:])(\d{{1,5}}|{words})[ -](?:[^\W\d_]+[ -]){{0,2}}?({_THINGS})\b")


def find_count(plain: str) -> int | None:
    """Return how many things a wish asks for ("10 questions", "zwölf fragen"), or None."""
    for match in _count_pattern().finditer(plain):
        number = number_of(match[1])
        if number is not None and not _is_length(plain, match.start()):
            return number
    return None


def find_seconds(plain: str) -> int | None:
    """Return a length of time in seconds ("5 minutes", "1:30", "half an hour"), or None."""
    clock = _CLOCK.search(plain)
    if clock:
        first, second, third = int(clock[1]), int(clock[2]), clock[3]
        return first * 3600 + second * 60 + int(third) if third else first * 60 + second
    total, found = 0, False
    for pattern, size in _LENGTH:
        for match in pattern.finditer(plain):
            number = number_of(match[1])
            if number is not None:
                total, found = total + number * size, True
                break
    if patterns.search(r"\band a half (?:minutes?|hours?)|minutes? and a half", plain) and found:
        total += 30
    if found:
        return total
    return next((size for pattern, size in _HALF if pattern.search(plain)), None)


def says_each(plain: str) -> bool:
    """Return whether a length of time is meant for each question."""
    return bool(_EACH.search(plain))


def find_quoted(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, as it was typed."""
    return tuple(
        (match[1] or match[2]).strip() for match in _QUOTED.finditer(text) if (match[1] or match[2]).strip()
    )


def find_name(wish: Wish) -> str | None:
    """Return the name that a wish gives ("called Shark Attack", "namens Bello"), as it was typed."""
    match = _CALLED.search(wish.text)
    if not match:
        called = patterns.search(
            r"\b(?:called|named|titled|name is|(?:call|name) (?:it|him|her))\s*:?\s*$",
            wish.text[: m.start()] if (m := _QUOTED.search(wish.text)) else "",
            re.IGNORECASE,
        )
        return find_quoted(wish.text)[0] if called else None
    if match[1].lstrip().startswith(("'", "“", "„", "«", "‘")):
        quoted = find_quoted(wish.text[match.start() :])
        return quoted[0] if quoted else None
    name = _NAME_ENDS.sub("", match[1]).strip(" '“”")
    return name or None


def find_language(plain: str) -> str | None:
    """Return the language that a wish asks its app to speak ("in Spanish"), or None."""
    match = patterns.search(r"\b(?:in|into|en|auf|to)\s+([^\W\d_]+)(?!\s*(?:words?|vocab))", plain)
    while match:
        code = vocabulary().language_names.get(match[1])
        if code:
            return code
        match = patterns.lazy(r"\b(?:in|into|en|auf|to)\s+([^\W\d_]+)").search(plain, match.end())
    return None


def _is_length(plain: str, start: int) -> bool:
    return any(match.start() == start for pattern, _ in _LENGTH for match in pattern.finditer(plain))
