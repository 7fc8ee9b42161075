"""The work of the Make page: one thing after the other, off the main thread, with what the header says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.errors import StudioError
from ui.bridge import Task, Tasks
from ui.make.header import Header

LANE = "engine"
"""Every change of a project goes through one lane of one, so that changes keep their order."""


class Work(QObject):
    """Run what reads and changes projects; the header says "Saved" only while nothing is left to do.

    `failed` carries each error, after which the page shows what is kept.
    """

    failed = Signal(object)

    def __init__(self, tasks: Tasks, header: Header, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._header = tasks, header
        self._running = 0

    @property
    def busy(self) -> bool:
        """Tell whether something is being made, changed or saved."""
        return self._running > 0

    def run(
        self,
        work: Callable[[], Any],
        succeeded: Callable[[Any], None],
        *,
        over: Callable[[], None] | None = None,
        saves: bool = True,
    ) -> Task:
        """Run `work` in its turn. `over` is called at its end, however it ended.

        `saves` is False for what was not to save anything for certain: its failure is no "Not saved".
        """
        self._running += 1
        self._header.set_saving(saving=True)
        failures: list[StudioError] = []

        def failed(error: StudioError) -> None:
            failures.append(error)
            self.failed.emit(error)

        def finished() -> None:
            self._running -= 1
            if over is not None:
                over()
            self._header.set_saving(saving=self.busy, failed=bool(failures) and saves)

        task = self._tasks.run(
            lambda token, report: work(), lane=LANE, parent=self, succeeded=succeeded, failed=failed
        )
        task.ended.connect(finished)
        return task
