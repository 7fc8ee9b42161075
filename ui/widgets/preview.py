"""The preview: the app of a project, playing behind the walls of `ui.sandbox`, or a card that says why not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from studio.blueprints import ProjectDocument
from studio.blueprints.render import kinds_of, render, render_update
from studio.errors import StudioError
from ui import sandbox
from ui.sandbox import Refusal
from ui.theme import Theme
from ui.widgets.appart import app_scene
from ui.widgets.controls import button
from ui.widgets.empty import EmptyState
from ui.widgets.painted import Scene
from ui.widgets.preview_parts import Alert, Corners, Cover, paint_shadow

if TYPE_CHECKING:
    from ui.locked_page import LockedPage, LockedView

MARGIN = 20
RESTART = "window.sprout?.restart?.()"
"""Forgets what the app keeps, but for what nobody could bring back: Start over in the app itself asks for that."""
AUTOMATIC = 3
AUTOMATIC_S = 60.0
LATE_MS = 20_000
"""A page that does not stand by then never will; measured on a slow, busy machine: 2 s."""
PAINT_MS = 60
"""Chromium's first picture comes a little after the page says that it stands."""

SCREENS: dict[str, tuple[int, int]] = {"computer": (0, 0), "tablet": (820, 1180), "phone": (390, 844)}
"""Most width and height of the app for each size of screen; 0 is as much as there is."""


class State(Enum):
    """Say what the preview shows."""

    EMPTY = "empty"
    LOADING = "loading"
    RUNNING = "running"
    STOPPED = "stopped"
    """Made by somebody else, waits for Run."""
    CRASHED = "crashed"
    HUNG = "hung"
    BLOATED = "bloated"
    MISSING = "missing"
    """Qt WebEngine or one of its libraries is not installed."""
    UNSAFE = "unsafe"
    """Chromium's sandbox cannot work here."""
    BROKEN = "broken"
    """This version cannot draw the document."""


@dataclass(frozen=True)
class Problem:
    """Tell what kept the app from playing."""

    state: State
    detail: str


