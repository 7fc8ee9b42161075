"""Matrices in the forms that torch multiplies quickly on a CPU, each with the ways it can be multiplied.

Which way is quickest depends on the machine and on the number of rows, so each form offers several and
`studio.engines.adapters.loop.calibration` measures. All take and give float32.

Whole-number products need whole-number inputs. Rounding an activation to 8 bits would cost quality, so
it is split into two bytes, high and low, which go through the same product as two rows: 16 bits in all,
finer than bfloat16.

Many rows are worth unpacking a matrix for, into one buffer that all share: to bfloat16 where the processor
multiplies these faster, else to float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Protocol

import torch
from torch.nn.functional import linear

from studio.engines.adapters.loop.clock import clock_s, least_s
from studio.engines.adapters.loop.quantise import GROUP, Codes4, Codes8, to_8_bits

Way = Callable[[torch.Tensor], torch.Tensor]

_REACH = 32_600.0
"""Largest magnitude of a split activation; a little below 2 ** 15, as the low byte is centred."""

_MIDDLE = torch.tensor(32_768.0 + 128.0 + 0.5)  # both bytes are cut around 128; the half rounds
_SIGNS = torch.tensor(0x8080, dtype=torch.int32)  # flips the highest bit of both: 128 becomes 0
_REACHES = torch.tensor(_REACH)
_TINY = torch.tensor(1e-30)
_FEW_ROWS = 4
_VECTOR = 32
_WORTH_UNPACKING = 16
"""From so many rows on it is tried whether unpacking a matrix pays."""

_CACHED_NUMBERS = 1 << 19
"""4-bit weights that are unpacked at a time: what lies between stays in the processor's cache."""


class Matrix(Protocol):
    """Be a matrix [rows, columns] that activations [any, columns] are multiplied with."""

    rows: int
    columns: int
    size_bytes: int
    copy_bytes: int
    choice: list[str]

    def ways(self, count: int) -> Mapping[str, Way]:
        """Return the ways of multiplying so many rows that are worth trying, by name."""
        ...

    def times(self, x: torch.Tensor) -> torch.Tensor:
        """Return x times the transposed matrix, the way that `choice` names for so many rows."""
        ...

    def dequantised(self) -> torch.Tensor:
        """Return the weights as float32 [rows, columns]."""
        ...


class _Base:
    """Hold what all forms share. `choice[n]` names the way for n rows; its last entry is for all beyond."""

    def __init__(self, rows: int, columns: int, size_bytes: int, first: str) -> None:
        self.rows, self.columns, self.size_bytes = rows, columns, size_bytes
        self.copy_bytes = 0
        self.choice = [first]

    def times(self, x: torch.Tensor) -> torch.Tensor:
        choice = self.choice
        way: torch.Tensor = getattr(self, choice[min(len(x), len(choice) - 1)])(x)
        return way


