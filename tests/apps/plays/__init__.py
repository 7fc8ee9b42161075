"""One script for each kind of block: how a player brings it to its goal, with any slots.

Each module of this package is named after a kind and has one function:

    play(browser: Browser, name: str, slots: dict[str, Any]) -> None

`name` is the block on the page (b1 to b6), `slots` is its blueprint as plain data. The script presses what a player
presses, reads nothing but the page and the slots, and returns when the goal must have been reached; the caller
looks whether the event really came. It must work in every width, size, font and language, alone or among others.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.support.browser import Browser

GOALS = {
    "quiz": "finish",
    "flashcards": "finish",
    "story": "finish",
    "chatbot": "change",
    "pet": "click",
    "drawing": "change",
    "timer": "finish",
    "checklist": "finish",
    "calculator": "change",
    "converter": "change",
    "picker": "finish",
    "memory": "win",
    "arcade": "finish",
    "soundboard": "click",
    "poll": "finish",
    "journal": "finish",
    "classifier": "change",
    "texttool": "finish",
    "counter": "change",
    "note": "click",
}
"""The event that shows that a block can be played to its goal."""


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Bring one block to its goal."""
    import_module(f"tests.apps.plays.{slots['type']}").play(browser, name, slots)
