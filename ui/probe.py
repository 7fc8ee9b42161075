"""Play pages in a child process, behind the same walls as the preview, and tell what happened.

    python -m ui.probe PAGE [PAGE ...] [--size WxH] [--picture OUT.png ...] [--play] [--wait MS] [--limit S] [--json]

Each page is loaded without a screen until it says that it stands. With `--picture` (once per page)
it is drawn to a PNG; with `--play` each block is played to its goal with real clicks and keys. For
each page one line tells: ready, errors, events, goal (null where nothing can be played), unmet,
cannot (blocks that lack a model and say so), picture, seconds. The exit code is 0 if every page
stood without an error and met its goals, else 1; SIGTERM ends the child at once and leaves nothing
behind.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

from ui import sandbox

READY_S = 10.0
LIMIT_S = 40.0
BEAT_MS = 15
STOPPED = 143
"""Exit code after SIGTERM, as a shell counts it."""


class Stopped(Exception):  # noqa: N818 - it is no error
    """Somebody ended the child."""


class TimeIsUp(Exception):  # noqa: N818
    """The page took longer than it may."""


@dataclass
class Report:
    """Tell what one page did."""

    page: str
    ready: bool = False
    errors: list[str] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    goal: bool | None = None
    unmet: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    picture: str | None = None
    refused: str | None = None
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Tell whether nothing is wrong with the page."""
        return self.ready and not self.errors and self.goal is not False and self.refused is None


@dataclass(frozen=True)
class Wanted:
    """Say what to do with each page."""

    width: int
    height: int
    wait_ms: int
    play: bool
    limit_s: float


def main(argv: Sequence[str] | None = None) -> int:
    """Probe the pages that `argv` names; return the exit code."""
    options = _parser().parse_args(argv)
    if options.picture and len(options.picture) != len(options.pages):
        _parser().error("--picture must be given once for each page")
    wanted = Wanted(*_size(options.size), options.wait, options.play, options.limit)
    sandbox.prepare(headless=True)
    # Still pictures are the same each time, and a play does not wait for movements.
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] += " --force-prefers-reduced-motion"
    pictures: list[Path | None] = [Path(path) for path in options.picture]
    pictures = pictures or [None] * len(options.pages)
    return _Child(json_lines=options.json).run(
        [(Path(page), picture) for page, picture in zip(options.pages, pictures, strict=True)], wanted
    )


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m ui.probe", description="Play pages and tell what happened."
    )
    made.add_argument("pages", nargs="+", metavar="PAGE", help="an HTML page that the studio made")
    made.add_argument("--size", default="800x500", metavar="WxH", help="size of the page in pixels")
    made.add_argument("--picture", action="append", default=[], metavar="OUT.png", help="once for each page")
    made.add_argument("--play", action="store_true", help="play each block to its goal")
    made.add_argument("--wait", type=int, default=150, metavar="MS", help="time to settle before the picture")
    made.add_argument("--limit", type=float, default=LIMIT_S, metavar="S", help="most seconds for one page")
    made.add_argument("--json", action="store_true", help="one JSON object for each page")
    return made


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and 50 <= int(width) <= 4000 and 50 <= int(height) <= 4000):
        _parser().error("--size is width x height, such as 800x500")
    return int(width), int(height)


class _Child:
    """Be the one process: an application without a screen, one page after the other."""

    def __init__(self, *, json_lines: bool) -> None:
        self._json = json_lines
        self._stop = False
        self._parent = os.getppid()

    def run(self, pages: Sequence[tuple[Path, Path | None]], wanted: Wanted) -> int:
        from PySide6.QtWidgets import QApplication

        for name in ("SIGTERM", "SIGINT"):
            signal.signal(getattr(signal, name), self._on_signal)
        app = QApplication([sys.argv[0]])
        good = True
        try:
            for page, picture in pages:
                report = self._probe(page, picture, wanted)
                good = good and report.good
                self._tell(report)
        except Stopped:
            return STOPPED
        finally:
            app.quit()
        return 0 if good else 1

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    def check(self) -> None:
        """Raise Stopped if the child was told to end, or if whoever started it is gone."""
        if self._stop or os.getppid() != self._parent:
            raise Stopped

    def _probe(self, page: Path, picture: Path | None, wanted: Wanted) -> Report:
        begun = time.monotonic()
        report = Report(str(page))
        html = self._read(page, report)
        if html is not None:
            from ui.probing import Session

            session = Session(report, wanted, self.check)
            try:
                session.play(html, picture)
            except TimeIsUp:
                report.errors.append("the time was up")
            finally:
                session.close()
        report.seconds = round(time.monotonic() - begun, 3)
        return report

    def _read(self, page: Path, report: Report) -> str | None:
        try:
            html = page.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            report.errors.append(f"the page cannot be read: {type(error).__name__}")
            return None
        refusal = sandbox.refusal(own=is_own(html))
        if refusal is not None:
            report.refused = refusal.value
            return None
        return html

    def _tell(self, report: Report) -> None:
        if self._json:
            line = json.dumps(asdict(report), ensure_ascii=False)
        else:
            goal = {
                None: "nothing to play",
                True: "goals met",
                False: f"goals missed: {', '.join(report.unmet)}",
            }
            parts = [report.page, "ready" if report.ready else "not ready", goal[report.goal]]
            parts += [f"refused: {report.refused}"] if report.refused else []
            line = "; ".join([*parts, *report.errors, f"{report.seconds} s"])
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def is_own(html: str) -> bool:
    """Tell whether our renderer makes exactly this page from the project inside it."""
    from studio.blueprints import parse_document
    from studio.blueprints.render import render
    from studio.errors import StudioError

    words = project_json(html)
    if words is None:
        return False
    try:
        document = parse_document(words).document
        return html == render(document)
    except StudioError:
        return False


def project_json(html: str) -> str | None:
    """Return the words of the project element, or None."""
    _, mark, rest = html.partition('id="sprout-project"')
    words, end, _ = rest.partition("</script>")
    return words.partition(">")[2] if mark and end else None


if __name__ == "__main__":
    # Under its own name, or its classes would be there twice: here and for `ui.probing`.
    sys.exit(importlib.import_module("ui.probe").main())
