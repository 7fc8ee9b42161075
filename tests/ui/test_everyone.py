"""Everyone can use it: names, keys, sizes, languages, directions, themes; on every page and dialog."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QToolButton,
    QWidget,
)

from studio.services import Services
from tests.ui.conftest import Studio
from ui.theme import NAMES, Theme

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QAbstractSlider)
PLACES = ("home", "gallery", "settings", "trash", "network", "versions", "rename", "first_start")


@pytest.fixture
def with_projects(services: Services) -> None:
    for starter in services.builder.starters()[:3]:
        services.builder.remix(starter.id)


@pytest.fixture
def go(
    with_projects: None, services: Services, open_window: Callable[[], Studio], qtbot: Any
) -> Callable[[str], Studio]:
    """A function that opens the window at a page or dialog, with everything on it."""

    def go_to(place: str) -> Studio:
        if place == "first_start":
            services.settings.set("who", "")
        studio = open_window()
        starters = studio.window.findChild(QWidget, "home.starters")
        qtbot.waitUntil(lambda: bool(starters.cards), timeout=10_000)
        home = studio.window.home_page()
        if place in ("settings", "versions"):
            studio.window.show_page("settings")
        if place == "gallery":
            home.show_gallery()
        if place == "trash":
            services.projects.delete(services.projects.list()[0].id)
            home._on_trash()
        elif place == "network":
            services.network.record("example.org", "a model", 12_000)
            studio.window.show_network()
        elif place == "versions":
            studio.window.findChild(QAbstractButton, "settings.about").click()
        elif place == "rename":
            home._on_rename_asked(services.projects.list()[0].id)
        settle()
        return studio

    return go_to


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def parts(window: QWidget) -> list[QWidget]:
    """Return the controls that a person can see, scroll bars and the insides of controls left out."""
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, CONTROLS) or isinstance(part, QScrollBar) or not part.isVisibleTo(window):
            continue
        if (
            isinstance(part.parentWidget(), (QComboBox, QLineEdit))
            or "QComboBox" in part.parentWidget().metaObject().className()
        ):
            continue
        found.append(part)
    return found


# ---------------------------------------------------------------- names
@pytest.mark.parametrize("place", PLACES)
def test_every_control_has_a_name_for_screen_readers(go: Callable[[str], Studio], place: str) -> None:
    window = go(place).window
    nameless = []
    for part in parts(window):
        heard = QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)
        if not part.accessibleName().strip() or not heard.strip():
            nameless.append(f"{type(part).__name__} {part.objectName()}")
    assert not nameless
    assert len(parts(window)) > 5


@pytest.mark.parametrize("place", PLACES)
def test_no_two_buttons_of_a_page_sound_the_same(go: Callable[[str], Studio], place: str) -> None:
    studio = go(place)
    from ui.widgets import Dialog

    open_dialogs = [found for found in studio.window.findChildren(Dialog) if found.isVisible()]
    ground = open_dialogs[0] if open_dialogs else studio.window
    named: dict[str, int] = {}
    for part in parts(ground):
        if isinstance(part, QAbstractButton):
            named[part.accessibleName()] = named.get(part.accessibleName(), 0) + 1
    twice = {name for name, count in named.items() if count > 1} - {"Close"}
    assert not twice


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("place", PLACES)
def test_every_target_is_large_enough(
    go: Callable[[str], Studio], theme: Theme, place: str, scale: float
) -> None:
    studio = go(place)
    theme.use("light", scale=scale)
    settle()
    small = [
        f"{part.accessibleName()} {part.width()}x{part.height()}"
        for part in parts(studio.window)
        if part.height() < 36 or part.width() < 36
    ]
    assert not small


# ---------------------------------------------------------------- keys
def walk(window: QWidget, most: int = 120) -> list[QWidget]:
    """Press Tab until the walk comes back to where it began; return the stops in order."""
    window.activateWindow()
    settle()
    stops: list[QWidget] = []
    for _ in range(most):
        focus = window.focusWidget()
        assert focus is not None
        if focus in stops:
            return stops
        stops.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    raise AssertionError("Tab never came round")


@pytest.mark.parametrize("place", PLACES)
def test_tab_reaches_everything_and_is_never_trapped(go: Callable[[str], Studio], place: str) -> None:
    from ui.first_start import FirstStart
    from ui.widgets import Dialog

    window = go(place).window
    covers = [
        found
        for found in window.findChildren(QWidget)
        if isinstance(found, (Dialog, FirstStart)) and found.isVisible()
    ]
    ground = covers[0] if covers else window
    stops = walk(window)
    assert all(ground.isAncestorOf(stop) for stop in stops)

    def grouped(part: QWidget) -> bool:
        """Tell whether arrow keys reach it from the one of its group that is chosen."""
        return isinstance(part, QAbstractButton) and part.group() is not None and not part.isChecked()

    missed = [
        part.accessibleName()
        for part in parts(ground)
        if part not in stops and part.isEnabled() and not grouped(part)
    ]
    assert not missed


def test_the_walk_goes_in_reading_order(go: Callable[[str], Studio]) -> None:
    window = go("home").window
    stops = [stop for stop in walk(window) if window.home_page().isAncestorOf(stop)]
    first = next(index for index, stop in enumerate(stops) if stop.objectName() == "home.wish")
    tops = [stop.mapTo(window, QPoint(0, 0)).y() for stop in stops[first:] + stops[:first]]
    names = [stop.accessibleName() for stop in stops]
    assert tops[0] <= min(tops) + 20, names
    assert max(tops[:6]) < min(tops[-3:]), names


def test_the_ring_is_seen_at_every_stop(go: Callable[[str], Studio]) -> None:
    window = go("home").window
    window.activateWindow()
    settle()
    unseen = []
    for _ in range(20):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        settle()
        if window._ring.target is None:
            unseen.append(window.focusWidget().accessibleName())
    assert not unseen


# ---------------------------------------------------------------- room
def cut_words(window: QWidget) -> list[str]:
    """Return the words that are seen and do not fit into their place."""
    return [
        *filter(None, map(cut_label, filter(is_read, window.findChildren(QLabel)))),
        *(
            f"button {one.text()!r}"
            for one in window.findChildren(QAbstractButton)
            if is_read(one) and is_cut(one)
        ),
    ]


def is_read(part: QLabel | QAbstractButton) -> bool:
    return part.isVisible() and bool(part.text())


def cut_label(label: QLabel) -> str:
    """Return what is wrong with a label that does not show all its words, or nothing."""
    from ui.widgets import Clamped, Elided

    if isinstance(label, Elided):
        return ""
    if isinstance(label, Clamped):  # it breaks its lines itself, and has a tooltip where two are not enough
        whole = not label.toolTip() and label.heightForWidth(label.width()) <= label.height() + 2
        return "" if whole else f"{label.text()!r} needs more than {label.size()}"
    room, metrics = label.contentsRect(), label.fontMetrics()
    if not label.wordWrap():
        wide = metrics.horizontalAdvance(label.text()) > room.width() + 2
        return f"{label.text()!r} is wider than {room.width()}" if wide else ""
    flags = int(Qt.TextFlag.TextWordWrap)
    needed = metrics.boundingRect(QRect(0, 0, room.width(), 9999), flags, label.text())
    fits = needed.height() <= room.height() + 2 and needed.width() <= room.width() + 2
    return "" if fits else f"{label.text()!r} needs {needed.size()} in {room.size()}"


def is_cut(button: QAbstractButton) -> bool:
    bare = isinstance(button, QToolButton) or button.icon().isNull()
    beside_icon = 0 if bare else button.iconSize().width()
    return button.fontMetrics().horizontalAdvance(button.text()) + beside_icon > button.width() - 4


SIZES = [(1.0, 1280, 800), (1.0, 960, 600), (1.5, 1024, 640), (2.0, 1280, 800), (2.0, 960, 600)]


@pytest.mark.parametrize(("scale", "width", "height"), SIZES)
@pytest.mark.parametrize("place", PLACES)
def test_no_word_is_cut(
    go: Callable[[str], Studio], theme: Theme, place: str, scale: float, width: int, height: int
) -> None:
    window = go(place).window
    theme.use("light", scale=scale)
    window.resize(width, height)
    settle()
    assert (window.width(), window.height()) == (width, height)
    assert not cut_words(window)
    for area in window.findChildren(QScrollArea):
        if area.isVisible():
            assert area.widget().minimumSizeHint().width() <= area.viewport().width(), area.accessibleName()


@pytest.mark.parametrize("place", PLACES)
def test_nothing_sticks_out_of_a_window_that_reads_leftwards(
    go: Callable[[str], Studio], qapp: QApplication, place: str
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = go(place).window
        window.resize(1024, 640)
        settle()
        assert not cut_words(window)
        rail = window.rail.geometry()
        assert rail.right() == window.width() - 1
        for part in parts(window):
            spot = part.mapTo(window, QPoint(0, 0))
            assert spot.x() >= 0, part.accessibleName()
            assert spot.x() + part.width() <= window.width(), part.accessibleName()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


# ---------------------------------------------------------------- words
class Pseudo(QTranslator):
    """Translate everything into itself between brackets."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⟦{source}⟧"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[None]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def untranslated(window: QWidget) -> list[str]:
    found = []
    for part in window.findChildren(QWidget):
        if part.property("data"):
            continue
        texts = [part.accessibleName(), part.toolTip(), part.accessibleDescription()]
        if isinstance(part, (QLabel, QAbstractButton)):
            texts.append(part.text())
        if isinstance(part, (QLineEdit, QPlainTextEdit)):
            texts.append(part.placeholderText())
        if isinstance(part, QComboBox):
            texts += [part.itemText(index) for index in range(part.count())]
        found += [
            f"{type(part).__name__}: {words}"
            for words in texts
            if any(c.isalpha() for c in words) and "⟦" not in words
        ]
    return found


