"""A job has exactly one ending, stops when told to, and never leaves a thread behind."""

from __future__ import annotations

import threading

import pytest

from studio.errors import InputError, StudioError
from studio.jobs import CancelToken, JobRunner, Progress
from studio.phrases import phrase


class Heard:
    def __init__(self) -> None:
        self.items: list[tuple[str, object]] = []

    def __call__(self, kind, payload) -> None:
        self.items.append((kind, payload))

    @property
    def endings(self) -> list[str]:
        return [kind for kind, _ in self.items if kind != "progress"]


@pytest.fixture
def runner():
    made = JobRunner()
    yield made
    made.close()


def test_result_and_progress(runner):
    def work(token: CancelToken, report) -> int:
        report(Progress(1, 2, phrase("Half")))
        return 42

    heard = Heard()
    runner.start(work, lane="disk", sink=heard).wait(5)
    assert heard.items == [("progress", Progress(1, 2, phrase("Half"))), ("done", 42)]


def test_a_studio_error_arrives_as_it_is(runner):
    error = InputError("No.", next="Try yes.")

    def work(token, report):
        raise error

    heard = Heard()
    runner.start(work, lane="disk", sink=heard).wait(5)
    assert heard.items == [("failed", error)]


def test_any_other_error_becomes_words_without_details(runner):
    def work(token, report):
        raise KeyError("secret")

    heard = Heard()
    runner.start(work, lane="disk", sink=heard).wait(5)
    ((kind, error),) = heard.items
    assert kind == "failed"
    assert isinstance(error, StudioError)
    assert "secret" not in str(error)


def test_cancel_while_running_and_while_waiting(runner):
    started = threading.Event()

    def work(token: CancelToken, report):
        started.set()
        token.wait(30)

    first, second = Heard(), Heard()
    running = runner.start(work, lane="disk", sink=first)
    waiting = runner.start(work, lane="disk", sink=second)
    assert started.wait(5)
    waiting.cancel()
    running.cancel()
    running.wait(5)
    waiting.wait(5)
    assert (first.endings, second.endings) == (["cancelled"], ["cancelled"])


def test_a_slow_lane_does_not_hold_up_another(runner):
    gate = threading.Event()
    slow = runner.start(lambda token, report: gate.wait(5), lane="disk", sink=Heard())
    heard = Heard()
    runner.start(lambda token, report: "fast", lane="network", sink=heard).wait(5)
    assert heard.items == [("done", "fast")]
    gate.set()
    slow.wait(5)


def test_close_ends_what_runs_and_takes_no_more():
    runner = JobRunner()
    heard = [Heard() for _ in range(4)]
    for sink in heard:
        runner.start(lambda token, report: token.wait(30), lane="disk", sink=sink)
    runner.close()
    assert [sink.endings for sink in heard] == [["cancelled"]] * 4
    with pytest.raises(RuntimeError):
        runner.start(lambda token, report: None, lane="disk", sink=Heard())
