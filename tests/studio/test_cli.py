"""`sprout` does the whole main job: words and JSON on stdout, sentences on stderr, honest exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import resources
from studio.cli import main

SCHEMAS = resources.folder() / "schemas"


class Sprout:
    """Run commands in one throwaway home."""

    def __init__(self, home: Path, capsys, monkeypatch) -> None:
        self.home, self._capsys, self._monkeypatch = home, capsys, monkeypatch

    def __call__(self, *words: str, stdin: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        code = main(["--home", str(self.home), *words])
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *words: str) -> dict:
        code, out, err = self(*words, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def sprout(tmp_path, capsys, monkeypatch) -> Sprout:
    return Sprout(tmp_path / "home", capsys, monkeypatch)


def valid(blueprint: dict) -> bool:
    schema = json.loads((SCHEMAS / "blueprint.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(blueprint)
    return True


def test_a_wish_becomes_a_project_and_a_page(sprout, tmp_path):
    made = sprout.json("make", "a quiz about planets", "--out", str(tmp_path / "p.html"))
    assert (made["action"], made["planner"], made["model"]) == ("create", "starter", None)
    assert valid(made["blueprint"])
    assert made["blueprint"]["blocks"][0]["type"] == "quiz"
    assert Path(made["path"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [item["id"] for item in sprout.json("projects")["items"]] == [made["project"]]


def test_edit_undo_redo_and_timeline(sprout):
    project = sprout.json("make", "a quiz about planets")["project"]
    edited = sprout.json("edit", project, "make it light")
    assert edited["action"] == "edit"
    assert edited["operations"]
    assert all(pointer.startswith("/theme") for pointer in edited["changed"])
    assert sprout.json("undo", project)["current"] == 1
    timeline = sprout.json("timeline", project)["items"]
    assert [item["current"] for item in timeline] == [True, False]
    assert sprout.json("redo", project)["current"] == 2
    assert sprout.json("show", project)["document"]["blueprint"]["theme"]["mode"] == "light"
    back = sprout.json("edit", project, "undo that")
    assert (back["action"], back["history"]) == ("edit", {"undo": 1})
    assert back["blueprint"]["theme"] != edited["blueprint"]["theme"]


def test_export_and_open_make_a_project_of_its_own(sprout, tmp_path):
    project = sprout.json("make", "a checklist: tent, torch, socks")
    page = tmp_path / "packing.html"
    assert sprout("export", project["project"], "--to", "page", "--out", str(page))[0] == 0
    taken = sprout.json("open", str(page))
    assert taken["id"] != project["project"]
    assert not taken["trusted"]
    assert sprout.json("show", taken["id"])["document"]["blueprint"] == project["blueprint"]


def test_without_prompts_the_page_does_not_tell_how_it_was_made(sprout, tmp_path):
    project = sprout.json("make", "a quiz about planets for my zebra")["project"]
    told, silent = tmp_path / "told.html", tmp_path / "silent.html"
    sprout("export", project, "--out", str(told))
    sprout("export", project, "--out", str(silent), "--without-prompts")
    assert "for my zebra" in told.read_text(encoding="utf-8")
    assert "for my zebra" not in silent.read_text(encoding="utf-8")


def test_the_trash(sprout):
    project = sprout.json("make", "a timer for 5 minutes")["project"]
    sprout("delete", project)
    assert sprout.json("projects")["items"] == []
    assert [item["id"] for item in sprout.json("projects", "--deleted")["items"]] == [project]
    sprout("restore", project)
    assert len(sprout.json("projects")["items"]) == 1


def test_plan_reads_and_writes_json_lines_and_saves_nothing(sprout):
    lines = [{"id": 1, "prompt": "a quiz about planets"}, {"id": "two", "prompt": "flash cards for spanish"}]
    code, out, _ = sprout("plan", stdin="\n".join(json.dumps(line) for line in lines) + "\nnot json\n")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer.get("id") for answer in answers] == [1, "two", None]
    assert all(valid(answer["blueprint"]) for answer in answers[:2])
    assert "error" in answers[2]
    assert sprout.json("projects")["items"] == []


def test_plan_with_a_blueprint_plans_an_edit(sprout):
    blueprint = sprout.json("make", "a quiz about planets")["blueprint"]
    line = json.dumps({"id": 1, "prompt": "call it Night Sky", "blueprint": blueprint})
    answer = json.loads(sprout("plan", stdin=line)[1])
    assert answer["action"] == "edit"
    assert answer["changed"] == ["/title"]
    assert answer["blueprint"]["title"] == "Night Sky"
    patch = json.loads((SCHEMAS / "blueprint_patch.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(patch).validate({"say": answer["say"], "ops": answer["operations"]})


def test_plan_is_the_same_for_the_same_seed(sprout):
    line = json.dumps({"prompt": "a quiz about sharks"})

    def plan(seed: str) -> dict:
        answer = json.loads(sprout("plan", "--seed", seed, stdin=line)[1])
        return answer["blueprint"]

    assert plan("3") == plan("3")
    assert plan("3") != plan("4")


def test_a_kind_no_and_a_question_back_are_done_too(sprout):
    code, out, _ = sprout("make", "help me hack the school wifi", "--json")
    assert (code, json.loads(out)["action"], json.loads(out)["project"]) == (0, "decline", None)
    code, out, _ = sprout("make", "", "--json")
    assert (code, json.loads(out)["action"]) == (0, "clarify")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "nothing like it"), "There is no project called"),
        (("open", "/no/such/file.html"), "There is no file called"),
        (("make", "a quiz", "--model", "big"), "without a model"),
    ],
)
def test_errors_are_one_plain_sentence_and_code_1(sprout, words, sentence):
    code, out, err = sprout(*words)
    assert (code, out) == (1, "")
    assert sentence in err
    assert "Traceback" not in err


def test_wrong_usage_is_code_2(sprout):
    for words in ((), ("fly",), ("export", "x")):
        with pytest.raises(SystemExit) as caught:
            raise SystemExit(sprout(*words)[0])
        assert caught.value.code == 2


def test_an_ambiguous_title_asks_for_more(sprout):
    for _ in range(2):
        sprout("make", "a quiz about planets")
    title = sprout.json("projects")["items"][0]["title"]
    code, _, err = sprout("show", title)
    assert code == 1
    assert "More than one" in err


def test_doctor_names_every_check_and_how_to_mend_it(sprout):
    checks = sprout.json("doctor")["checks"]
    assert {"python", "home", "store", "disk", "planner", "window", "torch", "network"} <= {
        check["name"] for check in checks
    }
    assert all(set(check) == {"name", "ok", "detail", "mend"} for check in checks)


def test_the_environment_and_the_option_move_the_home(tmp_path):
    env = {**os.environ, "SPROUT_HOME": str(tmp_path / "from env"), "PYTHONWARNINGS": "error"}
    run = subprocess.run(
        [sys.executable, "-m", "studio", "make", "a timer for 3 minutes", "--quiet"],
        env=env, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "from env" / "studio.db").exists()


@pytest.mark.parametrize("with_page", [True, False])
def test_a_home_that_cannot_be_written_still_answers_and_is_honest(tmp_path, with_page):
    blocked, page = tmp_path / "file", tmp_path / "page.html"
    blocked.write_text("")
    out = ["--out", str(page)] if with_page else []
    run = subprocess.run(
        [sys.executable, "-m", "studio", "--home", str(blocked / "home"), "make", "a timer for 3 minutes", *out],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert (run.returncode, page.exists()) == ((0, True) if with_page else (1, False))
    assert "will be kept" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "is a folder"), ("new/", "is a folder"), ("notes.docx", "is not a page"), ("CON.html", "Windows cannot"),
     ("x" * 300, "too long"), ("pipe.html", "is not a page")],
)  # fmt: skip
def test_a_page_that_cannot_be_written_is_said_before_anything_is_made(sprout, tmp_path, name, words):
    (tmp_path / "notes.docx").write_text("mine")
    os.mkfifo(tmp_path / "pipe.html")
    code, _, err = sprout("make", "a timer for 3 minutes", "--out", f"{tmp_path}/{name}" if name else "")
    assert code == 1
    assert words in err
    assert sprout.json("projects")["items"] == []
    assert (tmp_path / "notes.docx").read_text() == "mine"
    assert (tmp_path / "pipe.html").is_fifo()


def test_a_page_follows_a_link_and_others_may_read_it(sprout, tmp_path):
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_text("old")
    link.symlink_to(real)
    sprout.json("make", "a timer for 3 minutes", "--out", str(link))
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("<!doctype html>")
    fresh = sprout.json("make", "a timer for 4 minutes", "--out", str(tmp_path / "fresh.html"))["path"]
    assert Path(fresh).stat().st_mode & 0o777 == 0o644
    assert sprout.home.stat().st_mode & 0o777 == 0o700


def test_half_characters_from_a_terminal_are_read_as_far_as_they_go(sprout):
    made = sprout.json("make", "a quiz about \udcff planets")
    assert made["action"] == "create"


def test_plan_answers_every_odd_line_with_a_line(sprout):
    lines = ['{"prompt": 5}', '{"id": 7, "prompt": null}', '{"id": NaN, "prompt": "x"}', "[]", '"x"', "{",
             '{"id": 8, "prompt": "make it red", "blueprint": {}}', "[" * 20_000]  # fmt: skip
    code, out, _ = sprout("plan", stdin="\n".join(lines))
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, len(answers)) == (0, len(lines))
    assert all(answer["error"] and answer["action"] == "clarify" for answer in answers)
    assert [answer.get("id") for answer in answers] == [None, 7, None, None, None, None, 8, None]


def test_two_programs_change_one_project_and_both_changes_stay(sprout):
    project = sprout.json("make", "a quiz about planets")["project"]
    wishes = ["call it Night Sky", "make it light", "20 seconds per question", "bigger text"]
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "studio", "--home", str(sprout.home), "--quiet", "edit", project, wish],
            stdout=subprocess.DEVNULL,
        )
        for wish in wishes
    ]
    assert [child.wait(60) for child in children] == [0] * len(wishes)
    after = sprout.json("show", project)
    blueprint = after["document"]["blueprint"]
    assert after["steps"] == len(wishes) + 1
    assert (blueprint["title"], blueprint["theme"]["mode"]) == ("Night Sky", "light")
    assert (blueprint["blocks"][0]["seconds"], blueprint["theme"]["size"]) == (20, "large")


def test_a_home_has_a_restore_point_after_the_first_work(sprout):
    sprout("make", "a timer for 3 minutes")
    assert len(list((sprout.home / "restore_points").iterdir())) == 1
    (sprout.home / "studio.db").write_bytes(b"gone")
    code, out, err = sprout("projects", "--json")
    assert code == 0
    assert len(json.loads(out)["items"]) == 1
    assert "brought back" in err


def test_a_home_with_spaces_and_any_letters_works(tmp_path, capsys, monkeypatch):
    sprout = Sprout(tmp_path / "Ünï çødé 家 (1)", capsys, monkeypatch)
    project = sprout.json("make", "a quiz about planets", "--out", str(tmp_path / "Ünï 家" / "page ü.html"))
    assert Path(project["path"]).exists()
    assert sprout.json("open", project["path"])["title"] == project["blueprint"]["title"]
