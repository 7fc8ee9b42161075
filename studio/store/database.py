"""Open the one SQLite file, keep it sound, and run transactions on it.

Facts: with write-ahead logging and synchronous=FULL a committed transaction survives a power cut
(sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio import files, logs
from studio.errors import StorageError
from studio.phrases import Phrase, phrase
from studio.store import restore_points
from studio.store.migrations import MIGRATIONS

log = logs.get("store")

_BUSY_TIMEOUT_S = 10.0


class Database:
    """Run statements on one SQLite file from any thread, one transaction at a time."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    @property
    def durable(self) -> bool:
        """Tell whether what is written here outlives the program."""
        return str(self.path) != ":memory:"

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose changes are all kept (on the disk, on return) or all dropped."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if isinstance(error, sqlite3.OperationalError):
                    raise refused(error) from error
                raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
            return found

    def back_up(self, target: Path) -> None:
        """Write a consistent copy to `target`, whole or not at all."""
        partial = target.with_name(f".{target.name}.partial")
        partial.unlink(missing_ok=True)
        copy = sqlite3.connect(partial)
        try:
            with self._lock:
                self._connection.backup(copy)
        finally:
            copy.close()
        partial.replace(target)

    def check(self) -> bool:
        """Tell whether SQLite finds the file sound."""
        try:
            return [tuple(row) for row in self.rows("PRAGMA quick_check(1)")] == [("ok",)]
        except sqlite3.DatabaseError:
            return False

    def close(self) -> None:
        """Fold the log into the file and close it."""
        with self._lock:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")


def refused(error: sqlite3.OperationalError) -> StorageError:
    """Return the words for what SQLite said about the disk."""
    full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
    return StorageError(
        phrase("The disk is full.") if full else phrase("The disk did not let us save."),
        kept=phrase("What was saved before is safe."),
        next=phrase("Free some space and try again.") if full else phrase("Try again in a moment."),
        detail=str(error),
    )


@dataclass(frozen=True)
class Opened:
    """Hold an open database and what the user should know about how it was opened."""

    database: Database
    notice: Phrase | None


def open_database(path: Path, points: Path) -> Opened:
    """Open the database at `path` and bring it to today's shape; `points` holds its restore points.

    A file that is not sound is kept aside and the newest sound restore point takes its place. A
    folder that cannot be written gives a database in memory, with words that say so.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        notice = None
        database = _sound(path)
        if database is None:
            notice = _rescue(path, points)
            database = Database(path)
        _migrate(database, points)
    except (OSError, sqlite3.Error, StorageError) as error:
        log.warning("database not opened: %s", error)
        database = Database(":memory:")
        _migrate(database, None)
        return Opened(
            database,
            phrase(
                "The studio cannot write to its folder, so nothing you make now will be kept. Share it as a file."
            ),
        )
    return Opened(database, notice)


def _sound(path: Path) -> Database | None:
    """Return the opened database, or None if the file is there but damaged."""
    try:
        database = Database(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return None
    if database.check():
        return database
    database.close()
    return None


def _rescue(path: Path, points: Path) -> Phrase:
    """Put the damaged file aside and the newest sound restore point in its place."""
    aside = files.set_aside(path, label="damaged")
    for suffix in ("-wal", "-shm"):
        log_file = path.with_name(path.name + suffix)
        if log_file.exists():
            log_file.replace(aside.with_name(aside.name + suffix))
    for point in restore_points.newest_first(points):
        if restore_points.is_sound(point):
            files.save(path, point.read_bytes())
            log.warning("damaged database kept as %s, restored from %s", aside.name, point.name)
            return phrase(
                "Your projects file was damaged. We brought back the newest good copy and kept the old file."
            )
    log.warning("damaged database kept as %s, no restore point", aside.name)
    return phrase("Your projects file was damaged. We kept it and started a fresh one.")


def _migrate(database: Database, points: Path | None) -> None:
    """Bring the file to today's shape, one step and one backup at a time."""
    done = database.rows("PRAGMA user_version")[0][0]
    if done > len(MIGRATIONS):
        raise StorageError(
            phrase("Your projects were saved by a newer Sprout Studio."),
            kept=phrase("They are safe."),
            next=phrase("Open them with the newer version."),
        )
    for number in range(done + 1, len(MIGRATIONS) + 1):
        if points is not None and number > 1:
            points.mkdir(parents=True, exist_ok=True)
            database.back_up(points / f"before-{number:03d}.db")
        with database.transaction() as connection:
            for statement in MIGRATIONS[number - 1].split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number}")
