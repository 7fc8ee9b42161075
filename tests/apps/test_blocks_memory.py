"""Memory, played in the real engine: pairs by their words, moves, the look at the start, keys and columns."""

import json
from typing import Any

import pytest

from studio.blueprints.render import render, render_update
from tests.apps import plays
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, rule
from tests.apps.playing import events, said
from tests.support.browser import Browser, Qt

pytestmark = pytest.mark.slow

CAPITALS = [("France", "Paris"), ("Japan", "Tokyo"), ("Italy", "Rome"), ("Peru", "Lima")]
LONG = [("w" * 24, "m" * 24), ("Papua New Guinea", "Port Moresby"), *CAPITALS]


def memory(pairs: Any = CAPITALS, **slots: Any) -> dict[str, Any]:
    both = [{"a": a, "b": b} for a, b in pairs]
    return {"type": "memory", "title": "Capitals", "pairs": both, "peek": 0, "moves": 0, **slots}


def faces(page: Browser) -> list[str]:
    """Return the words of the cards that lie open, and "" for those that do not."""
    return list(
        page.run(
            "[...document.querySelectorAll('.tile')].map((one) => one.querySelector('span')?.textContent ?? '')"
        )
    )


def where(page: Browser) -> dict[str, list[int]]:
    """Return where each word lies; turns every card once."""
    order = page.do(
        "const seen = []; const tiles = () => [...document.querySelectorAll('.tile')];"
        "for (let i = 0; i < tiles().length; i += 1)"
        " { tiles()[i].click(); seen.push(tiles()[i].querySelector('span').textContent); }"
        "return seen;"
    )
    places: dict[str, list[int]] = {}
    for place, word in enumerate(order):
        places.setdefault(word, []).append(place)
    return places


def known(open_app: Any, blueprint: dict[str, Any], **slots: Any) -> tuple[Browser, dict[str, list[int]]]:
    """Open an app whose cards lie where the test knows them: chance gives the same numbers again and again."""
    fixed = "crypto.getRandomValues = (list) => { list.fill(2 ** 31); return list; };"
    places = where(open_app(document(blueprint), before=fixed, **slots))
    return open_app(document(blueprint), before=fixed, **slots), places


def turn(page: Browser, place: int) -> None:
    page.click(".tile", place)


@pytest.mark.parametrize("size", [(320, 568), PHONE, WIDE])
@pytest.mark.parametrize("theme", [{}, {"size": "large", "font": "pixel"}])
def test_cards_fit_each_width(open_app, size, theme):
    for pairs in (CAPITALS[:2], LONG * 2):
        page = open_app(app(memory(pairs, peek=10), theme=theme), size=size)
        assert page.sideways() == []
        cut = page.run(
            "[...document.querySelectorAll('.tile')].filter((one) => one.scrollWidth > one.clientWidth + 1"
            " || one.scrollHeight > one.clientHeight + 1 || one.offsetWidth < 44 || one.offsetHeight < 44).length"
        )
        assert cut == 0


def test_a_pair_stays_and_others_wait_for_the_next_press(open_app):
    page, places = known(open_app, app(memory()))
    turn(page, places["France"][0])
    said(page, ": France")
    turn(page, places["Paris"][0])
    said(page, "France and Paris: a pair!")
    assert "1 of 4 pairs" in page.text()
    assert "Moves: 1" in page.text()
    turn(page, places["Japan"][0])
    turn(page, places["Rome"][0])
    said(page, "Not a pair. Turn another card.")
    assert sorted(filter(None, faces(page))) == ["France", "Japan", "Paris", "Rome"]
    turn(page, places["Italy"][0])
    assert sorted(filter(None, faces(page))) == ["France", "Italy", "Paris"]
    turn(page, places["Italy"][0])  # the same card once more is no move
    turn(page, places["France"][0])  # nor is a card of a pair
    assert "Moves: 2" in page.text()
    assert events(page) == ["start", "right", "wrong"]


def test_all_pairs_win_and_the_fewest_moves_are_kept(open_app):
    page, places = known(open_app, app(memory(), rules=[rule("b1", "win", "b1", "confetti", "Well done!")]))
    for a, b in CAPITALS:
        turn(page, places[a][0])
        turn(page, places[b][0])
    assert events(page) == ["start", "right", "right", "right", "right", "win"]
    assert "All pairs found!" in page.text()
    assert "Fewest moves so far: 4" in page.text()
    assert "Well done!" in page.text()
    assert page.run("document.activeElement.dataset.act") == "restart"
    page.click("[data-act=restart]")
    assert faces(page) == [""] * 8
    plays.play(page, "b1", memory())
    assert "Fewest moves so far: 4" in page.text()


