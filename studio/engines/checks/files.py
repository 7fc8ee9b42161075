"""Open a model's small files without trusting them: no links elsewhere, no pipes, strict JSON with limits."""

from __future__ import annotations

import json
import math
import stat
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from studio.errors import InputError
from studio.phrases import phrase

DEEPEST = 64
MAX_DIGITS = 40
"""Of a whole number: tokenizers write 10^30 for "no limit", and Python takes long over thousands of digits."""

_MAX_NAME_CHARACTERS = 200
_NEXT = phrase("Get the model again, or choose another one.")


def damaged(name: str, detail: str) -> InputError:
    """Return the error of a file that is not what it says; `detail` is for the log."""
    return InputError(
        phrase("A file of this model is damaged: {name}.", name=_shown(name)),
        kept=phrase("The model was not opened."),
        next=_NEXT,
        detail=f"{_shown(name)}: {detail}",
    )


def is_plain_name(name: str) -> bool:
    """Tell whether a name stands for a file in the folder itself, on every system."""
    return (
        0 < len(name) <= _MAX_NAME_CHARACTERS
        and name.isprintable()
        and not any(letter in name for letter in '/\\:*?"<>|')
        and name.strip(". ") == name.strip()
    )


def plain_file(folder: Path, name: str) -> Path:
    """Return the path of an ordinary file in the folder; its links may lead into the folder or its Hub cache only.

    A pipe or a device would make the reader wait for ever. Raises InputError.
    """
    if not is_plain_name(name):
        raise damaged(name, "not the name of a file in this folder")
    path = folder / name
    try:
        home, real = folder.resolve(strict=True), path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise damaged(name, repr(error)) from error
    if not stat.S_ISREG(mode):
        raise damaged(name, "not an ordinary file")
    if not any(real.is_relative_to(place) for place in _homes(home, folder)):
        raise InputError(
            phrase(
                "A file of this model is only a pointer to another place on this computer: {name}.", name=name
            ),
            kept=phrase("The model was not opened."),
            next=phrase("Copy the real file into the model's folder, or choose another model."),
            detail=f"{name} leads to {real}",
        )
    return path


def read_json(path: Path, *, limit_bytes: int) -> dict[str, Any]:
    """Return the JSON object in a file.

    Refuses what is larger than `limit_bytes`, deeper than DEEPEST, keys that stand twice, NaN and numbers
    of endless length. Raises InputError.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit_bytes + 1)
    except OSError as error:
        raise damaged(path.name, repr(error)) from error
    if len(content) > limit_bytes:
        raise damaged(path.name, f"more than {limit_bytes} bytes")
    return parse_json(content, path.name)


def parse_json(content: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object in the bytes; see `read_json`."""
    try:
        data = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_number,
        )
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError too
        raise damaged(name, f"{type(error).__name__}: {str(error)[:200]}") from error
    if not isinstance(data, dict):
        raise damaged(name, "not a JSON object")
    _check_depth(data, name)
    return data


def read_exactly(file: BinaryIO, count: int) -> bytes:
    """Return exactly `count` bytes; ValueError when the file ends before."""
    content = file.read(count)
    if len(content) != count:
        raise ValueError(f"the file ends {count - len(content)} bytes too soon")
    return content


def _homes(home: Path, folder: Path) -> tuple[Path, ...]:
    """Return where files of this folder may lie: there, and for a snapshot of the Hub's cache its blobs."""
    cache = folder.absolute().parent.parent
    if folder.absolute().parent.name != "snapshots" or not cache.name.startswith("models--"):
        return (home,)
    return (home, (cache / "blobs").resolve())


def _check_depth(data: Any, name: str) -> None:
    waiting = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise damaged(name, f"nested deeper than {DEEPEST}")
        parts = value.values() if isinstance(value, dict) else value
        waiting.extend((part, depth + 1) for part in parts if isinstance(part, dict | list))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _constant(name: str) -> float:
    # Mamba-type models write an upper limit of Infinity into their configuration.
    if name != "Infinity":
        _refuse_number(name)
    return math.inf


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _refuse_number(digits)
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        _refuse_number(digits)
    return value


def _refuse_number(digits: str) -> NoReturn:
    raise ValueError(f"the number {digits[:40]}")


def _shown(name: str) -> str:
    """Return a name that came from outside, short and on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80])
