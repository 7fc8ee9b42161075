"""What a model does besides chat and vectors: it sorts, marks, fills in, hears, sees, shortens, translates."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from studio.engines.adapters import media, pretrained, spans
from studio.engines.adapters.kinds import Kind
from studio.engines.adapters.pieces import longest_input, pieces
from studio.engines.adapters.rewriting import Rewriter, StopAtToken
from studio.engines.base import Task, TaskItem, TaskRequest, TaskResult
from studio.errors import InputError
from studio.jobs import CancelToken
from studio.phrases import phrase

MAX_LABELS = 100
_SPECIAL_TOKENS = 4
_MOST_ITEMS = 20
_MOST_MASKED_TOKENS = 512
_SOUND_PART_S = 28.0
_BLANK = re.compile(r"\[MASK\]|<mask>|_{3,}", re.IGNORECASE)
_PIPELINES: dict[Task, str] = {
    "classify_text": "text-classification",
    "classify_tokens": "token-classification",
    "fill_mask": "fill-mask",
    "zero_shot": "zero-shot-classification",
    "classify_image": "image-classification",
    "speech_to_text": "automatic-speech-recognition",
}

Work = Callable[[TaskRequest, CancelToken], Sequence[TaskItem]]


class TaskRunner:
    """Do the tasks of one loaded model; `tokenizer` is None for models of pictures."""

    def __init__(self, kind: Kind, model: Any, tokenizer: Any, folder: Path) -> None:
        self._kind, self._model, self._tokenizer, self._folder = kind, model, tokenizer, folder
        self._pipelines: dict[Task, Any] = {}
        self._works: dict[Task, Work] = {
            "classify_text": self._classify_text,
            "classify_tokens": self._classify_tokens,
            "fill_mask": self._fill_mask,
            "zero_shot": self._zero_shot,
            "classify_image": self._classify_image,
            "speech_to_text": self._speech_to_text,
            "summarise": lambda request, token: [self._whole(self._rewriter.summarise(request, token))],
            "translate": lambda request, token: [self._whole(self._rewriter.translate(request, token))],
            "answer_question": self._answer_question,
        }
        self._processor = self._read_processor()
        self._most = longest_input(folder, tokenizer, model.config) if tokenizer is not None else 0
        self._rewriter = Rewriter(model, tokenizer, self._most)

    def run(self, request: TaskRequest, token: CancelToken) -> TaskResult:
        """Do a task; InputError when the model cannot or the request lacks what it needs."""
        if request.task not in self._kind.tasks or request.task not in self._works:
            raise not_made_for_it()
        _check(request)
        token.check()
        begun = time.monotonic()
        items = self._works[request.task](request, token)
        token.check()
        return TaskResult(tuple(items), time.monotonic() - begun)

    # ------------------------------------------------------------ words

    def _classify_text(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        return self._averaged(request.text, token, self._labels)

    def _zero_shot(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        labels = list(dict.fromkeys(label.strip() for label in request.labels if label.strip()))

        def judged(text: str) -> list[TaskItem]:
            # One label at a time, so that Stop is heard; the shares are put together afterwards.
            logits = []
            for label in labels:
                token.check()
                logits.append(self._entailment(text, label))
            shares = torch.softmax(torch.tensor(logits), 0).tolist()
            return [TaskItem(label, share) for label, share in zip(labels, shares, strict=True)]

        return self._averaged(request.text, token, judged)

    def _entailment(self, text: str, label: str) -> float:
        """Return the logit for "this text is about the label", from the pipeline's own steps."""
        pipe = self._pipe("zero_shot")
        inputs = next(iter(pipe.preprocess(text, [label])))
        outputs = pipe.forward(inputs)
        return float(outputs["logits"][0][pipe.entailment_id])

    def _classify_tokens(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        items = []
        for piece in pieces(request.text, self._tokenizer, self._most - _SPECIAL_TOKENS):
            token.check()
            for found in self._pipe("classify_tokens")(piece.text, aggregation_strategy="first"):
                start, end = piece.start + int(found["start"]), piece.start + int(found["end"])
                items.append(TaskItem(str(found["entity_group"]), float(found["score"]), start, end))
        return items

    def _fill_mask(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        mask = str(self._tokenizer.mask_token)
        text = _BLANK.sub(lambda _: mask, request.text)
        places = [match.start() for match in re.finditer(re.escape(mask), text)]
        if not places:
            raise InputError(
                phrase("There is no gap in the sentence."),
                next=phrase("Write three underlines where a word is missing, like this: The ___ is blue."),
            )
        if len(self._tokenizer(text).input_ids) > min(self._most, _MOST_MASKED_TOKENS):
            raise InputError(
                phrase("This text is too long to fill in."), next=phrase("Use a few sentences only.")
            )
        found = self._pipe("fill_mask")(text)
        gaps = found if len(places) > 1 else [found]
        return [
            TaskItem(str(guess["token_str"]).strip(), float(guess["score"]), place, place + len(mask))
            for place, guesses in zip(places, gaps, strict=True)
            for guess in guesses
        ]

    def _answer_question(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        most = min(self._most, 384)
        return spans.answer(self._model, self._tokenizer, request.text, request.context, most, token.check)

    def _averaged(
        self, text: str, token: CancelToken, judge: Callable[[str], Iterable[TaskItem]]
    ) -> list[TaskItem]:
        """Return the labels with their scores, averaged over the pieces of a long text by length."""
        totals: dict[str, float] = {}
        length = 0
        for piece in pieces(text, self._tokenizer, self._most // 2):
            token.check()
            length += len(piece.text)
            for item in judge(piece.text):
                totals[item.label] = totals.get(item.label, 0.0) + item.score * len(piece.text)
        best = sorted(totals.items(), key=lambda pair: -pair[1])
        return [TaskItem(label, total / max(length, 1)) for label, total in best[:_MOST_ITEMS]]

    def _labels(self, text: str) -> list[TaskItem]:
        found = self._pipe("classify_text")(text, top_k=_MOST_ITEMS)
        return [TaskItem(str(item["label"]), float(item["score"])) for item in found]

    # ------------------------------------------------------------ pictures and sounds

    def _classify_image(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        picture = media.read_picture(Path(request.file))
        token.check()
        most = min(_MOST_ITEMS, int(self._model.config.num_labels))
        found = self._pipe("classify_image")(picture, top_k=most)
        return [TaskItem(str(item["label"]), float(item["score"])) for item in found]

    def _speech_to_text(self, request: TaskRequest, token: CancelToken) -> Sequence[TaskItem]:
        rate = int(self._processor.sampling_rate)
        sound = media.read_sound(Path(request.file), rate)
        said = []
        for part in media.quiet_cuts(sound, rate, _SOUND_PART_S):
            token.check()
            if len(part):
                said.append(self._hear(part, rate, request, token))
        return [self._whole(" ".join(text for text in said if text))]

    def _hear(self, part: media.Sound, rate: int, request: TaskRequest, token: CancelToken) -> str:
        options: dict[str, Any] = {}
        if self._model.can_generate():
            options["stopping_criteria"] = transformers.StoppingCriteriaList([StopAtToken(token)])
            options["max_new_tokens"] = min(request.max_tokens, _most_heard_tokens(self._model.config))
        found = self._pipe("speech_to_text")(
            {"raw": part, "sampling_rate": rate}, **({"generate_kwargs": options} if options else {})
        )
        return str(found["text"]).strip()

    # ------------------------------------------------------------ parts

    def _read_processor(self) -> Any:
        if "classify_image" in self._kind.tasks:
            return pretrained.read_image_processor(self._folder)
        if "speech_to_text" in self._kind.tasks:
            return pretrained.read_feature_extractor(self._folder)
        return None

    def _pipe(self, task: Task) -> Any:
        """Return the pipeline of transformers over the model that is loaded already."""
        if task not in self._pipelines:
            parts: dict[str, Any] = {"tokenizer": self._tokenizer} if self._tokenizer is not None else {}
            if task == "classify_image":
                parts["image_processor"] = self._processor
            if task == "speech_to_text":
                parts["feature_extractor"] = self._processor
            self._pipelines[task] = transformers.pipeline(  # type: ignore[call-overload]
                _PIPELINES[task],
                model=self._model,
                device=self._model.device,
                trust_remote_code=False,
                **parts,
            )
        return self._pipelines[task]

    def _whole(self, text: str) -> TaskItem:
        return TaskItem(text)


def not_made_for_it() -> InputError:
    """Return the error of a model that is asked for what it cannot do."""
    return InputError(
        phrase("This model was not made for that task."), next=phrase("Choose another model for it.")
    )


def _check(request: TaskRequest) -> None:
    """Refuse a request that lacks what its task needs."""
    needs_file = request.task in ("classify_image", "speech_to_text")
    if needs_file and not request.file:
        raise InputError(phrase("No file was chosen."), next=phrase("Choose one and try again."))
    if not needs_file and not request.text.strip():
        raise InputError(phrase("There is nothing to read yet."), next=phrase("Write something first."))
    if request.task == "answer_question" and not request.context.strip():
        raise InputError(
            phrase("There is no text to look for the answer in."), next=phrase("Add the text first.")
        )
    if request.task == "zero_shot" and not any(label.strip() for label in request.labels):
        raise InputError(phrase("There are no words to choose from."), next=phrase("Add at least one."))
    if len(request.labels) > MAX_LABELS:
        raise InputError(
            phrase("Those are too many words to choose from (at most {most}).", most=MAX_LABELS),
            next=phrase("Take some away."),
        )
    if request.max_tokens < 1:
        raise InputError(
            phrase("An answer needs room for at least one word."), next=phrase("Ask for a longer answer.")
        )


def _most_heard_tokens(config: Any) -> int:
    """Return how many tokens a model can write about one part of a sound (half its positions, as Whisper does)."""
    return int(getattr(config, "max_target_positions", None) or 448) // 2
