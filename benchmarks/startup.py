"""How long until the window is painted, against a bare PySide6 window, and what Home holds at rest.

`python benchmarks/startup.py [--rounds N]`: both windows in turn in one run, each in a process of its own; medians.
"""

import argparse
import atexit
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from studio import services

HERE = Path(__file__).resolve().parent
REST_S = 5.0


def start(script: str, *arguments: str) -> tuple[float, str]:
    """Run a script in a new process; return the clock at its start and what it printed.

    Compiled modules are kept in a folder of this run, whatever the shell says: both windows are measured warm.
    """
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPYCACHEPREFIX": str(compiled())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return begin, done.stdout


@functools.cache
def compiled() -> Path:
    """Return the folder for compiled modules, removed at the end of the run."""
    folder = tempfile.mkdtemp(prefix="sprout-compiled-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


def bare_s() -> float:
    """Return the seconds from the start of the process to a painted bare window."""
    begin, said = start("bare_window.py")
    return float(said) - begin


def real(home: Path, *arguments: str) -> dict[str, float]:
    """Return what the real window told, with the seconds from the start of the process to its first paint."""
    begin, said = start("real_window.py", str(home), *arguments)
    found = json.loads(said)
    found["painted_s"] -= begin
    return found


def prepare(home: Path, projects: int) -> None:
    """Make a home in which the first question has been answered and some projects lie."""
    built = services.build(home)
    built.settings.set("who", "me")
    for number in range(projects):
        built.builder.make("a quiz about planets", seed=number)
    built.close()


def measure(home: Path, rounds: int) -> dict[str, object]:
    """Measure in turn, so that a slow moment of the machine hits both."""
    bare_s()
    real(home)
    pairs = [(bare_s(), real(home)) for _ in range(rounds)]
    bare = statistics.median(pair[0] for pair in pairs)
    window = statistics.median(pair[1]["painted_s"] for pair in pairs)
    rest = real(home, "--rest-s", str(REST_S))
    return {
        "bare_window_s": round(bare, 3),
        "window_s": round(window, 3),
        "ratio": round(window / bare, 2),
        "heavy_modules": pairs[0][1]["heavy_modules"],
        "home_rss_mb": round(rest["rss_bytes"] / 1e6, 1),
        "home_pss_mb": round(rest["pss_bytes"] / 1e6, 1),
        "rounds": rounds,
    }


def main() -> None:
    """Measure an empty home and one with projects; print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    results = {}
    for projects in (0, 12):
        with tempfile.TemporaryDirectory() as home:
            prepare(Path(home), projects)
            results[f"{projects} projects"] = measure(Path(home), options.rounds)
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
