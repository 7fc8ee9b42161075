"""Proof by playing: any sound app with a block of each kind is played to its goal, on a phone and on a wide screen.

Nothing in here knows an app: hypothesis makes them from the schema. `SPROUT_EXAMPLES=50` plays more of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from studio.blueprints import Blueprint
from studio.blueprints.render import render
from tests.apps import documents
from tests.apps.conftest import PHONE, WIDE
from tests.apps.plays import GOALS, play
from tests.support import axe
from tests.support.blueprint_strategies import blueprints_of
from tests.support.browser import Browser

EXAMPLES = int(os.environ.get("SPROUT_EXAMPLES", "2"))
LEAST_TARGET = 44
LEAST_COLOURS = 6

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60 + 30 * EXAMPLES)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(*PHONE) as made:
        yield made


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("kind", GOALS)
def test_any_app_plays_to_its_goal(browser: Browser, kind: str, size: tuple[int, int]) -> None:
    @settings(
        max_examples=EXAMPLES,
        phases=(Phase.explicit, Phase.generate),  # a failing app is shown as it is: each try takes a second
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def plays(data: st.DataObject) -> None:
        blueprint = data.draw(blueprints_of(kind))
        _show(browser, blueprint, size)
        _looks_right(browser)
        play(browser, "b1", blueprint.blocks[0].model_dump(mode="json", by_alias=True))
        goal = f"b1 {GOALS[kind]}"
        if not _stands_in(browser):
            browser.wait(
                f"sprout.describe().events.some((one) => `${{one.block}} ${{one.event}}` === '{goal}')"
            )
        _looks_right(browser)

    plays()


def _show(browser: Browser, blueprint: Blueprint, size: tuple[int, int]) -> None:
    browser.resize(*size)
    browser.console.clear()
    shown = documents.document(blueprint.model_dump(mode="json", by_alias=True))
    browser.load(render(shown))
    browser.do(
        "requestAnimationFrame(() => requestAnimationFrame(() => { document.body.dataset.painted = '1'; }));"
    )
    browser.wait("document.body.dataset.painted")


def _stands_in(browser: Browser) -> bool:
    """Tell whether the block shows the friendly card of a part that has to learn first."""
    return bool(browser.run("Boolean(document.querySelector('[data-block=b1] [data-state=cannot]'))"))


def _looks_right(browser: Browser) -> None:
    """Look at the page as it stands: silent, whole, not blank, usable by everyone."""
    assert browser.console == []
    assert browser.wall.asked == []
    assert browser.run("sprout.describe().errors") == []
    assert not browser.run("sprout.describe().blocks.some((one) => one.broken)")
    assert browser.sideways() == []
    assert small_targets(browser) == []
    assert len(colours(browser)) >= LEAST_COLOURS
    assert axe.findings(browser) == []


def small_targets(browser: Browser) -> list[str]:
    """Return what can be pressed but is smaller than a fingertip; a box inside its label is as large as that."""
    return list(
        browser.do(
            "const all = [...document.querySelectorAll('button, a[href], select, input, textarea, [role=button]')];"
            "const small = (one) => { const box = (one.closest('label') || one).getBoundingClientRect();"
            f" return box.width < {LEAST_TARGET} || box.height < {LEAST_TARGET}; }};"
            "const shown = (one) => one.checkVisibility() && !one.closest('.sr, svg') && one.tabIndex >= 0;"
            "return all.filter((one) => shown(one) && small(one)).map((one) => one.outerHTML.slice(0, 160));"
        )
    )


def colours(browser: Browser) -> set[int]:
    """Return the colours of the picture, sampled on a grid."""
    image = browser.view.grab().toImage()
    wide, high = image.width(), image.height()
    return {image.pixel(x * wide // 90, y * high // 90) for x in range(90) for y in range(90)}
