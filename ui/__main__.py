"""`sprout`: a command goes to the command line, no command opens the window.

Qt is imported only for the window, so that a command needs no screen and starts fast.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from studio.cli.options import parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `sprout` with `argv` (default: the process's own); return the exit code."""
    options = parser().parse_args(argv)
    if options.command is not None:
        from studio.cli import main as command_line

        return command_line(argv)
    return _open_window(options)


def _open_window(options: argparse.Namespace) -> int:
    if not _has_display():
        from ui.headless import main as headless

        return headless(options)
    from ui.app import main as window

    return window(options)


def _has_display() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:  # Ctrl+C while modules are still being loaded
        code = 130
    sys.exit(code)
