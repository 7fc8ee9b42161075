"""Walk over the bytes of one GGUF file: its named values, its lists, and where its tensors lie.

Every step is held against the file's real size, and no memory is taken because a number in the file asks
for it. Format: ggml-org/ggml docs/gguf.md, versions 2 and 3.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from studio.errors import InputError
from studio.phrases import phrase

MAX_COUNT = 100_000
MAX_TEXT_BYTES = 1_000_000
MAX_KEY_BYTES = 65_535
MAX_NAME_BYTES = 63
MAX_TEXTS = 3_000_000
"""In all lists of a file: 300,000 are usual, so many take less than a second."""

MAX_HEADER_BYTES = 64_000_000
"""What comes before the tensors: 20 MB with the largest vocabularies of 2026."""

BLOCKS: Mapping[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36), 10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8),
    28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
}  # fmt: skip
"""Name, values in a block and bytes of a block, by the number in the file (ggml's `ggml_type`)."""

_SCALARS = {
    kind: struct.Struct("<" + letter)
    for kind, letter in zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True)
}
_U32, _I32, _F32, STRING, _LIST, _U64 = 4, 5, 6, 8, 9, 10
_LENGTH = struct.Struct("<Q")
_READ_BYTES = 1 << 18
_MOST_LAYERS = 1024
_MOST_VALUES = 1 << 46

TOKENS, TYPES, SCORES = (f"tokenizer.ggml.{part}" for part in ("tokens", "token_type", "scores"))
ARCHITECTURE, NAME, TEMPLATE = "general.architecture", "general.name", "tokenizer.chat_template"
_KEPT_TEXTS = frozenset({ARCHITECTURE, NAME, TEMPLATE})
_KEPT_LISTS = (".attention.head_count", ".attention.head_count_kv")


# ------------------------------------------------------------ bytes


def damaged(detail: str) -> InputError:
    """Return the error of a file that is not what it says; `detail` is for the log."""
    return InputError(
        phrase("This model file is damaged."),
        kept=phrase("It was not opened."),
        next=phrase("Get the model again, or choose another one."),
        detail=f"GGUF header: {detail}",
    )


class Reader:
    """Walk over a file in small blocks; every step is held against the file's real size."""

    def __init__(self, file: BinaryIO, size: int, place: int = 0) -> None:
        self._file, self._size = file, size
        self._block, self._at, self._base = b"", 0, place
        self._texts_left = MAX_TEXTS
        file.seek(place)

    @property
    def place(self) -> int:
        """Return the offset of the next byte in the file."""
        return self._base + self._at

    def take(self, count: int) -> bytes:
        """Read so many bytes."""
        if self._at + count > len(self._block):
            self._fill(count)
        start = self._at
        self._at += count
        return self._block[start : self._at]

    def skip(self, count: int) -> None:
        """Step over `count` bytes without reading them."""
        self._check(count)
        if self._at + count <= len(self._block):
            self._at += count
        else:
            self._base, self._block, self._at = self.place + count, b"", 0
            self._file.seek(self._base)

    def scalar(self, kind: int) -> Any:
        """Read one number or truth value."""
        if kind not in _SCALARS:
            raise damaged(f"value of unknown type {kind} at {self.place}")
        form = _SCALARS[kind]
        return form.unpack(self.take(form.size))[0]

    def text(self, most: int) -> str:
        """Read one text of at most `most` bytes."""
        length = int.from_bytes(self.take(8), "little")
        if length > most:
            raise damaged(f"text of {length} bytes at {self.place}")
        try:
            return self.take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(f"text at {self.place} is not UTF-8") from error

    def begin_list(self) -> tuple[int, int]:
        """Read the type of a list's items and how many there are; they fit into the file."""
        kind, count = self.scalar(_U32), self.scalar(_U64)
        if kind == STRING and count <= self._texts_left:
            self._texts_left -= count
            self._check(8 * count)
        elif kind in _SCALARS and count <= MAX_HEADER_BYTES:
            self._check(_SCALARS[kind].size * count)
        else:
            raise damaged(f"list of {count} items of type {kind} at {self.place}")
        return kind, count

    def integers(self) -> tuple[int, ...]:
        """Read a list of 32-bit numbers."""
        kind, count = self.begin_list()
        if kind not in (_U32, _I32):
            raise damaged(f"list of type {kind} at {self.place}, not of whole numbers")
        return struct.unpack(f"<{count}{'I' if kind == _U32 else 'i'}", self.take(4 * count))

    def skip_texts(self, count: int) -> None:
        """Step over texts. A vocabulary has hundreds of thousands, so nothing is called in here."""
        block, at, unpack = self._block, self._at, _LENGTH.unpack_from
        for _ in range(count):
            if at + 8 > len(block):
                self._at = at
                self._fill(8)
                block, at = self._block, self._at
            (length,) = unpack(block, at)
            if length > MAX_TEXT_BYTES:
                raise damaged(f"text of {length} bytes in a list at {self._base + at}")
            at += 8 + length
            if at > len(block):
                self._at = at - length
                self.skip(length)
                block, at = self._block, self._at
        self._at = at

    def _check(self, count: int) -> None:
        end = self.place + count
        if end > self._size or end > MAX_HEADER_BYTES:
            raise damaged(f"{count} bytes announced at {self.place} of {self._size}")

    def _fill(self, count: int) -> None:
        self._check(count)
        self._base, self._block, self._at = self.place, self._block[self._at :], 0
        self._block += self._file.read(max(count - len(self._block), _READ_BYTES))
        if len(self._block) < count:
            raise damaged("the file became shorter while it was read")


