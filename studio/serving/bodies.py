"""What a request may say, as typed records; whatever else it says is passed over, as OpenAI's clients expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from studio.blueprints import strict_json
from studio.engines.base import GenerationRequest, Message, Sampling
from studio.errors import InputError
from studio.phrases import phrase
from studio.serving.guard import LARGEST_BODY_BYTES

DEFAULT_TOKENS = 1024
MOST_TOKENS = 32_768
MOST_TEXTS = 256
_MOST_MESSAGES = 1000

Text = Annotated[str, Field(min_length=1)]
Stop = str | Annotated[list[Text], Field(max_length=16)]
Tokens = Annotated[int, Field(ge=1, le=MOST_TOKENS)]
B = TypeVar("B", bound="_Body")


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


class _Part(_Body):
    type: Literal["text"]
    text: str


class _ChatMessage(_Body):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[_Part], Field(min_length=1, max_length=_MOST_MESSAGES)]

    def message(self) -> Message:
        """Return the message as engines know it; OpenAI's developer speaks as the system."""
        content = self.content if isinstance(self.content, str) else "".join(p.text for p in self.content)
        return Message("system" if self.role == "developer" else self.role, content)


class _JsonSchema(_Body):
    form: dict[str, Any] = Field(alias="schema")


class _ResponseFormat(_Body):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _JsonSchema | None = None

    @model_validator(mode="after")
    def _has_schema(self) -> _ResponseFormat:
        if self.type == "json_schema" and self.json_schema is None:
            raise ValueError("json_schema is missing")
        return self

    def schema_asked(self) -> dict[str, Any] | None:
        """Return the schema that the answer is to fit; None for plain text."""
        if self.type == "json_object":
            return {"type": "object"}
        return self.json_schema.form if self.json_schema is not None and self.type == "json_schema" else None


class _StreamOptions(_Body):
    include_usage: bool = False


class _Writing(_Body):
    """Hold what chat and completions have in common."""

    model: Text
    max_tokens: Tokens | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    top_k: int | None = Field(None, ge=0, le=1000)
    min_p: float | None = Field(None, ge=0, le=1)
    repetition_penalty: float | None = Field(None, ge=0.5, le=2)
    seed: int | None = Field(None, ge=0)
    stop: Stop | None = None
    stream: bool | None = False
    stream_options: _StreamOptions | None = None
    n: Literal[1] | None = None

    @property
    def tells_usage(self) -> bool:
        """Tell whether a stream ends with the counts."""
        return self.stream_options is not None and self.stream_options.include_usage

    def sampling(self) -> Sampling:
        """Return how tokens are drawn: what was said, else OpenAI's defaults (1 and 1)."""
        return Sampling(
            temperature=1.0 if self.temperature is None else self.temperature,
            top_p=self.top_p or 1.0,
            top_k=self.top_k or 0,
            min_p=self.min_p or 0.0,
            repetition_penalty=self.repetition_penalty or 1.0,
            seed=self.seed,
        )

    def stops(self) -> tuple[str, ...]:
        """Return the stop strings."""
        if self.stop is None:
            return ()
        return (self.stop,) if isinstance(self.stop, str) and self.stop else tuple(self.stop)


class ChatBody(_Writing):
    """Hold a request to /v1/chat/completions."""

    messages: Annotated[list[_ChatMessage], Field(min_length=1, max_length=_MOST_MESSAGES)]
    max_completion_tokens: Tokens | None = None
    response_format: _ResponseFormat | None = None
    logprobs: bool | None = False
    top_logprobs: int | None = Field(None, ge=0, le=20)
    tools: Annotated[list[Any], Field(max_length=0)] | None = None

    def request(self) -> GenerationRequest:
        """Return it as engines know it."""
        return GenerationRequest(
            messages=tuple(message.message() for message in self.messages),
            max_tokens=self.max_completion_tokens or self.max_tokens or DEFAULT_TOKENS,
            sampling=self.sampling(),
            stop=self.stops(),
            schema=self.response_format.schema_asked() if self.response_format else None,
            alternatives=max(1, self.top_logprobs or 0) if self.logprobs else 0,
        )


class CompletionBody(_Writing):
    """Hold a request to /v1/completions: a text that is gone on with."""

    prompt: str

    def request(self) -> GenerationRequest:
        """Return it as engines know it."""
        return GenerationRequest(
            prompt=self.prompt,
            max_tokens=self.max_tokens or DEFAULT_TOKENS,
            sampling=self.sampling(),
            stop=self.stops(),
        )


class EmbeddingBody(_Body):
    """Hold a request to /v1/embeddings."""

    model: Text
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=MOST_TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"

    def texts(self) -> Sequence[str]:
        """Return the texts."""
        return [self.input] if isinstance(self.input, str) else self.input


def read(kind: type[B], raw: bytes) -> B:
    """Return the body as a record; InputError says what is wrong with it, and never repeats it."""
    try:
        return kind.model_validate(strict_json.read(raw, limit_bytes=LARGEST_BODY_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])[:100]
        raise InputError(
            phrase("The request cannot be used: {where}: {reason}", where=where, reason=first["msg"])
        ) from error
    except InputError as error:
        raise InputError(
            phrase("The request is no JSON that can be used: {reason}", reason=error.detail)
        ) from error
