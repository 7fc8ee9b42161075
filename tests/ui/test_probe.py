"""The probe: a child process plays pages to their goals, draws them, and tells what is wrong with them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from studio.blueprints import new_block
from studio.blueprints.render import render
from tests.apps import documents
from tests.ui.walls import CARDS, CHECKLIST, NOTE, PICKER, TIMER, document, quiz
from ui import sandbox
from ui.probe import is_own, main, project_json
from ui.probing import GOALS

ROOT = Path(__file__).resolve().parents[2]
BROKEN = (
    "<!doctype html><body><h1>Hi</h1><script>document.documentElement.dataset.ready = '1'; nope()</script>"
)


def command(*arguments):
    return [sys.executable, "-m", "ui.probe", *map(str, arguments), "--json"]


def environment(allowed="1"):
    return {**os.environ, sandbox.ALLOW_UNSANDBOXED: allowed, "QTWEBENGINE_DISABLE_SANDBOX": "1"}


def probe(*arguments, allowed="1"):
    done = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(allowed),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def write(folder, name, html):
    path = folder / name
    path.write_text(html, encoding="utf-8")
    return path


class TestOwn:
    def test_a_page_that_our_renderer_made_is_own(self):
        assert is_own(render(document()))

    @pytest.mark.parametrize("html", ["", "<p>hello</p>", '<script id="sprout-project">{}</script>'])
    def test_any_other_page_is_not(self, html):
        assert not is_own(html)

    def test_one_changed_letter_makes_it_foreign(self):
        html = render(document())
        assert not is_own(html.replace('"use strict"', '"use strict";fetch("x")', 1))

    def test_finds_the_project_of_a_page(self):
        assert json.loads(project_json(render(document())))["title"] == "Planet Quiz"
        assert project_json('<script id="sprout-project">{"cut') is None


@pytest.mark.parametrize("arguments", [["page.html", "--size", "big"], ["a", "b", "--picture", "x.png"], []])
def test_wrong_use_is_told_before_anything_starts(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.slow
class TestChild:
    def test_plays_every_kind_to_its_goal_and_draws_it(self, tmp_path):
        stack = quiz(blocks=[*quiz()["blocks"], CARDS, CHECKLIST])
        tabs = quiz(layout="tabs", blocks=[NOTE, PICKER, TIMER])
        steps = quiz(
            layout="steps", blocks=[{**TIMER, "mode": "stopwatch", "seconds": 0}, {**CHECKLIST, "items": []}]
        )
        pages = [
            write(tmp_path, f"{index}.html", render(document(one)))
            for index, one in enumerate((stack, tabs, steps))
        ]
        pictures = [tmp_path / f"{index}.png" for index in range(3)]
        asked = [word for picture in pictures for word in ("--picture", picture)]
        code, told = probe(*pages, "--play", "--size", "640x400", *asked)
        assert [(one["ready"], one["errors"], one["unmet"], one["goal"]) for one in told] == [
            (True, [], [], True)
        ] * 3
        assert code == 0
        assert {"block": "b1", "event": "win"} in told[0]["events"]
        for picture in pictures:
            image = QImage(str(picture))
            assert (image.width(), image.height()) == (640, 400)
            assert len({image.pixel(x, y) for x in range(0, 640, 20) for y in range(0, 400, 20)}) > 5

    def test_a_new_block_of_any_kind_is_played_to_its_goal(self, tmp_path):
        pages = []
        for kind in GOALS:
            blueprint = documents.app(new_block(kind).model_dump(mode="json", by_alias=True))
            pages.append(write(tmp_path, f"{kind}.html", render(documents.document(blueprint))))
        code, told = probe(*pages, "--play")
        assert code == 0, told
        lack = {Path(one["page"]).stem: one["cannot"] for one in told if one["cannot"]}
        assert lack == {"classifier": ["b1 classifier"], "texttool": ["b1 texttool"]}
        assert {one["goal"] for one in told if Path(one["page"]).stem not in lack} == {True}

    def test_tells_what_is_wrong_with_a_page(self, tmp_path):
        broken = write(tmp_path, "broken.html", BROKEN)
        silent = write(tmp_path, "silent.html", "<!doctype html><p>never ready")
        code, told = probe(broken, silent, tmp_path / "none.html", "--limit", "4", allowed="tests")
        assert code == 1
        assert told[0]["ready"]
        assert "nope is not defined" in told[0]["errors"][0]
        assert [one["errors"] for one in told[1:]] == [
            ["the time was up"],
            ["the page cannot be read: FileNotFoundError"],
        ]

    def test_without_the_sandbox_a_foreign_page_is_refused(self, tmp_path):
        code, told = probe(write(tmp_path, "foreign.html", BROKEN))
        assert (code, told[0]["refused"], told[0]["ready"]) == (1, "no_sandbox", False)

    def test_sigterm_ends_the_child_and_all_that_it_started(self, tmp_path):
        page = write(tmp_path, "silent.html", "<!doctype html><p>never ready")
        child = subprocess.Popen(command(page), cwd=ROOT, env=environment("tests"), stdout=subprocess.PIPE)
        try:
            deadline = time.monotonic() + 60
            while not (family := descendants(child.pid)) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert family, "the child never started Chromium"
            child.send_signal(signal.SIGTERM)
            assert child.wait(30) == 143
            while any(map(alive, family)) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not any(map(alive, family))
        finally:
            child.kill()
            child.wait()
            child.stdout.close()


def descendants(pid):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == pid:
                found += [int(entry.name), *descendants(int(entry.name))]
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
