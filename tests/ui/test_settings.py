"""Settings: every change acts at once and is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QWidget

from studio import services as studio_services
from studio.settings import SETTINGS
from tests.ui.conftest import Studio
from tests.ui.test_window import click, dialog, find


@pytest.fixture
def page(studio: Studio) -> Studio:
    studio.window.show_page("settings")
    QApplication.processEvents()
    return studio


def test_colours_act_at_once_and_are_kept(page: Studio, qtbot: Any) -> None:
    parts = {part.accessibleName(): part for part in find(page, "settings.theme").parts}
    for words, value in (("Dark", "dark"), ("High contrast", "high_contrast"), ("Light", "light")):
        parts[words].click()
        assert page.services.settings.get("theme") == value
        qtbot.waitUntil(lambda value=value: page.theme.name == value, timeout=3000)


def test_text_size_acts_at_once(page: Studio, qtbot: Any) -> None:
    slider = find(page, "settings.text_size")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert page.services.settings.get("text_size") == 125
    qtbot.waitUntil(lambda: page.theme.scale == 1.25, timeout=3000)
    slider.setValue(4)
    qtbot.waitUntil(lambda: page.theme.scale == 2.0, timeout=3000)


def test_all_sizes_of_the_settings_can_be_reached() -> None:
    from ui.settings.page import SIZES

    declared = next(setting for setting in SETTINGS if setting.key == "text_size")
    assert declared.choices == SIZES


def test_who_motion_and_offline_are_kept(page: Studio, qtbot: Any) -> None:
    get = page.services.settings.get
    parts = {part.accessibleName(): part for part in find(page, "settings.who").parts}
    parts["A class"].click()
    assert get("who") == "class"
    find(page, "settings.offline").click()
    assert get("offline") is True
    find(page, "settings.motion").click()
    assert get("motion") == "on"
    qtbot.waitUntil(lambda: page.theme.moving, timeout=3000)


def test_only_languages_that_the_window_speaks_are_offered(page: Studio) -> None:
    language = find(page, "settings.language")
    assert [language.itemData(index) for index in range(language.count())] == ["en"]
    assert language.currentData() == page.services.settings.get("language")


def test_a_change_made_elsewhere_is_shown(page: Studio, qtbot: Any) -> None:
    page.services.settings.set("theme", "dark")
    qtbot.waitUntil(lambda: find(page, "settings.theme").value == "dark", timeout=3000)
    page.services.settings.set("offline", True)
    qtbot.waitUntil(find(page, "settings.offline").isChecked, timeout=3000)


def test_a_studio_that_was_started_offline_says_why_it_stays_so(tmp_path: Path, theme: Any) -> None:
    from ui.bridge import EventBridge
    from ui.settings import SettingsPage

    services = studio_services.build(tmp_path / "forced", offline=True)
    try:
        bridge = EventBridge(services.events)
        made = SettingsPage(services, theme, bridge)
        switch = made.findChild(QWidget, "settings.offline")
        assert switch.isChecked()  # type: ignore[attr-defined]
        assert not switch.isEnabled()
        assert "started offline" in switch.accessibleDescription()
        made.deleteLater()
        bridge.close()
    finally:
        services.close()


def test_the_folder_of_projects_is_shown(page: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    click(page, "settings.home")
    assert opened == [str(page.services.paths.base)]


def test_a_folder_that_cannot_be_shown_is_named(page: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    click(page, "settings.home")
    assert str(page.services.paths.base) in page.window.toasts.shown[0].accessibleName()


def test_shared_apps_can_go_elsewhere(page: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(there))
    click(page, "settings.share_folder")
    assert page.services.settings.get("share_folder") == str(there)
    assert list(there.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_refused(
    page: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "not here"))
    click(page, "settings.share_folder")
    assert page.services.settings.get("share_folder") == ""
    assert "may not write" in page.window.toasts.shown[0].accessibleName()


def test_about_names_every_part(page: Studio, qtbot: Any) -> None:
    click(page, "settings.about")
    shown = dialog(page)
    box = shown.findChildren(QPlainTextEdit)[0]
    qtbot.waitUntil(lambda: "pydantic" in box.toPlainText(), timeout=20_000)
    words = box.toPlainText()
    for part in ("Sprout Studio", "Python", "Qt", "PySide6", "Chromium", "numpy"):
        assert part in words, part
    copy = next(found for found in shown.findChildren(QWidget) if found.accessibleName() == "Copy")
    copy.click()  # type: ignore[attr-defined]
    assert QGuiApplication.clipboard().text() == words


def test_the_page_itself_loads_no_browser_engine(page: Studio) -> None:
    """What is not seen at the start is not loaded for it; a fresh interpreter proves it."""
    import subprocess
    import sys

    code = (
        "import sys, ui.home, ui.app, ui.settings;"
        "heavy = {'torch', 'transformers', 'qtawesome', 'pydantic', 'numpy'};"
        "bad = [name for name in sys.modules if 'WebEngine' in name or name in heavy];"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_sections_lead_to_their_cards(page: Studio) -> None:
    settings = page.window._stack.currentWidget()
    page.window.resize(1000, 600)
    QApplication.processEvents()
    names = [name for name, _, _ in settings._sections]  # type: ignore[attr-defined]
    assert names[0] == "Look"
    assert names[-1] == "About"
    settings._list.setCurrentRow(2)  # type: ignore[attr-defined]
    heading = settings._sections[2][2]  # type: ignore[attr-defined]
    view = settings._area.viewport()  # type: ignore[attr-defined]
    assert 0 <= heading.mapTo(view, heading.rect().topLeft()).y() < view.height()
