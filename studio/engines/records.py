"""What this computer learnt about its models: loads that ended badly, measurements, and the user's choices.

Before a load a line is written, after it the line is taken away. A line that is left over tells of a
crash, a power cut or a kill, even when nobody was there to write that down.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import psutil

from studio.engines import bandwidth
from studio.engines import machine as machines
from studio.engines.machine import Machine
from studio.phrases import Phrase, phrase
from studio.store import Database

_KEPT = 20
"""Lines kept for each model, weights and machine."""

_COUNTED = 5
"""The newest so many lines make the median that is shown."""

STOPPED_WHILE_LOADING = phrase("The studio ended while it was loading this model.")


@dataclass(frozen=True)
class Trouble:
    """Say how the last life of a model ended badly: the cause as in EngineError, and the words."""

    cause: str
    words: Phrase


@dataclass(frozen=True)
class Measurement:
    """Hold what was measured beside what was predicted; None is "not measured".

    Seconds, bytes, and tokens per second; `plain_tps` is the prediction without what was learnt here.
    """

    ref: str
    weights: str
    engine: str = ""
    device: str = "cpu"
    context: int = 0
    load_s: float | None = None
    peak_bytes: int | None = None
    resident_bytes: int | None = None
    prefill_tps: float | None = None
    decode_tps: float | None = None
    predicted_bytes: int | None = None
    predicted_tps: float | None = None
    plain_tps: float | None = None


@dataclass(frozen=True)
class View:
    """Hold all records of one machine at one moment; what looks at it is a pure function.

    `measured` goes by (ref, weights), the model's newest kind of weights last; `learnt` says by
    (engine, weights, device) how many times faster models write here than they do on paper.
    """

    trouble: Mapping[str, Trouble] = field(default_factory=dict)
    measured: Mapping[tuple[str, str], Measurement] = field(default_factory=dict)
    learnt: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)

    def newest(self, ref: str) -> Measurement | None:
        """Return what was measured last of a model, whatever its weights."""
        found = [one for (name, _), one in self.measured.items() if name == ref]
        return found[-1] if found else None


class EngineRecords:
    """Keep the records in the studio's one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._machine: Machine | None = None

    # ---- the machine

    def machine(self) -> Machine:
        """Return this computer as it is now; its bandwidth is measured once (0.3 s) and kept.

        One that was measured while other programs were busy holds for this run of the program only.
        """
        if self._machine is None:
            seen = machines.look()
            row = self._database.row(
                "SELECT bandwidth_bytes_s FROM machine WHERE fingerprint=?", (seen.fingerprint,)
            )
            speed = float(row[0]) if row is not None else self._measure_bandwidth(seen.fingerprint)
            self._machine = replace(seen, bandwidth_bytes_s=speed)
        return replace(self._machine, free_bytes=psutil.virtual_memory().available)

    def _measure_bandwidth(self, fingerprint: str) -> float:
        quiet, speed = bandwidth.is_quiet(), bandwidth.measure_bandwidth()
        if not quiet:
            return speed
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO machine VALUES (?, ?, ?)", (fingerprint, speed, _now())
            )
        return speed

    # ---- loads

    def begin_load(self, ref: str) -> None:
        """Write down that a load begins; on the disk when this returns."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO engine_load VALUES (?, '', ?, ?, ?, ?)",
                (ref, _json(STOPPED_WHILE_LOADING), os.getpid(), _begun(os.getpid()), _now()),
            )

    def end_load(self, ref: str) -> None:
        """Take away what `begin_load` wrote: the load went well, or somebody stopped it on purpose."""
        with self._writing() as connection:
            connection.execute("DELETE FROM engine_load WHERE ref=?", (ref,))

    def note_trouble(self, ref: str, cause: str, words: Phrase) -> None:
        """Write down that a model stopped working, while it was loaded or later."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO engine_load VALUES (?, ?, ?, ?, ?, ?)",
                (ref, cause or "failed", _json(words), os.getpid(), 0.0, _now()),
            )

    def trouble(self, ref: str) -> Trouble | None:
        """Return how the last life of a model ended badly; None: it did not."""
        return self._troubles().get(ref)

    def _troubles(self) -> dict[str, Trouble]:
        found = {}
        for row in self._database.rows("SELECT ref, cause, words, pid, begun FROM engine_load"):
            # A program that lives is still loading: the window, seen from a command line.
            if not row["cause"] and _begun(row["pid"]) == row["begun"]:
                continue
            found[row["ref"]] = Trouble(row["cause"] or "crashed", Phrase.from_json(json.loads(row["words"])))
        return found

    # ---- measurements

    def measure(self, measured: Measurement) -> None:
        """Keep one line of measurements; lines too many are dropped, the oldest first."""
        fingerprint = self.machine().fingerprint
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO engine_measurement (ref, weights, machine, engine, device, context, at, load_s,"
                " peak_bytes, resident_bytes, prefill_tps, decode_tps, predicted_bytes, predicted_tps, plain_tps)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    measured.ref, measured.weights, fingerprint, measured.engine, measured.device,
                    measured.context, _now(), measured.load_s, measured.peak_bytes, measured.resident_bytes,
                    measured.prefill_tps, measured.decode_tps, measured.predicted_bytes,
                    measured.predicted_tps, measured.plain_tps,
                ),
            )  # fmt: skip
            key = (fingerprint, measured.ref, measured.weights)
            connection.execute(
                "DELETE FROM engine_measurement WHERE machine=? AND ref=? AND weights=? AND id NOT IN ("
                "SELECT id FROM engine_measurement WHERE machine=? AND ref=? AND weights=?"
                " ORDER BY id DESC LIMIT ?)",
                (*key, *key, _KEPT),
            )

    # ---- choices of the user

    def pin(self, purpose: str, ref: str | None) -> None:
        """Keep which model the user wants for a purpose; None takes the choice back."""
        with self._writing() as connection:
            connection.execute("DELETE FROM engine_pin WHERE purpose=?", (purpose,))
            if ref is not None:
                connection.execute("INSERT INTO engine_pin VALUES (?, ?)", (purpose, ref))

    # ---- all at once

    def view(self) -> View:
        """Return everything that is known on this machine."""
        rows = self._database.rows(
            "SELECT * FROM engine_measurement WHERE machine=? ORDER BY id", (self.machine().fingerprint,)
        )
        groups: dict[tuple[str, str], list[sqlite3.Row]] = {}
        for row in rows:  # a group moves to the end with each line, so that the newest is last
            key = (row["ref"], row["weights"])
            groups[key] = [*groups.pop(key, []), row]
        measured = {key: _median(lines) for key, lines in groups.items()}
        return View(
            trouble=self._troubles(),
            measured=measured,
            learnt=_learnt(measured.values()),
            pins={row["purpose"]: row["ref"] for row in self._database.rows("SELECT * FROM engine_pin")},
        )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction that does not count as work of the user's, so that no restore point is made."""
        before = self._database.changed
        with self._database.transaction() as connection:
            yield connection
        self._database.changed = before


