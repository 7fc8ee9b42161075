"""Draw every page and state into PNG files, for people who judge the look: `python -m ui.pictures OUT [WORD...]`.

Each state is drawn in the real window on real services in a throwaway home. Words after the folder
keep only the pictures whose names contain one of them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from studio import services as studio_services
from studio.blueprints import BLOCK_CLASSES, Blueprint, block_slots, new_block, to_json
from studio.errors import StorageError
from studio.phrases import phrase
from ui.bridge import EventBridge, Tasks
from ui.main_window import MainWindow
from ui.make.places import Place
from ui.theme import Theme

WIDE, SMALL, LEAST = (1280, 800), (1024, 640), (960, 600)
SETTLE_S = 0.45
PROJECTS = ("planet-quiz", "dinosaur-quiz", "study-corner", "story-dice")
"""The starters that each picture's home has as projects, the last changed first."""


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
        for starter_id in reversed(PROJECTS):
            self.services.builder.remix(starter_id)

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


def _gallery(window: MainWindow, words: str = "") -> None:
    settle(1)
    window.home_page().show_gallery()
    window.home_page()._all.words.setText(words)
    settle(1)


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
    for spot in layer.spots[-1:]:  # there is none where apps may not play
        layer.picked.emit(spot, False)
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


def _hand_app(window: MainWindow, *kinds: str, **more: Any) -> str:
    """Keep and open an app of parts as they come from the palette; return its id."""
    blocks = [json.loads(to_json(new_block(kind))) for kind in kinds]
    plain = json.loads(to_json(window._services.builder.starters()[0].blueprint))
    made = Blueprint.model_validate({**plain, "title": "By hand", "blocks": blocks, "rules": [], **more})
    project = window._services.projects.create(made, words=phrase("Made"), origins=_origins_of(made))
    window.open_project(project.id)
    wait_for(window, lambda page: page.project is not None and page.project.id == project.id)
    return project.id


def _origins_of(blueprint: Blueprint) -> dict[str, dict[str, Any]]:
    """Say of a quiz that a model wrote it, so that there is something to check."""
    if blueprint.blocks[0].type != "quiz":
        return {}
    made = {"from": "model:SmolLM2-360M-Instruct", "checked": False}
    return {f"/blocks/0/questions/{place}": made for place in range(2)}


def wait_for(window: MainWindow, ready: Callable[[Any], bool]) -> None:
    """Turn the event loop until the Make page is ready."""
    end = time.monotonic() + 20
    while time.monotonic() < end and not ready(window.make_page()):
        settle(0.05)


def _part(kind: str, *, item: bool = False) -> Callable[[MainWindow], None]:
    """Return what opens the form of one kind of part, or of its first item."""

    def prepare(window: MainWindow) -> None:
        _hand_app(window, kind)
        names = [one.name for one in block_slots(kind) if one.of and one.of.model] if item else []
        show_inspector(window, Place(0, names[0], 0) if names else Place(0))

    return prepare


def show_inspector(window: MainWindow, place: Place, tab: str = "") -> None:
    """Show a place in the inspector, over the app where the window is narrow."""
    page = window.make_page()
    page.room.set_sheet(opened=True)
    page.inspector.open_place(place)
    if tab:
        page.inspector._tabs.set_value(tab)
        page.inspector._on_tab(tab)
    settle(0.3)


def _parts(window: MainWindow) -> None:
    _hand_app(window, "quiz", "timer", "pet")
    window._services.builder.lock(window.make_page().project.id, 1, locked=True)
    wait_for(window, lambda page: bool(page.project.document.locks))
    show_inspector(window, Place())


def _locked(window: MainWindow) -> None:
    _parts(window)
    show_inspector(window, Place(1))


def _rules(window: MainWindow) -> None:
    rules = [
        {
            "when": {"block": "b1", "event": "win"},
            "do": {"block": "b1", "action": "confetti", "say": "Well done!"},
        },
        {
            "when": {"block": "b2", "event": "finish"},
            "do": {"block": "b1", "action": "reset", "say": ""},
        },
    ]
    _hand_app(window, "quiz", "timer", rules=rules)
    show_inspector(window, Place(), "rules")


def _look_tab(window: MainWindow) -> None:
    _hand_app(window, "quiz")
    show_inspector(window, Place(), "look")


def _palette(words: str) -> Callable[[MainWindow], None]:
    """Return what opens the palette of parts and types into its search."""

    def prepare(window: MainWindow) -> None:
        _hand_app(window, "quiz")
        show_inspector(window, Place())
        window.make_page().inspector.parts().choose_new().finder.search.setText(words)
        settle(0.3)

    return prepare


def _icon_picker(window: MainWindow) -> None:
    _hand_app(window, "quiz")
    show_inspector(window, Place())
    window.make_page().inspector.fields()["icon"].open()


def _please_check(window: MainWindow) -> None:
    _hand_app(window, "quiz")
    show_inspector(window, Place(0, "questions", 0))


def hand_shots() -> tuple[Shot, ...]:
    """Return the pictures of everything that a hand can change."""
    made = [Shot(f"part_{kind}", _part(kind)) for kind in BLOCK_CLASSES]
    items = ("quiz", "story", "chatbot", "calculator", "converter", "soundboard", "poll", "counter")
    made += [Shot(f"item_{kind}", _part(kind, item=True)) for kind in items]
    for name, prepare in (
        ("hand_parts", _parts),
        ("hand_locked", _locked),
        ("hand_rules", _rules),
        ("hand_look", _look_tab),
        ("hand_palette", _palette("")),
        ("hand_palette_search", _palette("mus")),
        ("hand_palette_nothing", _palette("zeppelin")),
        ("hand_icons", _icon_picker),
        ("hand_check", _please_check),
    ):
        made += [
            Shot(name, prepare),
            Shot(f"{name}_dark", prepare, "dark"),
            Shot(f"{name}_1024x640", prepare, size=SMALL),
        ]
    made += [
        Shot("hand_parts_200", _parts, scale=2.0),
        Shot("hand_rules_rtl", _rules, mirrored=True),
        Shot("hand_palette_200", _palette(""), scale=2.0),
        Shot("hand_parts_contrast", _parts, "high_contrast"),
    ]
    return tuple(made)


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
    for name, words in (("all", ""), ("searched", "quiz about animals"), ("nothing", "zebra orchestra")):
        for theme in ("light", "dark"):
            look = partial(_gallery, words=words)
            made.append(Shot(f"gallery_{name}_{theme}", look, theme))
            made.append(Shot(f"gallery_{name}_{theme}_1024x640", look, theme, SMALL))
    made += [
        Shot("gallery_200", _gallery, scale=2.0),
        Shot("gallery_rtl", _gallery, mirrored=True),
        Shot("gallery_high_contrast", _gallery, "high_contrast"),
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
        *hand_shots(),
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
