"""The preview: it shows an app, keeps it playing while it changes, and says plainly when it cannot."""

import os
import signal

import pytest
from PySide6.QtWidgets import QPushButton

from tests.ui.walls import NOTE, QUIET, TIMER, ask, document, quiz
from ui import sandbox
from ui.widgets import preview as preview_module
from ui.widgets.preview import Preview, State

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore(*QUIET, extend=True)]
LONG_MS = 30_000


@pytest.fixture
def preview(qtbot, theme):
    made = Preview(theme)
    made.resize(700, 500)
    made.show()
    yield made
    made.close_page()
    made.close()
    made.deleteLater()


def shown(qtbot, preview, made, **more):
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        preview.show_document(made, **more)
    return preview.page


def words(qtbot, preview):
    return ask(qtbot, preview.page, "document.body.innerText")


def press(preview):
    preview.findChild(QPushButton, "preview.act").click()


def test_shows_an_app_and_tells_its_events(qtbot, preview):
    heard = []
    preview.app_event.connect(lambda block, event: heard.append((block, event)))
    shown(qtbot, preview, document())
    assert preview.state is State.RUNNING
    assert "Which planet is the largest?" in words(qtbot, preview)
    assert heard == [("b1", "start")]


def test_a_change_shows_in_the_same_page_and_the_play_goes_on(qtbot, preview):
    page = shown(qtbot, preview, document())
    ask(qtbot, page, "document.querySelector('[data-act=answer]').click()")
    qtbot.waitUntil(lambda: bool(ask(qtbot, page, "document.querySelectorAll('[data-act=next]').length")))
    pid = preview.renderer_pid()
    with qtbot.waitSignal(preview.updated, timeout=LONG_MS), qtbot.assertNotEmitted(page.loadStarted):
        preview.show_document(document(quiz("Purple planets")))
    assert "Purple planets" in words(qtbot, preview)
    assert preview.renderer_pid() == pid
    assert ask(qtbot, page, "document.querySelectorAll('[data-act=next]').length") == 1


def test_the_last_of_quick_changes_is_the_one_that_shows(qtbot, preview):
    preview.show_document(document())
    for number in range(5):
        preview.show_document(document(quiz(f"Title {number}")))
    qtbot.waitUntil(lambda: preview.state is State.RUNNING, timeout=LONG_MS)
    qtbot.waitUntil(lambda: "Title 4" in words(qtbot, preview), timeout=LONG_MS)


def test_a_change_that_the_page_cannot_take_loads_it_anew(qtbot, preview, monkeypatch):
    shown(qtbot, preview, document())
    monkeypatch.setattr(preview_module, "render_update", lambda _document: "throw new Error('no');")
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        preview.show_document(document(quiz("Loaded anew")))
    assert "Loaded anew" in words(qtbot, preview)


def test_a_new_kind_of_part_loads_the_page_once_and_leaves_no_gap(qtbot, preview):
    one, two = document(number=5), document(quiz(blocks=[*quiz()["blocks"], NOTE]), number=5)
    shown(qtbot, preview, one)
    spots = [(x, y) for x in range(150, 550, 20) for y in range(80, 420, 20)]
    before = [preview.grab().toImage().pixel(*spot) for spot in spots]
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        preview.show_document(two)
        assert preview.state is State.LOADING
        now = [preview.grab().toImage().pixel(*spot) for spot in spots]
        assert sum(a == b for a, b in zip(before, now, strict=True)) > 0.9 * len(spots)  # a picture may bob
    assert NOTE["title"] in words(qtbot, preview)
    for other in (one, two):
        with qtbot.waitSignal(preview.updated, timeout=LONG_MS):
            preview.show_document(other)
        assert preview.state is State.RUNNING


def test_another_project_gets_a_page_and_a_memory_of_its_own(qtbot, preview):
    page = shown(qtbot, preview, document(number=1))
    ask(qtbot, page, "localStorage.setItem('secret', 'of project 1')", ours=False)
    assert ask(qtbot, page, "localStorage.getItem('secret')", ours=False) == "of project 1"
    page = shown(qtbot, preview, document(number=2))
    assert ask(qtbot, page, "String(localStorage.getItem('secret'))", ours=False) == "null"


