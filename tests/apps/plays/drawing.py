"""Draw one stroke over the middle of the sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.support.browser import Browser

SPOTS = ((0.3, 0.3), (0.4, 0.5), (0.6, 0.5), (0.7, 0.3))


def stroke(browser: Browser, name: str, spots: Sequence[Sequence[float]] = SPOTS) -> None:
    """Draw from spot to spot; each is a share of the sheet's width and height."""
    browser.do(
        f"const sheet = document.querySelector('[data-block={name}] [data-act=sheet] canvas');"
        "const box = sheet.getBoundingClientRect();"
        "const touch = (type, [x, y]) => sheet.dispatchEvent(new PointerEvent(type, { pointerId: 1, bubbles: true,"
        " clientX: box.left + x * box.width, clientY: box.top + y * box.height }));"
        f"const [first, ...rest] = {json.dumps(spots)};"
        "touch('pointerdown', first); rest.forEach((spot) => touch('pointermove', spot));"
        "touch('pointerup', [first, ...rest].at(-1));"
    )


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Draw with whatever tool is at hand."""
    stroke(browser, name)
