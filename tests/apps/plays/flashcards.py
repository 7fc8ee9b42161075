"""Turn every card and leave it, with "I knew it" where the deck asks."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """See the whole deck once."""
    leave = "knew" if slots["selfcheck"] else "next"
    for _ in slots["cards"]:
        browser.click(f"[data-block={name}] [data-act=turn]")
        browser.click(f"[data-block={name}] [data-act={leave}]")
