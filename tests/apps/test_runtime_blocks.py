"""Flashcards, timer, checklist, picker and note, played in the real engine."""

import pytest

from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import SIX, app, checklist, document, flashcards, note, picker, quiz, rule, timer
from tests.apps.playing import ahead, events, said
from tests.support.browser import Qt

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [(320, 568), PHONE, (768, 1024), WIDE])
@pytest.mark.parametrize("make", SIX)
def test_each_block_fits_each_width(open_app, make, size):
    for theme in ({}, {"size": "large", "font": "pixel"}):
        page = open_app(app(make(), theme=theme), size=size)
        assert page.sideways() == []
        small = page.do(
            "return [...document.querySelectorAll('button, .tickrow, input:not([type=checkbox])')]"
            ".filter((one) => one.checkVisibility())"
            ".filter((one) => { const box = one.getBoundingClientRect(); return box.width < 44 || box.height < 44; })"
            ".map((one) => one.outerHTML.slice(0, 90));"
        )
        assert small == []


# --- flashcards


def test_cards_are_turned_and_those_not_known_come_again(open_app):
    page = open_app(app(flashcards()))
    page.click("[data-act=turn]")
    said(page, "Back: el cat.")
    assert page.run("document.activeElement.dataset.act") == "turn"
    page.click("[data-act=knew]")
    said(page, "Card 2 of 3, front: dog.")
    page.click("[data-act=again]")
    page.click("[data-act=knew]")
    assert events(page) == ["start", "click", "right", "wrong", "right", "finish"]
    assert "You knew 2 of 3" in page.text()
    page.click("[data-act=retry]")
    assert "1 of 1" in page.text()
    assert "dog" in page.text()
    page.click("[data-act=knew]")
    assert "You knew them all!" in page.text()


def test_cards_without_selfcheck_go_back_and_forth(open_app):
    page = open_app(app(flashcards(selfcheck=False)), size=WIDE)
    page.click("[data-act=next]")
    page.click("[data-act=previous]")
    assert "1 of 3" in page.text()
    for _ in range(3):
        page.click("[data-act=next]")
    assert "You saw them all!" in page.text()
    assert events(page) == ["start", "finish"]


def test_shuffled_cards_show_each_card_once(open_app):
    cards = [{"front": f"front {n}", "back": f"back {n}"} for n in range(10)]
    page = open_app(app(flashcards(cards=cards, order="shuffle")))
    seen = []
    for _ in range(10):
        seen.append(page.run("document.querySelector('.word').textContent"))
        page.click("[data-act=knew]")
    assert sorted(seen) == [card["front"] for card in cards]
    assert seen != [card["front"] for card in cards]


def test_the_longest_card_stays_on_its_card(open_app):
    card = {"front": "w" * 120, "back": "word " * 48}
    page = open_app(app(flashcards(cards=[card])), size=(320, 568))
    assert page.sideways() == []
    page.click("[data-act=turn]")
    inside = "(() => { const face = document.querySelector('.face').getBoundingClientRect();"
    inside += "const word = document.querySelector('.word').getBoundingClientRect();"
    assert page.run(inside + "return word.right <= face.right && word.bottom <= face.bottom; })()")


# --- timer


def clock(page):
    return page.run("document.querySelector('.clock').textContent")


def test_a_countdown_ticks_each_minute_and_rings(open_app):
    page = open_app(app(timer()))
    assert clock(page) == "02:30"
    page.click("[data-act=start]")
    ahead(page, 61)
    page.wait("document.querySelector('.clock').textContent < '01:30'")
    page.wait("sprout.describe().events.some((one) => one.event === 'tick')")
    ahead(page, 30)
    said(page, "1 minute left")
    ahead(page, 60)
    said(page, "Stretch!")
    assert clock(page) == "00:00"
    assert "Stretch!" in page.text()
    assert events(page) == ["start", "tick", "tick", "finish"]
    page.click("[data-act=start]")
    assert clock(page) in ("02:30", "02:29")


def test_a_paused_timer_stands_still(open_app):
    page = open_app(app(timer()))
    page.click("[data-act=start]")
    ahead(page, 10)
    page.pause(0.4)
    page.click("[data-act=stop]")
    before = clock(page)
    ahead(page, 60)
    page.pause(0.4)
    assert clock(page) == before
    assert page.run("document.activeElement.dataset.act") == "start"
    page.click("[data-act=start]")
    page.pause(0.3)
    assert clock(page) <= before
    page.click("[data-act=reset]")
    assert clock(page) == "02:30"


