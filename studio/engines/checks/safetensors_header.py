"""What safetensors files say about their tensors, checked before anything native reads them.

Pure Python, and only the headers are read: the window's process uses it to predict what a model needs,
the child to refuse what is damaged. Format: huggingface/safetensors README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from studio.engines.checks.files import (
    damaged,
    is_plain_name,
    parse_json,
    plain_file,
    read_exactly,
    read_json,
)
from studio.errors import InputError
from studio.phrases import phrase

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
MAX_HEADER_BYTES = 32_000_000
"""The format allows 100 MB; a hundred thousand tensors need 13."""

MAX_TENSORS = 100_000
MAX_SHARDS = 1000
MAX_DIMENSIONS = 16
_MAX_NAME_CHARACTERS = 512

BITS: Mapping[str, int] = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64,
    "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F4": 4, "F6_E2M3": 6,
    "F6_E3M2": 6, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64,
}  # fmt: skip
"""Bits of one number, by the type's name in the file."""


class Tensor(NamedTuple):
    """Hold what a header says about one tensor."""

    dtype: str
    shape: tuple[int, ...]
    size_bytes: int


@dataclass(frozen=True)
class SafetensorsHeader:
    """Hold the tensors of a model, from all its files; `size_bytes` are of the tensors alone."""

    tensors: Mapping[str, Tensor]
    files: tuple[Path, ...]
    parameters: int
    size_bytes: int
    file_bytes: int

    @property
    def dtype(self) -> str:
        """Return the type that holds most of the bytes: "BF16"."""
        totals: dict[str, int] = {}
        for tensor in self.tensors.values():
            totals[tensor.dtype] = totals.get(tensor.dtype, 0) + tensor.size_bytes
        return max(totals, key=lambda name: totals[name])

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the tensors' shapes by their names."""
        return {name: tensor.shape for name, tensor in self.tensors.items()}


def read_safetensors(folder: Path) -> SafetensorsHeader:
    """Return the checked headers of the model in a folder: `model.safetensors`, or the shards of its index.

    Raises InputError when a file is missing, damaged, cut short, or lies outside the folder.
    """
    places = _index(folder)
    if places is None:
        return read_files([plain_file(folder, SINGLE)])
    names = sorted(set(places.values()))
    missing = [name for name in names if is_plain_name(name) and not (folder / name).exists()]
    if missing:
        raise InputError(
            phrase("This model comes in {count} files, and not all of them are here.", count=len(names)),
            next=phrase("Get the missing ones, or choose another model."),
            detail=f"missing: {', '.join(missing[:5])}",
        )
    header = read_files([plain_file(folder, name) for name in names], places)
    lost = [name for name in places if name not in header.tensors]
    if lost:
        raise damaged(INDEX, f"{len(lost)} tensors are in no file, {lost[0][:80]!r} for one")
    return header


def read_files(files: Iterable[Path], places: Mapping[str, str] | None = None) -> SafetensorsHeader:
    """Return the checked headers of safetensors files together; `places` says which file each tensor is in."""
    tensors: dict[str, Tensor] = {}
    paths, file_bytes = tuple(files), 0
    for path in paths:
        found, size = _read_file(path)
        file_bytes += size
        twice = found.keys() & tensors.keys()
        if twice:
            raise damaged(path.name, f"{len(twice)} tensors are in two files")
        if places and any(places.get(name, path.name) != path.name for name in found):
            raise damaged(path.name, "a tensor is in another file than the index says")
        tensors.update(found)
    if not tensors:
        raise InputError(
            phrase("There are no weights in this model's files."),
            next=phrase("Get the whole model, or choose another one."),
            detail="safetensors header: 0 tensors",
        )
    return SafetensorsHeader(
        tensors=tensors,
        files=paths,
        parameters=sum(math.prod(tensor.shape) for tensor in tensors.values()),
        size_bytes=sum(tensor.size_bytes for tensor in tensors.values()),
        file_bytes=file_bytes,
    )


def _index(folder: Path) -> dict[str, str] | None:
    """Return which file each tensor is in; None for a model in one file."""
    if (folder / SINGLE).exists() or not (folder / INDEX).exists():
        return None
    places = read_json(plain_file(folder, INDEX), limit_bytes=MAX_HEADER_BYTES).get("weight_map")
    if not isinstance(places, dict) or not 1 <= len(places) <= MAX_TENSORS:
        raise damaged(INDEX, "no weight_map")
    for name in places.values():
        if not isinstance(name, str) or not name.endswith(".safetensors") or not is_plain_name(name):
            raise damaged(INDEX, f"{str(name)[:80]!r} is not the name of a file in this folder")
    if len(set(places.values())) > MAX_SHARDS:
        raise damaged(INDEX, "too many files")
    return places


def _read_file(path: Path) -> tuple[dict[str, Tensor], int]:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            length = int.from_bytes(read_exactly(file, 8), "little")
            if not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
                raise ValueError(f"a header of {length} bytes in a file of {size}")
            content = read_exactly(file, length)
    except (OSError, ValueError) as error:
        raise damaged(path.name, repr(error)) from error
    header = parse_json(content, path.name)
    _check_metadata(header.pop("__metadata__", None), path.name)
    if len(header) > MAX_TENSORS:
        raise damaged(path.name, f"{len(header)} tensors")
    return _tensors(header, size - 8 - length, path.name), size


def _tensors(header: Mapping[str, Any], data_bytes: int, file: str) -> dict[str, Tensor]:
    """Return the tensors; together they fill the data without a gap and without lying on each other."""
    found: dict[str, Tensor] = {}
    spans: list[tuple[int, int]] = []
    for name, entry in header.items():
        try:
            found[name], span = _tensor(name, entry)
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(file, f"tensor {name[:80]!r}: {error!r}"[:300]) from error
        spans.append(span)
    place = 0
    for begin, end in sorted(spans):
        if begin != place:
            raise damaged(file, f"a tensor begins at {begin}, not at {place}")
        place = end
    if place != data_bytes:
        raise damaged(file, f"tensors fill {place} of {data_bytes} bytes")
    return found


def _tensor(name: str, entry: Any) -> tuple[Tensor, tuple[int, int]]:
    if not 0 < len(name) <= _MAX_NAME_CHARACTERS or not isinstance(entry, dict):
        raise ValueError("not an entry for a tensor")
    if entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise ValueError("an entry with other keys than a tensor's")
    shape, (begin, end) = entry["shape"], entry["data_offsets"]
    if len(shape) > MAX_DIMENSIONS or any(type(number) is not int for number in (*shape, begin, end)):
        raise ValueError("sizes that are no whole numbers")
    if begin < 0 or any(number < 1 for number in shape):
        raise ValueError("a size below one")
    bits = math.prod(shape) * BITS[entry["dtype"]]
    if bits % 8 or end - begin != bits // 8:
        raise ValueError(f"{end - begin} bytes for {entry['dtype']} {shape}")
    return Tensor(entry["dtype"], tuple(shape), end - begin), (begin, end)


def _check_metadata(metadata: Any, file: str) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise damaged(file, "__metadata__ is not made of texts")
