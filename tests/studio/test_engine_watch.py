"""The watchdog's decisions, from made-up readings; and the words for every way to end."""

from __future__ import annotations

import signal
import sys

import psutil
import pytest

from studio.engines.base import Phase
from studio.engines.endings import Death, explain
from studio.engines.watch import Patience, Reading, Verdict, Watchdog

MB = 1_000_000
GB = 1_000 * MB


def reading(
    private: int = 100 * MB, cpu_s: float = 0.0, status: str = psutil.STATUS_SLEEPING, available: int = 8 * GB
) -> Reading:
    return Reading(private, cpu_s, status, available, 16 * GB)


def watchdog(phase: Phase = "writing", size_bytes: int = 0, limit: int = 0) -> Watchdog:
    dog = Watchdog(Patience(), size_bytes=size_bytes, memory_limit_bytes=limit)
    dog.start(0.0)
    dog.advance(0.0, phase)
    return dog


def first_verdict(dog: Watchdog, readings: Reading, until_s: float) -> tuple[float, Verdict | None]:
    """Look every 0.25 s and return when the first verdict came, and which."""
    now = 0.0
    while now < until_s:
        now += 0.25
        verdict = dog.look(now, readings)
        if verdict:
            return now, verdict
    return now, None


@pytest.mark.parametrize("phase", ["loading", "reading", "writing", "idle"])
def test_a_stopped_child_is_given_up_before_three_seconds(phase: Phase) -> None:
    when, verdict = first_verdict(watchdog(phase), reading(status=psutil.STATUS_STOPPED), 10)

    assert verdict == Verdict("hung")
    assert when < 3


def test_a_child_that_sleeps_without_a_sign_of_life_is_given_up_before_three_seconds() -> None:
    when, verdict = first_verdict(watchdog("writing"), reading(), 10)

    assert verdict == Verdict("hung")
    assert when < 3


def test_while_it_loads_a_slow_network_folder_gets_more_time() -> None:
    when, verdict = first_verdict(watchdog("loading"), reading(), 30)

    assert verdict == Verdict("hung")
    assert 5 < when < 15


def test_a_child_in_disk_wait_is_not_given_up() -> None:
    assert first_verdict(watchdog("loading"), reading(status=psutil.STATUS_DISK_SLEEP), 30)[1] is None


def test_a_child_that_computes_without_a_beat_is_not_given_up() -> None:
    dog = watchdog("loading")

    for step in range(1, 80):  # xllamacpp keeps Python's lock for a whole load
        assert dog.look(step / 4, reading(cpu_s=step / 8)) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows calls every process running")
def test_a_child_that_waits_for_a_core_is_not_given_up() -> None:
    assert first_verdict(watchdog("writing"), reading(status=psutil.STATUS_RUNNING), 20)[1] is None


def test_beats_keep_a_child_that_does_nothing() -> None:
    dog = watchdog("idle")

    for step in range(1, 400):
        dog.hear(step / 4)
        assert dog.look(step / 4, reading()) is None


def test_time_in_which_nobody_looked_is_not_held_against_the_child() -> None:
    dog = watchdog("writing")
    dog.look(0.25, reading())

    assert dog.look(3600.0, reading()) is None  # a suspended shell, a computer that slept
    assert dog.look(3600.25, reading()) is None
    assert [dog.look(3600.5 + step / 4, reading()) for step in range(10)][-1] == Verdict("hung")


@pytest.mark.parametrize(
    ("phase", "size_bytes", "before_s", "after_s"),
    [("starting", 0, 59, 61), ("checking", 0, 9, 11), ("loading", 0, 59, 61), ("loading", 2 * GB, 159, 161)],
)
def test_each_phase_has_its_time(phase: Phase, size_bytes: int, before_s: float, after_s: float) -> None:
    dog = watchdog(phase, size_bytes)
    found = {}
    for step in range(1, int(after_s * 4) + 1):
        dog.hear(step / 4)
        found[step / 4] = dog.look(step / 4, reading())

    assert found[before_s] is None
    assert found[after_s] == Verdict("slow")


