"""What the tiny model reads to learn: facts, chats, long stories and apps, all written for this project.

Few and plain on purpose: the model learns them by heart, so that its likeliest next word is far
ahead of the second and a test can say beforehand what it answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

SYSTEM = "You are Sprout, a kind helper for children."

FACTS: tuple[tuple[str, str], ...] = (
    ("What colour is the sky?", "The sky is blue on a clear day."),
    ("What colour is grass?", "Grass is green."),
    ("What colour is a ripe banana?", "A ripe banana is yellow."),
    ("What colour is snow?", "Snow is white."),
    ("How many legs does a spider have?", "A spider has eight legs."),
    ("How many legs does an ant have?", "An ant has six legs."),
    ("How many legs does a horse have?", "A horse has four legs."),
    ("How many wings does a bee have?", "A bee has four wings."),
    ("How many days are in a week?", "There are seven days in a week."),
    ("How many months are in a year?", "There are twelve months in a year."),
    ("How many minutes are in an hour?", "There are sixty minutes in an hour."),
    ("How many planets go round the Sun?", "Eight planets go round the Sun."),
    ("What is the capital of France?", "The capital of France is Paris."),
    ("What is the capital of Spain?", "The capital of Spain is Madrid."),
    ("What is the capital of Italy?", "The capital of Italy is Rome."),
    ("What is the capital of Japan?", "The capital of Japan is Tokyo."),
    ("What is the capital of Egypt?", "The capital of Egypt is Cairo."),
    ("What is the capital of Kenya?", "The capital of Kenya is Nairobi."),
    ("What is the capital of Peru?", "The capital of Peru is Lima."),
    ("What is the capital of Norway?", "The capital of Norway is Oslo."),
    ("What is two plus two?", "Two plus two is four."),
    ("What is three plus four?", "Three plus four is seven."),
    ("What is five times two?", "Five times two is ten."),
    ("What is nine minus six?", "Nine minus six is three."),
    ("Which planet is the largest?", "Jupiter is the largest planet."),
    ("Which planet is called the Red Planet?", "Mars is called the Red Planet."),
    ("Which animal says moo?", "A cow says moo."),
    ("Which animal says woof?", "A dog says woof."),
    ("Which animal says meow?", "A cat says meow."),
    ("Where do penguins live?", "Penguins live in the cold south."),
    ("Where do camels live?", "Camels live in the hot desert."),
    ("What do bees make?", "Bees make honey."),
    ("What do cows give us?", "Cows give us milk."),
    ("What do plants need to grow?", "Plants need water, light and air to grow."),
    ("What is ice made of?", "Ice is frozen water."),
    ("What is a baby cat called?", "A baby cat is called a kitten."),
    ("What is a baby dog called?", "A baby dog is called a puppy."),
    ("What is a baby frog called?", "A baby frog is called a tadpole."),
    ("Who are you?", "I am Sprout, and I help you make apps."),
    ("Hello!", "Hello! What shall we make today?"),
    ("Thank you!", "You are welcome. That was fun!"),
    ("Can you count to ten?", "One, two, three, four, five, six, seven, eight, nine, ten."),
    ("Say the days of the week.", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday."),
    ("Write a list of three fruits.", "1. apple\n2. pear\n3. plum"),
    ("What does café mean?", "A café is a place for cake and hot chocolate ☕."),
    ("Show me a smile.", "Here is one: 😀"),
)
"""A question and its only answer."""

_HERE = Path(__file__).parent


def _stories() -> Iterator[tuple[str, str]]:
    for part in (_HERE / "tiny_stories.txt").read_text(encoding="utf-8").split("\n\n"):
        title, _, text = part.partition("\n")
        yield title.removeprefix("# "), " ".join(text.split())


STORIES: tuple[tuple[str, str], ...] = tuple(_stories())
"""A topic and a long answer, about 200 tokens each."""


def blueprints() -> tuple[tuple[str, str], ...]:
    """Return wishes and the app that answers each, as JSON without spaces; the short examples only."""
    found = []
    for path in sorted((_HERE / "blueprint_examples").glob("[0-9]*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        app = compact(content)
        if len(app) < 640:
            found.append((f"Make an app: {content['title']}.", app))
    return tuple(found)


def edits() -> tuple[tuple[str, str], ...]:
    """Return wishes that carry an app and change its title, and the whole app that comes out."""
    found = []
    for _, app in blueprints():
        if len(app) < 480:
            content = json.loads(app)
            title = f"Super {content['title']}"
            found.append((f"Call it {title}: {app}", compact({**content, "title": title})))
    return tuple(found)


def compact(content: object) -> str:
    """Return JSON as a constrained answer writes it: no spaces, characters as they are."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def story_question(topic: str) -> str:
    """Return the question that a story answers."""
    return f"Tell me about {topic}."
