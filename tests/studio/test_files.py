"""A file is old or new, never half; names are fit for every system."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import files
from studio.errors import StorageError


def test_save_writes_text_and_bytes(tmp_path: Path):
    files.save(tmp_path / "deep" / "a.txt", "grün 🌱")
    files.save(tmp_path / "deep" / "b.bin", b"\x00\xff")
    assert (tmp_path / "deep" / "a.txt").read_text(encoding="utf-8") == "grün 🌱"
    assert (tmp_path / "deep" / "b.bin").read_bytes() == b"\x00\xff"


@pytest.mark.parametrize("call", ["fsync", "write", "replace"])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "does not let us save"),
        (errno.EIO, "could not be saved"),
    ],
)
def test_a_refused_save_keeps_the_old_file_and_leaves_no_rest(tmp_path, monkeypatch, call, number, words):
    path = tmp_path / "kept.json"
    files.save(path, "old")

    def refuse(*_args, **_more):
        raise OSError(number, os.strerror(number))

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", refuse)
    elif call == "replace":
        monkeypatch.setattr(Path, "replace", refuse)
    else:
        monkeypatch.setattr(os, "fdopen", lambda handle, _mode: (os.close(handle), refuse())[1])
    with pytest.raises(StorageError, match=words) as caught:
        files.save(path, "new")
    assert "safe" in str(caught.value)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept.json"]


def test_set_aside_never_overwrites(tmp_path):
    for number in (1, 2, 3):
        path = tmp_path / "settings.json"
        path.write_text(str(number))
        assert files.set_aside(path, label="damaged").name == f"settings.damaged-{number}.json"
    assert sorted(entry.read_text() for entry in tmp_path.iterdir()) == ["1", "2", "3"]


RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(\.|$)")


@given(st.text())
def test_any_title_gives_a_name_that_every_system_accepts(title):
    name = files.safe_name(title)
    assert name
    assert name == name.strip(". ")
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not RESERVED.match(name)
    assert len(name.encode("utf-8")) <= 124


@pytest.mark.parametrize(
    ("title", "name"),
    [("Shark Quiz", "Shark Quiz"), ("CON", "CON app"), ("nul.txt", "nul.txt app"), ("a/b: c?", "a b c"),
     ("...", "My app"), ("🌱 Plänt", "🌱 Plänt"), ("COM¹", "COM¹ app")],
)  # fmt: skip
def test_names_read_well(title, name):
    assert files.safe_name(title) == name


def test_free_name_counts_up_and_ignores_case(tmp_path):
    assert files.free_name(tmp_path, "Quiz", ".html").name == "Quiz.html"
    (tmp_path / "quiz.HTML").touch()
    assert files.free_name(tmp_path, "Quiz", ".html").name == "Quiz 2.html"


SAVER = """
import os, sys
from pathlib import Path
from studio import files

calls = 0

def dies(name, real):
    def wrapper(*args, **more):
        global calls
        calls += 1
        if calls == int(sys.argv[2]):
            os._exit(9)
        return real(*args, **more)
    return wrapper

os.fsync = dies("fsync", os.fsync)
os.fdopen = dies("fdopen", os.fdopen)
Path.replace = dies("replace", Path.replace)
os.open = dies("open", os.open)
files.save(Path(sys.argv[1]), "new " * 10_000)
"""


def test_a_kill_at_any_point_of_a_save_leaves_the_old_or_the_new_file(tmp_path):
    path = tmp_path / "work.json"
    seen = set()
    for point in range(1, 12):
        files.save(path, "old")
        done = subprocess.run([sys.executable, "-c", SAVER, str(path), str(point)], check=False, timeout=60)
        content = path.read_text()
        assert content in ("old", "new " * 10_000)
        seen.add((done.returncode, content[:3]))
        if done.returncode == 0:
            break
    assert {(9, "old"), (9, "new"), (0, "new")} <= seen, (
        "the kill points must lie before and after the switch"
    )
