"""How fast this computer reads its memory: a model on the processor writes about as fast as it is read.

Two threads add up numbers that lie in memory, more of them than any cache holds. numpy lets other
threads run meanwhile, and works in small blocks, so that a window stays awake.
"""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import psutil

MEASURE_S = 0.25
_BUSY_PERCENT = 30.0
_BLOCK_BYTES = 4 << 20
_ALL_BYTES = 192 << 20
"""More than the last cache of a desktop processor; a bigger one would flatter the figure."""


def is_quiet() -> bool:
    """Tell whether other programs leave the processor alone (a twentieth of a second's look)."""
    return float(psutil.cpu_percent(interval=0.05)) < _BUSY_PERCENT


def measure_bandwidth(seconds: float = MEASURE_S) -> float:
    """Return how many bytes per second two threads (one on a single core) read from memory.

    Takes `seconds` and a little more to fill the memory. Of all rounds through the memory the upper
    quartile counts: other programs make some slower, nothing makes one faster.
    """
    count = min(2, os.cpu_count() or 1)
    speeds: list[float] = []
    begin = threading.Barrier(count)
    readers = [
        threading.Thread(target=_read, args=(count, begin, seconds, speeds), name=f"bandwidth-{number}")
        for number in range(count)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    speeds.sort()
    return speeds[len(speeds) * 3 // 4] * count


def _read(readers: int, begin: threading.Barrier, seconds: float, speeds: list[float]) -> None:
    """Read one share of the memory again and again; note the bytes per second of each round."""
    blocks = [
        np.full(_BLOCK_BYTES // 4, 1.0, dtype=np.float32)
        for _ in range(_ALL_BYTES // _BLOCK_BYTES // readers)
    ]
    begin.wait()
    end = time.perf_counter() + seconds
    while True:
        begun = time.perf_counter()
        for block in blocks:
            np.dot(block, block)
        now = time.perf_counter()
        speeds.append(len(blocks) * _BLOCK_BYTES / (now - begun))
        if now > end:
            return


__all__ = ["MEASURE_S", "is_quiet", "measure_bandwidth"]
