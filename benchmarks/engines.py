"""How fast the studio's own loop is, against transformers' generate() and against xllamacpp, in one run.

`python -m benchmarks.engines CACHE_FOLDER [--shape smollm2-360m] [--rounds 5] [--parts decode,apps]
[--weights int4+,int8] [--begin 0]`

Random weights of true shapes: right for speed and memory, wrong for talking. Each rival of a part lives in a process
of its own, as it would on a user's computer, and they take turns, round by round; printed are medians and their ratios.
"int4+" is 4 bits with a copy in 8 bits for reading, which the studio takes while there is plenty of memory.
One part for one kind of weights takes three to four minutes on two cores. What each part compares:

| part | |
|---|---|
| decode | one token after the other, no schema: generate() in bf16, own loop in int8 and int4, xllamacpp |
| read | a prompt of 600 tokens |
| apps | the twelve example apps (benchmarks/replay.py) against xllamacpp held to the same schemas |
| shortcuts | forced runs, guesses and drafts switched off one by one |
| memory | private memory of a child that loads int8, against the bf16 file |
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib.metadata
import json
import math
import multiprocessing
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from tokenizers import Tokenizer

from benchmarks import replay
from benchmarks.shapes import make_shape
from studio.engines.adapters.loop.decoder import Decoder, Shortcuts
from studio.engines.adapters.loop.model import LoopModel
from studio.engines.base import GenerationRequest, LoadOptions, ModelFiles, Sampling
from studio.engines.process import EngineProcess
from studio.engines.threads import TORCH_SPINS, default_threads
from studio.jobs import CancelToken
from tests.support.gguf_twin import make_twin

DECODED, PROMPT = 48, 600
TWINS = {"int4+": "Q4_0", "int4": "Q4_0", "int8": "Q8_0"}
LONGEST_WRITTEN = 96
"""Tokens that xllamacpp writes of an app: it writes them one by one, so these tell its speed."""

WARMING = 24
"""Tokens of a prompt and of an answer in the round that does not count, where the rival learns nothing from it."""

Work = Callable[[int], Any]
"""One rival: takes the number of the round, returns what is measured. It must be possible to pickle it."""


@dataclass(frozen=True)
class Place:
    """Say where the shapes lie, which one is measured and how: weights, first example, last moment to begin a round."""

    cache: Path
    shape: str
    weights: tuple[str, ...] = ("int4+", "int8")
    begin: int = 0
    until: float = math.inf

    @property
    def rivals(self) -> Rivals:
        """Return the models, loaded in this process."""
        return here(self.cache, self.shape)


def take_turns(rivals: Mapping[str, Work], rounds: int, place: Place) -> dict[str, list[Any]]:
    """Run every rival once a round, after round 0 that does not count; each in a process of its own.

    No further round begins when the place's time is over.

    Two libraries that compute with threads disturb each other in one process.
    """
    found: dict[str, list[Any]] = {name: [] for name in rivals}
    with contextlib.ExitStack() as stack:
        spawn = multiprocessing.get_context("spawn")
        pools = {name: stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn)) for name in rivals}
        for number in range(rounds + 1):
            for name, work in rivals.items():
                spins = {"GOMP_SPINCOUNT": str(TORCH_SPINS)} if name.startswith("own") else {}
                with _environment(
                    spins
                ):  # counts when the rival's process starts; ours has it from the worker
                    value = pools[name].submit(work, number + place.begin if number else 0).result()
                if number:
                    found[name].append(value)
            # a run that is ended from outside has not been for nothing
            last = {name: values[-1] for name, values in found.items() if values}
            print(json.dumps({"round": number, **last}), file=sys.stderr, flush=True)
            if time.monotonic() > place.until:
                break
    return found


@contextlib.contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    os.environ.update(more)
    yield
    for name in more:
        del os.environ[name]


def twins(weights: Sequence[str]) -> list[str]:
    """Return the kinds of weights of the rival that belong to these, each once."""
    return list(dict.fromkeys(TWINS[one] for one in weights))


def table(found: Mapping[str, Sequence[float]], against: str, digits: int = 1) -> dict[str, Any]:
    """Return median, slowest and fastest of each rival, and its ratio to one of them, taken round by round."""
    return {
        name: {
            "median": round(statistics.median(values), digits),
            "rounds": len(values),
            "range": [round(min(values), digits), round(max(values), digits)],
            f"to {against}": round(
                statistics.median(a / b for a, b in zip(values, found[against], strict=True)), 2
            ),
        }
        for name, values in found.items()
    }


class Rivals:
    """Load the models of one shape, each once."""

    def __init__(self, cache: Path, shape: str) -> None:
        self.folder = make_shape(shape, cache)
        self._cache = cache
        self.config = json.loads((self.folder / "config.json").read_text("utf-8"))
        self._own: dict[str, LoopModel] = {}
        self._servers: dict[str, Any] = {}
        self._stock: Any = None

    def own(self, weights: str) -> LoopModel:
        """Return our loop with these weights."""
        if weights not in self._own:
            made = replay.load(self.folder, weights)
            assert isinstance(made, LoopModel)
            self._own[weights] = made
        return self._own[weights]

    def stock(self) -> Any:
        """Return transformers' own model in bf16."""
        if self._stock is None:
            from transformers import AutoModelForCausalLM

            self._stock = AutoModelForCausalLM.from_pretrained(
                self.folder,
                dtype=torch.bfloat16,
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
            ).eval()
        return self._stock

    def server(self, weights: str) -> Any:
        """Return xllamacpp with the twin in these weights (Q4_0, Q8_0); one answer at a time, quiet."""
        if weights not in self._servers:
            import xllamacpp

            options = xllamacpp.CommonParams()
            options.model.path = str(make_twin(self.folder, self._cache, weights))  # type: ignore[arg-type]
            options.n_ctx, options.n_parallel, options.ui, options.cache_ram_mib = 4096, 1, False, 0
            options.cpuparams.n_threads = default_threads()
            options.verbosity, options.fit_params = 0, False
            options.hostnames = [f"/tmp/sprout-bench-{os.getpid()}-{weights}.sock"]
            self._servers[weights] = xllamacpp.Server(options)
        return self._servers[weights]

    def prompt(self, number: int, tokens: int = PROMPT) -> list[int]:
        """Return a prompt that no round has seen before."""
        return [300 + (place * 37 + number * 1009) % 40000 for place in range(tokens)]


