"""Pictures of steps: taken by a child in the background, or not at all, and never in the way."""

import shutil

import pytest
from PySide6.QtGui import QImage

from studio.errors import CancelledError
from studio.jobs import CancelToken
from studio.phrases import phrase
from tests.ui.walls import document
from ui import sandbox
from ui.bridge import EventBridge, Tasks
from ui.widgets import picture_maker
from ui.widgets.picture_maker import PictureMaker, run_probe

LONG_MS = 60_000


@pytest.fixture
def maker(qtbot, services):
    bridge = EventBridge(services.events)
    made = PictureMaker(services, bridge, Tasks(services.jobs))
    made._timer.setInterval(10)
    yield made
    made.stop()
    qtbot.waitUntil(lambda: not made.busy, timeout=LONG_MS)
    bridge.close()


@pytest.mark.slow
def test_a_new_project_gets_a_picture(qtbot, services, maker, monkeypatch):
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    monkeypatch.setenv(sandbox.ALLOW_UNSANDBOXED, "1")
    with qtbot.waitSignal(maker.made, timeout=LONG_MS) as made:
        project = services.projects.create(document().blueprint, words=phrase("Made"))
    assert made.args == [project.id, project.step.id]
    image = QImage(str(services.projects.get(project.id).step.picture))
    assert (image.width(), image.height()) == (640, 400)


@pytest.mark.slow
def test_stop_ends_the_child_and_its_step_stays_without_a_picture(qtbot, services, maker):
    project = services.projects.create(document().blueprint, words=phrase("Made"))
    qtbot.waitUntil(lambda: maker._task is not None, timeout=LONG_MS)
    maker.stop()
    qtbot.waitUntil(lambda: not maker.busy, timeout=LONG_MS)
    assert services.projects.get(project.id).step.picture is None


def test_quick_changes_share_one_picture(qtbot, services, maker, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        picture_maker, "_work", lambda one: lambda token, report: drawn.append(one.title) or b"png"
    )
    maker._timer.setInterval(200)
    project = services.projects.create(document().blueprint, words=phrase("Made"))
    for name in ("One", "Two", "Three"):
        blueprint = document().blueprint.model_copy(update={"title": name})
        services.projects.commit(project.id, blueprint, words=phrase("Renamed"))
    with qtbot.waitSignal(maker.made, timeout=LONG_MS):
        pass
    qtbot.waitUntil(lambda: not maker.busy, timeout=LONG_MS)
    assert drawn == ["Three"]
    assert [bool(step.picture) for step in services.projects.get(project.id).steps] == [
        False,
        False,
        False,
        True,
    ]


def test_an_app_of_somebody_else_is_not_played_for_a_picture(qtbot, services, maker, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        picture_maker, "_work", lambda one: lambda token, report: drawn.append(one.title) or b"png"
    )
    services.projects.take_in(document(), words=phrase("Came in"))
    maker.fill_gaps()
    qtbot.waitUntil(lambda: not maker._timer.isActive() and not maker.busy, timeout=LONG_MS)
    assert drawn == []


def test_where_nothing_may_play_it_gives_up_for_good(qtbot, services, maker, monkeypatch):
    tried = []
    monkeypatch.setattr(
        picture_maker, "run_probe", lambda *_asked: tried.append(1) or {"refused": "no_sandbox"}
    )
    with qtbot.waitSignal(maker.gave_up, timeout=LONG_MS) as told:
        services.projects.create(document().blueprint, words=phrase("Made"))
    assert told.args == ["no_sandbox"]
    services.projects.create(document().blueprint, words=phrase("Made"))
    qtbot.waitUntil(lambda: not maker.busy and not maker._timer.isActive(), timeout=LONG_MS)
    assert len(tried) == 1


def test_gaps_of_earlier_days_are_filled(qtbot, services, maker, monkeypatch):
    maker.stop()
    projects = [services.projects.create(document().blueprint, words=phrase("Made")) for _ in range(2)]
    maker._off = False
    monkeypatch.setattr(picture_maker, "_work", lambda one: lambda token, report: one.id.encode())
    maker.fill_gaps()
    qtbot.waitUntil(lambda: all(item.picture for item in services.projects.list()), timeout=LONG_MS)
    assert len(projects) == 2


def test_a_child_that_says_nothing_is_a_failure_and_stop_is_stop(monkeypatch):
    monkeypatch.setattr(picture_maker.sys, "executable", shutil.which("true"))
    with pytest.raises(Exception, match="no picture"):
        run_probe(["page.html"], CancelToken())
    token = CancelToken()
    token.cancel()
    monkeypatch.setattr(picture_maker.sys, "executable", shutil.which("cat"))
    with pytest.raises(CancelledError):
        run_probe(["page.html"], token)
