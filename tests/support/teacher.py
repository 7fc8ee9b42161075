"""A small teacher for the classifier block: examples in, a model of version 1 out, numpy only.

It says in Python what resources/runtime/blocks/classifier.js says in the page: the same runs of words and letters, the
same 28 x 28 dots, the same chances. docs/interfaces.md describes the model.
"""

from __future__ import annotations

import base64
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Strokes = Sequence[Sequence[Sequence[float]]]
Floats = NDArray[np.float64]

SIDE = 28
_DRAWN = 20
_THICK = 1.5
_MOST_READ = 2000
_GAPS = re.compile("[\0-\x20\xa0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+")
_MARKS = re.compile("[\0-/:-@\\[-`{-\xbf\u2000-\u206f\u3000-\u303f\ufeff]+")


def word_features(text: str, *, bits: int, words: int, letters: tuple[int, int]) -> Floats:
    """Return the hashed runs of words and letters of a text: float64 [2 ** bits], of length 1."""
    clean = _GAPS.sub(" ", unicodedata.normalize("NFKC", text[:_MOST_READ]).lower())
    tokens = [one for one in _MARKS.split(clean) if one]
    padded = f" {clean.removeprefix(' ').removesuffix(' ')} "
    mask = 2**bits - 1
    found = {
        _hashed(1, " ".join(tokens[i : i + n]), mask)
        for n in range(1, words + 1)
        for i in range(len(tokens) - n + 1)
    }
    found |= {
        _hashed(2, padded[i : i + n], mask)
        for n in range(letters[0], letters[1] + 1)
        for i in range(len(padded) - n + 1)
    }
    features = np.zeros(2**bits)
    features[sorted(found)] = 1 / math.sqrt(max(1, len(found)))
    return features


def drawing_features(strokes: Strokes) -> Floats:
    """Return a drawing as grey dots: float64 [784], row by row, of length 1; points are [x, y] in percent."""
    points = np.array([point for stroke in strokes for point in stroke], dtype=float)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _DRAWN / max(*(high - low), 1)
    dots = np.stack(np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5), axis=-1)
    ink = np.zeros((SIDE, SIDE))
    for stroke in strokes:
        fitted = SIDE / 2 + (np.array(stroke, dtype=float) - (low + high) / 2) * scale
        for start, end in zip(fitted[[0, *range(len(fitted) - 1)]], fitted, strict=True):
            go = end - start
            long = float(go @ go)
            along = np.clip((dots - start) @ go / long, 0, 1)[..., None] if long else 0.0
            away = np.sqrt(((dots - start - along * go) ** 2).sum(axis=-1))
            ink = np.maximum(ink, np.minimum(1, _THICK - away))
    flat: Floats = ink.reshape(-1)
    return flat / (math.sqrt(float(flat @ flat)) or 1)


def features(model: Mapping[str, Any], what: Any) -> Floats:
    """Return what the model looks at: words for a text, dots for strokes."""
    if model["input"] == "drawing":
        return drawing_features(what)
    return word_features(what, bits=model["bits"], words=model["words"], letters=tuple(model["letters"]))


def chances(model: Mapping[str, Any], what: Any) -> Floats:
    """Return the chance of each label, in the order of the model."""
    weights = np.frombuffer(base64.b64decode(model["weights"]), dtype=np.int8).reshape(
        len(model["labels"]), -1
    )
    scores = np.array(model["bias"]) + np.array(model["scale"]) * (weights @ features(model, what))
    return _softmax(scores / model["temperature"])


def teach(
    examples: Mapping[str, Sequence[Any]], *, kind: str = "text", bits: int = 11, temperature: float = 1.0
) -> dict[str, Any]:
    """Learn from examples, by label, and return a model: softmax regression, weights as int8."""
    model: dict[str, Any] = {"version": 1, "input": kind, "labels": list(examples)}
    if kind == "text":
        model |= {"bits": bits, "words": 2, "letters": [2, 4]}
    rows = np.stack([features(model, one) for each in examples.values() for one in each])
    truth = np.repeat(np.eye(len(examples)), [len(each) for each in examples.values()], axis=0)
    weights, bias = np.zeros((len(examples), rows.shape[1])), np.zeros(len(examples))
    for _ in range(400):
        error = _softmax(rows @ weights.T + bias) - truth
        weights -= 4 * (error.T @ rows / len(rows) + 0.0005 * weights)
        bias -= 0.5 * error.mean(axis=0)
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    small = np.round(weights / scale[:, None]).astype(np.int8)
    return model | {
        "weights": base64.b64encode(small.tobytes()).decode(),
        "scale": [round(float(one), 8) for one in scale],
        "bias": [round(float(one), 6) for one in bias],
        "temperature": temperature,
    }


def _hashed(kind: int, run: str, mask: int) -> int:
    value = (2166136261 ^ kind) * 16777619 & 0xFFFFFFFF
    for letter in run:
        value = (value ^ ord(letter)) * 16777619 & 0xFFFFFFFF
    return (value ^ (value >> 15)) & mask


def _softmax(scores: Floats) -> Floats:
    parts: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return parts / parts.sum(axis=-1, keepdims=True)
