"""Frames: what goes in comes out, and a cut or foreign stream ends in words, never in a surprise."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engines.base import Generation, Loaded, Usage, from_plain, to_plain
from studio.engines.failures import as_studio_error, from_frame, to_frame
from studio.engines.frames import MOST_BYTES, Frame, FrameError, encode, read_frame
from studio.errors import BlockedError, CancelledError, EngineError, InputError, MissingError, StudioError
from studio.phrases import phrase

PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.text())
)
FRAMES = st.builds(Frame, st.dictionaries(st.text(), PLAIN, max_size=4), st.binary(max_size=200))


class Trickle(io.RawIOBase):
    """A stream that gives one byte at a time, as a slow pipe may."""

    def __init__(self, raw: bytes) -> None:
        self._stream = io.BytesIO(raw)

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(min(size, 1))


@settings(max_examples=40)
@given(st.lists(FRAMES, max_size=3))
def test_frames_come_out_as_they_went_in(frames: list[Frame]) -> None:
    stream = Trickle(b"".join(encode(frame) for frame in frames))

    assert [read_frame(stream) for _ in frames] == frames
    assert read_frame(stream) is None


@settings(max_examples=60)
@given(FRAMES, FRAMES, st.data())
def test_a_cut_stream_ends_after_its_last_whole_frame(
    first: Frame, second: Frame, data: st.DataObject
) -> None:
    whole, half = encode(first), encode(second)
    cut = data.draw(st.integers(0, len(half) - 1))
    stream = io.BytesIO(whole + half[:cut])

    assert read_frame(stream) == first
    assert read_frame(stream) is None


@given(st.binary(min_size=10, max_size=200))
def test_foreign_bytes_are_an_error_or_an_end(raw: bytes) -> None:
    try:
        frame = read_frame(io.BytesIO(raw))
    except FrameError:
        return
    assert frame is None or raw.startswith(b"SF")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"noise on the pipe", id="noise"),
        pytest.param(struct.pack(">2sII", b"SF", MOST_BYTES, 1), id="too large"),
        pytest.param(struct.pack(">2sII", b"SF", 2**32 - 1, 2**32 - 1), id="as large as can be written"),
        pytest.param(struct.pack(">2sII", b"SF", 2, 0) + b"[]", id="a header that is a list"),
        pytest.param(struct.pack(">2sII", b"SF", 2, 0) + b"{,", id="a header that is not JSON"),
        pytest.param(struct.pack(">2sII", b"SF", 2, 0) + b"\xff\xfe", id="a header that is not text"),
        pytest.param(struct.pack(">2sII", b"SF", 200_000, 0) + b"[" * 200_000, id="a header without end"),
    ],
)
def test_what_is_no_frame_is_refused(raw: bytes) -> None:
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(raw))


def test_a_frame_that_is_too_large_is_not_sent() -> None:
    with pytest.raises(FrameError):
        encode(Frame({}, bytes(MOST_BYTES)))


# ------------------------------------------------------------ what travels in them


def test_records_survive_the_journey() -> None:
    loaded = Loaded(
        engine="fake",
        architecture="pretend",
        tasks=("chat", "embed"),
        device="cpu",
        device_reason=phrase("There is {count} core.", count=1),
        weights="int8",
        context=2048,
        parameters=7,
        load_s=1.5,
        notes=(phrase("Slow disk."),),
    )
    generation = Generation(
        "Hi \ud800 😀", "stop", Usage(prompt_tokens=3, prompt_s=0.25), notes=(phrase("Cut."),)
    )

    for record in (loaded, generation):
        frame = read_frame(io.BytesIO(encode(Frame({"result": to_plain(record)}))))
        assert frame is not None
        assert from_plain(type(record), frame.header["result"]) == record


@pytest.mark.parametrize("kind", [InputError, MissingError, BlockedError, EngineError])
def test_errors_keep_their_kind_and_words(kind: type[StudioError]) -> None:
    error = kind(phrase("No {thing}.", thing="bike"), kept="All is kept.", next="Walk.", detail="flat tyre")
    frame = read_frame(io.BytesIO(encode(Frame(to_frame(error)))))
    assert frame is not None

    back = from_frame(frame.header)

    assert type(back) is kind
    assert (back.phrases, back.detail) == (error.phrases, "flat tyre")
    assert str(back) == "No bike. All is kept. Walk."


def test_an_engine_error_keeps_its_cause_and_text_and_stop_stays_stop() -> None:
    error = from_frame(to_frame(EngineError("Oh.", cause="crashed", text="Once upon")))

    assert isinstance(error, EngineError)
    assert (error.cause, error.text) == ("crashed", "Once upon")
    assert isinstance(from_frame(to_frame(CancelledError())), CancelledError)


@pytest.mark.parametrize(
    ("raised", "cause"),
    [
        (MemoryError(), "memory"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), "memory"),
        (type("OutOfMemoryError", (RuntimeError,), {})("GPU 0"), "memory"),
        (RuntimeError("shapes do not match"), "failed"),
        (KeyError("weights"), "failed"),
    ],
)
def test_anything_else_becomes_an_engine_error_with_a_cause(raised: Exception, cause: str) -> None:
    error = as_studio_error(raised)

    assert isinstance(error, EngineError)
    assert error.cause == cause
    assert type(raised).__name__ in error.detail
    assert type(raised).__name__ not in str(error)
