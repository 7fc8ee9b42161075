"""The store keeps what was acknowledged, whatever happens to the process or to the file."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from studio.errors import StorageError
from studio.store import Database, open_database, restore_points


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "home" / "studio.db", tmp_path / "home" / "points"


def insert(database, title: str) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO project (id, title, created_at, changed_at) VALUES (?, ?, '', '')", (title, title)
        )


def titles(database) -> list[str]:
    return [row["title"] for row in database.rows("SELECT title FROM project ORDER BY rowid")]


def test_what_was_kept_is_there_after_reopening(places):
    opened = open_database(*places)
    insert(opened.database, "one")
    opened.database.close()
    again = open_database(*places)
    assert (titles(again.database), again.notices) == (["one"], ())
    again.database.close()


def test_a_failed_transaction_leaves_nothing(places):
    database = open_database(*places).database
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:
        connection.execute("INSERT INTO project (id, title, created_at, changed_at) VALUES ('a','a','','')")
        _ = 1 / 0
    assert titles(database) == []
    insert(database, "after")
    assert titles(database) == ["after"]
    database.close()


def test_the_store_is_durable_and_strict(places):
    database = open_database(*places).database
    assert database.rows("PRAGMA journal_mode")[0][0] == "wal"
    assert database.rows("PRAGMA synchronous")[0][0] == 2  # FULL
    assert database.rows("PRAGMA foreign_keys")[0][0] == 1
    database.close()


@pytest.mark.parametrize("damage", ["zeros", "cut", "noise", "not a database"])
def test_a_damaged_file_is_kept_and_the_newest_restore_point_comes_back(places, damage):
    path, points = places
    opened = open_database(path, points)
    insert(opened.database, "safe")
    restore_points.keep(opened.database, points, always=True)
    opened.database.close()
    raw = bytearray(path.read_bytes())
    if damage == "zeros":
        raw[:] = bytes(len(raw))
    elif damage == "cut":
        del raw[len(raw) // 2 :]
    elif damage == "noise":
        raw[100:] = random.Random(4).randbytes(len(raw) - 100)
    else:
        raw[:] = b"hello" * 100
    path.write_bytes(raw)

    again = open_database(path, points)
    assert titles(again.database) == ["safe"]
    (notice,) = again.notices
    assert "kept the old file" in str(notice)
    assert path.with_name("studio.damaged-1.db").read_bytes() == bytes(raw)
    again.database.close()


def test_a_damaged_file_without_restore_point_gives_a_fresh_start_that_says_so(places):
    path, points = places
    path.parent.mkdir(parents=True)
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))
    opened = open_database(path, points)
    assert titles(opened.database) == []
    assert "fresh one" in str(opened.notices[0])
    opened.database.close()


def test_a_folder_that_cannot_be_written_gives_a_session_that_says_so(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    opened = open_database(blocked / "studio.db", blocked / "points")
    assert not opened.database.durable
    assert "nothing you make now will be kept" in str(opened.notices[0])
    insert(opened.database, "for now")
    opened.database.close()


def test_a_file_of_a_newer_studio_is_left_alone(places):
    path, points = places
    open_database(path, points).database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    before = path.read_bytes()
    opened = open_database(path, points)
    assert not opened.database.durable
    opened.database.close()
    assert path.read_bytes() == before


def test_a_newer_file_is_said_in_true_words(places):
    path, points = places
    open_database(path, points).database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    opened = open_database(path, points)
    assert "newer Sprout Studio" in str(opened.notices[0])
    opened.database.close()


@pytest.mark.parametrize("lost", ["gone", "empty"])
@pytest.mark.parametrize("folder", ["plain", "a#b 100%25 what?"])
def test_a_lost_file_comes_back_from_the_newest_restore_point(tmp_path, lost, folder):
    path, points = tmp_path / folder / "studio.db", tmp_path / folder / "points"
    opened = open_database(path, points)
    insert(opened.database, "safe")
    restore_points.keep(opened.database, points, always=True)
    opened.database.close()
    path.unlink()
    if lost == "empty":
        path.touch()
    again = open_database(path, points)
    assert titles(again.database) == ["safe"]
    assert "brought back" in str(again.notices[0])
    again.database.close()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [folder]


def test_a_home_that_became_read_only_still_shows_what_is_there(places, monkeypatch):
    path, points = places
    opened = open_database(path, points)
    insert(opened.database, "look at me")
    opened.database.close()
    original = Database.__init__

    def refuse(self, where):
        if str(where) != ":memory:":
            raise sqlite3.OperationalError("attempt to write a readonly database")
        original(self, where)

    monkeypatch.setattr(Database, "__init__", refuse)
    again = open_database(path, points)
    assert titles(again.database) == ["look at me"]
    assert not again.database.durable
    assert "nothing you make now will be kept" in str(again.notices[0])
    again.database.close()


STARTER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from studio.store import open_database
    opened = open_database(Path(sys.argv[1]), Path(sys.argv[2]))
    with opened.database.transaction() as connection:
        connection.execute(
            "INSERT INTO project (id, title, created_at, changed_at) VALUES (?, ?, '', '')", (sys.argv[3],) * 2
        )
    print(opened.database.durable)
    opened.database.close()
    """
)


