"""The one gate to the network.

Whatever goes out asks here first: the offline switch is honoured in one place, timeouts and the
proxy come from one place, and everything that went out is written down where the user can see it.
"""

from __future__ import annotations

import datetime
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from studio import logs
from studio.errors import OfflineError
from studio.events import EventBus, NetworkUsed
from studio.phrases import phrase
from studio.settings import Settings

log = logs.get("network")

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
OFFLINE_VARIABLES = ("SPROUT_OFFLINE", "HF_HUB_OFFLINE")
_KEEP_DAYS = 30


@dataclass(frozen=True)
class Contact:
    """Record one thing that went out: when (UTC, ISO 8601), to which host, why, how many bytes."""

    at: str
    host: str
    why: str
    size_bytes: int


class NetworkGate:
    """Decide whether something may go out, and remember what did."""

    def __init__(self, settings: Settings, events: EventBus, folder: Path, *, offline: bool = False) -> None:
        self._settings = settings
        self._events = events
        self._folder = folder
        self._forced = offline or any(
            os.environ.get(name, "") in ("1", "true", "yes") for name in OFFLINE_VARIABLES
        )
        self._lock = threading.Lock()

    @property
    def offline(self) -> bool:
        """Tell whether nothing may go out: the switch, `--offline` or the environment says so."""
        return self._forced or bool(self._settings.get("offline"))

    @property
    def forced(self) -> bool:
        """Tell whether `--offline` or the environment holds the switch."""
        return self._forced

    def check(self, why: str) -> None:
        """Raise OfflineError unless the network may be used; call it before a socket is opened."""
        if self.offline:
            log.info("kept offline: %s", why)
            raise OfflineError(
                phrase("The studio is set to stay offline."),
                kept=phrase("Nothing went out."),
                next=phrase("Turn “Stay offline” off in Settings to go on."),
                detail=why,
            )

    def proxies(self) -> Mapping[str, str]:
        """Return the proxy per scheme that the user set; empty: the environment's own."""
        proxy = str(self._settings.get("proxy"))
        return {"http": proxy, "https": proxy} if proxy else {}

    def record(self, host: str, why: str, size_bytes: int) -> None:
        """Write down that something went out; failing to write never stops the work itself."""
        now = datetime.datetime.now(datetime.UTC)
        contact = Contact(now.isoformat(timespec="seconds"), host, why, size_bytes)
        try:
            with self._lock:
                self._folder.mkdir(parents=True, exist_ok=True)
                with self._file(now.date()).open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(asdict(contact), ensure_ascii=False) + "\n")
                self._forget_old(now.date())
        except OSError as error:
            log.warning("contact not written down: %s", error)
        self._events.publish(NetworkUsed(host, why, size_bytes))

    def today(self) -> tuple[Contact, ...]:
        """Return what went out today, oldest first."""
        today = datetime.datetime.now(datetime.UTC).date()
        try:
            lines = self._file(today).read_text(encoding="utf-8").splitlines()
        except OSError:
            return ()
        contacts = []
        for line in lines:
            try:
                contacts.append(Contact(**json.loads(line)))
            except (ValueError, TypeError):  # a line cut short by a power cut
                continue
        return tuple(contacts)

    def _file(self, day: datetime.date) -> Path:
        return self._folder / f"{day.isoformat()}.jsonl"

    def _forget_old(self, today: datetime.date) -> None:
        oldest = (today - datetime.timedelta(days=_KEEP_DAYS)).isoformat()
        for path in self._folder.glob("*.jsonl"):
            if path.stem < oldest:
                path.unlink(missing_ok=True)
