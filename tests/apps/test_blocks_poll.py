"""The poll, played in the real engine."""

import pytest

from studio.blueprints.render import render_update
from tests.apps.conftest import WIDE
from tests.apps.documents import app, document
from tests.apps.playing import NASTY, events, said, typed
from tests.apps.plays import play

pytestmark = pytest.mark.slow

LUNCH = {"ask": "More of what?", "kind": "one", "options": ["Fruit", "Soup", "Salad"]}
STARS = {"ask": "How was it?", "kind": "stars", "options": []}
DAYS = {"ask": "Which days?", "kind": "many", "options": ["Monday", "Friday"]}
IDEAS = {"ask": "Any ideas?", "kind": "text", "options": []}


def poll(*questions, **slots):
    asked = list(questions) or [LUNCH, STARS, DAYS, IDEAS]
    return {"type": "poll", "title": "Lunch", "questions": asked, "results": "live", **slots}


def row(page, number):
    return page.run(f"document.querySelectorAll('.votekey')[{number}].innerText.replace(/\\s+/g, ' ')")


def test_a_poll_is_answered_sent_and_counted(open_app):
    page = open_app(app(poll()))
    assert "Kept on this computer" in page.text()
    assert "%" not in page.text()
    page.click("[data-act=choose]", 1)
    said(page, "Chosen: Soup. 1 of 1 votes, 100 percent.")
    assert "Your choice" in row(page, 1)
    assert page.run("document.activeElement === document.body")
    page.click("[data-act=next]")
    assert page.run("document.activeElement.textContent.endsWith('How was it?')")
    page.press("4")
    said(page, "Chosen: 4 of 5 stars.")
    page.click("[data-act=next]")
    page.click("[data-act=choose]", 0)
    page.click("[data-act=choose]", 1)
    page.click("[data-act=choose]", 0)
    said(page, "Not chosen: Monday.")
    page.click("[data-act=next]")
    typed(page, "textarea", f"  {NASTY}  ")
    page.click("[data-act=next]")
    assert page.run("document.activeElement.textContent") == "Thank you!"
    assert "1 · 100 %" in row(page, 1)
    assert NASTY in page.run("document.body.textContent")
    assert events(page) == ["start", *["change"] * 5, "finish"]


def test_many_people_answer_on_one_computer_and_start_over_forgets_them(open_app):
    shown = document(app(poll(LUNCH)), number=910)
    page = open_app(shown)
    for choice in (0, 0, 2):
        page.click("[data-act=choose]", choice)
        said(page, "Chosen")
        page.click("[data-act=next]")
        page.click("[data-act=person]")
        assert page.run("document.activeElement.textContent") == "Your turn!"
        said(page, "Your turn!")
        assert "Fruit" not in page.text()
        page.click("[data-act=begin]")
    page = open_app(shown)
    page.click("[data-act=choose]", 2)
    assert [row(page, n)[-8:] for n in range(3)] == ["2 · 50 %", " 0 · 0 %", "2 · 50 %"]
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert "Start over and erase?" in page.text()
    page.click("[data-act=close]")
    page.click("[data-act=next]")
    assert "People so far: 4" in page.text()
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    page.click("[data-act=erase]")
    page.click("[data-act=choose]", 0)
    assert "1 · 100 %" in row(page, 0)


@pytest.mark.parametrize(
    ("results", "during", "afterwards"),
    [("live", True, True), ("after", False, True), ("hidden", False, False)],
)
def test_results_show_when_the_poll_says_so(open_app, results, during, afterwards):
    page = open_app(app(poll(LUNCH, results=results)), size=WIDE)
    page.click("[data-act=choose]", 0)
    assert ("%" in page.text()) is during
    page.click("[data-act=next]")
    assert ("%" in page.text()) is afterwards


def test_a_question_may_be_skipped_but_nothing_is_not_sent(open_app):
    page = open_app(app(poll(LUNCH, STARS)))
    assert "Skip" in page.text()
    page.click("[data-act=next]")
    page.click("[data-act=next]")
    said(page, "Answer one question first.")
    page.click("[data-act=back]")
    page.click("[data-act=choose]", 0)
    page.click("[data-act=next]")
    page.click("[data-act=next]")
    assert "Thank you!" in page.text()
    assert events(page) == ["start", "change", "finish"]


def test_an_edit_keeps_the_answers_that_still_stand(open_app):
    page = open_app(document(app(poll(LUNCH, STARS)), number=911), everything=True)
    page.click("[data-act=choose]", 1)
    page.click("[data-act=next]")
    page.click("[data-act=choose]", 4)
    changed = [{**LUNCH, "options": ["Soup", "Bread"]}, STARS]
    page.do(render_update(document(app(poll(*changed)), number=911)))
    assert "On average 5 of 5 stars" in page.text()
    page.click("[data-act=back]")
    assert "Your choice" in row(page, 0)
    assert page.run("sprout.look(0, 'questions', 1)")
    assert "How was it?" in page.text()


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString"])
def test_answers_may_be_named_like_the_languages_own_things(open_app, name):
    tricky = {"ask": name, "kind": "one", "options": [name, "hasOwnProperty"]}
    shown = document(app(poll(tricky)), number=912 + len(name))
    page = open_app(shown)
    page.click("[data-act=choose]", 0)
    page.click("[data-act=next]")
    page = open_app(shown)
    page.click("[data-act=choose]", 1)
    assert "1 · 50 %" in row(page, 0)
    assert page.run("({}).polluted ?? null") is None


@pytest.mark.parametrize("results", ["live", "after", "hidden"])
def test_the_longest_poll_is_played_to_its_end(open_app, results):
    eight = [f"{i}" * 40 for i in range(8)]
    long = [
        {"ask": f"{n}" * 140, "kind": kind, "options": eight if kind in ("one", "many") else []}
        for n, kind in enumerate(("one", "many", "stars", "text") * 2)
    ]
    page = open_app(
        app(poll(*long, results=results), theme={"size": "large", "font": "pixel"}), size=(320, 568)
    )
    assert page.sideways() == []
    play(page, "b1", poll(*long))
    assert page.sideways() == []
    assert events(page)[-1] == "finish"
