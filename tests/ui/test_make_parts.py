"""Parts are found in a palette, dragged, moved by keys, locked; rules read as sentences; what waits is jumped to."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from studio.blueprints import BLOCK_CLASSES
from studio.blueprints.choices import RuleAction
from tests.ui.by_hand import hand
from tests.ui.making import creates, making
from tests.ui.walls import document, quiz
from ui.make.adding import AddPartDialog
from ui.make.fields import Field
from ui.make.origins import CheckBadge
from ui.make.places import Place

__all__ = ["hand", "making"]
ALT = Qt.KeyboardModifier.AltModifier
MODEL = {"from": "model:SmolLM2-360M-Instruct", "checked": False}
WAITS = {"from": "model:starter", "checked": False}


def kinds(hand):
    return [block.type for block in hand.blueprint.blocks]


def palette(hand):
    hand.inspector.findChild(QPushButton, "inspector.add_part").click()
    return next(one for one in hand.inspector.findChildren(AddPartDialog) if one.isVisible())


def drag(qtbot, handle, by):
    """Drag a handle down (or up) by pixels, as a mouse does."""
    start = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    for step in (0.3, 0.7, 1.0):
        QTest.mouseMove(handle, start + QPoint(0, round(by * step)))
        qtbot.wait(1)
    return start + QPoint(0, by)


def said(hand):
    return [label.text() for label in hand.inspector._area.findChildren(QLabel)]


# ---------------------------------------------------------------- the palette


def test_all_kinds_are_offered_in_groups_and_each_can_be_added(qtbot, hand):
    shown = palette(hand)
    assert set(shown.tiles) == set(BLOCK_CLASSES)
    assert all(tile.accessibleName() for tile in shown.tiles.values())
    shown.tiles["soundboard"].click()
    assert kinds(hand) == ["quiz", "timer", "soundboard"]
    assert hand.inspector.place == Place(2)


def test_the_keyboard_goes_to_the_new_part_and_never_out_of_the_inspector(qtbot, hand):
    add = hand.inspector.findChild(QPushButton, "inspector.add_part")
    add.setFocus()
    hand.inspector.parts().add("note")
    assert hand.inspector.place == Place(2)
    assert hand.inspector.window().focusWidget() is hand.field("title").control()


def test_the_palette_works_by_keys_alone(qtbot, hand):
    shown = palette(hand)
    QTest.keyClicks(shown.finder.search, "dice")
    assert [tile.objectName() for tile in shown.finder.shown] == ["add_part.picker"]
    QTest.keyClick(shown.finder.search, Qt.Key.Key_Return)
    assert kinds(hand)[-1] == "picker"
    hand.inspector._on_back()
    shown = palette(hand)
    tiles = shown.finder.shown
    QTest.keyClick(shown.finder.search, Qt.Key.Key_Down)
    QTest.keyClick(tiles[0], Qt.Key.Key_Right)
    QTest.keyClick(tiles[1], Qt.Key.Key_Space)
    assert kinds(hand)[-1] == tiles[1].objectName().removeprefix("add_part.")


def test_escape_leaves_the_palette_and_nothing_changes(qtbot, hand):
    shown = palette(hand)
    QTest.keyClick(shown.finder.search, Qt.Key.Key_Escape)
    assert shown.isHidden()
    assert kinds(hand) == ["quiz", "timer"]


def test_a_search_that_finds_nothing_says_what_to_try(qtbot, hand):
    shown = palette(hand)
    shown.finder.search.setText("zeppelin")
    assert shown.finder.shown == []
    assert not shown.finder._nothing.isHidden()
    QTest.keyClick(shown.finder.search, Qt.Key.Key_Return)
    assert kinds(hand) == ["quiz", "timer"]
    shown.finder.search.clear()
    assert len(shown.finder.shown) == len(BLOCK_CLASSES)
    assert shown.finder._nothing.isHidden()


def test_a_full_app_offers_no_more_parts(qtbot, hand):
    hand.open("note", "note", "note", "note", "note", "note")
    hand.inspector._on_back()
    assert hand.inspector._area.findChild(QPushButton, "inspector.add_part") is None
    assert "6 parts are as many as an app can have." in said(hand)


def test_a_part_that_has_the_name_of_its_kind_says_what_it_does(qtbot, hand):
    hand.open("timer", "quiz")
    assert hand.inspector._kind.text() == "Counts the time"
    hand.inspector._on_back()
    timer, quiz_ = hand.inspector.parts().rows()
    assert timer.accessibleName() == "Timer: Counts the time"
    assert quiz_.accessibleName() == "Quiz: Quiz, 3 questions"


# ---------------------------------------------------------------- order


def test_a_part_is_dragged_to_another_place_and_a_line_shows_where(qtbot, hand):
    hand.open("quiz", "timer", "note")
    hand.inspector._on_back()
    parts = hand.inspector.parts()
    grip = parts.grips()[0]
    height = parts._lines[0].height()
    at = drag(qtbot, grip, height * 2 + 20)
    assert parts._reorder._line.isVisible()
    assert parts._reorder.target == 3
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=at)
    assert kinds(hand) == ["timer", "note", "quiz"]
    assert hand.asked == [["move_block"]]


def test_escape_lets_a_dragged_part_go_back(qtbot, hand):
    parts = hand.inspector.parts()
    grip = parts.grips()[0]
    at = drag(qtbot, grip, 90)
    QTest.keyClick(grip, Qt.Key.Key_Escape)
    assert parts._reorder.target == -1
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=at)
    assert hand.asked == []


def test_a_row_that_is_dragged_does_not_open(qtbot, hand):
    row = hand.inspector.parts().rows()[0]
    at = drag(qtbot, row, 90)
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton, pos=at)
    assert kinds(hand) == ["timer", "quiz"]
    assert hand.inspector.place == Place()
    QTest.mouseClick(hand.inspector.parts().rows()[0], Qt.MouseButton.LeftButton)
    assert hand.inspector.place == Place(0)


def test_parts_move_by_keys_and_the_keyboard_goes_along(qtbot, hand):
    hand.inspector.activateWindow()
    hand.inspector.parts().rows()[0].setFocus()
    QTest.keyClick(hand.inspector.parts().rows()[0], Qt.Key.Key_Down, ALT)
    assert kinds(hand) == ["timer", "quiz"]
    assert hand.inspector.window().focusWidget() is hand.inspector.parts().rows()[1]


def test_items_are_dragged_and_moved_by_keys_from_inside_their_fields(qtbot, hand):
    hand.open("checklist")
    items = hand.inspector.lists()["items"]
    at = drag(qtbot, items.grips()[2], -200)
    QTest.mouseRelease(items.grips()[2], Qt.MouseButton.LeftButton, pos=at)
    assert hand.blueprint.blocks[0].items == ("Warm jumper", "Water bottle", "Snack")
    assert hand.asked == [["move_item"]]
    QTest.keyClick(items.fields()[0].control(), Qt.Key.Key_Down, ALT)
    assert hand.blueprint.blocks[0].items == ("Water bottle", "Warm jumper", "Snack")
    assert [one.words() for one in items.fields()] == ["Water bottle", "Warm jumper", "Snack"]


# ---------------------------------------------------------------- locks


def lock(hand, *blocks):
    names = tuple(hand.document.block_ids[block] for block in blocks)
    hand.show(hand.document.model_copy(update={"locks": names}))


def test_a_lock_is_asked_for_in_the_row_and_in_the_head(qtbot, hand):
    locks = hand.inspector.parts()._locks
    assert locks[1].accessibleName() == "Lock “Focus”, so that it stays as it is"
    locks[1].click()
    assert hand.locks == [(1, True)]
    lock(hand, 1)
    assert locks[1].accessibleName() == "Unlock “Focus”"
    assert locks[1].isChecked() and not locks[0].isChecked()
    hand.inspector.open_place(Place(1))
    hand.inspector.findChild(QToolButton, "inspector.lock").click()
    hand.inspector.findChild(QPushButton, "inspector.unlock").click()
    assert hand.locks == [(1, True), (1, False), (1, False)]


@pytest.mark.parametrize("kind", sorted(BLOCK_CLASSES))
def test_nothing_of_a_locked_part_can_be_changed_but_it_can_be_read(qtbot, hand, kind):
    hand.open(kind)
    lock(hand, 0)
    for field in hand.inspector._area.findChildren(Field):
        assert not field.isEnabled()
    for editor in hand.inspector.lists().values():
        assert editor.grips() == []
        assert editor.findChild(QPushButton, "inspector.add") is None
        if editor.rows():
            QTest.keyClick(editor.rows()[0], Qt.Key.Key_Down, ALT)
            editor.rows()[0].click()
            assert hand.inspector.place.list == editor.property("slot")
            assert not any(one.isEnabled() for one in hand.inspector._area.findChildren(Field))
            hand.inspector._on_back()
            break
    assert hand.asked == []


def test_a_locked_part_neither_moves_nor_goes(qtbot, hand):
    lock(hand, 0)
    QTest.keyClick(hand.inspector.parts().rows()[0], Qt.Key.Key_Down, ALT)
    hand.inspector.parts()._menu(hand.inspector.parts(), 0, 2)
    menu = hand.inspector.findChild(QMenu)
    assert [action.isEnabled() for action in menu.actions()] == [False, False, False]
    menu.close()
    assert hand.asked == []


def test_the_page_locks_and_words_leave_the_part_alone(making):
    making.make(creates(quiz()))
    making.page.inspector.parts()._locks[0].click()
    making.settle()
    assert making.page.project.document.locks == making.page.project.document.block_ids
    making.page.inspector.open_place(Place(0))
    making.page.inspector.findChild(QPushButton, "inspector.unlock").click()
    making.settle()
    assert making.page.project.document.locks == ()
    making.page.undo()
    making.settle()
    assert making.page.project.document.locks == making.page.project.document.block_ids


# ---------------------------------------------------------------- rules


def rules(hand):
    hand.inspector._on_tab("rules")
    return hand.inspector._area.findChildren(QAbstractButton)


def cards(hand):
    from ui.make.rules import RulesEditor

    return hand.inspector._area.findChild(RulesEditor).cards


def choose(menu, value):
    menu.setCurrentIndex(menu.findData(value))
    menu.activated.emit(menu.currentIndex())


def values(menu: QComboBox):
    return [menu.itemData(place) for place in range(menu.count())]


def test_a_rule_is_added_changed_and_removed(qtbot, hand):
    rules(hand)
    hand.inspector.findChild(QPushButton, "inspector.add_rule").click()
    card = cards(hand)[0]
    assert card.accessibleName() == "When “Planets” gets a right answer: Throw confetti"
    choose(card.happens, "win")
    choose(card.action, "reset")
    choose(card.target, "b2")
    card.words.control().setPlainText("Well done!")
    card.words.settle()
    rule = hand.blueprint.rules[0]
    assert (rule.when.block, rule.when.event) == ("b1", "win")
    assert (rule.do.block, rule.do.action, rule.do.say) == ("b2", "reset", "Well done!")
    assert (
        cards(hand)[0].accessibleName()
        == "When “Planets” is won: Start again in “Focus” and say “Well done!”"
    )
    assert {op for ops in hand.asked for op in ops} == {"add_rule", "set_rule"}
    cards(hand)[0].findChild(QToolButton, "rule.remove").click()
    assert hand.blueprint.rules == ()


def test_only_what_can_happen_in_a_part_is_offered(qtbot, hand):
    rules(hand)
    hand.inspector.findChild(QPushButton, "inspector.add_rule").click()
    card = cards(hand)[0]
    assert set(values(card.happens)) == {"right", "wrong", "finish", "win", "lose", "start"}
    choose(card.source, "b2")
    assert set(values(card.happens)) == {"finish", "tick", "start"}
    assert hand.blueprint.rules[0].when.event in ("finish", "tick", "start")
    assert set(values(card.action)) == set(RuleAction.__args__)
    choose(card.action, "start_timer")
    assert values(card.target) == ["b2"]
    assert hand.blueprint.rules[0].do.block == "b2"
    choose(card.action, "confetti")
    assert card._aim.isHidden()


def test_without_a_clock_none_is_started_and_a_rule_that_cannot_happen_says_so(qtbot, hand):
    rule = {
        "when": {"block": "b1", "event": "win"},
        "do": {"block": "b1", "action": "start_timer", "say": ""},
    }
    hand.open("note", "pet", rules=[rule])
    hand.inspector._on_back()
    rules(hand)
    card = cards(hand)[0]
    assert not card._trouble.isHidden()
    assert card.happens.currentData() == "win"
    assert card.action.currentData() == "start_timer"
    choose(card.source, "b2")
    assert card._trouble.isHidden()
    assert "start_timer" in values(card.action)
    choose(card.action, "shake")
    assert "start_timer" not in values(card.action)


def test_eight_rules_are_enough(qtbot, hand):
    rules(hand)
    for count in range(8):
        assert len(hand.blueprint.rules) == count
        hand.inspector.findChild(QPushButton, "inspector.add_rule").click()
    told = {(rule.when.block, rule.when.event) for rule in hand.blueprint.rules}
    assert len(told) == 8
    assert hand.inspector._area.findChild(QPushButton, "inspector.add_rule") is None


# ---------------------------------------------------------------- the truth


def waiting(hand):
    return hand.inspector.findChild(QPushButton, "inspector.to_check")


def test_what_a_model_wrote_asks_to_be_checked_until_it_is(qtbot, hand):
    origins = {"/blocks/0/questions/0": MODEL, "/blocks/0/questions/1": MODEL}
    hand.show(document(quiz(), origins=origins))
    assert waiting(hand).accessibleName() == "To check (2): go to the next one"
    hand.inspector.open_place(Place(0))
    rows = hand.inspector.lists()["questions"].rows()
    assert [row.more.text() for row in rows] == ["Please check", "Please check"]
    waiting(hand).click()
    assert hand.inspector.place == Place(0, "questions", 0)
    words = [
        one.text()
        for one in hand.inspector._area.findChildren(QLabel)
        if one.isVisibleTo(hand.inspector._area)
    ]
    assert "Please check" in words
    assert "Written by SmolLM2-360M-Instruct" in words
    waiting(hand).click()
    assert hand.inspector.place == Place(0, "questions", 1)
    waiting(hand).click()
    assert hand.inspector.place == Place(0, "questions", 0)
    hand.inspector._area.findChild(QCheckBox, "inspector.checked").click()
    assert hand.checks == [("/blocks/0/questions/0", True)]
    done = {**origins, "/blocks/0/questions/0": {**MODEL, "checked": True}}
    hand.show(hand.document.model_copy(update={"origins": document(origins=done).origins}))
    assert waiting(hand).accessibleName() == "To check (1): go to the next one"
    assert hand.inspector._area.findChild(CheckBadge).isHidden()


def test_places_to_check_come_in_the_order_of_the_app(qtbot, hand):
    items = ["one thing"] * 12
    blocks = [*quiz()["blocks"], {"type": "checklist", "title": "Bag", "items": items, "canadd": True,
                                  "progress": "bar", "resets": "never"}]  # fmt: skip
    origins = {f"/blocks/1/items/{place}": WAITS for place in (10, 9)}
    hand.show(document(quiz(blocks=blocks), origins={**origins, "/blocks/0/questions/1": MODEL}))
    from ui.make.origins import waiting as pointers

    assert pointers(hand.document) == ["/blocks/0/questions/1", "/blocks/1/items/9", "/blocks/1/items/10"]
    waiting(hand).click()
    waiting(hand).click()
    assert hand.inspector.place == Place(1)


def test_nothing_to_check_says_nothing(qtbot, hand):
    assert hand.inspector._waiting_row.isHidden()


def test_one_rule_at_a_time_is_open_and_the_others_read_as_sentences(qtbot, hand):
    rules(hand)
    for _ in range(2):
        hand.inspector._area.findChild(QPushButton, "inspector.add_rule").click()
    first, second = cards(hand)
    assert (first._form.isHidden(), second._form.isHidden()) == (True, False)
    first.closed.click()
    assert (first._form.isHidden(), second._form.isHidden()) == (False, True)
    assert second.closed.accessibleName() == second.sentence()
    first.findChild(QToolButton, "rule.remove").click()
    assert len(cards(hand)) == 1


@pytest.mark.parametrize("place", [Place(), Place(0), Place(0, "questions", 0)])
def test_a_form_opens_no_window_of_its_own(qtbot, hand, place):
    """A widget that is shown before it has a parent becomes a window and takes the keyboard away."""
    windows = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                windows.append(watched)
            return False

    watch = Watch()
    QApplication.instance().installEventFilter(watch)
    try:
        for tab in ("parts", "look", "rules") if place.block is None else ("parts",):
            hand.open("quiz", "timer", place=place)
            hand.inspector._on_tab(tab)
    finally:
        QApplication.instance().removeEventFilter(watch)
    assert windows == []


def test_parts_of_one_name_are_told_apart_in_rules(qtbot, hand):
    hand.open("note", "note", "quiz", rules=[])
    hand.inspector._on_back()
    rules(hand)
    hand.inspector._area.findChild(QPushButton, "inspector.add_rule").click()
    source = cards(hand)[0].source
    assert [source.itemText(place) for place in range(3)] == ["Note (part 1)", "Note (part 2)", "Quiz"]
