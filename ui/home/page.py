"""The Home page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedLayout, QWidget

from studio.errors import StudioError
from studio.events import PictureMade, ProjectChanged, ProjectListChanged
from ui.bridge import EventBridge, Tasks
from ui.home.projects import Shelf
from ui.home.rename import Rename
from ui.home.starters import Gallery
from ui.home.trash import Trash
from ui.home.wish import Ideas, WishBox
from ui.theme import Theme
from ui.widgets import Glyph, ToastHost, Wrapped, button, col, frame, restyle, row, scroll, text, tool
from ui.words import say, say_all

if TYPE_CHECKING:  # these bring the typed blueprints along, which can wait until the window is painted
    from studio.builder.starters import Starter
    from studio.jobs import CancelToken
    from studio.projects import Project, ProjectSummary
    from ui.home.gallery import GalleryPage
from studio.jobs.job import Report
from studio.services import Services

SUFFIXES = (".html", ".htm", ".json")
NARROW = 1100
SETTLE_MS = 120


class HomePage(QFrame):
    """Take wishes, show starters and projects; what is to happen with them, others decide."""

    wish_made = Signal(str)
    project_opened = Signal(str)
    starter_played = Signal(str)
    starter_remixed = Signal(str)

    def __init__(
        self, services: Services, theme: Theme, bridge: EventBridge, tasks: Tasks, toasts: ToastHost
    ) -> None:
        super().__init__()
        self._services, self._theme, self._tasks, self._toasts = services, theme, tasks, toasts
        self.setProperty("part", "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Home"))
        self.setAcceptDrops(True)
        self._wish = WishBox(theme)
        self._wish.made.connect(self.wish_made)
        self._wish.begun.connect(self._on_wish_begun)
        ideas = Ideas(theme)
        ideas.picked.connect(self.wish_made)
        self._gallery = Gallery(theme)
        self._gallery.played.connect(self.starter_played)
        self._gallery.remixed.connect(self.starter_remixed)
        self._gallery.all_asked.connect(self.show_gallery)
        self._starters: tuple[Starter, ...] = ()
        self._all: GalleryPage | None = None
        self._shelf = Shelf(theme)
        self._shelf.opened.connect(self.project_opened)
        self._shelf.rename_asked.connect(self._on_rename_asked)
        self._shelf.delete_asked.connect(self._on_delete_asked)
        self._build(ideas)
        self._refresher = QTimer(self)
        self._refresher.setSingleShot(True)
        self._refresher.setInterval(SETTLE_MS)
        self._refresher.timeout.connect(self.refresh)
        bridge.published.connect(self._on_event)
        self._loaded = self._ready = self._warm = False
        self._painted = False

    # ------------------------------------------------------------------ for the window
    @property
    def ready(self) -> bool:
        """Tell whether projects and starters were read for the first time."""
        return self._loaded and self._ready

    def arrive(self) -> None:
        """Be shown: the list is fresh, the keyboard is in the wish box."""
        self.refresh()
        self.focus_wish()

    def focus_wish(self) -> None:
        """Show the wish box with the keyboard in it."""
        self._turn_to(self._area)
        self._wish.focus()

    def refresh(self) -> None:
        """Show the projects as they are now; an error takes the place of the list, with a way on."""
        if not self._loaded:
            return
        try:
            self._show_projects(self._services.projects.list())
        except StudioError as error:
            self._show_trouble(error)

    def show_gallery(self, tag: str = "") -> None:
        """Show all starters, with search and filters, in the place of the page."""
        if not self._starters:
            return
        if self._all is None:
            from ui.home.gallery import GalleryPage  # late: what is not seen at the start need not be there

            self._all = GalleryPage(self._theme, self._starters)
            self._all.played.connect(self.starter_played)
            self._all.remixed.connect(self.starter_remixed)
            self._all.closed.connect(self._on_gallery_closed)
            self._pages.addWidget(self._all)
        self._turn_to(self._all)
        self._all.begin(tag)

    def _on_gallery_closed(self) -> None:
        self._turn_to(self._area)
        self._gallery.focus_more()

    def _turn_to(self, page: QWidget) -> None:
        """Show the page itself or the gallery; what hides with the focus in it would pass it on as if by Tab."""
        if self._pages.currentWidget() is not page:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._pages.setCurrentWidget(page)

    def open_file(self, path: Path) -> None:
        """Take in an app that somebody shared, as a new project that is not trusted yet."""
        self._tasks.run(
            lambda token, report: self._services.sharing.take_in(path),
            lane="disk",
            parent=self,
            succeeded=self._on_taken_in,
        )

    @Slot()
    def _on_wish_begun(self) -> None:
        """Load the planner while the wish is still being typed; not at the start, where it would cost memory."""
        if not self._warm:
            self._warm = True
            self._tasks.run(self._warm_up, lane="engine", parent=self)

    def _warm_up(self, token: CancelToken, report: Report) -> None:
        # On the job's thread, because the builder itself is built on first use.
        self._services.builder.warm_up(token, report)

    # ------------------------------------------------------------------ building
    def _build(self, ideas: Ideas) -> None:
        theme = self._theme
        self._trash_button = button(
            theme, self.tr("Trash"), "quiet", "trash", size="small", clicked=self._on_trash
        )
        self._trash_button.setObjectName("home.trash")
        self._open_button = button(
            theme, self.tr("Open a file"), "quiet", "folder-open", size="small", clicked=self._on_open
        )
        self._open_button.setObjectName("home.open")
        again = button(theme, self.tr("Try again"), "", "arrow-clockwise", size="small", clicked=self.refresh)
        self._trouble_words = Wrapped("", data=True)
        trouble = row(
            Glyph(theme, "warning-circle-fill", "danger", 24), (self._trouble_words, 1), again, gap=12
        )
        trouble.setContentsMargins(16, 12, 12, 12)
        self._trouble = frame("well", trouble)
        self._trouble.hide()
        head = row(
            text(self.tr("My projects"), "heading"), None, self._open_button, self._trash_button, gap=4
        )
        self._body = col(*self._banners(), Wrapped(self.tr("What do you want to make?"), "display"), 14, self._wish, 12,
                         ideas, 28, self._gallery, 26, head, 8, self._trouble, self._shelf, None, gap=0)  # fmt: skip
        self._area = scroll(self._body, name=self.tr("Home"))
        hint = row(
            Glyph(theme, "file-arrow-up", "accent_text", 24),
            text(self.tr("Let go to open this app"), "heading"),
            margins=(24, 16, 24, 16),
            gap=12,
        )
        self._drop_hint = frame("dialog", hint)
        self._drop_hint.setParent(self)
        self._drop_hint.hide()
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._area)

    def _banners(self) -> list[Any]:
        """Return what the user should know about the store and the settings, each until it is closed."""
        found: list[Any] = []
        for notice in self._services.notices:
            words = Wrapped(say(notice), data=True)
            banner = frame("banner")
            close = tool(self._theme, "x", self.tr("Close this message"), clicked=banner.hide)
            banner.setObjectName("home.notice")
            banner.setLayout(row(Glyph(self._theme, "warning-fill", "warn", 24), (words, 1), close,
                                 margins=(16, 10, 8, 10), gap=12))  # fmt: skip
            found += [banner, 16]
        return found

    def _load(self) -> None:
        """Read projects and starters for the first time, beside the window."""
        run, services = self._tasks.run, self._services
        run(
            lambda token, report: services.projects.list(),
            lane="disk",
            parent=self,
            succeeded=self._show_projects,
            failed=self._show_trouble,
        )
        run(
            lambda token, report: services.builder.starters(),
            lane="disk",
            parent=self,
            succeeded=self._on_starters,
            failed=self._on_no_starters,
        )

    def _show_projects(self, projects: tuple[ProjectSummary, ...]) -> None:
        self._loaded = True
        self._trouble.hide()
        self._shelf.set_projects(projects)

    def _show_trouble(self, error: StudioError) -> None:
        self._loaded = True
        self._trouble_words.setText(say_all(error.phrases))
        self._trouble.show()

    # ------------------------------------------------------------------ answers
    def _on_starters(self, starters: tuple[Starter, ...]) -> None:
        self._ready = True
        self._starters = starters
        self._gallery.set_starters(starters)

    def _on_no_starters(self, error: StudioError) -> None:
        self._ready = True
        self._gallery.hide()
        self._toasts.show_error(error)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        news = isinstance(event, ProjectListChanged | ProjectChanged | PictureMade)
        if news and self.isVisible():  # `arrive` reads the list anyway
            self._refresher.start()

    @Slot(str)
    def _on_delete_asked(self, project_id: str) -> None:
        projects = self._services.projects
        try:
            title = projects.get(project_id).summary.title
            projects.delete(project_id)
        except StudioError as error:
            self._toasts.show_error(error)
            return
        self.refresh()

        def undo() -> None:
            try:
                projects.restore(project_id)
            except StudioError as error:
                self._toasts.show_error(error)
            self.refresh()

        self._toasts.show_message(
            self.tr("“{title}” is in the trash").format(title=title),
            self.tr("It stays there until you need it again."),
            kind="done",
            action=(self.tr("Undo"), "arrow-u-up-left", undo),
        )

    @Slot(str)
    def _on_rename_asked(self, project_id: str) -> None:
        try:
            title = self._services.projects.get(project_id).summary.title
        except StudioError as error:
            self._toasts.show_error(error)
            return

        def rename(name: str) -> None:
            from studio.blueprints.operations import SetTitle

            self._tasks.run(
                lambda token, report: self._services.builder.change(
                    project_id, [SetTitle(op="set_title", value=name)]
                ),
                lane="disk",
                parent=self,
            )

        Rename(self.window(), self._theme, title, rename).open()

    def _on_trash(self) -> None:
        dialog = Trash(self.window(), self._theme, self._services.projects, failed=self._toasts.show_error)
        dialog.closed.connect(self.refresh)
        dialog.open()

    def _on_open(self) -> None:
        kinds = self.tr("Shared apps ({patterns})").format(
            patterns=" ".join(f"*{suffix}" for suffix in SUFFIXES)
        )
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a file"), str(self._services.sharing.folder), kinds
        )
        if path:
            self.open_file(Path(path))

    def _on_taken_in(self, project: Project) -> None:
        self._toasts.show_message(
            self.tr("“{title}” is one of your projects now").format(title=project.summary.title),
            self.tr("Someone else made it. Your copy is yours to change."),
            kind="done",
        )
        self.project_opened.emit(project.id)

    # ------------------------------------------------------------------ Qt
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._theme.size("page_margin_small" if self.window().width() < NARROW else "page_margin")
        self._body.setContentsMargins(size, 28, size, 24)
        self._drop_hint.adjustSize()
        hint: QSize = self._drop_hint.size()
        self._drop_hint.move((self.width() - hint.width()) // 2, (self.height() - hint.height()) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            # The services behind the lists take a fifth of a second to build: the window is painted first.
            self._painted = True
            QTimer.singleShot(0, self, self._load)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()
            restyle(self, dropping=True)
            self._drop_hint.show()
            self._drop_hint.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end_drag()

    def dropEvent(self, event: QDropEvent) -> None:
        self._end_drag()
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.open_file(path)

    def _end_drag(self) -> None:
        restyle(self, dropping=False)
        self._drop_hint.hide()


def _dropped(event: QDropEvent) -> Path | None:
    """Return the one file of ours that is being dragged, if it is one."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES else None