class Preview(QWidget):
    """Show the app of a project document and keep it playing.

    The first document of a project is loaded whole; later ones are shown in the loaded page, which
    keeps its play. `ready` comes after each load, `updated` after each change in place, `placed` when the
    app has another place in this widget.
    """

    ready = Signal()
    updated = Signal()
    problem = Signal(object)
    console_line = Signal(str, str, int)
    app_event = Signal(str, str)
    run_asked = Signal()
    outside_asked = Signal()
    state_changed = Signal(object)
    placed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, margin: int = MARGIN) -> None:
        super().__init__(parent)
        self._theme, self._margin = theme, margin
        self._state = State.EMPTY
        self._document: ProjectDocument | None = None
        self._loaded: ProjectDocument | None = None
        self._view: LockedView | None = None
        self._screen = "computer"
        self._reloads: list[float] = []
        self._kinds: frozenset[str] = frozenset()
        self.setAccessibleName(self.tr("Your app"))
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._late.timeout.connect(self._on_late)
        self._cover = Cover(theme)
        self._cover.setParent(self)
        self._cover.rising.connect(self._place)
        self._corners = Corners(theme)
        self._corners.setParent(self)
        self._alert = Alert(theme)
        self._alert.setParent(self)
        self._corners.hide()
        self._alert.hide()
        theme.follow(self, lambda it: it.update())

    # ------------------------------------------------------------------ what others may ask

    @property
    def state(self) -> State:
        """Return what is shown now."""
        return self._state

    @property
    def document(self) -> ProjectDocument | None:
        """Return the document that is, or will be, shown."""
        return self._document

    def show_document(self, document: ProjectDocument, *, trusted: bool = True) -> None:
        """Show a document: in the page that plays its project already, else in a new one.

        A document that is not trusted stays stopped until somebody presses Run.
        """
        same = self._document is not None and self._document.id == document.id
        self._document = document
        if same and self._state is State.RUNNING:
            self._update()
        elif same and self._state is State.LOADING:
            pass  # what has been asked for last is shown once the page stands
        elif same and self._state is State.STOPPED and not trusted:
            self._cover.set_scene(_scene_of(document))
        else:
            self._begin(trusted=trusted)

    def reload(self) -> None:
        """Play from the start, in a new renderer if the old one is stuck."""
        if self._document is None or self._state in (State.STOPPED, State.EMPTY):
            return
        if self._view is not None and self._state is State.RUNNING and self._view.locked.watchdog.waiting:
            self._view.locked.watchdog.stop_page()
            return  # _on_page_stopped loads again
        if self._view is not None and self._state is State.RUNNING:
            self._view.locked.run(RESTART)
        self._load()

    def run_now(self) -> None:
        """Run an app that somebody else made; the user has just said so."""
        if self._state is State.STOPPED:
            self._load()

    def set_screen(self, name: str) -> None:
        """Show the app as wide as on a "computer", "tablet" or "phone"."""
        self._screen = name
        self._place()

    def app_rect(self) -> QRect:
        """Return where the app lies in this widget."""
        room = self.rect().adjusted(self._margin, self._margin, -self._margin, -self._margin)
        most_wide, most_high = SCREENS[self._screen]
        wide = min(room.width(), most_wide or room.width())
        high = min(room.height(), most_high or room.height())
        return QRect(room.x() + (room.width() - wide) // 2, room.y(), max(1, wide), max(1, high))

    @property
    def page(self) -> LockedPage | None:
        """Return the page that plays the app, if there is one."""
        return self._view.locked if self._view is not None else None

    def renderer_pid(self) -> int:
        """Return the process that plays the app, 0 if there is none."""
        return self._view.locked.renderProcessPid() if self._view is not None else 0

    def clear(self, card: QWidget | None = None) -> None:
        """Show nothing, or a card that says what will be here, and let the page go."""
        self.close_page()
        self._document = None
        self._set_state(State.EMPTY)
        if card is None:
            self._cover.show_nothing()
        else:
            self._cover.show_card(card)

    def close_page(self) -> None:
        """Take the page down, in the order that it needs; a later `show_document` makes a new one."""
        view, self._view, self._loaded = self._view, None, None
        if view is not None:
            view.close_page()
        self._corners.hide()
        self._alert.hide()

    # ------------------------------------------------------------------ loading

    def _begin(self, *, trusted: bool) -> None:
        assert self._document is not None  # noqa: S101 - set by the only caller
        self.close_page()
        self._kinds = frozenset()
        self._reloads.clear()
        self._cover.set_scene(_scene_of(self._document))
        if trusted:
            self._load()
            return
        self._show_card(
            State.STOPPED,
            "shield-check",
            self.tr("Made by someone else"),
            self.tr("It can only play here. It cannot see your files or the internet."),
            self._act(self.tr("Play"), "play-fill", self._on_run, main=True),
        )

    def _load(self) -> None:
        self._set_state(State.LOADING)
        self._alert.hide()
        self._cover.show_scene()
        # One turn of the loop later, so that the window shows the change before WebEngine takes its time.
        QTimer.singleShot(0, self, self._load_now)

    def _load_now(self) -> None:
        if self._state is not State.LOADING or self._document is None:
            return
        refusal = sandbox.refusal(own=self._document.kind == "blueprint")
        if refusal is not None:
            self._refuse(refusal)
            return
        try:
            self._kinds |= kinds_of(self._document)
            html = render(self._document, room_for=self._kinds)
        except StudioError as error:
            self._cannot_play(str(error))
            return
        self._loaded = self._document
        self._late.start()
        self._page_view().locked.show_html(html)

    def _page_view(self) -> LockedView:
        if self._view is None:
            from ui.locked_page import LockedView

            view = LockedView(self)
            view.setAccessibleName(self.tr("Your app"))
            page = view.locked
            page.ready.connect(self._on_ready)
            page.stopped.connect(self._on_page_stopped)
            page.console_line.connect(self.console_line)
            page.app_event.connect(self.app_event)
            page.alerted.connect(self._on_alert)
            page.setBackgroundColor(self._theme.colour("sunken"))
            self._view = view
            self._place()
            view.lower()
            view.show()
        return self._view

    def _on_ready(self) -> None:
        if self._state is not State.LOADING:
            return
        self._set_state(State.RUNNING)
        QTimer.singleShot(PAINT_MS, self, self._uncover)
        if self._document is not self._loaded:
            self._update()

    def _on_late(self) -> None:
        if self._state is State.LOADING:
            self._cannot_play("it did not say that it stands")

    def _cannot_play(self, why: str) -> None:
        self.close_page()
        again = self._act(self.tr("Play again"), "arrow-counter-clockwise", self.reload, main=True)
        about = self.tr(
            "Something in it does not work in this version. Your project is safe. Undo the last change."
        )
        self._show_card(State.BROKEN, "warning-circle", self.tr("This app cannot play here"), about, again)
        self.problem.emit(Problem(State.BROKEN, why))

    def _uncover(self) -> None:
        if self._state is State.RUNNING:
            self._cover.hide()
            self._corners.show()
            self._corners.raise_()
            self.ready.emit()

    # ------------------------------------------------------------------ changing in place

    def _update(self) -> None:
        document = self._document
        if document is None or self._view is None or document is self._loaded:
            return
        if not kinds_of(document) <= self._kinds:
            self._cover.hold(self._view.grab())  # what is on the screen stays there until the new page stands
            self._load()
            return
        try:
            script = render_update(document)
        except StudioError:
            self._load()
            return
        self._loaded = document
        guarded = (
            "(() => { try { "
            + script
            + ' return "shown"; } catch (error) { return "failed: " + error; } })()'
        )
        self._view.locked.run(guarded, done=lambda result: self._on_updated(document, result))

    def _on_updated(self, document: ProjectDocument, result: object) -> None:
        if self._state is not State.RUNNING or document is not self._loaded:
            return
        if result == "shown":
            self.updated.emit()
        else:
            self._load()

    # ------------------------------------------------------------------ trouble

    def _on_page_stopped(self, reason: str) -> None:
        if reason == "ended":
            self._load()
        elif self._state in (State.LOADING, State.RUNNING):
            self._fail(reason)

    def _fail(self, reason: str) -> None:
        state = State(reason)
        self.problem.emit(Problem(state, reason))
        now = time.monotonic()
        self._reloads = [moment for moment in self._reloads if now - moment < AUTOMATIC_S]
        if state is State.CRASHED and len(self._reloads) < AUTOMATIC:
            self._reloads.append(now)
            self._load()
            return
        words = {
            State.CRASHED: (
                self.tr("The app stopped"),
                self.tr(
                    "It stopped several times. Your project is safe. Undo the last change, or play again."
                ),
            ),
            State.HUNG: (
                self.tr("The app got stuck"),
                self.tr("It did not answer for 5 seconds, so we stopped it. Your project is safe."),
            ),
            State.BLOATED: (
                self.tr("The app used too much memory"),
                self.tr("We stopped it so that the computer stays quick. Your project is safe."),
            ),
        }
        again = self._act(self.tr("Play again"), "arrow-counter-clockwise", self.reload, main=True)
        self._show_card(state, "warning-circle", *words[state], again)

    def _refuse(self, refusal: Refusal) -> None:
        outside = self._act(self.tr("Play in the browser"), "globe", self.outside_asked.emit)
        if refusal is Refusal.NO_ENGINE:
            missing = sandbox.webengine_problem() or ""
            about = self.tr("Run the set-up once more to add it. You can still change and share your app.")
            self._show_card(
                State.MISSING, "play-circle", self.tr("A part for playing is missing"), about, outside
            )
            self.problem.emit(Problem(State.MISSING, missing))
            return
        about = self.tr("Start the studio as an everyday user and apps play here. Yours is safe.")
        self._show_card(
            State.UNSAFE, "shield-warning", self.tr("Apps do not play for the system user"), about, outside
        )
        self.problem.emit(Problem(State.UNSAFE, refusal.value))

    def _show_card(self, state: State, icon: str, title: str, about: str, *acts: QPushButton) -> None:
        self._set_state(state)
        self._corners.hide()
        self._alert.hide()
        self._cover.show_card(EmptyState(self._theme, icon, title, about, *acts))

    def _act(
        self, words: str, icon: str, clicked: Callable[[], object], *, main: bool = False
    ) -> QPushButton:
        made = button(self._theme, words, "primary" if main else "", icon, clicked=clicked)
        made.setObjectName("preview.act")
        return made

    def _on_run(self) -> None:
        self.run_asked.emit()
        self.run_now()

    def _on_alert(self, words: str) -> None:
        self._alert.tell(words)
        self._place()

    def _set_state(self, state: State) -> None:
        if state is not State.LOADING:
            self._late.stop()
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
        self.update()

    # ------------------------------------------------------------------ Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("sunken"))
        if self._state in (State.LOADING, State.RUNNING) and self._margin:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_shadow(painter, QRectF(self.app_rect()), self._theme.colour("shadow"))

    def _place(self) -> None:
        rect = self.app_rect()
        if self._view is not None:
            self._view.setGeometry(rect)
        self._corners.setGeometry(rect)
        self._cover.setGeometry(rect if self._state in (State.LOADING, State.RUNNING) else self.rect())
        self._alert.place(rect)
        self.update()
        self.placed.emit()


def _scene_of(document: ProjectDocument) -> Scene | None:
    blueprint = document.blueprint
    if blueprint is None:
        return None
    return app_scene(blueprint.icon, blueprint.title, blueprint.theme.palette, blueprint.theme.mode)
