"""Write the GGUF twin of a safetensors folder: the same Llama- or Qwen2-type model for llama.cpp.

`make_twin(folder, cache, "Q4_0")` returns one file, written once for the same bytes. Needs numpy, `gguf` and
`tokenizers`; neither torch nor pytest. Run: `python -m tests.support.gguf_twin FOLDER CACHE WEIGHTS`.

The layout follows the GGUF specification (ggml-org/ggml docs/gguf.md): llama.cpp turns pairs of neighbouring
rows in its "llama" attention where transformers turns row i with row i + half, so the rows of q and k change
places; its "qwen2" attention turns as transformers does.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import struct
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy as np
from tokenizers import Tokenizer

Twin = Literal["F32", "F16", "Q8_0", "Q4_0"]
VERSION = 1
"""Raise it when what is written changes: it is part of the file's name."""

_QUANT = gguf.GGMLQuantizationType
_KINDS = {"F32": _QUANT.F32, "F16": _QUANT.F16, "Q8_0": _QUANT.Q8_0, "Q4_0": _QUANT.Q4_0}
_FILE_TYPES = {
    "F32": gguf.LlamaFileType.ALL_F32,
    "F16": gguf.LlamaFileType.MOSTLY_F16,
    "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
    "Q4_0": gguf.LlamaFileType.MOSTLY_Q4_0,
}
_NAMES = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
_LAYER_NAMES = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.down_proj": "ffn_down",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
}


def make_twin(folder: Path, cache: Path, weights: Twin = "F16") -> Path:
    """Return the twin of `folder` below `cache`; write it first when it is not there yet."""
    target = cache / f"{folder.name}-{_fingerprint(folder)}-{weights.lower()}.gguf"
    if target.is_file():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".part", dir=cache)
    os.close(handle)
    making = Path(name)
    try:
        write_twin(folder, making, weights)
        making.replace(target)
    finally:
        making.unlink(missing_ok=True)
    return target


def _fingerprint(folder: Path) -> str:
    total = hashlib.sha256(str(VERSION).encode())
    for path in sorted(folder.iterdir()):
        if path.suffix in {".json", ".jinja", ".safetensors"}:
            with path.open("rb") as file:
                total.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:12]


def write_twin(folder: Path, target: Path, weights: Twin = "F16", *, pooling: int | None = None) -> None:
    """Write the twin to `target`, tensor after tensor; with `pooling` it is a model for embeddings (1: mean).

    Raises ValueError for models other than Llama and Qwen2, for scaled rotary positions, and for
    tokenizers whose way of cutting text has no name in llama.cpp that this module knows.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    writer = gguf.GGUFWriter(target, _architecture(config))
    _describe(writer, config, weights)
    if pooling is not None:
        writer.add_pooling_type(gguf.PoolingType(pooling))
    _add_tokenizer(writer, folder, config)
    plans = [_plan(tensor, config, weights) for tensor in _tensors(folder)]
    for plan in plans:
        writer.add_tensor_info(plan.name, plan.stored_shape, plan.stored_dtype, plan.size_bytes, plan.kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for plan in plans:
        writer.write_tensor_data(plan.values(config))
    writer.close()


# ------------------------------------------------------------ what the model is


def _architecture(config: dict[str, Any]) -> str:
    if config["model_type"] not in {"llama", "qwen2"}:
        raise ValueError(f"no twin for {config['model_type']}")
    return str(config["model_type"])


def _rope_theta(config: dict[str, Any]) -> float:
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        raise ValueError(f"no twin for rotary positions of type {rope}")
    return float(rope.get("rope_theta", config.get("rope_theta", 10000.0)))


def _head_width(config: dict[str, Any]) -> int:
    return int(config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"])


def _describe(writer: gguf.GGUFWriter, config: dict[str, Any], weights: Twin) -> None:
    writer.add_name(f"twin-{config['model_type']}")
    writer.add_file_type(_FILE_TYPES[weights])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(_rope_theta(config))
    writer.add_rope_dimension_count(_head_width(config))
    writer.add_key_length(_head_width(config))
    writer.add_value_length(_head_width(config))
    writer.add_vocab_size(config["vocab_size"])


# ------------------------------------------------------------ tokenizer


def _add_tokenizer(writer: gguf.GGUFWriter, folder: Path, config: dict[str, Any]) -> None:
    data = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    if data["model"]["type"] != "BPE" or "ByteLevel" not in json.dumps(data["pre_tokenizer"]):
        raise ValueError("a twin needs a byte-level BPE tokenizer")
    tokens = [f"[PAD{number}]" for number in range(config["vocab_size"])]
    types = [gguf.TokenType.UNUSED] * len(tokens)
    for text, number in data["model"]["vocab"].items():
        tokens[number], types[number] = text, gguf.TokenType.NORMAL
    for added in data.get("added_tokens", []):
        tokens[added["id"]] = added["content"]
        types[added["id"]] = gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in data["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_cut(data["pre_tokenizer"]))
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    _add_special_ids(writer, folder, tokens)


def _cut(pre: dict[str, Any]) -> str:
    """Return llama.cpp's name for how the text is cut before the merges."""
    steps = pre["pretokenizers"] if pre["type"] == "Sequence" else [pre]
    kinds = [step["type"] for step in steps]
    if kinds == ["ByteLevel"] and steps[0].get("use_regex", True):
        return "gpt-2"
    if kinds == ["Digits", "ByteLevel"] and steps[0]["individual_digits"] and steps[1].get("use_regex", True):
        return "smollm"
    if kinds == ["Split", "ByteLevel"] and "(?i:'s|" in json.dumps(steps[0]["pattern"]):
        return "llama-bpe" if "{1,3}" in json.dumps(steps[0]["pattern"]) else "qwen2"
    raise ValueError(f"no twin for the pre-tokenizer {kinds}")


