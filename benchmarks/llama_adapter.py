"""What our adapter costs on top of llama.cpp: the same file, the same tokens, through it and straight.

Random weights of a true shape, prompts of random words, medians of interleaved rounds; both sides are in
this process and see the same number of spins (`llama_server.runtime`), drafts are off. The reading speed of
the adapter has its pieces in it: it stops between them. Also the second turn of a chat and how soon Stop is
obeyed. Run: `python -m benchmarks.llama_adapter [SHAPE [WEIGHTS [ROUNDS [CACHE]]]]`.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.shapes import make_shape
from studio.engines.adapters.llama import LlamaAdapter
from studio.engines.adapters.llama_server import runtime
from studio.engines.base import GenerationRequest, LoadOptions, ModelFiles, Sampling
from studio.engines.threads import default_threads
from studio.jobs import CancelToken
from tests.support.gguf_twin import make_twin

CONTEXT, PROMPT_WORDS, NEW_TOKENS, PREFIX_WORDS = 4096, 420, 96, 820
WORDS = ("apple", "sky", "blue", "tree", "run", "house", "water", "light", "stone", "bird", "green", "river")

Timed = Callable[[list[int] | str], tuple[float, float, int]]
"""Return seconds to the first piece, seconds from it to the end, and the tokens written."""


class News:
    """Keep the phase, as the worker would send it."""

    name = ""

    def phase(self, name: str) -> None:
        self.name = name

    def progress(self, done: int, total: int) -> None: ...


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words))


def through(adapter: LlamaAdapter) -> Timed:
    def timed(prompt: list[int] | str) -> tuple[float, float, int]:
        times: list[float] = []
        request = GenerationRequest(
            prompt=str(prompt), max_tokens=NEW_TOKENS, sampling=Sampling(temperature=0)
        )
        began = time.perf_counter()
        generation = adapter.generate(
            request, lambda delta: times.append(time.perf_counter()), News(), CancelToken()
        )
        return times[0] - began, times[-1] - times[0], generation.usage.generated_tokens

    return timed


def straight(path: Path) -> tuple[Timed, Any]:
    """Return the same by xllamacpp alone, as its README calls it, with a socket in place of a port."""
    xllamacpp = runtime()
    made = xllamacpp.CommonParams()
    made.model.path = str(path)
    made.n_ctx, made.n_parallel = CONTEXT, 1
    made.cpuparams.n_threads = made.cpuparams_batch.n_threads = default_threads()
    made.hostnames = [f"{tempfile.mkdtemp()}/s.sock"]
    made.ui, made.verbosity = False, 1
    server = xllamacpp.Server(made)

    def timed(prompt: list[int] | str) -> tuple[float, float, int]:
        times: list[float] = []
        last: dict[str, Any] = {}

        def take(event: dict[str, Any]) -> bool:
            if event["choices"][0]["text"]:
                times.append(time.perf_counter())
            last.update(event.get("usage") or {})
            return False

        request = {"prompt": prompt, "max_tokens": NEW_TOKENS, "temperature": 0, "stream": True}
        began = time.perf_counter()
        server.handle_completions(request, take)
        return times[0] - began, times[-1] - times[0], last["completion_tokens"]

    return timed, server


def compare(adapter: LlamaAdapter, path: Path, rounds: int, chance: random.Random) -> None:
    """Print both sides' medians and the ratio of each round."""
    other, server = straight(path)
    sides = {"adapter": through(adapter), "xllamacpp": other}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        prompt = text(chance, PROMPT_WORDS)
        tokens = adapter._encode(prompt, True, True)
        for name in sorted(sides, reverse=bool(number % 2)):
            first_s, rest_s, written = sides[name](prompt if name == "adapter" else tokens)
            if number:  # the first round warms both
                found[name].append((len(tokens) / first_s, (written - 1) / rest_s))
    del server
    for place, what in enumerate(("read", "write")):
        ours, theirs = ([pair[place] for pair in found[name]] for name in ("adapter", "xllamacpp"))
        ratios = [one / two for one, two in zip(ours, theirs, strict=True)]
        print(
            f"{what}: adapter {statistics.median(ours):.1f} t/s, xllamacpp {statistics.median(theirs):.1f} t/s, "
            f"ratio of medians {statistics.median(ours) / statistics.median(theirs):.3f}, "
            f"median of ratios {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        )


def second_turn(adapter: LlamaAdapter, rounds: int, chance: random.Random) -> None:
    """Print the time to the first piece, cold and with all but the last words known."""
    timed, cold, warm = through(adapter), [], []
    for _ in range(rounds):
        prompt = text(chance, PREFIX_WORDS)
        cold.append(timed(prompt)[0])
        warm.append(timed(f"{prompt} {text(chance, 24)}")[0])
    ratio = statistics.median(cold) / statistics.median(warm)
    print(
        f"first piece: cold {statistics.median(cold):.2f} s, second turn {statistics.median(warm):.3f} s, "
        f"{ratio:.1f} times sooner"
    )


def stops(adapter: LlamaAdapter, rounds: int, chance: random.Random) -> None:
    """Print how long after Stop the call is back and the next one has run."""
    for phase, delay_s in (("reading", 1.5), ("writing", 0.7)):
        taken = sorted(_stop(adapter, phase, delay_s * (1 + 0.07 * turn), chance) for turn in range(rounds))
        print(f"stop while {phase}: median {statistics.median(taken):.3f} s, worst {taken[-1]:.3f} s")


def _stop(adapter: LlamaAdapter, phase: str, delay_s: float, chance: random.Random) -> float:
    token, news, stopped = CancelToken(), News(), [0.0]
    words = 2400 if phase == "reading" else 20

    def stop() -> None:
        while news.name != phase:
            time.sleep(0.005)
        time.sleep(delay_s)
        stopped[0] = time.perf_counter()
        token.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    adapter.generate(
        GenerationRequest(prompt=text(chance, words), max_tokens=1500), lambda delta: None, news, token
    )
    server = adapter._server
    if server is not None:
        server.stream({"prompt": [5], "n_predict": 0}, lambda event: False)  # idle: the next one can run
    thread.join()
    return time.perf_counter() - stopped[0]


def main() -> int:
    """Measure one shape."""
    shape, weights, rounds, cache = [*sys.argv[1:], *("smollm2-360m", "Q4_0", "5", "")[len(sys.argv) - 1 :]]
    folder = Path(cache or Path(tempfile.gettempdir()) / "sprout-shapes")
    path = make_twin(make_shape(shape, folder), folder, weights)  # type: ignore[arg-type]
    adapter, chance = LlamaAdapter(), random.Random(1)
    files = ModelFiles(shape, shape, "gguf", str(path))
    loaded = adapter.load(files, LoadOptions(context=CONTEXT, drafts=False), News(), CancelToken())
    print(
        json.dumps({"shape": shape, "weights": weights, "rounds": rounds, "load_s": round(loaded.load_s, 2)})
    )
    compare(adapter, path, int(rounds), chance)
    second_turn(adapter, int(rounds), chance)
    stops(adapter, int(rounds), chance)
    adapter.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
