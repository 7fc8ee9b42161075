"""The words of the command line: options, commands, help."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio import __version__

EXPORTS = ("page",)


def parser() -> argparse.ArgumentParser:
    """Return the parser of `sprout`; its `command` is None when the window is wanted."""
    top = argparse.ArgumentParser(
        prog="sprout", description="Make small apps from words, on this computer alone."
    )
    top.add_argument("--version", action="version", version=f"Sprout Studio {__version__}")
    _add_globals(top, suppress=False)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        _add_globals(made, suppress=True)
        return made

    make = command("make", "make a project from a wish")
    make.add_argument("prompt")
    _add_wish(make)
    edit = command("edit", "change a project by words")
    edit.add_argument("project", help="id or a unique part of the title")
    edit.add_argument("prompt")
    _add_wish(edit)
    plan = command("plan", "plan wishes: JSON lines in, JSON lines out, nothing saved")
    plan.add_argument("--model", metavar="REF", help=_MODEL_HELP)
    plan.add_argument("--seed", type=int, default=0)
    projects = command("projects", "list the projects")
    projects.add_argument("--deleted", action="store_true", help="list the trash")
    for name, about in _ON_PROJECT.items():
        command(name, about).add_argument("project", help="id or a unique part of the title")
    export = command("export", "write a copy that lives without the studio")
    export.add_argument("project", help="id or a unique part of the title")
    export.add_argument("--to", choices=EXPORTS, default="page")
    export.add_argument("--out", required=True, metavar="PATH")
    export.add_argument("--without-prompts", action="store_true", help="leave out how it was made")
    command("open", "take in an exported page as a new project").add_argument("file", type=Path)
    command("doctor", "tell what works here, what is missing, and how to mend it")
    return top


_MODEL_HELP = "plan with a model (needs engines, which this version does not have yet)"
_ON_PROJECT = {
    "show": "show a project",
    "timeline": "list the steps of a project",
    "undo": "go one step back",
    "redo": "go one step forward",
    "delete": "put a project in the trash",
    "restore": "bring a project back from the trash",
}


def _add_wish(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="REF", help=_MODEL_HELP)
    parser.add_argument("--out", metavar="FILE.html", help="also write the page")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same app")


def _add_globals(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    """Take the global options before and after the command alike."""

    def default(value: object) -> object:
        return argparse.SUPPRESS if suppress else value

    parser.add_argument(
        "--home", type=Path, metavar="DIR", default=default(None), help="keep all data under DIR"
    )
    parser.add_argument(
        "--offline", action="store_true", default=default(False), help="never use the network"
    )
    parser.add_argument("--json", action="store_true", default=default(False), help="print JSON")
    parser.add_argument("--quiet", action="store_true", default=default(False), help="print results only")
    parser.add_argument(
        "--verbose", action="store_true", default=default(False), help="print details of errors"
    )
