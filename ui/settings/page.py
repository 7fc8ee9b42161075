"""The Settings page: sections at the side, cards of rows; a change acts at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSlider,
    QWidget,
)

from studio.errors import StorageError, StudioError
from studio.events import NetworkUsed, SettingChanged
from studio.phrases import phrase
from studio.services import Services
from ui.bridge import EventBridge
from ui.settings.about import Versions, facts
from ui.settings.rows import SettingRow, card
from ui.theme import Theme
from ui.widgets import Segments, Switch, button, col, combo, frame, row, scroll, slider, switch, text

SIZES = (100, 125, 150, 175, 200)
NARROW = 1100


class SettingsPage(QFrame):
    """Show what can be chosen; what somebody chooses is kept and acts at once."""

    network_asked = Signal()
    failed = Signal(object)

    def __init__(self, services: Services, theme: Theme, bridge: EventBridge) -> None:
        super().__init__()
        self._services, self._theme = services, theme
        self.setProperty("part", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Settings"))
        self._sections: list[tuple[str, str, QWidget]] = []
        self._body = col(gap=10)
        self._add_look()
        self._add_language()
        self._add_who()
        self._add_folders()
        self._add_network()
        self._add_about()
        self._body.addStretch(1)
        self._area = scroll(self._body, name=self.tr("Settings"))
        self._build()
        bridge.published.connect(self._on_event)
        theme.follow(self, lambda it: it._dress())

    def arrive(self) -> None:
        """Be shown: the values are those of now."""
        self._refresh()

    # ------------------------------------------------------------------ sections
    def _section(self, name: str, icon: str, content: QWidget) -> None:
        heading = text(name, "heading")
        if self._sections:
            self._body.addSpacing(14)
        self._body.addWidget(heading)
        self._body.addWidget(content)
        self._sections.append((name, icon, heading))

    def _add_look(self) -> None:
        get = self._services.settings.get
        self._colours = Segments(
            self._theme, self.tr("Colours"),
            [(self.tr("Match my computer"), "system"), (self.tr("Light"), "light"), (self.tr("Dark"), "dark"),
             (self.tr("High contrast"), "high_contrast")],
            value=get("theme"),
        )  # fmt: skip
        self._named("settings.theme", self._colours, lambda value: self._set("theme", value))
        self._size = slider(
            self._theme, self.tr("Text size"), steps=len(SIZES), value=SIZES.index(get("text_size"))
        )
        self._size.setObjectName("settings.text_size")
        self._size.valueChanged.connect(self._on_size)
        sizes = QWidget()
        self._size_words = text("", "small", data=True)
        sizes.setLayout(
            row(
                text(self.tr("A"), "small"),
                self._size,
                text(self.tr("A"), "title"),
                self._size_words,
                None,
                gap=10,
            )
        )
        sizes.setAccessibleName(self.tr("Text size"))
        self._moving = switch(self._theme, self.tr("Moving things"), on=self._theme.moving)
        self._moving.setObjectName("settings.motion")
        self._moving.toggled.connect(lambda on: self._set("motion", "on" if on else "off"))
        theme, follows = self._theme, self.tr("Match my computer follows light and dark by itself.")
        rows = (
            SettingRow(theme, self.tr("Colours"), follows, self._colours),
            SettingRow(theme, self.tr("Text size"), self.tr("Makes words and buttons bigger."), sizes),
            SettingRow(
                theme, self.tr("Moving things"), self.tr("Turn off if movement bothers you."), self._moving
            ),
        )
        self._section(self.tr("Look"), "paint-brush-broad", card(*rows))

    def _add_language(self) -> None:
        choices = [(self.tr("English"), "en")]  # one row for each language that the window can really speak
        self._language = combo(self._theme, self.tr("Language"), choices, width=220)
        self._language.setObjectName("settings.language")
        self._language.setCurrentIndex(self._language.findData(self._services.settings.get("language")))
        self._language.activated.connect(lambda: self._set("language", self._language.currentData()))
        about = self.tr("The window speaks English so far. Apps can use other languages.")
        shown = SettingRow(self._theme, self.tr("Language"), about, self._language)
        self._section(self.tr("Language"), "translate", card(shown))

    def _add_who(self) -> None:
        choices = [(self.tr("A child"), "child"), (self.tr("A class"), "class"), (self.tr("Just me"), "me")]
        self._who = Segments(
            self._theme,
            self.tr("Who uses this copy"),
            choices,
            value=self._services.settings.get("who") or "child",
        )
        self._named("settings.who", self._who, lambda value: self._set("who", value))
        about = self.tr("For a child or a class, things that go online stay locked.")
        self._section(self.tr("Who it is for"), "student", card(
            SettingRow(self._theme, self.tr("Who uses this copy"), about, self._who)
        ))  # fmt: skip

    def _add_folders(self) -> None:
        theme, base = self._theme, self._services.paths.base
        show = button(theme, self.tr("Show in folder"), "", "folder-open", size="small")
        show.clicked.connect(lambda: self._show_folder(base))
        show.setObjectName("settings.home")
        show.setAccessibleName(self.tr("Show the folder of your projects"))
        show.setAccessibleDescription(self.tr("Now: {folder}").format(folder=base))
        change = button(
            theme, self.tr("Change"), "", "folder-simple", size="small", clicked=self._on_change_folder
        )
        change.setObjectName("settings.share_folder")
        change.setAccessibleName(self.tr("Change the folder for shared apps"))
        self._change = change
        self._share_row = SettingRow(theme, self.tr("Shared apps go to"), "", change, data=True)
        kept = SettingRow(theme, self.tr("Your projects are kept in"), str(base), show, data=True)
        self._section(self.tr("Folders"), "folder-simple", card(kept, self._share_row))

    def _add_network(self) -> None:
        gate = self._services.network
        self._offline: Switch = switch(self._theme, self.tr("Work offline"), on=gate.offline)
        self._offline.setObjectName("settings.offline")
        self._offline.setEnabled(not gate.forced)
        self._offline.toggled.connect(lambda on: self._set("offline", on))
        about = (
            self.tr("The studio was started offline. It stays so until you close it.")
            if gate.forced
            else self.tr("Nothing goes out at all.")
        )
        show = button(
            self._theme,
            self.tr("Show the list"),
            size="small",
            name=self.tr("Show what went out today"),
            clicked=self.network_asked.emit,
        )
        show.setObjectName("settings.network")
        self._today_row = SettingRow(self._theme, self.tr("What went out today"), self.tr("Nothing."), show)
        self._section(self.tr("Network"), "wifi-high", card(
            SettingRow(self._theme, self.tr("Work offline"), about, self._offline), self._today_row
        ))  # fmt: skip

    def _add_about(self) -> None:
        show = button(self._theme, self.tr("Show all"), size="small", name=self.tr("Show all versions and licences"),
                      clicked=lambda: Versions(self.window(), self._theme).open())  # fmt: skip
        show.setObjectName("settings.about")
        about = self.tr("Free software. No account, no adverts, nothing is counted.")
        self._section(self.tr("About"), "info", card(
            SettingRow(self._theme, self.tr("Versions and licences"), about, show), facts()
        ))  # fmt: skip

    # ------------------------------------------------------------------ building
    def _build(self) -> None:
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Sections"))
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name, icon, _ in self._sections:
            self._list.addItem(QListWidgetItem(self._theme.icon(icon), name))
        self._list.setCurrentRow(0)
        self._list.currentRowChanged.connect(self._go)
        self._side = frame("canvas", col(self._list, None, margins=(16, 4, 0, 16)))
        choices = [(name, index) for index, (name, _, _) in enumerate(self._sections)]
        self._menu = combo(self._theme, self.tr("Sections"), choices, width=220)
        self._menu.activated.connect(self._go)
        self._header: QHBoxLayout = row(text(self.tr("Settings"), "title"), None, self._menu, gap=12)
        head = frame("canvas", self._header)
        self._theme.follow(head, lambda it: it.setFixedHeight(self._theme.px(self._theme.size("header"))))
        self._area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.setLayout(col(head, (row(self._side, (self._area, 1), gap=0), 1), gap=0))

    def _dress(self) -> None:
        big = self._theme.big
        side = self._theme.px(20)
        self._list.setIconSize(QSize(side, side))
        self._list.setFixedHeight((self._theme.px(40) + 4) * self._list.count() + 4)
        self._side.setFixedWidth(min(self._theme.px(self._theme.size("settings_list")), 300))
        self._side.setVisible(not big)
        self._menu.setVisible(big)
        self._set_margins()
        self._refresh()

    def _set_margins(self) -> None:
        edge = self._theme.size("page_margin_small" if self.window().width() < NARROW else "page_margin")
        start = edge if self._theme.big else 16
        self._body.setContentsMargins(start, 4, edge, 24)
        self._header.setContentsMargins(edge, 0, edge, 0)

    def _named(self, name: str, made: Segments, act: Callable[[Any], None]) -> None:
        made.setObjectName(name)
        made.chosen.connect(act)

    # ------------------------------------------------------------------ acting
    def _set(self, key: str, value: Any) -> None:
        try:
            self._services.settings.set(key, value)
        except StudioError as error:
            self.failed.emit(error)

    def _on_size(self, step: int) -> None:
        self._set("text_size", SIZES[step])

    def _refresh(self) -> None:
        """Show the values as they are, without setting any of them again."""
        get = self._services.settings.get
        self._colours.set_value(get("theme"))
        self._show_value(self._size, SIZES.index(get("text_size")))
        self._size_words.setText(self.tr("{percent} %").format(percent=get("text_size")))
        for box, on in ((self._moving, self._theme.moving), (self._offline, self._services.network.offline)):
            with QSignalBlocker(box):
                box.setChecked(on)
            box.update()
        self._who.set_value(get("who") or "child")
        self._language.setCurrentIndex(self._language.findData(get("language")))
        folder = str(self._services.sharing.folder)
        self._share_row.about.setText(folder)
        self._change.setAccessibleDescription(self.tr("Now: {folder}").format(folder=folder))
        count = len(self._services.network.today())
        self._today_row.about.setText(self._count_words(count))

    def _count_words(self, count: int) -> str:
        if not count:
            return self.tr("Nothing.")
        return self.tr("One thing.") if count == 1 else self.tr("{count} things.").format(count=count)

    @staticmethod
    def _show_value(made: QSlider, value: int) -> None:
        with QSignalBlocker(made):
            made.setValue(value)

    def _show_folder(self, folder: Path) -> None:
        if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.failed.emit(
                StudioError(
                    phrase("The folder could not be shown."),
                    kept=phrase("It is here: {path}", path=str(folder)),
                )
            )

    def _on_change_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for shared apps"), str(self._services.sharing.folder)
        )
        if not chosen:
            return
        if not _writable(Path(chosen)):
            self.failed.emit(
                StorageError(
                    phrase("The studio may not write there."),
                    kept=phrase("Shared apps go where they went before."),
                    next=phrase("Choose another folder."),
                )
            )
            return
        self._set("share_folder", chosen)
        self._refresh()

    def _go(self, index: int) -> None:
        """Bring a section to the top."""
        if not 0 <= index < len(self._sections):
            return
        heading = self._sections[index][2]
        self._area.verticalScrollBar().setValue(heading.y() - 4)
        self._mark(index)  # near the end the heading cannot reach the top: what was asked for is marked

    def _on_scrolled(self, _value: int = 0) -> None:
        """Mark the section that is at the top; at the end of the page, the last one."""
        bar = self._area.verticalScrollBar()
        if bar.value() >= bar.maximum() > 0:
            self._mark(len(self._sections) - 1)
            return
        above = [
            index for index, (_, _, heading) in enumerate(self._sections) if heading.y() <= bar.value() + 40
        ]
        self._mark(above[-1] if above else 0)

    def _mark(self, index: int) -> None:
        with QSignalBlocker(self._list), QSignalBlocker(self._menu):
            self._list.setCurrentRow(index)
            self._menu.setCurrentIndex(index)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, SettingChanged | NetworkUsed):
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margins()


def _writable(folder: Path) -> bool:
    probe = folder / ".sprout-studio-may-write"
    try:
        probe.touch(exist_ok=True)
        probe.unlink()
    except OSError:
        return False
    return True
