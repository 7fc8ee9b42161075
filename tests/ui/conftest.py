"""What the tests of the window share: a window on real services in a throwaway home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from studio import services as studio_services
from studio.network import OFFLINE_VARIABLES
from studio.services import Services
from ui.bridge import EventBridge, Tasks
from ui.main_window import MainWindow
from ui.theme import Theme


@dataclass
class Studio:
    """Hold a running studio: its services, its theme, its window."""

    services: Services
    theme: Theme
    bridge: EventBridge
    tasks: Tasks
    window: MainWindow


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """A theme that dresses the application in light, and undresses it afterwards."""
    made = Theme()
    made.use("light", scale=1.0, motion="off")
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Real services in a throwaway home, answered as a grown-up, with nothing moving, not held offline."""
    for name in OFFLINE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    made = studio_services.build(tmp_path / "home")
    made.settings.set("who", "me")
    made.settings.set("motion", "off")
    yield made
    made.close()


@pytest.fixture
def open_window(theme: Theme, services: Services, qtbot: Any) -> Iterator[Callable[[], Studio]]:
    """A function that opens the window; it is closed in good order after the test."""
    opened: list[Studio] = []

    def open_it() -> Studio:
        bridge, tasks = EventBridge(services.events), Tasks(services.jobs)
        window = MainWindow(services, theme, bridge, tasks)
        window.resize(1280, 800)
        window.show()
        qtbot.waitUntil(lambda: window.home_page().ready, timeout=20_000)
        opened.append(Studio(services, theme, bridge, tasks, window))
        return opened[-1]

    yield open_it
    for studio in opened:
        studio.window.close()
        studio.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        studio.bridge.close()


@pytest.fixture
def studio(open_window: Callable[[], Studio]) -> Studio:
    """One open window."""
    return open_window()
