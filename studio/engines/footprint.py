"""What a process holds: its private memory, and whether the system had to kill for want of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_KIB = 1024


def private_bytes(pid: int) -> int:
    """Return the memory that only process `pid` holds, swapped or not; 0 when it has gone.

    Pages of a mapped file do not count: the system takes them back when it needs them.
    """
    return _private_on_linux(pid) if sys.platform == "linux" else _private_elsewhere(pid)


def _private_on_linux(pid: int) -> int:
    # Counting page by page (smaps, psutil's uss) takes 20 ms for 2 GB; these sums are kept by the kernel.
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    names = ("RssAnon:", "RssShmem:", "VmSwap:")
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith(names))


def _private_elsewhere(pid: int) -> int:
    import psutil  # noqa: PLC0415 - 35 ms that a child on Linux need not spend

    try:
        process = psutil.Process(pid)
        if hasattr(process.memory_info(), "private"):  # Windows
            return int(process.memory_info().private)
        try:
            return int(process.memory_full_info().uss)
        except psutil.AccessDenied:
            return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def own_private_bytes() -> int:
    """Return the private memory of this process."""
    return private_bytes(os.getpid())


def out_of_memory_kills() -> int:
    """Return how often Linux has killed a process for want of memory since it started; 0 elsewhere."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def in_words(size_bytes: int) -> str:
    """Return a size as people write it: "840 MB", "2.4 GB"."""
    if size_bytes < 1_000_000_000:
        return f"{max(1, round(size_bytes / 1_000_000))} MB"
    return f"{size_bytes / 1_000_000_000:.1f} GB"
