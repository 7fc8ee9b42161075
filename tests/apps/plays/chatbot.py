"""Talk to a character until it answers."""

from __future__ import annotations

import json
from typing import Any

from tests.support.browser import Browser


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Say a word that the character knows, then press each topic."""
    block = f"[data-block={name}]"
    browser.do(
        f"const input = document.querySelector('{block} [data-act=write]');"
        f"input.value = {json.dumps(slots['replies'][0]['keys'][0])};"
        "input.dispatchEvent(new Event('input', { bubbles: true }));"
    )
    browser.click(f"{block} [data-act=send]")
    for number in range(len(slots["topics"])):
        browser.click(f"{block} [data-act=topic]", number)
    browser.wait(
        f"document.querySelectorAll('{block} .chat li:not(.you)').length > {1 + len(slots['topics'])}"
    )
