"""Every way in which a child can die, in every phase: explained, the text kept, and the way back open."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from studio.engines.base import Delta, GenerationRequest, LoadOptions, Phase
from studio.engines.process import EngineProcess
from studio.engines.watch import Patience
from studio.errors import EngineError
from studio.jobs import CancelToken
from tests.support.fake_model import Reply, Trouble, fake_model

WAIT_S = 20
PHASES: tuple[Phase, ...] = ("loading", "reading", "writing", "idle")
CAUSES = {"SIGSEGV": "crashed", "SIGABRT": "crashed", "SIGKILL": "ended", "SIGSTOP": "hung"}
STORY = "once upon a time there was a bike"


class Patient:
    """One engine with trouble ahead, and what became of it."""

    def __init__(
        self,
        folder: Path,
        *trouble: Trouble,
        options: LoadOptions | None = None,
        patience: Patience | None = None,
        reply: Reply | None = None,
    ) -> None:
        self.folder = folder
        self.told: list[EngineError] = []
        self.ended = threading.Event()
        files = fake_model(folder, reply or Reply(STORY, token_s=0.05, lasting=True), trouble=trouble)
        self.engine = EngineProcess(
            files, options, folder=folder / "engines", on_ended=self._on_ended, patience=patience
        )

    def _on_ended(self, error: EngineError) -> None:
        self.told.append(error)
        self.ended.set()

    def load(self) -> None:
        self.engine.load(CancelToken(), lambda progress: None)

    def ask(self) -> tuple[str, str]:
        """Return the answer and what had been streamed of it."""
        deltas: list[Delta] = []
        answer = self.engine.generate(GenerationRequest(prompt="Tell"), deltas.append, CancelToken())
        return answer.text, "".join(delta.text for delta in deltas)

    def fall(self, phase: Phase) -> EngineError:
        """Go on until the trouble of `phase` came; return how it was explained."""
        with pytest.raises(EngineError) as caught:
            self.load()
            if phase == "idle":
                assert self.ended.wait(WAIT_S), "the end of an idle child is told at once"
            self.ask()
        return caught.value


@pytest.fixture
def patients(tmp_path: Path) -> Iterator[Any]:
    """Return a function that makes a `Patient`."""
    made: list[Patient] = []

    def make(*trouble: Trouble, **more: Any) -> Patient:
        made.append(Patient(tmp_path / str(len(made)), *trouble, **more))
        return made[-1]

    yield make
    for patient in made:
        patient.engine.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("name", CAUSES)
def test_each_signal_in_each_phase_is_explained(patients: Any, name: str) -> None:
    def trouble(phase: Phase) -> Trouble:
        after = 3 if phase == "writing" else 0
        return Trouble(phase, "signal", name=name, after_tokens=after, seconds=0.1, once=True)

    fallen = {phase: patients(trouble(phase)) for phase in PHASES}
    with ThreadPoolExecutor(len(PHASES)) as pool:
        errors = dict(zip(PHASES, pool.map(lambda phase: fallen[phase].fall(phase), PHASES), strict=True))

    for phase, error in errors.items():
        patient = fallen[phase]
        assert error.cause == CAUSES[name], (phase, error, error.detail)
        assert len(error.phrases) == 3
        assert error.text == ("once upon a " if phase == "writing" else ""), phase
        assert patient.ended.wait(WAIT_S)
        assert [str(told.what) for told in patient.told] == [str(error.what)], phase
        assert (patient.engine.loaded, patient.engine.pid) == (None, 0)
    assert "being loaded" in str(errors["loading"])
    assert "nothing to do" in str(errors["idle"]) or name == "SIGKILL"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_last_words_before_a_crash_are_kept(patients: Any) -> None:
    crash = Trouble("writing", "signal", name="SIGSEGV", after_tokens=40, once=True)
    patient = patients(crash, reply=Reply("word " * 60))
    assert patient.fall("writing").text == "word " * 40


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_after_a_crash_it_says_so_until_it_is_loaded_again(patients: Any) -> None:
    patient = patients(Trouble("writing", "signal", name="SIGSEGV", after_tokens=2, once=True))
    error = patient.fall("writing")

    with pytest.raises(EngineError) as again:
        patient.ask()
    assert str(again.value.what) == str(error.what)
    assert again.value.text == ""

    patient.load()
    assert patient.ask() == (STORY, STORY)
    assert len(patient.told) == 1


def test_the_last_words_of_a_crash_are_kept_for_the_log_and_bounded(patients: Any) -> None:
    patient = patients(Trouble("reading", "print", number=300_000), Trouble("reading", "exit", number=3))

    error = patient.fall("reading")

    assert error.cause == "failed"
    assert "noise" in error.detail
    assert "noise" not in str(error)
    assert len(error.detail) < 15_000
    log = (patient.folder / "engines" / "last-ending.log").read_text(encoding="utf-8")
    assert "noise" in log
    assert len(log) < 250_000


def test_what_native_code_prints_breaks_nothing(patients: Any) -> None:
    troubles = [
        Trouble(phase, "print", number=100_000) for phase in ("checking", "loading", "reading", "writing")
    ]
    patient = patients(*troubles)

    patient.load()

    assert patient.ask() == (STORY, STORY)
    assert patient.told == []


@pytest.mark.parametrize("phase", ["loading", "reading", pytest.param("idle", marks=pytest.mark.slow)])
def test_a_child_that_takes_too_much_memory_is_ended(patients: Any, phase: Phase) -> None:
    patient = patients(
        Trouble(phase, "grab", number=300_000_000),
        Trouble(phase, "deaf", seconds=60),
        options=LoadOptions(memory_limit_bytes=150_000_000),
    )

    error = patient.fall(phase)

    assert error.cause == "memory"
    assert "of 150 MB" in str(error)
    assert patient.engine.loaded is None


@pytest.mark.slow
def test_a_child_that_keeps_pythons_lock_and_does_nothing_is_ended(patients: Any) -> None:
    error = patients(Trouble("writing", "freeze", seconds=60, after_tokens=2)).fall("writing")

    assert error.cause == "hung"
    assert error.text == "once upon "


def test_a_phase_that_does_not_get_on_is_ended(patients: Any) -> None:
    patient = patients(Trouble("checking", "deaf", seconds=60), patience=Patience(checking_s=0.5))

    error = patient.fall("checking")

    assert error.cause == "hung"
    assert "too long to load" in str(error)


@pytest.mark.slow
def test_a_child_that_keeps_pythons_lock_and_works_is_left_alone(patients: Any) -> None:
    patient = patients(
        Trouble("loading", "spin", number=600_000_000), patience=Patience(silent_s=1.2, still_s=1.2)
    )

    patient.load()

    assert patient.ask() == (STORY, STORY)
    assert patient.told == []


def test_a_child_that_cannot_start_is_explained(patients: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = patients()
    monkeypatch.setattr(sys, "executable", str(patient.folder / "no-python"))

    with pytest.raises(EngineError) as caught:
        patient.load()

    assert "could not be started" in str(caught.value)
    assert "no-python" in caught.value.detail
    assert patient.ended.wait(WAIT_S)


def test_a_folder_that_cannot_be_made_is_explained(patients: Any) -> None:
    patient = patients()
    patient.folder.joinpath("engines").write_text("a file is in the way", encoding="utf-8")

    with pytest.raises(EngineError, match="could not be started"):
        patient.load()
