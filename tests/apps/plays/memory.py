"""Find every pair: turn all cards once, then bring those together whose words belong together."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser

_HANDS = """
const part = (which) => document.querySelector(`[data-block=NAME] ${which}`);
const tiles = () => [...document.querySelectorAll('[data-block=NAME] .tile')];
const again = () => { part('[data-act=restart]')?.click(); part('[data-act=ready]')?.click(); };
const playing = () => Boolean(part('.tiles.play'));
"""


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Win; where a limit of moves ends the first try, play on with the same cards, now known."""
    hands = _HANDS.replace("NAME", name)
    seen = browser.do(
        f"{hands} again(); const seen = [];"
        "for (let i = 0; i < tiles().length; i += 1) {"
        " tiles()[i].click(); seen.push(tiles()[i].querySelector('span').textContent);"
        " if (part('.tiles.lost')) again(); }"
        "return seen;"
    )
    if browser.do(f"{hands} return Boolean(part('.tiles.won'));"):
        return
    if slots["moves"]:  # the look round took moves: use up the rest, then a fresh try with the same cards
        browser.do(
            f"{hands} for (let i = 0; playing() && i < 500; i += 1) {{"
            " const shut = tiles().filter((tile) => !tile.matches('.pair')); shut[i % shut.length].click(); }"
            "if (part('.tiles.lost')) again();"
        )
    for first, second in _places(seen, slots["pairs"]):
        browser.do(
            f"{hands} for (let i = 0; i < 3 && !tiles()[{first}].matches('.pair'); i += 1)"
            f" {{ tiles()[{first}].click(); tiles()[{second}].click(); }}"
        )


def _places(seen: list[str], pairs: list[dict[str, str]]) -> list[tuple[int, int]]:
    """Return two places for each pair, every place once."""
    free = list(range(len(seen)))
    places = []
    for pair in pairs:
        first = next(place for place in free if seen[place] == pair["a"])
        free.remove(first)
        second = next(place for place in free if seen[place] == pair["b"])
        free.remove(second)
        places.append((first, second))
    return places
