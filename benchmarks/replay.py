"""How many tokens a pass brings: the twelve example apps through the real decoder, as if a model had said them.

Random weights say nothing sensible, and what saves passes depends on what is said. So every token is drawn from
its true row and then replaced by the example's next one: grammar, forced runs, guesses and drafts all work as they
would with a model that writes this app, and the passes are real.

| variant | |
|---|---|
| A | one by one |
| B | runs of forced tokens in one pass |
| C | B and guesses of what is nearly forced |
| D | C and matches with another app in the prompt |
| E | an edit of one field, the old app in the prompt, as C |
| F | E and matches with the old app |

`python -m benchmarks.replay TOKENIZER_FOLDER` counts without a model; with `--weights int4` (float32, bfloat16, int8)
the folder's model runs, through our own loop. Other programs call `play` with any `Forward`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from studio.blueprints.schemas import schema as master_schema
from studio.engines.adapters.loop.decoder import Decoder, Shortcuts
from studio.engines.adapters.loop.forward import Forward
from studio.engines.adapters.loop.vocabulary import Vocabulary
from studio.engines.base import Delta, GenerationRequest, Sampling, Usage
from studio.jobs import CancelToken

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests" / "support" / "blueprint_examples"

INT4_360M_S = {1: 0.016, 2: 0.016, 4: 0.019, 8: 0.030, 16: 0.050, 32: 0.091, 64: 0.129}
"""Costs of a pass by its rows, which the drafts follow when no model is there: the 360M shape in int4, from 32 rows
on in bf16, 640 tokens in the cache, on two Zen 5 cores."""


@dataclass(frozen=True)
class Variant:
    """Say what saves passes and what stands in the prompt."""

    name: str
    shortcuts: Shortcuts
    other_app: bool = False
    edit: bool = False


VARIANTS = (
    Variant("A", Shortcuts(forced=False, guesses=False, matches=False)),
    Variant("B", Shortcuts(forced=True, guesses=False, matches=False)),
    Variant("C", Shortcuts(forced=True, guesses=True, matches=False)),
    Variant("D", Shortcuts(), other_app=True),
    Variant("E", Shortcuts(forced=True, guesses=True, matches=False), edit=True),
    Variant("F", Shortcuts(), edit=True),
)


@dataclass(frozen=True)
class Played:
    """Hold one app that was replayed; `first_item_s` counts from the call to the first whole item of its list."""

    variant: str
    app: str
    usage: Usage
    first_item_s: float


class Teacher:
    """Draw from the row as the rules say, then say the text's next token instead. A `Sampler`."""

    takes_best = False

    def __init__(self, tokens: Sequence[int]) -> None:
        self._tokens, self._place = tokens, 0

    def pick(self, logits: torch.Tensor, allowed: Any) -> int:
        if allowed is not None:
            logits = logits.masked_fill(torch.from_numpy(~allowed), -torch.inf)
        logits.argmax()
        token = self._tokens[self._place]
        if allowed is not None and not allowed[token]:
            raise ValueError(f"the schema does not allow token {self._place} of the example")
        return token

    def see(self, token: int) -> None:
        if token != self._tokens[self._place]:
            raise ValueError(f"token {self._place} was forced to {token}, not {self._tokens[self._place]}")
        self._place += 1


class Watch:
    """Take the deltas of one generation and note when the first item was whole. Also the `Status` of it."""

    def __init__(self, first_item_end: int) -> None:
        self.begun = time.perf_counter()
        self.first_item_s = 0.0
        self._end, self._length = first_item_end, 0

    def __call__(self, delta: Delta) -> None:
        self._length += len(delta.text)
        if self._length >= self._end and not self.first_item_s:
            self.first_item_s = time.perf_counter() - self.begun

    def phase(self, name: str) -> None:
        pass

    def progress(self, done: int, total: int) -> None:
        pass


class NoModel:
    """A `Forward` that works nothing out."""

    rewinds = True

    def __init__(self, vocabulary: int, row_costs: Mapping[int, float]) -> None:
        self.vocabulary, self.context, self.row_costs = vocabulary, 1 << 20, row_costs

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        return torch.zeros(len(tokens), self.vocabulary)

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        return torch.zeros(self.vocabulary)


# ------------------------------------------------------------ what is said


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def apps() -> dict[str, dict[str, Any]]:
    """Return the examples by name."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(EXAMPLES.glob("[0-9]*.json"))}


def narrowed(app: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema with only the kinds of blocks that the app has, as the builder asks for them."""
    schema: dict[str, Any] = json.loads(json.dumps(master_schema("blueprint")))
    kinds = {f"#/$defs/block_{block['type']}" for block in app["blocks"]}
    blocks = schema["$defs"]["block"]["anyOf"]
    schema["$defs"]["block"]["anyOf"] = [part for part in blocks if part["$ref"] in kinds]
    return schema


def edited(app: Mapping[str, Any]) -> dict[str, Any]:
    """Return the app with one field changed."""
    changed: dict[str, Any] = json.loads(json.dumps(app))
    changed["blocks"][0]["title"] = "A new name"
    return changed


