"""Shared controls: what they say, how they are reached, how they give way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from studio.errors import StorageError
from studio.phrases import phrase
from ui.theme import Theme
from ui.widgets import (
    BusySign,
    Card,
    Cards,
    Clamped,
    Dialog,
    Elided,
    EmptyState,
    Flow,
    FocusRing,
    Segments,
    StepsStrip,
    StripStep,
    Switch,
    ToastHost,
    Wrapped,
    app_scene,
    button,
    chip,
    col,
    combo,
    confirm,
    field,
    row,
    scroll,
    text,
    tool,
)


@pytest.fixture
def ground(theme: Theme) -> Iterator[QWidget]:
    """A window to put things on."""
    made = QWidget()
    made.resize(800, 600)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, 52)


def put(ground: QWidget, *widgets: QWidget) -> None:
    if ground.layout() is None:
        QVBoxLayout(ground)
    for widget in widgets:
        ground.layout().addWidget(widget)
    QApplication.processEvents()


def test_a_button_is_named_without_the_gap_to_its_icon(theme: Theme) -> None:
    made = button(theme, "Play", icon="play-fill")
    assert made.text() == " Play"
    assert made.accessibleName() == "Play"


def test_an_icon_only_button_has_name_and_tooltip(theme: Theme) -> None:
    made = tool(theme, "trash", "Delete")
    assert (made.accessibleName(), made.toolTip()) == ("Delete", "Delete")


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_targets_are_never_small(theme: Theme, ground: QWidget, scale: float) -> None:
    theme.use("light", scale=scale)
    parts = [button(theme, "A"), button(theme, "B", "quiet", size="small"), chip(theme, "C"), tool(theme, "x", "D"),
             combo(theme, "E", [("one", 1)]), field(name="F"), Switch(theme, "G")]  # fmt: skip
    put(ground, *parts)
    for part in parts:
        assert part.height() >= theme.px(36), type(part).__name__
        assert part.width() >= 36, type(part).__name__


def test_a_chosen_filter_has_a_check_mark_and_keeps_its_name(theme: Theme, ground: QWidget) -> None:
    made = chip(theme, "Games", checked=False)
    put(ground, made)
    assert made.icon().isNull()
    made.click()
    assert not made.icon().isNull()
    assert made.accessibleName() == "Games"
    made.click()
    assert (made.icon().isNull(), made.text()) == (True, "Games")


def test_what_a_menu_has_chosen_is_cut_with_dots_and_told_whole(theme: Theme, ground: QWidget) -> None:
    long = "The path ends at a river where an old boat waits"
    made = combo(theme, "Goes to page", [(long, 1), ("Home", 2)])
    put(ground, made)
    for width, told in ((made.sizeHint().width(), ""), (140, long)):
        made.setFixedWidth(width)
        QApplication.processEvents()
        place = made.rect().center()
        QApplication.sendEvent(made, QHelpEvent(QEvent.Type.ToolTip, place, made.mapToGlobal(place)))
        assert QToolTip.text() == told
    QToolTip.hideText()


def test_labels_show_plain_text_only(theme: Theme) -> None:
    for label in (text("<b>x</b>"), Wrapped("<img src='file:///etc/passwd'>"), Elided("<b>x</b>")):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_one_long_word_breaks_anywhere_and_stays_the_same_word(theme: Theme, ground: QWidget) -> None:
    words = "see " + "z" * 600 + " and \U0001f468\u200d\U0001f469\u200d\U0001f467" * 30
    label = Wrapped(words)
    put(ground, label)
    assert label.text() == words
    assert label.accessibleName() == words
    assert label.minimumSizeHint().width() < 200
    assert label.heightForWidth(200) > 20 * label.fontMetrics().height()
    label.setText("short")
    assert (label.text(), label.accessibleName()) == ("short", "short")


def test_a_name_takes_two_lines_and_then_dots(theme: Theme, ground: QWidget) -> None:
    for words, lines in (("Pets", 1), ("A name for two lines here", 2), ("Much too long a name " * 9, 2)):
        label = Clamped(words)
        put(ground, label)
        label.resize(140, label.heightForWidth(140))
        assert label.height() == label.fontMetrics().lineSpacing() * lines + 2
        assert bool(label.toolTip()) == (len(words) > 60)


def test_steps_that_do_not_fit_are_reached_by_arrows_and_the_one_shown_is_in_view(
    theme: Theme, ground: QWidget, qtbot: Any
) -> None:
    strip = StepsStrip(theme, "Steps")
    put(ground, strip)
    strip.setFixedWidth(300)
    strip.set_steps([StripStep(number, f"change {number}") for number in range(8)], 7)
    bar = strip.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    arrows = {one.accessibleName(): one for one in strip.findChildren(QPushButton) if one.parent() is strip}
    assert arrows["Earlier steps"].isVisible()
    assert not arrows["Later steps"].isVisible()
    while arrows["Earlier steps"].isVisible():
        arrows["Earlier steps"].click()
    assert bar.value() == 0
    assert arrows["Later steps"].isVisible()
    assert not bar.isVisible()


def test_a_long_name_ends_in_dots_and_is_whole_in_the_tooltip(theme: Theme, ground: QWidget) -> None:
    label = Elided("A very long name of a project that does not fit anywhere at all")
    label.setFixedWidth(90)
    put(ground, label)
    assert label.toolTip() == label.text()
    label.setFixedWidth(790)
    QApplication.processEvents()
    assert label.toolTip() == ""


def test_segments_tell_what_was_picked_and_arrow_keys_move(
    theme: Theme, ground: QWidget, qtbot: object
) -> None:
    made = Segments(theme, "Size", [("Small", 1), ("Middle", 2), ("Big", 3)], value=2)
    put(ground, made)
    picked: list[object] = []
    made.chosen.connect(picked.append)
    made.set_value(3)
    assert picked == []
    QTest.mouseClick(made.parts[0], Qt.MouseButton.LeftButton)
    assert (picked, made.value) == ([1], 1)
    made.parts[0].setFocus()
    QTest.keyClick(made.parts[0], Qt.Key.Key_Right)
    assert (picked, made.value) == ([1, 2], 2)


def test_segments_become_a_menu_where_they_do_not_fit(theme: Theme, ground: QWidget) -> None:
    made = Segments(theme, "Look", [("A rather long word", 1), ("Another long word", 2), ("And a third", 3)])
    put(ground, made)
    assert made.parts[0].isVisible()
    made.setFixedWidth(180)
    QApplication.processEvents()
    menu = made.findChild(QComboBox)
    assert menu.isVisible()
    assert not made.parts[0].isVisible()


def test_a_flow_breaks_its_lines_and_mirrors(theme: Theme, ground: QWidget) -> None:
    holder = QWidget()
    chips = [chip(theme, f"an idea number {index}") for index in range(6)]
    holder.setLayout(Flow(*chips))
    holder.setFixedWidth(400)
    put(ground, holder)
    rows = {part.y() for part in chips}
    assert len(rows) > 1
    assert all(part.geometry().right() <= 400 for part in chips)
    assert chips[0].x() == 0
    holder.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    holder.layout().invalidate()
    holder.layout().activate()
    assert chips[0].geometry().right() == 399


def test_cards_share_the_width_and_hide_what_has_no_row(theme: Theme, ground: QWidget) -> None:
    cards = [Card(f"card {index}", col(text("x"))) for index in range(7)]
    made = Cards(lambda: 180, gap=16)
    made.set_rows(1)
    made.set_cards(list(cards))
    made.setFixedWidth(800)
    put(ground, made)
    seen = [card for card in cards if card.isVisible()]
    assert len(seen) == made.columns(800) == 4
    assert made.hidden_count == 3
    assert seen[-1].geometry().right() == 799
    made.set_rows(0)
    assert all(card.isVisible() for card in cards)


def test_a_card_is_one_target_and_its_buttons_are_others(theme: Theme, ground: QWidget) -> None:
    heard: list[str] = []
    inner = button(theme, "Remix", size="small", clicked=lambda: heard.append("remix"))
    card = Card("Planet Quiz", col(text("Planet Quiz"), inner), clicked=lambda: heard.append("card"))
    put(ground, card)
    QTest.mouseClick(inner, Qt.MouseButton.LeftButton)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Space)
    assert heard == ["remix", "card", "card"]


# ---------------------------------------------------------------- messages
def test_messages_wait_until_the_window_is_there(theme: Theme) -> None:
    window = QWidget()
    window.resize(900, 600)
    host = ToastHost(window, theme)
    host.show_message("Saved", kind="done")
    assert host.shown == ()
    window.show()
    QApplication.processEvents()
    QApplication.processEvents()
    assert len(host.shown) == 1
    window.close()
    window.deleteLater()


def test_at_most_three_messages_and_an_error_stays(theme: Theme, ground: QWidget) -> None:
    host = ToastHost(ground, theme)
    for index in range(4):
        host.show_message(f"message {index}")
    host.show_error(
        StorageError(phrase("The disk is full."), kept=phrase("Your app is safe."), next=phrase("Make room."))
    )
    assert len(host.shown) == 3
    bottoms = [toast.geometry().bottom() for toast in host.shown]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] == ground.height() - 24 - 1
    for _ in range(4):
        close = [
            found
            for found in host.shown[0].findChildren(QAbstractButton)
            if found.accessibleName().startswith("Close")
        ]
        close[0].click()
    assert [toast.accessibleName() for toast in host.shown] == [
        "The disk is full. Your app is safe. Make room."
    ]
    assert not host.shown[0]._timer.isActive()


def test_the_action_of_a_message_acts_and_closes_it(theme: Theme, ground: QWidget) -> None:
    heard: list[str] = []
    host = ToastHost(ground, theme)
    host.show_message("Gone", action=("Undo", "arrow-u-up-left", lambda: heard.append("undo")))
    undo = next(
        found for found in host.shown[0].findChildren(QAbstractButton) if found.accessibleName() == "Undo"
    )
    undo.click()
    assert heard == ["undo"]
    assert host.shown == ()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_message_stays_inside_the_window(
    theme: Theme, ground: QWidget, mirrored: bool, scale: float
) -> None:
    theme.use("light", scale=scale)
    ground.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    host = ToastHost(ground, theme)
    host.show_message("A title that is quite long for a message of this kind", "And a body that is longer " * 4,
                      action=("Undo", "arrow-u-up-left", lambda: None))  # fmt: skip
    place = host.shown[0].geometry()
    assert ground.rect().contains(place)
    assert (place.left() == 24) if mirrored else (place.right() == ground.width() - 24 - 1)


# ---------------------------------------------------------------- dialogs
def test_a_dialog_keeps_the_keyboard_and_gives_it_back(theme: Theme, ground: QWidget) -> None:
    behind = field(name="behind")
    put(ground, behind)
    ground.activateWindow()
    behind.setFocus()
    dialog = Dialog(ground, theme, "A title")
    inside = field(name="inside")
    dialog.set_content(col(inside))
    dialog.set_foot(None, button(theme, "Done"))
    dialog.open()
    reached = set()
    for _ in range(7):
        focus = ground.focusWidget()
        assert dialog.isAncestorOf(focus)
        reached.add(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert reached == {"Close", "inside", "Done"}
    QTest.keyClick(ground.focusWidget(), Qt.Key.Key_Escape)
    assert dialog.isHidden()
    assert ground.focusWidget() is behind


def test_never_two_dialogs(theme: Theme, ground: QWidget) -> None:
    first, second = Dialog(ground, theme, "One"), Dialog(ground, theme, "Two")
    first.open()
    second.open()
    assert first.isHidden()
    assert second.isVisible()


def test_a_question_starts_on_the_answer_that_changes_nothing(theme: Theme, ground: QWidget) -> None:
    heard: list[str] = []
    dialog = confirm(
        ground,
        theme,
        title="Sure?",
        about="It goes.",
        yes="Delete",
        no="Keep it",
        agreed=lambda: heard.append("yes"),
    )
    ground.activateWindow()
    QApplication.processEvents()
    assert ground.focusWidget().accessibleName() == "Keep it"
    dialog.findChild(QAbstractButton, "confirm.yes").click()
    assert heard == ["yes"]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_dialog_fits_the_window_and_scrolls_inside(theme: Theme, ground: QWidget, scale: float) -> None:
    theme.use("light", scale=scale)
    dialog = Dialog(ground, theme, "Long")
    dialog.set_content(col(*(text(f"line {index}") for index in range(80))))
    dialog.set_foot(None, button(theme, "Done"))
    dialog.open()
    QApplication.processEvents()
    assert ground.rect().contains(dialog.box.geometry())


# ---------------------------------------------------------------- ring, steps, others
def test_the_ring_follows_keys_and_leaves_with_the_mouse(theme: Theme, ground: QWidget) -> None:
    first, second = field(name="one"), field(name="two")
    put(ground, first, second)
    ring = FocusRing(ground, theme)
    ground.activateWindow()
    QApplication.processEvents()
    first.setFocus()
    assert ring.target is None
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert ring.target is second
    assert ring.geometry().contains(second.geometry())
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert ring.target is None


def test_the_ring_goes_when_its_control_scrolls_away(theme: Theme, ground: QWidget) -> None:
    fields = [field(name=str(index)) for index in range(30)]
    area = scroll(col(*fields))
    put(ground, area)
    ring = FocusRing(ground, theme)
    ground.activateWindow()
    QApplication.processEvents()
    fields[0].setFocus()
    QTest.keyClick(fields[0], Qt.Key.Key_Tab)
    before = ring.geometry().y()
    area.verticalScrollBar().setValue(30)
    QApplication.processEvents()
    assert ring.geometry().y() == before - 30
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert ring.target is None


def test_steps_are_buttons_that_say_what_they_did(theme: Theme, ground: QWidget) -> None:
    strip = StepsStrip(theme, "Steps")
    steps = [
        StripStep(index + 10, f"change {index}", None, app_scene("frog", "x", "jungle")) for index in range(4)
    ]
    strip.set_steps(steps, 1)
    put(ground, strip)
    assert strip.thumb(1).accessibleName() == "Step 2, shown now: change 1"
    picked: list[int] = []
    strip.chosen.connect(picked.append)
    strip.thumb(3).click()
    assert picked == [13]
    strip.thumb(0).setFocus()
    QTest.keyClick(strip.thumb(0), Qt.Key.Key_Right)
    assert strip.thumb(1).hasFocus() or ground.focusWidget() is strip.thumb(1)


def test_a_step_that_stays_keeps_its_button(theme: Theme, ground: QWidget) -> None:
    strip = StepsStrip(theme, "Steps")
    put(ground, strip)
    steps = [StripStep(index, f"change {index}") for index in range(3)]
    strip.set_steps(steps, 2)
    kept = strip.thumb(0)
    strip.set_steps([*steps, StripStep(3, "one more")], 3)
    assert strip.thumb(0) is kept


def test_the_busy_sign_comes_late_and_speaks_where_nothing_moves(
    theme: Theme, ground: QWidget, qtbot: object
) -> None:
    theme.use("light", motion="off")
    sign = BusySign(theme)
    put(ground, sign)
    sign.start()
    assert not sign.isVisible()
    qtbot.waitUntil(sign.isVisible, timeout=3000)  # type: ignore[attr-defined]
    assert sign.width() > theme.px(20)
    sign.stop()
    qtbot.waitUntil(lambda: not sign.isVisible(), timeout=3000)  # type: ignore[attr-defined]
    assert not sign.running


def test_an_empty_state_fits_a_narrow_place_at_big_text(theme: Theme, ground: QWidget) -> None:
    theme.use("light", scale=2.0)
    words = button(theme, "Start with words", "primary", size="large")
    pictures = button(theme, "Start with pictures", size="large")
    about = "Give it a few examples of each kind. It learns from them."
    made = EmptyState(theme, "student", "Teach it", about, words, pictures)
    area = scroll(made)
    ground.resize(560, 500)
    put(ground, area)
    assert made.minimumSizeHint().width() <= area.viewport().width()
    for label in made.findChildren(QLabel):
        assert label.geometry().right() <= made.width()


def test_every_scene_can_be_drawn_for_every_palette(theme: Theme) -> None:
    import json
    from importlib.resources import files

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    palettes = json.loads((files("resources") / "runtime" / "palettes.json").read_text(encoding="utf-8"))[
        "palettes"
    ]
    drawn = set()
    for palette in palettes:
        image = QImage(320, 200, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        app_scene("planet", "Planet Quiz", palette, "dark")(painter, QRectF(0, 0, 320, 200))
        painter.end()
        assert image.pixelColor(160, 80).alpha() == 255
        drawn.add(bytes(image.constBits()))
    assert len(drawn) == len(palettes)


def test_a_field_and_its_label_belong_together(theme: Theme) -> None:
    from ui.widgets import labelled

    box = field()
    labelled("Question", box)
    assert box.accessibleName() == "Question"
    holder = QWidget()
    holder.setLayout(row(box))
    assert isinstance(box, QLineEdit)
