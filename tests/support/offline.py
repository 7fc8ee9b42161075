"""No test reaches past this machine: an audit hook refuses every address that is not the loopback."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

attempts: list[str] = []
_state = {"on": False}


class OutsideError(OSError):
    """Raised at the socket, so that the code under test sees a network that is not there."""


def is_inside(host: object) -> bool:
    """Return True for this machine's own names and addresses."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or not isinstance(host, str) or host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _host_of(event: str, arguments: tuple[Any, ...]) -> object:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        return address[0] if isinstance(address, tuple) else None  # a path of a Unix socket stays inside
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        return arguments[0]
    return None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith("socket.") or not _state["on"]:
        return
    host = _host_of(event, arguments)
    if not is_inside(host):
        attempts.append(f"{event} {host}")
        raise OutsideError(f"tests have no network ({host})")


def switch_on() -> None:
    """Refuse from now on; an audit hook cannot be taken out again."""
    if not _state["on"]:
        _state["on"] = True
        sys.addaudithook(_audit)
