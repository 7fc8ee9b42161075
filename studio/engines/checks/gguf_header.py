"""What a GGUF file says about its model, checked before a native reader sees the file.

Pure Python: the window's process uses it to predict what a model needs, the child to refuse a damaged one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.engines.checks.gguf_reader import (
    ARCHITECTURE,
    BLOCKS,
    MAX_TEXT_BYTES,
    NAME,
    STRING,
    TEMPLATE,
    TOKENS,
    TYPES,
    Part,
    Reader,
    Tensor,
    damaged,
    read_part,
)
from studio.errors import InputError
from studio.phrases import phrase

MAX_PARTS = 999
RANKING = 4
"""The `pooling` of a model that puts texts in order."""

_CONTROL, _USER_DEFINED = 3, 4
_ARCHITECTURE_WORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LAYER = re.compile(r"blk\.(\d+)\.")
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)


@dataclass(frozen=True)
class GgufHeader:
    """Hold what a GGUF file says about its model; numbers that it does not say are 0.

    `cache_values` is how many numbers the cache keeps for one token of the context, `types` the bytes
    of tensors of each type. `matrix_parameters` are those of the layers' weights of two dimensions or
    more, `embedding_parameters` those of one table of the vocabulary; a `tied` model uses the table at
    both ends. `pooling` is set in models made for embeddings: 1 mean, 2 first token, 3 last token,
    4 ranking. A model that was split lists its files in `parts`; `file_bytes` are of all of them.
    """

    architecture: str
    name: str
    context: int
    layers: int
    hidden: int
    heads: int
    key_heads: int
    cache_values: int
    vocabulary: int
    parameters: int
    matrix_parameters: int
    embedding_parameters: int
    tied: bool
    tensor_bytes: int
    file_bytes: int
    types: Mapping[str, int]
    chat_template: str | None
    pooling: int | None
    causal: bool
    has_vision: bool
    start_id: int | None
    end_id: int | None
    parts: tuple[Path, ...]
    token_places: tuple[int, int]

    @property
    def quantisation(self) -> str:
        """Return the type that holds most of the tensors' bytes: "Q4_0"."""
        return max(self.types, key=lambda name: self.types[name], default="")


def read_gguf_header(path: Path) -> GgufHeader:
    """Return the checked header of a GGUF file, of all parts when the model was split.

    Raises InputError when it is damaged, cut short, too old or made for another kind of computer, and
    OSError when it cannot be read.
    """
    first = read_part(path)
    count = first.number("split.count", (0, MAX_PARTS))
    if count <= 1:
        return _summary([first])
    shard = _SHARD.search(path.name)
    if shard is None or int(shard[2]) != count:
        raise damaged(f"one of {count} parts, but the name is {path.name}")
    names = [f"{path.name[: shard.start()]}-{part:05d}-of-{count:05d}.gguf" for part in range(1, count + 1)]
    missing = [name for name in names if not path.with_name(name).is_file()]
    if missing:
        raise InputError(
            phrase("This model comes in {count} files, and not all of them are here.", count=count),
            next=phrase("Get the missing ones, or choose another model."),
            detail=f"missing: {', '.join(missing[:5])}",
        )
    return _summary([read_part(path.with_name(name)) for name in names])


def read_marks(header: GgufHeader) -> dict[int, str]:
    """Return the vocabulary's own marks, such as "<|im_end|>", by their token ids, in order."""
    tokens_at, types_at = header.token_places
    if not tokens_at or not types_at:
        return {}
    path = header.parts[0]
    size = path.stat().st_size
    marks = {}
    with path.open("rb") as file:
        types = Reader(file, size, types_at).integers()
        tokens = Reader(file, size, tokens_at)
        tokens.begin_list()
        for number, kind in enumerate(types):
            if kind in (_CONTROL, _USER_DEFINED):
                marks[number] = tokens.text(MAX_TEXT_BYTES)
            else:
                tokens.skip_texts(1)
    return {number: mark for number, mark in marks.items() if mark}


# ------------------------------------------------------------ the model


def _summary(parts: list[Part]) -> GgufHeader:
    first = parts[0]
    architecture = first.text(ARCHITECTURE)
    if architecture is None or not _ARCHITECTURE_WORD.fullmatch(architecture):
        raise damaged(f"architecture {architecture!r}")
    tensors = {name: tensor for part in parts for name, tensor in part.tensors.items()}
    if not tensors:
        raise InputError(
            phrase("There are no weights in this model file."),
            next=phrase("Get the whole model, or choose another one."),
            detail="GGUF header: 0 tensors",
        )

    def number(key: str, most: int, least: int = 0, default: int = 0) -> int:
        return first.number(f"{architecture}.{key}", (least, most), default)

    layers, hidden = number("block_count", 512), number("embedding_length", 65_536)
    _check_layers(tensors, layers)
    heads = number("attention.head_count", 4096)
    key_heads = number("attention.head_count_kv", 4096, default=heads)
    width = hidden // heads if heads else 0
    widths = (
        number("attention.key_length", 65_536, 1, width),
        number("attention.value_length", 65_536, 1, width),
    )
    per_layer = first.values.get(f"{architecture}.attention.head_count_kv")
    all_heads = sum(per_layer) if isinstance(per_layer, tuple) else key_heads * layers
    table = tensors.get("token_embd.weight")
    pooling = number("pooling_type", 4, default=-1)
    template = first.text(TEMPLATE)
    return GgufHeader(
        architecture=architecture,
        name=(first.text(NAME) or "")[:200],
        context=number("context_length", 1 << 27),
        layers=layers,
        hidden=hidden,
        heads=heads,
        key_heads=key_heads,
        cache_values=all_heads * sum(widths),
        vocabulary=first.lists.get(TOKENS, (STRING, 0, 0))[1],
        parameters=sum(tensor.values for tensor in tensors.values()),
        matrix_parameters=sum(
            tensor.values for name, tensor in tensors.items() if _LAYER.match(name) and len(tensor.sizes) > 1
        ),
        embedding_parameters=table.values if table else 0,
        tied="output.weight" not in tensors,
        tensor_bytes=sum(tensor.size_bytes for tensor in tensors.values()),
        file_bytes=sum(part.file_bytes for part in parts),
        types=_bytes_by_type(tensors.values()),
        chat_template=template if template and template.strip() else None,
        pooling=None if pooling < 1 else pooling,
        causal=first.values.get(f"{architecture}.attention.causal") is not False,
        has_vision=architecture == "clip" or any(key.startswith("clip.") for key in first.values),
        start_id=_mark_id(first, "bos"),
        end_id=_mark_id(first, "eos"),
        parts=tuple(part.path for part in parts),
        token_places=(first.lists.get(TOKENS, (0, 0, 0))[2], first.lists.get(TYPES, (0, 0, 0))[2]),
    )


def _check_layers(tensors: Iterable[str], layers: int) -> None:
    numbers = [int(match[1]) for match in map(_LAYER.match, tensors) if match]
    if numbers and max(numbers) >= layers:
        raise damaged(f"layer {max(numbers)} of {layers}")


def _bytes_by_type(tensors: Iterable[Tensor]) -> dict[str, int]:
    found: dict[str, int] = {}
    for tensor in tensors:
        name = BLOCKS[tensor.kind][0]
        found[name] = found.get(name, 0) + tensor.size_bytes
    return found


def _mark_id(part: Part, name: str) -> int | None:
    number = part.number(f"tokenizer.ggml.{name}_token_id", (-1, (1 << 32) - 1), -1)
    return number if 0 <= number < part.lists.get(TOKENS, (0, 0, 0))[1] else None