def test_the_best_lasts_over_a_reload_and_goes_with_start_over(open_app):
    shown = document(app(memory()))
    page = open_app(shown)
    plays.play(page, "b1", memory())
    best = page.run("document.querySelector('.actions p').textContent")
    page.load(render(shown))
    plays.play(page, "b1", memory(pairs=CAPITALS))
    assert int(page.run("document.querySelector('.actions p').textContent").split()[-1]) <= int(
        best.split()[-1]
    )
    assert "block000" in json.dumps(page.run("Object.keys(localStorage)"))
    page.run("sprout.restart()")
    assert "block000" not in json.dumps(page.run("Object.keys(localStorage)"))


def test_moves_that_are_used_up_lose_and_the_same_cards_may_be_tried_again(open_app):
    page, places = known(open_app, app(memory(moves=1)))  # mended to four: it takes four
    assert "Moves left: 4" in page.text()
    for _ in range(2):
        for word in ("France", "Rome", "Japan", "Lima"):
            turn(page, places[word][0])
    assert events(page) == ["start", "wrong", "wrong", "wrong", "wrong", "lose"]
    assert "No moves left this time" in page.text()
    page.click("[data-act=restart]")
    for a, b in CAPITALS:
        turn(page, places[a][0])
        turn(page, places[b][0])
    assert events(page)[-1] == "win"


def test_the_look_at_the_start_can_be_held_and_ended(open_app):
    page = open_app(app(memory(peek=1)))
    assert "" not in faces(page)
    page.click("[data-act=hold]")
    page.pause(1.3)
    assert "" not in faces(page)
    page.click("[data-act=hold]")
    page.wait("document.querySelectorAll('.tile span').length === 0")
    said(page, "Find two cards that belong together.")
    page = open_app(app(memory(peek=10)))
    page.do("document.querySelector('[data-act=ready]').focus()")
    page.press(Qt.Key.Key_Space)
    assert faces(page) == [""] * 8
    assert page.run("document.activeElement.className").startswith("tile")


def test_arrow_keys_walk_and_a_screen_reader_hears_the_place(open_app):
    page = open_app(app(memory()), size=WIDE)
    columns = page.run("Number(document.querySelector('.tiles').style.getPropertyValue('--cols'))")
    page.do("document.querySelector('.tile').focus()")
    page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_Down)
    assert page.run("document.activeElement.getAttribute('aria-label')") == "Row 2, card 2, face down"
    assert page.run("[...document.querySelectorAll('.tile')].indexOf(document.activeElement)") == columns + 1
    page.press(Qt.Key.Key_Space)
    word = next(filter(None, faces(page)))
    said(page, f"Row 2, card 2: {word}")
    assert page.run("document.activeElement.getAttribute('aria-label')") == f"Row 2, card 2: {word}"
    assert page.run("document.querySelectorAll('.tile[tabindex=\"0\"]').length") == 1


def test_cards_with_the_same_words_are_one_as_good_as_the_other(open_app):
    same = [("cat", "cat"), ("red", "apple"), ("red", "rose"), ("blue", "rose")]
    page = open_app(app(memory(same, moves=8)))
    plays.play(page, "b1", memory(same, moves=8))
    assert events(page)[-1] == "win"
    assert events(page).count("right") >= 4


def test_an_edit_of_words_keeps_the_play_and_look_shows_the_pair(open_app):
    page = open_app(document(app(memory()), number=9101), everything=True)
    turn(page, 0)
    word = next(filter(None, faces(page)))
    pairs = [(a.replace(word, "Edited"), b.replace(word, "Edited")) for a, b in CAPITALS]
    page.do(render_update(document(app(memory(pairs)), number=9101)))
    assert list(filter(None, faces(page))) == ["Edited"]
    assert page.run("sprout.look(0, 'pairs', 2)")
    assert sorted(filter(None, faces(page))) == sorted(pairs[2])
    page.do(render_update(document(app(memory(CAPITALS[:3])), number=9101)))
    assert faces(page) == [""] * 6


def test_columns_follow_the_longest_word(open_app):
    def columns(pairs: Any, size: tuple[int, int]) -> int:
        page = open_app(app(memory(pairs)), size=size)
        return int(page.run("document.querySelector('.tiles').style.getPropertyValue('--cols')"))

    short = [(f"a{n}", f"b{n}") for n in range(12)]
    long = [(f"Mediterranean{n}", f"Sea{n}") for n in range(12)]
    assert columns(long, PHONE) == 3
    assert columns(short, PHONE) > 3
    assert columns(long, WIDE) <= 6


@pytest.mark.parametrize("size", [PHONE, (800, 500), WIDE])
@pytest.mark.parametrize("peek", [0, 5])
def test_sixteen_short_cards_fit_the_page_without_scrolling(open_app, size, peek):
    pairs = [(f"a{n}", f"b{n}") for n in range(8)]
    page = open_app(app(memory(pairs, peek=peek)), size=size)
    assert page.run("document.documentElement.scrollHeight - innerHeight") <= (60 if size[1] < 600 else 0)
