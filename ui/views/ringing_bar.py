"""Who calls the hub now, how long they have waited, and the button that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import times
from ui.views.parts import Elided, button, label, restyle, row, word
from workstation.texts import _, ngettext

_MOST: Final = 3
"""Calls that have a line of their own; what is behind them is a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingShown:
    """One call that waits, or one that is to be called again."""

    key: str
    name: str
    """Who calls, as far as it is known."""
    text: str
    since: datetime
    reminder: bool = False
    """The operator asked to be reminded to call; nobody is on the line."""
    urgent: bool = False


class _Line(QWidget):
    """Name, what is known, the running wait, and a button."""

    def __init__(self) -> None:
        super().__init__()
        self._name = Elided(role="strong")
        self._text = Elided(role="soft")
        self.wait = label(role="strong")
        self.act = button("")
        self.leave = button("", role="quiet")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._text)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addLayout(words, 1)
        line.addWidget(self.wait)
        line.addLayout(row(self.leave, self.act))
        self.shown: RingingShown | None = None

    def show_call(self, shown: RingingShown, key: str, leave_key: str) -> None:
        self.shown = shown
        self._name.setText(shown.name)
        self._text.setText(shown.text)
        self._text.setVisible(bool(shown.text))
        word(self.act, _("Call") if shown.reminder else _("Answer"), key=key)
        if shown.reminder:
            word(self.leave, _("Forget it"), tip=_("Be reminded no longer"))
        else:
            told = _("It stops ringing here; its alarm stays in the queue")
            word(self.leave, _("Another desk"), key=leave_key, tip=told)
        restyle(self.act, role="primary" if key else "")
        kind = "emergency" if shown.urgent else ""
        restyle(self._name, kind=kind)
        restyle(self.wait, kind=kind)


class RingingBar(QFrame):
    """One line for each of the first calls, in the order to answer them; hidden while none waits."""

    answer_requested = Signal(str)
    """Answer the call of this key."""
    remind_requested = Signal(str)
    """Call whom this reminder is about."""
    decline_requested = Signal(str)
    """Leave the call of this key to another desk."""
    forget_requested = Signal(str)
    """Let this reminder be."""

    def __init__(self, *, answer_key: str = "F10", decline_key: str = "Ctrl+F10") -> None:
        """Keys of the first call, as written on its buttons."""
        super().__init__()
        self.setProperty("role", "ringing")
        self.setAccessibleName(_("Calls that wait"))
        self._answer_key = answer_key
        self._decline_key = decline_key
        self._calls: tuple[RingingShown, ...] = ()
        self._head = label(role="strong")
        self._lines = tuple(_Line() for _place in range(_MOST))
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 8, 14, 8)
        inside.setSpacing(6)
        inside.addWidget(self._head)
        for line in self._lines:
            inside.addWidget(line)
            line.act.clicked.connect(lambda _on=False, line=line: self._clicked(line))
            line.leave.clicked.connect(lambda _on=False, line=line: self._left(line))
        self.hide()

    def show_calls(self, calls: Sequence[RingingShown]) -> None:
        """Show who waits, in the order given."""
        self._calls = tuple(calls)
        answerable = next((one.key for one in calls if not one.reminder), None)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(calls))
            if place < len(calls):
                one = calls[place]
                keys = (self._answer_key, self._decline_key)
                line.show_call(one, *(keys if one.key == answerable else ("", "")))
        self.setVisible(bool(calls))
        self.setAccessibleDescription(". ".join(f"{one.name}. {one.text}" for one in calls))

    def tick(self, now: datetime) -> None:
        """Let the waits run."""
        if not self._calls:
            return
        for line in self._lines:
            if line.shown is not None and not line.isHidden():
                line.wait.setText(times.running(max(now, line.shown.since) - line.shown.since))
        self._head.setText(self._said(now))

    def _said(self, now: datetime) -> str:
        ringing = [one for one in self._calls if not one.reminder]
        if not ringing:
            return _("To be called again")
        said = ngettext("{count} call waits", "{count} calls wait", len(ringing))
        longest = times.running(max(now - min(one.since for one in ringing), now - now))
        told = said.format(count=len(ringing))
        if len(ringing) == 1:
            return told
        return told + " · " + _("longest {time}").format(time=longest)

    def _clicked(self, line: _Line) -> None:
        if line.shown is None:
            return
        signal = self.remind_requested if line.shown.reminder else self.answer_requested
        signal.emit(line.shown.key)

    def _left(self, line: _Line) -> None:
        if line.shown is None:
            return
        signal = self.forget_requested if line.shown.reminder else self.decline_requested
        signal.emit(line.shown.key)