OWN_NAMES = {"Sprout Studio"}
ROOT = Path(__file__).resolve().parents[2]


def test_lupdate_will_find_every_sentence() -> None:
    """The tool takes the context of `self.tr` from the class; any other receiver gives one that is never asked."""
    strange = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"(?<!self)\.tr\(|(?<![\w.])tr\(|self\.tr\(\s*[^\s\"\)]", line)
    ]
    assert not strange


@pytest.mark.parametrize("place", PLACES)
def test_every_sentence_goes_through_the_translator(
    pseudo: None, go: Callable[[str], Studio], place: str
) -> None:
    window = go(place).window
    left = [words for words in untranslated(window) if words.split(": ", 1)[1] not in OWN_NAMES]
    assert not left


# ---------------------------------------------------------------- themes
@pytest.mark.parametrize("place", ["home", "settings", "trash", "first_start"])
def test_a_theme_changes_live_and_leaves_nothing_behind(
    go: Callable[[str], Studio], theme: Theme, qtbot: Any, place: str
) -> None:
    """A window that went through all themes looks like one that never had another."""
    studio = go(place)
    window = studio.window
    shelf, projects = window.findChild(QWidget, "home.projects"), studio.services.projects
    qtbot.waitUntil(lambda: len(shelf.cards) == len(projects.list()), timeout=5000)  # type: ignore[attr-defined]
    QApplication.setCursorFlashTime(0)
    settle()
    before = window.grab().toImage()
    for name in ("dark", "high_contrast"):
        theme.use(name, scale=2.0)
        settle()
        assert window.grab().toImage() != before
    theme.use("light", scale=1.0)
    window.resize(1280, 800)
    settle()
    settle()
    after = window.grab().toImage()
    different = sum(
        before.pixel(x, y) != after.pixel(x, y)
        for x in range(0, before.width(), 3)
        for y in range(0, before.height(), 3)
    )
    assert different == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_page_behind_is_of_the_theme(go: Callable[[str], Studio], theme: Theme, name: str) -> None:
    window = go("settings").window
    theme.use(name)
    settle()
    image = window.grab().toImage()
    assert image.pixelColor(window.width() - 40, 20) == theme.colour("canvas")
    assert image.pixelColor(3, window.height() // 2) == theme.colour("canvas")
