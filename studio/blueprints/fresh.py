"""New blocks and items to begin with: a new block plays and looks good at once, a new item waits for words."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from studio.blueprints.blocks import Story
from studio.blueprints.blueprint import BLOCK_CLASSES, AnyBlock, Blueprint
from studio.blueprints.limits import item_model
from studio.blueprints.mending.spare import SPARE
from studio.blueprints.names import KINDS
from studio.errors import InputError
from studio.phrases import phrase

_SLOTS: dict[str, dict[str, Any]] = {
    "quiz": {
        "questions": [
            {
                "ask": "What do bees make?",
                "right": "Honey",
                "wrong": ["Milk", "Bread"],
                "hint": "It is sweet.",
                "why": "Bees make honey from the nectar of flowers.",
            },
            {
                "ask": "How many legs does a spider have?",
                "right": "Eight",
                "wrong": ["Six", "Ten"],
                "hint": "It has more than an ant.",
                "why": "Spiders have eight legs. Insects have six.",
            },
            {
                "ask": "What do plants need to grow?",
                "right": "Light and water",
                "wrong": ["Only sand", "Music"],
                "hint": "",
                "why": "With light, water and air a plant makes its own food.",
            },
        ],
        "seconds": 0,
        "shuffle": True,
        "feedback": "instant",
    },
    "flashcards": {
        "cards": [
            {"front": "Island", "back": "Land with water all around it"},
            {"front": "Desert", "back": "A place where it hardly ever rains"},
            {"front": "Volcano", "back": "A mountain from which melted rock can come"},
        ],
        "order": "given",
        "selfcheck": True,
    },
    "story": {
        "pages": [
            {
                "text": "You stand at the edge of a wood. Two paths lead in.",
                "icon": "tree",
                "choices": [
                    {"say": "Take the sunny path", "goto": "p2"},
                    {"say": "Take the dark path", "goto": "p3"},
                ],
            },
            {
                "text": "The path ends at a little house. Somebody has left a cake for you.",
                "icon": "cake",
                "choices": [],
            },
            {
                "text": "An owl looks down at you. “Are you lost?” it asks.",
                "icon": "owl",
                "choices": [
                    {"say": "Yes, please help me", "goto": "p4"},
                    {"say": "No, I know the way", "goto": "p2"},
                ],
            },
            {"text": "The owl flies ahead and shows you the way home.", "icon": "house", "choices": []},
        ]
    },
    "chatbot": {
        "name": "Robo",
        "icon": "robot",
        "persona": "Kind and curious. Answers in one short sentence.",
        "greeting": "Hello! What would you like to know?",
        "topics": ["Who are you?", "Tell me a joke"],
        "replies": [
            {"keys": ["hello", "hi"], "say": "Hello to you, too!"},
            {"keys": ["who", "name"], "say": "I am Robo. I live in this app."},
            {"keys": ["joke", "funny"], "say": "Why was the robot tired? It had run out of power."},
        ],
        "model": False,
    },
    "pet": {
        "name": "Biscuit",
        "icon": "cat",
        "mood": "cheerful",
        "needs": [
            {"label": "Food", "care": "Feed", "icon": "fish", "drain": "normal"},
            {"label": "Fun", "care": "Play", "icon": "ball", "drain": "normal"},
            {"label": "Rest", "care": "Tuck in", "icon": "moon", "drain": "slow"},
        ],
        "grows": True,
    },
    "drawing": {
        "tools": ["pen", "brush", "fill", "stamp", "eraser"],
        "stamps": ["star", "heart", "flower"],
        "mirror": False,
        "prompt": "Draw an animal that nobody has seen yet",
    },
    "timer": {"mode": "countdown", "seconds": 300, "rest": 0, "sound": "bell", "done": "Time is up!"},
    "checklist": {
        "items": ["Water bottle", "Snack", "Warm jumper"],
        "canadd": True,
        "progress": "stars",
        "resets": "never",
    },
    "calculator": {
        "inputs": [
            {"label": "Pizzas", "unit": "", "start": 2},
            {"label": "Slices in one pizza", "unit": "", "start": 8},
            {"label": "People", "unit": "", "start": 4},
        ],
        "formula": "a*b/c",
        "result": "Slices for each",
        "unit": "",
        "decimals": 1,
    },
    "converter": {
        "pairs": [
            {"frm": "kilometres", "to": "miles", "factor": 0.621371, "offset": 0},
            {"frm": "centimetres", "to": "inches", "factor": 0.393701, "offset": 0},
            {"frm": "°C", "to": "°F", "factor": 1.8, "offset": 32},
        ]
    },
    "picker": {
        "style": "wheel",
        "options": ["Red", "Blue", "Green", "Yellow"],
        "count": 1,
        "norepeat": False,
        "button": "Spin",
    },
    "memory": {
        "pairs": [
            {"a": "Dog", "b": "Puppy"},
            {"a": "Cat", "b": "Kitten"},
            {"a": "Cow", "b": "Calf"},
            {"a": "Sheep", "b": "Lamb"},
        ],
        "peek": 2,
        "moves": 0,
    },
    "arcade": {
        "game": "catch",
        "player": "cat",
        "good": ["fish", "star"],
        "bad": ["ghost"],
        "speed": "normal",
        "lives": 3,
        "seconds": 60,
        "win": 20,
    },
    "soundboard": {
        "layout": "pads",
        "instrument": "piano",
        "pads": [
            {"label": "Ding", "icon": "bell", "note": "ding"},
            {"label": "Boing", "icon": "ball", "note": "boing"},
            {"label": "Clap", "icon": "hand", "note": "clap"},
            {"label": "Big drum", "icon": "drum", "note": "kick"},
            {"label": "Whoosh", "icon": "plane", "note": "whoosh"},
            {"label": "High note", "icon": "music", "note": "C5"},
        ],
        "record": True,
    },
    "poll": {
        "questions": [
            {"ask": "What shall we play?", "kind": "one", "options": ["Tag", "Cards", "A quiz"]},
            {"ask": "How was your day?", "kind": "stars", "options": []},
        ],
        "results": "after",
    },
    "journal": {
        "prompts": ["What was good today?", "What did you find out?"],
        "moods": ["smile", "heart", "sad"],
        "private": True,
    },
    "classifier": {"input": "image", "model": SPARE["model"], "labels": SPARE["labels"], "sure": 60},
    "texttool": {
        "job": "simplify",
        "target": "",
        "length": "short",
        "example": "The canine consumed its nourishment with considerable enthusiasm.",
        "button": "Make it easy",
    },
    "counter": {"counters": [{"label": "Points", "icon": "star", "start": 0, "step": 1}], "goal": 10},
    "note": {"text": "Welcome! Here you can write what your app is about.", "icon": "star", "style": "card"},
}

_ITEMS: dict[tuple[str, str], Any] = {
    ("quiz", "questions"): {
        **SPARE["questions"][0],
        "wrong": ["A wrong answer", "Another wrong answer"],
    },
    ("flashcards", "cards"): SPARE["cards"][0],
    ("story", "pages"): {"text": SPARE["page"], "icon": "star", "choices": []},
    ("chatbot", "topics"): "New topic",
    ("chatbot", "replies"): {"keys": ["word"], "say": "Write your answer here."},
    ("pet", "needs"): {"label": "Bath", "care": "Wash", "icon": "cloud", "drain": "slow"},
    ("drawing", "tools"): "pen",
    ("drawing", "stamps"): "star",
    ("checklist", "items"): "New thing",
    ("calculator", "inputs"): {"label": SPARE["number"], "unit": "", "start": 1},
    ("converter", "pairs"): {"frm": "weeks", "to": "days", "factor": 7, "offset": 0},
    ("picker", "options"): "New choice",
    ("memory", "pairs"): {"a": "First", "b": "Second"},
    ("arcade", "good"): "star",
    ("arcade", "bad"): "ghost",
    ("soundboard", "pads"): {"label": "New sound", "icon": "music", "note": "E4"},
    ("poll", "questions"): {
        "ask": SPARE["poll"][0]["ask"],
        "kind": "one",
        "options": ["Yes", "No", "Not sure"],
    },
    ("journal", "prompts"): "What made you laugh?",
    ("journal", "moods"): "smile",
    ("classifier", "labels"): {"name": "New", "icon": "star", "say": "I think it is new."},
    ("counter", "counters"): {"label": SPARE["counter"], "icon": "heart", "start": 0, "step": 1},
}

_INNER: dict[tuple[str, str], Any] = {
    ("questions", "wrong"): "Another wrong answer",
    ("questions", "options"): "New answer",
    ("replies", "keys"): "word",
}

_TO_WRITE = {"quiz": "questions", "flashcards": "cards"}
"""Lists from which people learn: what stands there is theirs, from a pack, or waits to be written."""


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


def new_inner_item(block: AnyBlock, name: str, index: int, inner: str) -> Any:
    """Return, as plain data, a new item for the list `inner` of item `index` of the list `name` of a block.

    A new way on from a page of a story leads to the next page, from the last one to the end.
    """
    if isinstance(block, Story):
        return {"say": "Go on", "goto": f"p{index + 2}" if index + 1 < len(block.pages) else "end"}
    return _INNER[name, inner]


def fresh_pointers(blueprint: Blueprint) -> Iterator[str]:
    """Yield the pointers of the questions and cards that still stand as they come here, written by nobody."""
    for number, block in enumerate(blueprint.blocks):
        name = _TO_WRITE.get(block.type)
        for index, item in enumerate(getattr(block, name) if name else ()):
            if item in _fresh_items(block.type, str(name)):
                yield f"/blocks/{number}/{name}/{index}"


@cache
def _fresh_items(kind: str, name: str) -> tuple[Any, ...]:
    return (*getattr(new_block(kind), name), new_item(kind, name))
