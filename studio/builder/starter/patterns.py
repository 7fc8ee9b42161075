"""Patterns that are compiled when a wish first needs them, and once.

The planner knows more than a thousand patterns and a wish needs a few dozen: compiling all of them takes longer than
everything else it does, and the store behind `re.search` holds 512, so that a long talk compiles them again and again.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

Replacement = str | Callable[[re.Match[str]], str]


class Pattern:
    """Stand for a pattern; it is compiled at its first use. Methods are those of `re.Pattern`."""

    __slots__ = ("_made", "flags", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags
        self._made: re.Pattern[str] | None = None

    @property
    def made(self) -> re.Pattern[str]:
        """Return the compiled pattern."""
        made = self._made
        if made is None:
            made = self._made = re.compile(self.pattern, self.flags)
        return made

    def search(self, words: str, start: int = 0) -> re.Match[str] | None:
        """Return the first match from `start` on."""
        return (self._made or self.made).search(words, start)

    def match(self, words: str) -> re.Match[str] | None:
        """Return the match at the beginning."""
        return (self._made or self.made).match(words)

    def fullmatch(self, words: str) -> re.Match[str] | None:
        """Return the match of the whole."""
        return (self._made or self.made).fullmatch(words)

    def finditer(self, words: str) -> Iterator[re.Match[str]]:
        """Yield every match."""
        return (self._made or self.made).finditer(words)

    def findall(self, words: str) -> list[str]:
        """Return the words of every match, for a pattern with at most one group."""
        return (self._made or self.made).findall(words)

    def sub(self, new: Replacement, words: str, count: int = 0) -> str:
        """Return the words with `new` for each match."""
        return (self._made or self.made).sub(new, words, count)

    def subn(self, new: Replacement, words: str) -> tuple[str, int]:
        """Return the words with `new` for each match, and how many there were."""
        return (self._made or self.made).subn(new, words)

    def split(self, words: str, maxsplit: int = 0) -> list[str]:
        """Return what stands between the matches."""
        return (self._made or self.made).split(words, maxsplit)


@functools.lru_cache(maxsize=4096)
def lazy(pattern: str, flags: int = 0) -> Pattern:
    """Return the pattern for some text, the same one each time."""
    return Pattern(pattern, flags)


def search(pattern: str, words: str, flags: int = 0) -> re.Match[str] | None:
    """Return the first match of a pattern that is written where it is used."""
    return lazy(pattern, flags).search(words)


def match(pattern: str, words: str, flags: int = 0) -> re.Match[str] | None:
    """Return the match at the beginning."""
    return lazy(pattern, flags).match(words)


def fullmatch(pattern: str, words: str, flags: int = 0) -> re.Match[str] | None:
    """Return the match of the whole."""
    return lazy(pattern, flags).fullmatch(words)


def finditer(pattern: str, words: str, flags: int = 0) -> Iterator[re.Match[str]]:
    """Yield every match."""
    return lazy(pattern, flags).finditer(words)


def findall(pattern: str, words: str, flags: int = 0) -> list[str]:
    """Return the words of every match, for a pattern with at most one group."""
    return lazy(pattern, flags).findall(words)


def sub(pattern: str, new: Replacement, words: str, *, count: int = 0, flags: int = 0) -> str:
    """Return the words with `new` for each match."""
    return lazy(pattern, flags).sub(new, words, count)


def split(pattern: str, words: str, *, maxsplit: int = 0, flags: int = 0) -> list[str]:
    """Return what stands between the matches."""
    return lazy(pattern, flags).split(words, maxsplit)
