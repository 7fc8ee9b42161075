"""Draw every page and state into PNG files, for people who judge the look: `python -m ui.pictures OUT [WORD...]`.

Each state is drawn in the real window on real services in a throwaway home. Words after the folder
keep only the pictures whose names contain one of them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from studio import services as studio_services
from studio.errors import StorageError
from studio.phrases import phrase
from ui.bridge import EventBridge, Tasks
from ui.main_window import MainWindow
from ui.theme import Theme

WIDE, SMALL, LEAST = (1280, 800), (1024, 640), (960, 600)
SETTLE_S = 0.45


@dataclass(frozen=True)
class Shot:
    """Describe one picture: what to do with the window first, and how it looks."""

    name: str
    prepare: Callable[[MainWindow], None]
    theme: str = "light"
    size: tuple[int, int] = WIDE
    scale: float = 1.0
    mirrored: bool = False
    projects: bool = True
    who: str = "me"


class Studio:
    """Hold a window on a throwaway home for one picture."""

    def __init__(self, app: QApplication, base: Path, shot: Shot) -> None:
        self.services = studio_services.build(base, offline=True)
        self.services.settings.set("who", shot.who)
        self.services.settings.set("motion", "off")
        self.services.settings.set("theme", shot.theme)
        self.services.settings.set("text_size", round(shot.scale * 100))
        if shot.projects:
            self._make_projects()
        self.theme = Theme()
        self.theme.use(shot.theme, scale=shot.scale, motion="off")
        self.theme.apply(app)
        self.bridge = EventBridge(self.services.events)
        self.tasks = Tasks(self.services.jobs)
        self.window = MainWindow(self.services, self.theme, self.bridge, self.tasks)

    def _make_projects(self) -> None:
        starters = self.services.builder.starters()
        for starter in reversed(starters[:4]):
            self.services.builder.remix(starter.id)

    def close(self) -> None:
        """Take everything down in order."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.bridge.close()
        self.services.close()
        self.theme.deleteLater()


def _home(window: MainWindow) -> None:
    window.show_page("home")


def _settings(window: MainWindow) -> None:
    window.show_page("settings")


def _settings_end(window: MainWindow) -> None:
    window.show_page("settings")
    settle(0.1)
    bar = window._stack.currentWidget()._area.verticalScrollBar()
    bar.setValue(bar.maximum())


def _versions(window: MainWindow) -> None:
    window.show_page("settings")
    press(window, "settings.about")


def _network(window: MainWindow) -> None:
    window.show_network()


def _trash(window: MainWindow) -> None:
    services = window._services
    for project in services.projects.list()[:2]:
        services.projects.delete(project.id)
    press(window, "home.trash")


def _toast(window: MainWindow) -> None:
    window.toasts.show_message(
        "“Dino Quiz” is in the trash",
        "It stays there until you need it again.",
        kind="done",
    )
    window.show_error(
        StorageError(
            phrase("The page could not be saved."),
            kept=phrase("Your app is safe."),
            next=phrase("Make some room on the disk and try again."),
        )
    )


def _keys(window: MainWindow) -> None:
    """Walk a few stops by Tab, so that the ring is seen."""
    from PySide6.QtTest import QTest

    window.activateWindow()
    for _ in range(6):
        target = window.focusWidget() or window
        QTest.keyClick(target, Qt.Key.Key_Tab)


def _play(window: MainWindow) -> None:
    window.play_starter(window._services.builder.starters()[0].id)
    settle(4)


def _make(window: MainWindow) -> None:
    window.open_project(window._services.projects.list()[0].id)
    settle(4)


def _pick(window: MainWindow) -> None:
    """Pick from an app of several parts, with the keyboard on the second thing."""
    _open(window, "Study Corner")
    press(window, "make.pick")
    settle(0.8)
    layer = window.make_page().picking.picker.layer
    layer._step(1)
    layer._step(1)


def _picked(window: MainWindow) -> None:
    """Pick the question that the quiz shows."""
    _open(window, "Planet Quiz")
    press(window, "make.pick")
    settle(0.8)
    layer = window.make_page().picking.picker.layer
    layer.picked.emit(layer.spots[-1], False)
    settle(0.8)


