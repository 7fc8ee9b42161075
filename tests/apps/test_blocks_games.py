"""Arcade and drawing, played in the real engine."""

import pytest

from studio.blueprints.render import render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import events, said
from tests.apps.plays.arcade import steer
from tests.apps.plays.drawing import stroke
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


# --- drawing

TOOLS = ["pen", "brush", "eraser", "fill", "stamp", "line", "circle", "square", "spray"]
BLANK = [255, 255, 255]


def drawing(**slots):
    return {
        "type": "drawing", "title": "My drawing", "tools": TOOLS, "stamps": ["star", "cat"], "mirror": False,
        "prompt": "A house on the moon", **slots,
    }  # fmt: skip


def choose(page: Browser, tool: str) -> None:
    page.click("[data-act=tool]", TOOLS.index(tool))


def painted(page: Browser) -> int:
    """Return how many dots of the sheet are not blank."""
    return page.do(
        "const sheet = document.querySelector('canvas');"
        "const { data } = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height);"
        "const dots = new Uint32Array(data.buffer);"
        "return dots.reduce((sum, dot) => sum + (dot !== 0xffffffff), 0);"
    )


def dot(page: Browser, x: float, y: float) -> list[int]:
    """Return the colour of one spot of the sheet."""
    return page.do(
        "const sheet = document.querySelector('canvas');"
        "const pen = sheet.getContext('2d');"
        f"return [...pen.getImageData({x} * sheet.width, {y} * sheet.height, 1, 1).data].slice(0, 3);"
    )


@pytest.mark.parametrize("tool", [one for one in TOOLS if one != "eraser"])
def test_each_tool_leaves_its_mark_and_undo_takes_it_away(open_app, tool):
    page = open_app(app(drawing()))
    choose(page, tool)
    assert painted(page) == 0
    stroke(page, "b1")
    page.wait(f"({PAINTED}) > 0")
    drawn = painted(page)
    assert events(page) == ["start", "change"]
    page.click("[data-act=undo]")
    assert painted(page) == 0
    page.click("[data-act=redo]")
    assert painted(page) == drawn


PAINTED = """(() => {
  const sheet = document.querySelector('canvas');
  const dots = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height).data;
  return dots.reduce((sum, part) => sum + (part !== 255), 0);
})()"""


def test_the_eraser_and_a_clean_sheet_take_away_and_undo_brings_back(open_app):
    page = open_app(app(drawing()))
    choose(page, "fill")
    stroke(page, "b1")
    full = painted(page)
    choose(page, "eraser")
    stroke(page, "b1")
    assert 0 < painted(page) < full
    page.click("[data-act=clear]")
    assert painted(page) == 0
    said(page, "Undo brings the picture back.")
    page.click("[data-act=undo]")
    page.click("[data-act=undo]")
    assert painted(page) == full


def test_filling_stays_inside_its_lines(open_app):
    page = open_app(app(drawing()))
    choose(page, "circle")
    stroke(page, "b1", [(0.5, 0.5), (0.6, 0.5), (0.7, 0.5)])
    choose(page, "fill")
    page.click("[data-act=colour]", 3)
    stroke(page, "b1", [(0.5, 0.5)])
    assert dot(page, 0.5, 0.5) != BLANK
    assert dot(page, 0.6, 0.4) == dot(page, 0.5, 0.5)
    assert dot(page, 0.1, 0.1) == BLANK


def test_the_mirror_draws_the_other_side_too(open_app):
    page = open_app(app(drawing()))
    assert page.run("document.querySelectorAll('.axis').length") == 0
    page.click("[data-act=mirror]")
    assert page.run("document.querySelectorAll('.axis').length") == 1
    assert page.run("document.querySelector('[data-act=mirror]').ariaPressed") == "true"
    stroke(page, "b1", [(0.2, 0.2), (0.2, 0.4), (0.2, 0.6)])
    assert dot(page, 0.8, 0.4) == dot(page, 0.2, 0.4) != BLANK
    assert dot(page, 0.5, 0.4) == BLANK


def test_steps_back_are_bounded(open_app):
    page = open_app(app(drawing()))
    for number in range(14):
        stroke(page, "b1", [(0.1, 0.05 * number), (0.9, 0.05 * number)])
    for _ in range(14):
        page.click("[data-act=undo]")
    assert page.run("document.querySelector('[data-act=undo]').ariaDisabled") == "true"
    assert painted(page) > 0
    stroke(page, "b1")
    assert page.run("document.querySelector('[data-act=redo]').ariaDisabled") == "true"


