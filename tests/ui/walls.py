"""Put the walls up before any test makes a QApplication, and make small documents to play."""

from __future__ import annotations

import json
import os
import uuid
from typing import Any

from ui import sandbox

os.environ[sandbox.ALLOW_UNSANDBOXED] = "1"
sandbox.prepare(headless=True)

QUIET = ("QRhi|RHI|GPUInfo|GpuInfo|Release of profile",)
"""What Chromium says on a machine without a graphics card."""

QUESTIONS = (
    ("Which planet is the largest?", "Jupiter", ("Saturn", "Earth")),
    ("Which planet is called the Red Planet?", "Mars", ("Venus", "Neptune")),
)


def quiz(title: str = "Planet Quiz", **more: Any) -> dict[str, Any]:
    """Return a blueprint with one quiz as plain data."""
    block = {
        "type": "quiz", "title": "Planets", "seconds": 0, "shuffle": False, "feedback": "instant",
        "questions": [
            {"ask": ask, "right": right, "wrong": list(wrong), "hint": "", "why": ""} for ask, right, wrong in QUESTIONS
        ],
    }  # fmt: skip
    return {
        "version": 1, "language": "en", "title": title, "icon": "planet", "about": "Two questions.",
        "theme": {"palette": "space", "mode": "dark", "font": "round", "background": "stars", "size": "normal"},
        "layout": "stack", "blocks": [block], "rules": [], **more,
    }  # fmt: skip


TIMER = {
    "type": "timer",
    "title": "Focus",
    "mode": "countdown",
    "seconds": 1500,
    "rest": 0,
    "sound": "none",
    "done": "",
}
CHECKLIST = {"type": "checklist", "title": "Bag", "items": ["Book", "Pen"], "canadd": True, "progress": "bar",
             "resets": "never"}  # fmt: skip
CARDS = {"type": "flashcards", "title": "Words", "cards": [{"front": "el perro", "back": "dog"}], "order": "given",
         "selfcheck": True}  # fmt: skip
PICKER = {"type": "picker", "title": "Who?", "style": "wheel", "options": ["Ada", "Ben"], "count": 1, "norepeat": False,
          "button": "Spin"}  # fmt: skip
NOTE = {"type": "note", "title": "Hello", "text": "Welcome.", "icon": "star", "style": "card"}


def document(
    blueprint: dict[str, Any] | None = None, *, origins: dict[str, Any] | None = None, number: int = 1
) -> Any:
    """Return a checked document of a blueprint."""
    from studio.blueprints import parse_document

    blueprint = blueprint or quiz()
    data = {
        "format": "sprout-project", "version": 1, "id": str(uuid.UUID(int=number)), "title": blueprint["title"],
        "kind": "blueprint", "blueprint": blueprint, "html": None, "prompts": ["a quiz about planets"],
        "block_ids": [f"block00{index}" for index in range(len(blueprint["blocks"]))], "locks": [],
        "origins": origins or {}, "credits": [], "assets": {}, "models": {}, "made_with": "Sprout Studio test",
    }  # fmt: skip
    return parse_document(json.dumps(data)).document


def ask(qtbot: Any, page: Any, script: str, *, ours: bool = True) -> Any:
    """Run a script in a page and return what it says."""
    said: list[Any] = []
    page.run(script, done=said.append, ours=ours)
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    return said[0]
