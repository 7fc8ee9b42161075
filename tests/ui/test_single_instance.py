"""One window for each home; a lock that nobody stands behind keeps nobody out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio.paths import Paths
from ui.single_instance import SingleInstance


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "home")


def test_the_second_start_reaches_the_first(qtbot: Any, paths: Paths) -> None:
    first = SingleInstance(paths)
    with qtbot.waitSignal(first.called, timeout=5000):
        second = SingleInstance(paths)
        assert second.call_first()
    assert (first.first, second.first) == (True, False)
    second.close()
    first.close()
    third = SingleInstance(paths)
    assert third.first
    third.close()


def test_another_home_is_another_window(qapp: Any, paths: Paths, tmp_path: Path) -> None:
    first, other = SingleInstance(paths), SingleInstance(Paths.under(tmp_path / "other"))
    assert first.first
    assert other.first
    first.close()
    other.close()


def test_the_same_home_by_another_name_is_the_same_window(qapp: Any, paths: Paths, tmp_path: Path) -> None:
    first = SingleInstance(paths)
    (tmp_path / "alias").symlink_to(paths.base)
    second = SingleInstance(Paths.under(tmp_path / "alias"))
    assert not second.first
    assert second.call_first()
    second.close()
    first.close()


def test_a_lock_that_another_computer_left_behind_is_taken_over(qapp: Any, paths: Paths) -> None:
    paths.base.mkdir(parents=True)
    paths.lock.write_text("4711\npython3\nanother-computer\n")
    made = SingleInstance(paths)
    assert made.first
    made.close()


HOLDER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.paths import Paths
from ui.single_instance import SingleInstance
app = QCoreApplication([])
held = SingleInstance(Paths.under(Path(sys.argv[1])))
print(held.first, flush=True)
time.sleep(60)
"""


def test_a_holder_that_was_killed_keeps_nobody_out(qapp: Any, paths: Paths) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(paths.base)], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "True"
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    assert os.path.exists(paths.lock)  # noqa: PTH110 - left behind, that is the point
    made = SingleInstance(paths)
    assert made.first
    made.close()