# ------------------------------------------------------------ one file


@dataclass(frozen=True)
class Tensor:
    """Hold the place of one tensor; `sizes` begins with the length of a row."""

    sizes: tuple[int, ...]
    kind: int
    offset: int

    @property
    def values(self) -> int:
        """Return how many numbers it has."""
        return math.prod(self.sizes)

    @property
    def size_bytes(self) -> int:
        """Return how many bytes it takes in the file."""
        _, values, size_bytes = BLOCKS[self.kind]
        return self.values // values * size_bytes


@dataclass
class Part:
    """What one file says: its named values, its lists (type, length, place) and its tensors."""

    path: Path
    file_bytes: int
    values: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def number(self, key: str, limits: tuple[int, int], default: int = 0) -> int:
        """Return a whole number within limits; of a short list, the largest; `default` when there is none."""
        value = self.values.get(key)
        if value is None:
            return default
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, bool) or not isinstance(one, int) or not limits[0] <= one <= limits[1]:
                raise damaged(f"{key} is {value!r}")
        return int(max(value, default=default)) if isinstance(value, tuple) else int(value)

    def text(self, key: str) -> str | None:
        """Return one of the texts that are kept; None when there is none."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise damaged(f"{key} is not a text")
        return value


def read_part(path: Path) -> Part:
    """Read and check all of one file but the tensors' numbers; raises InputError and OSError."""
    size = path.stat().st_size
    part = Part(path, size)
    with path.open("rb") as file:
        reader = Reader(file, size)
        tensors, values = _begin(reader, size)
        for _ in range(values):
            _read_value(reader, part)
        for _ in range(tensors):
            _read_tensor(reader, part)
    _check_places(part, reader.place, size)
    _check_vocabulary(part)
    return part


def _begin(reader: Reader, size: int) -> tuple[int, int]:
    """Read magic, version and counts; return how many tensors and values follow."""
    magic = reader.take(min(4, size))
    if magic != b"GGUF":
        raise InputError(
            phrase("This is not a GGUF model, or it is damaged."),
            kept=phrase("It was not opened."),
            next=phrase("Get the model again, or choose another one."),
            detail=f"GGUF header: begins with {magic!r}, {size} bytes",
        )
    version = reader.scalar(_U32)
    if version not in (2, 3):
        raise InputError(
            phrase("This model file is of a sort that the studio cannot read."),
            kept=phrase("It was not opened."),
            next=phrase("Look for a newer copy of the model, or choose another one."),
            # one in the upper byte is a file for computers that write numbers the other way round
            detail=f"GGUF header: version {version:#x}",
        )
    tensors, values = reader.scalar(_U64), reader.scalar(_U64)
    if tensors > MAX_COUNT or values > MAX_COUNT:
        raise damaged(f"{tensors} tensors and {values} values announced")
    return tensors, values


