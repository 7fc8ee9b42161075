"""How the window looks: colours, sizes, icons and the one style sheet."""

from ui.theme.theme import NAMES, Theme
from ui.theme.tokens import Tokens

__all__ = ["NAMES", "Theme", "Tokens"]
