"""Folders with models of true shapes and random weights: right for measuring speed and memory, wrong for talking to.

`make_shape("smollm2-360m", cache)` writes config, bf16 safetensors, a byte-level BPE tokenizer of the right size
and a simple chat template, once; later calls return the same folder. The tokenizer learns from this repository's
own texts (blueprints, facts, prompts), then grows to its full size with words that are made up, so that a
blueprint costs about as many tokens as with the real one. Run: `python -m benchmarks.shapes NAME FOLDER`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VERSION = 1
"""Raise it when what is written changes: it is part of the folder's name."""

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True)
class Shape:
    """Hold the sizes of one model; `tokens` is the tokenizer's vocabulary, `vocabulary` the width of the logits."""

    model_type: str
    hidden: int
    inner: int
    layers: int
    heads: int
    key_heads: int
    vocabulary: int
    tokens: int
    positions: int
    rope_theta: float
    epsilon: float
    specials_first: bool

    def config(self) -> dict[str, Any]:
        """Return config.json, in the form that the real models' files have."""
        name = {"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM"}[self.model_type]
        start, end = (1, 2) if self.specials_first else (self.tokens - 22, self.tokens - 20)
        return {
            "architectures": [name],
            "attention_dropout": 0.0,
            "bos_token_id": start,
            "eos_token_id": end,
            "hidden_act": "silu",
            "hidden_size": self.hidden,
            "initializer_range": 0.02,
            "intermediate_size": self.inner,
            "max_position_embeddings": self.positions,
            "model_type": self.model_type,
            "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers,
            "num_key_value_heads": self.key_heads,
            "rms_norm_eps": self.epsilon,
            "rope_scaling": None,
            "rope_theta": self.rope_theta,
            "tie_word_embeddings": True,
            "torch_dtype": "bfloat16",
            "use_cache": True,
            "vocab_size": self.vocabulary,
        }


# The sizes stand in the models' own config.json on the Hub (HuggingFaceTB/SmolLM2-*, Qwen/Qwen2.5-0.5B).
SHAPES = {
    "smollm2-135m": Shape("llama", 576, 1536, 30, 9, 3, 49152, 49152, 8192, 1e5, 1e-5, True),
    "smollm2-360m": Shape("llama", 960, 2560, 32, 15, 5, 49152, 49152, 8192, 1e5, 1e-5, True),
    "qwen2.5-0.5b": Shape("qwen2", 896, 4864, 24, 14, 2, 151936, 151665, 32768, 1e6, 1e-6, False),
}


def make_shape(name: str, cache: Path, *, shards: int = 1, seed: int = 0) -> Path:
    """Return the folder of a shape below `cache`; write it first when it is not there yet."""
    shape = SHAPES[name]
    key = json.dumps([VERSION, dataclasses.asdict(shape), shards, seed])
    folder = cache / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=cache))
    try:
        _write_json(making / "config.json", shape.config())
        ids = {name: shape.config()[name] for name in ("bos_token_id", "eos_token_id")}
        _write_json(making / "generation_config.json", {"_from_model_config": True, **ids})
        write_tokenizer(shape, making)
        write_weights(shape, making, shards=shards, seed=seed)
        making.chmod(0o755)
        making.rename(folder)
    except OSError:
        # somebody else was quicker
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# ------------------------------------------------------------ weights


