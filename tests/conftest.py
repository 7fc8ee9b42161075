"""What holds for every test: no screen, no network, a throwaway home, nothing left behind.

Qt is never imported here: studio's tests run where it is missing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import leftovers, offline

# Before anything may import PySide6.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HF_HUB_OFFLINE"] = "1"
# Tests run side by side, one on each core: two that compute with all cores wait for each other most of the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["SPROUT_HOME"] = tempfile.mkdtemp(prefix="sprout-tests-")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses to start as root with its sandbox on; the pages of tests are harmless and go nowhere.
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    os.environ["SPROUT_ALLOW_UNSANDBOXED"] = "tests"

# No deadline: a busy machine is not a bug. The same examples each time: a red test stays red.
settings.register_profile(
    "sprout", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sprout")

_call_failed = pytest.StashKey[bool]()


def pytest_configure() -> None:
    """Close the network before the first test module is imported."""
    offline.switch_on()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow tests last, so that a fault in the others shows early."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember a failed call: its traceback keeps objects alive, which are not leftovers then."""
    report = yield
    if report.failed:
        item.stash[_call_failed] = True
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat what bootstrap's other checks said, just above the closing line."""
    checks = os.environ.get("SPROUT_CHECKS")
    if checks:
        terminalreporter.section("checks before the tests")
        terminalreporter.write_line(checks)


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a child process, a running timer or a window."""
    before = leftovers.snapshot()
    yield
    if request.node.stash.get(_call_failed, False):
        return
    left = leftovers.since(before)
    if left:
        pytest.fail("left behind: " + "; ".join(left), pytrace=False)


@pytest.fixture(autouse=True)
def outside_attempts() -> Iterator[list[str]]:
    """Fail a test that tried to reach past this machine; a test of the refusal itself clears the list."""
    offline.attempts.clear()
    yield offline.attempts
    tried = list(offline.attempts)
    offline.attempts.clear()
    if tried:
        pytest.fail("tried to reach the network: " + "; ".join(tried), pytrace=False)


@pytest.fixture(autouse=True)
def throwaway_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, which is not made yet."""
    home = tmp_path / "sprout-home"
    monkeypatch.setenv("SPROUT_HOME", str(home))
    return home
