"""Home: the wish, examples to begin with, the user's own projects, the trash."""

from ui.home.page import HomePage
from ui.home.player import Player

__all__ = ["HomePage", "Player"]
