"""Edits of the look: colours, light, letters, background, size and order on the screen."""

from __future__ import annotations

import re

from studio.builder.starter.edits.state import Clause, State, already
from studio.builder.starter.looks import Look, find_look
from studio.phrases import Phrase, phrase

_LAYOUT = (
    ("tabs", r"\btabs?\b|pestanas|onglets|reiter"),
    (
        "grid",
        r"\b(?:in|as|into|to|use) a grid\b|\bgrid layout\b|side by side|next to each other|nebeneinander",
    ),
    (
        "steps",
        r"\bstep by step\b|\b(?:in|as|to|use|with) steps\b|one (?:part )?(?:at a time|after (?:the other|"
        r"another))|paso a paso|schritt fur schritt|etape par etape",
    ),
    ("stack", r"\bstack(?:ed)?\b|on one page|under each other|below each other|all together|untereinander"),
)
_NEXT_FONT = {"round": "clean", "clean": "hand", "hand": "serif", "serif": "pixel", "pixel": "round"}
_NEXT_BACKGROUND = {
    "plain": "stars",
    "stars": "bubbles",
    "bubbles": "clouds",
    "clouds": "waves",
    "waves": "leaves",
    "leaves": "confetti",
    "confetti": "grid",
    "grid": "plain",
}
_CHANGE_COLOUR = re.compile(
    r"\b(?:another|different|other|new|change the|change|nicer|better) (?:the )?(?:colou?rs?|palette|"
    r"theme)\b|\bdon'?t like (?:the|this) colou?rs?\b|\botros? colores?\b|\bautres? couleurs?\b|\bandere "
    r"farben?\b"
)
_OTHERS = ("ocean", "candy", "forest", "sunset", "space", "rainbow", "pastel")


def look(said: Clause, state: State) -> bool:
    """Change what a clause says about the look, and nothing else."""
    found = find_look(said.plain, edit=True)
    asked = [
        _palette(found, said, state),
        _set(state, "mode", found.mode, _mode_words(found.mode)),
        _set(
            state,
            "font",
            _other(found.font, _NEXT_FONT, state.blueprint.theme.font),
            phrase("The letters look different now."),
        ),
        _set(
            state,
            "background",
            _other(found.background, _NEXT_BACKGROUND, state.blueprint.theme.background),
            phrase("The background is new."),
        ),
        _set(
            state,
            "size",
            found.size,
            phrase("The words are bigger now.")
            if found.size == "large"
            else phrase("The words have their normal size."),
        ),
    ]
    if any(asked):
        return True
    if any(value is not None for value in (found.mode, found.font, found.background, found.size)):
        return already(state)
    return False


def layout(said: Clause, state: State) -> bool:
    """Put the parts in another order on the screen."""
    for value, signs in _LAYOUT:
        if re.search(signs, said.plain):
            if state.blueprint.layout == value:
                return already(state)
            return state.do(phrase("The parts stand in another way now."), op="set_layout", value=value)
    return False


def _palette(found: Look, said: Clause, state: State) -> bool:
    now = state.blueprint.theme.palette
    choices = found.palettes or (_OTHERS if _CHANGE_COLOUR.search(said.plain) else ())
    value = next((name for name in choices if name != now), None)
    if value is None:
        return already(state) if choices and found.mode is None else False
    words = (
        phrase("The colours are new: {colour}.", colour=found.colour)
        if found.colour
        else phrase("The colours are new.")
    )
    return state.do(words, op="set_palette", value=value)


def _set(state: State, name: str, value: str | None, words: Phrase) -> bool:
    if not value or getattr(state.blueprint.theme, name) == value:
        return False
    return state.do(words, op=f"set_{name}", value=value)


def _other(value: str | None, following: dict[str, str], now: str) -> str | None:
    """Return the value, or the next one when a wish only says "another"."""
    return following[now] if value == "" else value


def _mode_words(mode: str | None) -> Phrase:
    return phrase("It is dark now.") if mode == "dark" else phrase("It is light now.")
