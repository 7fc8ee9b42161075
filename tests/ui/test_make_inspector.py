"""The inspector: every value of an app can be changed by hand, and what cannot be taken is said plainly."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QMenu, QToolButton

from studio.blueprints import BLOCK_CLASSES, new_block, slots
from tests.ui.by_hand import hand
from tests.ui.walls import CHECKLIST, PICKER, TIMER, document, quiz
from ui.make.clocks import is_idle
from ui.make.desk import field_for
from ui.make.places import Place

__all__ = ["hand"]
ALT = Qt.KeyboardModifier.AltModifier


def test_words_are_taken_when_typing_pauses(qtbot, hand):
    control = hand.field("title").control()
    control.selectAll()
    QTest.keyClicks(control, "Space")
    assert hand.asked == []
    qtbot.waitUntil(lambda: hand.blueprint.title == "Space", timeout=10_000)
    assert hand.asked == [["set_title"]]
    assert hand.field("title").words() == "Space"


def test_what_is_being_typed_is_not_taken_away_by_another_change(qtbot, hand):
    hand.inspector.activateWindow()
    control = hand.field("title").control()
    control.setFocus()
    control.selectAll()
    QTest.keyClicks(control, "Half a na")
    hand.show(document(quiz("Another title", blocks=[*quiz()["blocks"], TIMER])))
    assert hand.field("title").control() is control
    assert hand.field("title").words() == "Half a na"


def test_an_empty_name_is_refused_in_words_and_the_old_one_is_kept(qtbot, hand):
    field = hand.field("title")
    field.control().clear()
    field.settle()
    assert hand.asked == []
    assert not field.trouble.isHidden()
    assert field.control().property("wrong") is True
    hand.type("title", "Good")
    assert hand.field("title").trouble.isHidden()
    assert hand.blueprint.title == "Good"


@pytest.mark.parametrize(("typed", "taken"), [("3", 3), ("1", 1), ("0", None), ("7", None), ("", None)])
def test_numbers_stay_between_their_bounds(qtbot, hand, typed, taken):
    hand.show(document(quiz(blocks=[PICKER])))
    hand.inspector.open_place(Place(0))
    field = hand.field("count")
    field.control().setText(typed)
    field.settle()
    assert hand.blueprint.blocks[0].count == (taken or 1)
    assert field.trouble.isHidden() == (taken is not None)


@pytest.mark.parametrize(("typed", "taken"), [("25", 25), ("121", None), ("", None)])
def test_a_quiz_is_played_against_the_clock_or_not(qtbot, hand, typed, taken):
    hand.inspector.open_place(Place(0))
    field = hand.field("seconds")
    assert not field.control().isVisible()
    field.clock.click()
    assert hand.blueprint.blocks[0].seconds == 20
    field.control().setText(typed)
    field.settle()
    assert hand.blueprint.blocks[0].seconds == (taken or 20)
    assert field.trouble.isHidden() == (taken is not None)
    field.clock.click()
    assert hand.blueprint.blocks[0].seconds == 0
    assert field.trouble.isHidden()


def test_a_timer_takes_minutes_and_seconds(qtbot, hand):
    hand.inspector.open_place(Place(1))
    field = hand.field("seconds")
    boxes = field.findChildren(QLineEdit)
    assert [box.text() for box in boxes] == ["25", "0"]
    boxes[0].setText("7")
    boxes[1].setText("30")
    field.settle()
    assert hand.blueprint.blocks[1].seconds == 450
    boxes[0].setText("120")
    field.settle()
    assert hand.blueprint.blocks[1].seconds == 450
    assert not field.trouble.isHidden()


def test_only_what_works_is_asked_about_a_timer(qtbot, hand):
    hand.inspector.open_place(Place(1))
    assert "rest" not in hand.inspector.fields()
    hand.field("mode").settled.emit("pomodoro")
    assert {"seconds", "rest"} <= set(hand.inspector.fields())
    hand.field("mode").settled.emit("stopwatch")
    assert not {"seconds", "rest"} & set(hand.inspector.fields())


def test_a_field_is_as_high_as_its_words_and_begins_at_their_beginning(qtbot, hand, theme):
    hand.inspector.open_place(Place(0, "questions", 0))
    answer = hand.field("right")
    low = answer.control().height()
    assert low == theme.px(40)
    answer.set_value("A rather long answer that needs more than a line")
    qtbot.waitUntil(lambda: answer.control().height() > low)
    hand.show(document(quiz(blocks=[PICKER])))
    hand.inspector.open_place(Place(0))
    word = hand.field("button")
    word.set_value("Spin the wheel and wait!")
    assert word.control().cursorPosition() == 0


def test_enter_in_a_line_of_words_is_no_new_line(qtbot, hand):
    hand.inspector.open_place(Place(0, "questions", 0))
    control = hand.field("right").control()
    control.selectAll()
    QTest.keyClicks(control, "Mars")
    QTest.keyClick(control, Qt.Key.Key_Return)
    assert hand.blueprint.blocks[0].questions[0].right == "Mars"
    assert hand.field("right").words() == "Mars"


def test_questions_are_told_apart_by_their_answers(qtbot, hand):
    hand.inspector.open_place(Place(0))
    rows = hand.inspector.lists()["questions"].rows()
    assert [row.more.text() for row in rows] == ["Jupiter", "Mars"]
    assert rows[0].toolTip() == "Which planet is the largest?\nJupiter"


def test_places_that_nobody_wrote_are_marked_until_they_are_written(qtbot, hand):
    waits = {"from": "model:starter", "checked": False}
    hand.show(document(quiz(blocks=[*quiz()["blocks"], CHECKLIST]), origins={
        "/blocks/0/questions/1": waits, "/blocks/1/items/0": waits}))  # fmt: skip
    hand.inspector.open_place(Place(0))
    rows = hand.inspector.lists()["questions"].rows()
    assert [row.mark.isHidden() for row in rows] == [True, False]
    assert rows[1].more.text() == "Write your own"
    assert hand.inspector.open_pointer("/blocks/0/questions/1")
    shown = [label.text() for label in hand.inspector._area.findChildren(QLabel)]
    assert "Write your own words here" in shown
    typed = {"from": "typed", "checked": True}
    hand.show(hand.document.model_copy(update={"origins": document(origins={
        "/blocks/0/questions/1": typed, "/blocks/1/items/0": waits}).origins}))  # fmt: skip
    assert hand.inspector.findChild(QCheckBox, "inspector.checked").isHidden()
    assert hand.inspector.open_pointer("/blocks/1/items/0")
    assert hand.inspector.place == Place(1)
    assert not hand.inspector.lists()["items"]._note.isHidden()
    assert not hand.inspector.open_pointer("/blocks/7/items/0")
    assert not hand.inspector.open_pointer("nonsense")


def test_the_name_of_colours_is_said_before_they_are_chosen(qtbot, hand):
    hand.inspector._on_tab("look")
    palettes = hand.field("palette")
    chosen = palettes._name.text()
    other = palettes.swatch("ocean")
    QCoreApplication.sendEvent(other, QEvent(QEvent.Type.Enter))
    assert palettes._name.text() == other.accessibleName() != chosen
    QCoreApplication.sendEvent(other, QEvent(QEvent.Type.Leave))
    assert palettes._name.text() == chosen


def test_colours_and_light_are_chosen_by_mouse_and_keys(qtbot, hand):
    hand.inspector._on_tab("look")
    palettes = hand.field("palette")
    palettes.swatch("ocean").click()
    assert hand.blueprint.theme.palette == "ocean"
    QTest.keyClick(palettes.swatch("ocean"), Qt.Key.Key_Right)
    assert hand.blueprint.theme.palette == "forest"
    QTest.keyClick(palettes.swatch("forest"), Qt.Key.Key_Down)
    assert hand.blueprint.theme.palette == "desert" or hand.blueprint.theme.palette != "forest"
    hand.field("mode").settled.emit("light")
    hand.field("background").settled.emit("plain")
    hand.field("layout").settled.emit("tabs")
    theme = hand.blueprint.theme
    assert (theme.mode, theme.background, hand.blueprint.layout) == ("light", "plain", "tabs")


def test_a_switch_acts_at_once(qtbot, hand):
    hand.inspector.open_place(Place(0))
    hand.field("shuffle").control().click()
    assert hand.blueprint.blocks[0].shuffle is True


def test_a_question_is_opened_changed_and_left(qtbot, hand):
    hand.inspector.open_place(Place(0))
    hand.inspector.lists()["questions"].rows()[1].click()
    assert hand.inspector.place == Place(0, "questions", 1)
    assert hand.inspector._name.text() == "Question 2"
    hand.type("right", "Mars, of course")
    assert hand.blueprint.blocks[0].questions[1].right == "Mars, of course"
    hand.inspector.findChild(QToolButton, "inspector.back").click()
    assert hand.inspector.place == Place(0)
    hand.inspector.findChild(QToolButton, "inspector.back").click()
    assert hand.inspector.place == Place()


def test_wrong_answers_are_added_typed_over_and_removed(qtbot, hand):
    hand.inspector.open_place(Place(0, "questions", 0))
    hand.inspector.lists()["wrong"].added.emit()
    assert hand.blueprint.blocks[0].questions[0].wrong == ("Saturn", "Earth", "Another wrong answer")
    field = hand.inspector.lists()["wrong"].fields()[2]
    field.control().setPlainText("Pluto")
    field.settle()
    assert hand.blueprint.blocks[0].questions[0].wrong == ("Saturn", "Earth", "Pluto")
    hand.inspector.lists()["wrong"].removed.emit(0)
    hand.inspector.lists()["wrong"].moved.emit(1, 0)
    assert hand.blueprint.blocks[0].questions[0].wrong == ("Pluto", "Earth")


def test_the_last_wrong_answer_cannot_be_removed(qtbot, hand):
    hand.inspector.open_place(Place(0, "questions", 0))
    hand.inspector.lists()["wrong"].removed.emit(0)
    bins = [one for one in hand.inspector._area.findChildren(QToolButton) if not one.isHidden()]
    assert [one.isEnabled() for one in bins] == [False]


def test_a_new_question_opens(qtbot, hand):
    hand.inspector.open_place(Place(0))
    hand.inspector.lists()["questions"].added.emit()
    assert len(hand.blueprint.blocks[0].questions) == 3
    assert hand.inspector.place == Place(0, "questions", 2)


def test_questions_move_by_keys_and_go_by_the_menu(qtbot, hand):
    hand.inspector.open_place(Place(0))
    first = hand.blueprint.blocks[0].questions[0]
    QTest.keyClick(hand.inspector.lists()["questions"].rows()[0], Qt.Key.Key_Down, ALT)
    assert hand.blueprint.blocks[0].questions[1] == first
    assert hand.asked[-1] == ["move_item"]
    hand.inspector.lists()["questions"].removed.emit(1)
    assert first not in hand.blueprint.blocks[0].questions
    assert hand.asked[-1] == ["remove_item"]


def test_parts_are_added_moved_and_removed(qtbot, hand):
    hand.inspector.parts().add("note")
    assert [block.type for block in hand.blueprint.blocks] == ["quiz", "timer", "note"]
    assert hand.inspector.place == Place(2)
    hand.inspector._on_back()
    hand.inspector.parts().move_part(2, 0)
    assert [block.type for block in hand.blueprint.blocks] == ["note", "quiz", "timer"]
    hand.inspector._desk.ask({"op": "remove_block", "at": "b2"})
    assert [block.type for block in hand.blueprint.blocks] == ["note", "timer"]


def test_a_part_that_undo_takes_away_leads_back_up(qtbot, hand):
    before = hand.document
    hand.inspector.parts().add("checklist")
    assert hand.inspector.place == Place(2)
    hand.show(before)
    assert hand.inspector.place == Place()


def test_i_checked_this_and_where_the_words_come_from(qtbot, hand):
    origins = {
        "/blocks/0/questions/0": {"from": "facts:planets", "checked": False},
        "/blocks/0/questions/1": {"from": "typed", "checked": True},
    }
    hand.show(document(quiz(), origins=origins))
    hand.inspector.open_place(Place(0, "questions", 0))
    box = hand.inspector.findChild(QCheckBox, "inspector.checked")
    words = [label.text() for label in hand.inspector._area.findChildren(QLabel)]
    assert "From the planets pack" in words
    assert not box.isChecked()
    box.click()
    assert hand.checks == [("/blocks/0/questions/0", True)]
    hand.inspector.open_place(Place(0, "questions", 1))
    words = [label.text() for label in hand.inspector._area.findChildren(QLabel)]
    assert "You wrote this" in words


def test_menus_of_rows_leave_nothing_behind(qtbot, hand):
    hand.inspector.open_place(Place(0))
    more = next(one for one in hand.inspector._area.findChildren(QToolButton) if not one.isHidden())
    more.click()
    menu = hand.inspector.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["Move up", "Move down", "Remove"]
    menu.close()
    qtbot.waitUntil(lambda: hand.inspector.findChild(QMenu) is None)


@pytest.mark.parametrize("kind", sorted(BLOCK_CLASSES))
def test_every_slot_of_every_kind_of_part_has_a_field_and_fits(qtbot, hand, theme, kind):
    block = new_block(kind)
    hand.show(document(quiz(blocks=[block.model_dump(mode="json")])))
    hand.inspector.open_place(Place(0))
    shown = {*hand.inspector.fields(), *hand.inspector.lists()}
    assert shown >= {one.name for one in slots(block) if not is_idle(block, one.name)}
    assert hand.inspector._area.widget().minimumSizeHint().width() <= 300
    for one in slots(block):
        if one.widget == "list" and one.of is not None and one.of.model is not None:
            hand.inspector.open_place(Place(0, one.name, 0))
            assert {*hand.inspector.fields(), *hand.inspector.lists()} >= {
                inner.name for inner in slots(one.of.model)
            }
            assert hand.inspector._area.widget().minimumSizeHint().width() <= 300
            hand.inspector.open_place(Place(0))


def test_a_list_has_no_plain_field(theme, qapp):
    questions = next(one for one in slots(BLOCK_CLASSES["quiz"]) if one.name == "questions")
    assert field_for(theme, questions, ()) is None