def _generate_s(model: Any, ids: list[int], tokens: int) -> float:
    asked = torch.tensor([ids])
    begun = time.perf_counter()
    model.generate(
        asked, attention_mask=torch.ones_like(asked), min_new_tokens=tokens, max_new_tokens=tokens,
        do_sample=False, pad_token_id=0,
    )  # fmt: skip
    return time.perf_counter() - begun


# ------------------------------------------------------------ parts


@functools.cache
def here(cache: Path, shape: str) -> Rivals:
    """Return the models of this process."""
    torch.set_num_threads(default_threads())
    return Rivals(cache, shape)


def decode(place: Place, rounds: int) -> dict[str, Any]:
    """Return tokens per second, one after the other, after a prompt of 64."""
    found = take_turns(
        {
            "generate() bf16": functools.partial(_decode_stock, place),
            **{f"own {one}": functools.partial(_decode_own, place, one) for one in place.weights},
            **{
                f"xllamacpp {one}": functools.partial(_decode_llama, place, one)
                for one in twins(place.weights)
            },
        },
        rounds,
        place,
    )
    return table(found, "generate() bf16")


@torch.inference_mode()
def _decode_stock(place: Place, number: int) -> float:
    model, ids = place.rivals.stock(), place.rivals.prompt(number, 64)
    first = _generate_s(model, ids, 1)
    return DECODED / (_generate_s(model, ids, DECODED + 1) - first)


def _decode_own(place: Place, weights: str, number: int) -> float:
    # no token ends the answer: random weights would say it at any moment
    decoder = Decoder(place.rivals.own(weights), _tokenizer(place.rivals), eos_ids=(), drafts=False)
    request = GenerationRequest(max_tokens=DECODED, sampling=Sampling(temperature=0.0))
    watch = replay.Watch(1 << 30)
    usage = decoder.generate(place.rivals.prompt(number, 64), request, watch, watch, CancelToken()).usage
    return usage.tokens_per_second


def _decode_llama(place: Place, weights: str, number: int) -> float:
    done = _complete(place.rivals, weights, place.rivals.prompt(number, 64), DECODED)
    return float(done["timings"]["predicted_per_second"])


def _tokenizer(rivals: Rivals) -> Any:
    return Tokenizer.from_file(str(rivals.folder / "tokenizer.json"))


def _complete(rivals: Rivals, weights: str, prompt: Any, tokens: int, **more: Any) -> dict[str, Any]:
    asked = {
        "prompt": prompt, "n_predict": tokens, "temperature": 0, "ignore_eos": "json_schema" not in more,
        "cache_prompt": False, **more,
    }  # fmt: skip
    done: dict[str, Any] = rivals.server(weights).handle_completions(asked)
    return done


