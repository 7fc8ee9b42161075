"""Teach the models that lie inside the starters, from the sentences below, and write them into their files.

    python -m benchmarks.starter_models [--check]

Every sentence was written for this. Of each five one is kept back while we measure how often the model is right about
sentences that it has not seen; the model in the file has learned them all. `--check` changes nothing and fails where a
file holds something else than what would be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import resources
from tests.support.teacher import chances, teach

FOLDS = 5
BITS = 11
LEAVES = {
    "oak": (
        "The leaf has round, wavy edges", "Soft round lobes like little waves", "I found acorns under the tree",
        "Brown and leathery with wavy sides", "An acorn with a little cup lay beside it",
        "Long leaf with rounded bumps",
        "The edge goes in and out in round curves", "The tree had thick grey bark and acorns",
        "A squirrel was hiding acorns there",
        "The lobes are round, not pointed", "It looks like a cloud with a short stalk", "Wavy leaf, wider at the top",
        "Rounded fingers along both sides", "Acorns everywhere on the ground", "The bumps are smooth and round",
    ),
    "maple": (
        "Five points like a star", "It looks like a hand with pointed fingers",
        "Bright red in autumn with sharp points",
        "The seeds spin down like helicopters", "Pointed lobes and a long stalk",
        "It is the leaf on the flag of Canada",
        "Wide leaf with five pointed tips", "Two seeds with wings joined together",
        "A star shape with teeth on the edge",
        "Winged seeds were spinning in the wind", "The points are sharp and the leaf is as wide as my hand",
        "Orange and red, shaped like a star",
        "It has five big points like an open hand", "The tree drops little helicopters",
        "A pointed leaf with a long red stalk",
    ),
    "pine": (
        "Long thin needles", "It is green all winter", "There were cones under the tree",
        "Needles in little bundles of two",
        "It pricks my fingers like a needle", "It smells of resin and is sticky", "A brown cone with hard scales",
        "Thin and pointy like a pin",
        "The needles stay green in the snow", "Pine cones lay all over the path",
        "Bundles of needles on a rough twig", "A thin green needle as long as my finger",
        "The tree has needles and cones", "Sticky resin on the bark", "The ground was soft with dry needles",
    ),
}  # fmt: skip
LANGUAGES = {
    "English": (
        "Where is the cat?", "I like apples and bread", "My brother has a red bike", "It is raining this morning",
        "What is your name?",
        "We are going to the park", "The school is near my house", "She reads a book every night",
        "Good morning, how are you?", "There are seven days in a week",
        "The dog sleeps under the table", "I want to drink some water", "Today is my birthday",
        "They play with the ball", "Thank you very much",
    ),
    "Spanish": (
        "¿Dónde está el gato?", "Me gustan las manzanas y el pan", "Mi hermano tiene una bici roja",
        "Esta mañana llueve", "¿Cómo te llamas?",
        "Vamos al parque", "La escuela está cerca de mi casa", "Ella lee un libro cada noche",
        "Buenos días, ¿qué tal?", "Hay siete días en una semana",
        "El perro duerme debajo de la mesa", "Quiero beber agua", "Hoy es mi cumpleaños",
        "Ellos juegan con la pelota", "Muchas gracias",
    ),
    "French": (
        "Où est le chat ?", "J’aime les pommes et le pain", "Mon frère a un vélo rouge", "Il pleut ce matin",
        "Comment tu t’appelles ?",
        "Nous allons au parc", "L’école est près de chez moi", "Elle lit un livre chaque soir",
        "Bonjour, comment ça va ?", "Il y a sept jours dans une semaine",
        "Le chien dort sous la table", "Je veux boire de l’eau", "Aujourd’hui c’est mon anniversaire",
        "Ils jouent avec le ballon", "Merci beaucoup",
    ),
    "German": (
        "Wo ist die Katze?", "Ich mag Äpfel und Brot", "Mein Bruder hat ein rotes Fahrrad",
        "Heute Morgen regnet es", "Wie heißt du?",
        "Wir gehen in den Park", "Die Schule ist in der Nähe von meinem Haus", "Sie liest jeden Abend ein Buch",
        "Guten Morgen, wie geht es dir?", "Eine Woche hat sieben Tage",
        "Der Hund schläft unter dem Tisch", "Ich möchte Wasser trinken", "Heute ist mein Geburtstag",
        "Sie spielen mit dem Ball", "Vielen Dank",
    ),
}  # fmt: skip
MODELS: dict[str, tuple[str, Mapping[str, Sequence[str]]]] = {
    "leaf-lab": ("leaf-model", LEAVES),
    "language-guesser": ("language-model", LANGUAGES),
}


def unseen(examples: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Return how many sentences were told right while they were kept back, and how many there are."""
    right = total = 0
    for fold in range(FOLDS):
        taught = {
            label: [one for i, one in enumerate(each) if i % FOLDS != fold]
            for label, each in examples.items()
        }
        model = teach(taught, bits=BITS)
        for number, each in enumerate(examples.values()):
            asked = each[fold::FOLDS]
            right += sum(int(chances(model, one).argmax()) == number for one in asked)
            total += len(asked)
    return right, total


def starter_file(name: str) -> Path:
    """Return the file of a starter."""
    return next((resources.folder() / "starters").glob(f"[0-9]*-{name}.json"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the models, or compare them; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail where something would change"
    )
    check = parser.parse_args(arguments).check
    stale = False
    for name, (model, examples) in MODELS.items():
        path = starter_file(name)
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        made = {model: teach(examples, bits=BITS)}
        right, total = unseen(examples)
        stale |= data.get("models") != made
        sys.stdout.write(f"{name}: {right} of {total} sentences that were kept back were told right\n")
        if not check:
            path.write_text(
                json.dumps({**data, "models": made}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
