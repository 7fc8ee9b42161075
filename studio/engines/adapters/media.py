"""Pictures and sounds from files, read with limits."""

from __future__ import annotations

import importlib.util
import wave
from pathlib import Path
from typing import Any

import numpy as np

from studio.errors import InputError, MissingError
from studio.phrases import phrase

MAX_FILE_BYTES = 100_000_000
MAX_PIXELS = 50_000_000
MAX_SOUND_S = 3600
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

Sound = np.ndarray[Any, np.dtype[np.float32]]


def read_picture(path: Path) -> Any:
    """Return the picture of a file as a Pillow image in RGB.

    Raises MissingError without Pillow, InputError for what is no picture of a known format or too large.
    """
    if importlib.util.find_spec("PIL") is None:
        raise MissingError(
            phrase("The part that opens pictures (Pillow) is not installed."),
            kept=phrase("Everything else works."),
            next=phrase("Ask a grown-up to run the set-up again."),
        )
    from PIL import Image, ImageOps  # noqa: PLC0415 - an optional part

    _look_at(path)
    try:
        with Image.open(path, formats=PICTURE_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InputError(
                    phrase("This picture is too large."), next=phrase("Make it smaller and try again.")
                )
            return ImageOps.exif_transpose(image).convert("RGB")
    except InputError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise InputError(
            phrase("This file is not a picture that can be opened."),
            next=phrase("Choose a PNG, JPEG or WEBP picture."),
            detail=str(error),
        ) from error


def read_sound(path: Path, rate: int) -> Sound:
    """Return a WAV file as one channel, float32 from -1 to 1, at `rate` samples per second."""
    _look_at(path)
    try:
        with wave.open(str(path), "rb") as sound:
            if sound.getnframes() > MAX_SOUND_S * sound.getframerate():
                raise InputError(
                    phrase("This recording is longer than an hour."), next=phrase("Choose a shorter one.")
                )
            frames = sound.readframes(sound.getnframes())
            channels, width, had = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
        samples = _to_float(frames, width).reshape(-1, channels).mean(axis=1)
    except InputError:
        raise
    except (wave.Error, EOFError, OSError, ValueError, ZeroDivisionError) as error:
        raise InputError(
            phrase("This file is not a sound that can be opened."),
            next=phrase("Choose a recording in the WAV format."),
            detail=str(error),
        ) from error
    return resample(samples.astype(np.float32), had, rate)


def resample(samples: Sound, had: int, wanted: int) -> Sound:
    """Return the samples at another rate: averaged first where it becomes lower, then on straight lines."""
    if had == wanted or not len(samples):
        return samples
    if had > wanted:
        # A moving average over one new sample takes most of what the lower rate cannot hold.
        width = max(round(had / wanted), 1)
        samples = np.convolve(samples, np.full(width, 1 / width, dtype=np.float32), mode="same")
    count = max(round(len(samples) * wanted / had), 1)
    places = np.arange(count) * (had / wanted)
    resampled: Sound = np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
    return resampled


def quiet_cuts(samples: Sound, rate: int, longest_s: float) -> list[Sound]:
    """Return the sound in parts of at most `longest_s`, each cut at the quietest moment of its last fifth."""
    most, window = int(longest_s * rate), max(rate // 20, 1)
    parts, start = [], 0
    while len(samples) - start > most:
        first = start + most * 4 // 5
        loudness = np.convolve(np.abs(samples[first : start + most]), np.ones(window), mode="valid")
        cut = first + int(loudness.argmin()) + window // 2
        parts.append(samples[start:cut])
        start = cut
    return [*parts, samples[start:]]


def _look_at(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(
            phrase("The file is not there any more."), next=phrase("Choose another file."), detail=str(error)
        ) from error
    if size > MAX_FILE_BYTES or not path.is_file():
        raise InputError(phrase("This file is too large."), next=phrase("Choose a smaller file."))


def _to_float(frames: bytes, width: int) -> Sound:
    """Return the numbers of a WAV file, whose samples have 1 (unsigned), 2, 3 or 4 bytes."""
    if width == 1:
        numbers = np.frombuffer(frames, np.uint8) / 128 - 1
    elif width == 3:
        parts = np.frombuffer(frames, np.uint8).reshape(-1, 3)
        numbers = np.pad(parts, ((0, 0), (1, 0))).reshape(-1).view("<i4") / 2**31
    elif width in (2, 4):
        numbers = np.frombuffer(frames, f"<i{width}") / 2 ** (8 * width - 1)
    else:
        raise ValueError(f"samples of {width} bytes")
    return numbers.astype(np.float32)
