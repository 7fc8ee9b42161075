"""What a person feels of a model in its child process: second turns, Stop, and whether the window stutters.

`python -m benchmarks.engine_process CACHE_FOLDER [--shape smollm2-360m] [--rounds 5]`: medians in milliseconds.
The window's stutter is how late a 5 ms timer of Qt's main thread comes while a child loads and writes.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.shapes import make_shape
from studio.engines.base import Delta, GenerationRequest, LoadOptions, Message, ModelFiles, Sampling
from studio.engines.process import EngineProcess
from studio.errors import CancelledError
from studio.jobs import CancelToken

TICK_MS = 5
WORDS = "the little robot walks to the blue house and looks for a green apple near the old tree "
GREEDY = Sampling(temperature=0.0)


def _quiet(*_anything: object) -> None:
    pass


def _chat(words: int, number: int, *turns: Message, tokens: int = 32) -> GenerationRequest:
    system = Message(
        "system", f"Story {number}. " + " ".join(WORDS.split()[place % 17] for place in range(words))
    )
    return GenerationRequest((system, *turns), max_tokens=tokens, sampling=GREEDY)


def second_turn(engine: EngineProcess, rounds: int) -> dict[str, Any]:
    """Return the wait for the first token of a cold prompt of a thousand tokens, and of the next turn."""
    cold, warm, read = [], [], []
    for number in range(rounds):
        first = engine.generate(_chat(1000, number, Message("user", "Go on.")), _quiet, CancelToken())
        turns = (Message("user", "Go on."), Message("assistant", first.text), Message("user", "And then?"))
        second = engine.generate(_chat(1000, number, *turns), _quiet, CancelToken())
        cold.append(first.usage.prompt_s)
        warm.append(second.usage.prompt_s)
        read.append((second.usage.prompt_tokens, second.usage.reused_tokens))
    return {
        "cold, ms": round(statistics.median(cold) * 1000),
        "second turn, ms": round(statistics.median(warm) * 1000),
        "times sooner": round(statistics.median(a / b for a, b in zip(cold, warm, strict=True)), 1),
        "prompt tokens, of these reused": read[-1],
    }


def stop(make: Callable[[], EngineProcess], rounds: int) -> dict[str, Any]:
    """Return the time from Stop to the return of the call, in each phase."""
    found: dict[str, list[float]] = {"writing": [], "reading": [], "loading": []}
    engine = make()
    engine.load(CancelToken(), _quiet)
    for number in range(rounds):
        writing = _chat(50, number, Message("user", "Go on."), tokens=400)
        found["writing"].append(_stop_while_writing(engine, writing))
        reading = _chat(3000, 1000 + number, Message("user", "Go on."))
        found["reading"].append(_stopped_s(functools.partial(engine.generate, reading, _quiet), 0.6))
    engine.close()
    for _ in range(rounds):
        engine = make()
        found["loading"].append(_stopped_s(functools.partial(engine.load, report=_quiet), 2.5))
        engine.close()
    return {
        phase: {"median, ms": round(statistics.median(values) * 1000), "worst, ms": round(max(values) * 1000)}
        for phase, values in found.items()
    }


def _stop_while_writing(engine: EngineProcess, request: GenerationRequest) -> float:
    token, pressed = CancelToken(), [0.0]

    def seen(delta: Delta) -> None:
        if delta.tokens >= 8 and not pressed[0]:
            pressed[0] = time.perf_counter()
            token.cancel()

    engine.generate(request, seen, token)
    return time.perf_counter() - pressed[0]


def _stopped_s(call: Callable[[CancelToken], object], after_s: float) -> float:
    token, pressed = CancelToken(), [0.0]

    def press() -> None:
        pressed[0] = time.perf_counter()
        token.cancel()

    timer = threading.Timer(after_s, press)
    timer.start()
    with contextlib.suppress(CancelledError):
        call(token)
    ended = time.perf_counter()
    timer.join()
    return ended - pressed[0]


def stutter(make: Callable[[], EngineProcess]) -> dict[str, Any]:
    """Return how late a timer of the main thread comes, idle, while loading and while writing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    application = QCoreApplication.instance() or QApplication([])
    late: dict[str, list[float]] = {"idle": [], "loading": [], "writing": []}
    phase, due = ["idle"], [0.0]
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def tick() -> None:
        now = time.perf_counter()
        if due[0]:
            late[phase[0]].append(max(0.0, now - due[0]))
        due[0] = now + TICK_MS / 1000

    def work() -> None:
        time.sleep(3)
        phase[0] = "loading"
        engine = make()
        engine.load(CancelToken(), _quiet)
        phase[0] = "writing"
        for number in range(3):
            engine.generate(_chat(400, number, Message("user", "Go on."), tokens=100), _quiet, CancelToken())
        engine.close()
        phase[0] = ""

    def finish() -> None:
        if not thread.is_alive():
            application.quit()

    late[""] = []
    thread = threading.Thread(target=work)
    thread.start()
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    watch = QTimer()
    watch.timeout.connect(finish)
    watch.start(200)
    application.exec()
    thread.join()
    timer.stop()
    return {name: _lateness(values) for name, values in late.items() if name}


def _lateness(values: list[float]) -> dict[str, float]:
    values = sorted(values)
    p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
    return {"99 %, ms": round(p99 * 1000, 1), "worst, ms": round(values[-1] * 1000, 1), "ticks": len(values)}


def main() -> int:
    """Print one JSON object per part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cache", type=Path)
    parser.add_argument("--shape", default="smollm2-360m")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--weights", default="int4")
    options = parser.parse_args()
    folder = make_shape(options.shape, options.cache)
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    files = ModelFiles("bench", "bench", "safetensors", str(folder), size)

    def make() -> EngineProcess:
        chosen = LoadOptions(weights=options.weights, context=4096)
        return EngineProcess(files, chosen, folder=options.cache / "child")

    print(json.dumps({"shape": options.shape, "weights": options.weights, "load": os.getloadavg()[0]}))
    engine = make()
    engine.load(CancelToken(), _quiet)
    print(json.dumps({"second turn": second_turn(engine, options.rounds)}), flush=True)
    engine.close()
    print(json.dumps({"stop": stop(make, options.rounds)}), flush=True)
    print(json.dumps({"stutter of the main thread": stutter(make)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
