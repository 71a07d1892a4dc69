"""The alarm in one line: kind, running wait, what happened, who has it; and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import times
from ui.shapes import Shape
from ui.theme import Theme
from ui.views.parts import Elided, button, label, restyle, row, word
from workstation.domain.kind import Kind
from workstation.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmShown:
    """The alarm that the panel is about, as it stands."""

    kind: Kind
    word: str
    text: str
    who: str
    """"not taken", "taken by you 21:13:49", "Anna L. has it"."""
    since: datetime
    can_take: bool
    marks: str = ""
    responder: str = ""
    """Who is awaited, or has arrived, and when: empty for nobody."""
    closed: str = ""
    """How and when it ended; empty while it is open."""


class AlarmLine(QWidget):
    """What the operator is dealing with; a second line once it is closed."""

    take_requested = Signal()
    arrival_wanted = Signal()
    correction_wanted = Signal()

    def __init__(self, looks: Callable[[], Theme]) -> None:
        super().__init__()
        self._looks = looks
        self._since: datetime | None = None
        self._mark = Shape(Kind.EMERGENCY, looks(), 18)
        self._word = label(role="strong")
        self._wait = label(role="strong", name=_("Waited"))
        self._event = Elided()
        self._who = label(role="soft")
        self.take = button(_("Take"), role="primary")
        self._awaited = button("", role="link")
        self._closed = label(role="strong", wrap=True)
        self._correct = button(_("Correct the outcome"), role="quiet")
        self._ended = QWidget()
        self._ended.setLayout(row(self._closed, self._correct, wide=self._closed))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(
            row(
                self._mark,
                self._word,
                self._wait,
                self._event,
                self._awaited,
                self._who,
                self.take,
                wide=self._event,
            )
        )
        lines.addWidget(self._ended)
        self.take.clicked.connect(self.take_requested)
        self._awaited.clicked.connect(self.arrival_wanted)
        self._correct.clicked.connect(self.correction_wanted)

    def show_alarm(self, shown: AlarmShown) -> None:
        """Show the alarm as it stands."""
        self._since = None if shown.closed else shown.since
        self._mark.show_sign(shown.kind, self._looks())
        self._word.setText(shown.word)
        restyle(self._word, kind=shown.kind.value)
        self._event.setText(shown.text)
        self._wait.setVisible(not shown.closed)
        self._who.setText(" · ".join(part for part in (shown.who, shown.marks) if part))
        restyle(self._who, tone="warn" if shown.marks or shown.can_take else "")
        self.take.setVisible(shown.can_take)
        word(self._awaited, shown.responder)
        self._awaited.setVisible(bool(shown.responder))
        self._closed.setText(shown.closed)
        self._ended.setVisible(bool(shown.closed))

    def tick(self, now: datetime) -> None:
        """Let the wait run."""
        if self._since is not None:
            self._wait.setText(times.running(now - self._since))
