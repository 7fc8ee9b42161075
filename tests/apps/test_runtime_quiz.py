"""The quiz, played in the real engine."""

import pytest

from studio.blueprints.facts import FactLibrary
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, question, quiz, timer
from tests.apps.playing import ahead, answer, events, play_quiz, right_answer, said
from tests.support.browser import Qt

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_quiz_is_played_to_its_end(open_app, size):
    page = open_app(app(quiz(4)), size=size)
    assert page.sideways() == []
    answer(page)
    said(page, "Right. It is 2.")
    assert page.sideways() == []
    page.click("[data-act=next]")
    play_quiz(page, "r")
    answer(page, right=False)
    said(page, "Not this time. It is It is 6.")
    page.click("[data-act=next]")
    play_quiz(page, "r")
    assert "3 of 4 right" in page.text()
    assert "One to learn" in page.text()
    assert page.run("document.activeElement.textContent") == "3 of 4 right"
    assert page.sideways() == []
    assert events(page) == ["start", "right", "right", "wrong", "right", "finish", "win"]


def test_less_than_seventy_percent_is_lost_and_the_missed_ones_come_again(open_app):
    page = open_app(app(quiz(3)))
    play_quiz(page, "wwr")
    assert events(page)[-2:] == ["finish", "lose"]
    page.click("[data-act=retry]")
    assert page.run("document.querySelectorAll('.bean i').length") == 2
    play_quiz(page, "rr")
    assert "2 of 2 right" in page.text()
    assert events(page)[-2:] == ["finish", "win"]
    assert not page.run("Boolean(document.querySelector('[data-act=retry]'))")


def test_keys_alone_play_the_quiz(open_app):
    page = open_app(app(quiz(2)))
    for _ in range(3):  # sound, menu, first answer
        page.press(Qt.Key.Key_Tab)
    assert page.run("document.activeElement.dataset.act") == "answer"
    ring = page.run("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    page.press(Qt.Key.Key_Return)
    assert page.run("document.activeElement.dataset.act") == "next"
    page.press(Qt.Key.Key_Return)
    assert page.run("document.activeElement.className") == "ask"
    page.press("b")
    assert page.run("document.activeElement.dataset.act") == "next"
    page.press(Qt.Key.Key_Space)
    assert "of 2 right" in page.text()
    assert events(page)[-2] == "finish"


def test_escape_closes_the_menu_and_focus_comes_back(open_app):
    page = open_app(app(quiz(1)))
    page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Return)
    page.wait("document.querySelector('dialog[open]')")
    assert page.run("document.activeElement.closest('dialog') !== null")
    page.press(Qt.Key.Key_Escape)
    page.wait("!document.querySelector('dialog')")
    assert page.run("document.activeElement.dataset.act") == "menu"


def test_the_page_does_not_give_the_right_answer_away(open_app):
    page = open_app(app(quiz(1)))
    looks = page.run(
        "[...document.querySelectorAll('[data-act=answer]')].map((one) => [...one.attributes]"
        ".map((a) => `${a.name}=${a.value}`).join() + [...one.querySelectorAll('*')].map((e) => e.className).join())"
    )
    assert len(looks) == 3
    assert len(set(looks)) == 1


def test_answers_are_mixed_anew_for_each_question_and_play(open_app):
    page = open_app(app(quiz(8)))
    places = []
    for _ in range(2):
        for _ in range(8):
            right = right_answer(page)
            shown = page.run("[...document.querySelectorAll('.said > span')].map((one) => one.textContent)")
            places.append(shown.index(right))
            answer(page)
            page.click("[data-act=next]")
        page.click("[data-act=restart]")
    assert set(places) == {0, 1, 2}
    assert places[:8] != places[8:]


ROUND = """
const { questions } = JSON.parse(document.getElementById('sprout-project').textContent).blueprint.blocks[0];
const places = [];
while (document.querySelector('.ask')) {
  const ask = document.querySelector('.ask').lastChild.textContent;
  const { right } = questions.find((one) => one.ask === ask);
  const all = [...document.querySelectorAll('[data-act=answer]')];
  const place = all.findIndex((one) => one.querySelector('.said > span').textContent === right);
  places.push(place);
  all[place].click();
  document.querySelector('[data-act=next]').click();
}
document.querySelector('[data-act=restart]').click();
return places;
"""


def test_over_many_plays_of_a_fact_pack_the_right_answer_stands_in_each_place_equally_often(open_app):
    questions = [one for one in FactLibrary.load().get("birds").quiz(60, 1) if len(one.wrong) == 3][:20]
    block = quiz(questions=[one.model_dump(mode="json") for one in questions])
    page = open_app(document(app(block), number=0xBA1A))
    places = [place for _ in range(12) for place in page.do(ROUND)]
    share = len(places) / 4
    assert len(places) == 12 * len(questions)
    assert all(0.7 * share <= places.count(place) <= 1.3 * share for place in range(4))