def test_keys_move_a_cursor_and_space_draws(open_app):
    page = open_app(app(drawing()))
    page.do("document.querySelector('[data-act=sheet]').focus()")
    page.press(Qt.Key.Key_Right)
    assert page.run("document.querySelector('.cursor').checkVisibility()")
    assert painted(page) == 0
    page.press(Qt.Key.Key_Space)
    said(page, "Drawing")
    for _ in range(3):
        page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Space)
    said(page, "Stopped drawing")
    assert painted(page) > 0
    assert events(page) == ["start", "change"]


def test_the_picture_is_kept_resized_without_loss_and_forgotten(open_app):
    shown = document(app(drawing()))
    page = open_app(shown)
    stroke(page, "b1")
    drawn = painted(page)
    page.resize(*WIDE)
    page.click("[data-act=colour]", 2)
    assert painted(page) == drawn
    page.wait(f"localStorage.getItem('sprout:{shown.id}:block000')")
    page = open_app(shown)
    page.wait(f"({PAINTED}) > 0")
    assert painted(page) == drawn
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    page.click("[data-act=erase]")  # asked first: nobody can bring it back
    assert painted(page) == 0
    page = open_app(shown)
    page.pause(0.1)
    assert painted(page) == 0


@pytest.mark.parametrize(
    "kept", ["{", '{"picture": 7}', '{"picture": "data:image/png;base64,x"}', '{"picture": "javascript:1"}']
)
def test_a_broken_picture_leaves_a_blank_sheet(open_app, kept):
    shown = document(app(drawing()))
    page = open_app(shown)
    page.do(f"localStorage.setItem('sprout:{shown.id}:block000', {kept!r});")
    page = open_app(shown)
    stroke(page, "b1")
    assert painted(page) > 0


def test_saving_gives_a_file_where_a_browser_may(open_app):
    page = open_app(app(drawing(title="Haus/../am See!")))
    page.do(
        "window.given = []; HTMLAnchorElement.prototype.click = function () {"
        " window.given.push([this.download, this.href.slice(0, 5)]); };"
    )
    page.click("[data-act=save]")
    page.wait("window.given.length")
    assert page.run("window.given") == [["Hausam See.png", "blob:"]]
    assert "downloads" in page.text()


def test_tool_colour_and_size_are_named(open_app):
    page = open_app(app(drawing()))
    names = page.run("[...document.querySelectorAll('.swatch')].map((one) => one.getAttribute('aria-label'))")
    assert names[:9] == ["Pen", "Brush", "Eraser", "Fill", "Stamp", "Line", "Circle", "Square", "Spray"]
    assert names[9:11] == ["Black", "Red"]
    assert names[-6:] == ["Size 2 of 3", "Mirror", "Undo", "Redo", "Clean sheet", "Save picture"]
    choose(page, "spray")
    said(page, "Spray")
    assert "Spray, Black" in page.run("document.querySelector('[data-act=sheet]').getAttribute('aria-label')")
    page.click("[data-act=size]")
    assert page.run("document.querySelector('[data-act=size]').getAttribute('aria-label')") == "Size 3 of 3"


def test_an_edit_keeps_the_picture_and_look_shows_the_stamp(open_app):
    page = open_app(document(app(drawing()), number=7002), everything=True)
    stroke(page, "b1")
    drawn = painted(page)
    page.do(render_update(document(app(drawing(tools=["stamp", "fill"], mirror=True)), number=7002)))
    assert painted(page) == drawn
    assert page.run("document.querySelectorAll('[data-act=tool]').length") == 2
    assert page.run("document.querySelectorAll('.axis').length") == 1
    assert page.run("sprout.look(0, 'stamps', 1)")
    assert page.run("sprout.look(0, 'tools', 1)")


@pytest.mark.parametrize("size", [(320, 568), PHONE, (768, 1024), WIDE])
def test_the_sheet_and_its_tools_fit_each_width(open_app, size):
    twelve = ["star", "cat", "rocket", "heart", "sun", "moon", "fish", "cake", "dog", "owl", "fox", "bear"]
    for theme in ({}, {"size": "large", "font": "pixel"}):
        page = open_app(app(drawing(stamps=twelve, prompt="w" * 120), theme=theme), size=size)
        choose(page, "stamp")
        assert page.sideways() == []
        assert page.run("document.querySelector('canvas').getBoundingClientRect().width") > 190
