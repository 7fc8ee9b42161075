"""The models of this computer: found where they lie, described without loading, damaged ones with a reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.engines import description
from studio.engines.remote_servers import RemoteServer
from studio.engines.shelf import ModelShelf, hub_cache
from studio.errors import NotFoundError
from studio.paths import Paths
from tests.support.fake_model import fake_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LLAMA = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 16, "vocab_size": 32,
    "max_position_embeddings": 128, "hidden_act": "silu", "rms_norm_eps": 1e-5, "tie_word_embeddings": True,
}  # fmt: skip
BERT = {**LLAMA, "architectures": ["BertModel"], "model_type": "bert"}
TENSORS = {"model.embed_tokens.weight": (32, 8), "model.norm.weight": (8,)} | {
    f"model.layers.{layer}.{name}.weight": shape
    for layer in range(2)
    for name, shape in {
        "self_attn.q_proj": (8, 8), "self_attn.k_proj": (4, 8), "self_attn.v_proj": (4, 8),
        "self_attn.o_proj": (8, 8), "mlp.gate_proj": (16, 8), "mlp.up_proj": (16, 8), "mlp.down_proj": (8, 16),
        "input_layernorm": (8,), "post_attention_layernorm": (8,),
    }.items()
}  # fmt: skip


def write_tensors(path: Path, tensors: dict[str, tuple[int, ...]]) -> None:
    header, data = {}, b""
    for name, shape in tensors.items():
        raw = np.zeros(shape, dtype=np.float16).tobytes()
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def write_model(folder: Path, config: dict | None = None, **side_files: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config or LLAMA), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}', encoding="utf-8")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    write_tensors(folder / "model.safetensors", TENSORS)
    for name, value in side_files.items():
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


class Place:
    """Hold a shelf over a Hub cache and a home of its own."""

    def __init__(self, tmp_path: Path) -> None:
        self.hub = tmp_path / "hub"
        self.paths = Paths.under(tmp_path / "home")
        self.shelf = self.again()

    def again(self) -> ModelShelf:
        return ModelShelf(self.paths, hub=self.hub)

    def in_hub(self, ref: str, config: dict | None = None, commit: str = COMMIT) -> Path:
        """Lay a model down as huggingface_hub does: files in blobs, links in a snapshot."""
        top = self.hub / f"models--{ref.replace('/', '--')}"
        whole, snapshot = write_model(top / "whole", config), top / "snapshots" / commit
        (top / "blobs").mkdir()
        (top / "refs").mkdir()
        (top / "refs" / "main").write_text(commit)
        snapshot.mkdir(parents=True)
        for number, path in enumerate(sorted(whole.iterdir())):
            blob = top / "blobs" / f"{number}"
            path.rename(blob)
            (snapshot / path.name).symlink_to(os.path.relpath(blob, snapshot))
        whole.rmdir()
        return snapshot

    def refs(self) -> list[str]:
        return [model.ref for model in self.shelf.models()]


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


# ------------------------------------------------------------ where models lie


def test_an_empty_computer_has_no_models(place):
    assert place.shelf.models() == ()
    with pytest.raises(NotFoundError, match="no models on this computer yet"):
        place.shelf.resolve("anything")


def test_models_of_the_hub_and_of_the_studio_are_found(place):
    snapshot = place.in_hub("owner/Frog-135M")
    write_model(place.paths.models / "my-frog")
    fake_model(place.paths.models, "Hi", name="pretend")
    (place.hub / "datasets--owner--data").mkdir()
    (place.hub / "version.txt").write_text("1")
    assert place.refs() == ["my-frog", "owner/Frog-135M", "pretend.fake.json"]
    files = place.shelf.resolve("owner/Frog-135M")
    assert (files.format, files.path, files.revision) == ("safetensors", str(snapshot), COMMIT)
    assert files.size_bytes == (snapshot / "model.safetensors").stat().st_size
    assert files.name == "Frog-135M"


def test_the_snapshot_of_the_main_branch_counts(place):
    place.in_hub("owner/frog")
    other = place.hub / "models--owner--frog" / "snapshots" / ("f" * 40)
    write_model(other)
    assert place.shelf.resolve("owner/frog").revision == COMMIT
    (place.hub / "models--owner--frog" / "refs" / "main").write_text("f" * 40)
    assert place.shelf.resolve("owner/frog").revision == "f" * 40
    (place.hub / "models--owner--frog" / "refs" / "main").write_text("../../../..")
    assert place.shelf.resolve("owner/frog").revision in (COMMIT, "f" * 40)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HF_HUB_CACHE": "/a/hub", "HF_HOME": "/b"}, "/a/hub"),
        ({"HUGGINGFACE_HUB_CACHE": "/c"}, "/c"),
        ({"HF_HOME": "/b"}, "/b/hub"),
        ({"XDG_CACHE_HOME": "/d"}, "/d/huggingface/hub"),
        ({"HF_HOME": "$SOMEWHERE/hf", "SOMEWHERE": "/e"}, "/e/hf/hub"),
        ({}, "/home/kid/.cache/huggingface/hub"),
    ],
)
def test_the_variables_of_the_hub_are_honoured(monkeypatch, variables, expected):
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/kid")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert hub_cache() == Path(expected)


def test_the_library_of_the_hub_says_the_same_and_is_not_imported_here(tmp_path):
    program = (
        "import sys\nfrom studio.engines import shelf\nours = shelf.hub_cache()\n"
        "print(sorted({'huggingface_hub', 'torch', 'transformers'} & set(sys.modules)))\n"
        "from huggingface_hub import constants\nprint(str(ours) == constants.HF_HUB_CACHE)"
    )
    for variables in ({"HF_HOME": str(tmp_path / "x")}, {"XDG_CACHE_HOME": str(tmp_path / "y")}, {}):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "XDG_"))}
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**kept, **variables},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split("\n")[:2] == ["[]", "True"]


# ------------------------------------------------------------ what a model is


def test_a_description_counts_parameters_and_the_cache(place):
    place.in_hub("owner/frog")
    shape = place.shelf.find("owner/frog").shape
    layers = 2 * (8 * 8 + 4 * 8 + 4 * 8 + 8 * 8 + 16 * 8 + 16 * 8 + 8 * 16)
    assert (shape.embedding, shape.matrices, shape.others) == (32 * 8, layers, 5 * 8)
    assert shape.parameters == 32 * 8 + layers + 5 * 8
    assert (shape.tied, shape.layers, shape.hidden, shape.context) == (True, 2, 8, 128)
    assert shape.cache_values == 2 * 2 * 2 * 2


@pytest.mark.parametrize(
    ("config", "tasks", "own_loop"),
    [
        (LLAMA, ("chat", "complete"), True),
        ({**LLAMA, "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2"}, ("chat", "complete"), True),
        ({**LLAMA, "hidden_act": "gelu"}, ("chat", "complete"), False),
        (
            {**LLAMA, "architectures": ["MistralForCausalLM"], "model_type": "mistral"},
            ("chat", "complete"),
            False,
        ),
        (BERT, ("embed",), False),
        ({**BERT, "architectures": ["BertForMaskedLM"]}, ("fill_mask",), False),
        ({**BERT, "architectures": ["BertForSequenceClassification"]}, ("classify_text",), False),
        (
            {
                **BERT,
                "architectures": ["BertForSequenceClassification"],
                "label2id": {"ENTAILMENT": 0, "neutral": 1},
            },
            ("zero_shot", "classify_text"),
            False,
        ),
        ({**BERT, "architectures": ["BertForTokenClassification"]}, ("classify_tokens",), False),
        ({**BERT, "architectures": ["BertForQuestionAnswering"]}, ("answer_question",), False),
    ],
)
def test_a_class_says_what_a_model_was_made_for(place, config, tasks, own_loop):
    place.in_hub("owner/model", config)
    found = place.shelf.find("owner/model")
    assert (found.tasks, found.own_loop) == (tasks, own_loop)
    assert found.reason is None
    assert found.has_chat_template


def test_names_say_who_writes_code(place):
    write_model(place.paths.models / "frog-coder-0.5b")
    write_model(place.paths.models / "encoder-frog")
    assert [model.code for model in place.shelf.models()] == [False, True]


# ------------------------------------------------------------ damage


def broken_link(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("../../blobs/gone")


def half_of_the_parts(folder: Path) -> None:
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def an_index_that_points_away(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "secret.safetensors")
    index = {"weight_map": {"a": "../damaged/secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def only_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def code_in_the_config(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({**LLAMA, "auto_map": {"AutoModel": "modeling.Evil"}}))


def nonsense_in_the_config(folder: Path) -> None:
    (folder / "config.json").write_text("[" * 100_000)


def a_long_header(folder: Path) -> None:
    raw = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes((2**40).to_bytes(8, "little") + raw[8:])


def cut_short(folder: Path) -> None:
    raw = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(raw[: len(raw) // 2])


def header_of(folder: Path, header: object) -> None:
    text = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text)


def a_header_that_is_a_list(folder: Path) -> None:
    header_of(folder, [])


def no_tensors(folder: Path) -> None:
    header_of(folder, {})


def a_size_below_nothing(folder: Path) -> None:
    header_of(folder, {"a": {"dtype": "F16", "shape": [-1, 4], "data_offsets": [0, 0]}})


def a_size_beyond_all_numbers(folder: Path) -> None:
    header_of(folder, {"a": {"dtype": "F16", "shape": [10**400], "data_offsets": [0, 0]}})


@pytest.mark.parametrize(
    "damage",
    [
        broken_link, half_of_the_parts, an_index_that_points_away, only_pickle, no_weights, code_in_the_config,
        nonsense_in_the_config, a_long_header, cut_short, a_header_that_is_a_list, no_tensors,
        a_size_below_nothing, a_size_beyond_all_numbers,
    ],
)  # fmt: skip
def test_a_damaged_model_is_listed_with_its_reason_and_spoils_nothing(place, damage):
    folder = write_model(place.paths.models / "damaged")
    write_model(place.paths.models / "sound")
    damage(folder)
    damaged, sound = place.shelf.models()
    assert (damaged.ref, sound.ref, sound.reason) == ("damaged", "sound", None)
    assert str(damaged.reason).endswith(".")
    assert not {"{", "Error", "Traceback"} & set(str(damaged.reason).split())


def test_a_damaged_gguf_file_is_listed_with_its_reason(place):
    place.paths.models.mkdir(parents=True)
    (place.paths.models / "frog.gguf").write_bytes(b"GGUF" + bytes(50))
    (model,) = place.shelf.models()
    assert (model.ref, model.name, model.format, model.size_bytes) == ("frog.gguf", "frog", "gguf", 54)
    assert model.reason is not None


def test_picture_readers_and_later_parts_are_no_models_of_their_own(place):
    place.paths.models.mkdir(parents=True)
    for name in ("mmproj-frog.gguf", "frog-00002-of-00002.gguf", "frog-00001-of-00002.gguf", ".hidden.gguf"):
        (place.paths.models / name).write_bytes(b"GGUF" + bytes(50))
    assert place.refs() == ["frog-00001-of-00002.gguf"]


# ------------------------------------------------------------ finding


def test_a_model_is_found_by_a_part_of_its_name_that_only_one_has(place):
    place.in_hub("owner/SmolFrog-135M-Instruct")
    place.in_hub("owner/SmolFrog-360M-Instruct")
    place.in_hub("other/toad")
    assert place.shelf.find("360m").ref == "owner/SmolFrog-360M-Instruct"
    assert place.shelf.find("TOAD").ref == "other/toad"
    with pytest.raises(NotFoundError, match="More than one") as caught:
        place.shelf.find("smolfrog")
    assert "owner/SmolFrog-135M-Instruct, owner/SmolFrog-360M-Instruct" in str(caught.value)
    with pytest.raises(NotFoundError, match="Did you mean: other/toad"):
        place.shelf.find("toat")
    with pytest.raises(NotFoundError, match="sprout models list"):
        place.shelf.find("xyzzy")
    with pytest.raises(NotFoundError):
        place.shelf.find("")


def test_a_whole_name_goes_before_a_part_of_one(place):
    place.in_hub("owner/frog")
    place.in_hub("owner/frog-big")
    assert place.shelf.find("frog").ref == "owner/frog"


def test_a_path_is_a_name_too_and_one_of_the_list_keeps_its_own(place, tmp_path, monkeypatch):
    elsewhere = write_model(tmp_path / "elsewhere" / "newt")
    found = place.shelf.find(str(elsewhere))
    assert (found.ref, found.name, found.reason) == (str(elsewhere), "newt", None)
    snapshot = place.in_hub("owner/frog")
    assert place.shelf.find(str(snapshot)).ref == "owner/frog"
    script = fake_model(tmp_path / "elsewhere", "Hi").path
    assert place.shelf.resolve(script).format == "fake"
    monkeypatch.chdir(tmp_path)
    assert place.shelf.find("elsewhere/newt").path == str(elsewhere)
    for none in (str(tmp_path), str(elsewhere / "config.json")):
        with pytest.raises(NotFoundError):
            place.shelf.find(none)


def test_remote_models_come_last_and_have_their_own_names(place, tmp_path):
    write_model(place.paths.models / "zebra")
    shelf = ModelShelf(place.paths, lambda: (RemoteServer("class", "http://127.0.0.1:8000/v1"),), place.hub)
    assert [model.ref for model in shelf.models()] == ["zebra", "remote:class"]
    files = shelf.resolve("remote:class")
    assert (files.ref, files.format, files.path) == ("remote:class", "remote", "")


# ------------------------------------------------------------ once is enough


def test_only_what_has_changed_is_read_again_even_after_a_new_start(place, monkeypatch):
    read: list[str] = []
    real = description.describe
    monkeypatch.setattr(description, "describe", lambda path, ref: read.append(ref) or real(path, ref))
    first = write_model(place.paths.models / "m0")
    for number in range(1, 100):
        shutil.copytree(first, place.paths.models / f"m{number}")
    broken = place.paths.models / "m7"
    no_weights(broken)
    models = place.shelf.models()
    assert len(models) == len(read) == 100
    assert place.shelf.models() == models
    assert place.again().models() == models
    assert len(read) == 100
    write_tensors(broken / "model.safetensors", TENSORS)
    again = place.again()
    assert [model.reason for model in again.models()] == [None] * 100
    assert read[100:] == ["m7"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": "0"}', '{"version": 1, "entries": [{"path": 1}]}']
)
def test_a_damaged_memory_is_forgotten(place, text):
    write_model(place.paths.models / "frog")
    models = place.shelf.models()
    (place.paths.cache / "shelf.json").write_text(text.replace("1,", json.dumps("0.1.0 1") + ","))
    assert place.again().models() == models


def test_numbers_that_are_none_in_a_config_count_as_unknown(place):
    odd = {**LLAMA, "num_hidden_layers": 10**400, "hidden_size": "8", "max_position_embeddings": -5}
    place.in_hub("owner/odd", odd)
    shape = place.shelf.find("owner/odd").shape
    assert (shape.layers, shape.hidden, shape.context, shape.cache_values) == (0, 0, 0, 0)
