"""A page may hold the runtime of all kinds: a block looks there as it does in a page of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio.blueprints import KINDS, ProjectDocument, new_block
from studio.blueprints.render import render
from tests.apps import documents
from tests.apps.conftest import WIDE
from tests.apps.plays import GOALS, play
from tests.support.browser import Browser

LOOK = (
    "display position backgroundColor color fontSize fontWeight borderTopWidth borderTopColor padding flexWrap "
    "gridTemplateColumns"
)
# The same chances in both pages, and nothing kept from the one to the other.
NO_CHANCE = "crypto.getRandomValues = (list) => list.fill(7); localStorage.clear();"
MOVES = ("arcade", "pet")
"""Kinds that time moves on: two plays of them never end alike."""
STILL = """!document.querySelector('main .hit') && document.getAnimations().every((one) =>
  one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity)"""
STYLES = f"""(() => {{
  const all = [...document.querySelectorAll('main *')];
  const shown = all.filter((one) => one.checkVisibility() && !one.closest('svg, .meter'));
  return shown.map((one) => {{
    const {{ width, height }} = one.getBoundingClientRect();
    const look = getComputedStyle(one);
    const told = '{LOOK}'.split(' ').map((name) => look[name]);
    return [one.tagName, one.className, Math.round(width), Math.round(height), ...told].join(' ');
  }});
}})()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(*WIDE, before=NO_CHANCE) as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("kind", GOALS)
def test_a_block_looks_the_same_among_the_runtime_of_all(browser: Browser, kind: str) -> None:
    shown = documents.document(documents.app(new_block(kind).model_dump(mode="json", by_alias=True)))
    _alike(browser, shown, play_it=False)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in GOALS if kind not in MOVES])
def test_a_block_that_was_played_looks_the_same_too(browser: Browser, kind: str) -> None:
    shown = documents.document(documents.app(new_block(kind).model_dump(mode="json", by_alias=True)))
    _alike(browser, shown, play_it=True)


def _alike(browser: Browser, shown: ProjectDocument, *, play_it: bool) -> None:
    looks: list[list[str]] = []
    for room_for in (None, KINDS):
        browser.load(render(shown, room_for=room_for))
        if play_it:
            assert shown.blueprint
            play(browser, "b1", shown.blueprint.blocks[0].model_dump(mode="json", by_alias=True))
            browser.wait(STILL)
        looks.append(browser.run(STYLES))
    alone, among = looks
    assert alone
    different = [pair for pair in zip(alone, among, strict=False) if pair[0] != pair[1]]
    assert different == []
    assert len(alone) == len(among)
