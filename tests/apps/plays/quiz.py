"""Answer every question, right where the page tells at once, then go on to the end."""

from __future__ import annotations

import json
from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Answer as a player who knows everything."""
    inside = f"[data-block={name}]"
    for _ in slots["questions"]:
        ask = browser.run(f"document.querySelector('{inside} .ask').lastChild.textContent")
        right = next(one["right"] for one in slots["questions"] if one["ask"] == ask)
        pressed = browser.do(
            f"const one = [...document.querySelectorAll('{inside} [data-act=answer]')]"
            f".find((each) => each.querySelector('.said > span').textContent === {json.dumps(right)});"
            "one?.click(); return Boolean(one);"
        )
        assert pressed, right
        browser.click(f"{inside} [data-act=next]")
