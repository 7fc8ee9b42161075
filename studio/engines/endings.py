"""Why a child process ended, in words: from its exit status, what we did to it, and what it held."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from typing import Literal

from studio.engines.base import Phase
from studio.engines.footprint import in_words
from studio.engines.watch import Reading, Verdict, short_of_memory
from studio.errors import EngineError
from studio.phrases import Phrase, phrase

Cause = Literal["crashed", "hung", "memory", "ended", "failed"]
_Stage = Literal["ready", "busy", "idle"]

_STAGES: dict[Phase, _Stage] = {"starting": "ready", "checking": "ready", "loading": "ready", "idle": "idle"}
_CRASHES = frozenset({"SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS"})
# NTSTATUS values: STATUS_NO_MEMORY and STATUS_COMMITMENT_LIMIT; from _WINDOWS_FAULT on they are errors.
_WINDOWS_MEMORY = frozenset({0xC0000017, 0xC000012D})
_WINDOWS_FAULT = 0xC0000000
_MEMORY_WORDS = (
    "out of memory",
    "bad_alloc",
    "can't allocate memory",
    "cannot allocate memory",
    "memoryerror",
)

_WORDS: dict[tuple[Cause, _Stage], Phrase] = {
    ("crashed", "ready"): phrase("The model crashed while it was being loaded."),
    ("crashed", "busy"): phrase("The model crashed in the middle of its work."),
    ("crashed", "idle"): phrase("The model crashed while it had nothing to do."),
    ("hung", "ready"): phrase("The model stopped moving while it was being loaded, so it was closed."),
    ("hung", "busy"): phrase("The model stopped moving in the middle of its work, so it was closed."),
    ("hung", "idle"): phrase("The model stopped moving while it had nothing to do, so it was closed."),
    ("memory", "ready"): phrase("The computer ran out of memory while the model was being loaded."),
    ("memory", "busy"): phrase("The computer ran out of memory while the model was working."),
    ("memory", "idle"): phrase("The computer ran out of memory and closed the model."),
    ("ended", "ready"): phrase("Something outside the studio closed the model while it was being loaded."),
    ("ended", "busy"): phrase("Something outside the studio closed the model in the middle of its work."),
    ("ended", "idle"): phrase("Something outside the studio closed the model."),
    ("failed", "ready"): phrase("The model could not be started."),
    ("failed", "busy"): phrase("The model stopped with an error."),
    ("failed", "idle"): phrase("The model stopped with an error."),
}
_NEXT: dict[Cause, Phrase] = {
    "crashed": phrase("Load it again. If it crashes again, choose another model."),
    "hung": phrase("Load it again. If it stops again, choose another model."),
    "memory": phrase("Close other programs, or choose a smaller model."),
    "ended": phrase("Load it again."),
    "failed": phrase("Load it again. If that does not help, choose another model."),
}


@dataclass(frozen=True)
class Death:
    """Hold what is known about a child that ended without being asked to.

    `status` is its exit status as subprocess gives it (None when it never started), `verdict` why the
    watchdog ended it, `reading` the last one, `memory_kill` whether Linux killed anything for want of memory meanwhile.
    """

    phase: Phase
    status: int | None
    verdict: Verdict | None = None
    reading: Reading | None = None
    memory_kill: bool = False
    last_lines: str = ""


def explain(death: Death, text: str = "") -> EngineError:
    """Return the error for a death; `text` is what had been written by then."""
    cause = _cause(death)
    return EngineError(
        _what(death, cause),
        kept=phrase("What it wrote so far is kept.") if text else phrase("Your work is safe."),
        next=_NEXT[cause],
        detail=f"phase {death.phase}, exit {_status_in_words(death.status)}, {death.verdict}\n{death.last_lines}",
        cause=cause,
        text=text,
    )


def _what(death: Death, cause: Cause) -> Phrase:
    stage = _STAGES.get(death.phase, "busy")
    if death.verdict is None:
        return _WORDS[cause, stage]
    if death.verdict.kind == "slow" and stage == "ready":
        return phrase("The model took too long to load, so it was closed.")
    if death.verdict.kind == "slow":
        return phrase("The model worked too long without getting on, so it was closed.")
    if death.verdict.kind == "limit":
        return phrase(
            "The model took more memory than it may ({used} of {allowed}), so it was closed.",
            used=in_words(death.verdict.used_bytes),
            allowed=in_words(death.verdict.allowed_bytes),
        )
    if death.verdict.kind == "machine":
        return phrase(
            "The computer had almost no memory left, so the model was closed. It held {used}.",
            used=in_words(death.verdict.used_bytes),
        )
    return _WORDS[cause, stage]


def _cause(death: Death) -> Cause:
    if death.verdict is not None:
        return "hung" if death.verdict.kind in ("hung", "slow") else "memory"
    if _says_memory(death):
        return "memory"
    if death.status is None or death.status == 0:
        return "failed"
    if death.status < 0:
        return _cause_of_signal(death)
    if sys.platform == "win32" and death.status >= _WINDOWS_FAULT:
        return "memory" if death.status in _WINDOWS_MEMORY else "crashed"
    return "failed"


def _cause_of_signal(death: Death) -> Cause:
    if _signal_name(death.status) in _CRASHES:
        return "crashed"
    if _signal_name(death.status) != "SIGKILL":
        return "ended"
    short = death.reading is not None and short_of_memory(death.reading)
    return "memory" if short or death.memory_kill else "ended"


def _says_memory(death: Death) -> bool:
    """Tell whether a program that gave up by itself said that memory was what it lacked."""
    gave_up = death.status is not None and (death.status > 0 or _signal_name(death.status) == "SIGABRT")
    said = death.last_lines.lower()
    return gave_up and any(words in said for words in _MEMORY_WORDS)


def _signal_name(status: int | None) -> str:
    try:
        return signal.Signals(-(status or 0)).name
    except ValueError:
        return ""


def _status_in_words(status: int | None) -> str:
    return _signal_name(status) or str(status)
