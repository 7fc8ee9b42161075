"""Edits of the look: colours, light, letters, background, size and order on the screen."""

from __future__ import annotations

from studio.builder.starter import patterns
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
        r"\bstep by step\b|\b(?:in|as|to|use|with) steps\b(?! of)|one (?:part )?(?:at a time|after (?:the other|"
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
_CHANGE_COLOUR = patterns.lazy(
    r"\b(?:another|different|other|new|change the|change|nicer|better) (?:the )?(?:colou?rs?|palette|"
    r"theme)\b|\bdon'?t like (?:the|this) colou?rs?\b|\botros? colores?\b|\bautres? couleurs?\b|\bandere "
    r"farben?\b"
)
_NEAR = ("yellow", "amarillo", "amarilla", "jaune", "gelb", "orange", "naranja", "orangefarben")
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
    if found.lacking and any(asked):
        state.checks.append(
            phrase(
                "I have no background with {words}. I have stars, waves, bubbles, clouds, leaves and confetti.",
                words=found.lacking,
            )
        )
    if any(asked):
        return True
    if any(value is not None for value in (found.mode, found.font, found.background, found.size)):
        return already(state)
    return False


def layout(said: Clause, state: State) -> bool:
    """Put the parts in another order on the screen."""
    for value, signs in _LAYOUT:
        if patterns.search(signs, said.plain):
            if state.blueprint.layout == value:
                return already(state)
            return state.do(phrase("The parts stand in another way now."), op="set_layout", value=value)
    return False


_NOT = r"\b(?:not|no longer|never|don'?t|dont|do not|stop)\b(?! only)[\w' ]{{0,24}}\b{colour}\b(?! but)"
"""A colour that somebody does not want: another one is meant."""


def _palette(found: Look, said: Clause, state: State) -> bool:
    theme = state.blueprint.theme
    unwanted = bool(found.colour) and patterns.search(_NOT.format(colour=found.colour), said.plain)
    named = {name for name, _ in found.pairs}
    if unwanted and theme.palette not in named:
        return already(state)
    if unwanted or not found.pairs:
        avoided = {theme.palette, *named}
        value = next((name for name in _OTHERS if name not in avoided), "")
        other = unwanted or _CHANGE_COLOUR.search(said.plain)
        return bool(other) and state.do(phrase("The colours are new."), op="set_palette", value=value)
    wanted = found.mode or theme.mode
    fitting = [pair for pair in found.pairs if pair[1] in (None, wanted)]
    if found.mode and not fitting:
        fitting = [(name, found.mode) for name, _ in found.pairs]
    fitting = fitting or list(found.pairs)
    if theme.palette in [name for name, _ in fitting] and fitting[0][1] in (None, wanted):
        return found.mode is None and _so_already(found, state)
    palette, mode = fitting[0]
    if palette != theme.palette:
        words = phrase("The colours are new: {colour}.", colour=found.colour)
        state.do(words, op="set_palette", value=palette)
    if mode and found.mode is None:
        _set(state, "mode", mode, _mode_words(mode))
    if found.colour in _NEAR and (mode or wanted) == "light":
        state.checks.append(phrase("This is the nearest to {colour} that I have.", colour=found.colour))
    return True


def _so_already(found: Look, state: State) -> bool:
    """Make a colour that the app has already lighter or darker, where it stays that colour; else say so."""
    theme = state.blueprint.theme
    other = "dark" if theme.mode == "light" else "light"
    if (theme.palette, other) not in found.pairs:
        state.checks.append(phrase("It is {colour} already.", colour=found.colour))
        return True
    if other == "light":
        words = phrase("It was {colour} already. Now it is a lighter {colour}.", colour=found.colour)
    else:
        words = phrase("It was {colour} already. Now it is a darker {colour}.", colour=found.colour)
    return state.do(words, op="set_mode", value=other)


def _set(state: State, name: str, value: str | None, words: Phrase) -> bool:
    if not value or getattr(state.blueprint.theme, name) == value:
        return False
    return state.do(words, op=f"set_{name}", value=value)


def _other(value: str | None, following: dict[str, str], now: str) -> str | None:
    """Return the value, or the next one when a wish only says "another"."""
    return following[now] if value == "" else value


def _mode_words(mode: str | None) -> Phrase:
    return phrase("It is dark now.") if mode == "dark" else phrase("It is light now.")
