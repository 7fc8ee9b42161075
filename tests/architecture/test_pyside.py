"""The pinned PySide6 keeps its references: 6.12.0 lost one on None and True per call and killed Python 3.11."""

from __future__ import annotations

import subprocess
import sys

EMITS = 20_000
# The program runs in a child: a lost reference ends in an abort of the whole process.
PROGRAM = f"""
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

class Source(QObject):
    rang = Signal(int)
    heard = 0

    @Slot(int)
    def _on_rang(self, number):
        self.heard += 1

application = QCoreApplication([])
source = Source()
source.rang.connect(source._on_rang)
before = sys.getrefcount(None), sys.getrefcount(True)
for number in range({EMITS}):
    source.rang.emit(number)
    source.setObjectName("bell")
after = sys.getrefcount(None), sys.getrefcount(True)
print(source.heard, after[0] - before[0], after[1] - before[1])
"""


def test_twenty_thousand_signals_lose_no_reference() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 0, done.stderr
    heard, none_change, true_change = map(int, done.stdout.split())
    assert heard == EMITS
    # A few references come and go in the interpreter itself; a lost one per call would be tens of thousands.
    assert none_change > -100
    assert true_change > -100
