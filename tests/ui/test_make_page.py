"""The Make page: a wish becomes an app, words and hands change it, steps go back and forth."""

import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from studio.builder.plan import Plan
from studio.errors import StudioError
from studio.phrases import phrase
from tests.ui.making import creates, edits, making, open_page
from tests.ui.walls import QUIET, ask, document
from ui.make.conversation import Conversation
from ui.widgets.preview import State

__all__ = ["making"]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def find(making, name, kind=QWidget):
    found = making.page.findChild(kind, name)
    assert found is not None, name
    return found


def steps(making):
    return [str(step.words) for step in making.page.project.steps]


def test_before_there_is_a_project_one_button_leads_home(qtbot, making):
    assert find(making, "make.home").isVisible()
    with qtbot.waitSignal(making.page.home_requested):
        find(making, "make.home").click()


def test_a_wish_shows_the_page_at_once_and_then_the_app(qtbot, making):
    gate = threading.Event()
    making.planner.answers.append(lambda *_asked: gate.wait(30) and creates())
    titles = []
    making.page.title_changed.connect(titles.append)
    making.page.start_wish("a quiz about planets")
    assert making.page.conversation.bubbles == ["a quiz about planets"]
    assert find(making, "make.stop").isVisible()
    assert not find(making, "make.send").isVisible()
    assert not find(making, "make.share").isEnabled()
    gate.set()
    making.wait(lambda: making.page.project is not None and not making.page.busy)
    assert making.planner.asked == ["a quiz about planets"]
    assert making.page.conversation.bubbles[:3] == [
        "a quiz about planets",
        "Here is your quiz.",
        "2 questions",
    ]
    assert making.page.header.title.text() == titles[-1] == "Planet Quiz"
    assert find(making, "make.saved").text() == "Saved"
    assert find(making, "make.send").isVisible()
    assert find(making, "make.share").isEnabled()
    assert making.page.inspector.fields()["title"].words() == "Planet Quiz"


def test_a_question_back_offers_wishes_to_tap(qtbot, making):
    making.planner.answers += [
        Plan(
            action="clarify",
            say=phrase("What should it be about?"),
            guesses=("a quiz about planets", "a timer"),
        ),
        creates(),
    ]
    making.page.start_wish("a quiz")
    making.wait(lambda: "What should it be about?" in making.page.conversation.bubbles)
    making.settle()
    chips = {chip.accessibleName(): chip for chip in making.page.conversation.findChildren(QPushButton)}
    assert making.page.project is None
    chips["a quiz about planets"].click()
    making.wait(lambda: making.page.project is not None)
    assert making.planner.asked == ["a quiz", "a quiz about planets"]


def visible_words(making):
    return [label.text() for label in making.page.findChildren(QLabel) if label.isVisible()]


def test_before_the_first_app_the_stage_says_what_will_stand_there(qtbot, making):
    making.planner.answers.append(Plan(action="decline", say=phrase("I cannot make that.")))
    making.page.start_wish("a rocket that flies")
    assert "Your app will stand here" in visible_words(making)
    assert find(making, "make.input", QPlainTextEdit).placeholderText() == "What do you want to make?"
    making.settle()
    assert "Say in the box what you want to make." in visible_words(making)
    for name in ("undo", "timeline", "reload", "rename"):
        assert not find(making, f"make.{name}").isVisible()
    making.make()
    assert "Your app will stand here" not in visible_words(making)
    for name in ("undo", "timeline", "reload", "rename"):
        assert find(making, f"make.{name}").isVisible()


def test_with_big_text_the_talk_is_seen_before_the_first_app(qtbot, making, theme):
    theme.use("light", scale=2.0)
    making.planner.answers.append(
        Plan(action="clarify", say=phrase("What about?"), guesses=("a quiz about planets",))
    )
    making.page.start_wish("a quiz")
    making.settle()
    assert making.page.talk.isVisible()
    making.make()
    assert making.page.preview.isVisible()