def test_work_and_rest_take_turns(open_app):
    page = open_app(app(timer(mode="pomodoro", seconds=60, rest=30)), size=WIDE)
    assert "Work 1 of 4" in page.text()
    page.click("[data-act=start]")
    ahead(page, 61)
    page.wait("document.body.innerText.includes('Rest 1 of 4')")
    assert events(page).count("finish") == 1
    ahead(page, 31)
    page.wait("document.body.innerText.includes('Work 2 of 4')")
    for _ in range(3):
        page.click("[data-act=start]")
        ahead(page, 61)
        page.pause(0.4)
        ahead(page, 31)
        page.pause(0.4)
    assert events(page).count("finish") == 4
    assert "Stretch!" in page.text()


def test_a_stopwatch_counts_up_until_it_is_stopped(open_app):
    page = open_app(app(timer(mode="stopwatch", seconds=0)))
    assert clock(page) == "00:00"
    page.click("[data-act=start]")
    ahead(page, 75)
    page.wait("document.querySelector('.clock').textContent >= '01:15'")
    page.click("[data-act=stop]")
    said(page, "Stopped at 01:15")
    assert events(page) == ["start", "tick", "finish"]


# --- checklist


def test_ticking_everything_finishes_the_list_and_is_kept(open_app):
    shown = document(app(checklist()))
    page = open_app(shown)
    for number in range(2):
        page.click("[data-act=tick]", number)
    said(page, "Lunch, ticked. 2 of 3.")
    page.click("[data-act=tick]", 2)
    said(page, "Lunch, ticked. 3 of 3. All done!")
    assert events(page) == ["start", *["tick", "change"] * 3, "finish"]
    page = open_app(shown)
    assert page.run("document.querySelectorAll('.done').length") == 3
    page.click("[data-act=tick]", 1)  # one of two rows with the same words
    assert page.run("[...document.querySelectorAll('li')].map((one) => one.className)") == [
        "done",
        "",
        "done",
    ]


def test_own_things_are_added_by_keys_and_removed(open_app):
    shown = document(app(checklist(items=[], progress="bar")))
    page = open_app(shown, size=WIDE)
    assert "Nothing here yet" in page.text()
    page.do("document.querySelector('[data-act=write]').focus()")
    for letter in "kite":
        page.press(letter)
    page.press(Qt.Key.Key_Return)
    page.wait("document.querySelectorAll('.list li').length === 1")
    assert page.run("document.activeElement.dataset.act") == "write"
    said(page, "kite added.")
    page = open_app(shown, size=WIDE)
    assert "kite" in page.text()
    assert page.run("document.querySelector('[data-act=remove]').getAttribute('aria-label')") == "Remove kite"
    page.click("[data-act=remove]")
    assert "Nothing here yet" in page.text()


def test_a_daily_list_begins_anew_the_next_day(open_app):
    shown = document(app(checklist(resets="daily")))
    page = open_app(shown)
    page.click("[data-act=tick]")
    page = open_app(shown)
    assert page.run("document.querySelectorAll('.done').length") == 1
    page.do(
        f"const key = 'sprout:{shown.id}:block000';"
        "const kept = JSON.parse(localStorage.getItem(key)); kept.day = '2001-1-1';"
        "localStorage.setItem(key, JSON.stringify(kept));"
    )
    page = open_app(shown)
    assert page.run("document.querySelectorAll('.done').length") == 0


@pytest.mark.parametrize("kept", ["{", "null", "[]", '"x"', '{"done": 7, "own": [1, null, {}]}'])
def test_broken_keepings_do_no_harm(open_app, kept):
    shown = document(app(checklist()))
    page = open_app(shown)
    page.click("[data-act=tick]")
    page.do(f"for (const key of Object.keys(localStorage)) localStorage.setItem(key, {kept!r});")
    page = open_app(shown)
    assert page.run("document.querySelectorAll('.list li').length") == 3
    page.click("[data-act=tick]")
    assert "1 of 3" in page.text()


@pytest.mark.parametrize(
    ("progress", "shown"), [("bar", ".meter"), ("count", ".pill"), ("stars", ".stars"), ("none", ".list")]
)
def test_progress_is_shown_as_asked(open_app, progress, shown):
    page = open_app(app(checklist(progress=progress)))
    assert (
        page.run(f"document.querySelectorAll('.play > .progress {shown}, .play > .list{shown}').length") == 1
    )
    assert ("0 of 3" in page.text()) == (progress != "none")


def test_thirty_things_show_a_bar_instead_of_stars(open_app):
    page = open_app(app(checklist(items=[f"Thing number {n}" for n in range(30)])))
    assert page.run("document.querySelectorAll('.stars').length") == 0
    assert "0 of 30" in page.text()
    assert page.sideways() == []


# --- picker


