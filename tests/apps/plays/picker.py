"""Press the button and wait until the choice stands."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Pick once."""
    browser.click(f"[data-block={name}] [data-act=pick]")
    browser.wait(f"sprout.describe().events.some((one) => one.block === '{name}' && one.event === 'finish')")
