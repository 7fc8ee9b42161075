"""How often a model that knows nothing still writes an app: the worst case for output that must fit the schema.

`python -m benchmarks.random_apps CACHE_FOLDER [--count 100] [--play 10]`: random weights in the shape of SmolLM2-135M
write blueprints of one or two kinds of blocks each, drawn at temperature 1; each must parse, be valid, and stay what
it is when normalised again. Some are played in the locked-down page, which must come up without an error.
A hundred take some 10 to 20 minutes on two cores; the tests write a sample of them (tests/studio/test_random_apps.py).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.replay import narrowed
from benchmarks.shapes import make_shape
from studio import services
from studio.blueprints import Blueprint, normalise, parse
from studio.blueprints.render import render
from studio.blueprints.schemas import schema as master_schema
from studio.engines.base import GenerationRequest, LoadOptions, Message, ModelFiles, Sampling
from studio.engines.process import EngineProcess
from studio.jobs import CancelToken
from studio.phrases import phrase

MAX_TOKENS = 360
KINDS = [
    part["$ref"].rpartition("block_")[2] for part in master_schema("blueprint")["$defs"]["block"]["anyOf"]
]


def kinds_of(number: int) -> list[str]:
    """Return the one or two kinds of blocks that a blueprint is held to."""
    return [KINDS[number % len(KINDS)], KINDS[number * 7 // 3 % len(KINDS)]][: 1 + number % 2]


def write(engine: EngineProcess, number: int, max_tokens: int) -> str:
    """Return the text of one blueprint."""
    request = GenerationRequest(
        messages=(Message("user", f"Make app {number}."),),
        max_tokens=max_tokens,
        schema=narrowed({"blocks": [{"type": kind} for kind in kinds_of(number)]}),
        sampling=Sampling(temperature=1.0, top_p=1.0, seed=number),
    )
    return engine.generate(request, lambda _delta: None, CancelToken()).text


def write_all(cache: Path, numbers: Iterable[int], max_tokens: int = MAX_TOKENS) -> Iterator[tuple[int, str]]:
    """Yield the numbers and texts of blueprints, all by one child; the shape's files lie in `cache`."""
    folder = make_shape("smollm2-135m", cache)
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    files = ModelFiles("random", "random", "safetensors", str(folder), size)
    engine = EngineProcess(files, LoadOptions(context=2048), folder=cache / "child")
    try:
        engine.load(CancelToken(), lambda _progress: None)
        for number in numbers:
            yield number, write(engine, number, max_tokens)
    finally:
        engine.close()


def problem(text: str) -> str:
    """Return what is wrong with a blueprint's text; empty when nothing is."""
    parsed = parse(text)
    if parsed.aside:
        return f"kept aside: {parsed.aside}"
    once = normalise(parsed.blueprint)
    return "" if normalise(once) == once else "normalised twice is not normalised once"


def play(blueprints: Sequence[Blueprint]) -> list[str]:
    """Play apps to their goals in a child process; return what went wrong."""
    wrong = []
    with tempfile.TemporaryDirectory() as name, contextlib.closing(services.build(Path(name))) as studio:
        for number, blueprint in enumerate(blueprints):
            made = studio.projects.create(blueprint, words=phrase("Random"), planner="model")
            page = Path(name) / f"{number}.html"
            page.write_text(render(made.document), encoding="utf-8")
            command = [sys.executable, "-m", "ui.probe", str(page), "--play", "--json"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            if done.returncode:
                wrong.append(f"played {number}: {(done.stdout or done.stderr)[-400:]}")
    return wrong


def main() -> int:
    """Print one JSON object; exit 1 if an app was not whole."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cache", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--play", type=int, default=10)
    parser.add_argument("--max-tokens", type=int, default=MAX_TOKENS)
    options = parser.parse_args()
    begun = time.monotonic()
    wrong: list[str] = []
    whole: list[Blueprint] = []
    for number, text in write_all(options.cache, range(options.count), options.max_tokens):
        found = problem(text)
        if found:
            wrong.append(f"{number}: {found}")
        else:
            whole.append(normalise(parse(text).blueprint))
    played = whole[:: max(1, len(whole) // options.play)][: options.play]
    wrong += play(played)
    row = {"written": options.count, "whole": len(whole), "played": len(played), "wrong": wrong}
    print(json.dumps({**row, "seconds": round(time.monotonic() - begun)}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
