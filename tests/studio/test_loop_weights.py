"""Weights out of files, whole numbers for them, and the ways of multiplying."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from benchmarks.shapes import SHAPES, tensor_shapes, write_weights  # noqa: E402
from studio.engines.adapters.loop import kernels  # noqa: E402
from studio.engines.adapters.loop.assembly import settle_tie  # noqa: E402
from studio.engines.adapters.loop.calibration import cheapest_path, choose_ways  # noqa: E402
from studio.engines.adapters.loop.kernels import (  # noqa: E402
    Floats,
    Int4Copied,
    Int4Groups,
    Int8Rows,
    Scratch,
    int4_block,
    split_bytes,
)
from studio.engines.adapters.loop.model import LoopModel  # noqa: E402
from studio.engines.adapters.loop.quantise import to_4_bits, to_8_bits  # noqa: E402
from studio.engines.adapters.loop.shape import Shape, read_shape  # noqa: E402
from studio.engines.adapters.loop.weights import WeightFiles  # noqa: E402
from studio.errors import InputError  # noqa: E402
from studio.jobs import CancelToken  # noqa: E402

CONFIG = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 128,
    "max_position_embeddings": 64,
    "tie_word_embeddings": True,
}
SHAPE = read_shape(CONFIG)
assert isinstance(SHAPE, Shape)


def random_tensors(seed: int = 1) -> dict[str, Any]:
    chance = torch.Generator().manual_seed(seed)
    return {name: torch.randn(sizes, generator=chance) * 0.1 for name, sizes in SHAPE.tensors().items()}


def write(folder: Path, tensors: dict[str, Any]) -> Path:
    save_file(tensors, folder / "model.safetensors")
    return folder


def load(folder: Path, weights: str = "int8") -> LoopModel:
    return LoopModel.load(
        folder,
        CONFIG,
        weights=weights,
        context=0,
        threads=1,
        status_progress=lambda done, total: None,
        token=CancelToken(),
    )


# ------------------------------------------------------------ files


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_tensors_are_read_as_they_are_stored(tmp_path: Path, dtype: Any) -> None:
    tensors = {name: values.to(dtype) for name, values in random_tensors().items()}
    files = WeightFiles(write(tmp_path, tensors))
    files.check(SHAPE.tensors())
    for name, values in tensors.items():
        assert torch.equal(files.read(name), values)
    table = "model.embed_tokens.weight"
    assert torch.equal(files.read(table, slice(5, 9)), tensors[table][5:9])
    pieces = list(files.read_by_rows(table))
    assert torch.equal(torch.cat([piece for _, piece in pieces]), tensors[table].float())


def test_a_model_in_several_files_is_one_model(tmp_path: Path) -> None:
    tensors, places = random_tensors(), {}
    for part in range(3):
        name = f"model-{part}.safetensors"
        own = dict(list(tensors.items())[part::3])
        save_file(own, tmp_path / name)
        places |= dict.fromkeys(own, name)
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    whole = tmp_path / "whole"
    whole.mkdir()
    got, wanted = load(tmp_path, "float32"), load(write(whole, tensors), "float32")
    assert torch.equal(got.rows([1, 2, 3], 0), wanted.rows([1, 2, 3], 0))


def test_a_head_of_its_own_counts_when_it_differs(tmp_path: Path) -> None:
    tensors = random_tensors()
    table = tensors["model.embed_tokens.weight"]
    same = WeightFiles(write(tmp_path, tensors | {"lm_head.weight": table.clone()}))
    assert settle_tie(same, SHAPE).tied
    other = WeightFiles(write(tmp_path, tensors | {"lm_head.weight": table * 2}))
    assert not settle_tie(other, SHAPE).tied


def without(name: str) -> dict[str, Any]:
    tensors = random_tensors()
    del tensors[name]
    return tensors


def with_number(name: str, number: float) -> dict[str, Any]:
    tensors = random_tensors()
    tensors[name].view(-1)[-1] = number
    return tensors


DOWN = "model.layers.1.mlp.down_proj.weight"


@pytest.mark.parametrize("weights", ["float32", "bfloat16", "int8", "int4"])
@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        (without(DOWN), "missing"),
        (without("model.norm.weight"), "missing"),
        (random_tensors() | {DOWN: torch.zeros(64, 95)}, "wrong size"),
        (random_tensors() | {DOWN: torch.zeros(64, 96, dtype=torch.int64)}, "cannot be read here"),
        (with_number(DOWN, float("nan")), "numbers that are none"),
        (with_number(DOWN, float("inf")), "numbers that are none"),
        (with_number("model.embed_tokens.weight", float("nan")), "numbers that are none"),
        (with_number("model.layers.0.input_layernorm.weight", float("-inf")), "numbers that are none"),
    ],
)
def test_weights_that_cannot_be_right_are_refused(
    tmp_path: Path, tensors: dict[str, Any], words: str, weights: str
) -> None:
    with pytest.raises(InputError, match=words):
        load(write(tmp_path, tensors), weights)


def header(entries: Any, data: bytes = b"") -> bytes:
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x01",
        struct.pack("<Q", 1 << 60) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 2) + b"{x",
        header({"a": 5}),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, bytes(8)),
        header({"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}, bytes(8)),
        header({"a": {"dtype": "F32", "shape": ["2"], "data_offsets": [0, 8]}}, bytes(8)),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}, bytes(8)),
        b"\x40" + bytes(7) + b"[" * 64,
    ],
)
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(InputError, match="Get the model again"):
        WeightFiles(tmp_path)


@pytest.mark.parametrize("index", ["", "{", "[]", '{"weight_map": 5}', '{"weight_map": {"a": "../b"}}'])
def test_a_damaged_index_is_refused_in_words(tmp_path: Path, index: str) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(index)
    with pytest.raises(InputError, match="Get the model again"):
        WeightFiles(tmp_path)


def test_a_folder_without_weights_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model weights"):
        WeightFiles(tmp_path)


def test_a_file_that_is_cut_while_it_is_read_is_refused(tmp_path: Path) -> None:
    files = WeightFiles(write(tmp_path, random_tensors()))
    file = tmp_path / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-4000])
    with pytest.raises(InputError, match="ends too early"):
        for name in SHAPE.tensors():
            files.read(name)
    file.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        files.read("model.norm.weight")


# ------------------------------------------------------------ whole numbers


def spread(rows: int, columns: int) -> Any:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(5)) * 0.05


def miss(got: Any, wanted: Any) -> float:
    return float((got - wanted).norm() / wanted.norm())


def test_8_bits_come_within_half_a_step_of_each_weight() -> None:
    weights = spread(64, 200)
    codes = to_8_bits(weights.clone())
    steps = weights.abs().amax(1, keepdim=True) / 127
    # the scale keeps 8 bits itself, so the largest weights may be cut by that much
    assert bool(((codes.floats() - weights).abs() <= 0.5 * steps + 0.004 * weights.abs()).all())


def test_4_bits_are_better_than_the_least_and_largest_alone() -> None:
    weights = spread(64, 256)
    got = to_4_bits(weights).floats()
    groups = weights.view(64, -1, 32)
    low = groups.amin(2, keepdim=True)
    step = (groups.amax(2, keepdim=True) - low) / 15
    plain = (((groups - low) / step).round() * step + low).flatten(1)
    assert miss(got, weights) < 0.97 * miss(plain, weights)


@pytest.mark.parametrize("number", [0.0, 0.0123, -3.0, 1e-30])
def test_equal_weights_stay_equal(number: float) -> None:
    weights = torch.full((16, 64), number)
    for codes in (to_8_bits(weights.clone()), to_4_bits(weights)):
        assert float((codes.floats() - number).abs().max()) <= 0.004 * abs(number) + 1e-20


# ------------------------------------------------------------ ways of multiplying

TOLERANCE = {
    "straight": 1e-6,
    "unpacked": 1e-6,
    "bytes": 1e-4,
    "apart": 1e-4,
    "packed": 0.006,
    "halved": 0.006,
}
COPY = 0.012
"""What a copy in 8 bits may add to that."""


def forms() -> dict[str, Any]:
    weights, scratch = spread(192, 96), Scratch()
    return {
        "float32": Floats(weights, scratch),
        "int8": Int8Rows(to_8_bits(weights.clone()), scratch),
        "int4": Int4Groups(to_4_bits(weights.clone()), scratch),
        "int4 and int8": Int4Copied(to_4_bits(weights), scratch),
    }


@pytest.fixture(params=[True, False], ids=["halves", "floats"])
def halves(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Pretend that this machine multiplies bfloat16 faster, or that it does not."""
    monkeypatch.setattr(kernels, "halves_are_faster", lambda: request.param)
    return bool(request.param)