def test_a_hint_is_shown_when_asked_for(open_app):
    page = open_app(app(quiz(1)))
    assert "Count 1 twice." not in page.text()
    page.click("[data-act=hint]")
    assert "Count 1 twice." in page.text()
    said(page, "Count 1 twice.")


def test_feedback_at_the_end_tells_nothing_before(open_app):
    page = open_app(app(quiz(2, feedback="end")))
    answer(page, right=False)
    assert "Right answer" not in page.text()
    assert page.run("document.querySelectorAll('.ok, .no').length") == 0
    answer(page, right=True)  # minds may change before Next
    page.click("[data-act=next]")
    answer(page, right=False)
    page.click("[data-act=next]")
    assert "1 of 2 right" in page.text()
    assert "One to learn" in page.text()
    assert events(page) == ["start", "right", "wrong", "finish", "lose"]


def test_without_feedback_no_mark_is_ever_shown(open_app):
    page = open_app(app(quiz(2, feedback="none")))
    play_quiz(page, "rw")
    assert "All answered!" in page.text()
    assert "right" not in page.text().lower()
    assert page.run("document.querySelectorAll('.ok, .no').length") == 0


def test_time_runs_out_kindly(open_app):
    page = open_app(app(quiz(2, seconds=20)))
    assert page.run("document.querySelector('[role=timer]').textContent") == "20"
    ahead(page, 21)
    page.wait("document.querySelector('.sheet')")
    assert "Time is up" in page.text()
    assert events(page) == ["start", "wrong"]
    said(page, "Time is up. It is It is 2.")
    page.click("[data-act=next]")
    page.pause(0.5)
    assert page.run("document.querySelector('[role=timer]').textContent") in ("20", "19")


def test_an_open_menu_stops_the_clock(open_app):
    page = open_app(app(quiz(1, seconds=20)))
    page.click("[data-act=menu]")
    page.pause(0.3)
    ahead(page, 60)
    page.pause(0.5)
    assert events(page) == ["start"]
    page.click("[data-act=close]")
    page.pause(0.5)
    assert events(page) == ["start"]


def test_a_new_best_is_told_and_kept(open_app):
    shown = document(app(quiz(3)))
    page = open_app(shown)
    play_quiz(page, "wwr")
    assert "Your best so far!" not in page.text()
    page = open_app(shown)
    play_quiz(page, "wrr")
    assert "Your best so far!" in page.text()


def test_the_longest_quiz_stays_inside_the_phone(open_app):
    ask = ("Which of these long descriptions explains best why the sea looks blue on sunny days " * 2)[:160]
    words = [("Donaudampfschifffahrtsgesellschaft" * 2)[:55] + f" {n}" for n in range(4)]
    longest = question(1, ask=ask, right=words[0], wrong=words[1:], hint="h" * 120, why="w" * 160)
    theme = {"font": "pixel", "size": "large"}
    page = open_app(app(quiz(20, questions=[longest] * 20), title="T" * 60, theme=theme), size=(320, 568))
    assert page.sideways() == []
    page.click("[data-act=hint]")
    assert page.sideways() == []
    answer(page, right=False)
    assert page.sideways() == []
    assert "1 of 20" in page.text()


def test_one_question_with_two_answers_works(open_app):
    page = open_app(app(quiz(1, questions=[question(1, wrong=["No"], hint="", why="")])))
    play_quiz(page, "r")
    assert "Every single one!" in page.text()
    assert events(page) == ["start", "right", "finish", "win"]


# --- room: what must be seen is seen


FOUR = {
    "ask": "About how long ago did the big dinosaurs die out?", "right": "66 million years ago",
    "wrong": ["6,000 years ago", "100 years ago", "5 billion years ago"], "hint": "Very, very long ago.",
    "why": "That was millions of years before the first people.",
}  # fmt: skip
LONG = {
    "ask": ("Which of these long descriptions explains best why the sea looks blue on sunny days " * 2)[:160],
    "right": "Because water swallows the red part of the light", "hint": "",
    "wrong": [f"Because {thing} colours all of the water from below" for thing in ("sand", "fish", "salt")],
    "why": "Light is made of many colours, and water lets the blue ones pass further than the red ones. " * 2,
}  # fmt: skip
LONG["why"] = LONG["why"][:160]
ROOMS = [PHONE, (512, 640), (470, 520), (736, 460), (1024, 700)]
BOX = (
    "const box = (what) => { const one = document.querySelector(what).getBoundingClientRect();"
    " return { top: one.top, bottom: one.bottom, left: one.left, right: one.right }; };"
    "const seen = (one) => one.top >= -0.5 && one.bottom <= innerHeight + 0.5;"
    "const apart = (a, b) => a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5"
    " || a.right <= b.left + 0.5 || b.right <= a.left + 0.5;"
)