@pytest.mark.parametrize(("height", "scale"), [(800, 1.0), (640, 1.0), (800, 2.0)])
def test_guesses_stand_under_the_answer_that_asks(qtbot, making, theme, height, scale):
    asks = Plan(action="clarify", say=phrase("What should change?"), guesses=("make it blue", "make it red"))
    making.make(creates(), asks, edits("/theme/palette", "ocean"))
    theme.use("light", scale=scale)
    making.page.resize(1187, height)
    making.page.room.show_column("talk")
    making.page._send("change it")
    making.settle()

    def chips():
        found = making.page.conversation.findChildren(QPushButton)
        return {chip.text(): chip for chip in found if chip.isVisible()}

    making.wait(lambda: {"make it blue", "make it red"} <= set(chips()))
    making.page._reload()
    making.settle()
    making.wait(lambda: "make it red" in chips())
    chips()["make it blue"].click()
    making.wait(lambda: making.blueprint.theme.palette == "ocean")
    making.settle()
    making.wait(lambda: "make it red" not in chips())


def test_send_leaves_the_keyboard_in_the_box(qtbot, making):
    making.make(creates(), edits("/theme/palette", "ocean"))
    making.page.activateWindow()
    box = find(making, "make.input", QPlainTextEdit)
    box.setPlainText("make it blue")
    send = find(making, "make.send")
    send.setFocus()
    QTest.mouseClick(send, Qt.MouseButton.LeftButton)
    assert making.page.window().focusWidget() is box
    making.settle()
    assert making.page.window().focusWidget() is box
    assert send.focusPolicy() == find(making, "make.stop").focusPolicy() == Qt.FocusPolicy.TabFocus


def test_one_very_long_word_stays_in_its_column(qtbot, making):
    words = "y" * 600
    making.make(creates(), Plan(action="answer", say=phrase(words)))
    making.page._send(words)
    making.settle()
    area = making.page.conversation._area
    assert making.page.conversation.bubbles[-2:] == [words, words]
    qtbot.waitUntil(lambda: area.widget().width() == area.viewport().width())

    def ends():
        found = [label for label in area.findChildren(QLabel) if label.isVisible()]
        return [label.mapTo(area.viewport(), label.rect().topRight()).x() for label in found]

    making.wait(lambda: len(ends()) >= 4 and max(ends()) <= area.viewport().width())


def test_a_half_written_wish_belongs_to_its_project(qtbot, making):
    making.make(creates())
    first, box = making.page.project.id, find(making, "make.input", QPlainTextEdit)
    box.setPlainText("make it")
    making.make(creates())
    assert box.toPlainText() == ""
    box.setPlainText("other words")
    making.page.open_project(first)
    making.wait(lambda: making.page.project.id == first)
    making.settle()
    assert box.toPlainText() == "make it"


def test_undo_takes_back_what_is_just_being_typed(qtbot, making):
    making.make()
    undo = find(making, "make.undo")
    assert not undo.isEnabled()
    title = making.page.inspector.fields()["title"]
    QTest.keyClicks(title.control(), "My ")
    assert undo.isEnabled()
    undo.click()
    making.settle()
    assert making.blueprint.title == "Planet Quiz"
    assert len(steps(making)) == 2
    assert find(making, "make.redo").isEnabled()


def test_an_app_with_places_to_write_opens_the_first_of_them(qtbot, making):
    making.make(creates(None, __blocks__0__questions__1="model:starter"))
    place = making.page.inspector.place
    assert (place.block, place.list, place.index) == (0, "questions", 1)


def test_the_app_is_asked_to_show_what_is_edited(qtbot, making, monkeypatch):
    making.make()
    ran = []

    class Page:
        def run(self, script):
            ran.append(script)

    monkeypatch.setattr(type(making.page.preview), "page", property(lambda _self: Page()))
    making.page.preview._state = State.RUNNING
    making.page.inspector.open_pointer("/blocks/0/questions/1")
    assert 'sprout.look(...[0, "questions", 1])' in ran[-1]
    making.page.preview.updated.emit()
    assert len(ran) == 2
    making.page.preview._state = State.MISSING


def test_words_change_the_app_and_the_answer_lists_what_changed(qtbot, making):
    making.make(creates(), edits("/theme/palette", "ocean"))
    box = find(making, "make.input", QPlainTextEdit)
    QTest.keyClicks(box, "make it blue")
    assert find(making, "make.send").isEnabled()
    QTest.keyClick(box, Qt.Key.Key_Return)
    making.wait(lambda: making.blueprint.theme.palette == "ocean")
    making.settle()
    assert making.planner.asked[-1] == "make it blue"
    bubbles = making.page.conversation.bubbles
    assert bubbles[-3:-1] == ["make it blue", "Done."]
    assert len(steps(making)) == 2
    assert box.toPlainText() == ""
    assert not find(making, "make.send").isEnabled()


