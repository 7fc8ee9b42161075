"""How one talks to the Hub's inference providers, through huggingface_hub's own client.

That client would look for a signed-in token by itself, follow redirects and wait for ever. It gets the
key that the user named and no other, and our own way to the network.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from huggingface_hub import AsyncInferenceClient, constants, set_async_client_factory
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError, TextGenerationError

from studio.engines.remote_client import Wire, explained
from studio.engines.remote_talk import (
    MOST_STOPS,
    Asked,
    ModelCard,
    Piece,
    chat_messages,
    complain,
    piece_of,
    response_format,
)
from studio.engines.remote_words import StatusError, cut, hung, not_understood
from studio.errors import InputError
from studio.phrases import phrase

# Else it asks the Hub, past every gate of ours, for a list of programs to look for in the environment, and
# writes into each request what it found (huggingface_hub/utils/_headers.py of 2.4.0). It reads the variable
# of that name at import, which somebody else may have done already.
constants.HF_HUB_DISABLE_TELEMETRY = True


class HubTalk:
    """Speak through huggingface_hub."""

    def __init__(self, wire: Wire, model: str) -> None:
        self.wire = wire
        self.model = model

    async def models(self) -> tuple[ModelCard, ...]:
        """Return nothing: the providers have more models than anybody lists."""
        return ()

    async def pieces(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Ask with `chat_completion`; a bare prompt goes as what the user says."""
        host, finished = self.wire.server.host, False
        set_async_client_factory(self._http)
        hub = self._client()
        try:
            with explained(host):
                async with hub as client:
                    async for chunk in await client.chat_completion(**self._fields(asked)):
                        piece = piece_of(chunk, host)
                        finished = finished or bool(piece.finish)
                        yield piece
        except InferenceTimeoutError:
            hung(host)
        except HfHubHTTPError as error:
            raise StatusError(error.response.status_code, str(error)) from error
        except TextGenerationError as error:
            complain(str(error), host)
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError) as error:  # what it cannot parse
            not_understood(host, f"{type(error).__name__}: {error}"[:200])
        if not finished:
            cut(host, "the stream ended without an end")

    def _http(self) -> Any:
        """Return our own way to the network; a complaint is read whole, as the Hub's client expects."""
        client = self.wire.client()
        client.event_hooks["response"].append(_read_complaint)
        return client

    def _client(self) -> AsyncInferenceClient:
        key = self.wire.server.key()
        if not key:  # without one, the client would take the token that lies on this computer
            raise InputError(
                phrase("The Hub's models need a key."),
                kept=phrase("Nothing was sent."),
                next=phrase("Name the variable that holds your key."),
            )
        url = self.wire.server.url
        return AsyncInferenceClient(base_url=url, token=key) if url else AsyncInferenceClient(token=key)

    def _fields(self, asked: Asked) -> dict[str, Any]:
        request, sampling = asked.request, asked.request.sampling
        fields: dict[str, Any] = {
            "messages": chat_messages(asked) or [{"role": "user", "content": request.prompt}],
            "model": self.model,
            "stream": True,
            "max_tokens": request.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "stream_options": {"include_usage": True},
        }
        if sampling.seed is not None:
            fields["seed"] = sampling.seed
        if request.stop:
            fields["stop"] = list(request.stop[:MOST_STOPS])
        if asked.schema is not None:
            fields["response_format"] = response_format(asked.schema)
        return fields

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Refuse: which provider makes vectors is only known by asking the Hub without a way to stop."""
        raise InputError(
            phrase("The Hub's models cannot compare texts for the studio."),
            kept=phrase("Nothing was sent."),
            next=phrase("Choose a model on this computer."),
        )


async def _read_complaint(response: Any) -> None:
    if response.status_code != 200:
        await response.aread()
