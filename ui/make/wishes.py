"""A wish on its way: sent, worked on, answered, or stopped."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.builder.service import Made
from studio.projects import Project
from studio.services import Services
from ui.bridge import Task
from ui.make.conversation import Conversation
from ui.make.waiting import Waiting
from ui.make.work import Work
from ui.words import say


class Wishes(QObject):
    """Send one wish at a time; `made` carries what came of it when that is a project.

    Whatever else came of it (a question back, a kind no) is an answer in the conversation.
    """

    made = Signal(object)
    stopped = Signal()

    def __init__(
        self, services: Services, work: Work, conversation: Conversation, waiting: Waiting, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services, self._work = services, work
        self._conversation, self._waiting = conversation, waiting
        self._task: Task | None = None

    def send(self, words: str, project: Project | None) -> None:
        """Make an app from words, or change `project` by them; nothing while another wish is worked on."""
        if self._task is not None:
            return
        self._conversation.add_wish(words)
        self._conversation.set_busy(True)
        self._waiting.more()
        builder = self._services.builder

        def work() -> Made:
            return builder.make(words) if project is None else builder.edit(project.id, words)

        task = self._work.run(work, self._on_made, saves=False)
        task.ended.connect(lambda: self._on_ended(task))
        self._task = task

    def leave(self) -> None:
        """Listen no more to a wish that is still being worked on; its project, if any, is in the library."""
        if self._task is not None:
            self._task.cancel()
            self._task.succeeded.disconnect()
            self._task = None
        self._conversation.set_busy(False)

    def stop(self) -> None:
        """Stop what is being worked on, because somebody pressed Stop."""
        if self._task is not None:
            self._task.cancel()
            self.leave()
            self._conversation.add_answer(self.tr("Stopped."))
            self._waiting.ask()
            self.stopped.emit()

    def _on_made(self, made: Made) -> None:
        if made.project is not None:
            self.made.emit(made)
            return
        notes = [say(note) for note in made.plan.checks]
        self._conversation.add_answer(say(made.plan.say), notes, made.plan.guesses)

    def _on_ended(self, task: Task) -> None:
        if self._task is None or self._task is task:
            self._task = None
            self._conversation.set_busy(False)
            self._waiting.ask()
