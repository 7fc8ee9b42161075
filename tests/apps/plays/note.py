"""Tap the note."""

from __future__ import annotations

from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Tap it once."""
    browser.click(f"[data-block={name}] [data-act=click]")