def _read_value(reader: Reader, part: Part) -> None:
    key = reader.text(MAX_KEY_BYTES)
    if key in part.values or key in part.lists:
        raise damaged(f"{key[:80]!r} is there twice")
    kind = reader.scalar(_U32)
    if kind == _LIST:
        _read_list(reader, part, key)
    elif kind == STRING:
        text = reader.text(MAX_TEXT_BYTES)
        part.values[key] = text if key in _KEPT_TEXTS else ""
    else:
        value = reader.scalar(kind)
        if isinstance(value, float) and not math.isfinite(value):
            raise damaged(f"{key[:80]!r} is {value}")
        part.values[key] = value


def _read_list(reader: Reader, part: Part, key: str) -> None:
    """Keep where a list begins, and the numbers of one that counts the heads of each layer."""
    place = reader.place
    kind, count = reader.begin_list()
    part.lists[key] = (kind, count, place)
    if kind == STRING:
        reader.skip_texts(count)
    elif key.endswith(_KEPT_LISTS) and count <= _MOST_LAYERS:
        part.values[key] = tuple(reader.scalar(kind) for _ in range(count))
    else:
        reader.skip(_SCALARS[kind].size * count)


def _read_tensor(reader: Reader, part: Part) -> None:
    name = reader.text(MAX_NAME_BYTES)
    if name in part.tensors:
        raise damaged(f"tensor {name!r} is there twice")
    dimensions = reader.scalar(_U32)
    if not 1 <= dimensions <= 4:
        raise damaged(f"tensor {name!r} has {dimensions} dimensions")
    sizes = tuple(reader.scalar(_U64) for _ in range(dimensions))
    kind, offset = reader.scalar(_U32), reader.scalar(_U64)
    if kind not in BLOCKS:
        raise InputError(
            phrase("This model's numbers are packed in a way that the studio does not know."),
            kept=phrase("It was not opened."),
            next=phrase("Look for another copy of the model (Q4_0 or Q8_0), or choose another one."),
            detail=f"GGUF header: tensor {name!r} of type {kind}",
        )
    tensor = Tensor(sizes, kind, offset)
    if min(sizes) < 1 or tensor.values > _MOST_VALUES or sizes[0] % BLOCKS[kind][1]:
        raise damaged(f"tensor {name!r} has sizes {sizes} in type {BLOCKS[kind][0]}")
    part.tensors[name] = tensor


def _check_places(part: Part, header_end: int, size: int) -> None:
    """Hold the tensors' places against the file: one after another, none past the end."""
    alignment = part.number("general.alignment", (1, 1 << 20), 32)
    if alignment & (alignment - 1):
        raise damaged(f"alignment {alignment}")
    begin = -(-header_end // alignment) * alignment
    expected = 0
    for name, tensor in part.tensors.items():
        if tensor.offset != expected:
            raise damaged(f"tensor {name!r} lies at {tensor.offset}, not at {expected}")
        if begin + expected + tensor.size_bytes > size:
            raise InputError(
                phrase("This model file is not complete: its end is missing."),
                kept=phrase("It was not opened."),
                next=phrase("Get the model again."),
                detail=f"GGUF header: tensor {name!r} ends past the file's {size} bytes",
            )
        expected += -(-tensor.size_bytes // alignment) * alignment


def _check_vocabulary(part: Part) -> None:
    """Check the lists that belong to the tokens: native readers take their lengths on trust."""
    kinds = {TOKENS: (STRING,), TYPES: (_U32, _I32), SCORES: (_F32,), "tokenizer.ggml.merges": (STRING,)}
    for key, allowed in kinds.items():
        if key in part.values and key not in part.lists:
            raise damaged(f"{key} is no list")
        if key in part.lists and part.lists[key][0] not in allowed:
            raise damaged(f"{key} is a list of type {part.lists[key][0]}")
    tokens = part.lists.get(TOKENS, (STRING, 0, 0))[1]
    for key in (TYPES, SCORES):
        if key in part.lists and part.lists[key][1] != tokens:
            raise damaged(f"{key} has {part.lists[key][1]} items for {tokens} tokens")