def test_shift_and_enter_begins_a_line_and_sends_nothing(qtbot, making):
    making.make()
    box = find(making, "make.input", QPlainTextEdit)
    QTest.keyClicks(box, "one")
    QTest.keyClick(box, Qt.Key.Key_Return, SHIFT)
    QTest.keyClicks(box, "two")
    assert box.toPlainText() == "one\ntwo"
    assert len(making.planner.asked) == 1


def test_undo_and_redo_by_button_key_and_picture(qtbot, making):
    making.make(creates(), edits("/theme/palette", "ocean"), edits("/theme/size", "large"))
    for words in ("make it blue", "bigger words"):
        making.page._send(words)
        making.settle()
    undo, redo = find(making, "make.undo"), find(making, "make.redo")
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    undo.click()
    making.wait(lambda: making.blueprint.theme.size == "normal")
    making.settle()
    assert (undo.isEnabled(), redo.isEnabled()) == (True, True)
    QTest.keyClick(making.page, Qt.Key.Key_Z, CONTROL)
    making.wait(lambda: making.blueprint.theme.palette == "space")
    making.settle()
    assert not undo.isEnabled()
    QTest.keyClick(making.page, Qt.Key.Key_Z, CONTROL | SHIFT)
    making.wait(lambda: making.blueprint.theme.palette == "ocean")
    making.settle()
    making.page.timeline.strip.thumb(2).click()
    making.wait(lambda: making.blueprint.theme.size == "large")
    assert len(steps(making)) == 3


def test_an_error_of_a_wish_is_told_and_the_app_stays(qtbot, making):
    def fails(*_asked):
        raise StudioError("It went wrong.", kept="Your app is safe.")

    making.make(creates(), fails)
    making.page._send("make it blue")
    making.wait(lambda: making.errors)
    making.settle()
    assert [str(error) for error in making.errors] == ["It went wrong. Your app is safe."]
    assert making.blueprint.theme.palette == "space"
    assert find(making, "make.saved").text() == "Saved"
    assert find(making, "make.send").isVisible()


def test_a_change_that_is_not_saved_is_never_called_saved(qtbot, making, monkeypatch):
    making.make()

    def full(*_asked, **_named):
        raise StudioError("The disk is full.")

    monkeypatch.setattr(making.services.builder, "change", full)
    making.page.inspector.operations_asked.emit(edits("/title", "Other")("", making.blueprint).operations)
    making.wait(lambda: making.errors)
    making.settle()
    assert find(making, "make.saved").text() == "Not saved"
    assert making.page.header.title.text() == "Planet Quiz"


def test_stop_gives_the_box_back_and_listens_no_more(qtbot, making):
    making.make()
    gate, before = threading.Event(), making.page.project.id
    making.planner.answers.append(lambda *_asked: gate.wait(30) and creates())
    making.page._send("make another one")
    find(making, "make.stop").click()
    assert find(making, "make.send").isVisible()
    assert "Stopped." in making.page.conversation.bubbles
    gate.set()
    making.settle()
    assert making.page.project.id == before


def test_rename_in_the_header(qtbot, making):
    making.make()
    find(making, "make.rename").click()
    name = find(making, "make.name", QLineEdit)
    name.setText("  Space   Quiz ")
    QTest.keyClick(name, Qt.Key.Key_Return)
    making.wait(lambda: making.blueprint.title == "Space Quiz")
    making.settle()
    find(making, "make.rename").click()
    name.setText("Never")
    QTest.keyClick(name, Qt.Key.Key_Escape)
    making.settle()
    assert making.page.header.title.text() == "Space Quiz"
    assert making.services.projects.list()[0].title == "Space Quiz"


def test_an_app_of_somebody_else_is_trusted_once_run_is_pressed(qtbot, making):
    project = making.services.projects.take_in(document(), words=phrase("Came in"))
    making.page.open_project(project.id)
    making.wait(lambda: making.page.preview.state is State.STOPPED)
    assert not find(making, "make.reload").isEnabled()
    assert not making.services.projects.get(project.id).summary.trusted
    making.page.preview.findChild(QPushButton, "preview.act").click()
    making.wait(lambda: making.services.projects.get(project.id).summary.trusted)
    making.settle()


