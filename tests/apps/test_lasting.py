"""What lasts: two tabs of one app, a browser that is full, a page that is hidden at once, a night with the lid shut."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.blueprints import new_block
from tests.apps.documents import app, checklist, note, rule
from tests.apps.playing import typed
from tests.support.browser import Browser

pytestmark = pytest.mark.slow

TOMORROW = (
    "const real = Date; window.Date = class extends real {"
    " constructor(...given) { super(...(given.length ? given : [real.now() + 86400000])); }"
    " static now() { return real.now() + 86400000; } };"
)


def fresh(kind: str, **slots: Any) -> dict[str, Any]:
    return {**new_block(kind).model_dump(mode="json", by_alias=True), **slots}


KEY = "`sprout:${JSON.parse(document.getElementById('sprout-project').textContent).id}:block000`"


def kept(page: Browser) -> Any:
    """Return what stands in the browser's own storage for the first block."""
    return json.loads(page.run(f"localStorage.getItem({KEY})"))


def other_tab(page: Browser, change: str) -> None:
    """Let another tab of the same app change what is kept: `change` works on `kept`."""
    page.do(
        f"const key = {KEY}; let kept = JSON.parse(localStorage.getItem(key)); {change};"
        "localStorage.setItem(key, JSON.stringify(kept)); dispatchEvent(new StorageEvent('storage', { key }));"
    )


def test_a_page_of_the_diary_written_in_another_tab_stays(open_app) -> None:
    page = open_app(app(fresh("journal", private=False)))
    typed(page, "[data-act=write]", "Mine.")
    page.wait("document.querySelector('.saved.now')")
    other_tab(page, "kept.pages.unshift(['2020-01-02', 'Theirs.', ''])")
    typed(page, "[data-act=write]", "Mine, and more.")
    page.wait("document.querySelector('.saved.now')")
    assert [one[1] for one in kept(page)["pages"]] == ["Theirs.", "Mine, and more."]


def test_a_vote_of_another_tab_is_counted(open_app) -> None:
    question = {"ask": "Best pet?", "kind": "one", "options": ["Cat", "Dog"]}
    page = open_app(app(fresh("poll", questions=[question])))
    page.do(
        "const votes = [['Best pet?\\n', 3], ['Best pet?\\nCat', 3]];"
        f"localStorage.setItem({KEY}, JSON.stringify({{ people: 3, votes, texts: [] }}));"
    )
    page.click("[data-act=choose]", 1)
    page.click("[data-act=next]")
    assert kept(page)["people"] == 4
    assert dict(kept(page)["votes"]) == {"Best pet?\n": 4, "Best pet?\nCat": 3, "Best pet?\nDog": 1}


def test_ticks_and_counts_of_another_tab_show_at_once(open_app) -> None:
    page = open_app(app(checklist(items=["Water", "Lunch"])))
    page.click("[data-act=tick]")
    other_tab(page, "kept.own = ['Hat']")
    assert "Hat" in page.text()
    page.click("[data-act=tick]", 2)
    assert kept(page)["own"] == ["Hat"]
    assert kept(page)["done"] == ["Water", "Hat"]
    page = open_app(app(fresh("counter", goal=0)))
    page.click("[data-act=plus]")
    other_tab(page, "kept[0] += 41")
    page.click("[data-act=plus]")
    assert kept(page)[0] == 43


def test_words_half_typed_outlast_a_tick(open_app) -> None:
    page = open_app(app(checklist()))
    typed(page, "[data-act=write]", "Umbr")
    page.click("[data-act=tick]")
    assert page.run("document.querySelector('[data-act=write]').value") == "Umbr"


def test_a_full_browser_keeps_the_newest_until_the_page_closes(open_app) -> None:
    page = open_app(app(checklist()))
    page.click("[data-act=tick]")
    page.do("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };")
    typed(page, "[data-act=write]", "Umbrella")
    page.click("[data-act=add]")
    page.wait("document.querySelector('[data-banner=notice]')")
    page.run("sprout.restart()")  # ticks go, own things stay: read anew from what is kept
    assert "Umbrella" in page.text()


def test_a_diary_that_cannot_be_kept_never_says_saved(open_app) -> None:
    deny = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    page = open_app(app(fresh("journal", private=False)), before=deny)
    typed(page, "[data-act=write]", "Where do these words go?")
    page.wait("document.querySelector('[data-banner=notice]')")
    assert not page.run("Boolean(document.querySelector('.saved.now'))")


def test_the_last_stroke_is_kept_though_the_page_goes_at_once(open_app) -> None:
    page = open_app(app(fresh("drawing")))
    page.do(
        "const sheet = document.querySelector('[data-act=sheet]'); sheet.focus();"
        "for (const key of [' ', 'ArrowRight', 'ArrowRight', ' '])"
        " sheet.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));"
        "dispatchEvent(new PageTransitionEvent('pagehide'));"
    )
    assert kept(page)["picture"].startswith("data:image/")


def test_the_first_tick_of_a_new_day_takes_no_old_ticks_along(open_app) -> None:
    page = open_app(app(checklist(items=["Teeth", "Bed"], resets="daily")))
    page.click("[data-act=tick]")
    page.do(TOMORROW)
    page.click("[data-act=tick]", 1)
    assert kept(page)["done"] == ["Bed"]


def test_hearts_of_the_first_day_are_asked_for(open_app) -> None:
    page = open_app(app(fresh("pet", grows=True)))
    page.click("[data-act=care]")
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert "Start over and erase?" in page.text()


def test_rules_cannot_leave_a_blank_page(open_app) -> None:
    rules = [rule("b1", "click", "b1", "hide_block"), rule("b1", "click", "b2", "hide_block")]
    page = open_app(app(note(), note(title="Other"), rules=rules))
    page.click("article")
    assert [one["hidden"] for one in page.run("sprout.describe().blocks")] == [False, True]
    hand_over = [rule("b1", "click", "b1", "hide_block"), rule("b1", "click", "b2", "show_block")]
    page = open_app(app(note(), note(title="Other"), rules=hand_over))
    page.click("article")
    assert [one["hidden"] for one in page.run("sprout.describe().blocks")] == [True, False]


def test_rules_that_fork_without_end_come_to_an_end(open_app) -> None:
    """A stopwatch that its own end starts and stops again, in many words: each round would fork anew."""
    watch = fresh("timer", mode="stopwatch")
    rules = [
        rule("b1", "finish", "b1", action, f"{action} {number}")
        for number in range(4)
        for action in ("start_timer", "stop_timer")
    ]
    page = open_app(app(watch, rules=rules))
    page.click("[data-act=start]")
    page.click("[data-act=stop]")
    assert len(page.events()) < 120
    assert page.text()
