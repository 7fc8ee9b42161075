"""The Make page: talk on the left, the app in the middle, its values on the right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLayout, QStackedLayout

from studio.blueprints import parse_operation
from studio.builder.service import Made
from studio.errors import NotFoundError, StudioError
from studio.events import PictureMade, ProjectChanged, ProjectListChanged
from studio.projects import Project
from studio.services import Services
from ui.bridge import EventBridge, Tasks
from ui.make.bar import StageBar
from ui.make.columns import Columns
from ui.make.compare import Compare
from ui.make.conversation import Conversation
from ui.make.header import Header
from ui.make.ideas import ideas_for
from ui.make.inspector import Inspector
from ui.make.origins import unwritten
from ui.make.picking import PartPicking
from ui.make.room import Room
from ui.make.share import ShareDialog
from ui.make.timeline import Timeline
from ui.make.waiting import Waiting
from ui.make.wishes import Wishes
from ui.make.work import Work
from ui.theme import Theme
from ui.widgets import EmptyState, button, col, frame, line, row
from ui.widgets.picture_maker import PictureMaker
from ui.widgets.preview import Preview, State

LEAST = QSize(860, 520)


class MakePage(QFrame):
    """Make one app: by words, by hand, and back and forth along its steps."""

    home_requested = Signal()
    title_changed = Signal(str)

    def __init__(self, services: Services, theme: Theme, bridge: EventBridge, tasks: Tasks) -> None:
        super().__init__()
        self._services, self._theme, self._tasks = services, theme, tasks
        self._project: Project | None = None
        self._unsaved = 0
        self.setProperty("part", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Make"))
        self.pictures = PictureMaker(services, bridge, tasks, self)
        self._build()
        self._connect()
        self._add_keys()
        bridge.published.connect(self._on_event)
        theme.follow(self, lambda it: it.room.arrange())
        self._show_empty()

    # ------------------------------------------------------------------ what others may ask

    @property
    def project(self) -> Project | None:
        """Return the project that is open."""
        return self._project

    @property
    def busy(self) -> bool:
        """Tell whether something is being made, changed or saved."""
        return self._work.busy

    def arrive(self) -> None:
        """Be shown: the keyboard is in the box for wishes."""
        if self._pages.currentWidget() is self.work_place:
            self.conversation.focus()

    def open_project(self, project_id: str, *, say: str = "") -> None:
        """Show a project; `say` is a wish to send as soon as it stands."""
        self._wishes.leave()
        self._show_work()

        def arrived(project: Project) -> None:
            self._on_arrived(project)
            if say:
                self._send(say)

        self._work.run(lambda: self._services.projects.get(project_id), arrived)

    def start_wish(self, prompt: str) -> None:
        """Begin a new project with a wish; the page stands at once, the app comes when it is made."""
        self._wishes.leave()
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
        self.room.arrange()
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
        steps_line = line()
        self.talk = frame("panel", col(self.timeline, steps_line, (self.conversation, 1), gap=0))
        self.preview = Preview(theme)
        self.preview.setObjectName("make.preview")
        self.inspector = Inspector(theme)
        self.bar = StageBar(theme)
        bar_line = line()
        self.stage = frame("stage", col(self.bar, bar_line, (self.preview, 1), gap=0))
        self.only_with_project = (self.bar, bar_line, self.timeline, steps_line)
        self.talk_line, self.inspector_line = line(vertical=True), line(vertical=True)
        columns = row(self.talk, self.talk_line, (self.stage, 1), self.inspector_line, self.inspector, gap=0)
        self.work_place = frame("canvas", col(self.header, line(), (columns, 1), gap=0))
        self.room = Room(self, theme, Columns(columns, self.stage, self.talk, self.inspector))
        self._waiting = Waiting(theme, self.preview)
        self._work = Work(self._tasks, self.header, self)
        self._wishes = Wishes(self._services, self._work, self.conversation, self._waiting, self)
        self.picking = PartPicking(theme, self.preview, self.inspector, self.bar.pick, self)
        self._build_pages()

    def _build_pages(self) -> None:
        theme = self._theme
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
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.work_place)

    def _connect(self) -> None:
        self.header.renamed.connect(lambda name: self._change_plain({"op": "set_title", "value": name}))
        self.header.share_asked.connect(self.share)
        self.timeline.undo_asked.connect(self.undo)
        self.timeline.redo_asked.connect(self.redo)
        self.timeline.step_chosen.connect(self._on_step_chosen)
        self.timeline.compare_asked.connect(self.compare)
        self.timeline.branch_asked.connect(self._on_branch_asked)
        self.conversation.sent.connect(self._send)
        self.conversation.stopped.connect(self._wishes.stop)
        self._wishes.made.connect(self._on_made)
        self._wishes.stopped.connect(self._reload)
        self._work.failed.connect(self._on_failed)
        self.bar.again.clicked.connect(self.preview.reload)
        self.bar.screens.chosen.connect(self.preview.set_screen)
        self.bar.columns.chosen.connect(self.room.show_column)
        self.bar.change.clicked.connect(self.room.toggle_sheet)
        self.picking.asked.connect(lambda: self.room.set_sheet(opened=True))
        self.room.app_hidden.connect(self.picking.stop)
        self.inspector.operations_asked.connect(self._change)
        self.inspector.check_asked.connect(self._on_check_asked)
        self.inspector.lock_asked.connect(self._on_lock_asked)
        self.inspector.typed.connect(self._on_typed)
        self.inspector.place_changed.connect(self._look)
        self.preview.ready.connect(self._look)
        self.preview.updated.connect(self._look)
        self.preview.state_changed.connect(self._on_preview_state)
        self.inspector.closed.connect(lambda: self.room.set_sheet(opened=False))
        self.preview.run_asked.connect(self._on_run_asked)
        self.preview.outside_asked.connect(self._on_outside_asked)
        self._on_preview_state(self.preview.state)

    def _add_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+R", self.preview.reload),
            ("Ctrl+E", self.share),
        )
        for words, call in keys:
            shortcut = QShortcut(QKeySequence(words), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    # ------------------------------------------------------------------ wishes

    def _send(self, words: str) -> None:
        self._wishes.send(words, self._project)

    def _on_made(self, made: Made) -> None:
        if made.project is None:
            return
        new = self._project is None or self._project.id != made.project.id
        self._on_opened(made.project)
        self.conversation.show_turns(made.project.turns, made.plan.guesses)
        if new:
            self._open_unwritten(made.project)

    def _open_unwritten(self, project: Project) -> None:
        """Open the first place that the planner could not fill; the keyboard stays where it is."""
        for pointer in unwritten(project.document)[:1]:
            self.inspector.open_pointer(pointer)

    # ------------------------------------------------------------------ changes by hand, steps

    def _change(self, operations: Any) -> None:
        project = self._project
        if project is not None and operations:
            self._unsaved += 1
            self._work.run(
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
            self._work.run(
                lambda: self._services.builder.check(project.id, pointer, checked=checked), self._on_changed
            )

    def _on_lock_asked(self, block: int, locked: bool) -> None:
        project = self._project
        if project is not None:
            self._work.run(
                lambda: self._services.builder.lock(project.id, block, locked=locked), self._on_changed
            )

    def undo(self) -> None:
        """Show the step before; what is just being typed is a step too."""
        self.inspector.settle()
        project = self._project
        if project is not None and (project.can_undo or self._unsaved):
            self._work.run(lambda: self._services.projects.undo(project.id), self._on_changed)

    def redo(self) -> None:
        """Show the step after."""
        project = self._project
        if project is not None and project.can_redo:
            self._work.run(lambda: self._services.projects.redo(project.id), self._on_changed)

    def _on_typed(self) -> None:
        self.timeline.set_typing(typing=self.inspector.dirty)

    def _on_step_chosen(self, step_id: int) -> None:
        project = self._project
        if project is not None and project.step.id != step_id:
            self._work.run(lambda: self._services.projects.go_to(project.id, step_id), self._on_changed)

    def compare(self, step_id: int = 0) -> None:
        """Show a step beside the one that is shown now; 0 lets the page choose."""
        project, projects = self._project, self._services.projects
        if project is None or len(project.steps) < 2:
            return
        dialog = Compare(
            self.window(),
            self._theme,
            project,
            read=lambda step_id: projects.at(project.id, step_id),
            step_id=step_id,
            want=lambda step_id: self.pictures.want_step(project.id, step_id),
        )
        dialog.go_asked.connect(self._on_step_chosen)
        dialog.branch_asked.connect(self._on_branch_asked)
        dialog.failed.connect(self._tasks.unhandled)
        dialog.open()

    def _on_branch_asked(self, step_id: int) -> None:
        project = self._project
        if project is not None:
            self._wishes.leave()
            self._work.run(lambda: self._services.projects.branch(project.id, step_id), self._on_arrived)

    def share(self) -> None:
        """Open the dialog that saves the app as one file."""
        if self._project is None:
            return
        dialog = ShareDialog(self.window(), self._theme, self._services, self._tasks, self._project)
        dialog.check_asked.connect(self._on_look_asked)
        dialog.open()

    def _on_look_asked(self, pointer: str) -> None:
        if self.inspector.open_pointer(pointer):
            self.room.set_sheet(opened=True)

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
        self.room.arrange()

    def _show_empty(self) -> None:
        self._project = None
        self._waiting.end()
        self.preview.clear()
        self._pages.setCurrentWidget(self._empty)
        self.title_changed.emit("")

    def _show_work(self) -> None:
        self._pages.setCurrentWidget(self.work_place)

    def _reload(self) -> None:
        if self._project is not None:
            project_id = self._project.id
            self._work.run(lambda: self._services.projects.get(project_id), self._on_reloaded)

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
            self._show_pictures()
        elif (
            isinstance(event, ProjectChanged) and event.project_id == self._project.id and not self._work.busy
        ):
            self._reload()
        elif (
            isinstance(event, ProjectListChanged)
            and not self._work.busy
            and not self._in_library(self._project)
        ):
            self._show_empty()  # it went to the trash at Home

    def _in_library(self, project: Project) -> bool:
        return any(summary.id == project.id for summary in self._services.projects.list())

    def _show_pictures(self) -> None:
        """Show the pictures that were taken meanwhile, where nothing else has changed."""
        assert self._project is not None  # noqa: S101 - asked by the only caller
        project = self._services.projects.get(self._project.id)
        if project.step.id == self._project.step.id:
            self._project = project
            self.timeline.show_project(project)
            for dialog in self.window().findChildren(Compare):
                dialog.show_project(project)

    # ------------------------------------------------------------------ the preview

    def _on_preview_state(self, _state: object) -> None:
        asks = self.preview.state in (State.EMPTY, State.STOPPED)
        self.bar.again.setEnabled(self._project is not None and not asks)

    def _look(self) -> None:
        """Let the app show what is open in the inspector."""
        place, page = self.inspector.place, self.preview.page
        if place.block is None or page is None or self._project is None or not self.inspector.isVisible():
            return
        if self.preview.state is State.RUNNING:
            told = json.dumps([place.block, place.list, place.index] if place.list else [place.block])
            page.run(f"window.sprout && sprout.look && sprout.look(...{told}); 0")

    def _on_run_asked(self) -> None:
        project = self._project
        if project is not None:
            self._work.run(lambda: self._services.projects.trust(project.id), lambda _none: self._reload())

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

    # ------------------------------------------------------------------ Qt

    def minimumSizeHint(self) -> QSize:
        return LEAST  # what is too wide for a small window leaves its column there

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pages.activate()
        self.room.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "inspector"):
            self.room.arrange()


def _open_outside(page: Path) -> None:
    """Play a page in the system's browser: our own page, which cannot reach the network there either."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
