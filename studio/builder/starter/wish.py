"""Read what somebody typed: tidy it, cut what is far too long, and guess its language."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import plain, vocabulary

MAX_LETTERS = 3000
"""What is read of a wish. A page of text is more than any wish needs; the rest is left out and said."""

LONGEST_WORD = 300
"""No slot of an app is longer; a run of letters without end would keep the rules busy for seconds."""

_ENDLESS = patterns.lazy(rf"(\S{{{LONGEST_WORD}}})\S+")
_INVISIBLE = patterns.lazy(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufff9-\ufffb]")
_SCRIPTS = (("ar", "ARABIC"), ("hi", "DEVANAGARI"), ("zh", "CJK"))


@dataclass(frozen=True)
class Wish:
    """Hold one wish: `text` as it was typed but tidy, `plain` for looking up words, and its language."""

    text: str
    plain: str
    language: str
    cut: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Return the plain words."""
        return tuple(patterns.findall(r"[^\W_]+(?:['-][^\W_]+)*", self.plain))

    @property
    def has_words(self) -> bool:
        """Return whether there is anything to read: at least two letters, or a number."""
        return len(patterns.findall(r"[^\W\d_]", self.text)) >= 2 or bool(patterns.search(r"\d", self.text))

    @property
    def readable(self) -> bool:
        """Return whether the wish is written in letters that the planner knows."""
        letters = [c for c in self.text if c.isalpha()]
        latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
        return bool(letters) and latin * 2 >= len(letters)


def read_wish(prompt: str) -> Wish:
    """Return the wish that a prompt holds; any text is taken, whatever it is made of."""
    cut = len(prompt) > MAX_LETTERS
    text = prompt[:MAX_LETTERS]
    if cut and " " in text[MAX_LETTERS // 2 :]:
        text = text[: text.rindex(" ")]
    text, runs = _ENDLESS.subn(r"\1", tidy(text))
    cut = cut or runs > 0
    return Wish(text=text, plain=mend(plain(text)), language=guess_language(text), cut=cut)


def tidy(text: str) -> str:
    """Return `text` without what cannot be seen or stored: control signs, lone surrogates, direction marks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _INVISIBLE.sub("", text)
    kept = []
    for letter in text:
        category = unicodedata.category(letter)
        if letter in "\n\t" or category not in ("Cc", "Cs", "Co", "Cn"):
            kept.append(" " if letter == "\t" else letter)
        elif category == "Cc":
            kept.append(" ")
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return "\n".join(line for line in lines if line)


def guess_language(text: str) -> str:
    """Return en, es, fr or de by the small words of a wish; ar, hi or zh by its letters."""
    for language, script in _SCRIPTS:
        letters = [c for c in text if c.isalpha()]
        if letters and sum(script in unicodedata.name(c, "") for c in letters) * 2 > len(letters):
            return language
    words = patterns.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", plain(text))
    tables = vocabulary().languages
    counts = {language: sum(word in table for word in words) for language, table in tables.items()}
    best = max(counts, key=lambda language: counts[language])
    needed = 1 if len(words) <= 4 else 2
    return best if counts[best] > counts["en"] and counts[best] >= needed else "en"


def mend(text: str) -> str:
    """Return plain text with the usual slips of the words that the planner looks for put right."""
    table = vocabulary().misspelt
    text = patterns.sub(r"\bflash cards?\b", "flashcards", text)
    text = patterns.sub(r"\bcheck lists?\b", "checklist", text)
    return patterns.sub(r"[^\W\d_]+", lambda match: table.get(match[0], match[0]), text)
