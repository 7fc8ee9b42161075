"""How often the starter planner finds the kind that a wish means, and how long a wish takes.

The prompts in `data/planner_unseen.jsonl` were written before the planner and are used for nothing else; but the
hand that wrote them also wrote the rules and the labelled prompts, so their figure is an upper bound. The labelled
prompts themselves, each judged by a planner that was trained without it, give a second figure; rules have seen
those. The sentences of the edit tests give how long a change takes. Run: `python -m benchmarks.planner` (`--wrong`
lists the misses).
"""

from __future__ import annotations

import functools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.blueprints import normalise, parse
from studio.blueprints.facts import FactLibrary
from studio.builder.starter import StarterPlanner
from studio.builder.starter.kinds import KINDS, guess_kinds
from studio.builder.starter.neighbours import read_prompts
from studio.builder.starter.wish import read_wish
from studio.engines.encoder import Encoder, find_encoder
from studio.engines.nearest import Labelled
from tests.support.edit_sentences import SENTENCES, load

UNSEEN = Path(__file__).parent / "data" / "planner_unseen.jsonl"


@dataclass(frozen=True)
class Score:
    """Hold what was counted: right first blocks, questions back, and the seconds of each wish."""

    right: int
    asked: int
    wrong: tuple[str, ...]
    count: int
    seconds: tuple[float, ...]
    ready_s: float


def measure(find: Callable[[], Encoder | None]) -> Score:
    """Plan every unseen prompt once."""
    rows = [json.loads(line) for line in UNSEEN.read_text(encoding="utf-8").splitlines()]
    begun = time.perf_counter()
    planner = StarterPlanner(FactLibrary.load(), functools.cache(find))
    planner.plan("")
    ready_s = time.perf_counter() - begun
    right, asked, wrong, seconds = 0, 0, [], []
    for row in rows:
        begun = time.perf_counter()
        plan = planner.plan(row["prompt"])
        seconds.append(time.perf_counter() - begun)
        kinds = [row["kind"]] if isinstance(row["kind"], str) else row["kind"]
        got = plan.blueprint.blocks[0].type if plan.blueprint else ""
        right += got in kinds
        asked += plan.action != "create"
        if got not in kinds:
            wrong.append(f"{'/'.join(kinds)} but {got or plan.action}: {row['prompt']}")
    return Score(right, asked, tuple(wrong), len(rows), tuple(seconds), ready_s)


def cross_validated(encoder: Encoder, *, folds: int = 8) -> tuple[int, int, int, int]:
    """Return how many labelled prompts were judged, right, sure, and right when sure; no fold judges its own."""
    rows = [row for row in read_prompts() if row[1] in KINDS]
    labels = [label for _, label in rows]
    vectors = encoder.encode([prompt for prompt, _ in rows])
    right, sure, both = 0, 0, 0
    for fold in range(folds):
        rest = [place for place in range(len(rows)) if place % folds != fold]
        trained = Labelled.trained([labels[place] for place in rest], vectors[rest])
        for place in range(fold, len(rows), folds):
            guess = guess_kinds(read_wish(rows[place][0]).plain, trained.vote(vectors[place]))
            hit = guess.kinds[:1] == (labels[place],)
            right, sure, both = right + hit, sure + guess.sure, both + (hit and guess.sure)
    return len(rows), right, sure, both


def edit_seconds() -> list[float]:
    """Return how long each sentence of the edit tests takes to plan, sorted."""
    planner = StarterPlanner(FactLibrary.load(), lambda: None)
    planner.plan("")
    found = []
    for one in SENTENCES:
        app = normalise(parse(json.dumps(load(one.app))).blueprint)
        begun = time.perf_counter()
        planner.plan(one.words, app)
        found.append(time.perf_counter() - begun)
    return sorted(found)


def main() -> int:
    """Print the figures, with the encoder and by rules alone."""
    with tempfile.TemporaryDirectory() as folder:
        encoder = find_encoder(Path(folder))  # sums the files once, as an installation does
        for name, find in (
            ("with the encoder", lambda: find_encoder(Path(folder))),
            ("by rules alone", lambda: None),
        ):
            score = measure(find)
            middle, slow = (
                statistics.median(score.seconds),
                sorted(score.seconds)[int(len(score.seconds) * 0.95)],
            )
            sys.stdout.write(
                f"{name}: kind right {score.right}/{score.count} ({score.right / score.count:.0%}), "
                f"asked back {score.asked}, ready in {score.ready_s * 1000:.0f} ms, "
                f"a wish takes {middle * 1000:.0f} ms (95 %: {slow * 1000:.0f} ms)\n"
            )
            if "--wrong" in sys.argv:
                sys.stdout.writelines(f"    {line}\n" for line in score.wrong)
        if encoder is not None:
            count, right, sure, both = cross_validated(encoder)
            sys.stdout.write(
                f"labelled prompts, cross-validated: kind right {right}/{count} ({right / count:.0%}), "
                f"sure of {sure / count:.0%}, of these right {both / sure:.0%}\n"
            )
    seconds = edit_seconds()
    sys.stdout.write(
        f"{len(seconds)} changes by words: a change takes {statistics.median(seconds) * 1000:.1f} ms "
        f"(95 %: {seconds[int(len(seconds) * 0.95)] * 1000:.1f} ms, longest {seconds[-1] * 1000:.1f} ms)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
