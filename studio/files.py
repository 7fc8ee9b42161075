"""The one way in which the studio writes a file.

A file is old or new, never half: the bytes go to a temporary file in the same folder, reach the
disk, and take the name in one step. Nothing is called saved before that.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path

from studio.errors import StorageError
from studio.phrases import phrase

_RESERVED = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"} | {
    f"{name}{digit}" for name in ("com", "lpt") for digit in "123456789¹²³"
}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_FOR_ALL = 0o644
_NAME_BYTES = 120
"""Well below the 255 bytes that file systems allow, so that a suffix always fits."""


def save(path: Path, data: bytes | str, *, private: bool = True) -> None:
    """Write `data` to `path` so that the file is old or new at any moment, and on the disk on return.

    A private file is for this user alone. A link is followed, a device or pipe is refused. Raises
    StorageError in words for a full, read-only or missing disk; the old file then stays.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    temporary: str | None = None
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "not a regular file")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".saving-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        if not private:
            Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else _FOR_ALL)
        Path(temporary).replace(path)
        temporary = None
        _sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage_error(error: OSError, path: Path) -> StorageError:
    """Return the words for what the disk said."""
    detail = f"{type(error).__name__} {error.errno}: {path}"
    kept = phrase("What was saved before is safe.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            phrase("The disk is full."),
            kept=kept,
            next=phrase("Free some space and try again."),
            detail=detail,
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            phrase("This folder does not let us save."),
            kept=kept,
            next=phrase("Choose another folder."),
            detail=detail,
        )
    if error.errno == errno.ENAMETOOLONG:
        return StorageError(
            phrase("The name of the file is too long."),
            kept=kept,
            next=phrase("Choose a shorter one."),
            detail=detail,
        )
    return StorageError(
        phrase("The file could not be saved."),
        kept=kept,
        next=phrase("Check that the folder is still there and try again."),
        detail=detail,
    )


def set_aside(path: Path, *, label: str) -> Path:
    """Move a file that cannot be read out of the way, under a new name beside it; return that name.

    Nothing is ever overwritten: "settings.json" becomes "settings.damaged-1.json", then "-2".
    """
    number = 1
    while (target := path.with_name(f"{path.stem}.{label}-{number}{path.suffix}")).exists():
        number += 1
    path.replace(target)
    return target


def safe_name(title: str, *, fallback: str = "My app") -> str:
    """Return a file name without suffix that every system accepts, made from a title."""
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = " ".join(name.split()).strip(". ")
    while len(name.encode("utf-8")) > _NAME_BYTES:
        name = name[:-1]
    name = name.strip(". ")
    if reserved(name):
        name = f"{name} app"
    return name or fallback


def reserved(name: str) -> bool:
    """Tell whether Windows keeps this file name for itself ("CON.html", "nul")."""
    return name.split(".", maxsplit=1)[0].strip().casefold() in _RESERVED


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path in `folder` that no file has yet: "Shark Quiz.html", then "Shark Quiz 2.html"."""
    taken: set[str] = set()
    with contextlib.suppress(OSError):
        taken = {entry.name.casefold() for entry in folder.iterdir()}
    number = 1
    while (name := f"{stem}{suffix}" if number == 1 else f"{stem} {number}{suffix}").casefold() in taken:
        number += 1
    return folder / name


def free_bytes(folder: Path) -> int:
    """Return the free space of the disk that holds `folder` or its nearest existing parent."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free
