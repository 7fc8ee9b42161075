"""A pytest plugin under which Qt cannot be imported: `pytest -p tests.support.no_qt -p no:pytest-qt`.

studio has to pass its tests on a machine where nobody installed Qt.
"""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

REFUSED = frozenset({"PySide6", "shiboken6", "qtawesome", "qtpy", "pytestqt", "ui"})


class RefuseQt(importlib.abc.MetaPathFinder):
    """Answer every import of Qt, and of the window, with the error of a missing package."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(
                f"No module named {fullname!r} (refused by tests.support.no_qt)", name=fullname
            )
        return None


sys.meta_path.insert(0, RefuseQt())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Accept the settings of pytest-qt in pyproject.toml, which is not there to accept them."""
    parser.addini("qt_api", "unused here")
    parser.addini("qt_log_level_fail", "unused here")
    parser.addini("qt_log_ignore", "unused here", type="linelist")


def pytest_configure() -> None:
    """Make sure the refusal came in time."""
    early = sorted(REFUSED & {name.partition(".")[0] for name in sys.modules})
    if early:
        raise pytest.UsageError(f"imported before it could be refused: {', '.join(early)}")
