"""Press the last pad."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Press the last pad as a keyboard does."""
    browser.click(f"[data-block={name}] .pad", len(slots["pads"]) - 1)
