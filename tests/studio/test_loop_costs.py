"""What passes cost, measured on a busy computer and learnt at work."""

from __future__ import annotations

import os
import random

import pytest

pytest.importorskip("torch")

from studio.engines.adapters.loop import clock, costs
from studio.engines.adapters.loop.costs import COUNTS, Costs, along
from studio.engines.adapters.loop.drafts import Draft, Pace
from studio.engines.threads import spin_less
from studio.errors import CancelledError
from studio.jobs import CancelToken

TRUE_S = {1: 0.020, 2: 0.020, 4: 0.021, 8: 0.023, 16: 0.028, 32: 0.045, 64: 0.080}


def measured(pass_s, largest: int = 4096) -> Costs:
    known = Costs()
    known.measure(pass_s, largest, CancelToken())
    return known


def test_a_busy_computer_is_not_believed() -> None:
    chance = random.Random(3)
    # three of four tries are held up by up to six times
    known = measured(lambda rows: TRUE_S[rows] * (1 if chance.random() < 0.25 else 1 + 5 * chance.random()))
    pace = Pace(known.by_rows)
    assert pace.cost(32) / pace.cost(1) < 2 * TRUE_S[32] / TRUE_S[1]
    assert pace.length(Draft(tuple(range(30)), "old 9"), 1)[0] > 8


def test_drafts_that_looked_dear_are_tried_again_after_a_few_passes() -> None:
    known = measured(lambda rows: 0.02 * rows)
    draft = Draft(tuple(range(30)), "old 2")
    dear = Pace(known.by_rows).length(draft, 1)[0]
    for _ in range(12):
        for rows in (3, 9):  # what a schema forces comes in runs
            known.took(rows, along(list(TRUE_S), list(TRUE_S.values()), rows))
    assert Pace(known.by_rows).length(draft, 1)[0] > dear


def test_real_passes_move_what_is_known_to_the_truth() -> None:
    known = measured(lambda rows: TRUE_S[rows] * (4 if rows > 8 else 1))
    for _ in range(40):
        for rows, seconds in TRUE_S.items():
            known.took(rows, seconds)
    for rows, seconds in TRUE_S.items():
        assert known.by_rows[rows] == pytest.approx(seconds, rel=0.1)


def test_one_pass_that_was_held_up_changes_little() -> None:
    known = measured(TRUE_S.__getitem__)
    known.took(1, 60.0)
    assert known.by_rows[1] < 1.3 * TRUE_S[1]
    known.took(500, 60.0)  # a piece of a prompt is none of these
    assert known.by_rows[64] < 1.3 * TRUE_S[64]


def test_a_slow_machine_gets_a_guess_and_a_short_cache_fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(costs.time, "perf_counter", lambda: now[0])

    def pass_s(rows: int) -> float:
        now[0] += 0.4 * rows
        return 0.4 * rows

    known = measured(pass_s)
    assert list(known.by_rows) == list(COUNTS)
    assert now[0] < 4 and known.by_rows[64] == pytest.approx(0.4 * 64)
    assert list(measured(lambda rows: 0.01, 9).by_rows) == [1, 2, 4, 8]
    assert not measured(lambda rows: 0.01, 0).by_rows


def test_measuring_stops_when_asked() -> None:
    token = CancelToken()

    def pass_s(rows: int) -> float:
        token.cancel()
        return 1.0

    with pytest.raises(CancelledError):
        Costs().measure(pass_s, 64, token)


def test_the_least_of_each_piece_counts_and_the_first_turn_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    took = {"a": iter([9.0, 3.0, 2.0, 4.0]), "b": iter([0.5, 5.0, 6.0, 7.0])}

    def piece(name: str):
        def work() -> None:
            now[0] += next(took[name])

        return work

    assert clock.least_s([piece("a"), piece("b")], tries=3, clock_s=lambda: now[0]) == [2.0, 5.0]


def test_waiting_threads_sleep_soon_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    spin_less(500)
    spin_less(9)
    assert os.environ["GOMP_SPINCOUNT"] == "500"
    monkeypatch.delenv("GOMP_SPINCOUNT")
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    spin_less(500)
    assert "GOMP_SPINCOUNT" not in os.environ
