"""The other side of the first paint: a window with nothing in it. Says when it had been painted."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class FirstPaint(QObject):
    """Notes when a window, and all that is in it, had been painted for the first time."""

    _begun = Signal()
    done = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.at = 0.0
        # Queued: the window paints its children before anything that is queued now.
        self._begun.connect(self._note, Qt.ConnectionType.QueuedConnection)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look for the window's own painting, which comes first."""
        if event.type() is QEvent.Type.Paint and not self.at:
            self._begun.emit()
        return False

    def _note(self) -> None:
        if not self.at:
            self.at = time.perf_counter()
            self.done.emit()


def main() -> None:
    """Show the window until it is painted."""
    app = QApplication(["bench"])
    window = QMainWindow()
    first = FirstPaint(window)
    first.done.connect(app.quit)
    window.resize(window.screen().availableGeometry().size())
    window.show()
    app.exec()
    print(f'{{"painted_at": {first.at}}}', flush=True)


if __name__ == "__main__":
    main()
