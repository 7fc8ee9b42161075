"""How many threads compute: one place for both local engines."""

from __future__ import annotations

import os

import psutil

VARIABLE = "OMP_NUM_THREADS"
"""Where people say how many threads a program may compute with."""


def default_threads() -> int:
    """Return what the environment says, else the real cores, one less from four on, for the window."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    return cores - 1 if cores >= 4 else cores
