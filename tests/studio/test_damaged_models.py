"""Damaged and hostile models, through the real adapters in a child: this process stays alive and says why."""

from __future__ import annotations

import collections
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
import pytest

from studio.engines.base import LoadOptions, ModelFiles
from studio.engines.checks.config import check_model
from studio.engines.checks.gguf_header import read_gguf_header
from studio.engines.process import EngineProcess
from studio.errors import EngineError, InputError
from studio.jobs import CancelToken
from tests.support.damage import ATTACKS, ENDLESS, canary_folders, damaged_copy
from tests.support.tiny_model import tiny_gguf, tiny_model
from tests.support.trial import Trial

MOST_GROWTH_BYTES = 50_000_000


@pytest.fixture(scope="module")
def lasting_trial() -> Iterator[Trial]:
    """One child for all tests of this file, there before the first of them counts processes."""
    with Trial() as made:
        made.render("{{ messages[0]['content'] }}")
        yield made


@pytest.fixture
def trial(lasting_trial: Trial) -> Iterator[Trial]:
    """Lend the child; one that a test had to start anew goes with the test."""
    pid = lasting_trial.pid
    yield lasting_trial
    if lasting_trial.pid != pid:
        lasting_trial.end()


def verdict(model: Path, target: Path, seed: int, trial: Trial) -> str:
    """Damage a copy, check it here, and let the child load what passes."""
    damaged_copy(model, target, seed)
    try:
        if target.is_dir():
            check_model(target)
        else:
            read_gguf_header(target)
    except InputError as error:
        assert str(error.what) and str(error.next)
        return "refused at the door"
    finally:
        passed = sys.exc_info()[0] is None
        if not passed:
            _remove(target)
    said = trial.load(target)
    _remove(target)
    return said.partition(":")[0]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def verdicts(seeds: Iterable[int], folder: Path, trial: Trial) -> collections.Counter[str]:
    """Return how often each verdict came; the memory of this process hardly grows meanwhile."""
    models = (tiny_model(), tiny_gguf())
    before = psutil.Process().memory_info().rss
    counts: collections.Counter[str] = collections.Counter()
    for seed in seeds:
        model = models[seed % 2]
        target = folder / (f"damaged-{seed}" + model.suffix)
        counts[verdict(model, target, seed, trial)] += 1
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH_BYTES
    return counts


def test_25_damaged_models_leave_this_process_alive(trial: Trial, tmp_path: Path) -> None:
    counts = verdicts(range(25), tmp_path, trial)
    assert counts.total() == 25
    assert counts["refused at the door"] >= 8, counts
    assert counts["loaded"] >= 1, "some damage is harmless; if none loads, good models do not either"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_500_damaged_models_leave_this_process_alive(trial: Trial, tmp_path: Path) -> None:
    counts = verdicts(range(1000, 1500), tmp_path, trial)
    assert counts.total() == 500
    assert counts["refused at the door"] >= 200, counts
    assert counts["loaded"] >= 50, counts
    assert counts["died"] + counts["killed"] <= 10, counts


def test_nothing_of_a_hostile_folder_is_ever_run(trial: Trial, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    said = {
        name: trial.load(folder)
        for name, folder in canary_folders(tiny_model(), tmp_path / "bad", canary).items()
    }
    assert not canary.exists()
    assert said.pop("beside") == "loaded", "a good model with programs beside it is used without them"
    assert {text.partition(":")[0] for text in said.values()} == {"refused"}, said


def test_no_chat_template_gets_at_the_computer(trial: Trial, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for attack in ATTACKS:
        said = trial.render(attack.replace("CANARY", str(canary)))
        assert said == "loaded" or said.startswith("refused"), (attack, said)
    assert not canary.exists()
    assert len(ATTACKS) == 40


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_chat_template_holds_up_more_than_its_own_child(tmp_path: Path) -> None:
    before = psutil.Process().memory_info().rss
    with Trial(patience_s=5.0) as own:
        for endless in ENDLESS:
            said = own.render(endless).partition(":")[0]
            assert said in {"refused", "failed", "killed", "died", "loaded"}, endless
        assert own.render("{{ messages[0]['content'] }}") == "loaded", "the next model gets a new child"
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH_BYTES


# ------------------------------------------------------------ through the engine itself


def engine_for(path: Path, folder: Path) -> EngineProcess:
    kind = "safetensors" if path.is_dir() else "gguf"
    return EngineProcess(ModelFiles("x", "x", kind, str(path)), LoadOptions(threads=1), folder=folder)


@pytest.mark.parametrize("kind", ["pickle", "auto_map"])
def test_the_engine_refuses_in_words_and_runs_nothing(kind: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    bad = canary_folders(tiny_model(), tmp_path / "bad", canary)[kind]
    engine = engine_for(bad, tmp_path / "engine")
    try:
        with pytest.raises(InputError) as caught:
            engine.load(CancelToken(), lambda progress: None)
    finally:
        engine.close()
    assert str(caught.value.what) and str(caught.value.next)
    assert not canary.exists()


@pytest.mark.slow
def test_the_engine_outlives_damage_that_only_a_native_reader_meets(tmp_path: Path) -> None:
    words = []
    for seed in (1, 21, 31):
        path = tmp_path / f"{seed}.gguf"
        damaged_copy(tiny_gguf(), path, seed)
        engine = engine_for(path, tmp_path / f"engine-{seed}")
        try:
            words.append(engine.load(CancelToken(), lambda progress: None).engine)
        except (InputError, EngineError) as error:
            words.append(str(error.what))
        finally:
            engine.close()
    assert all(words) and len(words) == 3
