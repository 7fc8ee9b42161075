"""Pictures of steps, taken by a child process in the background; the window never waits for one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

import ui
from studio import logs
from studio.blueprints import ProjectDocument
from studio.blueprints.render import render
from studio.errors import NotFoundError, StudioError
from studio.events import ProjectChanged, ProjectListChanged
from studio.jobs import CancelToken
from studio.jobs.job import Report
from studio.phrases import phrase
from studio.services import Services
from ui.bridge import EventBridge, Task, Tasks

log = logs.get("pictures")

SIZE = "960x600"
WIDE = 640
"""A page is drawn at a width at which all of it is seen, and kept in the width that cards show."""
PAUSE_MS = 900
"""A picture is taken once changes have paused so long: quick changes share one."""
LIMIT_S = 25.0
STOP_S = 0.6
"""How long a child has to end after it was asked to; then it is ended."""
NOW = 0
"""Stands for the step that is shown when the turn of a picture comes."""
FRESH_PROJECTS = 12
"""At the start, so many of the newest projects get the picture that they lack."""


class PictureMaker(QObject):
    """Take a picture of the current step of each project that changes, one at a time.

    Without Qt WebEngine or without its sandbox there are no pictures; the cards painted from icon,
    title and palette stay.
    """

    made = Signal(str, int)
    gave_up = Signal(str)

    def __init__(
        self, services: Services, bridge: EventBridge, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._tasks = services, tasks
        self._waiting: dict[tuple[str, int], None] = {}
        self._failed: set[int] = set()
        self._task: Task | None = None
        self._off = False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._next)
        bridge.published.connect(self._on_event)

    @property
    def busy(self) -> bool:
        """Tell whether a picture is being taken or waits its turn."""
        return self._task is not None or bool(self._waiting)

    def want(self, project_id: str) -> None:
        """Take a picture of the current step of a project, soon, if it has none."""
        self.want_step(project_id, NOW)

    def want_step(self, project_id: str, step_id: int) -> None:
        """Take a picture of one step of a project, soon, if it has none."""
        if not self._off:
            self._waiting.setdefault((project_id, step_id))
            self._timer.start()

    def fill_gaps(self) -> None:
        """Take the pictures that the newest projects lack."""
        for summary in self._services.projects.list()[:FRESH_PROJECTS]:
            if summary.picture is None and summary.trusted:
                self._waiting.setdefault((summary.id, NOW))
        self._timer.start()

    def stop(self) -> None:
        """Take no more pictures; one that is being taken stops within a second."""
        self._off = True
        self._timer.stop()
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _on_event(self, event: object) -> None:
        if self._off:
            return
        if isinstance(event, ProjectChanged):
            self.want(event.project_id)
        elif isinstance(event, ProjectListChanged) and not self._waiting:
            for summary in self._services.projects.list()[:1]:  # a project that has just been made
                if summary.picture is None and summary.trusted:
                    self.want(summary.id)

    def _next(self) -> None:
        if self._task is not None or self._off:
            return
        while self._waiting:
            project_id, step_id = next(iter(self._waiting))
            del self._waiting[project_id, step_id]
            try:
                project = self._services.projects.get(project_id)
                step_id = step_id or project.step.id
                drawn = {step.id for step in project.steps if step.picture is not None}
                if step_id in drawn | self._failed or not project.summary.trusted:
                    continue
                same = step_id == project.step.id
                document = project.document if same else self._services.projects.at(project_id, step_id)
            except NotFoundError:
                continue
            self._begin(project_id, step_id, document)
            return

    def _begin(self, project_id: str, step_id: int, document: ProjectDocument) -> None:
        work = _work(document)

        def succeeded(png: bytes) -> None:
            try:
                self._services.projects.set_picture(step_id, png)
            except StudioError as error:
                log.info("a picture was not kept: %s", error)
                return
            self.made.emit(project_id, step_id)

        def failed(error: StudioError) -> None:
            self._failed.add(step_id)
            if error.kind == "missing":
                self._off = True
            self.gave_up.emit(str(error.detail or error))

        self._task = self._tasks.run(work, lane="picture", parent=self, succeeded=succeeded, failed=failed)
        self._task.ended.connect(self._on_ended)

    def _on_ended(self) -> None:
        self._task = None
        if self._waiting and not self._off:
            self._timer.start(0)


def _work(document: ProjectDocument) -> Callable[[CancelToken, Report], bytes]:
    def work(token: CancelToken, _report: Report) -> bytes:
        with tempfile.TemporaryDirectory(prefix="sprout-picture-") as folder:
            page, picture = Path(folder) / "page.html", Path(folder) / "picture.png"
            page.write_text(render(document), encoding="utf-8")
            told = run_probe([str(page), "--size", SIZE, "--picture", str(picture)], token)
            if told.get("refused"):
                raise _no_picture(str(told["refused"]), final=True)
            if not picture.is_file():
                raise _no_picture(str(told.get("errors", "")), final=False)
            return smaller(picture)

    return work


def smaller(picture: Path) -> bytes:
    """Return a picture in the size that cards show, as PNG."""
    image = QImage(str(picture)).scaledToWidth(WIDE, Qt.TransformationMode.SmoothTransformation)
    if image.isNull():
        raise _no_picture("the picture cannot be read", final=False)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub says bytes, the call takes str
    return bytes(data.data())


def run_probe(arguments: list[str], token: CancelToken) -> dict[str, object]:
    """Run the probe in a child process and return what it told; Stop ends the child within a second."""
    token.check()
    root = str(Path(ui.__file__).resolve().parent.parent)
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", "")))),
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "ui.probe", *arguments, "--json", "--limit", str(LIMIT_S)],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        encoding="utf-8",
    )  # fmt: skip
    try:
        waited = 0.0
        while child.poll() is None:
            token.wait(0.05)
            waited += 0.05
            if waited > 2 * LIMIT_S:
                raise _no_picture("the probe did not end", final=False)
        told = child.stdout.read() if child.stdout is not None else ""
    finally:
        end_child(child)
    try:
        answer: dict[str, object] = json.loads(told.splitlines()[-1])
    except (IndexError, ValueError):
        raise _no_picture(f"the probe ended with {child.returncode}", final=False) from None
    return answer


def end_child(child: subprocess.Popen[str]) -> None:
    """See that a child process has ended, kindly first."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _no_picture(detail: str, *, final: bool) -> StudioError:
    error = StudioError(
        phrase("There is no picture of this step."), kept=phrase("The step is safe."), detail=detail
    )
    if final:
        error.kind = "missing"
    return error
