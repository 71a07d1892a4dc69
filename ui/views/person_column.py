"""The middle column: the person in front, and below them pages of what else is known."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.views.alarm_panel import AlarmPanel
from ui.views.parts import GAP


class _Fitting(QScrollArea):
    """As high as its content where there is room; scrolls where there is not."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """Return the content's size at the width there is."""
        hint = self._inside.sizeHint()
        layout = self._inside.layout()
        if layout is not None and layout.hasHeightForWidth():
            hint.setHeight(layout.totalHeightForWidth(max(self.width(), 300)))
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return little: it can scroll."""
        return QSize(300, 200)


class PersonColumn(QWidget):
    """The alarm panel above, the details below."""

    def __init__(self, panel: AlarmPanel, details: QWidget) -> None:
        super().__init__()
        self._panel = panel
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        lines.addWidget(_Fitting(panel))
        lines.addWidget(details, 1)

    def take_focus(self) -> None:
        """Put the keyboard on the person's first button."""
        self._panel.take_focus()