def test_many_first_starts_at_once_lose_nothing(places):
    path, points = places
    for round_ in range(3):
        children = [
            subprocess.Popen(
                [sys.executable, "-c", STARTER, str(path), str(points), f"{round_}-{number}"],
                stdout=subprocess.PIPE, text=True, cwd=Path.cwd(),
            )
            for number in range(6)
        ]  # fmt: skip
        answers = [child.communicate(timeout=60)[0].strip() for child in children]
        assert answers == ["True"] * 6
    opened = open_database(path, points)
    assert len(titles(opened.database)) == 18
    opened.database.close()


def test_old_restore_points_go_and_the_last_ten_stay(places):
    path, points = places
    database = open_database(path, points).database
    for _ in range(14):
        restore_points.keep(database, points, always=True)
    names = [point.name[:13] for point in restore_points.newest_first(points)]
    assert names == [f"studio-{number:06d}" for number in range(14, 4, -1)]
    database.close()


def test_a_fresh_restore_point_is_not_made_twice(places):
    path, points = places
    database = open_database(path, points).database
    restore_points.keep(database, points)
    restore_points.keep(database, points)
    assert len(restore_points.newest_first(points)) == 1
    database.close()


def test_full_disk_is_said_in_words(places):
    database = open_database(*places).database
    database.rows("PRAGMA max_page_count=20")
    with pytest.raises(StorageError, match="The disk is full") as caught:
        for number in range(200):
            insert(database, f"{number} " + "x" * 4000)
    assert "safe" in str(caught.value)
    assert database.check()
    database.close()


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from studio.store import open_database
    database = open_database(Path(sys.argv[1]), Path(sys.argv[2])).database
    number = 0
    while True:
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO project (id, title, created_at, changed_at) VALUES (?, ?, '', '')", (str(number),) * 2
            )
        print(number, flush=True)
        number += 1
    """
)


def test_kill_at_any_moment_loses_nothing_that_was_acknowledged(places):
    path, points = places
    kept = 0
    for pause in (1, 7, 23, 60):
        path.unlink(missing_ok=True)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(points)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path.cwd(),
        ) as child:
            last = -1
            while last < pause:
                last = int(child.stdout.readline())
            child.kill()
            for line in child.stdout:
                last = int(line)
        opened = open_database(path, points)
        found = [int(title) for title in titles(opened.database)]
        assert found[: last + 1] == list(range(last + 1))
        assert opened.notices == ()
        opened.database.close()
        kept += 1
    assert kept == 4


def test_any_damaged_page_still_starts_and_nothing_is_overwritten(places):
    path, points = places
    opened = open_database(path, points)
    for number in range(40):
        insert(opened.database, f"{number} " + "x" * 500)
    restore_points.keep(opened.database, points, always=True)
    opened.database.close()
    good = path.read_bytes()
    for seed in range(25):
        dice = random.Random(seed)
        raw = bytearray(good)
        start = dice.randrange(0, len(raw), 4096)
        raw[start : start + 4096] = dice.randbytes(4096)
        path.write_bytes(raw)
        again = open_database(path, points)
        assert len(titles(again.database)) == 40
        assert again.database.durable
        if again.notices:
            aside = path.with_name("studio.damaged-1.db")
            assert aside.read_bytes() == bytes(raw)
            aside.unlink()
        again.database.close()
