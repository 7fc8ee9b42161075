"""Pick a part where it is seen: what a page says is believed only as far as it fits, and keys do what a mouse does."""

import json

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from tests.ui.making import creates, making, open_page
from tests.ui.walls import CHECKLIST, QUIET, TIMER, ask, document, quiz
from ui.widgets.picking import PickLayer
from ui.widgets.preview import State
from ui.widgets.spots import MOST_CHARACTERS, MOST_SPOTS, Spot, read_spots, spot_at

__all__ = ["making"]
BLUEPRINT = document(quiz(blocks=[*quiz()["blocks"], CHECKLIST])).blueprint
BLOCK = ["b1", "", 10, 20, 300, 200]
ITEM = ["b1", "questions/1", 20, 40, 200, 100]


def told(*places):
    return json.dumps(list(places))


def keys(answer):
    return [spot.key for spot in read_spots(answer, BLUEPRINT)]


# ---------------------------------------------------------------- what a page may say
def test_blocks_and_items_of_the_blueprint_are_read():
    spots = read_spots(told(BLOCK, ITEM, ["b2", "items/0", 0, 300, 300, 40]), BLUEPRINT)
    assert [spot.key for spot in spots] == [(0, "", -1), (0, "questions", 1), (1, "items", 0)]
    assert [spot.pointer for spot in spots] == ["/blocks/0", "/blocks/0/questions/1", "/blocks/1/items/0"]
    assert [spot.names for spot in spots] == [("b1", ""), ("b1", "questions/1"), ("b2", "items/0")]
    assert spots[0].rect.getRect() == (10, 20, 300, 200)


@pytest.mark.parametrize(
    "lie",
    [
        ["b3", "", 10, 20, 300, 200],
        ["b0", "", 10, 20, 300, 200],
        ["b-1", "", 10, 20, 300, 200],
        ["b1 ", "", 10, 20, 300, 200],
        ["b١", "", 10, 20, 300, 200],
        [1, "", 10, 20, 300, 200],
        ["b1", None, 10, 20, 300, 200],
        ["b1", "questions/2", 10, 20, 300, 200],
        ["b1", "questions/-1", 10, 20, 300, 200],
        ["b1", "questions/01", 10, 20, 300, 200],
        ["b1", "title/0", 10, 20, 300, 200],
        ["b1", "model_fields/0", 10, 20, 300, 200],
        ["b1", "__class__/0", 10, 20, 300, 200],
        ["b1", "../questions/0", 10, 20, 300, 200],
        ["b1", "", "10", 20, 300, 200],
        ["b1", "", True, 20, 300, 200],
        ["b1", "", 1e9, 20, 300, 200],
        ["b1", "", 10, 20, 0, 200],
        ["b1", "", 10, 20, 300, -5],
        ["b1", "", 10, 20, 300],
        ["b1", "", 10, 20, 300, 200, 7],
        {"block": "b1"},
        "b1",
        None,
    ],
)
def test_a_lie_is_left_out_and_the_truth_beside_it_stays(lie):
    assert keys(told(lie, BLOCK)) == [(0, "", -1)]


@pytest.mark.parametrize(
    "answer",
    [None, 7, [], {"a": 1}, "", "{", "7", '{"b1": 1}', "[" * 5000, "NaN", " " * (MOST_CHARACTERS + 1)],
)
def test_what_is_no_list_says_nothing(answer):
    assert keys(answer) == []


def test_numbers_that_are_none_are_left_out():
    assert keys('[["b1", "", NaN, 0, 300, 200], ["b2", "", 0, 0, Infinity, 20]]') == []


def test_each_place_counts_once_and_there_is_an_end():
    assert keys(told(BLOCK, BLOCK, ITEM)) == [(0, "", -1), (0, "questions", 1)]
    assert keys(told(*[BLOCK] * MOST_SPOTS, ITEM)) == [(0, "", -1)]


def test_the_smallest_place_under_the_pointer_is_meant():
    spots = read_spots(told(BLOCK, ITEM), BLUEPRINT)
    assert spot_at(spots, QPointF(30, 50)) == spots[1]
    assert spot_at(spots, QPointF(12, 22)) == spots[0]
    assert spot_at(spots, QPointF(400, 400)) is None


# ---------------------------------------------------------------- in the page
def test_the_name_of_a_picked_part_stands_beside_what_lies_over_the_app(qtbot, theme):
    shown = PickLayer(theme, lambda _spot: "Question 4")
    qtbot.addWidget(shown)
    shown.resize(600, 300)
    shown.show_spots((Spot(0, "", -1, QRectF(20, 60, 560, 200)),))
    shown.set_chosen((0, "", -1))
    accent = theme.colour("accent").rgb()

    def tag():
        """Return where the plate of the name is filled, under the line of the frame."""
        picture = shown.grab().toImage()
        return [x for x in range(picture.width()) if picture.pixel(x, 64) == accent]

    assert min(tag()[3:]) > 400
    shown.set_covered(QRect(300, 0, 300, 300))
    inner = [x for x in tag() if 30 < x < 570]
    assert inner
    assert max(inner) < 300


