"""The other side of the first paint: a window with nothing in it, as large as the screen."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

_SHOWN_MS = 300


def main() -> None:
    """Show the window for a moment."""
    app = QApplication(["bench"])
    window = QMainWindow()
    window.resize(window.screen().availableGeometry().size())
    window.show()
    QTimer.singleShot(_SHOWN_MS, app.quit)
    app.exec()


if __name__ == "__main__":
    main()
