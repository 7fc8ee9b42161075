"""Errors on their way from a child to its parent: with their words and their kind."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from studio.errors import (
    BlockedError,
    CancelledError,
    DamagedError,
    EngineError,
    InputError,
    MissingError,
    NotFoundError,
    OfflineError,
    StorageError,
    StudioError,
)
from studio.phrases import Phrase, phrase

_KINDS: dict[str, type[StudioError]] = {
    kind.kind: kind
    for kind in (
        InputError, DamagedError, MissingError, NotFoundError, StorageError, BlockedError, OfflineError,
    )
}  # fmt: skip
_MEMORY_WORDS = ("out of memory", "outofmemory", "can't allocate memory", "cannot allocate memory")
_LATEST_CALLS = 12


def as_studio_error(error: Exception) -> StudioError:
    """Return an error with words: a StudioError as it is, ImportError as MissingError, others as EngineError."""
    if isinstance(error, StudioError):
        return error
    calls = "".join(traceback.format_tb(error.__traceback__)[-_LATEST_CALLS:])
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, ImportError):
        return MissingError(
            phrase("A part of the studio that this model needs is not installed."),
            kept=phrase("Your work is safe."),
            next=phrase("Run the set-up again, with the parts for models."),
            detail=f"{said}\n{calls}",
        )
    if lacks_memory(error):
        return EngineError(
            phrase("There was not enough memory for the model."),
            kept=phrase("Your work is safe."),
            next=phrase("Close other programs, or choose a smaller model."),
            detail=f"{said}\n{calls}",
            cause="memory",
        )
    return EngineError(
        phrase("The model stopped with an error."),
        kept=phrase("Your work is safe."),
        next=phrase("Try again. If that does not help, choose another model."),
        detail=f"{said}\n{calls}",
        cause="failed",
    )


def lacks_memory(error: Exception) -> bool:
    """Tell whether memory ran out; torch has a class for cards and a plain RuntimeError for processors."""
    said = f"{type(error).__name__}: {error}".lower()
    return isinstance(error, MemoryError) or any(words in said for words in _MEMORY_WORDS)


def to_frame(error: StudioError) -> dict[str, Any]:
    """Return an error as plain data."""
    return {
        "kind": error.kind,
        "what": error.what.to_json(),
        "kept": error.kept.to_json(),
        "next": error.next.to_json(),
        "detail": error.detail,
        "cause": getattr(error, "cause", ""),
        "text": getattr(error, "text", ""),
    }


def from_frame(data: Mapping[str, Any]) -> StudioError:
    """Return the error that `to_frame` took apart; a kind that is not known becomes EngineError."""
    kind = data.get("kind")
    if kind == "cancelled":
        return CancelledError()
    what, kept, then = (Phrase.from_json(data[name]) for name in ("what", "kept", "next"))
    detail = str(data.get("detail", ""))
    if kind in _KINDS:
        return _KINDS[str(kind)](what, kept=kept, next=then, detail=detail)
    cause, text = str(data.get("cause") or "failed"), str(data.get("text", ""))
    return EngineError(what, kept=kept, next=then, detail=detail, cause=cause, text=text)