def test_where_nothing_plays_there_is_nothing_to_pick(making):
    making.make()
    act = making.page.findChild(QAbstractButton, "make.pick")
    making.wait(lambda: making.page.preview.state is State.MISSING)
    assert act.isVisible()
    assert not act.isEnabled()
    assert not act.isChecked()


@pytest.fixture
def playing(qtbot, theme, services):
    """The page with an app of three parts that plays, in pick mode."""
    for made in open_page(qtbot, theme, services):
        made.make(creates(quiz(blocks=[*quiz()["blocks"], CHECKLIST, TIMER])))
        made.wait(lambda made=made: made.page.preview.state is State.RUNNING)
        made.page.findChild(QAbstractButton, "make.pick").click()
        made.wait(lambda made=made: len(layer(made).spots) == 6)
        yield made


def layer(making):
    return making.page.picking.picker.layer


slow = [pytest.mark.slow, pytest.mark.qt_log_ignore(*QUIET, extend=True)]


def with_browser(test):
    for mark in slow:
        test = mark(test)
    return test


def spot(making, key):
    return next(one for one in layer(making).spots if one.key == key)


@with_browser
def test_a_click_picks_what_is_under_it_and_the_app_hears_nothing(qtbot, playing):
    inspector = playing.page.inspector
    question = spot(playing, (0, "questions", 0))
    QTest.mouseMove(layer(playing), question.rect.center().toPoint())
    assert layer(playing).under == question
    QTest.mouseClick(layer(playing), Qt.MouseButton.LeftButton, pos=question.rect.center().toPoint())
    assert (inspector.place.block, inspector.place.list, inspector.place.index) == (0, "questions", 0)
    assert layer(playing).chosen.key == question.key
    said = ask(qtbot, playing.page.preview.page, "sprout.describe().events.length", ours=False)
    QTest.mouseClick(layer(playing), Qt.MouseButton.LeftButton, pos=question.rect.center().toPoint())
    assert ask(qtbot, playing.page.preview.page, "sprout.describe().events.length", ours=False) == said
    QTest.mouseClick(layer(playing), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert inspector.place.block == 0


@with_browser
def test_keys_step_through_the_parts_and_pick(playing):
    shown = layer(playing)
    shown.setFocus(Qt.FocusReason.OtherFocusReason)
    seen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(shown, key)
        seen.append(shown.under.key)
    assert seen == [(0, "", -1), (0, "questions", 0), (1, "", -1), (1, "items", 0)]
    assert "4 of 6" in shown.accessibleName()
    QTest.keyClick(shown, Qt.Key.Key_Up)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    inspector = playing.page.inspector
    assert inspector.place.block == 1
    assert inspector.isAncestorOf(playing.page.window().focusWidget())


@with_browser
@pytest.mark.parametrize("way", ["escape", "button"])
def test_escape_or_the_button_ends_it(playing, way):
    act = playing.page.findChild(QAbstractButton, "make.pick")
    assert act.isChecked()
    if way == "escape":
        layer(playing).setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keyClick(layer(playing), Qt.Key.Key_Escape)
    else:
        act.click()
    assert not act.isChecked()
    assert not layer(playing).isVisible()
    assert playing.page.preview.state is State.RUNNING


@with_browser
def test_frames_follow_a_change_of_the_app(playing):
    before = spot(playing, (1, "", -1))
    playing.page._change_plain({"op": "move_block", "at": "b2", "to": 1})
    playing.wait(lambda: spot(playing, (0, "", -1)).rect.height() == before.rect.height())
    assert playing.page.picking.picker.active


@with_browser
def test_a_page_that_changes_its_own_functions_changes_nothing_here(qtbot, playing):
    right = [one.key for one in layer(playing).spots]
    ask(
        qtbot,
        playing.page.preview.page,
        """JSON.stringify = () => '[["b1","questions/1",0,0,900,900]]';
        Element.prototype.getBoundingClientRect = () => ({ x: 0, y: 0, width: 900, height: 900 });
        document.querySelectorAll = () => []; Document.prototype.querySelectorAll = () => [];
        const lie = document.createElement("section"); lie.dataset.block = "b77"; lie.textContent = "lie";
        document.body.append(lie); 1""",
        ours=False,
    )
    told = []
    playing.page.preview.page.where_parts_are(told.append)
    playing.wait(lambda: told)
    assert '"b77"' in told[0]
    found = read_spots(told[0], playing.blueprint)
    assert [one.key for one in found] == right
    assert max(one.rect.width() for one in found) < 900
