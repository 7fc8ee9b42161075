"""Summaries and translations, written by models that read a whole text first (T5, BART, Marian and the like).

transformers 5 has no pipelines for these any more. Long texts go piece by piece, and Stop is heard at
every token.
"""

from __future__ import annotations

import re
from typing import Any

import torch
from transformers import StoppingCriteria, StoppingCriteriaList

from studio.engines.adapters.pieces import pieces
from studio.engines.base import TaskRequest
from studio.errors import InputError
from studio.jobs import CancelToken
from studio.phrases import phrase

# T5 was taught with relative positions and short texts: longer ones only cost memory.
_MOST_INPUT_TOKENS = 1024
_LONGEST_SENTENCES_TOKENS = 200
_ROOM_TOKENS = 16
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "hi": "Hindi",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
# The codes of NLLB (FLORES-200) begin with three letters.
_LONG_CODES = {
    "ar": "arb", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "hi": "hin", "it": "ita", "ja": "jpn",
    "ko": "kor", "nl": "nld", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sv": "swe", "tr": "tur",
    "uk": "ukr", "zh": "zho",
}  # fmt: skip


class StopAtToken(StoppingCriteria):
    """End a generation of transformers as soon as Stop was pressed."""

    def __init__(self, token: CancelToken) -> None:
        self._token = token

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        """Return for every row whether it ends here."""
        return torch.full((input_ids.shape[0],), self._token.cancelled, device=input_ids.device)


class Rewriter:
    """Summarise and translate with one model."""

    def __init__(self, model: Any, tokenizer: Any, most_tokens: int) -> None:
        self._model, self._tokenizer = model, tokenizer
        self._most = min(most_tokens, _MOST_INPUT_TOKENS)

    def summarise(self, request: TaskRequest, token: CancelToken) -> str:
        """Return a summary; of a long text, the summaries of its parts."""
        prefix = self._taught_prefix("summarization") or ("summarize: " if self._is_t5 else "")
        parts = self._each(request, prefix, self._most - _ROOM_TOKENS, token, {})
        return " ".join(part.strip() for part in parts)

    def translate(self, request: TaskRequest, token: CancelToken) -> str:
        """Return the translation; line ends between pieces stay."""
        prefix, options = self._target(request.language.strip())
        most = min(self._most - _ROOM_TOKENS, _LONGEST_SENTENCES_TOKENS)
        return "".join(self._each(request, prefix, most, token, options)).strip()

    def _each(
        self, request: TaskRequest, prefix: str, most: int, token: CancelToken, options: dict[str, Any]
    ) -> list[str]:
        room = max(most - len(self._tokenizer(prefix, add_special_tokens=False).input_ids), 4)
        written = []
        for piece in pieces(request.text, self._tokenizer, room):
            token.check()
            ending = piece.text[len(piece.text.rstrip()) :]
            written.append(
                self._write(prefix + piece.text.strip(), request.max_tokens, token, options) + ending
            )
        return written

    def _write(self, text: str, max_tokens: int, token: CancelToken, options: dict[str, Any]) -> str:
        encoded = self._tokenizer(text, return_tensors="pt", truncation=True, max_length=self._most)
        encoded = encoded.to(self._model.device)
        with torch.inference_mode():
            ids = self._model.generate(
                input_ids=encoded.input_ids,
                attention_mask=encoded.attention_mask,
                max_new_tokens=max_tokens,
                stopping_criteria=StoppingCriteriaList([StopAtToken(token)]),
                **options,
            )
        token.check()
        return str(self._tokenizer.decode(ids[0], skip_special_tokens=True)).strip()

    # ------------------------------------------------------------ which language

    @property
    def _is_t5(self) -> bool:
        return str(self._model.config.model_type) in {"t5", "mt5", "umt5", "longt5", "switch_transformers"}

    def _taught_prefix(self, task: str) -> str:
        """Return the words that the model was taught to see before a task; empty when it says none."""
        taught = getattr(self._model.config, "task_specific_params", None) or {}
        told = taught.get(task) if isinstance(taught, dict) else None
        return str(told.get("prefix", "")) if isinstance(told, dict) else ""

    def _target(self, language: str) -> tuple[str, dict[str, Any]]:
        """Return the prefix, and the options of `generate`, for a target language by code or name.

        Raises InputError for a language that a model of many languages has no mark for.
        """
        code, name = _code_and_name(language)
        mark = self._mark(language, code)
        if mark.startswith(">>"):
            return f"{mark} ", {}
        if mark:
            return "", {"forced_bos_token_id": self._tokenizer.convert_tokens_to_ids(mark)}
        if self._is_t5:
            taught = self._taught_prefix(f"translation_en_to_{code}")
            return taught or f"translate English to {name or 'German'}: ", {}
        if language and self._has_marks:
            raise InputError(
                phrase("This model does not know the language {language}.", language=language),
                next=phrase("Choose another language, or another model."),
            )
        return "", {}

    @property
    def _has_marks(self) -> bool:
        return any(_MARK.fullmatch(word) for word in self._tokenizer.all_special_tokens)

    def _mark(self, language: str, code: str) -> str:
        """Return the token by which the model knows the language; empty when it has none."""
        if not language:
            return ""
        vocabulary = self._tokenizer.get_vocab()
        exact = (
            language,
            f">>{language}<<",
            f">>{code}<<",
            f"__{code}__",
            f">>{_LONG_CODES.get(code, '')}<<",
        )
        for word in exact:
            if word in vocabulary and _MARK.fullmatch(word):
                return word
        beginnings = tuple(f"{part}_" for part in (code, _LONG_CODES.get(code, "")) if part)
        return next(
            (word for word in sorted(vocabulary) if word.startswith(beginnings) and _MARK.fullmatch(word)), ""
        )


_MARK = re.compile(r">>\w+<<|__[a-z]{2,3}__|[a-z]{2}_[A-Z]{2}|[a-z]{3}_[A-Z][a-z]{3}")


def _code_and_name(language: str) -> tuple[str, str]:
    """Return the two-letter code and the English name of a language given as either."""
    wanted = language.lower()
    for code, name in _LANGUAGES.items():
        if wanted in (code, name.lower()) or wanted.startswith((f"{code}-", f"{code}_")):
            return code, name
    return wanted, language
