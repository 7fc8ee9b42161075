"""Named loggers, with everything private taken out before a line is written anywhere.

A line goes to a rotating file and to a short memory that a crash report may use. Prompts are
never logged; tokens, e-mail addresses and the home folder are replaced at the sink, so that no
caller can forget it.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import logging.handlers
import re
from pathlib import Path

ROOT = "sprout"
_KEPT_LINES = 200
_FILE_BYTES = 500_000

_PRIVATE = (
    (re.compile(r"\bhf_[A-Za-z0-9]{8,}"), "<token>"),
    (re.compile(r"(?i)\b(bearer|authorization:?)\s+\S+"), r"\1 <token>"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<e-mail>"),
    (re.compile(r"(?i)\b((?:token|key|secret|password|signature|x-amz-[a-z-]+)=)[^&\s]+"), r"\1<hidden>"),
)


def get(name: str) -> logging.Logger:
    """Return the logger of one part of the studio: `log = logs.get("store")`."""
    return logging.getLogger(f"{ROOT}.{name}")


def redact(text: str) -> str:
    """Return `text` without tokens, e-mail addresses and the path of the home folder."""
    for pattern, instead in _PRIVATE:
        text = pattern.sub(instead, text)
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class MemoryRing(logging.Handler):
    """Keep the last lines in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: collections.deque[str] = collections.deque(maxlen=_KEPT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(self.format(record))


def set_up(folder: Path | None, *, verbose: bool = False) -> MemoryRing:
    """Send the studio's log to `folder` (none: to memory only); return the memory.

    Calling it again replaces the sinks of the call before.
    """
    root = logging.getLogger(ROOT)
    tear_down()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False
    logging.raiseExceptions = False  # a full disk must not print tracebacks over the answer
    ring = MemoryRing()
    handlers: list[logging.Handler] = [ring]
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handlers.append(
                logging.handlers.RotatingFileHandler(
                    folder / "studio.log", maxBytes=_FILE_BYTES, backupCount=2, encoding="utf-8"
                )
            )
        except OSError:  # no log is better than no studio
            pass
    for handler in handlers:
        handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
    return ring


def tear_down() -> None:
    """Close every sink."""
    root = logging.getLogger(ROOT)
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        with contextlib.suppress(OSError):  # a full disk may refuse the last flush
            handler.close()
