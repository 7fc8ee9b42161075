"""The theme: whatever a widget may ask about its looks, and the news that the answer changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QSize, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from ui.theme import icons, stylesheet
from ui.theme.tokens import Tokens, load

NAMES = ("light", "dark", "high_contrast")
SYSTEM = "system"

_ROLES = {
    "Window": "canvas", "WindowText": "text", "Base": "surface", "AlternateBase": "hover", "Text": "text",
    "Button": "surface", "ButtonText": "text", "BrightText": "danger", "Highlight": "selection",
    "HighlightedText": "text", "ToolTipBase": "tip_bg", "ToolTipText": "tip_text", "Link": "accent_text",
    "LinkVisited": "accent_text", "PlaceholderText": "text_faint", "Mid": "line", "Dark": "line_strong",
    "Light": "raised", "Shadow": "line_strong", "Accent": "accent",
}  # fmt: skip
_MARKS = {"down": ("caret-down-bold", "text_soft", 16), "check": ("check-bold", "on_accent", 22)}

W = TypeVar("W", bound=QWidget)


class Theme(QObject):
    """Answer what a colour, a size, an icon is now; `changed` tells when the answers are others.

    Widgets ask for a meaning ("accent", "text_soft"), never for a hex value. One theme is made by the
    program and handed to every constructor. `follow` keeps what a style sheet cannot know (fixed
    sizes, icon sizes) right for as long as its widget lives.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tokens: Tokens = load()
        self._folder = QTemporaryDir()
        self._app: QApplication | None = None
        self._motion = SYSTEM
        self.choice, self.name, self.scale = SYSTEM, "light", 1.0
        self.name = self._resolve(SYSTEM)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)

    # ------------------------------------------------------------------ choosing
    def use(self, name: str, *, scale: float | None = None, motion: str | None = None) -> None:
        """Take a theme ("light", "dark", "high_contrast", "system"), text scale (1.0 to 2.0) and motion.

        `motion` is "on", "off" or "system". What is not named stays as it was.
        """
        if name != SYSTEM and name not in NAMES:
            raise ValueError(f"no theme is called {name!r}")
        before = (self.name, self.scale)
        self.choice, self.name = name, self._resolve(name)
        self.scale = self.scale if scale is None else max(1.0, min(2.0, scale))
        self._motion = motion or self._motion
        if before != (self.name, self.scale):
            self._refresh()

    def apply(self, app: QApplication) -> None:
        """Dress the application: style, font, palette and sheet, now and after each change."""
        self._app = app
        app.setStyle("Fusion")
        QFontDatabase.addApplicationEmojiFontFamily(self.tokens.emoji_family)
        self._refresh()

    # ------------------------------------------------------------------ asking
    def colour(self, name: str) -> QColor:
        """Return a colour of the theme by its meaning."""
        return QColor(self.tokens.colours[self.name][name])

    def px(self, value: float) -> int:
        """Return a size of type, control or icon at the user's text size."""
        return round(value * self.scale)

    def size(self, name: str) -> int:
        """Return a named size of the token file, unscaled."""
        return self.tokens.size[name]

    def ms(self, name: str) -> int:
        """Return a named duration; 0 for movements where nothing should move."""
        moving = self.moving or name not in {"hover", "enter", "move"}
        return self.tokens.duration_ms[name] if moving else 0

    @property
    def moving(self) -> bool:
        """Tell whether things may move: the user says so, or else the system."""
        if self._motion != SYSTEM:
            return self._motion == "on"
        style = QApplication.style()
        return style is None or style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0

    @property
    def big(self) -> bool:
        """Tell whether the text is so big that a page shows one column at a time."""
        return self.scale >= 1.5

    @property
    def rail_width(self) -> int:
        """Return the width of the rail."""
        return stylesheet.rail_width(self.tokens, self.px)

    def icon(self, name: str, tone: str = "text_soft", on: str = "on_accent_soft") -> QIcon:
        """Return an icon in the colour `tone`, `on` when checked; it follows the theme by itself.

        ValueError for a name that the icon font does not have.
        """
        return QIcon(icons.GlyphEngine(self, icons.known(name), tone, on))

    def pixmap(self, name: str, tone: str = "text_soft", size: int = 20) -> QPixmap:
        """Return a picture of an icon as it is now; `size` is scaled."""
        return self.icon(name, tone).pixmap(QSize(self.px(size), self.px(size)))

    def font(self, kind: str = "body", *, bold: bool = False, mono: bool = False) -> QFont:
        """Return the font of a kind of text ("small", "body", "lead", "heading", "title", "display")."""
        font = QFont(list(self.tokens.mono_families if mono else self.tokens.families))
        font.setPixelSize(self.px(self.tokens.type[kind]))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return font

    def sheet(self) -> str:
        """Return the style sheet of this theme and scale."""
        images = {key: self._mark(key) for key in _MARKS}
        return stylesheet.fill(self.tokens, self.name, self.px, images)

    def palette(self) -> QPalette:
        """Return the palette; selection, placeholder and native menus take their colours from it."""
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(getattr(QPalette.ColorRole, role), self.colour(name))
        for role in ("WindowText", "Text", "ButtonText"):
            palette.setColor(
                QPalette.ColorGroup.Disabled, getattr(QPalette.ColorRole, role), self.colour("text_faint")
            )
        return palette

    # ------------------------------------------------------------------ following
    def follow(self, widget: W, dress: Callable[[W], None]) -> W:
        """Call `dress(widget)` now and after each change, for as long as the widget lives; return it."""
        dress(widget)
        _Follower(self, widget, dress)
        return widget

    def _resolve(self, name: str) -> str:
        if name != SYSTEM:
            return name
        hints = QGuiApplication.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "high_contrast"
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    @Slot()
    def _on_system_changed(self) -> None:
        if self.choice == SYSTEM:
            self.use(SYSTEM)

    def _refresh(self) -> None:
        if self._app is not None:
            self._app.setFont(self.font())
            self._app.setPalette(self.palette())
            self._app.setStyleSheet(self.sheet())
        self.changed.emit()

    def _mark(self, key: str) -> str:
        """Return the path of a small picture for the sheet, which can only name files.

        Qt keeps such pictures by path, so each theme and scale has its own.
        """
        name, tone, size = _MARKS[key]
        stem = f"{self._folder.path()}/{key}-{self.name}-{self.px(size)}"
        for suffix, times in (("", 1), ("@2x", 2)):
            side = self.px(size) * times
            self.icon(name, tone).pixmap(QSize(side, side)).save(f"{stem}{suffix}.png")
        return f"{stem}.png"


class _Follower(QObject):
    """Dress one widget after each change of the theme; as its child it goes when the widget goes."""

    def __init__(self, theme: Theme, widget: W, dress: Callable[[W], None]) -> None:
        super().__init__(widget)
        self._widget, self._dress = widget, dress
        theme.changed.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        self._dress(self._widget)
