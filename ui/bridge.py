"""The border between the services' threads and the window's one thread.

Events and the endings of jobs arrive on whatever thread made them; both cross here by a queued
signal of an object that lives on the main thread. Nowhere else does the window meet a thread.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.errors import StudioError
from studio.events import EventBus
from studio.jobs import Job, JobRunner, Progress
from studio.jobs.job import Work

Handler = Callable[[Any], None]


class EventBridge(QObject):
    """Repeat the services' events on the main thread, as the signal `published`."""

    published = Signal(object)
    _arrived = Signal(object)

    def __init__(self, events: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = events.subscribe(self._take)

    def close(self) -> None:
        """Hear no more events."""
        self._unsubscribe()

    def _take(self, event: object) -> None:
        self._arrived.emit(event)

    @Slot(object)
    def _on_arrived(self, event: object) -> None:
        self.published.emit(event)


class Task(QObject):
    """Be the Qt face of one job: its signals fire on the main thread, its one ending once.

    A task is a child of whoever asked for it: when that widget goes, the job is told to stop and
    nothing is delivered any more.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _arrived = Signal(str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._dead = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self._stop_orphan(self.__dict__))

    @property
    def running(self) -> bool:
        """Tell whether the ending is still to come."""
        return not self._dead

    def cancel(self) -> None:
        """Press Stop."""
        if self._job is not None:
            self._job.cancel()

    def begin(self, runner: JobRunner, work: Work[Any], lane: str) -> None:
        """Queue the work; called once, by `Tasks`."""
        self._job = runner.start(work, lane=lane, sink=self._take)

    @staticmethod
    def _stop_orphan(state: dict[str, Any]) -> Callable[[], None]:
        """Return what stops the job when the C++ side has gone and no method can be called any more."""

        def stop() -> None:
            job = state.get("_job")
            if job is not None:
                job.cancel()

        return stop

    def _take(self, kind: str, payload: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the widget that asked has gone, and its task with it
            self._arrived.emit(kind, payload)

    @Slot(str, object)
    def _on_arrived(self, kind: str, payload: object) -> None:
        if kind == "progress":
            self.progressed.emit(payload)
            return
        self._dead = True
        if kind == "done":
            self.succeeded.emit(payload)
        elif kind == "failed":
            self.failed.emit(payload)
        else:
            self.cancelled.emit()
        self.ended.emit()
        self.deleteLater()


class Tasks(QObject):
    """Start background work for the window; a failure that nobody handles becomes a toast."""

    unhandled = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner

    def run(
        self,
        work: Work[Any],
        *,
        lane: str,
        parent: QObject,
        succeeded: Handler | None = None,
        failed: Callable[[StudioError], None] | None = None,
        progressed: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Task:
        """Queue `work` in `lane`; the handlers run on the main thread and never after `parent` has gone."""
        task = Task(parent)
        if succeeded is not None:
            task.succeeded.connect(succeeded)
        task.failed.connect(failed if failed is not None else self.unhandled.emit)
        if progressed is not None:
            task.progressed.connect(progressed)
        if cancelled is not None:
            task.cancelled.connect(cancelled)
        task.begin(self._runner, work, lane)
        return task