def read(place: Place, rounds: int) -> dict[str, Any]:
    """Return tokens of a prompt per second."""
    found = take_turns(
        {
            "generate() bf16": functools.partial(_read_stock, place),
            **{f"own {one}": functools.partial(_read_own, place, one) for one in place.weights},
            **{
                f"xllamacpp {one}": functools.partial(_read_llama, place, one) for one in twins(place.weights)
            },
        },
        rounds,
        place,
    )
    return table(found, f"xllamacpp {TWINS[place.weights[0]]}")


@torch.inference_mode()
def _read_stock(place: Place, number: int) -> float:
    return PROMPT / _generate_s(place.rivals.stock(), place.rivals.prompt(number), 1)


def _read_own(place: Place, weights: str, number: int) -> float:
    model = place.rivals.own(weights)
    begun = time.perf_counter()
    model.read(place.rivals.prompt(number), 0, lambda _done: None)
    return PROMPT / (time.perf_counter() - begun)


def _read_llama(place: Place, weights: str, number: int) -> float:
    done = _complete(place.rivals, weights, place.rivals.prompt(number), 1)
    return float(done["timings"]["prompt_per_second"])


def apps(place: Place, rounds: int) -> dict[str, Any]:
    """Return app tokens per second, edits, and seconds to the first whole item, in both classes of weights.

    Each round plays another example, the same one for all rivals of the round. xllamacpp cannot be led through a
    given text: it writes what its random weights say under the same schema, and its speed per token counts. Its
    first item is reading the prompt and as many tokens as the example's first item has, at its speed.
    """
    rivals: dict[str, Work] = {
        f"own {one}": functools.partial(_play_own, place, one) for one in place.weights
    }
    for one in twins(place.weights):
        rivals[f"xllamacpp {one}"] = functools.partial(_play_llama, place, one)
    found = take_turns(rivals, rounds, place)
    result: dict[str, Any] = {}
    for weights in place.weights:
        rival = f"xllamacpp {TWINS[weights]}"
        own, other = found[f"own {weights}"], found[rival]
        speeds = {
            "app": [one[0] for one in own],
            "edit with drafts": [one[1] for one in own],
            rival: [one[0] for one in other],
        }
        first = {"own": [one[2] for one in own], rival: [one[1] for one in other]}
        result[weights] = {
            "tokens per second": table(speeds, rival),
            "seconds to the first item": table(first, "own", 2),
        }
    return result


def _chosen(number: int) -> list[str]:
    names = list(replay.apps())
    return [names[number % len(names)]]


def _play_own(place: Place, weights: str, number: int) -> tuple[float, float, float]:
    """Return tokens per second of apps and of edits, and seconds to an app's first item."""
    kinds = {variant.name: variant for variant in replay.VARIANTS}
    if not number:
        _replay(place, weights, kinds["F"], _chosen(number))
        return 0.0, 0.0, 0.0
    made = _replay(place, weights, kinds["C"], _chosen(number), cold=True)
    changed = _replay(place, weights, kinds["F"], _chosen(number))
    return _tokens_per_s(made), _tokens_per_s(changed), statistics.mean(one.first_item_s for one in made)


def _replay(
    place: Place, weights: str, variant: replay.Variant, names: Sequence[str], *, cold: bool = False
) -> list[replay.Played]:
    rivals = place.rivals
    eos = [rivals.config["eos_token_id"]]
    return replay.play(rivals.own(weights), _tokenizer(rivals), eos, variant, names=names, cold=cold)


def _tokens_per_s(played: Sequence[replay.Played]) -> float:
    return sum(one.usage.generated_tokens for one in played) / sum(one.usage.generate_s for one in played)


def _play_llama(place: Place, weights: str, number: int) -> tuple[float, float]:
    """Return tokens per second under the examples' schemas, and seconds to the first item."""
    if not number:
        _complete(place.rivals, weights, place.rivals.prompt(0, WARMING), WARMING)
        return 0.0, 0.0
    tokenizer, names = _tokenizer(place.rivals), _chosen(number)
    tokens = spent_ms = first = 0.0
    for name in names:
        app = replay.apps()[name]
        text = replay.compact(app)
        schema = {**replay.narrowed(app), "x-guidance": {"whitespace_flexible": False}}
        length = min(len(tokenizer.encode(text, add_special_tokens=False).ids), LONGEST_WRITTEN)
        prompt = place.rivals.prompt(number)
        timings = _complete(place.rivals, weights, prompt, length, json_schema=schema, temperature=1.0)[
            "timings"
        ]
        tokens += timings["predicted_n"]
        spent_ms += timings["predicted_ms"]
        item = len(tokenizer.encode(text[: replay.first_item_end(text)], add_special_tokens=False).ids)
        first += (timings["prompt_ms"] + item * timings["predicted_per_token_ms"]) / 1000
    return tokens * 1000 / spent_ms, first / len(names)


