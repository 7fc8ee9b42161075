"""Read a page or a project file that may come from anybody.

Nothing of the page runs or is kept but the project inside it, which is checked like any other
document and drawn anew by our own runtime. The file itself is only ever read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from studio.blueprints import ProjectDocument, parse_document
from studio.errors import DamagedError, InputError, NotFoundError, StudioError
from studio.files import storage_error
from studio.phrases import Phrase, phrase

MAX_BYTES = 64_000_000
_MARK = "sprout-project"
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
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                phrase("This file is too big to be an app."),
                kept=_KEPT,
                next=phrase("Choose a page that was shared."),
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(
            phrase("There is no file called “{name}”.", name=path.name), detail=str(path)
        ) from None
    except IsADirectoryError:
        raise InputError(phrase("“{name}” is a folder.", name=path.name), next=_choose()) from None
    except OSError as error:
        raise storage_error(error, path) from error
    except UnicodeDecodeError as error:
        raise _not_ours(str(error)) from error


def _inside(text: str) -> str:
    """Return the words of the one script element that holds the project."""
    finder = _Finder()
    finder.feed(text)
    finder.close()
    if finder.found is None:
        raise _not_ours("no project element")
    if not finder.ended:
        raise DamagedError(
            phrase("This file is cut short, so the app in it cannot be opened."),
            kept=_KEPT,
            next=_ask_again(),
        )
    return finder.found


class _Finder(HTMLParser):
    """Look for the project element; html.parser treats the inside of a script as plain words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: str | None = None
        self.ended = False
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and dict(attrs).get("id") == _MARK and self.found is None:
            self._inside, self.found = True, ""

    def handle_data(self, data: str) -> None:
        if self._inside and self.found is not None:
            self.found += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._inside:
            self._inside, self.ended = False, True


def _not_ours(detail: str) -> InputError:
    return InputError(
        phrase("This file is not an app from Sprout Studio."), kept=_KEPT, next=_choose(), detail=detail
    )


def _choose() -> Phrase:
    return phrase("Choose a page that was shared from Sprout Studio.")


def _ask_again() -> Phrase:
    return phrase("Ask for the file once more.")
