"""How an alarm ends: one button for each outcome, and the other ways to let go of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui import words
from ui.views.parts import Elided, Flow, button, label, row
from workstation.domain.kind import Outcome
from workstation.texts import _

ORDER: Final = (
    Outcome.SOLVED_BY_PHONE,
    Outcome.RESPONDER_SENT,
    Outcome.FALSE_ALARM,
    Outcome.NO_CONTACT,
    Outcome.TECHNICAL,
    Outcome.TEST,
)
"""As the keys stand: Alt+1 to Alt+6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What may be done with the alarm, and why something may not."""

    outcomes: frozenset[Outcome] = field(default_factory=frozenset)
    release: bool = False
    shelve: bool = False
    responder: bool = False
    give: bool = False
    reason: str = ""
    """Why nothing can be closed now."""
    reasons: Mapping[Outcome, str] = field(default_factory=dict)
    """What an outcome asks for first."""


class OutcomeBar(QWidget):
    """The outcomes and their keys; what is not possible says why."""

    outcome_requested = Signal(str)
    release_requested = Signal()
    shelve_requested = Signal()
    responder_requested = Signal()
    give_requested = Signal()

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setAccessibleName(_("Close the alarm"))
        self._reason = Elided(role="soft")
        self._give = button(_("Whose device?"), role="quiet")
        self._responder = button(_("Send somebody"), role="quiet")
        self._shelve = button(_("Shelve"), role="quiet", key=keys["shelve"])
        self._release = button(_("Give back"), role="quiet", key=keys["release"])
        self._buttons: dict[Outcome, QPushButton] = {}
        line = Flow(gap=6)
        self._title = label(_("Close as"), role="strong")
        for outcome in ORDER:
            made = button(words.outcome(outcome), key=keys[f"outcome_{outcome.value}"])
            made.clicked.connect(
                lambda _checked=False, value=outcome.value: self.outcome_requested.emit(value)
            )
            self._buttons[outcome] = made
            line.addWidget(made)
        others = (self._responder, self._give, self._shelve, self._release)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addLayout(row(self._title, self._reason, *others, gap=4, wide=self._reason))
        lines.addLayout(line)
        self._release.clicked.connect(self.release_requested)
        self._shelve.clicked.connect(self.shelve_requested)
        self._responder.clicked.connect(self.responder_requested)
        self._give.clicked.connect(self.give_requested)
        self.show_allowed(Allowed())

    def show_allowed(self, allowed: Allowed) -> None:
        """Offer what may be done and say why the rest may not."""
        for outcome, made in self._buttons.items():
            made.setEnabled(outcome in allowed.outcomes)
            made.setToolTip(allowed.reasons.get(outcome, "") or made.accessibleName())
        self._reason.setText(allowed.reason)
        self._release.setVisible(allowed.release)
        self._shelve.setVisible(allowed.shelve)
        self._responder.setVisible(allowed.responder)
        self._give.setVisible(allowed.give)
