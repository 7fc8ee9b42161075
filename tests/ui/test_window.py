"""The window: pages, keys, messages, geometry, the first question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from studio.errors import StorageError
from studio.events import Noticed
from studio.phrases import phrase
from studio.services import Services
from tests.ui.conftest import Studio
from ui.main_window import MainWindow
from ui.widgets import Dialog

NAMES = (
    "nav.home", "nav.make", "nav.settings", "home.wish", "home.go", "home.starters", "home.projects",
    "settings.language", "settings.theme", "settings.text_size", "settings.offline", "settings.home", "settings.who",
    "settings.network", "settings.about",
)  # fmt: skip
HIDDEN_UNTIL_THEY_WORK = ("nav.models", "nav.chat", "nav.teach")


def find(studio: Studio, name: str) -> Any:
    found = studio.window.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(studio: Studio, name: str) -> None:
    find(studio, name).click()
    QApplication.processEvents()


def dialog(studio: Studio) -> Dialog:
    QApplication.processEvents()
    return next(found for found in studio.window.findChildren(Dialog) if found.isVisible())


def test_every_promised_control_has_its_name(studio: Studio) -> None:
    studio.window.show_page("settings")
    assert studio.window.objectName() == "mainWindow"
    for name in NAMES:
        assert find(studio, name).accessibleName(), name


def test_pages_that_do_not_work_yet_are_not_there(studio: Studio) -> None:
    assert not [name for name in HIDDEN_UNTIL_THEY_WORK if studio.window.findChild(QWidget, name)]


def test_pages_are_made_when_they_are_first_shown(studio: Studio) -> None:
    assert studio.window.findChild(QWidget, "settings.theme") is None
    QTest.keyClick(studio.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.page == "settings"
    QTest.keyClick(studio.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.page == "home"


def test_ctrl_n_goes_to_the_wish(studio: Studio) -> None:
    studio.window.activateWindow()
    studio.window.show_page("settings")
    QTest.keyClick(studio.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.page == "home"
    assert studio.window.focusWidget().objectName() == "home.wish"


def test_the_keyboard_starts_in_the_wish_box(studio: Studio) -> None:
    assert studio.window.focusWidget().objectName() == "home.wish"


def test_a_wish_is_handed_on_once_and_an_empty_one_makes_the_example(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    home = studio.window.home_page()
    home.wish_made.disconnect()
    home.wish_made.connect(heard.append)
    wish: QLineEdit = find(studio, "home.wish")
    QTest.keyClicks(wish, "a quiz about bees")
    QTest.keyClick(wish, Qt.Key.Key_Return)
    assert wish.text() == ""
    click(studio, "home.go")
    assert heard == ["a quiz about bees", wish.placeholderText()]


def test_a_wish_opens_make(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(studio.window, "start_wish", heard.append)
    studio.window.home_page().wish_made.emit("a timer")
    assert heard == ["a timer"]


def test_ideas_change_and_act(studio: Studio) -> None:
    home = studio.window.home_page()
    home.wish_made.disconnect()
    heard: list[str] = []
    home.wish_made.connect(heard.append)

    def chips() -> list[QAbstractButton]:
        return [
            found
            for found in home.findChildren(QAbstractButton)
            if found.property("kind") == "chip" and found.isVisible()
        ]

    first = [found.text() for found in chips()]
    assert len(first) == 4
    click(studio, "home.other_ideas")
    second = [found.text() for found in chips()]
    assert len(second) == 4
    assert not set(first) & set(second)
    chips()[0].click()
    assert heard == [second[0]]


def test_keys_do_not_reach_behind_a_dialog(studio: Studio) -> None:
    click(studio, "nav.network")
    QTest.keyClick(studio.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.page == "home"
    dialog(studio).close_dialog()
    QTest.keyClick(studio.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.page == "settings"


def test_a_starter_that_is_gone_is_told(studio: Studio) -> None:
    studio.window.play_starter("no-such-starter")
    assert "no-such-starter" in studio.window.toasts.shown[0].accessibleName()


# ---------------------------------------------------------------- geometry
def test_the_place_of_the_window_is_kept(open_window: Callable[[], Studio]) -> None:
    first = open_window()
    first.window.resize(1111, 701)
    first.window.close()
    assert first.services.settings.get("window_geometry")
    second = MainWindow(first.services, first.theme, first.bridge, first.tasks)
    assert second.height() == 701  # the screen of the tests is too narrow for any width but the least
    second.deleteLater()


@pytest.mark.parametrize("damaged", ["", "not base64 at all!", "AAAA", "é"])
def test_a_damaged_place_gives_the_usual_one(
    services: Services, open_window: Callable[[], Studio], damaged: str
) -> None:
    services.settings.set("window_geometry", damaged)
    window = open_window().window
    assert window.width() >= 960
    assert window.height() >= 600
    assert (window.minimumWidth(), window.minimumHeight()) == (960, 600)


def test_closing_never_fails_where_nothing_can_be_written(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(key: str, value: object) -> None:
        raise StorageError(phrase("The disk is full."))

    monkeypatch.setattr(studio.services.settings, "set", refuse)
    assert studio.window.close()


# ---------------------------------------------------------------- first start
def test_the_first_start_asks_one_question_in_one_tap(
    services: Services, open_window: Callable[[], Studio]
) -> None:
    services.settings.set("who", "")
    studio = open_window()
    question = find(studio, "firstStart")
    assert question.isVisible()
    assert question.geometry() == studio.window.rect()
    assert studio.window.focusWidget().objectName() == "first.child"
    click(studio, "first.class")
    assert services.settings.get("who") == "class"
    assert studio.window.findChild(QWidget, "firstStart") is None or not question.isVisible()
    assert studio.window.focusWidget().objectName() == "home.wish"


def test_the_first_question_can_be_answered_by_keys_alone(
    services: Services, open_window: Callable[[], Studio]
) -> None:
    services.settings.set("who", "")
    studio = open_window()
    studio.window.activateWindow()
    for _ in range(2):
        QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Tab)
    assert studio.window.focusWidget().objectName() == "first.me"
    QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Right)
    assert studio.window.focusWidget().objectName() == "first.child"
    QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Return)
    assert services.settings.get("who") == "child"


def test_a_second_start_asks_nothing(studio: Studio) -> None:
    assert studio.window.findChild(QWidget, "firstStart") is None


# ---------------------------------------------------------------- network and messages
def test_the_network_list_says_what_went_out(studio: Studio) -> None:
    click(studio, "nav.network")
    words = " ".join(found.text() for found in dialog(studio).findChildren(QWidget) if hasattr(found, "text"))
    assert "Nothing went out today." in words
    dialog(studio).close_dialog()
    studio.services.network.record("example.org", "a model that you asked for", 2_000_000)
    click(studio, "nav.network")
    words = " ".join(found.text() for found in dialog(studio).findChildren(QWidget) if hasattr(found, "text"))
    assert "example.org" in words
    assert "a model that you asked for" in words


def test_the_rail_shows_whether_anything_can_go_out(studio: Studio, qtbot: Any) -> None:
    studio.services.settings.set("offline", False)
    button = find(studio, "nav.network")
    studio.services.settings.set("offline", True)
    qtbot.waitUntil(lambda: button.text() == "Offline", timeout=3000)
    assert "Offline" in button.accessibleName()


def test_news_of_the_services_become_messages(studio: Studio, qtbot: Any) -> None:
    studio.services.events.publish(Noticed(phrase("The disk is nearly full."), "warn"))
    qtbot.waitUntil(lambda: len(studio.window.toasts.shown) == 1, timeout=3000)
    assert studio.window.toasts.shown[0].accessibleName() == "The disk is nearly full."


def test_a_failure_that_nobody_handles_becomes_a_message(studio: Studio, qtbot: Any) -> None:
    def work(token: object, report: object) -> None:
        raise StorageError(phrase("The disk is full."), kept=phrase("Your app is safe."))

    studio.tasks.run(work, lane="disk", parent=studio.window)
    qtbot.waitUntil(lambda: len(studio.window.toasts.shown) == 1, timeout=3000)
    assert "Your app is safe." in studio.window.toasts.shown[0].accessibleName()
