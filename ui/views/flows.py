"""What needs a few words more: who drives out, until when it rests, what was right after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QLineEdit

from ui import words
from ui.views.in_place import InPlace
from ui.views.outcome_bar import ORDER
from ui.views.parts import Flow, button, label, row
from workstation.domain.kind import Outcome
from workstation.texts import _

_HOUR_MIN: Final = 60
_ARRIVAL_MINUTES: Final = (15, 30, 45, 60)
_SHELF_MINUTES: Final = (15, 30, 60, 120, 480)


class Minutes(QFrame):
    """A choice of spans, one of them chosen."""

    def __init__(self, spans: Sequence[int], name: str) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        line = Flow(gap=4)
        self.setLayout(line)
        for minutes in spans:
            said = (
                _("{minutes} min").format(minutes=minutes)
                if minutes < _HOUR_MIN
                else _("{hours} h").format(hours=minutes // _HOUR_MIN)
            )
            made = button(f"+{said}")
            made.setAccessibleName(f"{name} +{said}")
            made.setCheckable(True)
            self._group.addButton(made, minutes)
            line.addWidget(made)
        self._group.button(spans[1]).setChecked(True)

    @property
    def chosen(self) -> int:
        """The chosen span in minutes."""
        return self._group.checkedId()


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """Somebody who can be sent."""

    name: str
    said: str
    """How the list says it: "Mette Holm · daughter"."""


class ResponderFlow(InPlace):
    """Who drives out, and until when they should be there."""

    sent = Signal(str, int)
    """Name, and the minutes until arrival must be confirmed."""

    def __init__(self) -> None:
        super().__init__(_("Who drives out? Without a confirmed arrival the alarm comes back."))
        self._who = QComboBox()
        self._who.setEditable(True)
        self._who.setAccessibleName(_("Name of who drives out"))
        self._written = QLineEdit()
        self._written.setPlaceholderText(_("Choose or write a name"))
        self._who.setLineEdit(self._written)
        self._minutes = Minutes(_ARRIVAL_MINUTES, _("there within"))
        self._send = button(_("On the way"), role="primary")
        self.lines.addWidget(self._who)
        self.lines.addLayout(
            row(
                label(_("there within"), role="soft"),
                self._minutes,
                self.cancel,
                self._send,
                wide=self._minutes,
            )
        )
        self._send.clicked.connect(self._emit)
        self._written.returnPressed.connect(self._emit)

    def begin(self, people: Sequence[Someone]) -> None:
        """Offer the citizen's own people; the first responder is the likeliest."""
        self._who.clear()
        for one in people:
            self._who.addItem(one.said, one.name)
        self._who.setCurrentIndex(0 if people else -1)
        self._who.setFocus()

    def _emit(self) -> None:
        index = self._who.findText(self._who.currentText())
        name = self._who.itemData(index) if index >= 0 else self._who.currentText().strip()
        if name:
            self.sent.emit(name, self._minutes.chosen)
        else:
            self._who.setFocus()


class ArrivalFlow(InPlace):
    """Somebody is on the way: confirm that they arrived, or send somebody else."""

    arrived = Signal(str)
    again = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self._name = ""
        self._arrived = button(_("Arrived"), role="primary", main=True)
        self._other = button(_("Somebody else"))
        self.lines.addLayout(row(self._arrived, self._other, 1, self.cancel))
        self._arrived.clicked.connect(lambda: self.arrived.emit(self._name))
        self._other.clicked.connect(self.again)

    def begin(self, name: str, sentence: str) -> None:
        """Say who is awaited until when."""
        self._name = name
        self.title.setText(sentence)
        self._arrived.setFocus()


class ShelveFlow(InPlace):
    """Until when it rests, and why."""

    shelved = Signal(int, str)

    def __init__(self) -> None:
        super().__init__(_("Shelve until when, and why? It comes back by itself."))
        self._reason = QLineEdit()
        self._reason.setAccessibleName(_("Reason"))
        self._reason.setPlaceholderText(_("Reason, such as: battery ordered, relative is there"))
        self._minutes = Minutes(_SHELF_MINUTES, _("rests for"))
        self._shelve = button(_("Shelve"), role="primary")
        self._shelve.setEnabled(False)
        self._reason.textChanged.connect(lambda text: self._shelve.setEnabled(bool(text.strip())))
        self._reason.returnPressed.connect(self._emit)
        self._shelve.clicked.connect(self._emit)
        self.lines.addWidget(self._reason)
        self.lines.addLayout(row(self._minutes, self.cancel, self._shelve, wide=self._minutes))

    def begin(self) -> None:
        """Start empty."""
        self._reason.clear()
        self._reason.setFocus()

    def _emit(self) -> None:
        if self._reason.text().strip():
            self.shelved.emit(self._minutes.chosen, self._reason.text().strip())


class CorrectFlow(InPlace):
    """The outcome was wrong: which is right, and what happened."""

    corrected = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("")
        self._right = QComboBox()
        self._right.setAccessibleName(_("Right outcome"))
        self._text = QLineEdit()
        self._text.setAccessibleName(_("Why it is corrected"))
        self._text.setPlaceholderText(_("Why it is corrected"))
        self._save = button(_("Correct"), role="primary")
        self.lines.addLayout(row(self._right, self._text, self.cancel, self._save, wide=self._text))
        self._save.clicked.connect(self._emit)
        self._text.returnPressed.connect(self._emit)

    def begin(self, wrong: Outcome, possible: frozenset[Outcome]) -> None:
        """Offer every other outcome that may stand."""
        self.title.setText(
            _("Closed as “{outcome}”. What was right? Both stay in the time line.").format(
                outcome=words.outcome(wrong)
            )
        )
        self._right.clear()
        for outcome in ORDER:
            if outcome in possible and outcome is not wrong:
                self._right.addItem(words.outcome(outcome), outcome.value)
        self._text.clear()
        self._right.setFocus()

    def _emit(self) -> None:
        self.corrected.emit(self._right.currentData(), self._text.text().strip())
