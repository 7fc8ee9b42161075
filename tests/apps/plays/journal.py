"""Write a page for today."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Write one sentence and wait until it is kept."""
    browser.do(
        f"const field = document.querySelector('[data-block={name}] [data-act=write]');"
        "field.focus(); field.value = 'We found a green leaf.'; field.dispatchEvent(new Event('input'));"
    )
    finished = f"sprout.describe().events.some((one) => one.block === '{name}' && one.event === 'finish')"
    # A browser that keeps nothing never says "Saved".
    browser.wait(
        f"document.querySelector('[data-block={name}] .saved.now') || (!sprout.describe().keeps && {finished})"
    )
