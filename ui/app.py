"""Open the window: build the services once, dress the application, run, and leave nothing behind."""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtWidgets import QApplication

from studio import __version__, logs, services
from studio.errors import StudioError
from studio.jobs.runner import unexpected
from studio.paths import APP_NAME, Paths
from ui import sandbox
from ui.bridge import EventBridge, Tasks
from ui.main_window import MainWindow
from ui.single_instance import SingleInstance
from ui.theme.theme import Theme

log = logs.get("window")


class Program(QObject):
    """Hold everything that one running window needs, in the order in which it is built and closed."""

    def __init__(
        self, app: QApplication, base: Path | None, *, offline: bool = False, verbose: bool = False
    ) -> None:
        super().__init__()
        self.services = services.build(base, offline=offline, verbose=verbose)
        self.theme = Theme(self)
        self._dress()
        self.theme.apply(app)
        self.bridge = EventBridge(self.services.events, self)
        self.tasks = Tasks(self.services.jobs, self)
        self.window = MainWindow(self.services, self.theme, self.bridge, self.tasks)

    def start(self) -> None:
        """Show the window; what can wait begins when it has been painted."""
        self.window.show()
        QTimer.singleShot(1000, self, self._on_settled)

    def close(self) -> None:
        """Close the window, stop all work, join it, and close the store."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete: widgets go before what they use
        self.bridge.close()
        self.services.close()

    def _dress(self) -> None:
        get = self.services.settings.get
        self.theme.use(get("theme"), scale=get("text_size") / 100, motion=get("motion"))

    @Slot()
    def _on_settled(self) -> None:
        self.tasks.run(self.services.keep_restore_point, lane="disk", parent=self)


def main(options: argparse.Namespace) -> int:
    """Open the window and run until it is closed; a second start raises the first window."""
    app = make_application()
    with contextlib.closing(SingleInstance(Paths.under(options.home))) as instance:
        if not instance.first:
            return (
                0 if instance.call_first() else _say("Sprout Studio is open already, but it does not answer.")
            )
        try:
            program = Program(app, options.home, offline=options.offline, verbose=options.verbose)
        except StudioError as error:
            return _say(str(error))
        instance.called.connect(program.window.come_forward)
        try:
            with _unhandled_to(program.window), _ended_by_signals(app):
                program.start()
                return app.exec()
        finally:
            program.close()


def _say(words: str) -> int:
    """Say on the terminal why there is no window; return the exit code."""
    sys.stderr.write(f"{words}\n")
    return 1


def make_application() -> QApplication:
    """Return the one QApplication, with the walls for previews up before it."""
    sandbox.prepare()
    app = QApplication(sys.argv[:1])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName(APP_NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("sprout-studio")
    return app


@contextlib.contextmanager
def _unhandled_to(window: MainWindow) -> Iterator[None]:
    """Turn an exception that a slot let through into a log entry and a toast; the window goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.error("unhandled", exc_info=(kind, error, trace))
        window.show_error(unexpected(error))

    before, sys.excepthook = sys.excepthook, hook
    try:
        yield
    finally:
        sys.excepthook = before


@contextlib.contextmanager
def _ended_by_signals(app: QApplication) -> Iterator[None]:
    """Quit in good order on SIGTERM and Ctrl+C, which Qt's loop would otherwise never see."""
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(app.quit)
    wake_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, _nothing) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wake_before)
        notifier.setEnabled(False)
        reader.close()
        writer.close()


_nothing: Callable[[int, object], None] = lambda number, frame: None  # noqa: E731 - the wake-up byte does the work
