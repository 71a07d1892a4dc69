"""A part of the window that can be covered: nobody who walks by shall read it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.views.parts import Panel, label


class Covered(QStackedWidget):
    """Shows its content, or a sentence in its place."""

    def __init__(self, content: QWidget, name: str) -> None:
        """`name` is what a screen reader calls the cover."""
        super().__init__()
        self._cover = Panel(name)
        self._said = label(role="empty", wrap=True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cover.body.addWidget(self._said, 1)
        self.addWidget(content)
        self.addWidget(self._cover)
        self.setFocusProxy(content)

    def cover(self, sentence: str) -> None:
        """Show the sentence instead; an empty one shows the content again."""
        self._said.setText(sentence)
        self.setCurrentIndex(1 if sentence else 0)

    @property
    def is_covered(self) -> bool:
        """Whether the content cannot be read."""
        return self.currentIndex() == 1
