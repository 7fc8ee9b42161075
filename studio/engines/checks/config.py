"""Look at a model's folder before any model library does, and refuse what could run somebody's program.

Pure Python, without torch or transformers. What is looked for, and why: a configuration has switched
remote code on by itself (CVE-2026-4372, CVE-2026-5241), and pickle files run code when they are opened.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.engines.checks.files import damaged, plain_file, read_json
from studio.engines.checks.listing import CONFIG, Listing
from studio.engines.checks.model_types import ALLOWED, LOOKERS, PARTS
from studio.engines.checks.safetensors_header import SafetensorsHeader, read_safetensors
from studio.errors import InputError
from studio.phrases import Phrase, phrase

MAX_TEMPLATE_BYTES = 64_000
_KILOBYTES = 1000
_LIMITS = {
    CONFIG: 8_000 * _KILOBYTES,
    "generation_config.json": 500 * _KILOBYTES,
    "tokenizer_config.json": 20_000 * _KILOBYTES,
    "special_tokens_map.json": 2_000 * _KILOBYTES,
    "preprocessor_config.json": 500 * _KILOBYTES,
    "processor_config.json": 500 * _KILOBYTES,
    "video_preprocessor_config.json": 500 * _KILOBYTES,
    "chat_template.json": 200 * _KILOBYTES,
}
"""The small files that a model library reads settings from, and how large each may be."""

_FORBIDDEN_KEYS = frozenset(
    {
        "auto_map", "custom_pipelines", "custom_pipeline", "custom_generate", "custom_objects", "trust_remote_code",
        "remote_code", "code_revision", "allow_all_kernels", "use_kernels", "kernel_config", "hub_kernels",
        "pickle_file", "module_path", "module_name", "import_path", "entry_point", "exec", "eval",
    }
)  # fmt: skip
_FORBIDDEN_STARTS = ("_attn_implementation", "_experts_implementation", "__", "py/", "_target_")
_ATTENTIONS = frozenset({"eager", "sdpa", "flash_attention_2", "flex_attention"})
_DTYPE_KEYS = frozenset({"torch_dtype", "dtype"})
_LABELS = frozenset({"label2id", "id2label", "task_specific_params"})
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")

_LAYERS, _WIDTH, _VOCABULARY, _HEADS, _CONTEXT = (
    (1, 512),
    (1, 65_536),
    (1, 1_000_000),
    (0, 4096),
    (-1, 1 << 27),
)
_RANGES: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers"), _LAYERS),
    **dict.fromkeys(("num_layers", "encoder_layers", "decoder_layers", "num_decoder_layers"), (0, 512)),
    **dict.fromkeys(("hidden_size", "n_embd", "d_model", "dim", "embedding_size"), _WIDTH),
    **dict.fromkeys(("intermediate_size", "n_inner", "d_ff", "ffn_dim", "hidden_dim"), (1, 1_000_000)),
    **dict.fromkeys(("vocab_size", "decoder_vocab_size"), _VOCABULARY),
    **dict.fromkeys(
        ("num_attention_heads", "num_key_value_heads", "n_head", "num_heads", "head_dim"), _HEADS
    ),
    **dict.fromkeys(("num_experts", "num_local_experts", "n_routed_experts"), (0, 4096)),
    **dict.fromkeys(("max_position_embeddings", "n_positions", "max_sequence_length", "n_ctx"), _CONTEXT),
    "type_vocab_size": (0, 65_536),
    "num_labels": (0, 1_000_000),
}
# Dense types whose layers are all alike: what they promise can be held against the weights that are there.
_DENSE = frozenset({"llama", "qwen2", "qwen3", "mistral", "phi3", "bert", "roberta", "xlm-roberta"})

_ANOTHER = phrase("Choose another model.")
_NOT_OPENED = phrase("The model was not opened.")


@dataclass(frozen=True)
class ModelConfig:
    """Hold what a checked folder says: `values` is its config.json; `notes` are for the user."""

    folder: Path
    model_type: str
    architectures: tuple[str, ...]
    values: Mapping[str, Any]
    notes: tuple[Phrase, ...] = ()


def check_model(folder: Path) -> tuple[ModelConfig, SafetensorsHeader]:
    """Check everything that can be checked without a model library; InputError says what is refused."""
    config = check_config(folder)
    header = read_safetensors(folder)
    _check_promises(config, header)
    return config, header


def check_config(folder: Path) -> ModelConfig:
    """Check the folder's files by their names, then every small file of settings; InputError for a refusal."""
    listing = Listing.of(folder)
    listing.check_weights()
    values = read_json(plain_file(folder, CONFIG), limit_bytes=_LIMITS[CONFIG])
    model_type = _model_type(values)
    for name in sorted(_LIMITS.keys() & listing.names):
        settings = (
            values if name == CONFIG else read_json(plain_file(folder, name), limit_bytes=_LIMITS[name])
        )
        _check_settings(settings, name)
        _check_template(settings.get("chat_template"), name)
    for name in sorted(listing.names):
        if name.endswith(".jinja"):
            _check_template_file(folder, name)
    _check_quantisation(values)
    if model_type not in LOOKERS:
        listing.check_tokenizer()
    architectures = values.get("architectures") or ()
    if not isinstance(architectures, list | tuple) or not all(_is_word(word) for word in architectures):
        raise damaged(CONFIG, "architectures")
    return ModelConfig(folder, model_type, tuple(architectures), values, listing.notes())


