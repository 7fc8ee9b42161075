"""Run one command: results on stdout, everything else on stderr.

Exit codes: 0 done (a polite no or a question back is done too), 1 a StudioError, 2 wrong usage,
130 stopped with Ctrl+C.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from studio import services as composition
from studio.cli.options import parser
from studio.cli.output import Output
from studio.errors import StudioError
from studio.files import storage_error
from studio.jobs.runner import unexpected
from studio.services import Services

_ABOUT_MODELS = {"chat", "bench", "models", "serve", "remotes"}
DONE, FAILED, USAGE, STOPPED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run `sprout` with `argv` (default: the process's own); return the exit code."""
    _speak_utf8()
    options = parser().parse_args(argv)
    if options.command is None:
        parser().print_help(sys.stderr)
        return USAGE
    return run(options)


def run(options: argparse.Namespace) -> int:
    """Run a parsed command."""
    output = Output(as_json=options.json, quiet=options.quiet)
    try:
        with contextlib.closing(
            composition.build(options.home, offline=options.offline, verbose=options.verbose)
        ) as services:
            for notice in services.notices:
                output.note(str(notice))
            _command(options.command)(services, options, output)
            kept = services.database.durable or not services.database.changed
            if not kept and not getattr(options, "out", None):
                return FAILED  # what was made ends here; a script must not take it for kept
    except StudioError as error:
        return _fail(output, error, verbose=options.verbose)
    except KeyboardInterrupt:
        output.note("Stopped.")
        return STOPPED
    except BrokenPipeError:  # the reader (`head`, say) has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:  # the output itself: a full disk behind `>`, say
        return _fail(output, storage_error(error, Path("output")), verbose=options.verbose)
    except Exception as error:  # noqa: BLE001 - border: the last place where an error can become words
        return _fail(output, unexpected(error), verbose=options.verbose)
    return DONE


def _command(name: str) -> Callable[[Services, argparse.Namespace, Output], None]:
    """Return a command; the modules of the others are not imported, so that no command waits for them."""
    if name in _ABOUT_MODELS:
        from studio.cli import engine_commands  # noqa: PLC0415

        return engine_commands.COMMANDS[name]
    from studio.cli import commands  # noqa: PLC0415

    return commands.COMMANDS[name]


def _fail(output: Output, error: StudioError, *, verbose: bool) -> int:
    output.error(str(error))
    if verbose:
        output.error(traceback.format_exc().rstrip())
        if error.detail:
            output.error(error.detail)
    return FAILED


def _speak_utf8() -> None:
    """Write and read UTF-8 whatever the terminal's code page says; Windows would otherwise break on emoji."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "replace")
