"""Show the guesser something and let it guess.

Where no model for this input lies in the page (always for pictures, sound and webcam) the block shows the card "This
part learns first" and fires nothing but start: the script looks at the card and returns, and the goal is not demanded.
`plays_here` tells a caller which of the two it is.
"""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def plays_here(browser: Browser, name: str) -> bool:
    """Return whether this block has a model that it can use."""
    return bool(browser.run(f"document.querySelector('[data-block={name}] [data-state=cannot]') === null"))


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Write or draw something and press Guess."""
    here = f"[data-block={name}] "
    if not plays_here(browser, name):
        text = browser.run(f"document.querySelector('{here}.learns').textContent")
        assert all(label["name"] in text for label in slots["labels"])
        return
    browser.do(
        f"const field = document.querySelector('{here}textarea'), pad = document.querySelector('{here}.pad');"
        "if (field) { field.value = 'What a lovely day!'; field.dispatchEvent(new Event('input')); return; }"
        "const box = pad.getBoundingClientRect();"
        "const at = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1,"
        " clientX: box.left + x * box.width, clientY: box.top + y * box.height }));"
        "at('pointerdown', 0.2, 0.2); at('pointermove', 0.5, 0.6);"
        "at('pointermove', 0.8, 0.3); at('pointerup', 0.8, 0.3);"
    )
    browser.click(f"{here}[data-act=guess]")
