"""All keys of the window, laid over it until any key or click."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.keys import KEYS, WHERE_TITLES, Where, shown
from ui.views.parts import label
from workstation import __version__
from workstation.texts import _


class KeyOverlay(QWidget):
    """Covers its parent with the table of keys; closes by Escape, `?`, any other key or a click."""

    def __init__(self, bindings: Mapping[str, QKeySequence], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("All keys"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._before: QWidget | None = None
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 20, 28, 20)
        inside.setSpacing(14)
        inside.addWidget(label(_("All keys"), role="name"))
        columns = QHBoxLayout()
        columns.setSpacing(40)
        inside.addLayout(columns)
        for places in ((Where.ALARMS, Where.ROUND), (Where.TELEPHONE,), (Where.WINDOW,)):
            columns.addLayout(_column(places, bindings))
        about = _(
            "E-team workstation {version}. Its sources are under MPL-2.0; with the SIP library "
            "pjsua2 (GPL-2.0-or-later) the whole is distributed under GPL-3.0. Typeface Inter (OFL)."
        ).format(version=__version__)
        inside.addWidget(label(about, role="soft", wrap=True))
        inside.addWidget(label(_("Any key closes this."), role="soft"))
        middle = QGridLayout(self)
        middle.addWidget(card, 0, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Cover the window, or close again when it is open."""
        if self.isVisible():
            self.close_again()
            return
        self._before = self.window().focusWidget()
        self.setGeometry(self._parent().rect())
        self.show()
        self.raise_()
        self.setFocus()

    def close_again(self) -> None:
        """Uncover the window and give the keyboard back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def _parent(self) -> QWidget:
        parent = self.parent()
        assert isinstance(parent, QWidget)  # noqa: S101 - it is made with one
        return parent

    def event(self, event: QEvent) -> bool:
        """Have every key only close this, whatever it does in the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by any key that is more than a modifier."""
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            self.close_again()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Close by a click."""
        self.close_again()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._parent().rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what lies below."""
        QPainter(self).fillRect(self.rect(), QColor(16, 20, 23, 150))


def _column(places: tuple[Where, ...], bindings: Mapping[str, QKeySequence]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(6)
    for place in places:
        column.addWidget(label(_(WHERE_TITLES[place]), role="title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        for line, key in enumerate(key for key in KEYS if key.where is place):
            grid.addWidget(label(shown(bindings[key.action]), role="key"), line, 0,
                           Qt.AlignmentFlag.AlignLeft)  # fmt: skip
            grid.addWidget(label(_(key.title)), line, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addSpacing(12)
    column.addStretch(1)
    return column