@pytest.mark.parametrize("form", ["float32", "int8", "int4", "int4 and int8"])
@pytest.mark.parametrize("rows", [1, 2, 5, 40])
def test_each_way_gives_the_product_with_the_dequantised_weights(form: str, rows: int, halves: bool) -> None:
    matrix = forms()[form]
    x = torch.randn(rows, 96, generator=torch.Generator().manual_seed(rows)) * 3
    x[0] *= 1e-3  # a quiet row beside loud ones
    wanted = x.double() @ matrix.dequantised().double().t()
    ways = matrix.ways(rows)
    assert form == "float32" or rows < 40 or {"halved" if halves else "unpacked"} <= ways.keys()
    for name, way in ways.items():
        got = way(x)
        assert got.dtype == torch.float32
        for got_row, wanted_row in zip(got, wanted, strict=True):
            copied = COPY if form == "int4 and int8" and name != "packed" else 0.0
            assert miss(got_row, wanted_row) < TOLERANCE[name] + copied, name


@pytest.mark.parametrize("columns", [4, 36, 72, 100])
def test_odd_widths_never_reach_the_kernel_that_reads_past_its_rows(columns: int) -> None:
    codes, x = to_8_bits(spread(50, columns)), torch.ones(3, columns)
    for scratch in (Scratch(), None):
        matrix = Int8Rows(codes, scratch)
        ways = {**matrix.ways(3), **matrix.ways(32)}
        assert "packed" not in ways and ways.pop("halved", matrix.widened)
        for way in [*ways.values(), matrix.widened, matrix.times]:
            assert miss(way(x), x @ matrix.dequantised().t()) < 1e-4