def test_a_project_that_goes_to_the_trash_elsewhere_leaves_the_page(qtbot, making):
    making.make()
    making.services.projects.delete(making.page.project.id)
    making.wait(lambda: find(making, "make.home").isVisible())
    assert making.page.project is None


def test_a_change_made_elsewhere_shows(qtbot, making):
    making.make()
    operations = edits("/title", "From elsewhere")("", making.blueprint).operations
    making.services.builder.change(making.page.project.id, operations)
    making.wait(lambda: making.page.header.title.text() == "From elsewhere")


def test_a_project_that_is_not_there_is_told(qtbot, making):
    making.page.open_project("no-such-project")
    making.wait(lambda: making.errors)
    assert find(making, "make.home").isVisible()


def test_a_small_window_lays_the_inspector_over_the_app(qtbot, making):
    making.make()
    page = making.page
    assert page.inspector.isVisible()
    page.resize(931, 640)
    qtbot.waitUntil(lambda: not page.inspector.isVisible())
    assert not page.timeline.strip.isVisible()
    assert find(making, "make.undo").isVisible()
    find(making, "make.change").click()
    assert page.inspector.isVisible()
    assert page.inspector.geometry().right() == page.rect().right()
    assert page.rect().contains(page.inspector.geometry())
    page.resize(1187, 800)
    qtbot.waitUntil(lambda: not find(making, "make.change").isVisible())
    assert page.inspector.isVisible()
    assert page.timeline.strip.isVisible()


def test_big_text_shows_one_column_at_a_time(qtbot, making, theme):
    making.make()
    page = making.page
    theme.use("light", scale=2.0)
    shown = {}
    for name in ("talk", "app", "change"):
        page.room.show_column(name)
        shown[name] = (page.talk.isVisible(), page.preview.isVisible(), page.inspector.isVisible())
    assert shown == {
        "talk": (True, False, False),
        "app": (False, True, False),
        "change": (False, False, True),
    }
    theme.use("light", scale=1.0)
    assert page.talk.isVisible()
    assert page.preview.isVisible()


@pytest.mark.parametrize("size", [(1187, 800), (931, 640)])
def test_every_control_has_a_name_and_is_big_enough(qtbot, making, size):
    making.make()
    making.page.resize(*size)
    controls = [
        control
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
        for control in making.page.findChildren(kind)
        if control.isVisible() and not isinstance(control.parent(), (QComboBox, QLineEdit))
    ]
    assert len(controls) > 8
    assert [control for control in controls if not control.accessibleName()] == []
    small = [control.accessibleName() for control in controls if min(control.width(), control.height()) < 34]
    assert small == []


def test_the_promised_names_are_there(making):
    making.make()
    for name in (
        "input",
        "send",
        "stop",
        "preview",
        "timeline",
        "undo",
        "redo",
        "share",
        "inspector",
        "reload",
    ):
        find(making, f"make.{name}")


@pytest.fixture
def playing(qtbot, theme, services):
    yield from open_page(qtbot, theme, services)


@pytest.mark.slow
@pytest.mark.qt_log_ignore(*QUIET, extend=True)
def test_the_app_itself_follows_words_hands_and_undo(qtbot, playing):
    playing.make(creates(), edits("/title", "By words"))
    playing.wait(lambda: playing.page.preview.state is State.RUNNING)
    pid = playing.page.preview.renderer_pid()

    def shows(words):
        playing.wait(lambda: words in ask(qtbot, playing.page.preview.page, "document.body.innerText"))

    shows("Planet Quiz")
    playing.page._send("call it by words")
    shows("By words")
    playing.page.inspector.fields()["title"].settled.emit("By hand")
    shows("By hand")
    playing.settle()
    playing.page.undo()
    shows("By words")
    playing.settle()
    assert playing.page.preview.renderer_pid() == pid


@pytest.mark.parametrize("way", ["later", "now"])
def test_a_conversation_that_goes_says_nothing_more(qtbot, theme, way):
    made = Conversation(theme)
    made.resize(300, 300)
    made.show()
    for number in range(30):
        made.add_wish(f"wish {number}")
    bar = made._area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    with qtbot.captureExceptions() as trouble:
        if way == "later":
            made.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        else:
            shiboken6.delete(made)
        QCoreApplication.processEvents()
    assert trouble == []
