"""Before somebody leaves a desk: into whose hands what they have goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal

from ui.views.in_place import InPlace
from ui.views.parts import Flow, button, clear, label, row
from workstation.texts import _, ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who sits at a desk now."""

    key: str
    name: str


class LeavingPanel(InPlace):
    """A button for each colleague who is there, and one for the queue."""

    left = Signal(str)
    """Leave, and give everything to this colleague; "" for back to the queue."""

    def __init__(self) -> None:
        super().__init__(_("Sign out"))
        self._said = label(role="soft", wrap=True)
        self._flow = Flow()
        self.lines.addWidget(self._said)
        self.lines.addLayout(self._flow)
        self.lines.addLayout(row(self.cancel, 1))
        self.hide()

    def ask(self, count: int, colleagues: Sequence[Colleague]) -> None:
        """Ask what becomes of `count` open alarms."""
        said = ngettext(
            "You have {count} open alarm: who goes on with it?",
            "You have {count} open alarms: who goes on with them?",
            count,
        )
        self._said.setText(said.format(count=count))
        clear(self._flow)
        for one in colleagues:
            made = button(_("Give to {name}").format(name=one.name))
            made.clicked.connect(lambda _on=False, key=one.key: self.left.emit(key))
            self._flow.addWidget(made)
        back = button(_("Back to the queue"))
        back.clicked.connect(lambda: self.left.emit(""))
        self._flow.addWidget(back)
        self.show()
        first = self._flow.itemAt(0)
        widget = first.widget() if first is not None else None
        if widget is not None:
            widget.setFocus()
