"""Tensors out of safetensors files, one at a time, with plain reads.

A memory-mapped file would be quicker to open, but its pages count as ours while they are touched, and a
file that is cut short under a map kills the process. A plain read fails with words.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import torch

from studio.errors import InputError
from studio.phrases import Phrase, phrase

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
LARGEST_HEADER_BYTES = 100_000_000
"""The format's own limit (safetensors README)."""

ROWS_AT_A_TIME_BYTES = 8 << 20
"""How much of a table is in memory as floats while it is packed."""


@dataclass(frozen=True)
class _Place:
    file: Path
    dtype: torch.dtype | None  # None: a type that no model of ours has
    shape: tuple[int, ...]
    begin: int


def bad_files(why: Phrase, detail: str) -> InputError:
    """Return the error for files that cannot be used."""
    return InputError(
        why,
        kept=phrase("Nothing was changed."),
        next=phrase("Get the model again, or choose another one."),
        detail=detail,
    )


class WeightFiles:
    """Know where each tensor of a folder lies, and read it."""

    def __init__(self, folder: Path) -> None:
        self._places: dict[str, _Place] = {}
        try:
            for file in _files(folder):
                self._places |= _read_header(file)
        except OSError as error:
            raise bad_files(phrase("The model's files cannot be read."), str(error)) from error

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def check(self, wanted: Mapping[str, tuple[int, ...]]) -> None:
        """Raise InputError unless every wanted tensor is here in the wanted shape."""
        for name, shape in wanted.items():
            place = self._places.get(name)
            if place is None:
                raise bad_files(phrase("A part of this model is missing: {name}.", name=name), name)
            if place.shape != shape:
                why = phrase("A part of this model has the wrong size: {name}.", name=name)
                raise bad_files(why, f"{name} is {place.shape}, not {shape}")
            if place.dtype is None:
                why = phrase(
                    "A part of this model is stored in a way that cannot be read here: {name}.", name=name
                )
                raise bad_files(why, name)

    def read(self, name: str, rows: slice | None = None) -> torch.Tensor:
        """Return one tensor, or some rows of it, in the type that it is stored in."""
        place = self._places[name]
        assert place.dtype is not None, "check() came first"  # noqa: S101
        width = math.prod(place.shape[1:])
        begin, end, _ = (rows or slice(None)).indices(place.shape[0])
        values = torch.empty((end - begin, *place.shape[1:]), dtype=place.dtype)
        into = values.view(torch.uint8).numpy().data.cast("B") if values.numel() else memoryview(b"")
        try:
            with place.file.open("rb", buffering=0) as file:
                file.seek(place.begin + begin * width * place.dtype.itemsize)
                _fill(file, into)
        except OSError as error:
            raise bad_files(phrase("The model's files cannot be read."), str(error)) from error
        return values

    def read_floats(self, name: str, rows: slice | None = None) -> torch.Tensor:
        """Return the same as float32; raise InputError when a number in it is none."""
        values = self.read(name, rows).float()
        if not math.isfinite(float(values.sum())) and not bool(values.isfinite().all()):
            why = phrase("A part of this model holds numbers that are none: {name}.", name=name)
            raise bad_files(why, f"{name} has NaN or infinity")
        return values

    def read_by_rows(self, name: str) -> Iterator[tuple[slice, torch.Tensor]]:
        """Yield a large table piece by piece, each with the rows that it is, as float32."""
        count, width = self._places[name].shape
        step = max(1, ROWS_AT_A_TIME_BYTES // (4 * width))
        for begin in range(0, count, step):
            rows = slice(begin, min(count, begin + step))
            yield rows, self.read_floats(name, rows)

    def same(self, one: str, other: str) -> bool:
        """Tell whether two tensors hold the same bytes."""
        first, second = self._places[one], self._places[other]
        if (first.dtype, first.shape) != (second.dtype, second.shape):
            return False
        step = max(1, ROWS_AT_A_TIME_BYTES // (4 * math.prod(first.shape[1:])))
        pieces = (slice(begin, begin + step) for begin in range(0, first.shape[0], step))
        return all(torch.equal(self.read(one, rows), self.read(other, rows)) for rows in pieces)


def _fill(file: BinaryIO, into: memoryview) -> None:
    done = 0
    while done < len(into):
        count = file.readinto(into[done:])  # type: ignore[attr-defined]
        if not count:
            raise bad_files(
                phrase("A file of this model ends too early."), f"{file.name}: {done} of {len(into)}"
            )
        done += count


def _files(folder: Path) -> list[Path]:
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        single = folder / "model.safetensors"
        if not single.is_file():
            raise bad_files(phrase("This folder has no model weights in it."), str(single))
        return [single]
    try:
        names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise bad_files(phrase("The list of this model's files is damaged."), str(error)) from error
    if not all(isinstance(name, str) and Path(name).name == name for name in names):
        raise bad_files(
            phrase("The list of this model's files is damaged."), repr(sorted(map(str, names))[:3])
        )
    return [folder / name for name in sorted(names)]


def _read_header(file: Path) -> dict[str, _Place]:
    """Return where the tensors lie: 8 bytes of length, JSON, then the data (safetensors README)."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        size = file.stat().st_size
        if not 2 <= length <= min(LARGEST_HEADER_BYTES, size - 8):
            raise _damaged(file, f"header of {length} bytes")
        text = opened.read(length)
    try:
        header = json.loads(text)
        header.pop("__metadata__", None)
        return {name: _place(file, entry, 8 + length, size) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(file, repr(error)) from error


def _place(file: Path, entry: Mapping[str, Any], data: int, size: int) -> _Place:
    shape = tuple(entry["shape"])
    begin, end = entry["data_offsets"]
    if not all(type(number) is int and number >= 0 for number in (*shape, begin, end)):
        raise ValueError("sizes that are none")
    dtype = DTYPES.get(entry["dtype"])
    if data + end > size or end < begin or (dtype and end - begin != math.prod(shape) * dtype.itemsize):
        raise ValueError("sizes that do not fit")
    return _Place(file, dtype, shape, data + begin)


def _damaged(file: Path, detail: str) -> InputError:
    return bad_files(phrase("A file of this model is damaged: {file}.", file=file.name), detail)
