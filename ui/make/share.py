"""Share: one file that plays anywhere and can be remixed, saved with one press."""

from __future__ import annotations

import json
import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from studio import files
from studio.blueprints import ProjectDocument, to_json
from studio.blueprints.render import render
from studio.projects import Project
from studio.services import Services
from ui.bridge import Tasks
from ui.make.origins import by_model, unwritten
from ui.theme import Theme
from ui.widgets import (
    Dialog,
    Elided,
    Glyph,
    Wrapped,
    button,
    col,
    field,
    frame,
    restyle,
    row,
    switch,
    text,
    tool,
)
from ui.words import say, size

SUFFIX = ".html"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]{2,}")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d ()/-]{7,}\d(?!\w)")
_ENOUGH_DIGITS = 8
_translate = QCoreApplication.translate


class ShareDialog(Dialog):
    """Save the app as one page; what the maker should look at first is listed."""

    check_asked = Signal(str)
    saved = Signal(str)

    def __init__(
        self, window: QWidget, theme: Theme, services: Services, tasks: Tasks, project: Project
    ) -> None:
        super().__init__(
            window,
            theme,
            _title(project),
            about=_translate("ShareDialog", "Your friends can play it and remix it."),
            data=True,
        )
        self._services, self._tasks, self._project = services, tasks, project
        self._folder = services.sharing.folder
        self.setObjectName("share")
        self.prompts = switch(theme, self.tr("With how I made it"), on=True)
        self.prompts.setObjectName("share.with_prompts")
        self.prompts.toggled.connect(self._weigh)
        self._size = text("", "small")
        self.name = field(services.sharing.suggested_path(project).stem)
        self.name.setObjectName("share.name")
        self.name.setMaxLength(80)
        self.name.textChanged.connect(self._on_named)
        self._where = Elided("", "small")
        self.set_content(col(self._choice(), self._how_made(), self._checks(), self._file(), None, gap=10))
        cancel = button(theme, self.tr("Cancel"), "quiet", clicked=self.close_dialog)
        self.save = button(
            theme, self.tr("Save the file"), "primary", "download-simple", clicked=self._on_save
        )
        self.save.setObjectName("share.page")
        self.set_foot(None, cancel, self.save, first=self.save)
        self._weigh()
        self._on_named()

    # ------------------------------------------------------------------ parts

    def _choice(self) -> QWidget:
        theme = self.theme
        words = col(
            text(self.tr("One file"), "strong"),
            text(self.tr("Plays in any browser. Send it, or put it on a stick."), "small", wrap=True),
            gap=0,
        )
        chosen = Glyph(theme, "check-circle-fill", "accent_text", 24)
        inside = row(Glyph(theme, "file", "accent_text", 28), (words, 1), self._size, chosen,
                     margins=(16, 12, 16, 12), gap=14)  # fmt: skip
        return frame("card", inside, pick=True, chosen=True)

    def _how_made(self) -> QWidget:
        label = text(self.tr("With how I made it"))
        label.setBuddy(self.prompts)
        about = text(self.tr("Your wishes go along, so that others can learn from them."), "small", wrap=True)
        holder = QWidget()
        holder.setLayout(row((col(label, about, gap=0), 1), self.prompts, margins=(16, 0, 16, 0)))
        return holder

    def _checks(self) -> QWidget:
        document = self._project.document
        rows = [self._check("good", self.tr("Works with no internet"))]
        if personal(document):
            rows.append(self._check("warn", self.tr("There is an e-mail address or a phone number in it")))
        else:
            rows.append(self._check("good", self.tr("No e-mail addresses or phone numbers found")))
        first = [places[0] for places in (unwritten(document), by_model(document)) if places]
        for index, reminder in enumerate(self._services.sharing.reminders(self._project)):
            rows.append(self._check("warn", say(reminder), first[index] if index < len(first) else ""))
        well = frame("well", col(*rows, margins=(14, 4, 8, 4), gap=0))
        well.setAccessibleName(self.tr("Checks"))
        return well

    def _check(self, tone: str, words: str, pointer: str = "") -> QWidget:
        icon, colour = ("check-circle-fill", "accent_text") if tone == "good" else ("warning-fill", "warn")
        parts: list[QWidget] = []
        if pointer:
            act = button(
                self.theme, self.tr("Check them"), "quiet", size="small", clicked=lambda: self._go(pointer)
            )
            act.setAccessibleDescription(words)
            parts.append(act)
        holder = QWidget()
        holder.setLayout(row(Glyph(self.theme, icon, colour), (Wrapped(words), 1), *parts, gap=10))
        self.theme.follow(holder, lambda it: it.setMinimumHeight(self.theme.px(36)))
        return holder

    def _file(self) -> QWidget:
        change = tool(self.theme, "folder-simple", self.tr("Save in another folder"), clicked=self._on_folder)
        change.setObjectName("share.folder")
        label = text(self.tr("Name of the file"), "label")
        label.setBuddy(self.name)
        self.name.setAccessibleName(label.text())
        holder = QWidget()
        holder.setLayout(col(label, row((self.name, 1), change, gap=8), self._where, gap=4))
        return holder

    # ------------------------------------------------------------------ answers

    def path(self) -> Path:
        """Return where the file will go: a name that any computer takes, and that no file there has yet."""
        stem = files.safe_name(self.name.text().strip().removesuffix(SUFFIX))
        return files.free_name(self._folder, stem, SUFFIX)

    def _weigh(self) -> None:
        document = self._project.document
        if not self.prompts.isChecked():
            document = document.model_copy(update={"prompts": ()})
        self._size.setText(size(len(render(document).encode())))

    def _on_named(self) -> None:
        fine = bool(self.name.text().strip().removesuffix(SUFFIX))
        self.save.setEnabled(fine)
        restyle(self.name, wrong=not fine)
        self._where.setText(str(self.path()))

    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Save in another folder"), str(self._folder))
        if chosen:
            self._folder = Path(chosen)
            self._on_named()

    def _go(self, pointer: str) -> None:
        self.close_dialog()
        self.check_asked.emit(pointer)

    def _on_save(self) -> None:
        path, with_prompts = self.path(), self.prompts.isChecked()
        self.save.setEnabled(False)
        self._tasks.run(
            lambda token, report: self._services.sharing.export_page(
                self._project.id, path, with_prompts=with_prompts
            ),
            lane="disk",
            parent=self,
            succeeded=self._on_saved,
            failed=self._on_failed,
        )

    def _on_failed(self, error: object) -> None:
        self.save.setEnabled(True)
        self._tasks.unhandled.emit(error)

    def _on_saved(self, path: Path) -> None:
        window = self.parentWidget()
        self.saved.emit(str(path))
        if window is not None:
            SharedDialog(window, self.theme, path).open()
        else:
            self.close_dialog()


