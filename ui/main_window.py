"""The one window: rail, pages made when they are first needed, messages, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio import logs
from studio.errors import StudioError
from studio.events import NetworkUsed, Noticed, SettingChanged
from studio.paths import APP_NAME
from studio.services import Services
from ui.bridge import EventBridge, Tasks
from ui.first_start import FirstStart
from ui.home import HomePage, Player
from ui.network_sheet import NetworkSheet
from ui.rail import Rail
from ui.theme import Theme
from ui.widgets import Dialog, FocusRing, ToastHost, col, line, row
from ui.words import say

log = logs.get("window")

LEAST = QSize(960, 600)
FIRST = QSize(1280, 800)
GAPS_MS = 4000
"""Pictures that earlier sessions left out wait until the app on the screen stands."""
_LOOKS = frozenset({"theme", "text_size", "motion"})


class MainWindow(QWidget):
    """Hold the pages and let them reach each other; pages themselves do not know one another."""

    def __init__(self, services: Services, theme: Theme, bridge: EventBridge, tasks: Tasks) -> None:
        super().__init__()
        self._services, self._theme, self._bridge, self._tasks = services, theme, bridge, tasks
        self._pages: dict[str, QWidget] = {}
        self._make: Any = None
        self._first_start: FirstStart | None = None
        self.setObjectName("mainWindow")
        self.setProperty("part", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(APP_NAME)
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(LEAST)
        self.rail = Rail(theme)
        self._stack = QStackedWidget()
        self.setLayout(row(self.rail, line(vertical=True), (col((self._stack, 1), gap=0), 1), gap=0))
        self.toasts = ToastHost(self, theme)
        self._ring = FocusRing(self, theme)
        self._connect()
        self._add_keys()
        self._restore_geometry()
        self.rail.show_network(offline=services.network.offline)
        self.show_page("home")
        if not services.settings.get("who"):
            self._ask_who()

    # ------------------------------------------------------------------ pages
    @property
    def page(self) -> str:
        """Return the name of the page that is shown."""
        shown = self._stack.currentWidget()
        return next(name for name, page in self._pages.items() if page is shown)

    def show_page(self, name: str) -> None:
        """Show "home", "make" or "settings"; a page is made when it is first shown."""
        if name not in self._pages:
            page = self._factories()[name]()
            self._pages[name] = page
            self._stack.addWidget(page)
        page = self._pages[name]
        if self._stack.currentWidget() is not page and self.isVisible():
            # A page that hides while it has the focus would pass it on as if by Tab, and the ring would show.
            self.rail.item(name).setFocus(Qt.FocusReason.OtherFocusReason)
        self._stack.setCurrentWidget(page)
        self.rail.show_page(name)
        if name != "make":
            self.setWindowTitle(APP_NAME)
        arrive = getattr(page, "arrive", None)
        if arrive is not None:
            arrive()

    def home_page(self) -> HomePage:
        """Return the Home page."""
        page = self._pages["home"]
        assert isinstance(page, HomePage)  # noqa: S101 - it is the first page
        return page

    def make_page(self) -> Any:
        """Return the Make page (`ui.make.page.MakePage`), made if need be."""
        if self._make is None:
            # Late on purpose: everything around the preview would cost every start of the window.
            from ui.make.page import MakePage

            self._make = MakePage(self._services, self._theme, self._bridge, self._tasks)
            self._make.home_requested.connect(lambda: self.show_page("home"))
            self._make.title_changed.connect(self._on_title_changed)
            gaps = QTimer(self._make, singleShot=True, interval=GAPS_MS)
            gaps.timeout.connect(self._make.pictures.fill_gaps)
            gaps.start()
        return self._make

    def open_project(self, project_id: str, *, say: str = "") -> None:
        """Show a project in Make, and say something to it, if there is something to say."""
        self._leave_first_start()
        make = self.make_page()
        self.show_page("make")
        make.open_project(project_id, say=say)

    def start_wish(self, words: str) -> None:
        """Begin to make an app from words, in Make."""
        make = self.make_page()
        self.show_page("make")
        make.start_wish(words)

    def play_starter(self, starter_id: str) -> None:
        """Play a starter over the window."""
        try:
            player = Player(self, self._theme, self._services, self._tasks, starter_id)
        except StudioError as error:
            self.show_error(error)
            return
        player.remix_asked.connect(self.remix)
        player.failed.connect(self.show_error)
        player.open()

    def remix(self, starter_id: str, words: str = "") -> None:
        """Make a project of one's own from a starter, open it, and say `words` to it, if there are any."""
        self._tasks.run(
            lambda token, report: self._services.builder.remix(starter_id),
            lane="disk",
            parent=self,
            succeeded=lambda project: self.open_project(project.id, say=words),
        )

    def come_forward(self) -> None:
        """Raise the window: a second start asked for it."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    # ------------------------------------------------------------------ messages
    def show_error(self, error: StudioError) -> None:
        """Show what happened, what was kept and what to do next; it stays until it is closed."""
        self.toasts.show_error(error)

    def show_network(self) -> None:
        """Show what went out today."""
        NetworkSheet(self, self._theme, self._services.network).open()

    # ------------------------------------------------------------------ own
    def _factories(self) -> dict[str, Callable[[], QWidget]]:
        return {"home": self._new_home, "make": self.make_page, "settings": self._new_settings}

    def _new_home(self) -> HomePage:
        home = HomePage(self._services, self._theme, self._bridge, self._tasks, self.toasts)
        home.wish_made.connect(self.start_wish)
        home.project_opened.connect(self.open_project)
        home.starter_played.connect(self.play_starter)
        home.starter_remixed.connect(self.remix)
        return home

    def _new_settings(self) -> QWidget:
        from ui.settings import SettingsPage  # late: what is not seen at the start need not be there

        page = SettingsPage(self._services, self._theme, self._bridge)
        page.network_asked.connect(self.show_network)
        page.failed.connect(self.show_error)
        return page

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_page)
        self.rail.network_asked.connect(self.show_network)
        self._tasks.unhandled.connect(self.show_error)
        self._bridge.published.connect(self._on_event)

    def _add_keys(self) -> None:
        for keys, call in (
            ("Ctrl+1", lambda: self.show_page("home")),
            ("Ctrl+2", lambda: self.show_page("make")),
            ("Ctrl+3", lambda: self.show_page("settings")),
            ("Ctrl+N", self._new_wish),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(
                lambda call=call: self._uncovered and call()
            )

    @property
    def _uncovered(self) -> bool:
        """Tell whether no question lies over the pages: what is behind one hears no keys."""
        covers = (*self.findChildren(Dialog), self._first_start)
        return not any(cover is not None and cover.isVisible() for cover in covers)

    def _new_wish(self) -> None:
        self.show_page("home")
        self.home_page().focus_wish()

    def _ask_who(self) -> None:
        self._first_start = FirstStart(self, self._theme)
        self._first_start.answered.connect(self._on_who)
        self._first_start.show()
        self._first_start.raise_()
        self._first_start.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_first_start(self) -> None:
        if self._first_start is not None:
            self._first_start.hide()
            self._first_start.deleteLater()
            self._first_start = None

    def _restore_geometry(self) -> None:
        kept = QByteArray.fromBase64(
            str(self._services.settings.get("window_geometry")).encode("ascii", "ignore")
        )
        if not kept.isEmpty() and self.restoreGeometry(kept):
            return
        screen = QGuiApplication.primaryScreen()
        room = screen.availableSize() if screen is not None else FIRST
        self.resize(FIRST.boundedTo(room).expandedTo(LEAST))

    def _keep(self, key: str, value: Any) -> None:
        try:
            self._services.settings.set(key, value)
        except StudioError as error:
            log.warning("%s not kept: %s", key, error)

    # ------------------------------------------------------------------ answers
    @Slot(str)
    def _on_who(self, who: str) -> None:
        try:
            self._services.settings.set("who", who)
        except StudioError as error:
            self.show_error(error)
        self._leave_first_start()
        self.home_page().focus_wish()

    @Slot(str)
    def _on_title_changed(self, title: str) -> None:
        self.setWindowTitle(
            self.tr("{title} – {program}").format(title=title, program=APP_NAME) if title else APP_NAME
        )

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, SettingChanged):
            self._on_setting_changed(event.key)
        elif isinstance(event, NetworkUsed):
            self.rail.show_network(offline=self._services.network.offline)
        elif isinstance(event, Noticed):
            self.toasts.show_message(say(event.words), kind=event.kind if event.kind in _KINDS else "info")

    def _on_setting_changed(self, key: str) -> None:
        get = self._services.settings.get
        if key in _LOOKS:
            self._theme.use(get("theme"), scale=get("text_size") / 100, motion=get("motion"))
        elif key == "offline":
            self.rail.show_network(offline=self._services.network.offline)

    # ------------------------------------------------------------------ Qt
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._make is not None:
            self._make.shutdown()
        self._keep("window_geometry", bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        super().closeEvent(event)


_KINDS = frozenset({"done", "info", "warn", "error"})
