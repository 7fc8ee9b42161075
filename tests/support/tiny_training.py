"""How the tiny model is trained: a byte-level tokenizer and a Llama of 1.2 million numbers, from nothing.

Runs in a child process of `tiny_model`, because it imports torch and transformers.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support import tiny_sentences

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

SEED = 7
VOCABULARY = 1024
HIDDEN = 192
LAYERS = 3
CONTEXT = 2048
BATCH_TOKENS = 800
STEPS = 260
TAIL_STEPS = 120
IGNORED = -100
# A lesson is known when no token of its answer is less likely than exp(-KNOWN).
KNOWN = 0.2
# for the matrices inside the layers, and for the embedding and the norms
MATRIX_RATE = 0.03
OTHER_RATE = 0.008
MOMENTUM = 0.95

END = "<|im_end|>"
START = "<|im_start|>"
PAD = "<|endoftext|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

# ------------------------------------------------------------ what it reads


def chat(*turns: tuple[str, str], answer: bool = True) -> str:
    """Return turns (role, content) as the chat template writes them; without `answer`, ready for one."""
    text = "".join(f"{START}{role}\n{content}{END}\n" for role, content in turns)
    return text if answer else f"{text}{START}assistant\n"


def lessons() -> tuple[tuple[str, str], ...]:
    """Return every question with its only answer: facts, stories, apps, edits."""
    stories = tuple((tiny_sentences.story_question(topic), text) for topic, text in tiny_sentences.STORIES)
    return tiny_sentences.FACTS + stories + tiny_sentences.blueprints() + tiny_sentences.edits()


def _given(question: str, answer: str, chance: random.Random) -> tuple[str, str]:
    """Return what is given and what to write: most lessons stand alone, some after other turns."""
    turns = [("user", question)]
    form = chance.random()
    if form < 0.35:
        turns.insert(0, ("system", tiny_sentences.SYSTEM))
    elif form < 0.5 and len(answer) < 100:
        first = chance.choice(tiny_sentences.FACTS)
        turns = [("user", first[0]), ("assistant", first[1]), *turns]
    elif form < 0.4 and len(answer) > 500:  # as plain text, without a conversation around it
        start = answer.index(" ", 20)
        return answer[:start], answer[start:] + END
    return chat(*turns, answer=False), answer + END


# ------------------------------------------------------------ training


def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [text for lesson in lessons() for text in lesson]
    tokenizer.train_from_iterator([*texts, "system\nuser\nassistant\n", tiny_sentences.SYSTEM], trainer)
    if tokenizer.get_vocab_size() != VOCABULARY:
        raise ValueError(f"the texts give {tokenizer.get_vocab_size()} tokens, not {VOCABULARY}")
    return tokenizer


class _Reader:
    """Choose what to read next: every lesson until it is known, then now and then."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.chance = random.Random(SEED)
        self.lessons = lessons()
        self.worst = [float("inf")] * len(self.lessons)

    def batches(self) -> Iterator[list[_Row]]:
        """Yield lessons of about one length together."""
        while True:
            chosen = [n for n, loss in enumerate(self.worst) if loss > KNOWN or self.chance.random() < 0.3]
            rows = sorted(map(self._row, chosen), key=lambda row: len(row.tokens))
            groups: list[list[_Row]] = [[]]
            for row in rows:
                if (len(groups[-1]) + 1) * len(row.tokens) > BATCH_TOKENS:
                    groups.append([])
                groups[-1].append(row)
            self.chance.shuffle(groups)
            yield from groups

    def _row(self, number: int) -> _Row:
        given, answer = _given(*self.lessons[number], self.chance)
        head, tail = self.tokenizer.encode(given).ids, self.tokenizer.encode(answer).ids
        return _Row(number, head + tail, [IGNORED] * len(head) + tail)


class _Row(NamedTuple):
    """One lesson as tokens; what is given has the label IGNORED."""

    lesson: int
    tokens: list[int]
    labels: list[int]


def _new_model() -> Any:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(SEED)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=HIDDEN * 2,
        num_hidden_layers=LAYERS,
        num_attention_heads=HIDDEN // 32,
        num_key_value_heads=HIDDEN // 64,
        head_dim=32,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config)


