"""A small chat model that really answers, trained here in under a minute and kept between runs.

`python -m tests.support.tiny_model` makes it and says where it is. It is a Llama-type model with a
byte-level tokenizer and a chat template, in the files that any other model comes in. What it knows
stands in `tiny_sentences`; it knows it by heart, so greedy answers are decisive.

The folder is named by the hash of the recipe: a changed sentence or another torch makes a new one.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from filelock import FileLock

from tests.support import tiny_sentences, tiny_training
from tests.support.tiny_training import CHAT_TEMPLATE, chat, lessons

ROOT = Path(__file__).resolve().parents[2]


def cache_folder() -> Path:
    """Return the folder, readable by this user only, where made models stay between runs."""
    base = os.environ.get("SPROUT_TEST_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = Path(base or Path.home() / ".cache") / "sprout-studio-tests"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
        folder = Path(tempfile.gettempdir()) / f"sprout-studio-tests-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def recipe_hash(*sources: Path) -> str:
    """Return the hash of the sources that make a model, and of the versions that it is made with."""
    digest = hashlib.sha256()
    for path in sources:
        content = path.read_bytes()
        # How the code is laid out, and its comments, make no other model.
        digest.update(ast.dump(ast.parse(content)).encode() if path.suffix == ".py" else content)
    for package in ("torch", "transformers", "tokenizers"):
        digest.update(f"{package} {metadata.version(package)}".encode())
    return digest.hexdigest()[:16]


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of the cache, which `make` fills if it is not there yet; safe with many processes."""
    target = cache_folder() / name
    if target.is_dir():
        return target
    with FileLock(target.with_suffix(".lock")):
        if not target.is_dir():
            with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="making-") as scratch:
                half = Path(scratch) / "model"
                half.mkdir()
                make(half)
                half.replace(target)
    return target


def _sources() -> tuple[Path, ...]:
    here = Path(__file__).parent
    apps = sorted((here / "blueprint_examples").glob("[0-9]*.json"))
    return (
        Path(tiny_training.__file__),
        Path(tiny_sentences.__file__),
        here / "tiny_stories.txt",
        *apps,
    )


def tiny_model(folder: Path | None = None) -> Path:
    """Return the folder of the tiny model; with `folder`, a copy of it there that a test may damage.

    The first call on a machine trains it in a child process. This process imports no torch.
    """
    kept = made_once(f"tiny-llama-{recipe_hash(*_sources())}", _make_in_child)
    if folder is None:
        return kept
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return folder


def tiny_gguf(quantisation: str = "F16") -> Path:
    """Return the tiny model as one GGUF file: "F32", "F16", "Q8_0" or "Q4_0"."""
    from tests.support import gguf_twin

    source = Path(gguf_twin.__file__)
    name = f"tiny-gguf-{quantisation.lower()}-{recipe_hash(*_sources(), source)}"

    def make(into: Path) -> None:
        gguf_twin.write_twin(tiny_model(), into / f"tiny-{quantisation}.gguf", quantisation)

    return made_once(name, make) / f"tiny-{quantisation}.gguf"


def _make_in_child(folder: Path) -> None:
    # Idle threads sleep instead of spinning: beside a busy test, spinning ones cost ten times the time.
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "tests.support.tiny_training", str(folder)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the tiny model could not be made:\n{done.stdout}\n{done.stderr}")


def main() -> int:
    """Make the model and its GGUF twin if they are not there, and say where they are."""
    begun = time.monotonic()
    print(tiny_model(), f"({time.monotonic() - begun:.1f} s)")
    print(tiny_gguf())
    return 0


__all__ = [
    "CHAT_TEMPLATE",
    "cache_folder",
    "chat",
    "lessons",
    "made_once",
    "recipe_hash",
    "tiny_gguf",
    "tiny_model",
]

if __name__ == "__main__":
    raise SystemExit(main())
