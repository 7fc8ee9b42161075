"""Small models and helpers for the decoder's tests: a random Llama behind `Forward`, and a chain with a known law."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from studio.engines.base import Delta, GenerationRequest
from studio.jobs import CancelToken

# Two threads that wait for each other take a hundred times longer when other tests run beside this one.
torch.set_num_threads(1)

EXAMPLES = Path(__file__).parent / "blueprint_examples"
END = "<|end|>"


@cache
def small_tokenizer(size: int = 700) -> Tokenizer:
    """Return a byte-level tokenizer that learnt from the example apps; token 0 ends a text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(map(compact, example_paths()), trainer)
    return tokenizer


def example_paths() -> list[Path]:
    """Return the files of the twelve example apps."""
    return sorted(EXAMPLES.glob("[0-9]*.json"))


def compact(path: Path) -> str:
    """Return an example as an engine would write it: no blanks between the parts."""
    return json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False, separators=(",", ":"))


@cache
def small_llama(size: int = 700, spread: float = 0.1) -> Any:
    """Return a random float32 Llama whose greedy text repeats itself now and then."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(5)
    config = LlamaConfig(
        vocab_size=size,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        initializer_range=spread,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config).eval()


class LlamaForward:
    """Run transformers' own Llama behind `Forward`, with its dynamic cache; remembers its calls."""

    def __init__(self, model: Any, *, context: int = 4096, rewinds: bool = True, piece: int = 64) -> None:
        from transformers import DynamicCache

        self._model, self._piece = model, piece
        self._cache = DynamicCache(config=model.config)
        self.vocabulary, self.context, self.rewinds = model.config.vocab_size, context, rewinds
        self.row_costs: Mapping[int, float] = {}
        self.calls: list[tuple[int, int]] = []

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return logits after each token."""
        held = self._cache.get_seq_length()
        assert start <= held and start + len(tokens) <= self.context
        assert self.rewinds or start in (0, held)
        if start < held:
            self._cache.crop(start - held)
        self.calls.append((start, len(tokens)))
        with torch.inference_mode():
            return self._model(torch.tensor([list(tokens)]), past_key_values=self._cache).logits[0].clone()

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Return the logits after the last token."""
        done = 0
        while True:
            part = tokens[done : done + self._piece]
            logits = self.rows(part, start + done)
            done += len(part)
            if done == len(tokens):
                return logits[-1]
            between(done)


class ChainForward:
    """Know only the last token: row `t` of a table holds the logits of what follows `t`."""

    def __init__(self, table: torch.Tensor, *, context: int = 512) -> None:
        self.table = table.float()
        self.vocabulary, self.context, self.rewinds = table.shape[1], context, True
        self.row_costs: Mapping[int, float] = {1: 1.0, 64: 1.0}

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return the table's rows."""
        return self.table[list(tokens)].clone()

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Return the row of the last token."""
        return self.table[tokens[-1]].clone()


class ScriptForward(ChainForward):
    """Say a fixed text: the best token after `n` answer tokens is the n-th of the script."""

    def __init__(
        self, script: Sequence[int], vocabulary: int, prompt_length: int, *, context: int = 4096
    ) -> None:
        super().__init__(torch.zeros(1, vocabulary), context=context)
        self._script, self._prompt_length = list(script), prompt_length

    def rows(self, tokens: Sequence[int], start: int) -> torch.Tensor:
        """Return rows whose best token is the script's."""
        made = torch.zeros(len(tokens), self.vocabulary)
        for row in range(len(tokens)):
            place = start + row + 1 - self._prompt_length
            if 0 <= place < len(self._script):
                made[row, self._script[place]] = 9.0
            else:
                made[row, 0] = 9.0
        return made

    def read(self, tokens: Sequence[int], start: int, between: Callable[[int], None]) -> torch.Tensor:
        """Return the row after the last token."""
        return self.rows(tokens, start)[-1]


class Listener:
    """Collect what a generation says: deltas, phases, progress. Cancels at a delta when told so."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.deltas: list[Delta] = []
        self.phases: list[str] = []
        self.steps: list[tuple[int, int]] = []
        self.token = CancelToken()
        self._cancel_after = cancel_after

    def __call__(self, delta: Delta) -> None:
        self.deltas.append(delta)
        if self._cancel_after is not None and delta.tokens >= self._cancel_after:
            self.token.cancel()

    def phase(self, name: Any) -> None:
        """Note a phase."""
        self.phases.append(name)

    def progress(self, done: int, total: int) -> None:
        """Note a progress."""
        self.steps.append((done, total))

    @property
    def text(self) -> str:
        """Return all text that came."""
        return "".join(delta.text for delta in self.deltas)


def generate(decoder: Any, prompt: Sequence[int], request: GenerationRequest, **more: Any) -> Any:
    """Run a decoder with a listener that nobody looks at."""
    listener = Listener()
    made = decoder.generate(prompt, request, listener, listener, listener.token, **more)
    assert listener.text == made.text
    return made