def first_item_end(text: str) -> int:
    """Return where the first item of the first list in the first block ends in an app's text, or the block does."""
    place = text.index('"blocks":[') + len('"blocks":[')
    depth, quoted, start = 0, False, -1
    while place < len(text):
        letter = text[place]
        if quoted:
            place += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "{[":
            depth += 1
            start = place if letter == "{" and depth == 3 and start < 0 else start
        elif letter in "}]":
            depth -= 1
            if (start >= 0 and depth == 2) or depth == 0:
                return place + 1
        place += 1
    return len(text)


def prompt(vocabulary: Vocabulary, parts: Iterable[str], tokens: int) -> list[int]:
    """Return about `tokens` tokens of filler (repository text, not JSON), then the parts."""
    filler = vocabulary.encode((ROOT / "docs" / "architecture.md").read_text("utf-8"))
    rest = [token for part in parts for token in vocabulary.encode(part)]
    need = max(tokens - len(rest), 1)
    while len(filler) < need:
        filler += filler
    return filler[:need] + rest


# ------------------------------------------------------------ playing


def play(
    forward: Forward,
    tokenizer: Any,
    eos_ids: Sequence[int],
    variant: Variant,
    *,
    prompt_tokens: int = 600,
    names: Sequence[str] = (),
    cold: bool = False,
) -> list[Played]:
    """Replay the apps (or those named) with one variant.

    With `cold` every prompt is read from its beginning, which is what `first_item_s` needs; without it
    the filler is read once. The prompt has at least `prompt_tokens` tokens.
    """
    vocabulary = Vocabulary(tokenizer)
    decoder = Decoder(forward, vocabulary, eos_ids=eos_ids, shortcuts=variant.shortcuts)
    decoder.warm()
    everything = apps()
    order = list(everything)
    made = []
    for number, name in enumerate(order):
        if names and name not in names:
            continue
        app = everything[name]
        parts = []
        if variant.other_app:
            parts.append(compact(everything[order[(number + 1) % len(order)]]))
        if variant.edit:
            parts.append(compact(app))
        if cold:
            decoder.forget()
        asked = prompt(vocabulary, [*parts, f"\n{name}\n"], prompt_tokens)
        made.append(_play_one(decoder, vocabulary, asked, name, app, variant))
    return made


def _play_one(
    decoder: Decoder,
    vocabulary: Vocabulary,
    asked: list[int],
    name: str,
    app: Mapping[str, Any],
    variant: Variant,
) -> Played:
    text = compact(edited(app) if variant.edit else app)
    tokens = vocabulary.encode(text)
    request = GenerationRequest(
        schema=narrowed(app),
        # so much room that nothing is closed early
        max_tokens=len(tokens) + 2000,
        sampling=Sampling(temperature=0.0),
        draft_text=compact(app) if variant.edit else "",
    )
    watch = Watch(first_item_end(text))
    done = decoder.generate(asked, request, watch, watch, CancelToken(), Teacher(tokens))
    if done.text != text:
        raise ValueError(f"{name} came out differently")
    return Played(variant.name, name, done.usage, watch.first_item_s)


def summary(played: Sequence[Played]) -> dict[str, Any]:
    """Return one row of the table: sums over the apps, the median of the first items."""
    usages = [one.usage for one in played]
    tokens = sum(usage.generated_tokens for usage in usages)
    # the row after the prompt brings the first token: it belongs to reading
    passes = sum(usage.passes + 1 for usage in usages)
    drafted = sum(usage.drafted_tokens for usage in usages)
    seconds = sum(usage.generate_s for usage in usages)
    return {
        "variant": played[0].variant,
        "tokens": tokens,
        "passes": passes,
        "tokens_per_pass": round(tokens / passes, 2),
        "forced": round(sum(usage.forced_tokens for usage in usages) / tokens, 2),
        "accepted": round(sum(usage.accepted_tokens for usage in usages) / drafted, 2) if drafted else None,
        "tokens_per_s": round(tokens / seconds, 1),
        "first_item_s": round(statistics.median(one.first_item_s for one in played), 2),
    }


def load(folder: Path, weights: str, threads: int = 0) -> Forward:
    """Return the folder's model in our own loop; "int4+" means 4 bits with a copy for reading."""
    from studio.engines.adapters.loop.model import LoopModel

    config = json.loads((folder / "config.json").read_text("utf-8"))
    return LoopModel.load(
        folder,
        config,
        weights=weights.rstrip("+"),  # type: ignore[arg-type]
        copied=weights.endswith("+"),
        context=4096,
        threads=threads,
        status_progress=lambda _done, _total: None,
        token=CancelToken(),
    )


def main() -> int:
    """Print one JSON object per variant."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", default="")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--variants", default="ABCDEF")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--app", action="append", default=[])
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.folder / "tokenizer.json"))
    config = json.loads((options.folder / "config.json").read_text("utf-8"))
    forward: Forward = NoModel(config["vocab_size"], INT4_360M_S)
    if options.weights:
        forward = load(options.folder, options.weights, options.threads)
        print(
            json.dumps({"row_costs_ms": {rows: round(s * 1000, 1) for rows, s in forward.row_costs.items()}})
        )
    for variant in VARIANTS:
        if variant.name in options.variants:
            eos = [config["eos_token_id"]]
            made = play(forward, tokenizer, eos, variant, names=options.app, cold=options.cold)
            print(json.dumps(summary(made)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
