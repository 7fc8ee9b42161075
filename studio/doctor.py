"""Look at this machine and say what works, what is missing, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import psutil

from studio import files
from studio.engines.encoder import find_encoder
from studio.engines.fit import FREE_SHARE
from studio.errors import StudioError
from studio.services import Services

_NEEDED_BYTES = 200_000_000
_SMALL_MODEL_BYTES = 1_060_000_000
"""What a chat model of 360 million parameters is predicted to take with int8 weights and 4,096 tokens of context."""


@dataclass(frozen=True)
class Check:
    """Hold one finding: what was looked at, whether it is fine, what was seen, how to mend it."""

    name: str
    ok: bool
    detail: str
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return asdict(self)


def examine(services: Services) -> tuple[Check, ...]:
    """Return all findings; nothing is changed and nothing goes out."""
    looks: tuple[Callable[[Services], Check], ...] = (
        _python, _home, _store, _disk, _encoder, _window, _torch, _llguidance, _xllamacpp, _memory, _device,
        _network,
    )  # fmt: skip
    return tuple(look(services) for look in looks)


def _python(services: Services) -> Check:
    fine = sys.version_info >= (3, 11)
    return Check(
        "python",
        fine,
        f"{platform.python_version()} on {platform.platform()}",
        "Install Python 3.11 or newer.",
    )


def _home(services: Services) -> Check:
    probe = services.paths.base / ".doctor"
    try:
        files.save(probe, b"")
        probe.unlink()
    except (StudioError, OSError) as error:
        return Check("home", False, str(error), "Start with --home and a folder that you may write to.")
    return Check("home", True, str(services.paths.base))


def _store(services: Services) -> Check:
    if not services.database.durable:
        return Check(
            "store", False, "nothing is kept in this session", "Make the folder of the studio writable."
        )
    count = len(services.projects.list())
    return Check("store", services.database.check(), f"{count} projects")


def _disk(services: Services) -> Check:
    free = files.free_bytes(services.paths.base)
    return Check("disk", free > _NEEDED_BYTES, f"{free / 1e9:.1f} GB free", "Free some space.")


def _encoder(services: Services) -> Check:
    name = "planner"
    try:
        found = find_encoder(services.paths.cache)
    except StudioError as error:
        return Check(name, False, str(error), "Run the set-up again.")
    if found is None:
        return Check(
            name, False, "rules alone: the sentence encoder is not installed", "Run the set-up again."
        )
    return Check(name, True, "rules and the sentence encoder")


def _window(services: Services) -> Check:
    return _package("window", "PySide6", "the window cannot open")


def _torch(services: Services) -> Check:
    if _find("torch") is None:
        return Check(
            "torch",
            False,
            "not installed: apps can be made, models cannot run",
            "Run the set-up without --light.",
        )
    version = importlib.metadata.version("torch")
    return Check("torch", True, f"{version}, {_torch_build()}")


def _torch_build() -> str:
    """Read which build torch is from its version file; importing it would take seconds."""
    spec = _find("torch")
    if spec is None or spec.origin is None:
        return "unknown build"
    lines = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8").splitlines()
    cuda = next((line for line in lines if line.startswith("cuda")), "")
    return (
        "for the processor (torch.version.cuda is None)"
        if cuda.rstrip().endswith("None")
        else "for NVIDIA cards"
    )


def _llguidance(services: Services) -> Check:
    return _package("answers by a form", "llguidance", "models cannot keep to a form")


def _xllamacpp(services: Services) -> Check:
    return _package("GGUF models", "xllamacpp", "GGUF models cannot run")


def _memory(services: Services) -> Check:
    memory = psutil.virtual_memory()
    usable = memory.available * FREE_SHARE
    return Check(
        "memory",
        usable > _SMALL_MODEL_BYTES,
        f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free, {usable / 1e9:.1f} GB of it for a model",
        "Close other programs.",
    )


def _device(services: Services) -> Check:
    """Say on what models will run; only the process of a model itself knows for certain."""
    card = shutil.which("nvidia-smi") is not None
    built_for_it = _torch_build() == "for NVIDIA cards"
    if card and _find("torch") is not None and not built_for_it:
        return Check(
            "device",
            False,
            "processor: there is an NVIDIA card, but torch is the build for the processor",
            "Run the set-up with the build for NVIDIA cards.",
        )
    if card and built_for_it:
        return Check("device", True, "NVIDIA card where a model fits into its memory, else processor")
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return Check("device", True, "Apple's chip, else processor")
    return Check("device", True, f"processor with {psutil.cpu_count(logical=False) or 1} cores")


def _find(package: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(package)
    except ModuleNotFoundError:  # its parent is missing, or an import hook refuses it
        return None


def _package(name: str, package: str, without: str) -> Check:
    if _find(package) is None:
        return Check(name, False, f"{package} is not installed: {without}", "Run the set-up again.")
    return Check(name, True, f"{package} {importlib.metadata.version(package)}")


def _network(services: Services) -> Check:
    return Check("network", True, "kept offline" if services.network.offline else "used only when you ask")