def _add_special_ids(writer: gguf.GGUFWriter, folder: Path, tokens: list[str]) -> None:
    settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    ids: dict[str, int] = {}
    for name in ("bos", "eos", "pad", "unk"):
        text = settings.get(f"{name}_token")
        text = text["content"] if isinstance(text, dict) else text
        if text in tokens:
            ids[name] = tokens.index(text)
    adders = {
        "bos": writer.add_bos_token_id,
        "eos": writer.add_eos_token_id,
        "pad": writer.add_pad_token_id,
        "unk": writer.add_unk_token_id,
    }
    for name, number in ids.items():
        adders[name](number)
    sample = Tokenizer.from_file(str(folder / "tokenizer.json")).encode("a").ids
    writer.add_add_bos_token(sample[0] == ids.get("bos", -1))
    writer.add_add_eos_token(sample[-1] == ids.get("eos", -1))
    template = folder / "chat_template.jinja"
    words = template.read_text(encoding="utf-8") if template.is_file() else settings.get("chat_template")
    if isinstance(words, str):
        writer.add_chat_template(words)


# ------------------------------------------------------------ weights


@dataclass(frozen=True)
class _Tensor:
    """One tensor of a safetensors file: its place is known, its bytes are not read yet."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    file: Path
    start: int

    def read(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        count = int(np.prod(self.shape, dtype=np.int64))
        stored = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}[self.dtype]
        raw = np.fromfile(self.file, dtype=stored, count=count, offset=self.start)
        if self.dtype == "BF16":
            raw = (raw.astype("<u4") << 16).view("<f4")
        return raw.astype(np.float32).reshape(self.shape)


@dataclass(frozen=True)
class _Plan:
    """Where a tensor comes from and how it will be stored."""

    tensor: _Tensor
    name: str
    kind: gguf.GGMLQuantizationType

    @property
    def stored_shape(self) -> tuple[int, ...]:
        if self.kind in {_QUANT.F32, _QUANT.F16}:
            return self.tensor.shape
        block, size = gguf.GGML_QUANT_SIZES[self.kind]
        return (*self.tensor.shape[:-1], self.tensor.shape[-1] // block * size)

    @property
    def stored_dtype(self) -> Any:
        return {_QUANT.F32: np.dtype(np.float32), _QUANT.F16: np.dtype(np.float16)}.get(
            self.kind, np.dtype(np.uint8)
        )

    @property
    def size_bytes(self) -> int:
        return int(np.prod(self.stored_shape, dtype=np.int64)) * int(self.stored_dtype.itemsize)

    def values(self, config: dict[str, Any]) -> np.ndarray[Any, Any]:
        values = self.tensor.read()
        if config["model_type"] == "llama" and ".attn_q." in self.name:
            values = _interleave(values, config["num_attention_heads"])
        if config["model_type"] == "llama" and ".attn_k." in self.name:
            values = _interleave(values, config["num_key_value_heads"])
        return gguf.quants.quantize(values, self.kind)


def _interleave(values: np.ndarray[Any, Any], heads: int) -> np.ndarray[Any, Any]:
    """Put row i and row i + half of each head side by side."""
    halves = values.reshape(heads, 2, -1, *values.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(values.shape)


def _tensors(folder: Path) -> Iterator[_Tensor]:
    for file in sorted(folder.glob("*.safetensors")):
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(length))
        for name, entry in header.items():
            if name != "__metadata__":
                start = 8 + length + entry["data_offsets"][0]
                yield _Tensor(name, entry["dtype"], tuple(entry["shape"]), file, start)


def _plan(tensor: _Tensor, config: dict[str, Any], weights: Twin) -> _Plan:
    name = _NAMES.get(tensor.name) or _layer_name(tensor.name)
    kind = _KINDS[weights]
    if name in {"token_embd.weight", "output.weight"} and weights == "Q4_0":
        kind = _QUANT.Q8_0  # as llama.cpp's own tool keeps the table of words finer than the rest
    if len(tensor.shape) == 1:
        kind = _QUANT.F32
    elif tensor.shape[-1] % gguf.GGML_QUANT_SIZES[kind][0]:
        kind = _QUANT.F16
    return _Plan(tensor, name, kind)


def _layer_name(name: str) -> str:
    stem, _, kind = name.removeprefix("model.layers.").rpartition(".")
    number, _, part = stem.partition(".")
    if part not in _LAYER_NAMES or not number.isdigit():
        raise ValueError(f"no twin for the tensor {name}")
    return f"blk.{number}.{_LAYER_NAMES[part]}.{kind}"


# ------------------------------------------------------------ damage


def header_bytes(data: bytes) -> int:
    """Return about how long the header is: where the last tensor is named."""
    return data.rfind(b".weight", 0, 1 << 22) + 64


def mutate_gguf(data: bytes, chance: random.Random) -> bytes:
    """Return a damaged copy of a GGUF file, in one of seven ways; most damage is in the header."""
    end = header_bytes(data)
    place = chance.randrange(4, end if chance.random() < 0.8 else len(data))
    kind = chance.randrange(7)
    if kind == 0:
        return data[: chance.randrange(len(data))]
    damaged = bytearray(data)
    if kind == 1:
        damaged[place] ^= 1 << chance.randrange(8)
    elif kind == 2:
        huge = chance.choice((1 << 63, (1 << 64) - 1, 1 << 40, 1 << 32, (1 << 31) - 1, 0))
        damaged[place : place + 8] = struct.pack("<Q", huge)
    elif kind == 3:
        damaged[place : place + 64] = bytes(64)
    elif kind == 4:
        damaged[place : place + 32] = chance.randbytes(32)
    elif kind == 5:
        del damaged[place : place + chance.randrange(1, 64)]
    else:
        damaged[8:24] = struct.pack("<QQ", chance.randrange(1 << 20), chance.randrange(1 << 20))
    return bytes(damaged)


def main() -> int:
    """Write one twin and print where."""
    folder, cache, weights = sys.argv[1:4]
    if weights not in _KINDS:
        raise SystemExit(f"weights: one of {', '.join(_KINDS)}")
    sys.stdout.write(f"{make_twin(Path(folder), Path(cache), weights)}\n")  # type: ignore[arg-type]
    return 0


if __name__ == "__main__":
    sys.exit(main())
