"""The only calls that read a model folder through transformers, each with its safety spelled out.

Only safetensors weights, no code from the folder, nothing from the network. The checks of the folder
come before (`studio.engines.checks`): these flags are the second wall, not the first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoConfig, AutoFeatureExtractor, AutoImageProcessor, AutoTokenizer

from studio.engines.failures import lacks_memory
from studio.errors import InputError, MissingError, StudioError
from studio.phrases import phrase

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()

_MAX_SIDE_FILE_BYTES = 1_000_000


def read_config(folder: Path) -> Any:
    """Return the transformers configuration of a folder; InputError when this version cannot make sense of it."""
    try:
        return AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except Exception as error:  # each kind of model checks its settings in its own way, with any error
        _let_through(error)
        raise InputError(
            phrase("This model's settings (config.json) are damaged, or its kind is not known here."),
            kept=phrase("Your projects are safe."),
            next=phrase("Download it again, or choose another model."),
            detail=f"{type(error).__name__}: {error}",
        ) from error


def read_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a folder; InputError when it is missing or damaged."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True, use_fast=True
        )
    except ImportError as error:
        raise MissingError(
            phrase("A part that splits words for this model is not installed."),
            next=phrase("Choose another model."),
            detail=str(error),
        ) from error
    except Exception as error:  # the border to the tokenizers library, which raises the bare class
        raise _no_tokenizer(str(error)) from error
    if not len(tokenizer):
        raise _no_tokenizer("empty vocabulary")
    return tokenizer


def need_pieces(tokenizer: Any) -> None:
    """Refuse a tokenizer that does not tell its pieces: answers are put together from them."""
    if not hasattr(tokenizer, "backend_tokenizer"):
        raise InputError(
            phrase("This model splits words in an old way that cannot be used for writing here."),
            next=phrase("Choose another model."),
            detail=type(tokenizer).__name__,
        )


def read_model(auto: Any, folder: Path, config: Any, dtype: torch.dtype) -> Any:
    """Return the model of a folder, on the processor, ready to answer (`eval`)."""
    try:
        model = auto.from_pretrained(
            folder,
            config=config,
            dtype=dtype,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
        )
    except Exception as error:  # building from odd settings, and weights of another size, raise anything
        _let_through(error)
        raise InputError(
            phrase("This model's files do not fit together, so it could not be loaded."),
            kept=phrase("Your projects are safe."),
            next=phrase("Download it again, or choose another model."),
            detail=f"{type(error).__name__}: {error}",
        ) from error
    return model.eval()


def _let_through(error: Exception) -> None:
    """Raise an error that the folder is not to blame for."""
    if isinstance(error, (StudioError, ImportError)) or lacks_memory(error):
        raise error


def read_image_processor(folder: Path) -> Any:
    """Return what turns a picture into numbers."""
    try:
        return AutoImageProcessor.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True, use_fast=False
        )
    except (ValueError, KeyError, OSError, TypeError) as error:
        raise _no_reader(str(error)) from error


def read_feature_extractor(folder: Path) -> Any:
    """Return what turns a sound into numbers."""
    try:
        return AutoFeatureExtractor.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except (ValueError, KeyError, OSError, TypeError) as error:
        raise _no_reader(str(error)) from error


def read_json(path: Path) -> Any:
    """Return the data of a small JSON file beside the weights; None when it is not there or not readable."""
    try:
        if path.stat().st_size > _MAX_SIDE_FILE_BYTES:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _no_tokenizer(detail: str) -> InputError:
    return InputError(
        phrase("This model's word list (tokenizer) is missing or damaged."),
        kept=phrase("Your projects are safe."),
        next=phrase("Download the model again, or choose another one."),
        detail=detail,
    )


def _no_reader(detail: str) -> InputError:
    return InputError(
        phrase("A file is missing that tells this model how to look at pictures or sounds."),
        next=phrase("Download the model again, or choose another one."),
        detail=detail,
    )
