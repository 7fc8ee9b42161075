"""What the tests of the Make page share: a planner with a queue of answers, and the page on real services."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from studio.blueprints import Blueprint, apply, describe_changes, operation_for
from studio.builder.plan import Plan
from studio.builder.service import Builder
from studio.phrases import phrase
from studio.services import Services
from tests.ui.walls import document, quiz
from ui import sandbox
from ui.bridge import EventBridge, Tasks
from ui.make.page import MakePage
from ui.theme import Theme


class QueuePlanner:
    """Answer each wish with the next plan, or with what the next function makes of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[Any] = []

    def plan(self, prompt: str, blueprint: Blueprint | None = None, *, seed: int = 0) -> Plan:
        self.asked.append(prompt)
        answer = self.answers.pop(0)
        return answer(prompt, blueprint) if callable(answer) else answer


def creates(blueprint: dict[str, Any] | None = None, **origins: str) -> Plan:
    """Return a plan that makes an app."""
    made = document(blueprint or quiz()).blueprint
    pointers = {pointer.replace("__", "/"): source for pointer, source in origins.items()}
    return Plan(action="create", say=phrase("Here is your quiz."), blueprint=made, origins=pointers)


def edits(pointer: str, value: Any) -> Callable[[str, Blueprint], Plan]:
    """Return what plans one change."""

    def plan(_prompt: str, blueprint: Blueprint) -> Plan:
        operations = operation_for(blueprint, pointer, value)
        after = apply(blueprint, operations).blueprint
        changes = describe_changes(blueprint, after)
        return Plan(
            action="edit", say=phrase("Done."), blueprint=after, operations=operations, changes=tuple(changes)
        )

    return plan


@dataclasses.dataclass
class Making:
    """Hold a Make page, the planner behind it, and the errors that it could not handle itself."""

    page: MakePage
    planner: QueuePlanner
    services: Services
    errors: list[Any]
    qtbot: Any

    def wait(self, until: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=30_000)

    def make(self, *plans: Any) -> None:
        """Make a project from a wish and wait until it stands."""
        self.planner.answers += plans or (creates(),)
        self.page.start_wish("a quiz about planets")
        self.wait(lambda: self.page.project is not None and not self.page.busy)

    def settle(self) -> None:
        """Wait until nothing runs any more."""
        self.wait(lambda: not self.page.busy)

    @property
    def blueprint(self) -> Any:
        return self.page.project.document.blueprint


@pytest.fixture
def making(qtbot: Any, theme: Theme, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Making]:
    """The Make page on real services, without Chromium and without a language model."""
    monkeypatch.setattr(sandbox, "refusal", lambda **_own: sandbox.Refusal.NO_ENGINE)
    yield from open_page(qtbot, theme, services)


def open_page(qtbot: Any, theme: Theme, services: Services) -> Iterator[Making]:
    """Open the page, and close it in good order."""
    planner = QueuePlanner()
    vars(services)["_make_builder"] = lambda: Builder(services.projects, lambda: planner)
    bridge, tasks = EventBridge(services.events), Tasks(services.jobs)
    errors: list[Any] = []
    tasks.unhandled.connect(errors.append)
    page = MakePage(services, theme, bridge, tasks)
    page.pictures.stop()
    page.resize(1187, 800)
    page.show()
    made = Making(page, planner, services, errors, qtbot)
    yield made
    page.shutdown()
    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    bridge.close()
