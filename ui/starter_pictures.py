"""`python -m ui.starter_pictures [ID...]`: draw the pictures of the starters anew, from the apps themselves.

Run it after a change of a starter or of the runtime's look; the pictures are kept beside the
starters, so that the first start of the window shows them at once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

import resources
from studio.blueprints.render import render
from studio.builder.starters import load_starters
from studio.projects.rows import new_document

PAGE_SIZE = (800, 500)
PICTURE_WIDTH = 576
_ID = "00000000-0000-4000-8000-000000000000"


def main(names: list[str]) -> int:
    """Draw the pictures of these starters (none named: of all); return 0 if every one has its picture."""
    folder = resources.folder() / "starters"
    with tempfile.TemporaryDirectory() as place:
        pages, pictures = [], []
        for starter in load_starters():
            if names and starter.id not in names:
                continue
            page = Path(place) / f"{starter.id}.html"
            document = new_document(_ID, starter.blueprint, {}, ())
            taught = document.model_copy(update={"models": starter.models})
            page.write_text(render(taught), encoding="utf-8")
            pages.append(page)
            pictures.append(page.with_suffix(".png"))
        command = [sys.executable, "-m", "ui.probe", *map(str, pages), "--size", "{}x{}".format(*PAGE_SIZE)]
        for picture in pictures:
            command += ["--picture", str(picture)]
        subprocess.run(command, check=True)
        for picture in pictures:
            _keep(picture, folder / picture.name)
    return 0


def _keep(picture: Path, target: Path) -> None:
    """Keep a picture in the size that cards show on a sharp screen."""
    image = QImage(str(picture)).scaledToWidth(PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation)
    if not image.convertToFormat(QImage.Format.Format_RGB888).save(str(target), quality=0):
        raise OSError(f"not saved: {target}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
