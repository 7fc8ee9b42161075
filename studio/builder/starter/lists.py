"""Lists that people type: "Ana, Ben and Cho", lines, "dog = perro", questions with their answers.

What was typed is copied as it stands; only what no block can hold is cut, and the caller says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import plain, vocabulary

_LEAD = patterns.lazy(
    r"\b(?:with(?: the)?(?: (?:names?|items?|options?|words?|things?|people|teams?|players?))?|including|"
    r"containing|like|such as|of|for|between|from|one of|"
    r"con(?: los nombres)?|avec|mit(?: den namen)?|entre|parmi|aus|zwischen)\s+",
    re.IGNORECASE,
)
_JOIN = patterns.lazy(
    r"\s*(?:,\s*(?:and|or|y|o|et|ou|und|oder)\s+|[,;]|\s+(?:and|or|y|o|et|ou|und|oder|&)\s+)\s*",
    re.IGNORECASE,
)
_BULLET = patterns.lazy(r"^\s*(?:[-*•–·]\s+|\d{1,2}[.)]\s+|\[[ x]?\]\s*)")
_TAIL = patterns.lazy(
    r"(?:\s+(?:please|pls|plz|thanks|thank you|bitte|por favor|s'il te plaît|s'il vous plaît)\b.*"
    r"|[.!?]\s+.*|\s+(?:and|y|et|und)\s+(?:make|add|use|put|give|with|then|also|set|change|pon|haz|ajoute|"
    r"mets|mach|füge|it)\b.*"
    r"|\s+(?:to (?:choose|pick|decide|tick|see)|so (?:that|i|we)|in (?:it|there)|on it|because|that (?:i|"
    r"we)|which)\b.*|[.!?]+)$",
    re.IGNORECASE | re.DOTALL,
)
_FEATURE = patterns.lazy(
    r"^(?:an?|the|some|un|una|une|ein|eine|einem|einer|\d+|lots of|more|no|confetti|my|our|hard|easy|"
    r"different|two|three|four|five|six|"
    r"seven|eight|nine|ten)\b|\b(?:questions?|minutes?|seconds?|background|colou?rs?|theme|points?|lives|"
    r"confetti|timer|"
    r"levels?|choices|endings?|names|buttons|sounds?|preguntas|fragen|minutos|minuten)\b",
    re.IGNORECASE,
)
_CHOOSES = patterns.lazy(
    r"\b(?:pick\w*|choos\w+|select\w*|draw|decid\w+|random\w*|wheel|spin\w*|raffle|checklist|list|names?)\b",
    re.IGNORECASE,
)
_PAIR = patterns.lazy(r"^(.+?)\s*(?:=+>?|->|→|⇒|\s[-–—]\s|\t|\s:\s|:\s)\s*(.+)$")
_ASK = patterns.lazy(
    r"^\s*(?:q(?:uestion)?\s*\d*\s*[:.)]\s*)?(.+?\?)\s*(?:[-–—=:>]+\s*)?(?:a(?:nswer)?\s*[:.)=]\s*|answer\s+)?(.+)$",
    re.IGNORECASE,
)
_WRONG = patterns.lazy(
    r"\s*[(\[]?\s*(?:\bwrong\b|\bnot\b)\s*(?:answers?)?\s*:?\s*([^)\]]+)[)\]]?\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Asked:
    """Hold one question that the user typed, with its answer and the wrong ones that came with it."""

    ask: str
    right: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """Hold the list of a wish: plain items, pairs or questions, and the wish without the list."""

    items: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    asked: tuple[Asked, ...] = ()
    rest: str = ""


def find_list(text: str, *, loose: bool = True) -> Given:
    """Return the list in `text`; `rest` is what was said around it.

    Lines count first, then what follows a colon, then (when `loose`) what follows "with" or "of".
    """
    asked = _find_asked(text)
    if asked:
        return Given(asked=asked, rest=text.split("?", maxsplit=1)[0].rsplit(":", 1)[0])
    lines = text.split("\n")
    for start in (1, 0):
        body = [_BULLET.sub("", line).strip() for line in lines[start:]]
        if len(body) >= 2 and all(0 < len(line) <= 250 for line in body) and (start or _bulleted(lines)):
            return _given(tuple(body), lines[0] if start else "")
    head, colon, tail = text.partition(":")
    if colon and len(split_items(tail)) >= 2 and not patterns.search(r"\d$", head):
        return _given(split_items(tail), head)
    pairs = _pairs_in_sentence(text)
    if pairs:
        return pairs
    return _after_with(text) if loose else Given(rest=text)


def split_items(text: str) -> tuple[str, ...]:
    """Return the parts of "milk, eggs and bread", as they were typed, without doubles."""
    body = _TAIL.sub("", text.strip().replace("\n", ", "))
    parts = [_BULLET.sub("", part).strip(" \"'“”") for part in _split(body)]
    return unique(part for part in parts if part)


def unique(items: object) -> tuple[str, ...]:
    """Return the items without doubles, in their order; large and small letters are the same."""
    seen: dict[str, str] = {}
    for item in items if isinstance(items, (list, tuple)) else list(items):  # type: ignore[call-overload]
        seen.setdefault(str(item).casefold(), str(item))
    return tuple(seen.values())


def split_pair(text: str) -> tuple[str, str] | None:
    """Return the two halves of "dog = perro", or None."""
    match = _PAIR.match(text.strip())
    return (match[1].strip(), match[2].strip()) if match and match[1].strip() and match[2].strip() else None


def read_asked(text: str) -> Asked | None:
    """Return the question and its answer in "What is 2+2? 4 (wrong: 3, 5)", or None."""
    match = _ASK.match(text.strip())
    if not match:
        return None
    ask, answer = match[1].strip(), match[2].strip(" .")
    wrong = _WRONG.search(answer)
    others: tuple[str, ...] = ()
    if wrong:
        others, answer = split_items(wrong[1]), answer[: wrong.start()].strip(" ,;.(")
    elif " / " in answer or "|" in answer:
        answer, *more = (part.strip() for part in patterns.split(r"\s*[/|]\s*", answer))
        others = unique(more)
    if not answer or len(ask) < 4:
        return None
    others = tuple(other for other in others if other.casefold() != answer.casefold())[:3]
    return Asked(ask, answer, others)


def _find_asked(text: str) -> tuple[Asked, ...]:
    if text.count("?") < 1:
        return ()
    lines = patterns.split(r"\n|;", text)
    if len(lines) == 1:  # several in one line: a new question begins after an answer and a comma or full stop
        body = text.split(":", 1)[1] if ":" in text.split("?", maxsplit=1)[0] else text
        lines = patterns.split(r"(?<=[^?])[,.]\s+(?=[^?,.]{3,}\?)", body)
        if body is text:
            return ()
    found = [
        read_asked(line.split(":", 1)[1] if _introduces(line) else line) for line in lines if "?" in line
    ]
    return tuple(question for question in found if question)


def _introduces(line: str) -> bool:
    head = line.split(":", 1)[0] if ":" in line else ""
    return (
        bool(head)
        and "?" not in head
        and len(head) > 3
        and not patterns.match(r"\s*q(uestion)?\s*\d*$", head, re.IGNORECASE)
    )


def _given(parts: tuple[str, ...], rest: str) -> Given:
    pairs = [split_pair(part) for part in parts]
    if all(pairs):
        return Given(pairs=tuple(pair for pair in pairs if pair), rest=rest)
    return Given(items=unique(parts), rest=rest)


def _pairs_in_sentence(text: str) -> Given | None:
    """Return the pairs in "learn the words apple - manzana, bread - pan" without a colon."""
    if not patterns.search(r"=|->|→|\s[-–—]\s", text):
        return None
    parts = _split(_TAIL.sub("", text))
    pairs = [split_pair(part) for part in parts]
    if len(pairs) < 2 or not all(pairs[1:]):
        return None
    first = pairs[0]
    if first is None:
        return None
    lead = first[0].split()
    front = lead[-1] if len(lead) > 2 else first[0]
    kept = [(front, first[1]), *(pair for pair in pairs[1:] if pair)]
    return Given(pairs=tuple(kept), rest=" ".join(lead[:-1]) if len(lead) > 2 else "")


def _after_with(text: str) -> Given:
    for match in _LEAD.finditer(text):
        tail = text[match.end() :]
        items = split_items(tail)
        word = match[0].split()[0].lower()
        strict = word in ("of", "for", "like") or (word == "from" and not _CHOOSES.search(text))
        if len(items) >= (3 if strict else 2) and not any(_not_an_item(item) for item in items):
            return Given(items=items, rest=text[: match.start()])
    return Given(rest=text)


def _not_an_item(item: str) -> bool:
    words = plain(item).split()
    known = vocabulary()
    return (
        bool(_FEATURE.search(item))
        or len(words) > 5
        or (len(words) == 1 and words[0] in known.backgrounds and words[0] not in known.icons)
    )


def _split(text: str) -> list[str]:
    """Split at commas; at "and" only for the last part, so that "mac and cheese" may stay whole."""
    if patterns.search(r"[,;]", text):
        parts = patterns.split(r"\s*[,;]\s*", text)
        last = patterns.sub(r"^(?:and|or|y|o|et|ou|und|oder|&)\s+", "", parts[-1], flags=re.IGNORECASE)
        tail = (
            [last]
            if last != parts[-1]
            else patterns.split(r"\s+(?:and|or|y|o|et|ou|und|oder|&)\s+", parts[-1], flags=re.IGNORECASE)
        )
        return [*parts[:-1], *tail]
    return _JOIN.split(text)


def _bulleted(lines: list[str]) -> bool:
    return sum(bool(_BULLET.match(line)) for line in lines) >= 2