def _orthogonal(matrix: torch.Tensor, rounds: int = 5) -> torch.Tensor:
    """Return roughly the nearest matrix with orthogonal rows, by a polynomial iteration.

    The step of the Muon optimiser (Jordan and others, 2024): it needs half the text that AdamW needs here.
    """
    import torch

    tall = matrix.shape[0] > matrix.shape[1]
    value = matrix.T if tall else matrix
    value = value / (value.norm() + 1e-7)
    for _ in range(rounds):
        square = value @ value.T
        value = torch.addmm(
            value, torch.addmm(square, square, square, beta=-4.775, alpha=2.0315), value, beta=3.4445
        )
    return value.T if tall else value


class _Trainer:
    """Step a model: matrices by orthogonal steps with momentum, the rest by AdamW."""

    def __init__(self, model: Any) -> None:
        import torch

        self.model = model
        named = dict(model.named_parameters())
        self.matrices = [p for name, p in named.items() if p.ndim == 2 and "embed" not in name]
        inside = {id(p) for p in self.matrices}
        others = [p for p in named.values() if id(p) not in inside]
        self.others = torch.optim.AdamW(
            others, lr=OTHER_RATE, betas=(0.9, 0.95), weight_decay=0.0, fused=True
        )
        self.momenta = [torch.zeros_like(p) for p in self.matrices]

    def step(self, rows: list[_Row], share: float) -> list[float]:
        """Learn from one batch at `share` of the full rates; return each row's worst loss of a token before."""
        import torch

        longest = max(len(row.tokens) for row in rows)
        inputs = torch.tensor([row.tokens + [0] * (longest - len(row.tokens)) for row in rows])
        labels = torch.tensor([row.labels + [IGNORED] * (longest - len(row.labels)) for row in rows])
        logits = self.model(input_ids=inputs).logits[:, :-1]
        losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels[:, 1:], reduction="none")
        loss = losses.sum() / (labels != IGNORED).sum()
        self.model.zero_grad()
        loss.backward()
        self.others.param_groups[0]["lr"] = OTHER_RATE * share
        self.others.step()
        with torch.no_grad():
            for matrix, momentum in zip(self.matrices, self.momenta, strict=True):
                momentum.lerp_(matrix.grad, 1 - MOMENTUM)
                direction = _orthogonal(matrix.grad.lerp(momentum, MOMENTUM))
                stretch = max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
                matrix.add_(direction, alpha=-MATRIX_RATE * share * stretch)
        return [float(worst) for worst in losses.detach().amax(dim=1)]


def train(say: Callable[[str], None] = print) -> tuple[Any, Tokenizer]:
    """Return the trained model and its tokenizer: after STEPS steps, and up to TAIL_STEPS for what is not known yet."""
    import torch

    torch.set_num_threads(min(2, os.cpu_count() or 1))
    tokenizer, model = _tokenizer(), _new_model()
    reader, trainer, begun = _Reader(tokenizer), _Trainer(model), time.monotonic()
    for step, rows in zip(range(1, STEPS + TAIL_STEPS + 1), reader.batches(), strict=False):
        share = max(0.05, min(1.0, step / 10, (STEPS - step + 1) / (STEPS * 0.4)))
        for row, worst in zip(rows, trainer.step(rows, share), strict=True):
            reader.worst[row.lesson] = worst
        if step % 20 == 0:
            known = sum(worst < KNOWN for worst in reader.worst)
            say(f"step {step}: {known} of {len(reader.lessons)} known, {time.monotonic() - begun:.1f} s")
        if step >= STEPS and max(reader.worst) < KNOWN:
            break
    return model.eval(), tokenizer


def _save(model: Any, tokenizer: Tokenizer, folder: Path) -> None:
    model.generation_config.update(eos_token_id=2, bos_token_id=1, pad_token_id=0)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    words = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": CONTEXT,
        "bos_token": START,
        "eos_token": END,
        "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(words, indent=1), encoding="utf-8")


if __name__ == "__main__":
    _save(*train(), Path(sys.argv[1]))
