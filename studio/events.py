"""What happened, as frozen records, and the bus that carries them.

Services publish from any thread; a subscriber is called on the thread that published. The
window's bridge (`ui.bridge`) moves them to the main thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from studio.phrases import Phrase


@dataclass(frozen=True)
class Event:
    """Be the base of all event records."""


@dataclass(frozen=True)
class ProjectListChanged(Event):
    """Tell that a project came, went, was renamed or moved to or from the trash."""


@dataclass(frozen=True)
class ProjectChanged(Event):
    """Tell that a project stands at another step, or got new words in its conversation."""

    project_id: str


@dataclass(frozen=True)
class PictureMade(Event):
    """Tell that a step has its picture."""

    project_id: str
    step_id: int


@dataclass(frozen=True)
class SettingChanged(Event):
    """Tell that a declared setting has another value."""

    key: str


@dataclass(frozen=True)
class NetworkUsed(Event):
    """Tell that something went out to `host`, and why."""

    host: str
    why: str
    size_bytes: int


@dataclass(frozen=True)
class Noticed(Event):
    """Tell the user one sentence that no answer to a request carries."""

    words: Phrase
    kind: str = "info"


EngineState = Literal["loading", "ready", "closed", "failed"]


@dataclass(frozen=True)
class EngineChanged(Event):
    """Tell that a model is being loaded, is in memory, was put away, or stopped working; `words` say so."""

    ref: str
    state: EngineState
    words: Phrase


class EventBus:
    """Hand each published event to every subscriber, in order of subscription."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[Callable[[Event], None]] = []

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Call `callback` for each event from now on; return the function that ends it."""
        with self._lock:
            self._subscribers.append(callback)

        def unsubscribe() -> None:
            with self._lock:
                if callback in self._subscribers:
                    self._subscribers.remove(callback)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Hand `event` to everybody who listens; return when all were called."""
        with self._lock:
            listeners = tuple(self._subscribers)
        for listener in listeners:
            listener(event)
