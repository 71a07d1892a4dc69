"""The citizen's whole card: every number in order, relatives, how to get in, instructions, devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.views.parts import Flow, button, label
from workstation.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that can be called: how it reads, what is dialled, who answers."""

    shown: str
    target: str
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the card: a heading, a text, numbers to call."""

    title: str
    text: str = ""
    numbers: tuple[Number, ...] = ()
    strong: bool = False


class CardPage(QScrollArea):
    """Lines of heading and content; the numbers are buttons."""

    called = Signal(str, str)
    """Who, and the number."""
    edit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("The citizen's card"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.show_lines([], editable=False)

    def show_lines(self, lines: Sequence[Line], *, editable: bool) -> None:
        """Show a card; no lines for nobody."""
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 4, 8, 4)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(lines):
            heading = label(line.title, role="soft")
            if line.numbers and not line.text:
                heading.setMinimumHeight(heading.sizeHint().height() + 20)
            grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._content(line), row, 1)
        whole.addLayout(grid)
        if not lines:
            whole.addWidget(label(_("Choose an alarm to see the citizen's card."), role="empty"))
        if editable:
            edit = button(_("Edit the card"))
            edit.clicked.connect(self.edit_requested)
            whole.addWidget(edit, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)

    def _content(self, line: Line) -> QWidget:
        content = QWidget()
        lines = QVBoxLayout(content)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        if line.text:
            text = label(line.text, role="strong" if line.strong else "", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            lines.addWidget(text)
        if line.numbers:
            flow = Flow(gap=6)
            for number in line.numbers:
                flow.addWidget(self._number(number))
            lines.addLayout(flow)
        return content

    def _number(self, number: Number) -> QWidget:
        made = button(number.shown, tip=_("Call {whom}").format(whom=number.whom))
        made.clicked.connect(lambda: self.called.emit(number.whom, number.target))
        return made
