"""Data files of the program: runtime, schemas, facts, starters, translations."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder that holds the data files."""
    return Path(__file__).resolve().parent
