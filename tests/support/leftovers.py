"""What a test leaves behind: threads, child processes, Qt timers and windows."""

from __future__ import annotations

import gc
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GRACE_S = 3.0
# Qt WebEngine keeps its helper processes for as long as the program lives.
LASTING_CHILDREN = ("QtWebEngine", "QtWebEngineProc")
# Threads of the test tools themselves, and of pools that belong to a library for the whole process.
LASTING_THREADS = ("pytest_timeout", "pytest-timeout", "tqdm_monitor", "Dummy-", "QtWatchdog")


@dataclass(frozen=True)
class Snapshot:
    """What was alive at one moment; Qt objects by id."""

    threads: frozenset[int]
    children: frozenset[int]
    timers: frozenset[int] = field(default_factory=frozenset)
    windows: frozenset[int] = field(default_factory=frozenset)


def children() -> dict[int, str]:
    """Return this process's living children as {pid: name}; empty where /proc does not tell."""
    found = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            pids = listing.read_text().split()
        except OSError:
            continue
        for pid in pids:
            status = _status(int(pid))
            if status and not status.startswith(LASTING_CHILDREN):
                found[int(pid)] = status
    return found


def _status(pid: int) -> str:
    """Return the process's name, or an empty string if it is gone or a zombie that the next poll will collect."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return ""
    values = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return "" if values.get("State", "").startswith("Z") else values.get("Name", "")


def threads() -> dict[int, str]:
    """Return the living threads that somebody started in Python as {id: name}."""
    return {
        thread.ident: thread.name
        for thread in threading.enumerate()
        if thread.ident is not None
        and thread is not threading.main_thread()
        and not thread.name.startswith(LASTING_THREADS)
    }


def _application() -> Any:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets else None


def _settle() -> None:
    """Let Qt delete what was asked to be deleted."""
    application = _application()
    if application is None:
        return
    from PySide6.QtCore import QEvent

    gc.collect()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.processEvents()


def timers() -> dict[int, str]:
    """Return the running QTimers that Python made as {id: owner}."""
    if _application() is None:
        return {}
    import shiboken6
    from PySide6.QtCore import QTimer

    found = {}
    for wrapper in shiboken6.getAllValidWrappers():
        if isinstance(wrapper, QTimer) and shiboken6.isValid(wrapper) and wrapper.isActive():
            found[id(wrapper)] = f"{wrapper.objectName() or 'timer'} of {type(wrapper.parent()).__name__}"
    return found


def windows() -> dict[int, str]:
    """Return the top-level widgets as {address: class and name}."""
    application = _application()
    if application is None:
        return {}
    import shiboken6

    return {
        shiboken6.getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.objectName()}".strip()
        for widget in application.topLevelWidgets()
        if not widget.inherits("QTipLabel")
    }


def snapshot() -> Snapshot:
    """Return what is alive now."""
    return Snapshot(
        threads=frozenset(threads()),
        children=frozenset(children()),
        timers=frozenset(timers()),
        windows=frozenset(windows()),
    )


def since(before: Snapshot) -> list[str]:
    """Return in words what is alive now and was not `before`, after a short time to come to an end."""
    deadline = time.monotonic() + GRACE_S
    while True:
        _settle()
        found = _new("thread", threads(), before.threads)
        found += _new("child process", children(), before.children)
        found += _new("running timer", timers(), before.timers)
        found += _new("window", windows(), before.windows)
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.02)


def _new(kind: str, now: dict[int, str], before: frozenset[int]) -> list[str]:
    return [f"{kind}: {name}" for key, name in now.items() if key not in before]
