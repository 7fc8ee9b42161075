"""What parent and child say to each other: frames of a JSON header and, if wanted, raw bytes.

    "SF" | header length, 4 bytes | payload length, 4 bytes | header, JSON in ASCII | payload

Lengths are big-endian. A frame holds at most 64 MB, so that neither side can be made to set aside
more than that by a damaged or hostile other.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

MOST_BYTES = 64 * 1024 * 1024
_MARK = b"SF"
_START = struct.Struct(">2sII")


class FrameError(ValueError):
    """Report bytes that are no frame, or a frame that is too large."""


class Source(Protocol):
    """Be a stream of bytes to read from."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to `size` bytes; nothing at the end."""
        ...


@dataclass(frozen=True)
class Frame:
    """Hold one message: a header of plain data, and bytes that JSON would make large."""

    header: Mapping[str, Any]
    payload: bytes = b""


def encode(frame: Frame) -> bytes:
    """Return the bytes of a frame; raises FrameError when there are too many."""
    header = json.dumps(dict(frame.header), separators=(",", ":")).encode("ascii")
    if len(header) + len(frame.payload) > MOST_BYTES:
        raise FrameError(f"a frame of {len(header) + len(frame.payload)} bytes")
    return _START.pack(_MARK, len(header), len(frame.payload)) + header + frame.payload


def read_frame(source: Source) -> Frame | None:
    """Return the next frame; None when the stream ended, be it between two frames or inside one.

    A child that dies writes half a frame: that is an end like any other. Raises FrameError when the
    bytes are not a frame of ours.
    """
    start = _read(source, _START.size)
    if start is None:
        return None
    mark, header_bytes, payload_bytes = _START.unpack(start)
    if mark != _MARK:
        raise FrameError(f"no frame begins with {start!r}")
    if header_bytes + payload_bytes > MOST_BYTES:
        raise FrameError(f"a frame of {header_bytes + payload_bytes} bytes")
    header, payload = _read(source, header_bytes), _read(source, payload_bytes)
    if header is None or payload is None:
        return None
    return Frame(_parse(header), payload)


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a header that is not JSON: {error}") from error
    if not isinstance(header, dict):
        raise FrameError(f"a header that is a {type(header).__name__}")
    return header


def _read(source: Source, size: int) -> bytes | None:
    """Return exactly `size` bytes; None when the stream ends before."""
    parts: list[bytes] = []
    missing = size
    while missing:
        part = source.read(min(missing, 1 << 20))
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
