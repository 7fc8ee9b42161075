"""What is refused before a model is opened, and what is let through."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.engines.checks import model_types
from studio.engines.checks.config import MAX_TEMPLATE_BYTES, check_config, check_model
from studio.engines.checks.safetensors_header import INDEX, read_safetensors
from studio.errors import InputError
from tests.support.damage import canary_folders, split_safetensors, write_safetensors

CONFIG: dict[str, Any] = {
    "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 4, "intermediate_size": 8,
    "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 6, "max_position_embeddings": 32,
    "dtype": "float32", "tie_word_embeddings": True,
}  # fmt: skip
SHAPES = {"model.embed_tokens.weight": (6, 4), "a.weight": (4, 4), "b.weight": (8, 4), "c.weight": (8, 4)}


def header_of(shapes: dict[str, tuple[int, ...]]) -> tuple[dict[str, Any], bytes]:
    header, place = {}, 0
    for name, (rows, columns) in shapes.items():
        end = place + 4 * rows * columns
        header[name] = {"dtype": "F32", "shape": [rows, columns], "data_offsets": [place, end]}
        place = end
    return header, bytes(place)


def put(folder: Path, name: str, content: Any) -> None:
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A small folder that passes."""
    folder = tmp_path / "model"
    folder.mkdir()
    put(folder, "config.json", CONFIG)
    put(folder, "tokenizer.json", {})
    put(folder, "tokenizer_config.json", {"model_max_length": 10**30, "chat_template": "{{ 1 }}"})
    header, data = header_of(SHAPES)
    write_safetensors(folder / "model.safetensors", json.dumps(header).encode() + b"   ", data)
    return folder


def refused(folder: Path, words: str = "") -> InputError:
    with pytest.raises(InputError) as caught:
        check_model(folder)
    assert str(caught.value.next), "a refusal says what to do next"
    assert words.lower() in str(caught.value).lower()
    return caught.value


# ------------------------------------------------------------ what passes


def test_a_good_folder_passes_and_tells_its_numbers(model: Path) -> None:
    config, header = check_model(model)
    assert (config.model_type, config.architectures) == ("llama", ("LlamaForCausalLM",))
    assert (header.parameters, header.size_bytes, header.dtype) == (104, 416, "F32")
    assert header.tensors["a.weight"] == ("F32", (4, 4), 64)
    assert header.file_bytes == (model / "model.safetensors").stat().st_size


@pytest.mark.parametrize(
    "more",
    [
        {"_attn_implementation_autoset": True, "trust_remote_code": False, "auto_map": None},
        {"time_step_limit": [0.0, float("inf")]},
        {"id2label": {"0": "eval"}, "label2id": {"eval": 0, "__x__": 1}},
        {"attn_implementation": "sdpa", "sliding_window": None},
    ],
)
def test_what_honest_models_write_passes(model: Path, more: dict[str, Any]) -> None:
    put(model, "config.json", {**CONFIG, **more})
    check_model(model)


def test_programs_and_pickles_beside_it_are_left_alone_and_named(model: Path) -> None:
    (model / "modeling.py").write_text("", encoding="utf-8")
    (model / "pytorch_model.bin").write_bytes(b"")
    notes = [str(note) for note in check_config(model).notes]
    assert len(notes) == 2 and "never run" in notes[0] and "stay closed" in notes[1]


def test_every_type_on_the_list_is_built_into_transformers() -> None:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    assert (model_types.ALLOWED | model_types.PARTS) - set(CONFIG_MAPPING_NAMES) == set()
    assert {"llama", "qwen2", "qwen3", "bert", "t5", "vit", "whisper"} <= model_types.ALLOWED


