"""The middle column: the person in front, and below them what else is known of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.views.alarm_panel import AlarmPanel
from ui.views.parts import GAP

_LEAST_ABOVE: Final = 240
_LEAST_ASKED: Final = 100
_LEAST_BELOW: Final = 178


class _Scrolling(QScrollArea):
    """Scrolls its content only where there is less room than it needs."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """Return little: it can scroll."""
        return QSize(300, 100)

    def height_of_content(self, width: int) -> int:
        """Return the height its content wants at `width`."""
        layout = self._inside.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self._inside.sizeHint().height()


class PersonColumn(QWidget):
    """The alarm panel above as high as it needs to be, the details below with the rest."""

    def __init__(self, panel: AlarmPanel, details: QWidget, *questions: QWidget) -> None:
        """`questions` stand over all of it while something is asked of whoever sits here."""
        super().__init__()
        self._panel = panel
        self._details = details
        self._questions = questions
        self._above = _Scrolling(panel)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        for question in questions:
            lines.addWidget(question)
        lines.addWidget(self._above)
        lines.addWidget(details, 1)
        lines.addStretch()  # where the details are hidden
        panel.installEventFilter(self)

    def show_parts(self, *, person: bool, details: bool) -> None:
        """Hide what whoever passes by a locked desk must not read."""
        self._panel.show_end(details)
        self._above.setVisible(person)
        self._details.setVisible(details)

    def take_focus(self) -> None:
        """Put the keyboard on the person's first button."""
        self._panel.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height."""
        super().resizeEvent(event)
        self._share()

    def event(self, event: QEvent) -> bool:
        """Share the height anew when a question has come or gone."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the height anew when the panel has become higher or lower."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share()
        return super().eventFilter(watched, event)

    def _share(self) -> None:
        wanted = self._above.height_of_content(self.width())
        asked = sum(one.sizeHint().height() + GAP for one in self._questions if not one.isHidden())
        below = 0 if self._details.isHidden() else GAP + _LEAST_BELOW
        room = max(_LEAST_ASKED if asked else _LEAST_ABOVE, self.height() - asked - below)
        # A scroll bar takes width, so the content grows, so it needs the scroll bar: it would stay.
        policy = Qt.ScrollBarPolicy
        self._above.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if wanted <= room else policy.ScrollBarAsNeeded
        )
        self._above.setFixedHeight(min(wanted, room))
