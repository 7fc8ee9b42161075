"""What a child process does to itself before it touches a model: its pipes, its rank, its walls."""

from __future__ import annotations

import contextlib
import ctypes
import ipaddress
import os
import signal
import sys
from typing import Any, BinaryIO

_PR_SET_PDEATHSIG = 1
_NICER = 5
_FIRST_TO_GO = b"500"


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move standard input and output aside and return them: nothing but our frames may use the pipes.

    What native code prints to standard output goes to standard error from now on.
    """
    inward, outward = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - Windows only

        msvcrt.setmode(inward, os.O_BINARY)
        msvcrt.setmode(outward, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(inward, "rb"), os.fdopen(outward, "wb")


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when the thread that started it ends, however busy this one is.

    Elsewhere, and as a second way, the end of the pipe says so. Source: man 2 PR_SET_PDEATHSIG.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(0)


def step_back() -> None:
    """Let the window go first: for the cores, and for staying alive when memory runs out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent
    if sys.platform == "win32":
        return  # the parent starts us with a lower priority
    import resource  # noqa: PLC0415 - not on Windows

    os.nice(_NICER)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write gigabytes
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # some containers do not let us
            score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
            try:
                os.write(score, _FIRST_TO_GO)
            finally:
                os.close(score)


def wall_off() -> None:
    """Refuse every address that is not this machine: the adapter of a local model has no business there."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        place = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        place = arguments[0]
    else:
        return
    if not _is_here(place):
        raise ConnectionRefusedError("a model's process has no network")


def _is_here(place: object) -> bool:
    text = place.decode("ascii", "replace") if isinstance(place, bytes) else place
    if text in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(text).partition("%")[0]).is_loopback
    except ValueError:
        return False
