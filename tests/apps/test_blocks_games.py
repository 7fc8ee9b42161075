"""Arcade and drawing, played in the real engine."""

import pytest

from studio.blueprints.render import render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import events, said
from tests.apps.plays.arcade import steer
from tests.support.browser import Browser, Qt

pytestmark = pytest.mark.slow
GAMES = ("catch", "dodge", "pop", "whack", "jump", "shoot")
FIELD = "[data-act=field]"


def arcade(**slots):
    return {
        "type": "arcade", "title": "Star Catcher", "game": "catch", "player": "rocket", "good": ["star", "gem"],
        "bad": ["bug", "bolt"], "speed": "fast", "lives": 1, "seconds": 0, "win": 2, **slots,
    }  # fmt: skip


def over(page: Browser) -> None:
    page.wait("document.querySelector('[data-act=again]')")


def started(open_app, *, size=PHONE, **slots) -> Browser:
    page = open_app(app(arcade(**slots)), size=size)
    page.click("[data-act=play]")
    return page


def middle(page: Browser) -> list[float]:
    """Return where the player stands."""
    return page.do(
        "const box = document.querySelector('[data-thing=self]').getBoundingClientRect();"
        "return [box.left + box.width / 2, box.top + box.height / 2];"
    )


# --- arcade: the end, good or bad


@pytest.mark.parametrize("game", GAMES)
def test_each_game_is_won_by_touching_good_things(open_app, game):
    page = started(open_app, game=game, lives=9)
    steer(page, "b1", game, "good")
    over(page)
    found = [one for one in events(page) if one != "wrong"]
    assert found == ["start", "right", "right", "finish", "win"]
    assert "You did it!" in page.text()
    assert page.run("document.activeElement.textContent") == "You did it!"
    assert page.run("document.querySelectorAll('.party').length") == 1


@pytest.mark.parametrize("game", GAMES)
def test_each_game_is_lost_by_touching_bad_things(open_app, game):
    page = started(open_app, game=game, win=50, size=WIDE)
    steer(page, "b1", game, "bad")
    over(page)
    found = events(page)
    assert [one for one in found if one != "right"] == ["start", "wrong", "finish", "lose"]
    assert page.run("document.querySelectorAll('.party').length") == 0
    rights = found.count("right")
    assert page.run("document.activeElement.textContent") == (f"{rights}!" if rights else "Not this time")


def test_time_ends_a_game_and_without_a_goal_nobody_loses(open_app):
    page = started(open_app, seconds=1, win=0, bad=[])
    over(page)
    assert [one for one in events(page) if one != "right"] == ["start", "finish"]
    page = started(open_app, seconds=1, win=9, bad=[])
    over(page)
    assert [one for one in events(page) if one != "right"] == ["start", "finish", "lose"]


def test_who_stays_safe_until_the_end_wins_a_game_of_getting_out_of_the_way(open_app):
    page = open_app(app(arcade(game="dodge", seconds=1, win=0, lives=9)))
    assert "Stay safe for 1 seconds" in page.text()
    page.click("[data-act=play]")
    over(page)
    assert events(page)[-2:] == ["finish", "win"]


def test_the_best_score_is_kept_and_start_over_forgets_it(open_app):
    shown = document(app(arcade(lives=9)))
    page = open_app(shown)
    assert "Best" not in page.text()
    page.click("[data-act=play]")
    steer(page, "b1", "catch", "good")
    over(page)
    assert "Your best so far!" in page.text()
    page = open_app(shown)
    assert "Best 2" in page.text()
    page.click("[data-act=play]")
    page.click("[data-act=pause]")
    page.click("[data-act=end]")
    assert "Best 2. Once more?" in page.text()
    page.do("sprout.restart()")
    assert "Best" not in page.text()


# --- arcade: keys, pointer, pause


