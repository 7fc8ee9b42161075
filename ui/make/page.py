"""The Make page: talk on the left, the app in the middle, its values on the right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLayout, QStackedLayout

from studio.blueprints import parse_operation
from studio.builder.service import Made
from studio.errors import NotFoundError, StudioError
from studio.events import PictureMade, ProjectChanged, ProjectListChanged
from studio.projects import Project
from studio.services import Services
from ui.bridge import EventBridge, Task, Tasks
from ui.make.bar import StageBar
from ui.make.columns import Columns
from ui.make.conversation import Conversation
from ui.make.header import Header
from ui.make.ideas import ideas_for
from ui.make.inspector import Inspector
from ui.make.origins import unwritten
from ui.make.share import ShareDialog
from ui.make.timeline import Timeline
from ui.make.waiting import Waiting
from ui.theme import Theme
from ui.widgets import EmptyState, button, col, frame, line, row
from ui.widgets.picture_maker import PictureMaker
from ui.widgets.preview import Preview, State
from ui.words import say

RAIL = 93
NARROW = 1100 - RAIL
LOW = 700
LEAST = QSize(860, 520)
LANE = "engine"
"""Every change of a project goes through one lane of one, so that changes keep their order."""


class MakePage(QFrame):
    """Make one app: by words, by hand, and back and forth along its steps."""

    home_requested = Signal()
    title_changed = Signal(str)

    def __init__(self, services: Services, theme: Theme, bridge: EventBridge, tasks: Tasks) -> None:
        super().__init__()
        self._services, self._theme, self._tasks = services, theme, tasks
        self._project: Project | None = None
        self._wish: Task | None = None
        self._running = self._unsaved = 0
        self._sheet_open = False
        self._column = "app"
        self.setProperty("part", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Make"))
        self.pictures = PictureMaker(services, bridge, tasks, self)
        self._build()
        self._connect()
        self._add_keys()
        bridge.published.connect(self._on_event)
        theme.follow(self, lambda it: it._arrange())
        self._show_empty()

    # ------------------------------------------------------------------ what others may ask

    @property
    def project(self) -> Project | None:
        """Return the project that is open."""
        return self._project

    @property
    def busy(self) -> bool:
        """Tell whether something is being made, changed or saved."""
        return self._running > 0

    def arrive(self) -> None:
        """Be shown: the keyboard is in the box for wishes."""
        if self._pages.currentWidget() is self._work:
            self.conversation.focus()

    def open_project(self, project_id: str) -> None:
        """Show a project."""
        self._leave_wish()
        self._show_work()
        self._run(lambda: self._services.projects.get(project_id), self._on_arrived)

    def start_wish(self, prompt: str) -> None:
        """Begin a new project with a wish; the page stands at once, the app comes when it is made."""
        self._leave_wish()
        self._project = None
        self._show_work()
        self.header.show_new(self.tr("New app"))
        self.title_changed.emit("")
        self._waiting.begin()
        self.timeline.show_nothing()
        self.conversation.show_turns(())
        self.conversation.set_ideas(())
        self.conversation.composer.belong_to("")
        self.conversation.composer.words.clear()
        self.conversation.composer.set_hint(self.tr("What do you want to make?"))
        self._arrange()
        self._send(prompt)

    def shutdown(self) -> None:
        """Let the page of the preview and the maker of pictures go; the window closes."""
        self.pictures.stop()
        self.preview.close_page()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        theme = self._theme
        self.header = Header(theme)
        self.timeline = Timeline(theme)
        self.conversation = Conversation(theme)
        self._steps_line = line()
        self.talk = frame("panel", col(self.timeline, self._steps_line, (self.conversation, 1), gap=0))
        self.preview = Preview(theme)
        self.preview.setObjectName("make.preview")
        self.inspector = Inspector(theme)
        self._bar = StageBar(theme)
        self.again, self.screens, self.columns, self.open_inspector = self._bar.parts
        self._bar_line = line()
        self._stage = frame("stage", col(self._bar, self._bar_line, (self.preview, 1), gap=0))
        self._talk_line, self._inspector_line = line(vertical=True), line(vertical=True)
        self._columns = row(
            self.talk, self._talk_line, (self._stage, 1), self._inspector_line, self.inspector, gap=0
        )
        self._places = Columns(self._columns, self._stage, self.talk, self.inspector)
        self._waiting = Waiting(theme, self.preview)
        self._work = frame("canvas", col(self.header, line(), (self._columns, 1), gap=0))
        home = button(
            theme, self.tr("Make an app"), "primary", "magic-wand", clicked=self.home_requested.emit
        )
        home.setObjectName("make.home")
        self._empty = EmptyState(
            theme,
            "puzzle-piece",
            self.tr("Nothing is open yet"),
            self.tr("Say what you want to make, or open one of your projects. Both are at Home."),
            home,
        )
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._stage.installEventFilter(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._work)

    def _connect(self) -> None:
        self.header.renamed.connect(lambda name: self._change_plain({"op": "set_title", "value": name}))
        self.header.share_asked.connect(self.share)
        self.timeline.undo_asked.connect(self.undo)
        self.timeline.redo_asked.connect(self.redo)
        self.timeline.step_chosen.connect(self._on_step_chosen)
        self.conversation.sent.connect(self._send)
        self.conversation.stopped.connect(self._on_stop)
        self.again.clicked.connect(self._on_again)
        self.screens.chosen.connect(self._on_screen)
        self.columns.chosen.connect(self._on_column)
        self.open_inspector.clicked.connect(self._on_sheet)
        self.inspector.operations_asked.connect(self._change)
        self.inspector.check_asked.connect(self._on_check_asked)
        self.inspector.typed.connect(self._on_typed)
        self.inspector.place_changed.connect(self._look)
        self.preview.ready.connect(self._look)
        self.preview.updated.connect(self._look)
        self.preview.state_changed.connect(self._on_preview_state)
        self.inspector.closed.connect(lambda: self._set_sheet(opened=False))
        self.preview.run_asked.connect(self._on_run_asked)
        self.preview.outside_asked.connect(self._on_outside_asked)

    def _add_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+R", self._on_again),
            ("Ctrl+E", self.share),
        )
        for words, call in keys:
            shortcut = QShortcut(QKeySequence(words), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    # ------------------------------------------------------------------ wishes

    def _send(self, words: str) -> None:
        if self._wish is not None:
            return
        self.conversation.add_wish(words)
        self.conversation.set_busy(True)
        self._waiting.more()
        builder, project = self._services.builder, self._project

        def work() -> Made:
            return builder.make(words) if project is None else builder.edit(project.id, words)

        self._wish = self._run(work, self._on_made, ended=self._on_wish_ended)

    def _on_made(self, made: Made) -> None:
        if made.project is not None:
            new = self._project is None or self._project.id != made.project.id
            self._on_opened(made.project)
            self.conversation.show_turns(made.project.turns, made.plan.guesses)
            if new:
                self._open_unwritten(made.project)
            return
        notes = [say(note) for note in made.plan.checks]
        self.conversation.add_answer(say(made.plan.say), notes, made.plan.guesses)

    def _open_unwritten(self, project: Project) -> None:
        """Open the first place that the planner could not fill; the keyboard stays where it is."""
        for pointer in unwritten(project.document)[:1]:
            self.inspector.open_pointer(pointer)

    def _on_wish_ended(self) -> None:
        self._wish = None
        self.conversation.set_busy(False)
        self._waiting.ask()

    def _on_stop(self) -> None:
        if self._wish is not None:
            self._wish.cancel()
            self._leave_wish()
            self.conversation.add_answer(self.tr("Stopped."))
            self._waiting.ask()
            if self._project is not None:
                self._reload()

    def _leave_wish(self) -> None:
        """Listen no more to a wish that is still being worked on; its project, if any, is in the library."""
        if self._wish is not None:
            self._wish.cancel()
            self._wish.succeeded.disconnect()
            self._wish = None
        self.conversation.set_busy(False)

    # ------------------------------------------------------------------ changes by hand, steps

    def _change(self, operations: Any) -> None:
        project = self._project
        if project is not None and operations:
            self._unsaved += 1
            self._run(
                lambda: self._services.builder.change(project.id, operations),
                self._on_changed,
                over=self._on_change_over,
            )

    def _on_change_over(self) -> None:
        self._unsaved -= 1

    def _change_plain(self, plain: dict[str, Any]) -> None:
        self._change((parse_operation(plain),))

    def _on_check_asked(self, pointer: str, checked: bool) -> None:
        project = self._project
        if project is not None:
            self._run(
                lambda: self._services.builder.check(project.id, pointer, checked=checked), self._on_changed
            )

    def undo(self) -> None:
        """Show the step before; what is just being typed is a step too."""
        self.inspector.settle()
        project = self._project
        if project is not None and (project.can_undo or self._unsaved):
            self._run(lambda: self._services.projects.undo(project.id), self._on_changed)

    def redo(self) -> None:
        """Show the step after."""
        project = self._project
        if project is not None and project.can_redo:
            self._run(lambda: self._services.projects.redo(project.id), self._on_changed)

    def _on_typed(self) -> None:
        self.timeline.set_typing(typing=self.inspector.dirty)

    def _on_step_chosen(self, step_id: int) -> None:
        project = self._project
        if project is not None and project.step.id != step_id:
            self._run(lambda: self._services.projects.go_to(project.id, step_id), self._on_changed)

    def share(self) -> None:
        """Open the dialog that saves the app as one file."""
        if self._project is None:
            return
        dialog = ShareDialog(self.window(), self._theme, self._services, self._tasks, self._project)
        dialog.check_asked.connect(self._on_look_asked)
        dialog.open()

    def _on_look_asked(self, pointer: str) -> None:
        if self.inspector.open_pointer(pointer):
            self._set_sheet(opened=True)

    # ------------------------------------------------------------------ running work

    def _run(
        self,
        work: Callable[[], Any],
        succeeded: Callable[[Any], None],
        ended: Callable[[], None] | None = None,
        over: Callable[[], None] | None = None,
    ) -> Task:
        self._running += 1
        self.header.set_saving(saving=True)
        failures: list[StudioError] = []

        def failed(error: StudioError) -> None:
            failures.append(error)
            self._on_failed(error)

        def finished() -> None:
            self._running -= 1
            if over is not None:
                over()
            self.header.set_saving(saving=self._running > 0, failed=bool(failures) and ended is None)
            if ended is not None and (self._wish is None or self._wish is task):
                ended()

        task = self._tasks.run(
            lambda token, report: work(), lane=LANE, parent=self, succeeded=succeeded, failed=failed
        )
        task.ended.connect(finished)
        return task

    def _on_failed(self, error: StudioError) -> None:
        self._tasks.unhandled.emit(error)
        if self._project is None and isinstance(error, NotFoundError):
            self._show_empty()
        elif self._project is not None:
            self._show(self._project)  # what the fields say is what is kept

    # ------------------------------------------------------------------ showing

    def _on_arrived(self, project: Project) -> None:
        self.conversation.composer.belong_to(project.id)
        self._on_opened(project)

    def _on_opened(self, project: Project) -> None:
        self._project = project
        if project.summary.trusted and project.step.picture is None:
            self.pictures.want(project.id)
        self._show(project)

    def _on_changed(self, project: Project) -> None:
        if self._project is None or self._project.id != project.id:
            return
        self._project = project
        self._show(project)

    def _show(self, project: Project) -> None:
        self._show_work()
        self._waiting.end()
        self.preview.show_document(
            project.document, trusted=project.summary.trusted
        )  # first: it is looked at
        self.header.show_project(project)
        self.timeline.show_project(project)
        self.conversation.show_turns(project.turns)
        self.conversation.composer.belong_to(project.id, carry=True)
        self.conversation.composer.set_hint(self.tr("What should change?"))
        if project.document.blueprint is not None:
            self.conversation.set_ideas(ideas_for(project.document.blueprint))
        self.inspector.show_document(project.document)
        self.title_changed.emit(project.summary.title)
        self._arrange()

    def _show_empty(self) -> None:
        self._project = None
        self._waiting.end()
        self.preview.clear()
        self._pages.setCurrentWidget(self._empty)
        self.title_changed.emit("")

    def _show_work(self) -> None:
        self._pages.setCurrentWidget(self._work)

    def _reload(self) -> None:
        if self._project is not None:
            project_id = self._project.id
            self._run(lambda: self._services.projects.get(project_id), self._on_reloaded)

    def _on_reloaded(self, project: Project) -> None:
        if project.summary.deleted_at is not None:
            if self._project is not None and self._project.id == project.id:
                self._show_empty()
            return
        self._on_changed(project)

    def _on_event(self, event: object) -> None:
        if self._project is None:
            return
        if isinstance(event, PictureMade) and event.project_id == self._project.id:
            self._show_picture(event.step_id)
        elif isinstance(event, ProjectChanged) and event.project_id == self._project.id and not self._running:
            self._reload()
        elif (
            isinstance(event, ProjectListChanged)
            and not self._running
            and not self._in_library(self._project)
        ):
            self._show_empty()  # it went to the trash at Home

    def _in_library(self, project: Project) -> bool:
        return any(summary.id == project.id for summary in self._services.projects.list())

    def _show_picture(self, step_id: int) -> None:
        assert self._project is not None  # noqa: S101 - asked by the only caller
        for step in self._services.projects.get(self._project.id).steps:
            if step.id == step_id and step.picture is not None:
                self.timeline.set_picture(step_id, step.picture)

    # ------------------------------------------------------------------ the preview

    def _on_preview_state(self, _state: object) -> None:
        asks = self.preview.state in (State.EMPTY, State.STOPPED)
        self.again.setEnabled(self._project is not None and not asks)

    def _look(self) -> None:
        """Let the app show what is open in the inspector."""
        place, page = self.inspector.place, self.preview.page
        if place.block is None or page is None or self._project is None or not self.inspector.isVisible():
            return
        if self.preview.state is State.RUNNING:
            told = json.dumps([place.block, place.list, place.index] if place.list else [place.block])
            page.run(f"window.sprout && sprout.look && sprout.look(...{told}); 0")

    def _on_again(self) -> None:
        self.preview.reload()

    def _on_run_asked(self) -> None:
        project = self._project
        if project is not None:
            self._run(lambda: self._services.projects.trust(project.id), lambda _none: self._reload())

    def _on_outside_asked(self) -> None:
        project = self._project
        if project is None:
            return
        path = self._services.paths.cache / "preview.html"
        self._tasks.run(
            lambda token, report: self._services.sharing.export_page(project.id, path),
            lane="disk",
            parent=self,
            succeeded=_open_outside,
        )

    # ------------------------------------------------------------------ room

    def _on_screen(self, name: str) -> None:
        self.preview.set_screen(name)

    def _on_column(self, name: str) -> None:
        self._column = name
        self._arrange()

    def _on_sheet(self) -> None:
        self._set_sheet(opened=not self._sheet_open)

    def _set_sheet(self, *, opened: bool) -> None:
        self._sheet_open = opened
        if self._theme.big:
            self._column = "change" if opened else "app"
            self.columns.set_value(self._column)
        self._arrange()

    def _arrange(self) -> None:
        """Give each column its room: side by side, the inspector over the app, or one at a time."""
        big, narrow, there = self._theme.big, self.width() < NARROW, self._project is not None
        column = self._column if there else "talk"
        sheet = narrow and not big
        opened = there and (column == "change" if big else self._sheet_open or not narrow)
        for part in (self._bar, self._bar_line, self.timeline, self._steps_line):
            part.setVisible(there)
        self.columns.setVisible(big)
        self.screens.setVisible(not big)
        self.open_inspector.setVisible(sheet)
        self.open_inspector.setChecked(sheet and self._sheet_open)
        self._on_preview_state(self.preview.state)
        compact = self.height() < LOW or big
        self.timeline.set_compact(compact=compact)
        self.conversation.set_compact(compact=compact)
        self._places.place_talk(big=big, narrow=narrow)
        self._places.place_inspector(self._work, self._bar, sheet=sheet, big=big)
        self.talk.setVisible(not big or column == "talk")
        self._talk_line.setVisible(not big)
        self.inspector.setVisible(opened)
        self._inspector_line.setVisible(opened and not sheet and not big)
        self.preview.setVisible(not big or column == "app")
        self.inspector.set_sheet(sheet=sheet)
        self.header.set_narrow(narrow=narrow)

    def _place_sheet(self) -> None:
        self._places.place_sheet(self._work, self._bar)

    def minimumSizeHint(self) -> QSize:
        return LEAST  # what is too wide for a small window leaves its column there

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._stage and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place_sheet()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pages.activate()
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "inspector"):
            self._arrange()


def _open_outside(page: Path) -> None:
    """Play a page in the system's browser: our own page, which cannot reach the network there either."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
