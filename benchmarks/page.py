"""How large the page of a 20-question quiz is and how fast it is written, and how fast a wish is planned.

`python benchmarks/page.py [--rounds N]`: medians. First plans are told apart: the very first one of a home also sums
the encoder's files, the first one of each later start only loads it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from studio import services

WISH = "a quiz about planets with 20 questions"
WISHES = (
    "a quiz about dinosaurs",
    "flashcards for capitals",
    "a 5 minute timer",
    "a packing list",
    "pick a name",
)


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work took."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def first_plan_of_a_start_ms(home: str) -> float:
    """Return how long the first plan takes in a new process, on a home that has planned before."""
    done = subprocess.run(
        [sys.executable, __file__, "--first-plan", home], stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def questions(document: object) -> int:
    """Return the number of questions in the document's blueprint."""
    return sum(len(getattr(block, "questions", ())) for block in document.blueprint.blocks)


def main() -> None:
    """Make the quiz, write its page again and again, plan some wishes; print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--first-plan", type=Path, help="plan once on this home, print the milliseconds")
    options = parser.parse_args()
    if options.first_plan:
        built = services.build(options.first_plan)
        print(seconds(lambda: built.builder.plan(WISH)) * 1000)
        built.close()
        return
    with tempfile.TemporaryDirectory() as home:
        built = services.build(Path(home))
        first_plan_s = seconds(lambda: built.builder.plan(WISH))
        plans_s = [seconds(lambda wish=wish: built.builder.plan(wish)) for wish in WISHES * 4]
        made_s = seconds(lambda: built.builder.make(WISH))
        project = built.projects.get(built.projects.list()[0].id)
        page = Path(home) / "quiz.html"
        write = [
            seconds(lambda: built.sharing.export_page(project.summary.id, page, with_prompts=True))
            for _ in range(options.rounds)
        ]
        found = {
            "questions": questions(project.document),
            "page_bytes": page.stat().st_size,
            "write_ms": round(statistics.median(write) * 1000, 2),
            "very_first_plan_ms": round(first_plan_s * 1000, 1),
            "plan_ms": round(statistics.median(plans_s) * 1000, 2),
            "plan_slowest_ms": round(max(plans_s) * 1000, 2),
            "make_ms": round(made_s * 1000, 1),
            "rounds": options.rounds,
        }
        built.close()
        starts = [first_plan_of_a_start_ms(home) for _ in range(5)]
        found["first_plan_of_a_start_ms"] = round(statistics.median(starts), 1)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
