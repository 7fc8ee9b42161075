"""What a model's files say about it: read from small files and headers, never from the weights themselves.

Nothing is loaded and nothing is run, so that a list of a hundred models is there at once and a damaged
one is no more than a line that says so.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio import logs
from studio.engines.base import Format, Task
from studio.engines.checks.config import ModelConfig, check_model
from studio.engines.checks.files import read_json
from studio.engines.checks.gguf_header import read_gguf_header
from studio.engines.installed import InstalledModel, Shape
from studio.errors import StudioError
from studio.phrases import phrase

log = logs.get("shelf")

FAKE_SUFFIX = ".fake.json"
_LARGEST = 1 << 32
_SIDE_FILE_BYTES = 32_000_000
_CODE = re.compile(r"(?i)(^|[^a-z])(code|coder|codegen|starcoder|codellama|codegemma)")
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)

# The last part of a class name says what a model was made for.
_HEADS: tuple[tuple[str, tuple[Task, ...]], ...] = (
    ("ForCausalLM", ("chat", "complete")),
    ("ForSequenceClassification", ("classify_text",)),
    ("ForTokenClassification", ("classify_tokens",)),
    ("ForMaskedLM", ("fill_mask",)),
    ("ForQuestionAnswering", ("answer_question",)),
    ("ForImageClassification", ("classify_image",)),
    ("ForSpeechSeq2Seq", ("speech_to_text",)),
    ("WhisperForConditionalGeneration", ("speech_to_text",)),
    ("ForCTC", ("speech_to_text",)),
    ("Model", ("embed",)),
)
_OWN_LOOP = frozenset({"llama", "qwen2", "qwen3", "mistral"})
_TRANSLATORS = ("Marian", "M2M100", "MBart")
_SUMMARISERS = ("T5", "Bart", "Pegasus", "LED")

UNKNOWN_KIND = phrase("The studio does not know what this kind of model is for.")
UNREADABLE = phrase("Its files cannot be read.")


def is_model_folder(folder: Path) -> bool:
    """Tell whether a folder holds a model in the Hub's format, whole or not."""
    return (folder / "config.json").is_file()


def is_model_file(path: Path) -> bool:
    """Tell whether a file is a model by itself: GGUF (the first part of several, no picture reader), or a script."""
    name = path.name.casefold()
    if name.endswith(FAKE_SUFFIX):
        return path.is_file()
    if not name.endswith(".gguf") or name.startswith("mmproj"):
        return False
    shard = _SHARD.search(name)
    return shard is None or int(shard[1]) == 1


def parts(path: Path) -> tuple[Path, ...]:
    """Return all files of a model file: itself, or each part of a GGUF that was split."""
    shard = _SHARD.search(path.name)
    if shard is None:
        return (path,)
    count = min(int(shard[2]), 999)
    stem = path.name[: shard.start()]
    return tuple(path.with_name(f"{stem}-{number:05d}-of-{count:05d}.gguf") for number in range(1, count + 1))


def describe(path: Path, ref: str) -> InstalledModel:
    """Return what a folder or file says about its model; what is wrong with it ends in `reason`."""
    name = ref.rstrip("/").rpartition("/")[2] if "/" in ref else ref
    model = InstalledModel(
        ref=ref, name=name.removesuffix(FAKE_SUFFIX).removesuffix(".gguf"), format="safetensors", path=str(path),
        code=_CODE.search(name) is not None,
    )  # fmt: skip
    try:
        if path.is_dir():
            return _of_folder(path, model)
        return _of_script(path, model) if path.name.endswith(FAKE_SUFFIX) else _of_gguf(path, model)
    except StudioError as error:
        log.info("%s cannot be used: %s %s", ref, error, error.detail)
        return replace(model, format=_format(path), size_bytes=_size(_all_files(path)), reason=error.what)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.warning("%s cannot be read: %r", ref, error)
        return replace(model, format=_format(path), reason=UNREADABLE)


# ------------------------------------------------------------ a folder in the Hub's format


def _of_folder(folder: Path, model: InstalledModel) -> InstalledModel:
    config, header = check_model(folder)
    tasks = _tasks(folder, config)
    return replace(
        model,
        size_bytes=header.file_bytes,
        architecture=config.model_type,
        tasks=tasks,
        has_chat_template=_has_chat_template(folder),
        own_loop=_runs_in_own_loop(config),
        shape=_shape(config.values, header.shapes),
        reason=None if tasks else UNKNOWN_KIND,
    )


