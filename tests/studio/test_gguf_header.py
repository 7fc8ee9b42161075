"""The bounded look at a GGUF file: what a good one says, and that no bad one takes memory, time or a crash."""

from __future__ import annotations

import functools
import json
import os
import random
import struct
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engines.checks.gguf_header import read_gguf_header, read_marks
from studio.errors import InputError
from tests.support.gguf_twin import header_bytes, mutate_gguf
from tests.support.tiny_model import tiny_gguf, tiny_model

SEED = 20261121
QUICK_S = 2.0
SMALL_BYTES = 20_000_000


@pytest.fixture(scope="module")
def good() -> bytes:
    return _good()


def small(
    path: Path, change: Callable[[gguf.GGUFWriter], None] = lambda writer: None, **wrong: object
) -> Path:
    """Write a model of two tensors; `wrong` replaces a usual value, `change` adds to it."""
    said = {"layers": 1, "hidden": 64, "heads": 4, "architecture": "llama", **wrong}
    writer = gguf.GGUFWriter(path, str(said["architecture"]))
    writer.add_block_count(said["layers"])
    writer.add_embedding_length(said["hidden"])
    writer.add_context_length(512)
    writer.add_head_count(said["heads"])
    change(writer)
    writer.add_tensor("token_embd.weight", np.ones((8, 64), np.float32))
    writer.add_tensor("blk.0.attn_q.weight", np.ones((64, 64), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_gguf_header(path)
    assert str(caught.value.what) and str(caught.value.next) and caught.value.detail
    return caught.value


def test_a_header_says_what_the_model_is() -> None:
    header = read_gguf_header(tiny_gguf())
    config = json.loads((tiny_model() / "config.json").read_text(encoding="utf-8"))
    layers, hidden, words = config["num_hidden_layers"], config["hidden_size"], config["vocab_size"]

    assert (header.architecture, header.layers, header.hidden) == ("llama", layers, hidden)
    assert (header.context, header.vocabulary) == (config["max_position_embeddings"], words)
    assert (header.heads, header.key_heads) == (config["num_attention_heads"], config["num_key_value_heads"])
    assert header.cache_values == layers * config["num_key_value_heads"] * 2 * config["head_dim"]
    assert header.quantisation == "F16" and set(header.types) == {"F16", "F32"}
    assert header.tied and header.causal and header.pooling is None and not header.has_vision
    assert header.chat_template is not None and "<|im_start|>" in header.chat_template
    assert header.file_bytes == tiny_gguf().stat().st_size > header.tensor_bytes
    assert header.embedding_parameters == words * hidden
    norms = (2 * layers + 1) * hidden
    assert header.parameters == header.embedding_parameters + header.matrix_parameters + norms


def test_the_numbers_agree_with_the_safetensors_folder() -> None:
    from safetensors import safe_open

    with safe_open(tiny_model() / "model.safetensors", "np") as file:
        parameters = sum(int(np.prod(file.get_slice(name).get_shape())) for name in file.keys())  # noqa: SIM118
    assert read_gguf_header(tiny_gguf("Q8_0")).parameters == parameters
    assert read_gguf_header(tiny_gguf("Q8_0")).quantisation == "Q8_0"


def test_marks_are_read_by_their_ids() -> None:
    header = read_gguf_header(tiny_gguf())
    marks = read_marks(header)
    assert marks == {0: "<|endoftext|>", 1: "<|im_start|>", 2: "<|im_end|>"}
    assert (header.start_id, header.end_id) == (1, 2)


def test_a_large_vocabulary_is_read_quickly(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(40_000)]

    def add(writer: gguf.GGUFWriter) -> None:
        writer.add_token_list(words)
        writer.add_token_types([1] * len(words))
        writer.add_token_merges([f"{word} {word}" for word in words])

    path = small(tmp_path / "large.gguf", add)
    tracemalloc.start()
    header = read_gguf_header(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert header.vocabulary == 40_000
    assert peak < path.stat().st_size / 2  # walked over in blocks, never held as a whole


def test_a_model_for_embeddings_says_so(tmp_path: Path) -> None:
    path = small(tmp_path / "e.gguf", lambda writer: writer.add_pooling_type(gguf.PoolingType.CLS))
    assert read_gguf_header(path).pooling == 2


def test_heads_of_each_layer(tmp_path: Path) -> None:
    def add(writer: gguf.GGUFWriter) -> None:
        writer.add_head_count_kv([2])

    header = read_gguf_header(small(tmp_path / "h.gguf", add))
    assert header.key_heads == 2 and header.cache_values == 2 * 2 * 16


# ------------------------------------------------------------ refused


def replaced(data: bytes, place: int, value: bytes) -> bytes:
    return data[:place] + value + data[place + len(value) :]


HUGE = struct.pack("<Q", 1 << 40)
LIES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "three letters": lambda data: b"GGU",
    "another format": lambda data: b"PK\x03\x04" + data[4:],
    "version 1": lambda data: replaced(data, 4, struct.pack("<I", 1)),
    "other byte order": lambda data: replaced(data, 4, struct.pack(">I", 3)),
    "tensors": lambda data: replaced(data, 8, HUGE),
    "values": lambda data: replaced(data, 16, HUGE),
    "length of a name": lambda data: replaced(data, 24, HUGE),
    "length of the token list": lambda data: _at(data, b"tokenizer.ggml.tokens", 8, HUGE),
    "length of a token": lambda data: _at(data, b"tokenizer.ggml.tokens", 16, HUGE),
    "type of the token list": lambda data: _at(data, b"tokenizer.ggml.tokens", 4, struct.pack("<I", 9)),
    "type of a value": lambda data: _at(data, b"llama.block_count", 0, struct.pack("<I", 99)),
    "layers": lambda data: _at(data, b"llama.block_count", 4, struct.pack("<I", 1 << 30)),
    "fewer layers than tensors": lambda data: _at(data, b"llama.block_count", 4, struct.pack("<I", 1)),
    "not a number": lambda data: _at(data, b"llama.rope.freq_base", 4, struct.pack("<f", float("nan"))),
    "sizes of a tensor": lambda data: _at(data, b"blk.0.attn_q.weight", 4, HUGE),
    "size zero": lambda data: _at(data, b"blk.0.attn_q.weight", 4, bytes(8)),
    "dimensions": lambda data: _at(data, b"blk.0.attn_q.weight", 0, struct.pack("<I", 5)),
    "type of a tensor": lambda data: _at(data, b"blk.0.attn_q.weight", 20, struct.pack("<I", 250)),
    "place of a tensor": lambda data: _at(data, b"blk.0.attn_q.weight", 24, HUGE),
    "end of the file": lambda data: data[:-200_000],
    "end in the header": lambda data: data[:5000],
    "the same name twice": lambda data: data.replace(b"llama.context_length", b"llama.embedding_leng", 1).replace(
        b"llama.embedding_length", b"llama.embedding_lengX", 1
    ),
}  # fmt: skip


def _at(data: bytes, name: bytes, after: int, value: bytes) -> bytes:
    """Replace what stands so many bytes after a name."""
    return replaced(data, data.index(name) + len(name) + after, value)


@pytest.mark.parametrize("lie", LIES)
def test_a_header_that_lies_is_refused(lie: str, good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "lie.gguf"
    path.write_bytes(LIES[lie](good))
    tracemalloc.start()
    error = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < SMALL_BYTES
    assert "GGUF" in error.detail


def test_lists_of_tokens_must_have_the_same_length(tmp_path: Path) -> None:
    def add(writer: gguf.GGUFWriter) -> None:
        writer.add_token_list(["a", "b", "c"])
        writer.add_token_types([1, 1])

    assert "token_type" in refused(small(tmp_path / "t.gguf", add)).detail


def test_a_file_without_weights_is_refused(tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(tmp_path / "v.gguf", "llama")
    writer.add_block_count(1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    assert "weights" in str(refused(tmp_path / "v.gguf"))


def test_a_split_model_needs_all_its_parts(tmp_path: Path) -> None:
    def split(number: int) -> Callable[[gguf.GGUFWriter], None]:
        def add(writer: gguf.GGUFWriter) -> None:
            writer.add_uint16("split.count", 2)
            writer.add_uint16("split.no", number)

        return add

    first = small(tmp_path / "big-00001-of-00002.gguf", split(0))
    assert "not all" in str(refused(first))

    small(tmp_path / "big-00002-of-00002.gguf", split(1))
    header = read_gguf_header(first)
    assert [part.name[-13:] for part in header.parts] == ["-of-00002.gguf"[-13:]] * 2
    assert header.file_bytes == 2 * first.stat().st_size

    assert "name" in refused(first.rename(tmp_path / "renamed.gguf")).detail


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_gguf_header(tmp_path / "gone.gguf")


# ------------------------------------------------------------ damage by chance


def check_damaged(data: bytes, path: Path) -> bool:
    """Look at damaged bytes; True when they were refused. Anything but InputError fails the test."""
    path.write_bytes(data)
    began = time.process_time()
    try:
        header = read_gguf_header(path)
        read_marks(header)
    except InputError as error:
        assert error.detail
        return True
    finally:
        assert time.process_time() - began < QUICK_S
    return False


@pytest.mark.parametrize("count", [25, pytest.param(500, marks=pytest.mark.slow)])
def test_damage_by_chance_is_refused_or_harmless(count: int, good: bytes, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    results = [check_damaged(mutate_gguf(good, chance), tmp_path / "m.gguf") for _ in range(count)]
    assert 0.3 * count < sum(results) < count  # damage in the numbers themselves is not for the header to see


@settings(max_examples=40)
@given(st.data())
def test_any_few_bytes_may_change(data: st.DataObject) -> None:
    good = _good()
    place = data.draw(st.integers(0, header_bytes(good)))
    changed = replaced(good, place, data.draw(st.binary(min_size=1, max_size=16)))
    check_damaged(changed, _scratch())


@given(st.binary(max_size=400))
def test_any_bytes_after_the_magic(tail: bytes) -> None:
    assert check_damaged(b"GGUF\x03\x00\x00\x00" + tail, _scratch())


@functools.cache
def _good() -> bytes:
    return tiny_gguf().read_bytes()


def _scratch() -> Path:
    return Path(tempfile.gettempdir()) / f"sprout-gguf-{os.getpid()}.gguf"


@pytest.fixture(scope="module", autouse=True)
def _no_scratch_left():
    yield
    _scratch().unlink(missing_ok=True)