def test_a_crash_is_mended_three_times_and_then_told(qtbot, preview):
    problems = []
    preview.problem.connect(problems.append)
    shown(qtbot, preview, document())
    for _ in range(3):
        with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
            os.kill(preview.renderer_pid(), signal.SIGKILL)
        assert preview.state is State.RUNNING
    os.kill(preview.renderer_pid(), signal.SIGKILL)
    qtbot.waitUntil(lambda: preview.state is State.CRASHED, timeout=LONG_MS)
    assert [problem.state for problem in problems] == [State.CRASHED] * 4
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        press(preview)
    assert "Planet Quiz" in words(qtbot, preview)


def test_a_page_that_hangs_is_stopped_and_can_be_played_again(qtbot, preview):
    page = shown(qtbot, preview, document())
    page.watchdog.set_pace(60)
    page.run("while (true) {}")
    qtbot.waitUntil(lambda: preview.state is State.HUNG, timeout=LONG_MS)
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        press(preview)
    assert "Planet Quiz" in words(qtbot, preview)


def test_play_again_does_not_wait_for_a_page_that_hangs(qtbot, preview):
    page = shown(qtbot, preview, document())
    page.watchdog.set_pace(200)
    page.run("while (true) {}")
    qtbot.waitUntil(lambda: page.watchdog.waiting, timeout=LONG_MS)
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        preview.reload()
    assert preview.state is State.RUNNING


def test_an_app_of_somebody_else_waits_for_run(qtbot, preview):
    preview.show_document(document(), trusted=False)
    assert preview.state is State.STOPPED
    preview.reload()
    preview.show_document(document(quiz("Changed")), trusted=False)
    assert (preview.state, preview.page, preview.renderer_pid()) == (State.STOPPED, None, 0)
    with qtbot.waitSignals([preview.run_asked, preview.ready], timeout=LONG_MS):
        press(preview)
    assert "Changed" in words(qtbot, preview)


@pytest.mark.parametrize(
    ("refusal", "state"),
    [(sandbox.Refusal.NO_SANDBOX, State.UNSAFE), (sandbox.Refusal.NO_ENGINE, State.MISSING)],
)
def test_where_nothing_may_play_a_card_says_so_and_offers_the_browser(
    qtbot, preview, monkeypatch, refusal, state
):
    monkeypatch.setattr(sandbox, "refusal", lambda **_own: refusal)
    with qtbot.waitSignal(preview.problem, timeout=LONG_MS) as told:
        preview.show_document(document())
    assert (preview.state, told.args[0].state, preview.page) == (state, state, None)
    with qtbot.waitSignal(preview.outside_asked):
        press(preview)


def test_a_page_that_never_stands_is_told(qtbot, preview, monkeypatch):
    monkeypatch.setattr(preview_module, "render", lambda _document, room_for: "<!doctype html><p>nothing</p>")
    preview._late.setInterval(500)
    preview.show_document(document())
    qtbot.waitUntil(lambda: preview.state is State.BROKEN, timeout=LONG_MS)
    monkeypatch.undo()
    with qtbot.waitSignal(preview.ready, timeout=LONG_MS):
        press(preview)


def test_screens_are_as_wide_as_they_say(qtbot, preview):
    preview.resize(1200, 900)
    widths = {}
    for name in preview_module.SCREENS:
        preview.set_screen(name)
        widths[name] = preview.app_rect().width()
        assert preview.rect().contains(preview.app_rect())
    assert widths == {"computer": 1160, "tablet": 820, "phone": 390}


def test_an_alert_of_the_app_is_a_strip_that_stops_nobody(qtbot, preview):
    page = shown(qtbot, preview, document(quiz(blocks=[TIMER])))
    page.run("alert('Hello from the app')")
    qtbot.waitUntil(preview._alert.isVisible, timeout=LONG_MS)
    assert "Hello from the app" in preview._alert._words.text()
    assert ask(qtbot, page, "1 + 1") == 2


def test_clear_takes_the_page_down(qtbot, preview):
    shown(qtbot, preview, document())
    preview.clear()
    assert (preview.state, preview.page, preview.document) == (State.EMPTY, None, None)
    shown(qtbot, preview, document())