def tensor_shapes(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield names and shapes of all tensors, layer after layer, as the real files name them."""
    width = shape.hidden // shape.heads
    rows = {"q": shape.heads * width, "k": shape.key_heads * width, "v": shape.key_heads * width}
    yield "model.embed_tokens.weight", (shape.vocabulary, shape.hidden)
    for layer in range(shape.layers):
        stem = f"model.layers.{layer}."
        yield stem + "input_layernorm.weight", (shape.hidden,)
        yield stem + "mlp.down_proj.weight", (shape.hidden, shape.inner)
        yield stem + "mlp.gate_proj.weight", (shape.inner, shape.hidden)
        yield stem + "mlp.up_proj.weight", (shape.inner, shape.hidden)
        yield stem + "post_attention_layernorm.weight", (shape.hidden,)
        for part, count in rows.items():
            if shape.model_type == "qwen2":
                yield stem + f"self_attn.{part}_proj.bias", (count,)
            yield stem + f"self_attn.{part}_proj.weight", (count, shape.hidden)
        yield stem + "self_attn.o_proj.weight", (shape.hidden, rows["q"])
    yield "model.norm.weight", (shape.hidden,)


def write_weights(shape: Shape, folder: Path, *, shards: int, seed: int) -> None:
    """Write bf16 safetensors: norms near 1, all else normal with a spread of 0.02 to 0.04."""
    import torch
    from safetensors.torch import save_file

    chance = torch.Generator().manual_seed(seed)
    # one pool of numbers, cut at other places each time: drawing them all would take most of a minute
    pool = (torch.randn(1 << 22, generator=chance) * 0.03).bfloat16()

    def draw(name: str, sizes: tuple[int, ...]) -> torch.Tensor:
        count = 1
        for size in sizes:
            count *= size
        start = int(torch.randint(len(pool), (1,), generator=chance))
        values = pool.roll(-start).repeat(-(-count // len(pool)))[:count].reshape(sizes)
        return (values + 1 if "norm" in name else values).contiguous()

    names = list(tensor_shapes(shape))
    size = -(-len(names) // shards)
    places: dict[str, str] = {}
    for shard in range(shards):
        file = "model.safetensors" if shards == 1 else f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        part = {name: draw(name, sizes) for name, sizes in names[shard * size : (shard + 1) * size]}
        save_file(part, folder / file, metadata={"format": "pt"})
        places.update(dict.fromkeys(part, file))
    if shards > 1:
        total = sum((folder / file).stat().st_size for file in set(places.values()))
        _write_json(
            folder / "model.safetensors.index.json",
            {"metadata": {"total_size": total}, "weight_map": places},
        )


# ------------------------------------------------------------ tokenizer


def write_tokenizer(shape: Shape, folder: Path) -> None:
    """Write tokenizer.json, its settings and the chat template."""
    from tokenizers import Tokenizer

    first = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    spare = 17 - len(first) if shape.specials_first else 22 - len(first)
    if shape.specials_first:
        specials = first + [f"<|spare_{number}|>" for number in range(spare)]
    else:
        specials = [first[1], first[0], first[2]] + [f"<|spare_{number}|>" for number in range(spare)]
    data = _learned(specials if shape.specials_first else [], shape.tokens)
    words: dict[str, int] = data["model"]["vocab"]
    target = shape.tokens if shape.specials_first else shape.tokens - len(specials)
    _make_up_words(words, data["model"]["merges"], target)
    if not shape.specials_first:
        data["added_tokens"] = [
            {
                "id": target + place,
                "content": text,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for place, text in enumerate(specials)
        ]
    Tokenizer.from_str(json.dumps(data)).save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|im_start|>",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "model_max_length": shape.positions,
        "chat_template": TEMPLATE,
    }
    _write_json(folder / "tokenizer_config.json", settings)


def _learned(specials: list[str], size: int) -> dict[str, Any]:
    """Return tokenizer.json of a BPE that learnt from the repository's texts; single digits as in the real ones."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    splits = [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(splits)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=3,
        special_tokens=specials,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    folders = [
        ROOT / "resources",
        ROOT / "tests" / "support" / "blueprint_examples",
        ROOT / "docs",
        ROOT / "studio",
    ]
    files = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".json", ".jsonl", ".md", ".py", ".js"}
    )
    tokenizer.train_from_iterator((path.read_text(encoding="utf-8") for path in files), trainer)
    data: dict[str, Any] = json.loads(tokenizer.to_str())
    return data


def _make_up_words(words: dict[str, int], merges: list[list[str]], size: int) -> None:
    """Grow the vocabulary in place to `size` by joining pieces that it has, each with its own late merge."""
    chance = random.Random(size)
    pieces = [word for word in words if word.isascii() and word.isalpha() and 2 <= len(word) <= 5]
    starts = pieces + [
        word for word in words if word.startswith("Ġ") and word[1:].isalpha() and len(word) <= 6
    ]
    while len(words) < size:
        left, right = chance.choice(starts), chance.choice(pieces)
        if left + right not in words:
            words[left + right] = len(words)
            merges.append([left, right])


def main() -> int:
    """Write one shape into a folder and print where."""
    name, cache = sys.argv[1:3]
    sys.stdout.write(f"{make_shape(name, Path(cache))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
