"""Tick everything off; on an empty list that takes own things, write one first."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Tick every row."""
    inside = f"[data-block={name}]"
    if not slots["items"]:
        browser.do(
            f"const box = document.querySelector('{inside} [data-act=write]'); box.value = 'Socks';"
            "box.form.requestSubmit();"
        )
    rows = len(slots["items"]) or 1
    for number in range(rows):
        browser.click(f"{inside} [data-act=tick]", number)
