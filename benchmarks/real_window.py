"""The program's own window on a given home: prints the clock at its first paint, then what it holds, as JSON."""

import argparse
import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui.app import Program, make_application

HEAVY = ("torch", "transformers", "llama_cpp", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets")


class FirstPaint(QObject):
    """Note the clock when the watched window has been painted for the first time."""

    clock_s = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest and not self.clock_s:
            # The update request is where a window paints itself and its children; after it, all is on the screen.
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            self.clock_s = time.monotonic()
            return True
        return False


def memory_bytes(field: str) -> int:
    """Return a sum over this process and its children, from the system's own books (Linux)."""
    pids, queue = [], ["self"]
    while queue:
        pid = queue.pop()
        pids.append(pid)
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            queue += listing.read_text().split()
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(field + ":"):
                total += int(line.split()[1]) * 1024
    return total


def main() -> None:
    """Open Home, wait as long as asked, tell what there is to tell, and close in good order."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--rest-s", type=float, default=0.0)
    options = parser.parse_args()

    application = make_application()
    program = Program(application, options.home)
    watch = FirstPaint()
    program.window.installEventFilter(watch)
    program.start()

    def finish() -> None:
        if not watch.clock_s:
            QTimer.singleShot(1, finish)
            return
        found = {
            "painted_s": watch.clock_s,
            "heavy_modules": [name for name in HEAVY if name in sys.modules],
            "modules": len(sys.modules),
        }
        if options.rest_s:
            found |= {"rss_bytes": memory_bytes("Rss"), "pss_bytes": memory_bytes("Pss")}
        print(json.dumps(found), flush=True)
        application.quit()

    QTimer.singleShot(int(options.rest_s * 1000), finish)
    application.exec()
    program.close()


if __name__ == "__main__":
    main()