def settle(page):
    page.wait("document.getAnimations().every((one) => one.effect.getTiming().iterations !== 1)")


def assert_the_answer_is_seen(page):
    settle(page)
    state = page.do(
        BOX
        + "const ok = box('.ans.ok'); const at = document.elementFromPoint((ok.left + ok.right) / 2, ok.bottom - 3);"
        "return { uncovered: apart(ok, box('.sheet')), seen: seen(ok),"
        " top: at?.closest('.ans')?.matches('.ok') ?? false, title: seen(box('h1')),"
        " next: seen(box('[data-act=next]')),"
        " mine: !document.querySelector('.ans.no')"
        " || seen(box('.ans.no')) };"
    )
    assert state == dict.fromkeys(("uncovered", "seen", "top", "title", "next", "mine"), True)


@pytest.mark.parametrize("size", ROOMS)
@pytest.mark.parametrize("right", [True, False])
def test_the_sheet_never_hides_the_right_answer(open_app, size, right):
    page = open_app(app(quiz(4, questions=[FOUR] * 4), title="Dinosaur Quiz"), size=size)
    for _ in range(3):  # the right answer stands at another place each time
        answer(page, right=right)
        assert_the_answer_is_seen(page)
        assert page.sideways() == []
        page.click("[data-act=next]")


def test_the_right_answer_stays_seen_when_the_page_becomes_smaller(open_app):
    page = open_app(app(quiz(2, questions=[FOUR] * 2)), size=(1024, 700))
    answer(page, right=False)
    assert page.run("document.querySelectorAll('.ans').length") == 4
    for size in [(512, 640), (470, 520), (1024, 700)]:
        page.resize(*size)
        page.pause(0.05)
        assert_the_answer_is_seen(page)
    assert page.run("[...document.querySelectorAll('.ans')].every((one) => one.checkVisibility())")


@pytest.mark.parametrize("size", ROOMS)
@pytest.mark.parametrize("slots", [{}, {"size": "large", "font": "pixel"}])
def test_nothing_lies_over_the_right_answer_of_the_longest_question(open_app, size, slots):
    page = open_app(app(quiz(2, questions=[LONG] * 2), theme=slots), size=size)
    answer(page, right=False)
    settle(page)
    state = page.do(
        BOX
        + "const ok = box('.ans.ok'); return [apart(ok, box('.sheet')), ok.top >= -0.5, ok.top < innerHeight];"
    )
    assert state == [True, True, True]


@pytest.mark.parametrize("size", ROOMS)
@pytest.mark.parametrize("hint", ["", "Very, very long ago."])
def test_all_answers_are_whole_and_no_hole_stands_above_them(open_app, size, hint):
    page = open_app(app(quiz(2, questions=[{**FOUR, "hint": hint}] * 2), title="Dinosaur Quiz"), size=size)
    state = page.do(
        BOX + "const all = [...document.querySelectorAll('.ans, [data-act=hint]')]"
        ".map((one) => one.getBoundingClientRect());"
        "const hero = document.querySelector('.hero');"
        "const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);"
        "const one = box('.top'), ask = box('.ask');"
        "return { whole: all.every(seen), least: Math.min(...all.map((one) => one.height)),"
        " shown: hero.checkVisibility(), hero: hero.clientHeight / rem,"
        " gap: (ask.top - one.bottom) / rem, wide: innerWidth >= 720 };"
    )
    assert state["whole"]
    assert state["least"] >= 44
    assert state["hero"] >= 4.5 if state["shown"] else state["wide"] or state["gap"] <= 1
    if size == PHONE and not hint:
        assert state["shown"]


def test_in_a_stack_the_first_questions_answers_are_whole_and_its_title_is_not_said_twice(open_app):
    shown = app(quiz(2, title="dinosaur quiz", questions=[FOUR] * 2), timer(), title="Dinosaur Quiz")
    page = open_app(shown, size=PHONE)
    assert page.do(
        BOX
        + "return [...document.querySelectorAll('.ans')].map((one) => one.getBoundingClientRect()).every(seen);"
    )
    assert page.run("[...document.querySelectorAll('h2')].map((one) => one.classList.contains('sr'))") == [
        True,
        False,
    ]
    answer(page, right=False)
    settle(page)
    assert page.do(BOX + "const ok = box('.ans.ok'); return [apart(ok, box('.sheet')), seen(ok)];") == [
        True,
        True,
    ]