class SharedDialog(Dialog):
    """Say that the file is there, and what can be done with it."""

    def __init__(self, window: QWidget, theme: Theme, path: Path) -> None:
        super().__init__(window, theme, _translate("ShareDialog", "Your app is saved"), width=520)
        self._path = path
        self.setObjectName("shared")
        words = col(Elided(path.name, "strong"), Elided(str(path.parent), "small"), gap=0)
        weight = text(size(path.stat().st_size), "small")
        mark = Glyph(theme, "check-circle-fill", "accent_text", 28)
        card = frame("card", row(mark, (words, 1), weight, margins=(16, 12, 16, 12), gap=14))
        how = Wrapped(
            self.tr(
                "Send the file to a friend. A double-click plays it. Dropped on this studio, it can be remixed."
            )
        )
        self.set_content(col(card, how, None, gap=12))
        folder = button(theme, self.tr("Show in folder"), "", "folder-simple", clicked=self.show_folder)
        folder.setObjectName("shared.folder")
        browser = button(theme, self.tr("Open in the browser"), "", "globe", clicked=self.open_browser)
        browser.setObjectName("shared.browser")
        done = button(theme, self.tr("Done"), "primary", clicked=self.close_dialog)
        done.setObjectName("shared.done")
        self.set_foot(folder, browser, None, done, first=done)

    def show_folder(self) -> None:
        """Open the folder in the system's file window."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def open_browser(self) -> None:
        """Play the page in the system's browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))


def personal(document: ProjectDocument) -> bool:
    """Tell whether the words of an app or its wishes hold something like an address or a number to call."""
    blueprint = document.blueprint
    told = [*document.prompts, *_strings(json.loads(to_json(blueprint)) if blueprint is not None else {})]
    return any(_MAIL.search(words) or _is_phone(words) for words in told)


def _is_phone(words: str) -> bool:
    return any(sum(sign.isdigit() for sign in found[0]) >= _ENOUGH_DIGITS for found in _PHONE.finditer(words))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [words for part in value.values() for words in _strings(part)]
    return [words for part in value for words in _strings(part)] if isinstance(value, list) else []


def _title(project: Project) -> str:
    return _translate("ShareDialog", "Share {title}").format(title=project.summary.title)
