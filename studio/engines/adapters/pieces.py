"""Long texts in pieces that a model can read, with the place of each piece in the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.engines.adapters import pretrained

_MOST_TOKENS = 8192
_LEAST_TOKENS = 8
# RoBERTa's kind counts positions from the padding token on, so that the first few are never used.
_OFFSET_KINDS = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet", "xlm-roberta-xl", "data2vec-text"})
_SENTENCE_ENDS = re.compile(r"[.!?…。！？]['\"”’)]*\s+|\n+")


@dataclass(frozen=True)
class Piece:
    """Hold a part of a text and where it begins, in characters."""

    text: str
    start: int


def longest_input(folder: Path, tokenizer: Any, config: Any) -> int:
    """Return how many tokens a model reads at once: as its folder says, as its positions allow."""
    limits = [_MOST_TOKENS, int(min(tokenizer.model_max_length, _MOST_TOKENS))]
    said = pretrained.read_json(folder / "sentence_bert_config.json")
    if isinstance(said, dict) and isinstance(said.get("max_seq_length"), int):
        limits.append(said["max_seq_length"])
    positions = getattr(config, "max_position_embeddings", 0)
    if isinstance(positions, int) and positions > 0:
        offset = (config.pad_token_id or 0) + 1 if config.model_type in _OFFSET_KINDS else 0
        limits.append(positions - offset)
    return max(min(limits), _LEAST_TOKENS)


def pieces(text: str, tokenizer: Any, most_tokens: int) -> Iterator[Piece]:
    """Yield the text in pieces of at most `most_tokens`, cut after sentences or words where it can be."""
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    if len(offsets) <= most_tokens:
        yield Piece(text, 0)
        return
    start, token = 0, 0
    while token < len(offsets):
        last = min(token + most_tokens, len(offsets))
        end = len(text) if last == len(offsets) else _good_end(text, start, offsets[last][0])
        if text[start:end].strip():
            yield Piece(text[start:end], start)
        start = end
        while token < last and offsets[token][0] < end:
            token += 1


def _good_end(text: str, start: int, end: int) -> int:
    """Return the end of the last sentence in the second half of text[start:end], or of the last word."""
    middle = start + (end - start) // 2
    sentences = [match.end() for match in _SENTENCE_ENDS.finditer(text, middle, end)]
    if sentences:
        return sentences[-1]
    blank = max(text.rfind(" ", middle, end), text.rfind("\n", middle, end))
    return blank + 1 if blank > start else max(end, start + 1)
