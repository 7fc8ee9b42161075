"""How many threads compute: one place for both local engines."""

from __future__ import annotations

import os

import psutil

VARIABLE = "OMP_NUM_THREADS"
"""Where people say how many threads a program may compute with."""


TORCH_SPINS = 20_000
"""Turns that a waiting thread of torch spins, some 50 microseconds: longer than the pauses within a pass.

With GNU's default, beside other busy programs on two cores, the 360M shape in 4 bits wrote 7.5 tokens a second, with
this 11 (medians of seven turns).
"""


def spin_less(turns: int) -> None:
    """Let waiting threads of GNU's OpenMP sleep after so many turns instead of 300,000.

    To be called before the library that computes is imported. What the user says in the environment counts.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", str(turns))


def default_threads() -> int:
    """Return what the environment says, else the real cores, one less from four on, for the window."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    return cores - 1 if cores >= 4 else cores