def test_arrow_keys_move_the_player(open_app):
    page = started(open_app, game="dodge")
    assert page.run("document.activeElement.dataset.act") == "field"
    for key, axis, way in (("Left", 0, -1), ("Right", 0, 1), ("Up", 1, -1), ("Down", 1, 1)):
        before = middle(page)
        page.press(getattr(Qt.Key, f"Key_{key}"))
        page.pause(0.06)
        assert (middle(page)[axis] - before[axis]) * way > 10


def test_holes_are_hit_by_number_keys(open_app):
    page = started(open_app, game="whack", bad=[], win=1)
    page.wait("document.querySelector('[data-thing=good]')")
    for _ in range(200):
        if "win" in events(page):
            break
        hole = page.do(
            "const thing = document.querySelector('[data-thing=good]:not(.hit)')?.getBoundingClientRect();"
            "if (!thing) return 0;"
            f"const field = document.querySelector('{FIELD}').getBoundingClientRect();"
            "const at = (from, size, x) => Math.floor(((x - from) / size) * 3);"
            "return 1 + at(field.left, field.width, thing.left + thing.width / 2)"
            " + 3 * at(field.top, field.height, thing.top + thing.height / 2);"
        )
        if hole:
            page.press(str(hole))
        page.pause(0.02)
    assert events(page) == ["start", "right", "finish", "win"]


@pytest.mark.parametrize(
    ("game", "key"), [("pop", Qt.Key.Key_Space), ("jump", Qt.Key.Key_Space), ("jump", Qt.Key.Key_Up)]
)
def test_space_acts(open_app, game, key):
    page = started(open_app, game=game, bad=[], win=1, good=["star"])
    for _ in range(400):
        if "win" in events(page):
            break
        if game == "pop":
            page.do(
                "const one = document.querySelector('[data-thing=good]:not(.hit)')?.getBoundingClientRect();"
                f"if (one) document.querySelector('{FIELD}').dispatchEvent(new PointerEvent('pointermove',"
                " { clientX: one.left + one.width / 2, clientY: one.top + one.height / 2 }));"
            )
        page.press(key)
    assert events(page)[-1] == "win"


def test_space_shoots(open_app):
    page = started(open_app, game="shoot")
    page.press(Qt.Key.Key_Space)
    page.wait("document.querySelector('.shot')")


def test_a_jump_comes_down_again(open_app):
    page = started(open_app, game="jump", bad=[], win=50)
    ground = middle(page)[1]
    page.press(Qt.Key.Key_Space)
    page.wait(f"document.querySelector('[data-thing=self]').getBoundingClientRect().bottom < {ground}")
    page.wait(
        "(() => { const box = document.querySelector('[data-thing=self]').getBoundingClientRect();"
        f" return Math.abs(box.top + box.height / 2 - {ground}) < 1; }})()"
    )


@pytest.mark.parametrize("way", ["button", "escape", "menu"])
def test_a_game_pauses_and_goes_on(open_app, way):
    page = started(open_app, lives=9, win=50)
    page.wait("document.querySelectorAll('[data-thing=good], [data-thing=bad]').length")
    if way == "escape":
        page.press(Qt.Key.Key_Escape)
    else:
        page.click(f"[data-act={'pause' if way == 'button' else 'menu'}]")
    page.wait("document.querySelector('[data-act=end]')")
    if way == "menu":
        page.wait("document.querySelector('dialog[open]')")
        page.click("[data-act=close]")
    assert "Paused" in page.text()
    where = "[...document.querySelectorAll('.thing')].map((one) => one.style.transform)"
    before = page.run(where)
    assert len(before) >= 2
    page.pause(0.15)
    assert page.run(where) == before
    page.click("[data-act=play]")
    assert page.run("document.activeElement.dataset.act") == "field"
    page.wait(f"JSON.stringify({where}) !== {str(before)!r}")
    assert "finish" not in events(page)


