"""When the parent stops waiting for a child: it hangs, takes too long, or takes too much memory.

`Watchdog` decides from readings and takes no reading itself; `look_at` takes them.
"""

from __future__ import annotations

import collections
import sys
from dataclasses import dataclass, field
from typing import Literal

import psutil

from studio.engines.base import Phase
from studio.engines.footprint import private_bytes

VerdictKind = Literal["hung", "slow", "limit", "machine"]

_MB = 1_000_000
_GETTING_READY = ("starting", "checking", "loading")
_STOPPED = (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
_IDLE_SHARE = 0.02
"""A thread that waits for Python's lock wakes 200 times a second: less than this is no work."""
_RECENT_S = 5.0
_GROWTH_BYTES = 64 * _MB


@dataclass(frozen=True)
class Patience:
    """Say how long the parent waits, in seconds; the times of phases count from the last progress.

    A phase that is not named in `phase_s` has no limit. Loading gets `loading_s` and what a slow disk
    needs for the model's size. `silent_s` is for a child that gives no sign of life and is stopped,
    `still_s` for one that is not stopped but does nothing while it gets ready: a network folder may be slow.
    """

    beat_s: float = 0.5
    look_s: float = 0.25
    silent_s: float = 2.5
    still_s: float = 10.0
    starting_s: float = 60.0
    checking_s: float = 10.0
    loading_s: float = 60.0
    disk_bytes_per_s: int = 20 * _MB
    reading_s: float = 180.0
    writing_s: float = 120.0
    working_s: float = 600.0
    cancel_load_s: float = 0.5
    cancel_s: float = 0.8
    close_s: float = 0.8

    def limit_s(self, phase: Phase, size_bytes: int) -> float:
        """Return how long `phase` may go on without progress."""
        limits: dict[Phase, float] = {
            "starting": self.starting_s,
            "checking": self.checking_s,
            "loading": self.loading_s + size_bytes / self.disk_bytes_per_s,
            "reading": self.reading_s,
            "writing": self.writing_s,
            "working": self.working_s,
        }
        return limits.get(phase, float("inf"))

    def cancel_after_s(self, phase: Phase) -> float:
        """Return how long a child may take to obey Stop before it is ended."""
        return self.cancel_load_s if phase in _GETTING_READY else self.cancel_s


@dataclass(frozen=True)
class Reading:
    """Hold what the system says about a child and the machine at one moment."""

    private_bytes: int
    cpu_s: float
    status: str
    available_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Verdict:
    """Say why a child must end; for "limit" how much it held and how much it was allowed."""

    kind: VerdictKind
    used_bytes: int = 0
    allowed_bytes: int = 0


def look_at(pid: int) -> Reading | None:
    """Return a reading of process `pid`; None when it has gone."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            times = process.cpu_times()
            status = process.status()
    except psutil.Error:
        return None
    memory = psutil.virtual_memory()
    return Reading(
        private_bytes=private_bytes(pid),
        cpu_s=times.user + times.system,
        status=status,
        available_bytes=memory.available,
        total_bytes=memory.total,
    )


def short_of_memory(reading: Reading) -> bool:
    """Tell whether the machine has less memory left than it needs to stay usable."""
    return reading.available_bytes < max(300 * _MB, reading.total_bytes * 3 // 100)


@dataclass
class Watchdog:
    """Decide whether a child must end. All times are seconds of one clock that never goes back.

    The clock goes on while parent and child are stopped together (a suspended shell, a sleeping
    computer), so time in which nobody looked is not held against the child.
    """

    patience: Patience
    size_bytes: int = 0
    memory_limit_bytes: int = 0
    phase: Phase = "starting"
    reading: Reading | None = None
    _now: float = 0.0
    _heard: float = 0.0
    _progressed: float = 0.0
    _recent: collections.deque[tuple[float, Reading]] = field(default_factory=collections.deque)

    def start(self, now: float) -> None:
        """Begin to count."""
        self._now = self._heard = self._progressed = now

    def hear(self, now: float) -> None:
        """Take any sign of life."""
        self._heard = now

    def advance(self, now: float, phase: Phase | None = None) -> None:
        """Take a new phase, or progress within one."""
        self.hear(now)
        self._progressed = now
        if phase is not None:
            self.phase = phase

    def look(self, now: float, reading: Reading) -> Verdict | None:
        """Take a reading; return why the child must end, or None."""
        missed = now - self._now - 1.0
        if missed > 0:
            self._heard += missed
            self._progressed += missed
        self._now = now
        self.reading = reading
        self._recent.append((now, reading))
        while self._recent[0][0] < now - _RECENT_S:
            self._recent.popleft()
        return self._memory(reading) or self._silence(now, reading) or self._time(now)

    def _memory(self, reading: Reading) -> Verdict | None:
        used = reading.private_bytes
        if 0 < self.memory_limit_bytes < used:
            return Verdict("limit", used, self.memory_limit_bytes)
        grown = used - min(earlier.private_bytes for _, earlier in self._recent)
        if short_of_memory(reading) and grown > _GROWTH_BYTES:
            return Verdict("machine", used)
        return None

    def _silence(self, now: float, reading: Reading) -> Verdict | None:
        silent_s = now - self._heard
        if silent_s < self.patience.silent_s:
            return None
        if reading.status in _STOPPED:
            return Verdict("hung")
        if reading.status == psutil.STATUS_DISK_SLEEP or self._works(now, reading):
            return None
        if self.phase in _GETTING_READY and silent_s < self.patience.still_s:
            return None
        return Verdict("hung")

    def _works(self, now: float, reading: Reading) -> bool:
        """Tell whether the silent child computes, or may: from its time on the cores of late."""
        # Windows calls every process running, so the word says something elsewhere only.
        if reading.status == psutil.STATUS_RUNNING and sys.platform != "win32":
            return True
        since = max(self._heard, now - self.patience.silent_s)
        when, earlier = next(item for item in self._recent if item[0] >= since)
        # Right after the last sign of life there is too little to go by.
        known = now - when > self.patience.silent_s / 2
        return not known or reading.cpu_s - earlier.cpu_s > (now - when) * _IDLE_SHARE

    def _time(self, now: float) -> Verdict | None:
        if now - self._progressed > self.patience.limit_s(self.phase, self.size_bytes):
            return Verdict("slow")
        return None