def test_progress_begins_the_time_anew() -> None:
    dog = watchdog("checking")

    for step in range(1, 200):
        if step % 20 == 0:
            dog.advance(step / 4)
        dog.hear(step / 4)
        assert dog.look(step / 4, reading()) is None


def test_an_idle_child_may_be_idle_for_days() -> None:
    dog = watchdog("idle")

    for step in range(1, 1000):
        dog.hear(step * 200.0)
        assert dog.look(step * 200.0, reading()) is None


def test_the_memory_limit_is_a_limit() -> None:
    dog = watchdog(limit=500 * MB)

    assert dog.look(0.25, reading(private=499 * MB)) is None
    assert dog.look(0.5, reading(private=501 * MB)) == Verdict("limit", 501 * MB, 500 * MB)


def test_a_machine_without_memory_ends_the_child_that_takes_it_and_no_other() -> None:
    growing, steady = watchdog(), watchdog()
    low = 200 * MB
    growing.look(0.25, reading(private=1 * GB, available=900 * MB))
    steady.look(0.25, reading(private=2 * GB, available=900 * MB))

    assert growing.look(0.5, reading(private=2 * GB, available=low)) == Verdict("machine", 2 * GB)
    assert steady.look(0.5, reading(private=2 * GB, available=low)) is None


# ------------------------------------------------------------ words


def death(status: int | None, phase: Phase = "writing", **more: object) -> Death:
    return Death(phase=phase, status=status, **more)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("SIGSEGV", "crashed"), ("SIGABRT", "crashed"), ("SIGBUS", "crashed"), ("SIGILL", "crashed"),
        ("SIGFPE", "crashed"), ("SIGKILL", "ended"), ("SIGTERM", "ended"), ("SIGHUP", "ended"),
    ],
)  # fmt: skip
def test_each_signal_has_a_cause(name: str, cause: str) -> None:
    error = explain(death(-signal.Signals[name]))

    assert error.cause == cause
    assert name in error.detail
    assert name not in str(error)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_kill_from_outside_was_for_memory_when_memory_had_run_out() -> None:
    short = reading(available=100 * MB)

    assert explain(death(-signal.SIGKILL, reading=short)).cause == "memory"
    assert explain(death(-signal.SIGKILL, reading=reading())).cause == "ended"
    assert explain(death(-signal.SIGKILL, memory_kill=True)).cause == "memory"
    assert explain(death(-signal.SIGSEGV, reading=short)).cause == "crashed"


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (1, "terminate called after throwing an instance of 'std::bad_alloc'", "memory"),
        (1, "Traceback: ImportError", "failed"),
        (0, "", "failed"),
        (None, "OSError: no such program", "failed"),
    ],
)
def test_an_exit_is_explained_by_its_last_words(status: int | None, said: str, cause: str) -> None:
    error = explain(death(status, last_lines=said))

    assert error.cause == cause
    assert said in error.detail
    assert not said or said not in str(error)


@pytest.mark.parametrize("kind", ["hung", "slow", "limit", "machine"])
@pytest.mark.parametrize(
    "phase", ["starting", "checking", "loading", "idle", "reading", "writing", "working"]
)
def test_every_end_has_three_whole_sentences(kind: str, phase: Phase) -> None:
    verdict = Verdict(kind, 2_400 * MB, 840 * MB)  # type: ignore[arg-type]
    error = explain(death(-9, phase, verdict=verdict), text="Once upon a time")

    assert len(error.phrases) == 3
    assert all(str(part).endswith(".") for part in error.phrases)
    assert error.cause == ("hung" if kind in ("hung", "slow") else "memory")
    assert error.text == "Once upon a time"
    assert str(error.kept) == "What it wrote so far is kept."
    if kind == "limit":
        assert "2.4 GB of 840 MB" in str(error)
