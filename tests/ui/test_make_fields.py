"""Every value of every kind of part can be changed by hand, and what cannot be taken is said under its field."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from studio.blueprints import BLOCK_CLASSES, block_slots, new_block, normalise_block, to_json
from tests.ui.by_hand import hand
from tests.ui.walls import document, quiz
from ui.make.fields import Field
from ui.make.lists import CardsEditor
from ui.make.places import Place
from ui.make.stickers import StickerDialog

__all__ = ["hand"]
ALT = Qt.KeyboardModifier.AltModifier
KINDS = sorted(BLOCK_CLASSES)


def dialog(hand):
    return next(one for one in hand.inspector.findChildren(StickerDialog) if one.isVisible())


def named(hand, kind):
    """Return the fields of one class that are shown."""
    return [one for one in hand.inspector._area.findChildren(kind) if one.isVisibleTo(hand.inspector._area)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_plain_choice_and_switch_of_every_kind_is_taken(qtbot, hand, kind):
    hand.open(kind)
    for one in block_slots(kind):
        field = hand.inspector.fields().get(one.name)
        if field is None or one.widget not in ("choice", "icon", "switch"):
            continue
        for value in [option.value for option in one.choices if option.value != "none"] or [True, False]:
            hand.inspector.fields()[one.name].settled.emit(value)
            assert getattr(hand.blueprint.blocks[0], one.name) == value


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_can_be_pressed_has_a_name(qtbot, hand, kind):
    hand.open(kind)
    places = [Place(0), *(Place(0, one.name, 0) for one in block_slots(kind) if one.of and one.of.model)]
    for place in places:
        hand.inspector.open_place(place)
        for one in (*named(hand, QAbstractButton), *named(hand, QLineEdit), *named(hand, QComboBox)):
            assert one.accessibleName(), (kind, place, one)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_item_of_every_list_comes_and_goes(qtbot, hand, kind):
    hand.open(kind)
    for one in block_slots(kind):
        hand.inspector.open_place(Place(0))
        if one.name not in hand.inspector.lists():
            continue
        before = getattr(hand.blueprint.blocks[0], one.name)
        hand.inspector.lists()[one.name].added.emit()
        assert len(getattr(hand.blueprint.blocks[0], one.name)) == len(before) + 1
        assert hand.asked[-1] == ["add_item"]
        hand.inspector.open_place(Place(0))
        hand.inspector.lists()[one.name].removed.emit(len(before))
        assert getattr(hand.blueprint.blocks[0], one.name) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_part_needs_no_mending_and_nothing_in_it_waits_for_an_answer(kind):
    block = new_block(kind)
    assert normalise_block(block) is block
    assert "Write" not in to_json(block)


def test_a_number_goes_up_and_down_by_buttons_and_keys(qtbot, hand):
    hand.open("memory")
    peek = hand.field("peek")
    peek._up.click()
    assert hand.blueprint.blocks[0].peek == 3
    QTest.keyClick(peek.control(), Qt.Key.Key_Down)
    QTest.keyClick(peek.control(), Qt.Key.Key_PageDown)
    assert hand.blueprint.blocks[0].peek == 0
    assert not peek._down.isEnabled()
    assert "seconds" in [label.text() for label in peek.findChildren(QLabel)]


def test_a_number_with_a_fraction_may_not_be_nothing(qtbot, hand):
    hand.open("converter", place=Place(0, "pairs", 0))
    factor = hand.field("factor")
    factor.control().setText("0")
    factor.settle()
    assert factor.trouble.text() == "A number above 0, up to 1000000."
    factor.control().setText("0,5")
    factor.settle()
    assert hand.blueprint.blocks[0].pairs[0].factor == 0.5
    assert "1 in kilometres is 0.5 in miles." in [label.text() for label in named(hand, QLabel)]


def test_a_formula_says_what_it_means_and_what_it_works_out_to(qtbot, hand):
    hand.open("calculator")
    formula = hand.field("formula")
    assert formula.told.text() == "This works out to 4.0."
    assert formula._names.text().splitlines()[0] == "a is Pizzas (2)."
    hand.type("formula", "a*b")
    assert formula.told.text() == "This works out to 16.0."
    assert hand.blueprint.blocks[0].formula == "a*b"
    hand.type("formula", "a/(b-8)")
    assert formula.told.text() == "With these numbers it divides by nothing."


@pytest.mark.parametrize("wrong", ["a+", "d*2", "(a", "two"])
def test_a_formula_that_means_nothing_stays_in_the_field_with_words_under_it(qtbot, hand, wrong):
    hand.open("calculator")
    hand.type("formula", wrong)
    assert hand.blueprint.blocks[0].formula == "a*b/c"
    assert hand.field("formula").words() == wrong
    assert "a, b, c" in hand.field("formula").trouble.text()


def test_a_formula_follows_the_numbers_of_its_calculator(qtbot, hand):
    hand.open("calculator")
    hand.inspector._desk.put("/blocks/0/inputs/2/start", 8)
    assert hand.field("formula").told.text() == "This works out to 2.0."


def test_a_choice_of_a_story_leads_to_a_page_by_its_first_words(qtbot, hand):
    hand.open("story", place=Place(0, "pages", 0))
    choices = hand.inspector.lists()["choices"]
    assert isinstance(choices, CardsEditor)
    menus = choices.findChildren(QComboBox)
    words = [menus[0].itemText(place) for place in range(menus[0].count())]
    assert words[1] == "2: The path ends at a little house. Somebody has…"
    assert words[-1] == "The end"
    menus[0].setCurrentIndex(3)
    menus[0].activated.emit(3)
    assert hand.blueprint.blocks[0].pages[0].choices[0].goto == "p4"
    choices.added.emit()
    added = hand.blueprint.blocks[0].pages[0].choices
    assert (len(added), added[2].goto) == (3, "p2")
    hand.inspector.lists()["choices"].moved.emit(2, 0)
    hand.inspector.lists()["choices"].removed.emit(1)
    assert [one.goto for one in hand.blueprint.blocks[0].pages[0].choices] == ["p2", "p3"]


def test_a_choice_that_leads_nowhere_says_so(qtbot, hand):
    block = json.loads(to_json(new_block("story")))
    block["pages"][0]["choices"][0]["goto"] = "p9"
    hand.show(document(quiz(blocks=[block])))
    hand.inspector.open_place(Place(0, "pages", 0))
    menu = hand.inspector.lists()["choices"].findChildren(QComboBox)[0]
    assert menu.currentText() == "The end (page 9 is not there)"


def test_words_of_an_answer_are_typed_over_in_their_item(qtbot, hand):
    hand.open("chatbot", place=Place(0, "replies", 0))
    keys = hand.inspector.lists()["keys"]
    keys.fields()[1].control().setText("ahoy")
    keys.fields()[1].settle()
    assert hand.blueprint.blocks[0].replies[0].keys == ("hello", "ahoy")


def test_tools_are_chosen_by_chips_and_the_last_one_stays(qtbot, hand):
    hand.open("drawing")
    tools = hand.field("tools")
    for name in ("brush", "fill", "stamp", "eraser"):
        tools.chips[name].click()
    assert hand.blueprint.blocks[0].tools == ("pen",)
    assert hand.asked[-1] == ["remove_item"]
    tools.chips["pen"].click()
    assert hand.blueprint.blocks[0].tools == ("pen",)
    assert tools.chips["pen"].isChecked()
    assert tools.trouble.text() == "Keep at least one."
    tools.chips["spray"].click()
    assert hand.blueprint.blocks[0].tools == ("pen", "spray")
    assert tools.trouble.isHidden()


def test_a_picture_is_found_by_other_words_and_picked_by_keys(qtbot, hand):
    hand.field("icon").control().click()
    shown = dialog(hand)
    assert len(shown.stickers) == 69
    QTest.keyClicks(shown.finder.search, "sat")
    assert [one.accessibleName() for one in shown.finder.shown] == ["Planet"]
    shown.finder.search.setText("animal")
    assert {"cat", "dog", "owl"} <= {one.icon_name for one in shown.finder.shown}
    QTest.keyClick(shown.finder.search, Qt.Key.Key_Down)
    first = shown.finder.shown[0]
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(shown.finder.shown[1], Qt.Key.Key_Return)
    assert hand.blueprint.icon == shown.finder.shown[1].icon_name
    assert shown.isHidden()


def test_no_picture_is_offered_only_where_it_may_be(qtbot, hand):
    hand.open("pet")
    hand.field("icon").control().click()
    assert "none" not in dialog(hand).stickers
    dialog(hand).close_dialog()
    hand.open("note")
    hand.field("icon").control().click()
    dialog(hand).stickers["none"].click()
    assert hand.blueprint.blocks[0].icon == "none"


def test_several_pictures_are_chosen_between_their_bounds(qtbot, hand):
    hand.open("arcade")
    hand.field("good").control().click()
    shown = dialog(hand)
    for name in ("sun", "moon", "cake"):
        shown.stickers[name].click()
    assert hand.blueprint.blocks[0].good == ("fish", "star", "sun", "moon")
    assert shown._note.text() == "Take one away first."
    for name in ("fish", "star", "sun", "moon"):
        shown.stickers[name].click()
    assert hand.blueprint.blocks[0].good == ("moon",)
    assert shown._note.text() == "Keep at least one."
    assert shown.stickers["moon"].isChecked()
    shown.close_dialog()


def test_pictures_of_a_list_move_by_keys(qtbot, hand):
    hand.open("drawing")
    QTest.keyClick(hand.field("stamps").stickers[0], Qt.Key.Key_Right, ALT)
    assert hand.blueprint.blocks[0].stamps == ("heart", "star", "flower")
    assert [one.icon_name for one in hand.field("stamps").stickers] == ["heart", "star", "flower"]


def test_letters_and_backgrounds_are_chosen_by_eye(qtbot, hand):
    hand.inspector._on_tab("look")
    hand.field("font").swatch("hand").click()
    hand.field("background").swatch("waves").click()
    theme = hand.blueprint.theme
    assert (theme.font, theme.background) == ("hand", "waves")


def test_quick_changes_of_one_item_do_not_undo_each_other(qtbot, hand):
    """The document comes back late: a second change of the same item must know of the first."""
    hand.inspector.open_place(Place(0, "questions", 0))
    asked = []
    hand.inspector.operations_asked.disconnect(hand.apply)
    hand.inspector.operations_asked.connect(asked.append)
    hand.type("right", "Neptune")
    hand.inspector.lists()["wrong"].added.emit()
    assert asked[1][0].item.right == "Neptune"
    hand.apply(asked[0])
    assert hand.field("right").words() == "Neptune"
    hand.inspector.lists()["wrong"].removed.emit(0)
    assert asked[2][0].item.wrong == ("Earth", "Another wrong answer")


def test_after_a_refusal_nothing_is_waited_for(qtbot, hand):
    hand.inspector.open_place(Place(0, "questions", 0))
    hand.inspector.operations_asked.disconnect(hand.apply)
    hand.type("right", "Neptune")
    hand.show(hand.document)
    assert hand.inspector._desk.ahead == hand.blueprint


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=200))
def test_any_words_are_taken_or_refused_in_words(qtbot, hand, words):
    hand.show(document(quiz()))
    hand.inspector.open_place(Place(0, "questions", 0))
    field = hand.field("right")
    field.control().setPlainText(words)
    field.settle()
    clean = " ".join(field.words().split())
    taken = hand.blueprint.blocks[0].questions[0].right == clean
    assert taken or field.trouble.text()
    assert taken == (1 <= len(clean) <= 60 or clean == "Jupiter")


def test_fields_of_a_form_know_their_place(hand):
    hand.open("poll", place=Place(0, "questions", 0))
    assert {"ask", "kind"} <= set(hand.inspector.fields())
    assert all(isinstance(one, Field) for one in hand.inspector.lists()["options"].fields())


def test_rows_lead_with_the_picture_of_their_item(qtbot, hand):
    hand.open("soundboard")
    pictures = hand.inspector.lists()["pads"]._pictures
    assert pictures[0]._icon == "bell"
    hand.inspector._desk.put("/blocks/0/pads/0/icon", "drum")
    hand.inspector._desk.put("/theme/palette", "candy")
    assert (pictures[0]._icon, pictures[0]._look[0]) == ("drum", "candy")


def test_a_question_with_stars_has_nothing_to_choose_from(qtbot, hand):
    hand.open("poll", place=Place(0, "questions", 0))
    assert "options" in hand.inspector.lists()
    hand.field("kind").settled.emit("stars")
    assert "options" not in hand.inspector.lists()
    hand.field("kind").settled.emit("many")
    assert len(hand.inspector.lists()["options"].fields()) == 3
