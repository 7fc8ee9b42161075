"""New blocks and items to begin with: valid, sound, and open about waiting to be filled."""

from typing import Any

from studio.blueprints.blueprint import BLOCK_CLASSES, AnyBlock
from studio.blueprints.limits import item_model
from studio.blueprints.mending.spare import SPARE
from studio.blueprints.names import KINDS
from studio.errors import InputError
from studio.phrases import phrase

_SLOTS: dict[str, dict[str, Any]] = {
    "quiz": {"questions": SPARE["questions"], "seconds": 0, "shuffle": True, "feedback": "instant"},
    "flashcards": {"cards": SPARE["cards"], "order": "given", "selfcheck": True},
    "story": {
        "pages": [
            {"text": SPARE["page"], "icon": "book", "choices": [{"say": "Go on", "goto": "p2"}]},
            {"text": SPARE["page"], "icon": "star", "choices": []},
        ]
    },
    "chatbot": {
        "name": SPARE["name"],
        "icon": "robot",
        "persona": SPARE["persona"],
        "greeting": SPARE["greeting"],
        "topics": [],
        "replies": SPARE["replies"],
        "model": False,
    },
    "pet": {
        "name": SPARE["name"],
        "icon": "cat",
        "mood": "cheerful",
        "needs": SPARE["needs"],
        "grows": True,
    },
    "drawing": {
        "tools": ["pen", "brush", "eraser", "fill"],
        "stamps": [],
        "mirror": False,
        "prompt": "",
    },
    "timer": {"mode": "countdown", "seconds": 60, "rest": 0, "sound": "bell", "done": ""},
    "checklist": {"items": ["First thing"], "canadd": True, "progress": "bar", "resets": "never"},
    "calculator": {
        "inputs": [
            {"label": "First number", "unit": "", "start": 1},
            {"label": "Second number", "unit": "", "start": 1},
        ],
        "formula": "a+b",
        "result": SPARE["answer"],
        "unit": "",
        "decimals": 0,
    },
    "converter": {"pairs": SPARE["units"]},
    "picker": {
        "style": "wheel",
        "options": SPARE["options"],
        "count": 1,
        "norepeat": False,
        "button": SPARE["button"],
    },
    "memory": {"pairs": SPARE["pairs"], "peek": 2, "moves": 0},
    "arcade": {
        "game": "catch",
        "player": "cat",
        "good": ["star"],
        "bad": ["ghost"],
        "speed": "normal",
        "lives": 3,
        "seconds": 60,
        "win": 10,
    },
    "soundboard": {
        "layout": "pads",
        "instrument": "piano",
        "pads": [{"label": "Ding", "icon": "bell", "note": "ding"}],
        "record": False,
    },
    "poll": {"questions": SPARE["poll"], "results": "after"},
    "journal": {"prompts": ["What was good today?"], "moods": ["smile", "sad"], "private": True},
    "classifier": {"input": "image", "model": SPARE["model"], "labels": SPARE["labels"], "sure": 60},
    "texttool": {
        "job": "simplify",
        "target": "",
        "length": "short",
        "example": "",
        "button": SPARE["button"],
    },
    "counter": {"counters": [{"label": SPARE["counter"], "icon": "star", "start": 0, "step": 1}], "goal": 0},
    "note": {"text": SPARE["note"], "icon": "pencil", "style": "card"},
}

_ITEMS: dict[tuple[str, str], Any] = {
    ("quiz", "questions"): SPARE["questions"][0],
    ("flashcards", "cards"): SPARE["cards"][0],
    ("story", "pages"): {"text": SPARE["page"], "icon": "star", "choices": []},
    ("chatbot", "topics"): "New topic",
    ("chatbot", "replies"): SPARE["replies"][0],
    ("pet", "needs"): {"label": "Fun", "care": "Play", "icon": "ball", "drain": "normal"},
    ("drawing", "tools"): "pen",
    ("drawing", "stamps"): "star",
    ("checklist", "items"): "New thing",
    ("calculator", "inputs"): {"label": SPARE["number"], "unit": "", "start": 1},
    ("converter", "pairs"): SPARE["units"][0],
    ("picker", "options"): "New choice",
    ("memory", "pairs"): {"a": "First", "b": "Second"},
    ("arcade", "good"): "star",
    ("arcade", "bad"): "ghost",
    ("soundboard", "pads"): {"label": "Ding", "icon": "bell", "note": "ding"},
    ("poll", "questions"): SPARE["poll"][0],
    ("journal", "prompts"): "What was good today?",
    ("journal", "moods"): "smile",
    ("classifier", "labels"): {"name": "New", "icon": "star", "say": "I think it is new."},
    ("counter", "counters"): {"label": SPARE["counter"], "icon": "star", "start": 0, "step": 1},
}


def new_block(kind: str) -> AnyBlock:
    """Return a new block of a kind, ready to be played and to be filled."""
    if kind not in BLOCK_CLASSES:
        raise InputError(
            phrase("There is no such kind of part."),
            kept=phrase("Nothing was changed."),
            next=phrase("Pick another kind."),
            detail=f"no block {kind!r}",
        )
    title = str(KINDS[kind].name)
    return BLOCK_CLASSES[kind].model_validate({"type": kind, "title": title, **_SLOTS[kind]})


def new_item(kind: str, name: str) -> Any:
    """Return a new item for the list `name` of a kind of block: words, an icon or a record."""
    made = _ITEMS[kind, name]
    model = item_model(BLOCK_CLASSES[kind], name)
    return made if model is None else model.model_validate(made)
