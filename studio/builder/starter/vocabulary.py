"""The words that the starter planner knows: colours, numbers, pictures and languages, read once from data."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import resources
from studio.builder.starter import patterns

LANGUAGES = ("en", "es", "fr", "de")


@dataclass(frozen=True)
class Vocabulary:
    """Hold the word tables of `resources/planner/words.json`, keys without accents.

    `colours` gives for each colour word the palettes, each with its light or dark mode, that a person
    who looks at them would call that colour; best first.
    """

    languages: Mapping[str, frozenset[str]]
    language_names: Mapping[str, str]
    numbers: Mapping[str, int]
    misspelt: Mapping[str, str]
    icons: Mapping[str, str]
    looks: Mapping[str, Mapping[str, str]]
    colours: Mapping[str, tuple[tuple[str, str], ...]]
    palettes: Mapping[str, str]
    fonts: Mapping[str, str]
    backgrounds: Mapping[str, str]
    fillers: frozenset[str]


def folder() -> Path:
    """Return the folder with the planner's data."""
    return resources.folder() / "planner"


def plain(text: str) -> str:
    """Return `text` in small letters, without accents and with straight quotes and apostrophes."""
    text = text.casefold().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the word tables, read at the first call."""
    data = read("words.json")

    def folded(name: str) -> dict[str, Any]:
        return {plain(word): value for word, value in data[name].items()}

    return Vocabulary(
        languages={
            name: frozenset(plain(word) for word in words) for name, words in data["languages"].items()
        },
        language_names=folded("language_names"),
        numbers=folded("numbers"),
        misspelt=folded("misspelt"),
        icons=folded("icons"),
        looks=data["looks"],
        colours={
            word: tuple((name.partition("/")[0], name.partition("/")[2]) for name in names)
            for word, names in folded("colours").items()
        },
        palettes=folded("palettes"),
        fonts=folded("fonts"),
        backgrounds=folded("backgrounds"),
        fillers=frozenset(data["fillers"]),
    )


@functools.cache
def read(name: str) -> Any:
    """Return what a data file of the planner says."""
    return json.loads((folder() / name).read_text(encoding="utf-8"))


@functools.cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    data: Mapping[str, Mapping[str, str]] = read("texts.json")
    return data


@functools.cache
def _spoken() -> frozenset[str]:
    return frozenset(line for entry in _texts().values() for line in entry.values())


def spoken(words: str) -> bool:
    """Return whether words are a line of the studio's own, in whatever language; nobody typed them."""
    return words in _spoken()


def known(key: str) -> bool:
    """Return whether there are words under a key."""
    return key in _texts()


def text(key: str, language: str, **values: object) -> str:
    """Return words that go into an app, in its language or else in English."""
    entry = _texts()[key]
    template = entry.get(language) or entry["en"]
    return template.format(**values) if values else template


def texts(key: str, language: str) -> tuple[str, ...]:
    """Return a list of words that go into an app; the parts are separated by `|` in the data."""
    return tuple(text(key, language).split("|"))


def number_of(word: str) -> int | None:
    """Return the number that a word or some digits mean."""
    if patterns.fullmatch(r"[0-9]{1,6}", word):
        return int(word)
    return vocabulary().numbers.get(word)


def title_case(words: str) -> str:
    """Return words as in a title: "the roman empire" as "The Roman Empire"; what has capitals stays."""
    small = {
        "of",
        "the",
        "and",
        "a",
        "an",
        "in",
        "on",
        "to",
        "for",
        "de",
        "la",
        "el",
        "du",
        "des",
        "und",
        "et",
        "y",
    }
    parts = words.split()
    return " ".join(
        part if any(c.isupper() for c in part) or (place and part in small) else part[:1].upper() + part[1:]
        for place, part in enumerate(parts)
    )


def fit(words: str, most: int) -> str:
    """Return `words` in at most `most` letters, cut between two words where there is one."""
    words = words.strip()
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    if " " in kept[most // 2 :]:
        kept = kept[: kept.rindex(" ")]
    return kept.rstrip(" ,;:-") + "…"
