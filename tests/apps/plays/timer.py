"""Start the clock and let its time pass; a stopwatch is stopped again."""

from __future__ import annotations

from typing import Any

from tests.apps.playing import ahead
from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Run the clock to its end."""
    inside = f"[data-block={name}]"
    browser.click(f"{inside} [data-act=start]")
    ahead(browser, (slots["seconds"] or 60) + 1)
    if slots["mode"] == "stopwatch":
        browser.click(f"{inside} [data-act=stop]")
    browser.wait(f"sprout.describe().events.some((one) => one.block === '{name}' && one.event === 'finish')")
