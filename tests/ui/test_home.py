"""Home: starters, projects, trash, files that come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from studio.errors import DamagedError, StorageError
from studio.phrases import phrase
from studio.services import Services
from tests.ui.conftest import Studio
from tests.ui.test_window import click, dialog, find
from ui import sandbox
from ui.home.gallery import GalleryPage


def starter_cards(studio: Studio, qtbot: Any) -> list[Any]:
    starters = find(studio, "home.starters")
    qtbot.waitUntil(lambda: bool(starters.cards), timeout=10_000)
    return list(starters.cards)


def project_cards(studio: Studio) -> list[Any]:
    return list(find(studio, "home.projects").cards)


def inside(card: QWidget, start: str) -> QAbstractButton:
    return next(
        found for found in card.findChildren(QAbstractButton) if found.accessibleName().startswith(start)
    )


def three_projects(services: Services) -> None:
    for starter in services.builder.starters()[:3]:
        services.builder.remix(starter.id)


def test_starters_can_be_played_and_remixed(studio: Studio, qtbot: Any) -> None:
    home = studio.window.home_page()
    home.starter_played.disconnect()
    home.starter_remixed.disconnect()
    heard: list[tuple[str, str]] = []
    home.starter_played.connect(lambda name: heard.append(("play", name)))
    home.starter_remixed.connect(lambda name: heard.append(("remix", name)))
    card = starter_cards(studio, qtbot)[0]
    inside(card, "Play").click()
    inside(card, "Remix").click()
    card.click()
    first = studio.services.builder.starters()[0].id
    assert heard == [("play", first), ("remix", first), ("play", first)]


def test_one_row_of_starters_first_and_all_when_asked(studio: Studio, qtbot: Any) -> None:
    cards = starter_cards(studio, qtbot)
    seen = [card for card in cards if card.isVisible()]
    assert 0 < len(seen) < len(cards)
    assert len({card.y() for card in seen}) == 1
    more = find(studio, "home.see_all")
    assert str(len(cards)) in more.text()
    more.click()
    shown = gallery(studio).cards
    assert [card.starter.id for card in shown] == [card.starter.id for card in cards]
    assert all(card.isVisible() for card in shown)
    assert find(studio, "gallery.search").hasFocus()
    click(studio, "gallery.back")
    assert not gallery(studio).isVisible()
    assert more.hasFocus()


def test_the_filter_keeps_what_belongs(studio: Studio, qtbot: Any) -> None:
    starter_cards(studio, qtbot)
    chooser = studio.window.findChild(QWidget, "home.filter")
    assert chooser is not None
    for part, value in zip(chooser.parts, chooser._values, strict=True):  # type: ignore[attr-defined]
        part.click()
        kept = find(studio, "home.starters").cards
        assert kept
        assert not value or all(value in card.starter.tags for card in kept)
    click(studio, "home.see_all")
    assert gallery(studio)._tag == value


def gallery(studio: Studio) -> Any:
    found = studio.window.findChild(GalleryPage)
    assert found is not None
    return found


def all_starters(studio: Studio, qtbot: Any) -> Any:
    starter_cards(studio, qtbot)
    click(studio, "home.see_all")
    return gallery(studio)


def ids(shown: Any) -> list[str]:
    return [card.starter.id for card in shown.cards]


def test_search_finds_and_says_how_many(studio: Studio, qtbot: Any) -> None:
    shown = all_starters(studio, qtbot)
    everything = ids(shown)
    QTest.keyClicks(find(studio, "gallery.search"), "shark")
    qtbot.waitUntil(lambda: ids(shown)[:1] == ["shark-quiz"], timeout=5000)
    count = len(ids(shown))
    assert count < len(everything)
    assert shown._count.text() == f"{count} of {len(everything)}"
    assert [card.isVisible() for card in shown._made.values()].count(True) == count
    find(studio, "gallery.search").clear()
    qtbot.waitUntil(lambda: ids(shown) == everything, timeout=5000)


def test_tags_ages_and_kinds_work_together(studio: Studio, qtbot: Any) -> None:
    shown = all_starters(studio, qtbot)
    first = find(studio, "gallery.tag.all")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert shown._tag == "quizzes"
    assert all("quizzes" in card.starter.tags for card in shown.cards)
    click(studio, "gallery.tag.languages")
    assert all("languages" in card.starter.tags for card in shown.cards)
    click(studio, "gallery.tag.school")
    assert len(ids(shown)) > 1
    shown.ages.setCurrentIndex(shown.ages.findData("5-7"))
    shown.kinds.setCurrentIndex(shown.kinds.findData("picker"))
    kept = [card.starter for card in shown.cards]
    assert kept
    assert all("school" in s.tags and "5-7" in s.ages and "picker" in s.kinds for s in kept)


def test_where_nothing_fits_one_press_shows_all_again(studio: Studio, qtbot: Any) -> None:
    shown = all_starters(studio, qtbot)
    everything = ids(shown)
    click(studio, "gallery.tag.school")
    QTest.keyClicks(find(studio, "gallery.search"), "zebracorn")
    qtbot.waitUntil(lambda: not shown.cards, timeout=5000)
    assert find(studio, "gallery.show_all").isVisible()
    click(studio, "gallery.show_all")
    assert ids(shown) == everything
    assert not find(studio, "gallery.show_all").isVisible()
    assert find(studio, "gallery.search").hasFocus()


def test_the_gallery_plays_and_remixes_and_escape_leaves(studio: Studio, qtbot: Any) -> None:
    home = studio.window.home_page()
    home.starter_played.disconnect()
    home.starter_remixed.disconnect()
    heard: list[tuple[str, str]] = []
    home.starter_played.connect(lambda name: heard.append(("play", name)))
    home.starter_remixed.connect(lambda name: heard.append(("remix", name)))
    shown = all_starters(studio, qtbot)
    card = shown.cards[2]
    assert "Ages" in card.accessibleName()
    inside(card, "Play").click()
    inside(card, "Remix").click()
    assert heard == [("play", card.starter.id), ("remix", card.starter.id)]
    QTest.keyClick(find(studio, "gallery.search"), Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_without_projects_the_page_says_how_to_begin(studio: Studio) -> None:
    assert project_cards(studio) == []
    words = [
        found.text()
        for found in studio.window.findChildren(QWidget)
        if hasattr(found, "text") and found.isVisible()
    ]
    assert any(line.startswith("Nothing here yet.") for line in words)


def test_projects_are_shown_the_last_changed_first_and_open(
    services: Services, open_window: Callable[[], Studio]
) -> None:
    three_projects(services)
    studio = open_window()
    home = studio.window.home_page()
    home.project_opened.disconnect()
    opened: list[str] = []
    home.project_opened.connect(opened.append)
    cards = project_cards(studio)
    assert [card.project.id for card in cards] == [project.id for project in services.projects.list()]
    cards[1].click()
    assert opened == [cards[1].project.id]


def test_a_new_project_appears_by_itself(studio: Studio, qtbot: Any) -> None:
    three_projects(studio.services)
    qtbot.waitUntil(lambda: len(project_cards(studio)) == 3, timeout=5000)


def test_delete_undo_and_restore(services: Services, open_window: Callable[[], Studio], qtbot: Any) -> None:
    three_projects(services)
    studio = open_window()
    gone = project_cards(studio)[0].project
    studio.window.home_page()._on_delete_asked(gone.id)
    assert gone.id not in [card.project.id for card in project_cards(studio)]
    inside(studio.window.toasts.shown[0], "Undo").click()
    assert gone.id in [card.project.id for card in project_cards(studio)]
    studio.window.home_page()._on_delete_asked(gone.id)
    click(studio, "home.trash")
    inside(dialog(studio), f"Restore {gone.title}").click()
    assert gone.id in [project.id for project in services.projects.list()]


def test_for_ever_is_asked_about_once(services: Services, open_window: Callable[[], Studio]) -> None:
    three_projects(services)
    studio = open_window()
    for project in services.projects.list():
        services.projects.delete(project.id)
    click(studio, "home.trash")
    trash = dialog(studio)

    def press(name: str) -> None:
        next(found for found in trash.findChildren(QAbstractButton, name) if found.isVisible()).click()
        QApplication.processEvents()

    press("trash.forever")
    assert len(services.projects.list(deleted=True)) == 3
    press("trash.keep")
    assert len(services.projects.list(deleted=True)) == 3
    press("trash.forever")
    press("trash.really")
    assert len(services.projects.list(deleted=True)) == 2


def test_the_menu_of_a_project_renames_it(
    services: Services, open_window: Callable[[], Studio], qtbot: Any
) -> None:
    three_projects(services)
    studio = open_window()
    card = project_cards(studio)[0]
    menu: QMenu = card.menu()
    assert [action.text() for action in menu.actions()] == ["Open", "Rename", "Move to trash"]
    menu.actions()[1].trigger()
    menu.deleteLater()
    asked = dialog(studio)
    name = asked.findChild(QWidget, "rename.name")
    assert studio.window.focusWidget() is name
    name.setText("   ")  # type: ignore[attr-defined]
    assert not asked.findChild(QWidget, "rename.save").isEnabled()
    name.setText("  Sharks   and rays ")  # type: ignore[attr-defined]
    asked.findChild(QAbstractButton, "rename.save").click()
    qtbot.waitUntil(
        lambda: services.projects.get(card.project.id).summary.title == "Sharks and rays", timeout=5000
    )
    qtbot.waitUntil(lambda: project_cards(studio)[0].project.title == "Sharks and rays", timeout=5000)


def test_a_library_that_cannot_be_read_says_so_and_offers_a_way_on(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*, deleted: bool = False) -> tuple[()]:
        raise StorageError(
            phrase("Your projects could not be read."), kept=phrase("They are still on the disk.")
        )

    monkeypatch.setattr(studio.services.projects, "list", refuse)
    home = studio.window.home_page()
    home.refresh()
    assert home._trouble.isVisible()
    assert "They are still on the disk." in home._trouble_words.text()
    monkeypatch.undo()
    home.refresh()
    assert not home._trouble.isVisible()


def test_what_was_wrong_at_the_start_is_told(services: Services, open_window: Callable[[], Studio]) -> None:
    from ui.home import HomePage

    services.notices = (phrase("Your projects were damaged. The studio brought them back."),)
    studio = open_window()
    page = HomePage(services, studio.theme, studio.bridge, studio.tasks, studio.window.toasts)
    banner = page.findChild(QWidget, "home.notice")
    assert banner is not None
    inside(banner, "Close").click()
    assert banner.isHidden()
    page.deleteLater()


# ---------------------------------------------------------------- files
def dropped(page: QWidget, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page, enter)
    drop = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page, drop)
    return enter.isAccepted()


def test_a_shared_page_can_be_dropped_and_is_someone_elses(
    services: Services, open_window: Callable[[], Studio], qtbot: Any, tmp_path: Path
) -> None:
    three_projects(services)
    made = services.projects.list()[0]
    page = services.sharing.export_page(made.id, tmp_path / "shared.html")
    studio = open_window()
    home = studio.window.home_page()
    home.project_opened.disconnect()
    opened: list[str] = []
    home.project_opened.connect(opened.append)
    assert dropped(home, page)
    qtbot.waitUntil(lambda: len(opened) == 1, timeout=10_000)
    assert not services.projects.get(opened[0]).summary.trusted
    assert "Someone else made it" in studio.window.toasts.shown[0].accessibleName()


def test_a_file_that_is_not_ours_is_refused_in_words(studio: Studio, qtbot: Any, tmp_path: Path) -> None:
    strange = tmp_path / "strange.html"
    strange.write_text("<p>hello</p>", encoding="utf-8")
    studio.window.home_page().open_file(strange)
    qtbot.waitUntil(lambda: len(studio.window.toasts.shown) == 1, timeout=10_000)
    assert strange.read_text(encoding="utf-8") == "<p>hello</p>"


def test_other_files_are_not_taken(studio: Studio, tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"x")
    assert not dropped(studio.window.home_page(), picture)


def test_a_remix_that_fails_is_told(studio: Studio, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    def refuse(self: object, starter_id: str) -> None:
        raise DamagedError(phrase("This starter is damaged."))

    monkeypatch.setattr(type(studio.services.builder), "remix", refuse)
    studio.window.remix("anything")
    qtbot.waitUntil(lambda: len(studio.window.toasts.shown) == 1, timeout=5000)
    assert studio.window.toasts.shown[0].accessibleName() == "This starter is damaged."


def test_damaged_starters_leave_a_page_that_works(
    services: Services, open_window: Callable[[], Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> None:
        raise DamagedError(phrase("One of the examples cannot be read."))

    monkeypatch.setattr(type(services.builder), "starters", refuse)
    studio = open_window()
    assert not find(studio, "home.starters").isVisible()
    assert find(studio, "home.wish").isVisible()
    assert studio.window.toasts.shown[0].accessibleName() == "One of the examples cannot be read."


def test_the_window_is_painted_before_the_library_is_read(services: Services, studio: Studio) -> None:
    from ui.home import HomePage

    page = HomePage(services, studio.theme, studio.bridge, studio.tasks, studio.window.toasts)
    QApplication.processEvents()
    assert not page.ready
    assert not page._painted
    page.deleteLater()


# ---------------------------------------------------------------- the player
class StandIn(QWidget):
    """Stands where the preview would be, so that no browser engine starts here."""

    outside_asked = Signal()

    def __init__(self, theme: Any) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.closed = False

    def show_document(self, document: Any) -> None:
        self.shown.append(document.title)

    def close_page(self) -> None:
        self.closed = True


def test_a_starter_plays_over_the_window_and_can_be_remixed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    import ui.widgets.preview
    from ui.home import Player

    monkeypatch.setattr(ui.widgets.preview, "Preview", StandIn)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    remixed: list[tuple[str, str]] = []
    monkeypatch.setattr(studio.window, "remix", lambda *told: remixed.append(told))
    starter = studio.services.builder.starters()[0]
    studio.window.play_starter(starter.id)
    player = dialog(studio)
    assert isinstance(player, Player)
    qtbot.waitUntil(lambda: player.preview is not None, timeout=5000)
    preview = player.preview
    assert preview.shown == [starter.title]
    preview.outside_asked.emit()
    qtbot.waitUntil(lambda: len(opened) == 1, timeout=10_000)
    assert starter.title in Path(opened[0]).read_text(encoding="utf-8")
    player.findChild(QAbstractButton, "player.remix").click()
    assert remixed == [(starter.id, "")]
    assert preview.closed
    assert player.isHidden()


def test_what_is_worth_saying_is_seen_and_one_press_remixes_and_says_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setattr(sandbox, "refusal", lambda **_own: sandbox.Refusal.NO_ENGINE)
    starter = studio.services.builder.starter("planet-quiz")
    studio.window.play_starter(starter.id)
    says = [dialog(studio).findChild(QAbstractButton, f"player.say.{number}") for number in (1, 2, 3)]
    assert tuple(one.text().strip() for one in says) == starter.try_saying
    says[0].click()
    qtbot.waitUntil(lambda: studio.window.page == "make", timeout=10_000)
    make = studio.window.make_page()
    qtbot.waitUntil(lambda: make.project is not None and len(make.project.steps) == 2, timeout=30_000)
    assert make.project.document.blueprint != starter.blueprint
    assert starter.try_saying[0] in make.conversation.bubbles
