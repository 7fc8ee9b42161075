"""Counter, played in the real engine: up and down, the goal, what is kept, keys."""

from typing import Any

import pytest

from studio.blueprints.render import render, render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import events, said
from tests.support.browser import Browser, Qt

pytestmark = pytest.mark.slow


def row(label: str = "Goals", *, start: int = 0, step: int = 1, icon: str = "ball") -> dict[str, Any]:
    return {"label": label, "icon": icon, "start": start, "step": step}


def counter(*rows: dict[str, Any], goal: int = 0) -> dict[str, Any]:
    return {"type": "counter", "title": "Score", "counters": list(rows) or [row()], "goal": goal}


def numbers(page: Browser) -> list[str]:
    return list(page.run("[...document.querySelectorAll('.count b')].map((one) => one.textContent)"))


@pytest.mark.parametrize("size", [(320, 568), PHONE, WIDE])
@pytest.mark.parametrize("theme", [{}, {"size": "large", "font": "pixel"}])
def test_rows_fit_each_width(open_app, size, theme):
    eight = [row("w" * 30, start=-1000, step=100), *(row(f"Row {n}", start=1000) for n in range(7))]
    for shown in (counter(*eight, goal=10_000), counter(row("w" * 30, step=100), goal=1)):
        page = open_app(app(shown, theme=theme), size=size)
        assert page.sideways() == []
        spilled = page.run(
            "[...document.querySelectorAll('.count b')].filter((one) =>"
            " one.getBoundingClientRect().width > one.parentNode.getBoundingClientRect().width).length"
        )
        assert spilled == 0


def test_it_counts_by_its_step_and_tells(open_app):
    page = open_app(app(counter(row(start=3, step=2), row("Fouls"))))
    page.click("[data-act=plus]")
    said(page, "Goals: 5")
    page.click("[data-act=minus]", 1)
    said(page, "Fouls: -1")
    assert numbers(page) == ["5", "-1"]
    assert events(page) == ["start", "click", "change", "click", "change"]
    names = page.run(
        "[...document.querySelectorAll('.count button')].map((one) => one.getAttribute('aria-label'))"
    )
    assert names == ["Goals: minus 2", "Goals: plus 2", "Fouls: minus 1", "Fouls: plus 1"]


def test_the_goal_is_won_once_each_time_it_is_reached_and_counting_goes_on(open_app):
    page = open_app(app(counter(goal=2), rules=[rule("b1", "win", "b1", "confetti", "Two!")]))
    assert "Goal: 2" in page.text()
    for _ in range(4):
        page.click("[data-act=plus]")
    assert numbers(page) == ["4"]
    once = ["click", "change"]
    assert events(page) == ["start", *once, *once, "win", *once, *once]
    assert "You reached the goal!" in page.text()
    assert "Two!" in page.text()
    for _ in range(3):
        page.click("[data-act=minus]")
    assert "You reached the goal!" not in page.text()
    page.click("[data-act=plus]")
    assert events(page).count("win") == 2


def test_a_counter_without_a_goal_has_no_ring(open_app):
    page = open_app(app(counter()))
    assert page.run("document.querySelectorAll('.face-n svg').length") == 0
    page.click("[data-act=plus]")
    assert "win" not in events(page)


def test_counts_last_over_a_reload_and_start_over_begins_at_the_start(open_app):
    shown = document(app(counter(row(start=5))))
    page = open_app(shown)
    page.click("[data-act=plus]")
    page.load(render(shown))
    assert numbers(page) == ["6"]
    page.run("sprout.restart()")
    assert numbers(page) == ["5"]
    page.load(render(shown))
    assert numbers(page) == ["5"]


@pytest.mark.parametrize("kept", ['"x"', "[null]", "[1e9]", '{"0": "a"}', "[1.5]", "{"])
def test_bytes_of_somebody_else_count_for_nothing(open_app, kept):
    shown = document(app(counter(row(start=5))))
    page = open_app(shown)
    page.do(f"localStorage.setItem('sprout:{shown.id}:block000', {kept!r})")
    page.load(render(shown))
    assert numbers(page) == ["5"]


def test_plus_and_minus_keys_count_without_a_focus_and_keep_it(open_app):
    page = open_app(app(counter(row(), row("Fouls"))))
    page.press("+")
    assert numbers(page) == ["1", "0"]
    page.do("document.querySelectorAll('[data-act=plus]')[1].focus()")
    page.press("+")
    page.press("-")
    page.press(Qt.Key.Key_Space)
    assert numbers(page) == ["1", "1"]
    assert page.run("document.activeElement.getAttribute('aria-label')") == "Fouls: plus 1"
    page = open_app(app(counter(), note()))  # among others only the block with the focus hears keys
    page.press("+")
    assert numbers(page) == ["0"]


def test_an_edit_keeps_the_counts_it_can(open_app):
    page = open_app(document(app(counter(row(), row("Fouls"))), number=9201), everything=True)
    page.click("[data-act=plus]")
    page.click("[data-act=plus]", 1)

    def update(*rows: dict[str, Any]) -> list[str]:
        page.do(render_update(document(app(counter(*rows)), number=9201)))
        return numbers(page)

    assert update(row("Points"), row("Fouls", start=7)) == ["1", "7"]
    assert update(row("Fouls", start=7)) == ["7"]
    assert update(row("Fouls", start=7), row("Saves")) == ["7", "0"]


def test_it_never_counts_out_of_bounds(open_app):
    shown = document(app(counter(row(start=1000, step=100))))
    page = open_app(shown)
    page.do(f"localStorage.setItem('sprout:{shown.id}:block000', '[999950]')")
    page.load(render(shown))
    page.click("[data-act=plus]")
    page.click("[data-act=plus]")
    assert numbers(page) == ["999,999"]
    assert events(page) == ["start", "click", "change", "click"]
