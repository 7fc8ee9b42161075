"""Count one up."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Press plus in the last row."""
    browser.click(f"[data-block={name}] [data-act=plus]", len(slots["counters"]) - 1)
