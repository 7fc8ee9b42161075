"""Open the one SQLite file, keep it sound, and run transactions on it.

Facts: with write-ahead logging and synchronous=FULL a committed transaction survives a power cut
(sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
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

BUSY_TIMEOUT_S = 10.0


class Database:
    """Run statements on one SQLite file from any thread, one transaction at a time."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self.changed = False
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        try:
            self._use_log()
            for pragma in ("synchronous=FULL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            self._connection.close()
            raise

    def _use_log(self) -> None:
        """Switch to write-ahead logging; SQLite does not wait for others here, so we do."""
        begun = time.monotonic()
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() - begun > BUSY_TIMEOUT_S:
                    raise
                time.sleep(0.02)
            else:
                return

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
                self.changed = True
            except BaseException as error:
                self._roll_back()
                if isinstance(error, sqlite3.OperationalError):
                    raise refused(error) from error
                raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.OperationalError as error:
                raise refused(error) from error

    def row(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        found = self.rows(statement, values)
        return found[0] if found else None

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

    def copy_from(self, source: sqlite3.Connection) -> None:
        """Take over all that stands in another database."""
        with self._lock:
            source.backup(self._connection)

    def check(self) -> bool:
        """Tell whether SQLite finds the file sound, and our tables are in it.

        Only damage answers no; a disk or another program that is in the way raises OperationalError.
        """
        with self._lock:
            try:
                ask = self._connection.execute
                sound = [tuple(row) for row in ask("PRAGMA quick_check(1)")] == [("ok",)]
                version = ask("PRAGMA user_version").fetchone()[0]
                tables = {row[0] for row in ask("SELECT name FROM sqlite_master WHERE type='table'")}
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                return False
        return sound and (version == 0 or "project" in tables)

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


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether SQLite only says that another program is at work."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def refused(error: sqlite3.OperationalError) -> StorageError:
    """Return the words for what SQLite said about the disk."""
    kept = phrase("What was saved before is safe.")
    if is_busy(error):
        what, then = phrase("Another Sprout Studio is busy saving."), phrase("Try again in a moment.")
    elif getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        what, then = phrase("The disk is full."), phrase("Free some space and try again.")
    else:
        what, then = phrase("The disk did not let us save."), phrase("Try again in a moment.")
    return StorageError(what, kept=kept, next=then, detail=str(error))


@dataclass(frozen=True)
class Opened:
    """Hold an open database and what the user should know about how it was opened."""

    database: Database
    notices: tuple[Phrase, ...] = ()


class _TooNewError(StorageError):
    """Report a file that a newer studio wrote."""


def open_database(path: Path, points: Path) -> Opened:
    """Open the database at `path` and bring it to today's shape; `points` holds its restore points.

    A file that is damaged, or gone though there are restore points, is brought back from the newest
    sound one; the damaged file is kept aside. Where nothing can be written, a copy in memory lets
    people look at their projects, with words that say so. Raises StorageError while another program
    holds the file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        notice = _bring_back_lost(path, points)
        database = _sound(path)
        if database is None:
            notice = _rescue(path, points)
            database = Database(path)
        _migrate(database, points)
    except _TooNewError as error:
        return Opened(_in_memory(None), error.phrases)
    except (OSError, sqlite3.Error) as error:
        log.warning("database not opened: %s", error)
        cause = error if isinstance(error, sqlite3.Error) else error.__cause__
        if isinstance(cause, sqlite3.OperationalError) and is_busy(cause):
            raise refused(cause) from error
        return Opened(_in_memory(path), (_NOT_KEPT,))
    return Opened(database, (notice,) if notice else ())


_NOT_KEPT = phrase(
    "The studio cannot write to its folder, so nothing you make now will be kept. Share it as a file."
)


def _in_memory(path: Path | None) -> Database:
    """Return a database that ends with the program, with a copy of what stands at `path`."""
    database = Database(":memory:")
    if path is not None and path.is_file():
        with contextlib.suppress(sqlite3.Error):
            source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            with contextlib.closing(source):
                database.copy_from(source)
    _migrate(database, None)
    return database


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


def _bring_back_lost(path: Path, points: Path) -> Phrase | None:
    """Put the newest restore point in the place of a file that is gone or empty."""
    if path.exists() and path.stat().st_size:
        return None
    point = _newest_sound(points)
    if point is None:
        return None
    files.save(path, point.read_bytes())
    log.warning("database was gone, restored from %s", point.name)
    return phrase("Your projects file was gone. We brought back the newest good copy.")


def _rescue(path: Path, points: Path) -> Phrase:
    """Put the damaged file aside and the newest sound restore point in its place."""
    point = _newest_sound(points)
    good = point.read_bytes() if point is not None else None
    aside = files.set_aside(path, label="damaged")
    for suffix in ("-wal", "-shm"):
        log_file = path.with_name(path.name + suffix)
        if log_file.exists():
            log_file.replace(aside.with_name(aside.name + suffix))
    if good is None:
        log.warning("damaged database kept as %s, no restore point", aside.name)
        return phrase("Your projects file was damaged. We kept it and started a fresh one.")
    files.save(path, good)
    log.warning("damaged database kept as %s, restored", aside.name)
    return phrase(
        "Your projects file was damaged. We brought back the newest good copy and kept the old file."
    )


def _newest_sound(points: Path) -> Path | None:
    if not points.is_dir():
        return None
    return next(
        (point for point in restore_points.newest_first(points) if restore_points.is_sound(point)), None
    )


def _migrate(database: Database, points: Path | None) -> None:
    """Bring the file to today's shape, one step and one backup at a time."""
    while (done := _version(database)) < len(MIGRATIONS):
        # A new file takes all steps at once: nobody sees it half made, and there is nothing to keep.
        goal = done + 1 if done else len(MIGRATIONS)
        if points is not None and done:
            points.mkdir(parents=True, exist_ok=True)
            database.back_up(points / f"before-{goal:03d}.db")
        with database.transaction() as connection:
            if _version(database) != done:  # another program was faster
                continue
            for statement in ";".join(MIGRATIONS[done:goal]).split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version={goal}")
    database.changed = False
    if _version(database) > len(MIGRATIONS):
        database.close()
        raise _TooNewError(
            phrase("Your projects were saved by a newer Sprout Studio."),
            kept=phrase("They are safe."),
            next=phrase("Open them with the newer version."),
        )


def _version(database: Database) -> int:
    return int(database.rows("PRAGMA user_version")[0][0])
