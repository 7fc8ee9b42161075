"""What can go wrong, as one tree.

    StudioError
    ├── InputError          what came in cannot be used (also a ValueError)
    │   └── DamagedError    a file or record of ours that can no longer be read
    ├── NotFoundError       no such project, step, starter, pack (also a LookupError)
    ├── ConflictError       somebody else changed the same thing in between
    ├── StorageError        the disk said no: full, read-only, gone (also an OSError)
    ├── BlockedError        switched off on this computer, see `studio.safety`
    ├── OfflineError        the offline switch is on, or there is no network
    ├── MissingError        a part of the program is not installed
    ├── EngineError         a model stopped working; what it had written is kept
    └── CancelledError      somebody pressed Stop

Each error says three things in words a child understands: what happened, what was kept, and what
to do next. `detail` is for the log only and is never shown.
"""

from __future__ import annotations

from studio.phrases import Phrase, phrase

Words = Phrase | str


def _as_phrase(words: Words) -> Phrase:
    return words if isinstance(words, Phrase) else Phrase(words)


class StudioError(Exception):
    """Say what happened, what was kept and what to do next.

    `what`, `kept` and `next` are whole sentences; `kind` decides how a client shows the error.
    """

    kind = "studio"

    def __init__(self, what: Words, *, kept: Words = "", next: Words = "", detail: str = "") -> None:
        self.what, self.kept, self.next = _as_phrase(what), _as_phrase(kept), _as_phrase(next)
        self.detail = detail
        super().__init__(str(self))

    def __str__(self) -> str:
        return " ".join(text for text in (str(self.what), str(self.kept), str(self.next)) if text)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Return the sentences that are not empty, in reading order."""
        return tuple(part for part in (self.what, self.kept, self.next) if part.template)


class InputError(StudioError, ValueError):
    """Refuse what came in: a wish, a file, a document."""

    kind = "input"


class DamagedError(InputError):
    """Report a file or record that can no longer be read; the original is kept as it is."""

    kind = "damaged"


class NotFoundError(StudioError, LookupError):
    """Report that a named thing is not here."""

    kind = "not_found"


class ConflictError(StudioError):
    """Report that a project moved on between looking and changing."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            phrase("This project was changed somewhere else at the same time."),
            kept=phrase("Both changes are safe."),
            next=phrase("Try again."),
        )


class StorageError(StudioError, OSError):
    """Report that the disk refused: full, read-only, or gone."""

    kind = "storage"

    def __str__(self) -> str:  # OSError has its own idea of how to print
        return StudioError.__str__(self)


class BlockedError(StudioError):
    """Report a feature that is switched off on this computer."""

    kind = "blocked"


class OfflineError(StudioError):
    """Report that nothing may or can go out to the network."""

    kind = "offline"


class MissingError(StudioError):
    """Report that a part of the program is not installed."""

    kind = "missing"


class EngineError(StudioError):
    """Report that a model stopped working: it crashed, hung, ran out of memory, or was ended from outside.

    `text` is what it had written by then; `cause` is one of "crashed", "hung", "memory", "ended", "failed".
    """

    kind = "engine"

    def __init__(
        self,
        what: Words,
        *,
        kept: Words = "",
        next: Words = "",
        detail: str = "",
        cause: str = "failed",
        text: str = "",
    ) -> None:
        super().__init__(what, kept=kept, next=next, detail=detail)
        self.cause = cause
        self.text = text


class CancelledError(StudioError):
    """Report that somebody pressed Stop."""

    kind = "cancelled"

    def __init__(self) -> None:
        super().__init__(phrase("Stopped."))
