"""Type a number that the converter does not show yet and let it settle."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Write 12.5 on the first side, as fingers would, and leave the field."""
    browser.do(
        f"const field = document.querySelector('[data-block={name}] [data-act=side0]');"
        "field.focus(); field.value = '12.5';"
        "field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change'));"
    )
