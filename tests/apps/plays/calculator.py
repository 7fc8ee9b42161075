"""Type another first number and let it settle."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Write another number into the first field and leave it."""
    number = "7" if slots["inputs"][0]["start"] != 7 else "8"
    browser.do(
        f"const field = document.querySelector('[data-block={name}] .given input');"
        f"field.focus(); field.value = '{number}';"
        "field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change'));"
    )
