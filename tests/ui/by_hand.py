"""What the tests of the inspector share: a hand that does what the page does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest

from studio.blueprints import apply, new_block, to_json
from tests.ui.walls import TIMER, document, quiz
from ui.make.inspector import Inspector
from ui.make.places import Place


class Hand:
    """Do what the page does: apply what the inspector asks for, and show the result."""

    def __init__(self, inspector, made):
        self.inspector = inspector
        self.asked = []
        self.checks = []
        self.locks = []
        inspector.operations_asked.connect(self.apply)
        inspector.check_asked.connect(lambda pointer, checked: self.checks.append((pointer, checked)))
        inspector.lock_asked.connect(lambda block, locked: self.locks.append((block, locked)))
        self.show(made)

    def show(self, made):
        self.document = made
        self.inspector.show_document(made)

    def apply(self, operations):
        self.asked.append([operation.op for operation in operations])
        done = apply(self.document.blueprint, operations)
        names = [
            self.document.block_ids[place] if place is not None else "newblock"
            for place in done.origin_of_block
        ]
        self.show(self.document.model_copy(update={"blueprint": done.blueprint, "block_ids": tuple(names)}))

    @property
    def blueprint(self):
        return self.document.blueprint

    def field(self, name):
        return self.inspector.fields()[name]

    def open(self, *kinds, place=None, **more):
        """Show an app of new parts of these kinds, and a place in it."""
        blocks = [json.loads(to_json(new_block(kind))) for kind in kinds]
        self.show(document(quiz(blocks=blocks, **more)))
        self.inspector.open_place(place or Place(0))

    def type(self, name, words):
        control = self.field(name).control()
        control.selectAll()
        QTest.keyClicks(control, words)
        self.field(name).settle()


@pytest.fixture
def hand(qtbot: Any, theme: Any) -> Iterator[Hand]:
    made = Inspector(theme)
    made.resize(300, 700)
    made.show()
    yield Hand(made, document(quiz(blocks=[*quiz()["blocks"], TIMER])))
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
