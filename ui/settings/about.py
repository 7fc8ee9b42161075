"""What this program is made of: versions and licences, read from what is installed."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import PySide6
from PySide6.QtCore import QTimer, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QWidget

from studio import __version__
from studio.paths import APP_NAME
from ui.theme import Theme
from ui.widgets import Dialog, Elided, Wrapped, area, button, col, row, text

OWN = "sprout-studio"


@dataclass(frozen=True)
class Part:
    """Name one part of the program, its version and its licence."""

    name: str
    version: str
    licence: str


def main_parts() -> tuple[Part, ...]:
    """Return the parts that can be named at once."""
    return (
        Part(APP_NAME, __version__, "Apache-2.0"),
        Part("Python", platform.python_version(), "PSF-2.0"),
        Part("Qt", qVersion() or "", "LGPL-3.0"),
        Part("PySide6", PySide6.__version__, "LGPL-3.0"),
    )


def browser_part() -> Part:
    """Return the browser engine of the preview; loads it, so it is asked for only when somebody looks."""
    if find_spec("PySide6.QtWebEngineCore") is None:
        return Part("Chromium", "", "")
    try:
        from PySide6.QtWebEngineCore import qWebEngineChromiumSecurityPatchVersion, qWebEngineChromiumVersion
    except ImportError:  # a system library is missing: the preview says which
        return Part("Chromium", "", "")
    base, patches = str(qWebEngineChromiumVersion()), str(qWebEngineChromiumSecurityPatchVersion())
    version = f"{base} ({patches})"
    return Part("Chromium", version, "BSD-3-Clause")


def packages() -> tuple[Part, ...]:
    """Return every installed package by name."""
    found = {}
    for package in metadata.distributions():
        name = package.metadata["Name"]
        if name and name.lower() != OWN:
            found[name.lower()] = Part(name, package.version, licence_of(package))
    return tuple(found[name] for name in sorted(found))


def licence_of(package: metadata.Distribution) -> str:
    """Return the licence of a package in a few words, "" where it does not say."""
    facts = package.metadata
    expression = _fact(facts, "License-Expression")
    if expression:
        return str(expression)
    named = [
        line.rsplit("::", 1)[-1].strip()
        for line in facts.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    if named:
        return ", ".join(named)
    lines = _fact(facts, "License").strip().splitlines()
    return lines[0][:60] if lines else ""


def _fact(facts: metadata.PackageMetadata, name: str) -> str:
    return facts[name] if name in facts else ""  # noqa: SIM401 - the declared type has no get


def own_licence() -> str:
    """Return the text of our own licence, "" where it did not come along."""
    for folder in (Path(__file__).resolve().parents[2],):
        path = folder / "LICENSE"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    try:
        files = metadata.files(OWN) or []
    except metadata.PackageNotFoundError:
        return ""
    for entry in files:
        if entry.name == "LICENSE":
            return entry.read_text()
    return ""


def listing(parts: Sequence[Part]) -> str:
    """Return parts as lines of text, to read and to copy."""
    return "\n".join(
        " · ".join(fact for fact in (part.name, part.version, part.licence) if fact) for part in parts
    )


class Versions(Dialog):
    """Show all versions and licences, with a button that copies them."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, theme, "", width=680)
        self.set_title(self.tr("Versions and licences"))
        self._names = area(theme, name=self.tr("Versions"), height=220)
        self._licence = area(theme, own_licence(), name=self.tr("Licence"), height=180)
        for box in (self._names, self._licence):
            box.setReadOnly(True)
            box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        words = Wrapped(
            self.tr(
                "Sprout Studio is free software under the Apache License 2.0. It stands on the work of many others."
            )
        )
        icons = Wrapped(
            self.tr("The icons of this window are Phosphor Icons, under the MIT licence."), "small"
        )
        parts = text(self.tr("Parts and their licences"), "label")
        own = text(self.tr("Licence of Sprout Studio"), "label")
        self.set_content(col(words, parts, self._names, own, self._licence, icons, gap=8))
        copy = button(theme, self.tr("Copy"), "", "copy", clicked=self._on_copy)
        done = button(theme, self.tr("Close"), clicked=self.close_dialog)
        self.set_foot(None, copy, done, first=done)
        self._names.setPlainText(listing(main_parts()))
        QTimer.singleShot(0, self, self._complete)

    def _complete(self) -> None:
        self._names.setPlainText(listing((*main_parts(), browser_part(), *packages())))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._names.toPlainText())


def facts() -> QWidget:
    """Return the main versions as rows of a card."""
    made = QWidget()
    body = col(margins=(18, 12, 16, 12), gap=6)
    for part in main_parts():
        body.addLayout(row(text(part.name, "soft", data=True), None, Elided(part.version, "strong"), gap=10))
    made.setLayout(body)
    return made
