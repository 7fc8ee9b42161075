"""What of this computer matters for a model: its processor, its memory, and how fast that is read."""

from __future__ import annotations

import hashlib
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Machine:
    """Hold one look at a computer; `free_bytes` changes all the time, the rest does not.

    `fingerprint` names the computer in what was measured on it; it says nothing about who owns it.
    """

    fingerprint: str
    processor: str
    cores: int
    memory_bytes: int
    free_bytes: int
    bandwidth_bytes_s: float = 0.0


def look(bandwidth_bytes_s: float = 0.0) -> Machine:
    """Look at this computer; 0 stands for a bandwidth that nobody measured."""
    memory = psutil.virtual_memory()
    processor, cores = _processor(), psutil.cpu_count(logical=False) or os.cpu_count() or 1
    # Rounded: the system takes a little more or less for itself after each start.
    parts = (platform.machine(), processor, str(cores), f"{memory.total / 2**30:.0f}")
    return Machine(
        fingerprint=hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16],
        processor=processor,
        cores=cores,
        memory_bytes=memory.total,
        free_bytes=memory.available,
        bandwidth_bytes_s=bandwidth_bytes_s,
    )


def _processor() -> str:
    """Return the processor's name as its maker wrote it; Python itself has none on Linux."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    except OSError:
        pass
    return platform.processor() or platform.machine()


__all__ = ["Machine", "look"]
