"""What can be picked: a block marks the items that it shows, each with the place that it has in its slots."""

from __future__ import annotations

import pytest

from studio.blueprints import new_block
from tests.apps.conftest import Open
from tests.apps.documents import app

MARKED = {
    "quiz": "questions",
    "flashcards": "cards",
    "checklist": "items",
    "story": "pages",
    "poll": "questions",
    "memory": "pairs",
    "soundboard": "pads",
    "counter": "counters",
    "converter": "pairs",
    "pet": "needs",
    "calculator": "inputs",
}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "items"), MARKED.items())
def test_items_that_are_shown_say_which_they_are(open_app: Open, kind: str, items: str) -> None:
    block = new_block(kind).model_dump(mode="json")
    page = open_app(app(block))
    marks = page.run("[...document.querySelectorAll('[data-place]')].map((node) => node.dataset.place)")
    names = {mark.rpartition("/")[0] for mark in marks}
    places = {int(mark.rpartition("/")[2]) for mark in marks if mark.rpartition("/")[2].isdigit()}
    assert names == {items}
    assert places
    assert places <= set(range(len(block[items])))


def test_a_counter_that_is_full_leaves_the_look_of_other_blocks_alone(open_app: Open) -> None:
    """Each style sheet of a block is in the preview of every app: its short names must be its own."""
    quiz = new_block("quiz").model_dump(mode="json")
    look = "getComputedStyle(document.querySelector('.row.full')).backgroundColor"
    assert open_app(app(quiz), everything=True).run(look) == open_app(app(quiz)).run(look)
