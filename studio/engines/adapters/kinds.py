"""What a model folder can do, told by its architecture, its labels and the tag on its card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import transformers
from transformers.models.auto import modeling_auto as tables

from studio.engines.adapters.embedder import MODULES
from studio.engines.base import Task
from studio.errors import InputError
from studio.phrases import phrase

_CARD_BYTES = 8_000
_TAG = re.compile(r"^pipeline_tag:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)
# Where one architecture is in several tables, the first row counts.
_ROWS: tuple[tuple[str, Mapping[str, Any], tuple[Task, ...]], ...] = (
    ("AutoModelForSpeechSeq2Seq", tables.MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES, ("speech_to_text",)),
    ("AutoModelForCTC", tables.MODEL_FOR_CTC_MAPPING_NAMES, ("speech_to_text",)),
    (
        "AutoModelForSequenceClassification",
        tables.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
        ("classify_text",),
    ),
    (
        "AutoModelForTokenClassification",
        tables.MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES,
        ("classify_tokens",),
    ),
    (
        "AutoModelForQuestionAnswering",
        tables.MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES,
        ("answer_question",),
    ),
    (
        "AutoModelForImageClassification",
        tables.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES,
        ("classify_image",),
    ),
    (
        "AutoModelForSeq2SeqLM",
        tables.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
        ("summarise", "translate"),
    ),
    ("AutoModelForMaskedLM", tables.MODEL_FOR_MASKED_LM_MAPPING_NAMES, ("fill_mask",)),
    ("AutoModelForCausalLM", tables.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, ("chat", "complete")),
    ("AutoModelForTextEncoding", tables.MODEL_FOR_TEXT_ENCODING_MAPPING_NAMES, ("embed",)),
    ("AutoModel", tables.MODEL_MAPPING_NAMES, ("embed",)),
)
_TRANSLATORS = frozenset({"marian", "m2m_100", "mbart", "nllb-moe", "plbart", "fsmt"})
_SUMMARISERS = frozenset({"pegasus", "pegasus_x"})


@dataclass(frozen=True)
class Kind:
    """Hold what a folder is: its architecture, which class of transformers opens it, what it can do."""

    architecture: str
    auto: Any
    tasks: tuple[Task, ...]

    @property
    def writes(self) -> bool:
        """Tell whether it is a causal language model."""
        return "chat" in self.tasks

    @property
    def needs_words(self) -> bool:
        """Tell whether it needs a tokenizer."""
        return "classify_image" not in self.tasks


def kind_of(config: Any, folder: Path) -> Kind:
    """Return what the folder is; InputError for an architecture that is not known."""
    architecture = next(iter(config.architectures or ()), "") or _likely(config)
    if (folder / MODULES).is_file():
        return Kind(architecture, transformers.AutoModel, ("embed",))
    for name, table, tasks in _ROWS:
        if architecture in _names(table.values()):
            return Kind(architecture, getattr(transformers, name), _narrow(tasks, config, folder))
    raise InputError(
        phrase("This kind of model is not known here."),
        next=phrase("Choose another model."),
        detail=f"architecture {architecture!r}, model_type {config.model_type!r}",
    )


def card_tag(folder: Path) -> str:
    """Return the pipeline tag on the model's card (README.md); empty when there is none."""
    try:
        with (folder / "README.md").open("rb") as file:
            text = file.read(_CARD_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    found = _TAG.search(text)
    return found[1] if found else ""


def is_entailment(config: Any) -> bool:
    """Tell whether a classifier was taught to judge whether one sentence follows from another."""
    return any(str(label).lower().startswith("entail") for label in (config.label2id or {}))


def _likely(config: Any) -> str:
    """Return the architecture for a folder that names none: the one that writes, else the bare encoder."""
    for table in (tables.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, tables.MODEL_MAPPING_NAMES):
        name = table.get(config.model_type)
        if name:
            return str(name if isinstance(name, str) else name[0])
    return ""


def _names(values: Iterable[Any]) -> frozenset[str]:
    flat: set[str] = set()
    for value in values:
        flat.update([value] if isinstance(value, str) else value)
    return frozenset(flat)


def _narrow(tasks: tuple[Task, ...], config: Any, folder: Path) -> tuple[Task, ...]:
    """Return what this very model does, of what its class could do."""
    if tasks == ("classify_text",) and is_entailment(config):
        return ("zero_shot", "classify_text")
    if tasks == ("summarise", "translate"):
        tag = card_tag(folder)
        if config.model_type in _TRANSLATORS or tag == "translation":
            return ("translate",)
        if config.model_type in _SUMMARISERS or tag == "summarization":
            return ("summarise",)
    return tasks
