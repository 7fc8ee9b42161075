"""The words of the command line: options, commands, help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
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
    _add_engines(command)
    command("doctor", "tell what works here, what is missing, and how to mend it")
    return top


def _add_engines(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the commands about models."""
    chat = command("chat", "ask a model one question")
    chat.add_argument("ref", metavar="REF", help=_REF_HELP)
    chat.add_argument("prompt")
    chat.add_argument("--system", default="", metavar="TEXT", help="what the model should know or be first")
    chat.add_argument("--max-tokens", type=int, default=512, metavar="N")
    chat.add_argument(
        "--temperature", type=float, default=0.7, metavar="T", help="0: always the likeliest word"
    )
    chat.add_argument("--seed", type=int, default=None, metavar="N")
    bench = command("bench", "measure how fast a model is here, and what it takes")
    bench.add_argument("ref", metavar="REF", help=_REF_HELP)
    models = command("models", "the models of this computer")
    models.add_argument("action", choices=("list",), nargs="?", default="list")
    serve = command("serve", "give other programs on this computer a way to ask models")
    serve.add_argument("refs", metavar="REF", nargs="+", help=_REF_HELP)
    serve.add_argument("--port", type=int, default=0, metavar="N", help="default: one that is free")
    remotes = command("remotes", "the servers whose models may be used")
    actions = remotes.add_subparsers(dest="action", required=True, metavar="add | list | remove")
    add = actions.add_parser("add", help="write a server down")
    add.add_argument("name", metavar="NAME")
    add.add_argument("url", metavar="URL", nargs="?", default="", help="like http://127.0.0.1:8080")
    add.add_argument("--model", default="", metavar="M", help="default: the server's first")
    add.add_argument("--kind", choices=("openai", "inference"), default="openai")
    add.add_argument("--key-variable", default="", metavar="VAR", help="the variable that holds its key")
    listed = actions.add_parser("list", help="list them")
    remove = actions.add_parser("remove", help="forget one")
    remove.add_argument("name", metavar="NAME")
    for parser in (add, listed, remove):
        _add_globals(parser, suppress=True)


_REF_HELP = "a Hub id, a part of one, a folder, a GGUF file, or remote:NAME"
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