def _changed(window: MainWindow, count: int) -> str:
    """Change the planet quiz so many times; return its id."""
    from studio.blueprints import parse_operation

    services = window._services
    project_id = services.projects.find("Planet Quiz")
    plain = (
        {"op": "set_palette", "value": "ocean"},
        {"op": "set_title", "value": "Night Sky"},
        {"op": "set_background", "value": "waves"},
        {"op": "set_size", "value": "large"},
        {"op": "remove_item", "at": "b1", "list": "questions", "index": 2},
        {"op": "set_mode", "value": "light"},
    )
    for number in range(count):
        usual = {"op": "set_about", "value": f"Change number {number}"}
        operation = parse_operation(plain[number] if number < len(plain) else usual)
        services.builder.change(project_id, (operation,))
    return project_id


def _compare(window: MainWindow) -> None:
    """Compare a changed quiz with its first step, once both have their pictures."""
    project_id = _changed(window, 6)
    window.open_project(project_id)
    settle(3)
    window.make_page().compare(window._services.projects.get(project_id).steps[0].id)
    settle(7)


def _many_steps(window: MainWindow) -> None:
    """Open a project of 400 steps in their middle."""
    project_id = _changed(window, 400)
    steps = window._services.projects.get(project_id).steps
    window._services.projects.go_to(project_id, steps[200].id)
    window.open_project(project_id)
    settle(4)


def _open(window: MainWindow, title: str) -> None:
    """Open the project of that name and wait until it plays."""
    window.open_project(window._services.projects.find(title))
    settle(3)


def shots() -> tuple[Shot, ...]:
    """Return all pictures."""
    pages = (("home", _home), ("settings", _settings))
    made: list[Shot] = []
    for name, prepare in pages:
        for theme in ("light", "dark", "high_contrast"):
            made.append(Shot(f"{name}_{theme}", prepare, theme))
            made.append(Shot(f"{name}_{theme}_1024x640", prepare, theme, SMALL))
        made.append(Shot(f"{name}_200", prepare, scale=2.0))
        made.append(Shot(f"{name}_150_960x600", prepare, size=LEAST, scale=1.5))
        made.append(Shot(f"{name}_rtl", prepare, mirrored=True))
    for name, prepare in (("pick", _pick), ("picked", _picked)):
        for theme in ("light", "dark"):
            made.append(Shot(f"{name}_{theme}", prepare, theme))
            made.append(Shot(f"{name}_{theme}_1024x640", prepare, theme, SMALL))
        made.append(Shot(f"{name}_rtl", prepare, mirrored=True))
    for theme in ("light", "dark"):
        made.append(Shot(f"compare_{theme}", _compare, theme))
        made.append(Shot(f"compare_{theme}_1024x640", _compare, theme, SMALL))
    made += [
        Shot("compare_200", _compare, scale=2.0),
        Shot("steps_many", _many_steps),
        Shot("home_empty", _home, projects=False),
        Shot("home_keys", _keys),
        Shot("settings_end", _settings_end),
        Shot("versions", _versions),
        Shot("network", _network),
        Shot("trash", _trash),
        Shot("trash_dark", _trash, "dark"),
        Shot("trash_empty", lambda window: press(window, "home.trash"), projects=False),
        Shot("toasts", _toast),
        Shot("toasts_dark", _toast, "dark"),
        Shot("first_start", _home, who=""),
        Shot("first_start_dark", _home, "dark", who=""),
        Shot("first_start_200_960x600", _home, size=LEAST, scale=2.0, who=""),
        Shot("play", _play),
        Shot("make", _make),
    ]
    return tuple(made)


def press(window: QWidget, name: str) -> None:
    """Press the control of that name."""
    from PySide6.QtWidgets import QAbstractButton

    settle(0.1)
    button = window.findChild(QAbstractButton, name)
    if button is not None:
        button.click()


def settle(seconds: float = SETTLE_S) -> None:
    """Turn the event loop for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def main(arguments: list[str]) -> int:
    """Draw the pictures into the folder that is named first."""
    from ui.app import make_application

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out = Path(arguments[0] if arguments else "pictures")
    out.mkdir(parents=True, exist_ok=True)
    app = make_application()
    for shot in shots():
        if len(arguments) > 1 and not any(word in shot.name for word in arguments[1:]):
            continue
        direction = Qt.LayoutDirection.RightToLeft if shot.mirrored else Qt.LayoutDirection.LeftToRight
        app.setLayoutDirection(direction)
        with tempfile.TemporaryDirectory() as home:
            studio = Studio(app, Path(home), shot)
            try:
                studio.window.resize(*shot.size)
                studio.window.show()
                settle()
                shot.prepare(studio.window)
                settle()
                studio.window.grab().save(str(out / f"{shot.name}.png"))
            finally:
                studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
