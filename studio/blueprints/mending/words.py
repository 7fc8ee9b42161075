"""Mend words and lists of words: stray spaces, control characters, things that stand twice."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_SPACES = re.compile(r"[ \t\n\v\f\r\u2028\u2029]+")
_BLANKS = re.compile(r"[ \t\v\f]+")
_BREAKS = re.compile(r"\r\n|[\r\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n{3,}")
_SPACED_BREAK = re.compile(r" *\n *")


def line(text: str) -> str:
    """Return the words on one line: trimmed, one space between them, no control characters."""
    return _SPACES.sub(" ", _without_controls(text)).strip()


def paragraph(text: str) -> str:
    """Return the words with their line breaks, else as `line` does; at most one empty line in a row."""
    text = _BLANKS.sub(" ", _BREAKS.sub("\n", _without_controls(text)))
    return _EMPTY_LINES.sub("\n\n", _SPACED_BREAK.sub("\n", text)).strip()


def _without_controls(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter for letter in text if letter in "\t\n\v\f\r" or not _is_control(letter))


def _is_control(letter: str) -> bool:
    """Tell whether a letter is a control character, or no character at all (U+FFFE, U+FFFF and such)."""
    return unicodedata.category(letter) == "Cc" or letter == "\ufeff" or ord(letter) & 0xFFFE == 0xFFFE


def key(text: str) -> str:
    """Return what two texts share that a child would call the same."""
    return unicodedata.normalize("NFC", text.casefold())


def lines(texts: Iterable[str]) -> list[str]:
    """Return the texts that say something, each on one line."""
    return [made for made in map(line, texts) if made]


def once(items: Iterable[T], name: Callable[[T], Any]) -> list[T]:
    """Return the items without those whose name came before."""
    seen = set()
    kept = []
    for item in items:
        if name(item) not in seen:
            seen.add(name(item))
            kept.append(item)
    return kept


def different(texts: Iterable[str]) -> list[str]:
    """Return the texts that say something, each once, big and small letters being the same."""
    return once(lines(texts), key)


def filled(items: Sequence[T], least: int, spare: Sequence[T], name: Callable[[T], Any]) -> list[T]:
    """Return the items, with spare ones that are not among them until there are `least`."""
    kept = list(items)
    for item in spare:
        if len(kept) >= least:
            break
        if name(item) not in {name(one) for one in kept}:
            kept.append(item)
    return kept