class Scratch:
    """Lend one buffer to whoever unpacks a matrix next; it grows to the largest."""

    def __init__(self) -> None:
        self._buffer = torch.empty(0, dtype=torch.uint8)

    def take(self, rows: int, columns: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Return [rows, columns], holding anything."""
        size = rows * columns * dtype.itemsize
        if self._buffer.numel() < size:
            self._buffer = torch.empty(0, dtype=torch.uint8)
            self._buffer = torch.empty(size, dtype=torch.uint8)
        return self._buffer[:size].view(dtype).view(rows, columns)

    @property
    def size_bytes(self) -> int:
        """Return how large it has become."""
        return self._buffer.nbytes


# ------------------------------------------------------------ floats


class Floats(_Base):
    """Keep float32 or bfloat16 weights; without `scratch` they are never unpacked."""

    def __init__(self, weights: torch.Tensor, scratch: Scratch | None) -> None:
        rows, columns = weights.shape
        super().__init__(rows, columns, weights.nbytes, "straight")
        self._weights, self._scratch = weights, scratch

    def ways(self, count: int) -> Mapping[str, Way]:
        """Return "unpacked" only for bfloat16 weights with a scratch buffer."""
        ways: dict[str, Way] = {"straight": self.straight}
        if self._weights.dtype == torch.float32 or self._scratch is None:
            return ways
        return ways | {"unpacked": self.unpacked}

    def straight(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply in the type of the weights."""
        return linear(x.to(self._weights.dtype), self._weights).float()

    def unpacked(self, x: torch.Tensor) -> torch.Tensor:
        """Widen the weights first: quicker for many rows where the machine has no bfloat16 products."""
        assert self._scratch is not None, "not among the ways"  # noqa: S101
        return linear(x, self._scratch.take(self.rows, self.columns).copy_(self._weights))

    def look_up(self, places: torch.Tensor) -> torch.Tensor:
        """Return float32 [places, columns], some of the rows, as a copy."""
        return self._weights[places].float()

    def dequantised(self) -> torch.Tensor:
        """Return the weights as float32 [rows, columns]."""
        return self._weights.float()


# ------------------------------------------------------------ 8 bits


class Int8Rows(_Base):
    """Keep 8-bit codes row by row; rows can be looked up.

    Without `scratch` (a table of all tokens is too large) they are never unpacked.
    """

    def __init__(self, codes: Codes8, scratch: Scratch | None) -> None:
        rows, columns = codes.codes.shape
        super().__init__(rows, columns, codes.codes.nbytes + codes.scales.nbytes, "")
        self._codes, self._scratch = codes, scratch
        # torch's mixed kernel reads past the end of a row that its vectors do not divide (it crashed with 72 columns)
        self._packs = self.columns % _VECTOR == 0
        self.choice = ["packed" if self._packs else "bytes" if bytes_multiply() else "widened"]
        self._turned = codes.codes.t()
        self._scales = codes.scales.float()

    def ways(self, count: int) -> Mapping[str, Way]:
        """Return what this machine can do: bytes where they are exact, unpacking with a scratch buffer."""
        ways: dict[str, Way] = {"packed": self.packed} if self._packs else {}
        if bytes_multiply():
            ways["bytes"] = self.bytes
            if count == 1:
                ways["apart"] = self.apart
        if self._scratch is not None and (count >= _WORTH_UNPACKING or not ways):
            ways["unpacked"] = self.unpacked
            if halves_are_faster():
                ways["halved"] = self.halved
        return ways or {"widened": self.widened}

    def packed(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply bfloat16 activations with the codes; made for one row or a few."""
        mixed = torch.ops.aten._weight_int8pack_mm(x.bfloat16(), self._codes.codes, self._codes.scales)
        return mixed.float()  # type: ignore[no-any-return]

    def bytes(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply low and high bytes of the activations in whole numbers, and add both."""
        count = len(x)
        halves, worth = split_bytes(x)
        both = torch._int_mm(halves, self._turned).float()
        return torch.add(both[:count], both[count:], alpha=256).mul_(worth).mul_(self._scales)

    def apart(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply the low bytes of one row, then the high ones: some processors have a kernel for single rows."""
        halves, worth = split_bytes(x)
        low, high = (torch._int_mm(half, self._turned).float() for half in (halves[:1], halves[1:]))
        return torch.add(low, high, alpha=256).mul_(worth).mul_(self._scales)

    def widened(self, x: torch.Tensor) -> torch.Tensor:
        """Widen the codes to float32 in memory of their own: always right, never quick."""
        return linear(x, self._codes.codes.float()).mul_(self._scales)

    def unpacked(self, x: torch.Tensor) -> torch.Tensor:
        """Widen the codes to float32 and multiply these."""
        assert self._scratch is not None, "not among the ways"  # noqa: S101
        wide = self._scratch.take(self.rows, self.columns).copy_(self._codes.codes)
        return linear(x, wide).mul_(self._scales)

    def halved(self, x: torch.Tensor) -> torch.Tensor:
        """Widen the codes to bfloat16, which holds them exactly, and multiply these with activations rounded to it."""
        assert self._scratch is not None, "not among the ways"  # noqa: S101
        wide = self._scratch.take(self.rows, self.columns, torch.bfloat16).copy_(self._codes.codes)
        return linear(x.bfloat16(), wide).float().mul_(self._scales)

    def look_up(self, places: torch.Tensor) -> torch.Tensor:
        """Return float32 [places, columns], some of the rows."""
        return self._codes.codes[places].float().mul_(self._scales[places, None])

    def dequantised(self) -> torch.Tensor:
        """Return the weights as float32 [rows, columns]."""
        return self._codes.floats()


def split_bytes(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return int8 [2 * rows, columns], low bytes then high ones, and float32 [rows, 1], the worth of 1.

    x is (low + 256 * high) * worth, to within worth / 2; the worth is the row's largest number over 32,600.
    """
    rows, columns = x.shape
    reach = x.abs().amax(1, keepdim=True).maximum(_TINY)
    whole = torch.addcmul(_MIDDLE, x, _REACHES / reach).to(torch.int32).bitwise_xor_(_SIGNS)
    worth = reach / _REACHES
    if rows <= _FEW_ROWS:  # fewer calls; for many rows moving single bytes would take longer
        halves = whole.view(torch.int8).view(rows, columns, 4)[:, :, :2].permute(2, 0, 1)
        return halves.reshape(2 * rows, columns), worth
    split = torch.empty(2 * rows, columns, dtype=torch.int8)
    split[:rows].copy_(whole)
    split[rows:].copy_(whole.bitwise_right_shift_(8))
    return split, worth


@cache
def bytes_multiply() -> bool:
    """Tell whether this machine multiplies bytes exactly, largest values included.

    Some processors add two products in 16 bits and cut what does not fit; some builds of torch lack the call.
    """
    codes = torch.full((64, 256), 127, dtype=torch.int8)
    codes[::2] = -127
    halves = torch.full((4, 256), -128, dtype=torch.int8)
    halves[1::2] = 127
    exact = linear(halves.float(), codes.float())
    try:
        both = [torch._int_mm(part, codes.t()).float() for part in (halves, halves[:1], halves[1:2])]
    except (RuntimeError, AttributeError, NotImplementedError):
        return False
    wanted = (exact, exact[:1], exact[1:2])
    return all(torch.equal(got, want) for got, want in zip(both, wanted, strict=True))


@cache
def halves_are_faster() -> bool:
    """Tell whether this machine multiplies bfloat16 clearly faster than float32, by trying a small product.

    Where no unit for it is there, torch may take a path that is a hundred times slower.
    """
    x, weights = torch.ones(64, 512), torch.ones(512, 512)

    def product(dtype: torch.dtype) -> Callable[[], object]:
        first, second = x.to(dtype), weights.to(dtype)
        return lambda: linear(first, second)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # in a thread's own time: other programs would make it a matter of chance
    halves_s, floats_s = least_s([product(torch.bfloat16), product(torch.float32)], tries=8, clock_s=clock_s)
    torch.set_num_threads(threads)
    return halves_s < 0.8 * floats_s


# ------------------------------------------------------------ 4 bits


class Int4Groups(_Base):
    """Keep 4-bit codes in the order of torch's own kernel."""

    def __init__(self, codes: Codes4, scratch: Scratch) -> None:
        packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu(codes.codes.int(), 1)
        # the kernel reads scale and zero side by side, group after group: [groups, rows, 2]
        pairs = torch.stack([codes.scales.t(), codes.zeros.t()], dim=2).contiguous()
        rows, columns = codes.codes.shape
        super().__init__(rows, columns, packed.nbytes + pairs.nbytes, "packed")
        self._packed, self._pairs, self._scratch = packed, pairs, scratch

    def ways(self, count: int) -> Mapping[str, Way]:
        """Return ways that unpack only where the order of the codes is known."""
        ways: dict[str, Way] = {"packed": self.packed}
        if not self._block or count < _WORTH_UNPACKING:
            return ways
        return ways | ({"halved": self.halved} if halves_are_faster() else {"unpacked": self.unpacked})

    @property
    def _block(self) -> int:
        block = int4_block()
        return block if block and self.rows % block == 0 else 0

    def packed(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply bfloat16 activations with the codes; made for one row or a few."""
        mixed = torch.ops.aten._weight_int4pack_mm_for_cpu(x.bfloat16(), self._packed, GROUP, self._pairs)
        return mixed.float()  # type: ignore[no-any-return]

    def unpacked(self, x: torch.Tensor) -> torch.Tensor:
        """Widen the codes to float32 and multiply these."""
        return torch.mm(x, self._wide(torch.float32))

    def halved(self, x: torch.Tensor) -> torch.Tensor:
        """Widen the codes to bfloat16 and multiply these, as the kernel for few rows does one by one."""
        return torch.mm(x.bfloat16(), self._wide(torch.bfloat16)).float()

    def _wide(self, dtype: torch.dtype) -> torch.Tensor:
        """Return the weights [columns, rows] in the scratch buffer."""
        wide = self._scratch.take(self.columns, self.rows, dtype)
        block, groups = self._block, self.columns // GROUP
        half = block // 2
        codes = self._packed.view(-1, self.columns, half)
        into = wide.view(self.columns, -1, block).transpose(0, 1)
        scales, zeros = self._pairs.float().view(groups, -1, block, 2).transpose(0, 1).unbind(3)
        zeros = (zeros - 8 * scales)[:, :, None]
        step = max(1, _CACHED_NUMBERS // (self.columns * block))
        desk = torch.empty(min(step, len(codes)), self.columns, block)
        for begin in range(0, len(codes), step):
            part = slice(begin, begin + step)
            some = desk[: len(codes[part])]
            some[..., :half].copy_(codes[part] & 15)
            some[..., half:].copy_(codes[part] >> 4)
            grouped = some.view(-1, groups, GROUP, block)
            torch.addcmul(zeros[part], grouped, scales[part, :, None], out=grouped)
            into[part].copy_(some)
        return wide

    def dequantised(self) -> torch.Tensor:
        """Return the weights as float32 [rows, columns], as the kernel rounds them where it must be asked."""
        if self._block:
            return self._wide(torch.float32).t().contiguous()
        # no known order of the codes: ask the kernel for one column after the other
        return self.packed(torch.eye(self.columns)).t().contiguous()


class Int4Copied(_Base):
    """Keep 4-bit codes for few rows, and the same weights in 8 bits for many: twice and a half the memory.

    8-bit products cost little more for many rows than for one. What rounding to 8 bits adds is a hundredth of what
    rounding to 4 bits has taken.
    """

    def __init__(self, codes: Codes4, scratch: Scratch) -> None:
        self._few = Int4Groups(codes, scratch)
        self._many = Int8Rows(to_8_bits(codes.floats()), scratch)
        super().__init__(self._few.rows, self._few.columns, self._few.size_bytes, "packed")
        self.copy_bytes = self._many.size_bytes
        self.packed = self._few.packed
        self.bytes, self.unpacked, self.halved = self._many.bytes, self._many.unpacked, self._many.halved

    def ways(self, count: int) -> Mapping[str, Way]:
        """Return the ways of both forms; for one row those of the 4 bits."""
        many = {name: way for name, way in self._many.ways(count).items() if name not in ("packed", "apart")}
        return {"packed": self._few.packed} | (many if count > 1 else {})

    def dequantised(self) -> torch.Tensor:
        """Return the 4-bit weights as float32 [rows, columns]."""
        return self._few.dequantised()


@cache
def int4_block() -> int:
    """Return how many rows of codes torch packs together here, 0 when the order is none that is known.

    In a block, byte j of a column holds row j in its low half and row j + block / 2 in its high half.
    """
    rows, columns = 384, GROUP
    codes = torch.arange(rows * columns).mul(2_654_435_761).bitwise_right_shift(7).remainder(16).int()
    codes = codes.view(rows, columns)
    packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu(codes, 1).flatten()
    for block in (64, 32, 16, 128):
        halves = packed.view(-1, columns, block // 2)
        unpacked = torch.cat([halves & 15, halves >> 4], dim=2).transpose(1, 2).reshape(rows, columns)
        if torch.equal(unpacked.int(), codes):
            return block
    return 0


def fits_int4(rows: int, columns: int) -> bool:
    """Tell whether torch's 4-bit kernel takes a matrix of this size."""
    return rows % 16 == 0 and columns % GROUP == 0
