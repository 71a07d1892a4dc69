"""Questions that open where the buttons were, instead of a dialog over a waiting alarm."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui.views.parts import button, label
from workstation.texts import _


class InPlace(QFrame):
    """A few questions that open where the buttons were; Escape or Cancel goes back."""

    cancelled = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "call")
        self.setAccessibleName(title)
        self.title = label(title, role="strong", wrap=True)
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(12, 8, 8, 8)
        self.lines.setSpacing(6)
        self.lines.addWidget(self.title)
        self.cancel = button(_("Cancel"), role="quiet")
        self.cancel.clicked.connect(self.cancelled)

    def event(self, event: QEvent) -> bool:
        """Have Escape go back from the questions before it silences anything."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)