def shortcuts(place: Place, rounds: int) -> dict[str, Any]:
    """Return tokens per second and per pass, first weights, with the ways of saving passes switched off one by one."""
    without = (
        replay.Variant("F, no guesses", Shortcuts(guesses=False), edit=True),
        replay.Variant("F, no forced runs", Shortcuts(forced=False), edit=True),
    )
    variants = (*replay.VARIANTS[:-1], *without, replay.VARIANTS[-1])
    found: dict[str, list[float]] = {}
    per_pass: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for variant in variants:
            row = replay.summary(_replay(place, place.weights[0], variant, _chosen(number + place.begin)))
            if number:
                found.setdefault(variant.name, []).append(row["tokens_per_s"])
                per_pass.setdefault(variant.name, []).append(row["tokens_per_pass"])
        if time.monotonic() > place.until:
            break
    speeds = table(found, "A")
    return {
        name: {**row, "tokens per pass": statistics.median(per_pass[name])} for name, row in speeds.items()
    }


def memory(place: Place, rounds: int) -> dict[str, Any]:
    """Return the private memory of a child above an empty one, after and while loading, over the bf16 file's size."""
    del rounds
    rivals = place.rivals
    size = sum(path.stat().st_size for path in rivals.folder.glob("*.safetensors"))
    files = ModelFiles("bench", "bench", "safetensors", str(rivals.folder), size)
    found: dict[str, Any] = {"bf16 file, MB": round(size / 1e6)}
    for weights in place.weights:
        kind, copied = weights.rstrip("+"), weights.endswith("+")
        options = LoadOptions(weights=kind, reading_copy=copied)  # type: ignore[arg-type]
        engine = EngineProcess(files, options, folder=rivals.folder.parent / "child")
        try:
            loaded = engine.load(CancelToken(), lambda _progress: None)
        finally:
            engine.close()
        found[weights] = {
            "resident, MB": round(loaded.resident_bytes / 1e6),
            "peak, MB": round(loaded.peak_bytes / 1e6),
            "copy for reading, MB": round(loaded.prefill_copy_bytes / 1e6),
            "peak / file": round(loaded.peak_bytes / size, 2),
            "peak without the copy / file": round((loaded.peak_bytes - loaded.prefill_copy_bytes) / size, 2),
            "load, s": round(loaded.load_s, 1),
        }
    return found


PARTS = {"decode": decode, "read": read, "apps": apps, "shortcuts": shortcuts, "memory": memory}


def _others_s() -> float:
    """Return the seconds of all cores that went to other programs so far; asked while no child of ours runs."""
    total = psutil.cpu_times()
    idle = total.idle + getattr(total, "iowait", 0.0) + getattr(total, "guest", 0.0)
    return float(sum(total) - idle - sum(psutil.Process().cpu_times()[:4]))


def versions() -> dict[str, str]:
    """Return what was measured with."""
    names = ("torch", "transformers", "xllamacpp", "llguidance")
    return {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in names}}


def main() -> int:
    """Print one JSON object per part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cache", type=Path)
    parser.add_argument("--shape", default="smollm2-360m")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--weights", default="int4+,int8", help="of int4+, int4, int8")
    parser.add_argument("--begin", type=int, default=0, help="examples that apps and shortcuts leave out")
    parser.add_argument(
        "--limit-s", type=float, default=math.inf, help="begin no round after so many seconds"
    )
    options = parser.parse_args()
    print(json.dumps({"shape": options.shape, "rounds": options.rounds, **versions()}))
    until = time.monotonic() + options.limit_s
    place = Place(options.cache, options.shape, tuple(options.weights.split(",")), options.begin, until)
    for name in options.parts.split(","):
        busy = _others_s()
        begun = time.perf_counter()
        found = PARTS[name](place, options.rounds)
        share = (_others_s() - busy) / (time.perf_counter() - begun) / (os.cpu_count() or 1)
        print(json.dumps({name: found, "cores taken by others": round(share, 2)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
