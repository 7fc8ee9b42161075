"""Settings: how the studio looks, whom it serves, where things lie, what may go out, what it is made of."""

from ui.settings.page import SettingsPage

__all__ = ["SettingsPage"]