@pytest.mark.parametrize("style", ["wheel", "dice", "coin", "cards", "slot"])
def test_each_style_picks_one_of_the_options(open_app, style):
    page = open_app(app(picker(style=style)))
    page.click("[data-act=pick]")
    assert page.run("document.querySelector('[data-act=pick]').getAttribute('aria-disabled')") == "true"
    page.click("[data-act=pick]")  # pressing again while it turns changes nothing
    page.wait("document.querySelector('[data-result]')")
    result = page.run("document.querySelector('[data-result]').textContent")
    assert result in ("Ada", "Ben", "Chi")
    said(page, f"It is: {result}.")
    assert events(page) == ["start", "finish"]
    assert page.sideways() == []


@pytest.mark.parametrize("style", ["wheel", "dice", "coin", "cards", "slot"])
def test_most_and_longest_options_stay_inside(open_app, style):
    options = [f"{n} {'Donaudampfschifffahrt' * 2}"[:40] for n in range(24)]
    page = open_app(app(picker(style=style, options=options, count=6)), size=(320, 568))
    assert page.sideways() == []
    page.click("[data-act=pick]")
    page.wait("document.querySelector('[data-result]')")
    assert page.sideways() == []


def test_the_wheel_stops_at_the_piece_it_names(open_app):
    page = open_app(app(picker(options=["Ada", "Ben", "Chi", "Dad", "Eve"])))
    for _ in range(3):
        page.do("document.querySelector('[data-result]')?.removeAttribute('data-result')")
        page.click("[data-act=pick]")
        page.wait("document.querySelector('[data-result]')")
        at_the_hand = page.do(
            "const hand = document.querySelector('.pointer').getBoundingClientRect();"
            "const under = document.elementsFromPoint(hand.x + hand.width / 2, hand.bottom + 6)"
            ".find((one) => one.matches('.slice, .label'));"
            "return under.parentNode.querySelector('.label').textContent;"
        )
        assert at_the_hand == page.run("document.querySelector('[data-result]').textContent")


@pytest.mark.parametrize("count", [2, 3, 7, 13, 24])
def test_the_wheels_words_stand_upright_and_the_hand_covers_none(open_app, count):
    names = ["Ada", "Wash the dishes now", "Benjamin", "Read a very long book today"]
    page = open_app(app(picker(options=[f"{names[n % 4]} {n}" for n in range(count)])))
    tints = page.run("[...document.querySelectorAll('.slice')].map((one) => getComputedStyle(one).fill)")
    assert all(one != other for one, other in zip(tints, [*tints[1:], tints[0]], strict=True))
    assert len(set(tints)) == min(count, 7 if count % 6 == 1 else 6)
    for _ in range(2):
        upright = page.do(
            "return [...document.querySelectorAll('.label')].map((one) => one.getScreenCTM().a)"
            ".every((across) => across > -0.03);"
        )
        assert upright
        page.do("document.querySelector('[data-result]')?.removeAttribute('data-result')")
        page.click("[data-act=pick]")
        page.wait("document.querySelector('[data-result]')")
        clear = page.do(
            "const hand = document.querySelector('.pointer').getBoundingClientRect();"
            "const words = [...document.querySelectorAll('g:not(.rest) > .label')]"
            ".map((one) => one.getBoundingClientRect());"
            "return words.every((one) => one.top > hand.bottom || one.left > hand.right || one.right < hand.left);"
        )
        assert clear


def test_without_repeats_each_comes_once_and_then_all_go_back(open_app):
    page = open_app(app(picker(norepeat=True, style="cards")))
    seen = []
    for left in (2, 1, 0):
        page.click("[data-act=pick]")
        page.wait("document.querySelector('[data-result]')")
        page.wait(f"document.body.innerText.includes('{left} of 3 left')")
        seen.append(page.run("document.querySelector('[data-result]').textContent"))
        page.do("document.querySelector('[data-result]').removeAttribute('data-result')")
    assert sorted(seen) == ["Ada", "Ben", "Chi"]
    assert "Put all back" in page.text()
    page.click("[data-act=pick]")
    assert "3 of 3 left" in page.text()
    assert "Spin" in page.text()


def test_several_are_picked_at_once_and_differ(open_app):
    page = open_app(app(picker(style="cards", count=3)))
    page.click("[data-act=pick]")
    page.wait("document.querySelector('[data-result]')")
    result = page.run("document.querySelector('[data-result]').textContent")
    assert sorted(result.split(", ")) == ["Ada", "Ben", "Chi"]


# --- note


@pytest.mark.parametrize("style", ["plain", "card", "hero", "tip"])
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_note_is_read_and_pressed(open_app, style, size):
    page = open_app(app(note(style=style, text="Long words. " * 49)), size=size)
    assert page.sideways() == []
    page.click("article")
    assert events(page) == ["start", "click"]


def test_a_note_that_a_rule_listens_to_has_a_button(open_app):
    page = open_app(app(note(), quiz(1), rules=[rule("b1", "click", "b2", "shake")]))
    page.do("document.querySelector('[data-act=go]').focus()")
    page.press(Qt.Key.Key_Return)
    assert events(page) == ["start", "click"]