def _model_type(values: Mapping[str, Any]) -> str:
    found = values.get("model_type")
    if not _is_word(found):
        raise damaged(CONFIG, f"model_type {str(found)[:60]!r}")
    if found not in ALLOWED:
        raise InputError(
            phrase("This kind of model is not known here: {kind}.", kind=found),
            kept=_NOT_OPENED,
            next=_ANOTHER,
            detail=f"model_type {found!r} is not on the list",
        )
    return str(found)


def _check_settings(settings: Mapping[str, Any], name: str) -> None:
    for key, value in _walk(settings):
        lower = key.lower()
        if _wants_code(lower, value):
            raise InputError(
                phrase(
                    "This model wants to bring a program of its own, and the studio never runs such programs."
                ),
                kept=phrase("It was not opened, so nothing has happened."),
                next=_ANOTHER,
                detail=f"{name}: the key {key[:80]!r}",
            )
        if name == CONFIG:
            _check_value(lower, value)


def _wants_code(key: str, value: Any) -> bool:
    """Tell whether a setting names code, or a place to get code from."""
    if value is None or value is False:
        return False
    if key.startswith("_attn_implementation") and value is True:
        return False  # older versions wrote that the choice had been made by itself
    if key == "attn_implementation":
        return value not in _ATTENTIONS
    return key in _FORBIDDEN_KEYS or key.startswith(_FORBIDDEN_STARTS)


def _check_value(key: str, value: Any) -> None:
    if key in _DTYPE_KEYS and value is not None and not _is_word(value):
        raise damaged(CONFIG, f"{key} {str(value)[:60]!r}")
    if key == "model_type" and value not in (None, "") and value not in ALLOWED | PARTS:
        raise InputError(
            phrase("This model has a part of a kind that is not known here: {kind}.", kind=str(value)[:60]),
            kept=_NOT_OPENED,
            next=_ANOTHER,
        )
    if isinstance(value, float) and math.isinf(value) and key != "time_step_limit":
        raise damaged(CONFIG, f"{key} is endless")
    least, most = _RANGES.get(key, (0, 0))
    if most and value is not None and not _within(value, least, most):
        raise InputError(
            phrase("A number in the description of this model is impossible: {name}.", name=key),
            kept=_NOT_OPENED,
            next=phrase("Get the model again, or choose another one."),
            detail=f"{key} = {str(value)[:60]}, from {least} to {most}",
        )


def _within(value: Any, least: int, most: int) -> bool:
    if isinstance(value, list):  # one for each stage or layer
        return all(_within(part, least, most) for part in value)
    return type(value) is int and least <= value <= most


def _check_quantisation(values: Mapping[str, Any]) -> None:
    packing = values.get("quantization_config")
    if packing is None:
        return
    method = packing.get("quant_method") if isinstance(packing, dict) else None
    raise InputError(
        phrase(
            "The weights of this model are packed in a way that needs another program: {method}.",
            method=method if _is_word(method) else "?",
        ),
        kept=_NOT_OPENED,
        next=phrase(
            "Look for the same model unpacked, or as a GGUF file: the studio can make it small by itself."
        ),
    )


def _check_template(template: Any, name: str) -> None:
    """Refuse chat templates that are too long; what they do is tried in the child process."""
    texts = template if isinstance(template, list) else [template]
    for part in texts:
        text = part.get("template") if isinstance(part, dict) else part
        if isinstance(text, str) and len(text.encode("utf-8", "surrogatepass")) > MAX_TEMPLATE_BYTES:
            raise _long_template(name)


def _check_template_file(folder: Path, name: str) -> None:
    if plain_file(folder, name).stat().st_size > MAX_TEMPLATE_BYTES:
        raise _long_template(name)


def _long_template(name: str) -> InputError:
    return InputError(
        phrase("The chat rules of this model are far too long."),
        kept=_NOT_OPENED,
        next=_ANOTHER,
        detail=f"{name}: a chat template of more than {MAX_TEMPLATE_BYTES} bytes",
    )


def _check_promises(config: ModelConfig, header: SafetensorsHeader) -> None:
    """Refuse a description of far more weights than there are: room for them would be made in vain."""
    if config.model_type not in _DENSE:
        return
    numbers = [config.values.get(key) for key in ("num_hidden_layers", "hidden_size", "intermediate_size")]
    vocabulary = config.values.get("vocab_size")
    if not all(type(number) is int for number in (*numbers, vocabulary)):
        return
    layers, hidden, inner = (int(number or 0) for number in numbers)
    least = hidden * int(vocabulary or 0) + layers * (hidden * hidden + 2 * hidden * inner)
    if least > header.parameters:
        raise InputError(
            phrase("The description of this model and its weights do not belong together."),
            kept=_NOT_OPENED,
            next=phrase("Get the model again, or choose another one."),
            detail=f"{CONFIG} describes at least {least} numbers, the files hold {header.parameters}",
        )


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key with its value, at any depth; a list's items come with the list's key.

    The names of labels are the model maker's own words, and no settings.
    """
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        key, part = waiting.pop()
        if key:
            yield key, part
        if isinstance(part, dict) and key not in _LABELS:
            waiting.extend((str(name), inner) for name, inner in part.items())
        elif isinstance(part, list):
            waiting.extend((key, inner) for inner in part if isinstance(inner, dict | list | float))


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None
