"""A figure and a lamp of the strip on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.shapes import Lamp as Sign
from ui.shapes import Shape
from ui.theme import Theme
from ui.views.parts import label, restyle


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that counts, with what it counts; `tone` is a theme token."""

    title: str
    value: str
    tone: str = "text"
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """Whether a part of the desk works: a shape, a word and since when."""

    name: str
    state: Sign
    said: str
    """The second line: "in order", "down since 21:03"."""
    tip: str = ""


class LampView(QWidget):
    """A lamp: shape and name above, what it says below."""

    def __init__(self, looks: Callable[[], Theme]) -> None:
        super().__init__()
        self._looks = looks
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(7)
        grid.setVerticalSpacing(0)
        self._mark = Shape(Sign.OFF, looks(), 13)
        self._name = label(role="strong")
        self._said = label(role="soft")
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._said, 1, 1)

    def show_lamp(self, lamp: Lamp) -> None:
        """Show another state."""
        self._mark.show_sign(lamp.state, self._looks())
        self._name.setText(lamp.name)
        self._said.setText(lamp.said)
        restyle(
            self._said,
            tone=""
            if lamp.state in (Sign.OK, Sign.OFF)
            else ("down" if lamp.state is Sign.DOWN else "warn"),
        )
        self.setToolTip(lamp.tip)
        self.setAccessibleName(f"{lamp.name}: {lamp.said}")


class FigureView(QWidget):
    """A figure: what it counts above, the number below."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role="soft")
        self._value = label(role="value")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._value, 1, 0, Qt.AlignmentFlag.AlignRight)

    def show_figure(self, figure: Figure) -> None:
        """Show another number."""
        self._title.setText(figure.title)
        self._value.setText(figure.value)
        restyle(self._value, tone=figure.tone)
        self.setToolTip(figure.tip)
        self.setAccessibleName(f"{figure.title} {figure.value}")
