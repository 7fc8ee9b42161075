"""The rules of tests/conftest.py, each broken once on purpose in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

THREAD = """
import threading

def test_it():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
"""
CHILD = """
import subprocess, sys

started = []

def test_it():
    started.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
"""
NETWORK = """
import socket

def test_it():
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except OSError:
        pass
"""
NAME = """
import socket

def test_it():
    try:
        socket.getaddrinfo("example.com", 80)
    except OSError:
        pass
"""
WARNING = """
import warnings

def test_it():
    warnings.warn("mind the gap")
"""
WINDOW = """
from PySide6.QtWidgets import QWidget

kept = []

def test_it(qapp):
    kept.append(QWidget())
"""
TIMER = """
from PySide6.QtCore import QTimer

kept = []

def test_it(qapp):
    kept.append(QTimer())
    kept[0].start(1000)
"""
QT_WARNING = """
from PySide6.QtCore import qWarning

def test_it(qapp):
    qWarning("QWidget: something is wrong")
"""
GOOD = """
import socket, subprocess, sys, threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit

def test_it(qtbot):
    subprocess.run([sys.executable, "-c", ""], check=True)
    thread = threading.Thread(target=int)
    thread.start()
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    timer = QTimer(field)
    timer.start(1000)
"""


def play(source: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the test in the house: its settings, its conftest, in a process of its own."""
    (folder / "test_sample.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), str(folder / "test_sample.py")]
    # The child makes a home and a base for temporary folders of its own.
    environment = {**os.environ, "PYTEST_DEBUG_TEMPROOT": str(folder)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param(THREAD, "left behind: thread: Thread-1", id="thread"),
        pytest.param(CHILD, "left behind: child process: python", id="child process"),
        pytest.param(NETWORK, "tried to reach the network: socket.getaddrinfo 192.0.2.1", id="address"),
        pytest.param(NAME, "tried to reach the network: socket.getaddrinfo example.com", id="name"),
        pytest.param(WARNING, "UserWarning: mind the gap", id="warning"),
        pytest.param(WINDOW, "left behind: window: QWidget", id="window"),
        pytest.param(TIMER, "left behind: running timer", id="timer"),
        pytest.param(QT_WARNING, "QWidget: something is wrong", id="Qt warning"),
    ],
)
def test_what_the_house_forbids_fails(source: str, said: str, tmp_path: Path) -> None:
    done = play(source, tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout


@pytest.mark.slow
def test_what_the_house_allows_passes(tmp_path: Path) -> None:
    done = play(GOOD, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_qt_cannot_be_imported_where_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(
        "import pytest\n\n\ndef test_it():\n    for name in ('PySide6', 'PySide6.QtCore', 'shiboken6', 'ui.app'):\n"
        "        with pytest.raises(ModuleNotFoundError):\n            __import__(name)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-p", "tests.support.no_qt", "-p", "no:pytest-qt"]
    command += ["-p", "tests.conftest", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]

    done = subprocess.run(
        [*command, str(tmp_path / "test_sample.py")], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
