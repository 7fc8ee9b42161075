"""Copies of the database that the studio makes by itself: the last ten, and one for each of seven days.

They are numbered, so that a clock that jumps never makes an old copy look like the newest one.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import sqlite3
import time
from pathlib import Path
from typing import Protocol

_LAST = 10
_DAYS = 7
_NAME = re.compile(r"studio-(\d{6})-(\d{8})\.db")
_REST_S = 60.0
"""Commands that follow each other quickly share one restore point."""


class _Copies(Protocol):
    def back_up(self, target: Path) -> None: ...


def keep(database: _Copies, folder: Path, *, always: bool = False) -> None:
    """Make a restore point of a sound database, unless there is a fresh one, and drop those too many."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    points = _numbered(folder)
    if points and not always and 0 <= time.time() - points[0].stat().st_mtime < _REST_S:
        return
    number = _parts(points[0])[0] + 1 if points else 1
    today = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d")
    database.back_up(folder / f"studio-{number:06d}-{today}.db")
    points = _numbered(folder)
    days: dict[str, Path] = {}
    for point in points:
        days.setdefault(_parts(point)[1], point)
    wanted = {*points[:_LAST], *list(days.values())[:_DAYS]}
    for point in points:
        if point not in wanted:
            point.unlink(missing_ok=True)


def newest_first(folder: Path) -> list[Path]:
    """Return the restore points, the newest first; copies made before a migration come last."""
    return _numbered(folder) + sorted(folder.glob("before-*.db"), reverse=True)


def is_sound(point: Path) -> bool:
    """Tell whether SQLite can read a restore point."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{point.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            answer: tuple[str] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return answer == ("ok",)


def _numbered(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("studio-*.db") if _NAME.fullmatch(path.name)]
    return sorted(found, key=_parts, reverse=True)


def _parts(point: Path) -> tuple[int, str]:
    _, number, day = point.stem.split("-")
    return int(number), day
