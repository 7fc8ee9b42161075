"""Rules of the house that no linter knows, read from the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("studio/**/*.py"), *ROOT.glob("ui/**/*.py")])

MAY_WRITE = {
    "studio/files.py",  # the one atomic save
    "studio/logs.py",  # appends to its own file
    "studio/network.py",  # appends to the list of what went out
    "studio/builder/starter/train.py",  # a tool of ours that writes into the source tree
    "ui/block_pages.py",  # the same
    "ui/starter_pictures.py",  # the same
    "ui/widgets/picture_maker.py",  # a page for the probe, in a temporary folder
}
# Named borders: what goes wrong behind them is told to a person, whatever it was.
BORDERS = {
    "studio/cli/main.py",
    "studio/engines/encoder.py",  # tokenizers raises a bare Exception for a bad file
    "studio/engines/adapters/llama_server.py",  # xllamacpp raises whatever its C++ says
    "studio/engines/adapters/pretrained.py",  # tokenizers and transformers raise bare Exceptions for bad files
    "studio/engines/worker.py",  # whatever a model raises must reach the parent as words
    "studio/jobs/runner.py",
    "ui/__main__.py",
    "ui/app.py",
    "ui/bridge.py",
    "ui/probing.py",  # keeps it for a moment: raised again outside of Qt's loop
}
WRITERS = {"write_text", "write_bytes"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def opens_for_writing(call: ast.Call) -> bool:
    """Return True for `open(path, "w")`, `path.open("wb")`, `path.write_text(...)` and their like."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in WRITERS:
        return True
    if name != "open":
        return False
    values = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    modes = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return any(re.fullmatch(r"[rwxabt+U]{1,4}", mode) and set(mode) & set("wxa+") for mode in modes)


@pytest.mark.parametrize(
    ("line", "writes"),
    [
        ("open(p, 'w')", True),
        ("p.open('wb')", True),
        ("open(p, mode='a')", True),
        ("p.write_text('x')", True),
        ("p.open()", False),
        ("open(p, 'rb')", False),
        ("gzip.compress(b'w')", False),
    ],
)
def test_the_search_for_writes_finds_them(line: str, writes: bool) -> None:
    assert next(opens_for_writing(call) for call in calls(ast.parse(line))) is writes


def test_every_write_goes_through_the_one_save() -> None:
    found = [
        f"{relative(path)}:{call.lineno}"
        for path in SOURCES
        if relative(path) not in MAY_WRITE
        for call in calls(ast.parse(path.read_text(encoding="utf-8")))
        if opens_for_writing(call)
    ]

    assert found == []


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Return True for a bare `except` or one for all exceptions, unless it ends by raising the same again."""
    name = handler.type.id if isinstance(handler.type, ast.Name) else None
    everything = handler.type is None or name in {"Exception", "BaseException"}
    last = handler.body[-1]
    return everything and not (isinstance(last, ast.Raise) and last.exc is None)


def test_everything_is_caught_at_named_borders_only() -> None:
    found = [
        f"{relative(path)}:{node.lineno}"
        for path in SOURCES
        if relative(path) not in BORDERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]

    assert found == []


def test_packaging_is_no_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists(), "it would hide the library of that name"


def test_nothing_names_a_place_that_users_lack() -> None:
    names = ["py" + "pi.org", "python" + "hosted", "npm" + "js", "deb." + "debian.org", "../" + "shared"]
    suffixes = {".py", ".toml", ".md", ".txt", ".js", ".css", ".json", ".html", ".qss", ".cfg", ".yml", ""}
    skipped = {
        ".git",
        ".venv",
        "__pycache__",
        ".ruff_cache",
        ".mypy_cache",
        ".pytest_cache",
        ".hypothesis",
        "build",
    }
    found = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if skipped & set(parts) or not path.is_file() or path.suffix not in suffixes:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{relative(path)}: {name}" for name in names if name in text]

    assert found == []
