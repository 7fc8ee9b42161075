"""Care for a creature."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Give every need once, then stroke the creature."""
    for number in range(len(slots["needs"])):
        browser.click(f"[data-block={name}] [data-act=care]", number)
    browser.click(f"[data-block={name}] [data-act=stroke]")
