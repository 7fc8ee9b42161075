"""A page may hold the runtime of all kinds: a block looks there as it does in a page of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio.blueprints import KINDS, new_block
from studio.blueprints.render import render
from tests.apps import documents
from tests.apps.conftest import WIDE
from tests.apps.plays import PLAYED
from tests.support.browser import Browser

LOOK = (
    "display position backgroundColor color fontSize fontWeight borderTopWidth borderTopColor padding flexWrap "
    "gridTemplateColumns"
)
NO_CHANCE = "crypto.getRandomValues = (list) => list.fill(7);"
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
@pytest.mark.parametrize("kind", PLAYED)
def test_a_block_looks_the_same_among_the_runtime_of_all(browser: Browser, kind: str) -> None:
    shown = documents.document(documents.app(new_block(kind).model_dump(mode="json", by_alias=True)))
    looks: list[list[str]] = []
    for room_for in (None, KINDS):
        browser.load(render(shown, room_for=room_for))
        looks.append(browser.run(STYLES))
    alone, among = looks
    assert alone
    assert [pair for pair in zip(alone, among, strict=True) if pair[0] != pair[1]] == []