def _tasks(folder: Path, config: ModelConfig) -> tuple[Task, ...]:
    """Return what a model was made for, by the name of its class."""
    if (folder / "modules.json").is_file():  # sentence-transformers' own list of layers
        return ("embed",)
    for name in config.architectures:
        if name.endswith(("ForConditionalGeneration", "MTModel", "Seq2SeqLM")) and "Whisper" not in name:
            return _pairs_of_texts(name)
        for ending, tasks in _HEADS:
            if name.endswith(ending):
                judges = tasks == ("classify_text",) and _judges(config.values)
                return ("zero_shot", *tasks) if judges else tasks
    return ()


def _judges(config: Mapping[str, Any]) -> bool:
    """Tell whether a classifier was taught whether one sentence follows from another."""
    labels = config.get("label2id")
    return isinstance(labels, dict) and any(str(label).lower().startswith("entail") for label in labels)


def _runs_in_own_loop(config: ModelConfig) -> bool:
    """Tell whether our own generation loop will probably run a model; the loop itself looks more closely."""
    values = config.values
    writes = any(name.endswith("ForCausalLM") for name in config.architectures[:1])
    if config.model_type == "mistral":  # it looks through a window unless told otherwise
        windowed = values.get("sliding_window", 4096) is not None
    else:
        windowed = bool(values.get("use_sliding_window"))
    plain = values.get("hidden_act", "silu") == "silu"
    return config.model_type in _OWN_LOOP and writes and plain and not windowed


def _pairs_of_texts(name: str) -> tuple[Task, ...]:
    if name.startswith(_TRANSLATORS):
        return ("translate",)
    return ("summarise", "translate") if name.startswith(_SUMMARISERS) else ()


def _has_chat_template(folder: Path) -> bool:
    if (folder / "chat_template.jinja").is_file() or (folder / "chat_template.json").is_file():
        return True
    words = folder / "tokenizer_config.json"
    try:
        if words.stat().st_size > _SIDE_FILE_BYTES:
            return False
        return b'"chat_template"' in words.read_bytes()
    except OSError:
        return False


def _shape(config: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Shape:
    """Return the numbers of a model from its configuration and the shapes of its tensors."""
    tables = [shape for name, shape in shapes.items() if _is_table(name) and len(shape) == 2]
    embedding = max((math.prod(shape) for shape in tables), default=0)
    matrices = sum(
        math.prod(shape) for name, shape in shapes.items() if len(shape) > 1 and not _is_table(name)
    )
    parameters = sum(map(math.prod, shapes.values()))
    heads = _number(config, "num_attention_heads")
    hidden = _number(config, "hidden_size")
    head = _number(config, "head_dim") or (hidden // heads if heads else 0)
    layers = _number(config, "num_hidden_layers")
    return Shape(
        parameters=parameters,
        matrices=matrices,
        embedding=embedding,
        others=parameters - matrices - sum(map(math.prod, tables)),
        tied=not any("lm_head" in name for name in shapes),
        layers=layers,
        hidden=hidden,
        cache_values=2 * layers * (_number(config, "num_key_value_heads") or heads) * head,
        context=_number(config, "max_position_embeddings"),
    )


def _is_table(name: str) -> bool:
    return name.endswith(("embed_tokens.weight", "wte.weight", "lm_head.weight", "word_embeddings.weight"))


def _number(config: Mapping[str, Any], name: str) -> int:
    value = config.get(name)
    return value if type(value) is int and 0 < value <= _LARGEST else 0


# ------------------------------------------------------------ single files


def _of_script(path: Path, model: InstalledModel) -> InstalledModel:
    script = read_json(path, limit_bytes=_SIDE_FILE_BYTES)
    more: tuple[Task, ...] = ("embed",) if script.get("width") else ()
    size_bytes = path.stat().st_size
    return replace(model, format="fake", size_bytes=size_bytes, tasks=("chat", "complete", *more))


def _of_gguf(path: Path, model: InstalledModel) -> InstalledModel:
    header = read_gguf_header(path)
    embeds = header.pooling is not None or not header.causal
    return replace(
        model,
        format="gguf",
        size_bytes=header.file_bytes,
        architecture=header.architecture,
        tasks=("embed",) if embeds else ("chat", "complete"),
        has_chat_template=header.chat_template is not None,
        quantisation=header.quantisation,
        shape=Shape(
            parameters=header.parameters,
            matrices=header.matrix_parameters,
            embedding=header.embedding_parameters,
            others=header.parameters - header.matrix_parameters - header.embedding_parameters,
            tied=header.tied,
            layers=header.layers,
            hidden=header.hidden,
            cache_values=header.cache_values,
            context=header.context,
        ),
    )


def _format(path: Path) -> Format:
    if path.is_dir():
        return "safetensors"
    return "fake" if path.name.endswith(FAKE_SUFFIX) else "gguf"


def _all_files(path: Path) -> tuple[Path, ...]:
    return tuple(path.iterdir()) if path.is_dir() else parts(path)


def _size(files: Iterable[Path]) -> int:
    total = 0
    for path in files:
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total
