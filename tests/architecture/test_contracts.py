"""Each import contract of pyproject.toml is broken once on purpose, to see that it is watching."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# (contract, module that breaks it, what it imports)
BREAKS = [
    ("studio-knows-no-qt", "studio/jobs/rogue.py", "import PySide6.QtCore"),
    ("studio-knows-no-qt", "studio/export/rogue.py", "from ui import app"),
    ("studio-knows-no-qt", "studio/store/rogue.py", "def late() -> None:\n    import shiboken6"),
    ("no-model-runtime", "studio/engines/rogue.py", "import torch"),
    ("no-model-runtime", "ui/make/rogue.py", "from transformers import AutoModel"),
    ("studio-layers", "studio/blueprints/rogue.py", "import studio.builder"),
    ("studio-layers", "studio/engines/rogue.py", "from studio.safety import permissions"),
    ("studio-layers", "studio/errors.py", "import studio.jobs"),
    ("studio-layers", "studio/paths.py", "import studio.files"),
    ("studio-layers", "studio/newroom.py", '"""A room that has no place in the order."""'),
    ("ui-layers", "ui/home/rogue.py", "import ui.make"),
    ("ui-layers", "ui/settings/rogue.py", "import ui.home"),
    ("ui-layers", "ui/widgets/rogue.py", "import ui.main_window"),
    ("ui-layers", "ui/theme/rogue.py", "import ui.bridge"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the two packages and the contracts."""
    for package in ("studio", "ui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.fixture
def lint() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that checks the contracts of a tree."""

    def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", LINT, "--no-cache", *arguments]
        return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)

    return run


def test_the_tree_keeps_its_contracts(lint: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "module", "line"), BREAKS, ids=[f"{c}:{m}" for c, m, _ in BREAKS])
def test_a_broken_contract_is_seen(
    contract: str,
    module: str,
    line: str,
    tree: Path,
    lint: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    path = tree / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        (path.read_text(encoding="utf-8") if path.exists() else "") + "\n" + line + "\n", encoding="utf-8"
    )

    done = lint(tree, "--contract", contract)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
    assert path.stem in done.stdout
