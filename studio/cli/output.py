"""What the command line prints, and where."""

from __future__ import annotations

import json
import sys
from typing import Any


class Output:
    """Print results on stdout as words or JSON, and notes on stderr."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self._quiet = quiet

    def result(self, data: Any, words: str) -> None:
        """Print one result: `data` with --json, else `words`."""
        self.line(json.dumps(data, ensure_ascii=False) if self.as_json else words)

    def line(self, text: str) -> None:
        """Print one line of a result at once, so that a pipe gets it without waiting."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """Print a remark that is not the result."""
        if not self._quiet:
            self.error(text)

    def error(self, text: str) -> None:
        """Print what went wrong."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
