"""What the user can choose, declared once, typed, with the words that the window shows.

The file holds only what differs from the default. A file that cannot be read is kept aside and
the studio starts with the defaults; a value of the wrong kind falls back alone.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio import files, logs
from studio.errors import InputError, NotFoundError, StorageError
from studio.events import EventBus, SettingChanged
from studio.phrases import Phrase, phrase

log = logs.get("settings")

Value = str | int | bool


@dataclass(frozen=True)
class Setting:
    """Declare one setting: its key, default, words, and (for a choice) the values it may have."""

    key: str
    default: Value
    title: Phrase
    choices: tuple[Value, ...] = ()

    def accepts(self, value: object) -> bool:
        """Tell whether `value` is of the right kind and, for a choice, one of the choices."""
        if type(value) is not type(self.default):
            return False
        return not self.choices or value in self.choices


ALLOW = "allow_"
"""Prefix of the switches that `studio.safety` reads: "" follows who the copy is for."""


def _allow(feature: str, title: str) -> Setting:
    return Setting(f"{ALLOW}{feature}", "", phrase(title), ("", "yes", "no"))


SETTINGS: tuple[Setting, ...] = (
    Setting("who", "", phrase("Who uses this copy"), ("", "child", "class", "me")),
    Setting("theme", "system", phrase("Colours"), ("system", "light", "dark", "high_contrast")),
    Setting("text_size", 100, phrase("Text size"), (100, 125, 150, 175, 200)),
    Setting("motion", "system", phrase("Moving things"), ("system", "on", "off")),
    Setting("language", "en", phrase("Language"), ("en",)),
    Setting("offline", False, phrase("Stay offline")),
    Setting("proxy", "", phrase("Proxy")),
    Setting("share_folder", "", phrase("Folder for shared apps")),
    Setting("window_geometry", "", phrase("Place of the window")),
    _allow("hub_search", "Search the whole model hub"),
    _allow("remote_engine", "Use models on other computers"),
    _allow("free_code", "Let a model write free code"),
    _allow("spaces", "Use online Spaces"),
    _allow("publish", "Publish apps online"),
    _allow("serve", "Share models with other programs"),
    _allow("token", "Sign in to the model hub"),
)
_BY_KEY = {setting.key: setting for setting in SETTINGS}


class Settings:
    """Hold the settings of one installation and keep them in one file."""

    def __init__(self, path: Path, events: EventBus) -> None:
        self._path = path
        self._events = events
        self._lock = threading.Lock()
        self.problem: Phrase | None = None
        self._values = self._read()

    def get(self, key: str) -> Any:
        """Return the value of a declared setting."""
        setting = declared(key)
        with self._lock:
            return self._values.get(key, setting.default)

    def set(self, key: str, value: Value) -> None:
        """Keep a value and tell everybody; InputError if it is of the wrong kind.

        Where the disk refuses, the value holds until the program ends and StorageError says so.
        """
        setting = declared(key)
        if not setting.accepts(value):
            raise InputError(
                phrase("“{title}” cannot be set to that.", title=str(setting.title)),
                detail=f"{key}={value!r}",
            )
        with self._lock:
            if self._values.get(key, setting.default) == value:
                return
            if value == setting.default:
                self._values.pop(key, None)
            else:
                self._values[key] = value
            text = json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True)
            refused: StorageError | None = None
            try:
                files.save(self._path, text)
            except StorageError as error:
                refused = error
        self._events.publish(SettingChanged(key))
        if refused is not None:
            raise refused

    def _read(self) -> dict[str, Value]:
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.warning("settings not read: %s", error)
            self.problem = phrase("Your settings could not be read. The studio uses its own for now.")
            return {}
        try:
            data = json.loads(raw)
            if not isinstance(data, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError) as error:
            log.warning("settings damaged: %s", error)
            self._keep_damaged()
            return {}
        return {key: value for key, value in data.items() if key in _BY_KEY and _BY_KEY[key].accepts(value)}

    def _keep_damaged(self) -> None:
        self.problem = phrase(
            "Your settings were damaged. The studio started with fresh ones and kept the old file."
        )
        try:
            files.set_aside(self._path, label="damaged")
        except OSError as error:
            log.warning("damaged settings stay where they are: %s", error)


def declared(key: str) -> Setting:
    """Return the declaration of a setting; NotFoundError for a key that nobody declared."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise NotFoundError(phrase("There is no setting called “{key}”.", key=key)) from None


__all__ = ["ALLOW", "SETTINGS", "Setting", "Settings", "declared"]
