"""The window to compare with: PySide6, one empty widget. Prints the clock when it has been painted."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class Window(QWidget):
    """Tell the clock at the end of the first paint, and end."""

    painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            print(time.monotonic(), flush=True)
            QTimer.singleShot(0, QApplication.quit)


application = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
application.exec()
