"""Small apps for the tests of the runtime."""

from __future__ import annotations

import itertools
import json
from typing import Any

from studio.blueprints import ProjectDocument, parse_document

THEME = {"palette": "space", "mode": "dark", "font": "round", "background": "stars", "size": "normal"}
_numbers = itertools.count(1)


def app(*blocks: dict[str, Any], **slots: Any) -> dict[str, Any]:
    """Return a blueprint; `theme` may name only what differs."""
    theme = {**THEME, **slots.pop("theme", {})}
    return {
        "version": 1, "language": "en", "title": "Test app", "icon": "planet", "about": "A small app.",
        "theme": theme, "layout": "stack", "blocks": list(blocks), "rules": [], **slots,
    }  # fmt: skip


def document(blueprint: dict[str, Any], *, number: int | None = None, **slots: Any) -> ProjectDocument:
    """Return a document; without a number each has an id of its own, so that nothing kept is shared."""
    number = next(_numbers) if number is None else number
    return parse_document(json.dumps({
        "format": "sprout-project", "version": 1, "id": f"{number:08x}-0000-4000-8000-000000000000",
        "title": blueprint["title"], "kind": "blueprint", "blueprint": blueprint, "html": None,
        "prompts": ["a small app"], "block_ids": [f"block{i:03d}" for i in range(len(blueprint["blocks"]))],
        "locks": [], "origins": {}, "credits": [], "assets": {}, "models": {}, "made_with": "Sprout Studio 1", **slots,
    })).document  # fmt: skip


def rule(when: str, event: str, do: str, action: str, say: str = "") -> dict[str, Any]:
    return {"when": {"block": when, "event": event}, "do": {"block": do, "action": action, "say": say}}


def question(number: int, **slots: Any) -> dict[str, Any]:
    return {
        "ask": f"What is {number} plus {number}?", "right": f"It is {2 * number}",
        "wrong": [f"It is {2 * number + 1}", f"It is {2 * number + 2}"], "hint": f"Count {number} twice.",
        "why": f"Twice {number} is {2 * number}.", **slots,
    }  # fmt: skip


def quiz(count: int = 3, **slots: Any) -> dict[str, Any]:
    questions = [question(n) for n in range(1, count + 1)]
    return {
        "type": "quiz", "title": "Sums", "questions": questions, "seconds": 0, "shuffle": False,
        "feedback": "instant", **slots,
    }  # fmt: skip


def flashcards(**slots: Any) -> dict[str, Any]:
    cards = [{"front": word, "back": f"el {word}"} for word in ("cat", "dog", "owl")]
    return {
        "type": "flashcards",
        "title": "Words",
        "cards": cards,
        "order": "given",
        "selfcheck": True,
        **slots,
    }


def timer(**slots: Any) -> dict[str, Any]:
    return {
        "type": "timer", "title": "Focus", "mode": "countdown", "seconds": 150, "rest": 30, "sound": "bell",
        "done": "Stretch!", **slots,
    }  # fmt: skip


def checklist(**slots: Any) -> dict[str, Any]:
    return {
        "type": "checklist", "title": "Bag", "items": ["Water", "Lunch", "Lunch"], "canadd": True,
        "progress": "stars", "resets": "never", **slots,
    }  # fmt: skip


def picker(**slots: Any) -> dict[str, Any]:
    return {
        "type": "picker", "title": "Who?", "style": "wheel", "options": ["Ada", "Ben", "Chi"], "count": 1,
        "norepeat": False, "button": "Spin", **slots,
    }  # fmt: skip


def note(**slots: Any) -> dict[str, Any]:
    return {
        "type": "note",
        "title": "Hello",
        "text": "Read me.\nThen play.",
        "icon": "star",
        "style": "card",
        **slots,
    }


SIX = (quiz, flashcards, timer, checklist, picker, note)