def _median(lines: list[sqlite3.Row]) -> Measurement:
    """Return the medians of the newest values in `lines`, oldest first, of one model and weights."""
    last = lines[-1]

    def middle(name: str) -> float | None:
        values = [line[name] for line in lines if line[name] is not None][-_COUNTED:]
        return statistics.median(values) if values else None

    def whole(name: str) -> int | None:
        value = middle(name)
        return None if value is None else int(value)

    return Measurement(
        ref=last["ref"], weights=last["weights"], engine=last["engine"], device=last["device"],
        context=max(line["context"] for line in lines), load_s=middle("load_s"), peak_bytes=whole("peak_bytes"),
        resident_bytes=whole("resident_bytes"), prefill_tps=middle("prefill_tps"),
        decode_tps=middle("decode_tps"), predicted_bytes=whole("predicted_bytes"),
        predicted_tps=middle("predicted_tps"), plain_tps=middle("plain_tps"),
    )  # fmt: skip


def _learnt(measured: Iterable[Measurement]) -> dict[tuple[str, str, str], float]:
    """Return for each engine, weights and device the median over models of measured over predicted speed."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for one in measured:
        if one.decode_tps and one.plain_tps:
            key = (one.engine, one.weights, one.device)
            found.setdefault(key, []).append(one.decode_tps / one.plain_tps)
    return {key: statistics.median(ratios) for key, ratios in found.items()}


def _begun(pid: int) -> float:
    """Return when the program with that number began; -1 when there is none."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return -1.0


def _json(words: Phrase) -> str:
    return json.dumps(words.to_json(), ensure_ascii=False)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


__all__ = ["STOPPED_WHILE_LOADING", "EngineRecords", "Measurement", "Trouble", "View"]