def test_calm_speed_has_no_clock_and_is_kept(open_app):
    shown = document(app(arcade(seconds=30)))
    page = open_app(shown)
    page.click("[data-act=calm]")
    page = open_app(shown)
    assert page.run("document.querySelector('[data-act=calm]').checked")
    page.click("[data-act=play]")
    assert page.run("document.querySelectorAll('[data-tally=clock]').length") == 0
    page.click("[data-act=pause]")
    page.click("[data-act=calm]")
    page.click("[data-act=play]")
    assert page.run("document.querySelectorAll('[data-tally=clock]').length") == 1


def test_lives_and_points_are_told(open_app):
    page = started(open_app, lives=3, win=0)
    steer(page, "b1", "catch", "bad")
    said(page, "2 lives")


# --- arcade: words, edits, rules


def test_the_first_screen_tells_what_to_do(open_app):
    page = open_app(app(arcade(win=30, lives=3)))
    words = page.text()
    for part in ("Catch 30 to win", "Avoid", "3 lives", "press ← and →", "Calm speed", "Start"):
        assert part in words
    page = open_app(app(arcade(bad=[], win=0, seconds=20)))
    assert "Avoid" not in page.text()
    assert "lives" not in page.text()
    assert "Get as many as you can" in page.text()


def test_a_player_without_a_picture_does_no_harm(open_app):
    page = started(open_app, player="none")
    assert page.run("document.querySelector('[data-thing=self] .blob').checkVisibility()")


def test_an_edit_keeps_the_running_game_but_another_game_begins_anew(open_app):
    shown = document(app(arcade(lives=3, win=50)), number=7001)
    page = open_app(shown, everything=True)
    page.click("[data-act=play]")
    page.wait("document.querySelector('[data-thing=good], [data-thing=bad]')")
    page.do(render_update(document(app(arcade(lives=5, win=50, good=["moon"], bad=[])), number=7001)))
    assert page.run("document.activeElement.dataset.act") == "field"
    page.do(render_update(document(app(arcade(lives=5, win=50)), number=7001)))
    assert page.run("document.querySelector('[data-tally=lives]').textContent") == "5"
    page.do(render_update(document(app(arcade(game="pop")), number=7001)))
    assert "Pop 2 to win" in page.text()


def test_look_shows_the_picture_that_is_edited(open_app):
    page = started(open_app)
    assert page.run("sprout.look(0, 'bad', 1)")
    assert "Start" in page.text()
    assert not page.run("sprout.look(0, 'bad', 2)")


def test_a_rule_may_begin_the_game_anew_in_its_middle(open_app):
    page = open_app(app(arcade(lives=9), rules=[rule("b1", "right", "b1", "reset")]))
    page.click("[data-act=play]")
    steer(page, "b1", "catch", "good")
    page.wait("document.body.innerText.includes('Start')")
    assert events(page) == ["start", *["wrong"] * events(page).count("wrong"), "right"]


@pytest.mark.parametrize("size", [(320, 568), PHONE, (768, 1024), WIDE])
@pytest.mark.parametrize("game", GAMES)
def test_each_game_fits_each_width(open_app, game, size):
    four = ["star", "gem", "cake", "sun"]
    for theme in ({}, {"size": "large", "font": "pixel"}):
        page = open_app(
            app(arcade(game=game, good=four, bad=["bug", "bolt", "ghost", "fire"], win=500), theme=theme),
            size=size,
        )
        assert page.sideways() == []
        page.click("[data-act=play]")
        assert page.sideways() == []
        inside = page.do(
            f"const field = document.querySelector('{FIELD}').getBoundingClientRect();"
            "return field.bottom <= innerHeight + 1 && field.height > 200;"
        )
        assert inside


@pytest.mark.parametrize("layout", ["stack", "tabs", "grid", "steps"])
def test_a_game_plays_among_others(open_app, layout):
    page = open_app(app(arcade(lives=9), note(), layout=layout), size=WIDE)
    page.click("[data-act=play]")
    steer(page, "b1", "catch", "good")
    over(page)
    assert "win" in events(page)
