"""Answer the one question that every gate asks: is this feature allowed on this computer.

A grown-up decides in the settings; until then it follows who the copy is for. For a child, and
until somebody has said who it is for, everything that reaches out or runs foreign code is off.
"""

from __future__ import annotations

from typing import Literal, get_args

from studio.errors import BlockedError
from studio.phrases import Phrase, phrase
from studio.settings import ALLOW, Settings, declared

Feature = Literal["hub_search", "remote_engine", "free_code", "spaces", "publish", "serve", "token"]
FEATURES: tuple[Feature, ...] = get_args(Feature)

_ALLOWED_FOR: dict[str, frozenset[str]] = {
    "": frozenset(),
    "child": frozenset(),
    "class": frozenset({"free_code"}),
    "me": frozenset(FEATURES),
}


class Permissions:
    """Answer for every gate what this copy of the studio may do."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def allowed(self, feature: Feature) -> bool:
        """Tell whether `feature` is on: what a grown-up chose, else what fits who uses this copy."""
        chosen = self._settings.get(f"{ALLOW}{feature}")
        if chosen:
            return bool(chosen == "yes")
        return feature in _ALLOWED_FOR[self._settings.get("who")]

    def require(self, feature: Feature) -> None:
        """Raise BlockedError, in words a child understands, unless `feature` is on."""
        if not self.allowed(feature):
            raise BlockedError(
                phrase("“{title}” is switched off here.", title=str(title(feature))),
                next=phrase("Ask a grown-up to turn it on in Settings."),
                detail=feature,
            )


def title(feature: Feature) -> Phrase:
    """Return the words that the settings use for a feature."""
    return declared(f"{ALLOW}{feature}").title
