"""Every path that the studio reads or writes; one base moves them all."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "Sprout Studio"
HOME_VARIABLE = "SPROUT_HOME"


@dataclass(frozen=True)
class Paths:
    """Name the places of one installation's data, all of them below `base`."""

    base: Path

    @classmethod
    def under(cls, base: Path | str | None = None) -> Paths:
        """Return the paths below `base`, else below SPROUT_HOME, else below the user's data folder."""
        chosen = base or os.environ.get(HOME_VARIABLE) or default_base()
        return cls(Path(chosen).expanduser().resolve())

    @property
    def database(self) -> Path:
        """Return the one SQLite file."""
        return self.base / "studio.db"

    @property
    def restore_points(self) -> Path:
        """Return the folder of the store's own copies."""
        return self.base / "restore_points"

    @property
    def settings(self) -> Path:
        """Return the settings file."""
        return self.base / "settings.json"

    @property
    def logs(self) -> Path:
        """Return the folder of the log."""
        return self.base / "logs"

    @property
    def pictures(self) -> Path:
        """Return the folder of the pictures of steps."""
        return self.base / "pictures"

    @property
    def cache(self) -> Path:
        """Return the folder of what can be made again."""
        return self.base / "cache"

    @property
    def engines(self) -> Path:
        """Return the folder of the child processes: their working folders and the ends of their logs."""
        return self.base / "engines"

    @property
    def models(self) -> Path:
        """Return the folder of models that did not come through the Hub's own cache."""
        return self.base / "models"

    @property
    def network_log(self) -> Path:
        """Return the folder of what went out, one file a day."""
        return self.base / "network"

    @property
    def shared(self) -> Path:
        """Return where shared pages go unless the user chose a folder.

        A home that was named (a stick, a test, a class folder) keeps them, too; otherwise they go
        where people look for their documents.
        """
        if self.base != default_base().resolve():
            return self.base / "shared"
        documents = Path.home() / "Documents"
        return (documents if documents.is_dir() else Path.home()) / APP_NAME

    @property
    def lock(self) -> Path:
        """Return the file that the one running window holds."""
        return self.base / "window.lock"


def default_base() -> Path:
    """Return the user's data folder for this program, as each system wants it."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / APP_NAME
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / APP_NAME
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "sprout-studio"
