"""The few building blocks every view is made of; their looks are the style sheet's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import BODY_POINTS
from ui.views.flow import Flow

__all__ = [
    "GAP",
    "SMALL_GAP",
    "Elided",
    "Flow",
    "Panel",
    "button",
    "clear",
    "column",
    "label",
    "restyle",
    "row",
    "scale",
    "word",
]

L = TypeVar("L", bound=QBoxLayout)

GAP: Final = 12
"""Between panels."""
SMALL_GAP: Final = 8
"""Between things that belong together."""


def label(text: str = "", *, role: str = "", wrap: bool = False, name: str = "") -> QLabel:
    """Return a label that shows plain text only: what a device sent is never markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if name:
        made.setAccessibleName(name)
    return made


def button(
    text: str, *, role: str = "", key: str = "", tip: str = "", main: bool = False
) -> QPushButton:
    """Return a button whose key stands beside its word; a `main` one is larger."""
    made = QPushButton()
    if role:
        made.setProperty("role", role)
    if main:
        made.setProperty("target", "main")
    made.setAutoDefault(False)
    # Never narrower than its words: what does not fit wraps or scrolls instead.
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    word(made, text, key=key, tip=tip)
    return made


def word(made: QPushButton, text: str, *, key: str = "", tip: str = "") -> None:
    """Say something else on a button."""
    plain = text.replace("&", "&&")
    made.setText(f"{plain}   {key}" if key else plain)
    made.setAccessibleName(f"{text}, {key}" if key else text)
    made.setToolTip(tip or made.accessibleName())


def row(*widgets: QWidget | int, gap: int = SMALL_GAP, wide: QWidget | None = None) -> QHBoxLayout:
    """Return widgets side by side; a number is a stretch, `wide` takes all that is left."""
    line = _filled(QHBoxLayout(), widgets, gap)
    if wide is not None:
        line.setStretchFactor(wide, 1)
    return line


def column(*widgets: QWidget | int, gap: int = SMALL_GAP) -> QVBoxLayout:
    """Return widgets below each other; a number is a stretch."""
    return _filled(QVBoxLayout(), widgets, gap)


def _filled(layout: L, widgets: Iterable[QWidget | int], gap: int) -> L:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for widget in widgets:
        if isinstance(widget, int):
            layout.addStretch(widget)
        else:
            layout.addWidget(widget)
    return layout


def scale(widget: QWidget) -> float:
    """Return how much larger than usual the widget's text is, 1.0 or more."""
    return max(1.0, widget.fontInfo().pointSizeF() / BODY_POINTS)


def restyle(widget: QWidget, **properties: str) -> None:
    """Set properties that the style sheet looks at, and have it look again."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and throw it away."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Panel(QFrame):
    """A framed part of the window with a column of content."""

    def __init__(self, name: str) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 10, 14, 10)
        self.body.setSpacing(SMALL_GAP)


class Elided(QLabel):
    """One line of text that ends in … where there is no room; the whole stands in the tool tip."""

    def __init__(self, text: str = "", *, role: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return that any width will do."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much as there is room for."""
        metrics = QFontMetrics(self.font())
        inside = self.contentsRect()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, inside.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(inside, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
