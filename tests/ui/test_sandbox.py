"""The walls round a web page: nothing gets out, nothing of ours gets in, and the page cannot harm the window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.hostile import Listener
from tests.ui.walls import QUIET, ask
from ui import sandbox

pytestmark = pytest.mark.qt_log_ignore(*QUIET, extend=True)
ROOT = Path(__file__).resolve().parents[2]


def play_hostile(mode: str, tmp_path: Path) -> tuple[Listener, str]:
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY-WORDS", encoding="utf-8")
    listener = Listener()
    ports = [str(port) for port in (listener.tcp_port, listener.pre_port, listener.udp_port)]
    env = {**os.environ, sandbox.ALLOW_UNSANDBOXED: "tests", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.ui.hostile", mode, *ports, str(canary)],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=90, check=True,
        )  # fmt: skip
    finally:
        listener.close()
    return listener, done.stdout


@pytest.mark.slow
def test_without_walls_the_hostile_pages_do_get_out(tmp_path):
    """The control: if this fails, the attacks are broken and the next test proves nothing."""
    listener, said = play_hostile("control", tmp_path)
    assert len(listener.paths) >= 21, sorted(listener.paths)
    assert listener.udp > 0
    assert listener.pre > 0
    assert "READ CANARY-WORDS" in said


@pytest.mark.slow
def test_behind_the_walls_nothing_gets_out_and_no_file_is_read(tmp_path):
    listener, said = play_hostile("walls", tmp_path)
    assert (listener.paths, listener.tcp, listener.pre, listener.udp) == (set(), 0, 0, 0)
    assert "READ" not in said
    places = [line.removeprefix("AT ") for line in said.splitlines() if line.startswith("AT ")]
    assert len(places) == 7
    assert {place.partition("#")[0] for place in places} == {f"{sandbox.SCHEME}://app/"}


class TestPrepare:
    def test_adds_all_walls_and_drops_what_could_open_one(self, monkeypatch):
        theirs = "--disable-gpu --remote-debugging-port=9222 --disable-web-security --no-sandbox --lang=fr"
        monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", " ".join((theirs, *sandbox.FLAGS)))
        monkeypatch.setenv("QTWEBENGINE_REMOTE_DEBUGGING", "9222")
        sandbox.prepare(headless=True)
        flags = os.environ["QTWEBENGINE_CHROMIUM_FLAGS"]
        assert flags == " ".join(("--disable-gpu", "--lang=fr", *sandbox.FLAGS))
        assert "QTWEBENGINE_REMOTE_DEBUGGING" not in os.environ

    def test_takes_the_sandbox_switch_away_unless_set_up_said_so(self, monkeypatch):
        monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
        monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", " ".join(sandbox.FLAGS))
        monkeypatch.delenv(sandbox.ALLOW_UNSANDBOXED)
        sandbox.prepare(headless=True)
        assert "QTWEBENGINE_DISABLE_SANDBOX" not in os.environ

    def test_a_quote_that_is_never_closed_drops_their_flags(self, monkeypatch):
        monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", '--lang="fr ' + " ".join(sandbox.FLAGS))
        sandbox.prepare(headless=True)
        assert os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] == " ".join(sandbox.FLAGS)


class TestRefusal:
    @pytest.fixture(autouse=True)
    def _without_sandbox(self, qapp, monkeypatch):
        monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")

    @pytest.mark.parametrize(
        ("allowed", "own", "plays"),
        [
            ("", True, False),
            ("", False, False),
            ("1", True, True),
            ("1", False, False),
            ("tests", False, True),
        ],
    )
    def test_without_chromiums_sandbox(self, monkeypatch, allowed, own, plays):
        monkeypatch.setenv(sandbox.ALLOW_UNSANDBOXED, allowed)
        expected = None if plays else sandbox.Refusal.NO_SANDBOX
        assert sandbox.refusal(own=own) is expected

    def test_a_window_that_can_be_seen_never_plays_without_it(self, monkeypatch):
        monkeypatch.setenv(sandbox.ALLOW_UNSANDBOXED, "1")
        monkeypatch.setattr(sandbox.QGuiApplication, "platformName", lambda: "xcb")
        assert sandbox.refusal(own=True) is sandbox.Refusal.NO_SANDBOX

    def test_a_missing_library_is_named(self, monkeypatch):
        def refuse(name):
            raise ImportError("libnss3.so: cannot open shared object file")

        sandbox.webengine_problem.cache_clear()
        monkeypatch.setattr(sandbox.importlib, "import_module", refuse)
        assert sandbox.refusal(own=True) is sandbox.Refusal.NO_ENGINE
        assert "libnss3" in sandbox.webengine_problem()
        monkeypatch.undo()
        sandbox.webengine_problem.cache_clear()


@pytest.mark.slow
class TestPage:
    @pytest.fixture
    def view(self, qtbot):
        from ui.locked_page import LockedView

        made = LockedView()
        made.resize(300, 200)
        made.show()
        yield made
        made.close_page()

    def load(self, qtbot, view, body):
        with qtbot.waitSignal(view.locked.loadFinished, timeout=20_000):
            view.locked.show_html(f"<!doctype html><body>{body}</body>")

    def test_the_page_cannot_see_or_end_the_door(self, qtbot, view):
        self.load(qtbot, view, "")
        seen = ask(qtbot, view.locked, "[typeof qt, typeof QWebChannel, typeof door].join()", ours=False)
        assert seen == "undefined,undefined,undefined"
        assert ask(qtbot, view.locked, "typeof qt.webChannelTransport") == "object"

    def test_events_come_through_and_a_flood_of_them_does_not(self, qtbot, view):
        heard = []
        view.locked.app_event.connect(lambda block, event: heard.append((block, event)))
        one = "document.dispatchEvent(new CustomEvent('sprout', {detail: {block: 'b1', event: 'win'}}));"
        with qtbot.waitSignal(view.locked.ready, timeout=20_000):
            view.locked.show_html(
                f"<body><script>for (let i = 0; i < 3000; i += 1) {one}"
                "setTimeout(() => { document.documentElement.dataset.ready = '1'; }, 1500)</script>"
            )
        assert heard[0] == ("b1", "win")
        assert len(heard) < 300

    def test_words_too_long_or_wrong_are_dropped_at_the_door(self, qtbot, view):
        heard = []
        view.locked.app_event.connect(lambda block, event: heard.append((block, event)))
        door = view.locked._door
        for words in (
            "x" * 1_000_000,
            "not json",
            "[1]",
            '{"kind":"other"}',
            '{"kind":"event","block":[],"event":{}}',
        ):
            door.tell(words)
        assert len(heard) <= 1
        door.tell('{"kind":"event","block":"b2","event":"right"}')
        assert heard[-1] == ("b2", "right")

    def test_a_storm_of_alerts_is_one_message_and_confirm_says_no(self, qtbot, view):
        said = []
        view.locked.alerted.connect(said.append)
        self.load(qtbot, view, "<script>for (let i = 0; i < 1000; i += 1) alert(i)</script>")
        assert said == ["0"]
        assert (
            ask(qtbot, view.locked, "String(confirm('?')) + String(prompt('?'))", ours=False) == "falsenull"
        )

    def test_a_flood_of_console_lines_is_cut(self, qtbot, view):
        lines = []
        view.locked.console_line.connect(lambda level, message, line: lines.append(message))
        self.load(
            qtbot, view, "<script>for (let i = 0; i < 3000; i += 1) console.log('x'.repeat(5000))</script>"
        )
        assert len(lines) == 500
        assert {len(line) for line in lines} == {2000}

    def test_a_hung_page_is_stopped_and_another_can_be_loaded(self, qtbot, view):
        view.locked.watchdog.set_pace(50)
        with qtbot.waitSignal(view.locked.stopped, timeout=30_000) as stopped:
            view.locked.show_html("<body><script>while (true) {}</script>")
        assert stopped.args == ["hung"]
        view.locked.show_html("<body><h1>Again</h1>")
        qtbot.waitUntil(lambda: ask(qtbot, view.locked, "document.body.innerText") == "Again", timeout=20_000)

    def test_a_page_that_eats_the_memory_is_stopped(self, qtbot, view):
        view.locked.watchdog.memory_bytes = 250 * 1024 * 1024
        with qtbot.waitSignal(view.locked.stopped, timeout=30_000) as stopped:
            view.locked.show_html(
                "<body><script>const kept = []; setInterval(() => kept.push(new Uint8Array(2e7).fill(1)), 20)</script>"
            )
        assert stopped.args == ["bloated"]

    def test_downloads_file_choosers_and_new_windows_come_to_nothing(self, qtbot, view):
        self.load(qtbot, view, "")
        page = view.locked
        assert page.chooseFiles(page.FileSelectionMode.FileSelectOpen, [], []) == []
        assert ask(qtbot, page, "String(window.open('about:blank'))", ours=False) == "null"
        script = "const a = document.createElement('a'); a.download = 'x'; a.href = 'data:,x'; a.click(); location.href"
        assert ask(qtbot, page, script, ours=False) == f"{sandbox.SCHEME}://app/"
