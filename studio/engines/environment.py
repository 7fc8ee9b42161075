"""What a child process is given: a folder of its own, and an environment with nothing secret in it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil

import studio
from studio import files

_KEPT = frozenset({
    "PATH", "HOME", "USERPROFILE", "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PROGRAMDATA",
    "NUMBER_OF_PROCESSORS", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV",
    "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUTF8",
})  # fmt: skip
_KEPT_BEGINNINGS = (
    "LC_", "CUDA_", "NVIDIA_", "HIP_", "HSA_", "ROCR_", "ROCM_", "PROCESSOR_", "OMP_", "KMP_", "MKL_",
)  # fmt: skip
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASSW|CREDENTIAL|AUTH|COOKIE|SESSION", re.IGNORECASE)

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Hub kernels are native code from the network.
    "USE_HUB_KERNELS": "NO",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
}

# A Unix socket below the folder must fit into 107 bytes.
_LONGEST_FOLDER = 80
_RUN = re.compile(r"sprout-run-(\d{1,9})-")


def child_environment(own: Path, parent: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables of a child whose folder is `own`.

    Only names that are on our list come over from the parent, and none that sounds like a secret.
    The Hub's own folder and the place of its token lie in `own`, so that a saved token is not read.
    """
    kept = {
        name: value
        for name, value in parent.items()
        if (name.upper() in _KEPT or name.upper().startswith(_KEPT_BEGINNINGS)) and not _SECRET.search(name)
    }
    hub = own / "hub"
    places = {
        "HF_HOME": str(hub),
        "HF_TOKEN_PATH": str(hub / "no-file"),
        "TMPDIR": str(own),
        "TEMP": str(own),
        "TMP": str(own),
        "PYTHONPATH": str(Path(studio.__file__).resolve().parents[1]),
    }
    return {**kept, **_OFFLINE, **places}


def make_folder(base: Path) -> Path:
    """Make a folder for one child, readable by this user alone, and sweep those of parents that are gone.

    It lies in `base`, or with the system's temporary files where `base` is too long for a socket's name.
    Raises StorageError when the disk refuses.
    """
    try:
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        parent = base
        if os.name == "posix" and len(os.fsencode(base)) > _LONGEST_FOLDER:
            parent = Path(tempfile.gettempdir()).resolve()
        sweep(parent)
        own = Path(tempfile.mkdtemp(prefix=f"sprout-run-{os.getpid()}-", dir=parent))
        (own / "hub").mkdir(mode=0o700)
    except OSError as error:
        raise files.storage_error(error, base) from error
    return own


def sweep(base: Path) -> None:
    """Remove the folders in `base` whose parent process no longer lives."""
    for folder in base.glob("sprout-run-*"):
        match = _RUN.match(folder.name)
        if match and not psutil.pid_exists(int(match[1])):
            remove_folder(folder)


def remove_folder(own: Path) -> None:
    """Remove a child's folder; what cannot be removed now is swept later."""
    shutil.rmtree(own, ignore_errors=True)
