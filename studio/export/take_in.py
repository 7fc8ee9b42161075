"""Read a page or a project file that may come from anybody.

Nothing of the page runs or is kept but the project inside it, which is checked like any other
document and drawn anew by our own runtime. The file itself is only ever read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.blueprints import ProjectDocument, parse_document
from studio.errors import DamagedError, InputError, NotFoundError, StudioError
from studio.files import storage_error
from studio.phrases import Phrase, phrase

MAX_BYTES = 64_000_000
_MARK = 'id="sprout-project"'
_TAG_CHARS = 300
_KEPT = phrase("The file stays as it is.")


@dataclass(frozen=True)
class TakenIn:
    """Hold the document of a file, and what a newer studio wrote that this one cannot show."""

    document: ProjectDocument
    aside: Sequence[Any]


def take_in(path: Path) -> TakenIn:
    """Return the project in an exported page or a project file.

    Raises NotFoundError (no file), InputError (not one of ours) or DamagedError (cut short).
    """
    text = _read(path)
    project = text if text.lstrip().startswith("{") else _inside(text)
    try:
        parsed = parse_document(project)
    except DamagedError:
        raise
    except StudioError as error:
        raise DamagedError(
            phrase("The app in this file is damaged."),
            kept=_KEPT,
            next=_ask_again(),
            detail=str(error.detail or error),
        ) from error
    if parsed.document.blueprint is None:
        raise InputError(phrase("This app is free code, and this studio cannot open that yet."), kept=_KEPT)
    return TakenIn(parsed.document, parsed.aside)


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            raise InputError(phrase("“{name}” is a folder.", name=path.name), next=_choose())
        if path.exists() and not path.is_file():
            raise _not_ours("not a regular file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(
            phrase("There is no file called “{name}”.", name=path.name), detail=str(path)
        ) from None
    except OSError as error:
        raise storage_error(error, path) from error
    if len(raw) > MAX_BYTES:
        raise InputError(
            phrase("This file is too big to be an app."),
            kept=_KEPT,
            next=phrase("Choose a page that was shared."),
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_ours(str(error)) from error


def _inside(text: str) -> str:
    """Return the words of the one script element that holds the project.

    A plain search in one pass, because a parser of all HTML can be kept busy for minutes by a
    hostile page. It is enough: our renderer escapes every `<` and `"` inside the project.
    """
    mark = text.find(_MARK)
    begin = text.rfind("<script", max(0, mark - _TAG_CHARS), mark) if mark >= 0 else -1
    opened = text.find(">", mark, mark + _TAG_CHARS) if begin >= 0 else -1
    if opened < 0:
        raise _not_ours("no project element")
    end = text.find("</script", opened)
    if end < 0:
        raise DamagedError(
            phrase("This file is cut short, so the app in it cannot be opened."),
            kept=_KEPT,
            next=_ask_again(),
        )
    return text[opened + 1 : end]


def _not_ours(detail: str) -> InputError:
    return InputError(
        phrase("This file is not an app from Sprout Studio."), kept=_KEPT, next=_choose(), detail=detail
    )


def _choose() -> Phrase:
    return phrase("Choose a page that was shared from Sprout Studio.")


def _ask_again() -> Phrase:
    return phrase("Ask for the file once more.")
