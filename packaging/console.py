"""What bootstrap says and how it stops. Standard library only."""

import sys


class StopError(Exception):
    """One sentence for the person at the terminal; nothing can go on."""


def say(line):
    """Write one line to stderr, where no script is reading."""
    print(line, file=sys.stderr, flush=True)
