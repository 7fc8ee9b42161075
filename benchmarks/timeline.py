"""How fast a project of many steps opens and its strip of pictures scrolls.

`python benchmarks/timeline.py [--steps N] [--rounds N]`: medians and the slowest. Every step has a picture of its own
in the size that the studio keeps. Opening is measured twice: the library alone, and the Make page from the call until
its steps are painted (no browser engine plays the app, whose loading the number of steps cannot change).
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from studio import services as composition
from studio.blueprints import parse_operation
from studio.phrases import phrase
from ui import sandbox
from ui.app import make_application
from ui.bridge import EventBridge, Tasks
from ui.make.page import MakePage
from ui.theme import Theme

PICTURE = (640, 400)


def picture(number: int) -> bytes:
    """Return a PNG that no other step has."""
    image = QImage(*PICTURE, QImage.Format.Format_RGB32)
    image.fill(QColor.fromHsv(number * 7 % 360, 90, 230))
    painter = QPainter(image)
    painter.drawText(image.rect().adjusted(20, 20, 0, 0), 0, f"Step {number} " * 40)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def make_project(services: object, steps: int) -> str:
    """Make a project of so many steps; return its id."""
    project = services.builder.remix(services.builder.starters()[0].id)
    services.projects.set_picture(project.step.id, picture(0))
    blueprint = project.document.blueprint
    for number in range(1, steps):
        changed = blueprint.model_copy(update={"about": f"Change number {number}"})
        operation = parse_operation({"op": "set_about", "value": changed.about})
        project = services.projects.commit(
            project.id, changed, words=phrase("Change {n}", n=number), operations=(operation,)
        )
        services.projects.set_picture(project.step.id, picture(number))
        services.projects.say(project.id, asked=f"change {number}", answer=phrase("Done."))
    return project.id


def milliseconds(begun: float) -> float:
    """Return the time since a moment."""
    return (time.perf_counter() - begun) * 1000


def opened_ms(app: QApplication, page: MakePage, project_id: str) -> float:
    """Open the project and return how long it took until its steps were painted."""
    page.open_project(next(one.id for one in page._services.projects.list() if one.id != project_id))
    while page.project is None or page.project.id == project_id or page.busy:
        app.processEvents()
    begun = time.perf_counter()
    page.open_project(project_id)
    while page.project.id != project_id or page.busy or not page.timeline.strip.in_sight:
        app.processEvents()
    app.processEvents()
    page.grab()
    return milliseconds(begun)


def scrolled_ms(app: QApplication, page: MakePage) -> list[float]:
    """Scroll from the last step to the first, half a step at a time; return how long each paint took."""
    bar = page.timeline.strip.horizontalScrollBar()
    taken, place = [], bar.maximum()
    while place > 0:
        place -= 52
        begun = time.perf_counter()
        bar.setValue(place)
        app.processEvents()
        page.timeline.strip.repaint()
        taken.append(milliseconds(begun))
    return taken


def main() -> None:
    """Make the project, open it, scroll; print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    sandbox.refusal = lambda **_own: sandbox.Refusal.NO_ENGINE  # no browser engine: see above
    app = make_application()
    with tempfile.TemporaryDirectory() as home:
        services = composition.build(Path(home), offline=True)
        services.builder.remix(services.builder.starters()[1].id)
        project_id = make_project(services, options.steps)
        reads = []
        for _ in range(options.rounds):
            begun = time.perf_counter()
            services.projects.get(project_id)
            reads.append(milliseconds(begun))
        theme = Theme()
        theme.use("light", scale=1.0, motion="off")
        theme.apply(app)
        bridge, tasks = EventBridge(services.events), Tasks(services.jobs)
        page = MakePage(services, theme, bridge, tasks)
        page.pictures.stop()
        page.resize(1187, 800)
        page.show()
        opens = [opened_ms(app, page, project_id) for _ in range(options.rounds)]
        scrolls = scrolled_ms(app, page)
        print(
            json.dumps(
                {
                    "steps": options.steps,
                    "read_ms": round(statistics.median(reads), 1),
                    "read_slowest_ms": round(max(reads), 1),
                    "open_first_ms": round(opens[0], 1),
                    "open_ms": round(statistics.median(opens), 1),
                    "open_slowest_ms": round(max(opens), 1),
                    "scroll_ms": round(statistics.median(scrolls), 2),
                    "scroll_99th_ms": round(statistics.quantiles(scrolls, n=100)[98], 2),
                    "scroll_slowest_ms": round(max(scrolls), 2),
                    "buttons_in_sight": page.timeline.strip.in_sight,
                },
                indent=2,
            )
        )
        page.shutdown()
        page.close()
        bridge.close()
        services.close()


if __name__ == "__main__":
    main()
