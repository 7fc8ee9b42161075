"""`sprout` where there is no display: do the main job, and show what the window would look like.

A wish becomes an app, the app becomes one HTML file, and the real window is drawn offscreen into a
picture. Both paths are printed.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from studio import logs
from studio.cli.options import parser
from studio.cli.output import Output
from studio.errors import StudioError
from ui.app import Program, make_application

log = logs.get("window")

WISH = "a quiz about sharks"
_SIZE = (1280, 800)
_PATIENCE_MS = 20_000
_SETTLE_MS = 900
"""Chromium paints a little after the page says that it is ready (measured: 800 ms, offscreen)."""


def main(options: argparse.Namespace) -> int:
    """Make an app, its page and a picture of the window; return the exit code."""
    output = Output(as_json=options.json, quiet=options.quiet)
    output.note("There is no display here, so the studio works without a window.")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_into_the_log)
    app = make_application()
    program = Program(app, options.home, offline=options.offline, verbose=options.verbose)
    try:
        page, picture = _make(program)
    except StudioError as error:
        output.error(str(error))
        return 1
    finally:
        program.close()
    output.result({"page": str(page), "picture": str(picture)}, f"{page}\n{picture}")
    return 0


def _make(program: Program) -> tuple[Path, Path]:
    services = program.services
    made = services.builder.make(WISH)
    if made.project is None:
        raise StudioError(made.plan.say)
    page = services.sharing.export_page(made.project.id)
    window = program.window
    window.resize(*_SIZE)
    window.show()
    window.open_project(made.project.id)
    preview = window.make_page().preview
    _wait_for(preview.ready)
    picture = page.with_suffix(".png")
    if not window.grab().save(str(picture)):
        raise StudioError("The picture of the window could not be saved.")
    return page, picture


def _into_the_log(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
    """Keep what Qt says about missing screens and graphics cards out of the terminal."""
    log.info("Qt: %s", words)


def _wait_for(signal: object) -> None:
    """Turn the event loop until `signal` has come and the page is painted, or patience ends."""
    loop = QEventLoop()
    QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
    signal.connect(lambda *_: QTimer.singleShot(_SETTLE_MS, loop, loop.quit))  # type: ignore[attr-defined]
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(parser().parse_args()))