def test_bfloat16_weights_multiply_both_ways() -> None:
    matrix, x = Floats(spread(96, 64).bfloat16(), Scratch()), torch.ones(3, 64)
    wanted = x @ matrix.dequantised().t()
    assert {name: miss(way(x), wanted) < 0.006 for name, way in matrix.ways(3).items()} == {
        "straight": True,
        "unpacked": True,
    }


def test_split_activations_keep_16_bits() -> None:
    x = torch.tensor([[1.0, -1.0, 0.5, 1e-4, 0.0], [0.0] * 5, [-7e5, 7e5, 3.0, -40.0, 1.0]])
    for rows in (x, x.repeat(5, 1)):
        halves, worth = split_bytes(rows)
        low, high = halves.float().split(len(rows))
        assert bool(((low + 256 * high) * worth - rows).abs().le(0.51 * worth).all())


def test_the_order_of_4_bit_codes_is_known_here() -> None:
    assert int4_block() in (16, 32, 64, 128), "many rows go through the slow kernel on this machine"


def test_whichever_way_wins_each_number_of_rows_has_one() -> None:
    matrix = forms()["int8"]
    choose_ways([matrix, matrix])
    ways = {name for count in (1, 2, 256) for name in matrix.ways(count)}
    assert len(matrix.choice) == 257 and set(matrix.choice) <= ways
    assert matrix.times(torch.ones(300, 96)).shape == (300, 192)


FEW, MORE, MANY = "packed", "bytes", "halved"
TRUE_COSTS = [
    {FEW: 1.0, MORE: 1.3},
    {FEW: 1.2, MORE: 1.3},
    {FEW: 2.4, MORE: 1.4},
    {FEW: 4.8, MORE: 1.6, MANY: 2.5},
    {MORE: 3.2, MANY: 2.6},
]


def test_each_number_of_rows_takes_what_was_quickest() -> None:
    assert cheapest_path(TRUE_COSTS, [FEW, MORE, MANY]) == [FEW, FEW, MORE, MORE, MANY]
    assert cheapest_path(TRUE_COSTS[:1], [FEW, MORE]) == [FEW]


@pytest.mark.parametrize("place", range(len(TRUE_COSTS)))
@pytest.mark.parametrize("name", [FEW, MORE, MANY])
def test_one_disturbed_measurement_costs_little(place: int, name: str) -> None:
    measured = [dict(row) for row in TRUE_COSTS]
    if name not in measured[place]:
        return
    measured[place][name] *= 2.5
    path = cheapest_path(measured, [FEW, MORE, MANY])
    lost = [row[way] / min(row.values()) for row, way in zip(TRUE_COSTS, path, strict=True)]
    # one number of rows may get its second best way, never all that come after it
    assert sum(value > 1.1 for value in lost) <= 1 and max(lost) < 2


# ------------------------------------------------------------ shapes of the benchmark


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_have_the_tensors_that_the_forward_pass_asks_for(name: str) -> None:
    shape = read_shape(SHAPES[name].config())
    assert isinstance(shape, Shape) and dict(tensor_shapes(SHAPES[name])) == shape.tensors()
    assert shape.parameters == {"smollm2-135m": 134_515_008, "smollm2-360m": 361_821_120}.get(
        name, 494_032_768
    )


def test_a_written_shape_loads(tmp_path: Path) -> None:
    small = SHAPES["qwen2.5-0.5b"].__class__("qwen2", 64, 96, 2, 4, 2, 256, 200, 64, 1e4, 1e-6, False)
    write_weights(small, tmp_path, shards=2, seed=1)
    config = small.config()
    model = LoopModel.load(
        tmp_path,
        config,
        weights="int4",
        context=0,
        threads=1,
        status_progress=lambda done, total: None,
        token=CancelToken(),
    )
    assert bool(model.rows([1, 2, 3], 0).isfinite().all()) and model.vocabulary == 256
