"""What a wish says about colours, light, letters and background."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass

from studio.builder.starter import patterns
from studio.builder.starter.vocabulary import vocabulary

_DARK = patterns.lazy(
    r"\b(?:dark(?:er)?(?: mode| theme)?|black|night mode|oscur[oa]|modo oscuro|sombre|dunkel|dunkler)\b"
)
_LETTERS = (
    r"(?:text|print|letters?|words?|font|writing|size|letras?|texto|lettres|texte|schrift|buchstaben|everything|it|"
    r"all)"
)
_BACKGROUND = patterns.lazy(
    r"\b(?:background|backdrop|wallpaper|fondo|fond|arriere-plan|hintergrund|"
    r"behind (?:everything|it|that|this|the (?:app|quiz|game|page|cards|words)))\b"
)
_FONT = patterns.lazy(
    r"\b(?:font|letters|lettering|handwriting|typeface|letra|tipo de letra|police|ecriture|schrift|schriftart)\b"
)
_EASY_TO_READ = patterns.lazy(
    r"\b(?:writing|letters|words|text|font)\b.*\b(?:easier|easy|better) to read\b|"
    r"\bhard to read the (?:writing|letters|words|text|font)\b"
)
_LOOK_WORDS = (
    r"theme|colou?rs?|palette|background|style|mode|look|text|letters?|font|words|to|on|in|and|for|as|please|"
    r"it|everywhere|all|too|instead|now|colores?|couleurs?|farben?"
)
_SHOWN = patterns.lazy(
    r"\bwith (?:(?:some|lots of|many|little|big|small|tiny|a few|cute|the) )*([^\W\d_]+(?: [^\W\d_]+)?)"
)
_OTHER = patterns.lazy(r"\b(?:another|different|other|change|new|otr[oa]|autre|ander[en]*)\b")


@dataclass(frozen=True)
class Look:
    """Hold what a wish says about the look; a field that is None was not mentioned.

    `pairs` are palettes with a mode (None: any), in order of fit; `colour` is the word that was used.
    `lacking` is what a wish wants to see in the look and no look has ("hearts").
    """

    pairs: tuple[tuple[str, str | None], ...] = ()
    colour: str = ""
    mode: str | None = None
    font: str | None = None
    background: str | None = None
    size: str | None = None
    lacking: str = ""


def find_look(plain: str, *, edit: bool = False) -> Look:
    """Return the look that plain words ask for; for an edit, style words count without "theme" beside them."""
    plain = patterns.sub(r"\bblack (?:and|&|n) white\b", "monochrome style" if edit else "monochrome", plain)
    background = _background(plain)
    shown = _shown_with(plain) if edit and background is None else ""
    background = _seen(shown) or background
    colour, pairs = _palettes(_without(plain, _BACKGROUND) if background else plain, edit=edit)
    return Look(
        pairs=pairs,
        colour=colour,
        mode=_mode(plain, colour),
        font=_font(plain),
        background=background,
        size=_size(plain, edit=edit),
        lacking=shown if shown and not _seen(shown) else "",
    )


def _words(plain: str) -> list[str]:
    words = patterns.findall(r"[^\W_]+(?:-[^\W_]+)*", plain)
    pairs = [f"{first}-{second}" for first, second in itertools.pairwise(words)]
    known = vocabulary()
    found = [pair for pair in pairs if pair in known.colours or pair in known.palettes]
    return found + words


def _palettes(plain: str, *, edit: bool) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    known = vocabulary()
    if edit and _adds_thing().search(plain):
        return "", ()
    plain = patterns.sub(r"\b(?:orange|banana|apple|fire|ice|snow) (?:juice|cream|truck|man)\b", " ", plain)
    plain = patterns.sub(
        r"\b(?:red|blue|green|yellow|black|white) (?:team|house|group|car|planet|panda|riding|whale|card)s?\b",
        " ",
        plain,
    )
    if not edit:  # "red and blue team": names of sides, not a look
        plain = patterns.sub(r"\b\w+ (?:and|vs|versus|or) \w+ teams?\b", " ", plain)
    for word in _words(plain):
        if word in known.colours and (edit or _is_look(plain, word)):
            like = patterns.search(r"\blike (?:the |an? )?([^\W\d_]+)", plain)
            named = known.palettes.get(like[1]) if like else None
            return word, (_pair(named),) if named else known.colours[word]
    for word in _words(plain):
        name = known.palettes.get(word)
        styled = patterns.search(
            rf"\b{re.escape(word)}\b[\w ]{{0,12}}\b(?:theme|style|colou?rs?|palette|look|vibes?|mode)\b",
            plain,
        )
        if name and (
            styled
            or (
                edit
                and patterns.search(
                    rf"\b(?:look|looks|make it|use|try|go|want|theme|palette|style|"
                    rf"feel)\b[\w ]{{0,20}}\b{re.escape(word)}\b",
                    plain,
                )
            )
        ):
            return word, (_pair(name),)
    return "", ()


def _pair(name: str) -> tuple[str, str | None]:
    """Return a palette and its mode ("night/dark"); None where any mode does."""
    palette, _, mode = name.partition("/")
    return palette, mode or None


def _is_look(plain: str, word: str) -> bool:
    """Return whether a colour word colours the app, and is not part of what the app is about."""
    spoken = re.escape(word).replace("\\-", "[ -]")
    if patterns.search(
        rf"\b(?:about|on|sobre|sur|uber) (?:the )?(?:\w+ )?{spoken}\b(?! (?:theme|colou?rs?|background))",
        plain,
    ):
        return bool(patterns.search(rf"\bin {spoken}\b", plain))
    return not patterns.search(rf"\b{spoken} (?:and|or|y|o|et|ou|und|oder)\b.*\b(?:team|card|button)", plain)


def _mode(plain: str, colour: str) -> str | None:
    if patterns.search(r"\btoo (?:light|bright)\b", plain):
        return "dark"
    if patterns.search(r"\btoo dark\b|\b(?:not|less|isn't|no) (?:so )?dark\b", plain):
        return "light"
    if _DARK.search(plain) and patterns.search(
        r"\bdark(?:er)?\b|\boscur|\bsombre\b|\bdunk|\bnight mode\b|\bblack\b", plain
    ):
        return (
            "dark"
            if colour
            or patterns.search(
                r"\bdark(?:er)?\b(?! (?:forest|cave|house|castle|night|story|room|age))|mode|oscur|sombre|dunk",
                plain,
            )
            else None
        )
    if patterns.search(
        r"\b(?:light|bright|day)(?:er)? ?(?:mode|theme|version|colou?rs?)\b|\b(?:make it|more|look) (?:light|"
        r"bright)(?:er)?\b|\blighter\b|\bbrighter\b|\bmodo claro\b|\bheller\b",
        plain,
    ):
        return "light"
    return "light" if colour in ("white", "blanco", "blanc", "weiss") else None


def _font(plain: str) -> str | None:
    table = vocabulary().fonts
    if patterns.search(
        r"\b(?:pixel(?:ated)?|handwritten|handwriting|hand-written) (?:font|letters|text|writing|style)\b|"
        r"\bhandwriting\b",
        plain,
    ):
        return next(
            table[word] for word in _words(plain) if word in table and table[word] in ("pixel", "hand")
        )
    if _EASY_TO_READ.search(plain):
        return "clean"
    if not _FONT.search(plain):
        return None
    found = next((table[word] for word in _words(plain) if word in table), None)
    return found or ("" if _OTHER.search(plain) else None)


def _background(plain: str) -> str | None:
    if not _BACKGROUND.search(plain):
        return None
    table = vocabulary().backgrounds
    found = next((table[word] for word in _words(plain) if word in table), None)
    if (
        patterns.search(r"\b(?:remove|no|without|delete|get rid of|take (?:away|out|off))\b", plain)
        and "instead" not in plain
    ):
        return "plain"
    if found is None and any(word in vocabulary().colours for word in _words(plain)):
        return None
    return found or ("" if _OTHER.search(plain) else None)


def _shown_with(plain: str) -> str:
    """Return what a look should show ("with hearts"), when it is no word about light, letters or colours."""
    match = _SHOWN.search(plain)
    if not match:
        return ""
    words = patterns.sub(r" (?:in|on|and|please|everywhere|too|all|for)\b.*$", "", match[1])
    known = vocabulary()
    told = any(word in known.colours or word in known.fonts for word in _words(words))
    if told or patterns.search(
        rf"\b(?:{_LETTERS}|mode|theme|light|dark|colou?rs?|questions?|cards?|time)\b", words
    ):
        return ""
    return words


def _seen(words: str) -> str | None:
    """Return the background that shows what words name, or None."""
    table = vocabulary().backgrounds
    found = next((table[word] for word in _words(words) if word in table), None)
    return None if found == "plain" else found


@functools.cache
def _adds_thing() -> patterns.Pattern:
    """Return what finds a thing that has a colour in a wish to add it ("add a pink elephant")."""
    colours = "|".join(sorted(map(re.escape, vocabulary().colours), key=len, reverse=True))
    return patterns.lazy(
        r"\b(?:add|put|include|insert|anade|agrega|pon|ajoute|mets|fuge)\b.*?"
        rf"\b(?:{colours}) (?!(?:{_LOOK_WORDS}|{colours})\b)[^\W\d_]"
    )


def _size(plain: str, *, edit: bool) -> str | None:
    if edit and patterns.search(
        rf"\b{_LETTERS}\b.*\btoo (?:small|tiny)\b|\b(?:can'?t|cannot|hard to) read\b|\b"
        rf"(?:increase|enlarge)\b.*\b(?:size|text|font|letters)\b",
        plain,
    ):
        return "large"
    if edit and patterns.search(rf"\b{_LETTERS}\b.*\btoo (?:big|large|huge)\b", plain):
        return "normal"
    near = rf"\b(?:{{0}})\b[\w ]{{{{0,12}}}}\b{_LETTERS}\b|\b{_LETTERS}\b[\w ]{{{{0,12}}}}\b(?:{{0}})\b"
    big = r"bigger|larger|large|big|huge|grandes?|mas grandes?|plus grande?s?|grosse?r?"
    small = r"smaller|small|normal|tiny|mas pequen[oa]s?|plus petite?s?|kleiner"
    if patterns.search(near.format(big).replace("{{", "{").replace("}}", "}"), plain) and (
        edit or patterns.search(r"text|letters|font|words|schrift|letra", plain)
    ):
        return "large"
    if edit and patterns.search(near.format(small).replace("{{", "{").replace("}}", "}"), plain):
        return "normal"
    return None


def _without(plain: str, pattern: patterns.Pattern) -> str:
    """Return plain text without the words beside the background, which describe it."""
    return patterns.sub(
        rf"[^\W_]+ (?:{pattern.pattern})|(?:{pattern.pattern}) (?:of|with|to|in|con|avec|mit)? ?[^\W_]+",
        " ",
        plain,
    )