def test_the_checks_need_no_model_library() -> None:
    program = (
        "import sys, studio.engines.checks.config\n"
        "print(*{'torch', 'transformers', 'safetensors', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# ------------------------------------------------------------ folders


def remove(*names: str) -> Callable[[Path], None]:
    return lambda folder: [(folder / name).unlink() for name in names] and None


def rename(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: (folder / old).rename(folder / new) and None


FOLDERS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no weights": (remove("model.safetensors"), "no weights"),
    "pickle": (rename("model.safetensors", "pytorch_model.bin"), "could run somebody's program"),
    "keras": (rename("model.safetensors", "tf_model.h5"), "could run somebody's program"),
    "strange name": (
        rename("model.safetensors", "consolidated.safetensors"),
        "part of this model is missing",
    ),
    "gguf": (rename("model.safetensors", "model.GGUF"), "open that file"),
    "no config": (remove("config.json"), "describes this model is missing"),
    "no tokenizer": (remove("tokenizer.json"), "word list"),
    "folder as weights": (
        lambda folder: ((folder / "model.safetensors").unlink(), (folder / "model.safetensors").mkdir()),
        "damaged",
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_no_model_is_refused(model: Path, name: str) -> None:
    change, words = FOLDERS[name]
    change(model)
    refused(model, words)


def test_an_adapter_and_a_missing_folder_are_refused(model: Path, tmp_path: Path) -> None:
    (model / "model.safetensors").rename(model / "adapter_model.safetensors")
    put(model, "adapter_config.json", {"base_model_name_or_path": "x/y"})
    refused(model, "addition to another model")
    refused(tmp_path / "nowhere", "cannot be read")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and there are no pipes")
def test_links_lead_nowhere_else_and_a_pipe_is_not_waited_for(model: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.json"
    outside.write_text("{}", encoding="utf-8")
    (model / "config.json").unlink()
    (model / "config.json").symlink_to(outside)
    refused(model, "pointer to another place")
    (model / "config.json").unlink()
    (model / "config.json").symlink_to("config.json")
    refused(model, "damaged")
    (model / "config.json").unlink()
    os.mkfifo(model / "config.json")
    refused(model, "damaged")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_the_hubs_own_cache_may_link_to_its_blobs(model: Path, tmp_path: Path) -> None:
    cache = tmp_path / "models--a--b"
    snapshot = cache / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (cache / "blobs").mkdir()
    for path in model.iterdir():
        path.rename(cache / "blobs" / f"blob-{path.name}")
        (snapshot / path.name).symlink_to(f"../../blobs/blob-{path.name}")
    check_model(snapshot)
    (snapshot / "config.json").unlink()
    (snapshot / "config.json").symlink_to(cache)
    refused(snapshot, "damaged")


# ------------------------------------------------------------ settings

BAD_CONFIGS: dict[str, tuple[Any, str]] = {
    "unknown type": ({"model_type": "plamo9"}, "not known here"),
    "no type": ({"model_type": None}, "damaged"),
    "path as type": ({"model_type": "../llama"}, "damaged"),
    "unknown part": ({"vision_config": {"model_type": "timm_wrapper"}}, "kind that is not known"),
    "many layers": ({"num_hidden_layers": 513}, "impossible"),
    "no layers": ({"num_hidden_layers": 0}, "impossible"),
    "wide": ({"hidden_size": 65_537}, "impossible"),
    "many words": ({"vocab_size": 1_000_001}, "impossible"),
    "words as text": ({"vocab_size": "many"}, "impossible"),
    "nested width": ({"text_config": {"hidden_size": -5}}, "impossible"),
    "endless": ({"rope_theta": float("inf")}, "damaged"),
    "not a number": ({"rope_theta": float("nan")}, "damaged"),
    "dtype": ({"dtype": "__import__('os')"}, "damaged"),
    "architectures": ({"architectures": [["x"]]}, "damaged"),
    "gptq": ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, "packed in a way"),
    "bitsandbytes": ({"quantization_config": {"quant_method": "bitsandbytes"}}, "as a GGUF file"),
    "promises": ({"hidden_size": 1024, "intermediate_size": 4096}, "do not belong together"),
}


@pytest.mark.parametrize("name", BAD_CONFIGS)
def test_an_impossible_configuration_is_refused(model: Path, name: str) -> None:
    more, words = BAD_CONFIGS[name]
    put(model, "config.json", {**CONFIG, **more})
    refused(model, words)


@pytest.mark.parametrize("key", ["auto_map", "custom_pipelines", "custom_generate", "_attn_implementation_internal",
                                 "_experts_implementation", "trust_remote_code", "__reduce__"])  # fmt: skip
@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json", "generation_config.json",
                                  "preprocessor_config.json", "processor_config.json"])  # fmt: skip
def test_a_key_that_wants_code_is_refused_anywhere(model: Path, file: str, key: str) -> None:
    base = CONFIG if file == "config.json" else {}
    put(model, file, {**base, "text_config": {"parts": [{key: "somebody/canary"}]}})
    assert file in refused(model, "program of its own").detail


BAD_JSON = {
    "cut": b'{"model_type": "llama"',
    "no words": b"\xff\xfe\x00\x01",
    "a list": b"[]",
    "twice": b'{"model_type": "llama", "model_type": "bert"}',
    "deep": b'{"a":' * 100 + b"1" + b"}" * 100,
    "very deep": b'{"a":' * 100_000,
    "long number": b'{"a": ' + b"9" * 5000 + b"}",
    "huge": b'{"a": "' + b"x" * 9_000_000 + b'"}',
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_bad_json_is_refused(model: Path, name: str) -> None:
    (model / "config.json").write_bytes(BAD_JSON[name])
    refused(model, "damaged")


def test_a_chat_template_may_not_be_endless(model: Path) -> None:
    put(model, "tokenizer_config.json", {"chat_template": "x" * MAX_TEMPLATE_BYTES})
    check_model(model)
    put(
        model,
        "tokenizer_config.json",
        {"chat_template": [{"name": "a", "template": "x" * (MAX_TEMPLATE_BYTES + 1)}]},
    )
    refused(model, "too long")
    put(model, "tokenizer_config.json", {})
    (model / "chat_template.jinja").write_text("x" * (MAX_TEMPLATE_BYTES + 1), encoding="utf-8")
    refused(model, "too long")


def test_nothing_of_a_canary_folder_passes_but_the_one_with_files_beside_it(
    model: Path, tmp_path: Path
) -> None:
    put(model, "generation_config.json", {})
    canary = tmp_path / "canary"
    for name, folder in canary_folders(model, tmp_path / "bad", canary).items():
        if name == "beside":
            check_model(folder)
        else:
            refused(folder)
    assert not canary.exists()


# ------------------------------------------------------------ safetensors


def edit(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        header, data = split_safetensors(folder / "model.safetensors")
        change(header)
        write_safetensors(folder / "model.safetensors", json.dumps(header).encode(), data)

    return apply


def rewrite(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda folder: (
        (folder / "model.safetensors").write_bytes(change((folder / "model.safetensors").read_bytes()))
        and None
    )


A = "a.weight"
BAD_WEIGHTS: dict[str, Callable[[Path], None]] = {
    "empty file": rewrite(lambda old: b""),
    "cut in the length": rewrite(lambda old: old[:5]),
    "cut in the header": rewrite(lambda old: old[:40]),
    "cut in the data": rewrite(lambda old: old[:-1]),
    "more data": rewrite(lambda old: old + b"\0"),
    "endless header": rewrite(lambda old: struct.pack("<Q", (1 << 64) - 1) + old[8:]),
    "no tensors": rewrite(lambda old: struct.pack("<Q", 2) + b"{}"),
    "key twice": rewrite(lambda old: struct.pack("<Q", 17) + b'{"a": {},"a": {}}'),
    "unknown type": edit(lambda header: header[A].update(dtype="Q9")),
    "list as type": edit(lambda header: header[A].update(dtype=["F32"])),
    "wrong shape": edit(lambda header: header[A].update(shape=[4, 5])),
    "no size": edit(lambda header: header[A].update(shape=[4, 0])),
    "negative": edit(lambda header: header[A].update(shape=[-4, -4])),
    "fraction": edit(lambda header: header[A].update(shape=[4.0, 4])),
    "yes as size": edit(lambda header: header[A].update(shape=[True, 16])),
    "many sizes": edit(lambda header: header[A].update(shape=[1] * 17 + [16])),
    "overlap": edit(lambda header: header[A].update(data_offsets=[0, 64])),
    "gap": edit(lambda header: header.pop(A)),
    "outside": edit(lambda header: header[A].update(data_offsets=[1 << 40, (1 << 40) + 64])),
    "backwards": edit(lambda header: header[A]["data_offsets"].reverse()),
    "three offsets": edit(lambda header: header[A]["data_offsets"].append(1)),
    "more keys": edit(lambda header: header[A].update(code="x")),
    "no object": edit(lambda header: header.update({A: 7})),
    "long name": edit(lambda header: header.update({"x" * 600: header.pop(A)})),
    "metadata": edit(lambda header: header.update(__metadata__={"format": 7})),
}


@pytest.mark.parametrize("name", BAD_WEIGHTS)
def test_damaged_weights_are_refused(model: Path, name: str) -> None:
    BAD_WEIGHTS[name](model)
    refused(model)


def shard(model: Path) -> dict[str, str]:
    """Split the model into two files with an index; return which file each tensor is in."""
    (model / "model.safetensors").unlink()
    names = list(SHAPES)
    places = {}
    for number, part in enumerate((names[:2], names[2:]), start=1):
        file = f"model-0000{number}-of-00002.safetensors"
        header, data = header_of({name: SHAPES[name] for name in part})
        write_safetensors(model / file, json.dumps(header).encode(), data)
        places |= dict.fromkeys(part, file)
    put(model, INDEX, {"metadata": {}, "weight_map": places})
    return places


def test_shards_are_read_together(model: Path) -> None:
    whole = read_safetensors(model)
    shard(model)
    header = read_safetensors(model)
    assert header.tensors == whole.tensors and len(header.files) == 2


def test_a_missing_shard_is_named_in_numbers(model: Path) -> None:
    places = shard(model)
    (model / places["c.weight"]).unlink()
    refused(model, "comes in 2 files")


@pytest.mark.parametrize("name", ["../x.safetensors", "/etc/passwd", "a\\b.safetensors", "x.bin", "", "C:x.safetensors",
                                  ".. .safetensors/", 7, None])  # fmt: skip
def test_an_index_names_plain_files_of_the_folder_only(model: Path, name: Any) -> None:
    places = shard(model)
    put(model, INDEX, {"weight_map": {**places, "c.weight": name}})
    refused(model, "damaged")


def test_an_index_that_does_not_fit_its_files_is_refused(model: Path) -> None:
    places = shard(model)
    put(model, INDEX, {"weight_map": {**places, "more": places[A]}})
    refused(model, "damaged")
    put(model, INDEX, {"weight_map": {**places, A: places["c.weight"]}})
    refused(model, "damaged")
    put(model, INDEX, {"weight_map": {}})
    refused(model, "damaged")
