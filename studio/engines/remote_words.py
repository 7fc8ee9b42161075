"""What can go wrong with a server, in words; and the one error that still waits for its words.

Knows no HTTP library. `detail`, which goes to the log, never holds what was asked or answered.
"""

from __future__ import annotations

import contextlib
import json
from typing import NoReturn

from studio.engines.remote_servers import RemoteServer
from studio.errors import EngineError, InputError
from studio.phrases import phrase


class StatusError(Exception):
    """Carry what a server answered instead of an answer; `explain` turns it into words."""

    def __init__(self, status: int, text: str, retry_after: str = "") -> None:
        self.status, self.text, self.retry_after = status, text, retry_after
        super().__init__(str(status))


def explain(error: StatusError, server: RemoteServer, model: str) -> NoReturn:
    """Raise the words for a status other than 200."""
    host, status, text = server.host, error.status, error.text.casefold()
    detail = f"{status} {_reason(error.text)}"
    nothing = phrase("Nothing was changed.")
    if status in (401, 403):
        raise InputError(
            phrase("The server at {host} does not let us in.", host=host),
            kept=nothing,
            next=phrase("Look at the key for this server."),
            detail=detail,
        )
    if status == 404:
        raise InputError(
            phrase("The server at {host} does not know “{model}”.", host=host, model=model or "/v1"),
            kept=nothing,
            next=phrase("Look at the address and at the name of the model."),
            detail=detail,
        )
    if status in (400, 413, 422):
        _cannot_use(host, text, detail)
    _troubled(host, error, detail)


def _reason(text: str) -> str:
    """Return the kind of a complaint; its words may repeat what was asked, which no log should keep."""
    with contextlib.suppress(ValueError, RecursionError):
        told = json.loads(text)
        error = told.get("error", told) if isinstance(told, dict) else None
        if isinstance(error, dict):
            return " ".join(str(error[name])[:60] for name in ("type", "code") if error.get(name))
    return ""


def _cannot_use(host: str, text: str, detail: str) -> NoReturn:
    too_long = any(
        word in text for word in ("context length", "context size", "too long", "n_ctx", "max_model")
    )
    raise InputError(
        phrase("That is more than the model at {host} can read.", host=host)
        if too_long
        else phrase("The server at {host} could not use this question.", host=host),
        kept=phrase("Nothing was changed."),
        next=phrase("Make it shorter.") if too_long else phrase("Ask it another way, or use another model."),
        detail=detail,
    )


def _troubled(host: str, error: StatusError, detail: str) -> NoReturn:
    next = phrase("Try again in a moment.")
    if error.status == 429:
        what = phrase("The server at {host} has too much to do.", host=host)
        if error.retry_after.isdigit() and len(error.retry_after) < 6:
            next = phrase("Try again in {seconds} seconds.", seconds=int(error.retry_after))
    elif 300 <= error.status < 400:
        what = phrase("The server at {host} sent us somewhere else.", host=host)
        next = phrase("Use the address that it really has.")
    else:
        what = phrase("The server at {host} has trouble of its own.", host=host)
    raise EngineError(what, kept=phrase("Nothing was changed."), next=next, detail=detail)


def nobody_there(host: str, error: Exception) -> NoReturn:
    """Raise the words for a connection that did not come about."""
    unproved = "CERTIFICATE" in str(error).upper()
    raise EngineError(
        phrase("The server at {host} could not prove who it is.", host=host)
        if unproved
        else phrase("No server answers at {host}.", host=host),
        kept=phrase("Nothing was sent."),
        next=phrase("Ask who looks after the server.")
        if unproved
        else phrase("Start the server there, or look at its address."),
        detail=f"{type(error).__name__}: {error}",
    ) from error


def cut(host: str, detail: str) -> NoReturn:
    """Raise the words for a connection that broke off."""
    raise EngineError(
        phrase("The server at {host} stopped in the middle.", host=host),
        kept=phrase("What it had written is kept."),
        next=phrase("Try again."),
        detail=detail,
        cause="ended",
    )


def hung(host: str) -> NoReturn:
    """Raise the words for a server that says nothing any more."""
    raise EngineError(
        phrase("The server at {host} does not go on.", host=host),
        kept=phrase("What it had written is kept."),
        next=phrase("Try again, or start the server again."),
        cause="hung",
    )


def web_page(host: str) -> NoReturn:
    """Raise the words for HTML where JSON was expected."""
    raise EngineError(
        phrase("A web page came back from {host} instead of an answer.", host=host),
        kept=phrase("Nothing was changed."),
        next=phrase("Look at the address, and whether this network wants you to sign in first."),
    )


def not_understood(host: str, detail: str) -> NoReturn:
    """Raise the words for an answer that breaks the rules of the way it is sent."""
    raise EngineError(
        phrase("What the server at {host} says makes no sense.", host=host),
        kept=phrase("What it had written is kept."),
        next=phrase("Look whether the address is the one of a model server."),
        detail=detail,
    )
