"""Type another first number and let it settle."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Write one number after the other into the first field until one gives a new result."""
    for number in ("7", "12.5", "3", "1", "2", "-4"):
        browser.do(
            f"const field = document.querySelector('[data-block={name}] .given input');"
            f"field.focus(); field.value = '{number}';"
            "field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change'));"
        )
        if f"{name} change" in browser.events():
            return
