"""What may be done with the chosen visit, in place under the list; reasons and looks are one press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui import times, visit_words
from ui.models.rounds import VisitRow, state_text, who
from ui.views.parts import Elided, Flow, button, clear, label
from workstation.domain.names import VisitId
from workstation.domain.round import Look, Reason, Visit, VisitKind, VisitState
from workstation.texts import _


class Act(StrEnum):
    """What an operator may want with a visit."""

    START = "start"
    FINISH = "finish"
    LOOK = "look"
    NOT_DONE = "not_done"
    CANCEL = "cancel"
    BACK = "back"
    TAKE = "take"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One wish; `reason` comes with NOT_DONE and CANCEL, `look` with LOOK."""

    visit: VisitId
    act: Act
    reason: Reason | None = None
    look: Look | None = None
    note: str = ""

    @property
    def why(self) -> Reason:
        """The reason; raises LookupError where none was chosen."""
        if self.reason is None:
            raise LookupError(self.act)
        return self.reason

    @property
    def seen(self) -> Look:
        """What the look showed; raises LookupError where nothing was chosen."""
        if self.look is None:
            raise LookupError(self.act)
        return self.look


REASONS: Final = {
    Act.NOT_DONE: (
        Reason.NO_ANSWER, Reason.TECHNICAL, Reason.AWAY, Reason.DECLINED, Reason.HOSPITALISED,
        Reason.DONE_PHYSICALLY, Reason.NO_TIME, Reason.DECEASED, Reason.OTHER,
    ),
    Act.CANCEL: (
        Reason.HOSPITALISED, Reason.AWAY, Reason.DECLINED, Reason.DONE_PHYSICALLY,
        Reason.NO_TIME, Reason.DECEASED, Reason.OTHER,
    ),
}  # fmt: skip
"""Which reasons are offered for what, the likely ones first."""

_NOTE_STATES: Final = frozenset({VisitState.ACTIVE})


class VisitBar(QFrame):
    """The chosen visit in words, and its buttons; a reason or a look replaces the buttons."""

    wanted = Signal(object)
    """A Wanted."""
    touched = Signal()
    """The operator is at work here."""

    def __init__(self, *, start_key: str) -> None:
        """`start_key` is the key beside the word where the chosen visit is the next one."""
        super().__init__()
        self.setProperty("role", "call")
        self._start_key = start_key
        self._row: VisitRow | None = None
        self._is_next = False
        self._asking: Act | None = None
        self._shown: object = None
        self._title, self._state = Elided(role="strong"), Elided(role="soft")
        self._question = label(role="strong", wrap=True)
        self._note = QLineEdit()
        self._note.setPlaceholderText(_("Note (optional)"))
        self._note.setAccessibleName(_("Note on the visit"))
        self._note.setMaxLength(500)
        self._note.textEdited.connect(lambda _text: self.touched.emit())
        self._flow = Flow(gap=4)
        held = QWidget()
        held.setLayout(self._flow)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.setSpacing(4)
        for part in (self._title, self._state, self._question, self._note, held):
            inside.addWidget(part)
        self.hide()

    @property
    def visit(self) -> Visit | None:
        """The visit that stands in the bar."""
        return self._row.visit if self._row else None

    def show_visit(self, row: VisitRow | None, now: datetime, *, is_next: bool = False) -> None:
        """Show this visit; what the operator has begun stays while it is the same one."""
        old = self.visit
        if row is None or old is None or row.visit.id != old.id or row.visit.state is not old.state:
            self._asking = None
            self._note.clear()
        self._row, self._is_next = row, is_next
        self.setVisible(row is not None)
        if row is not None:
            self._say(row, now)
            self._fill(row)

    def focus_first(self) -> None:
        """Put the keyboard on the first button."""
        item = self._flow.itemAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc leave the reasons; elsewhere it silences an alarm."""
        if event.key() == Qt.Key.Key_Escape and self._asking is not None:
            self._ask(None)
            return
        super().keyPressEvent(event)

    def _say(self, row: VisitRow, now: datetime) -> None:
        visit = row.visit
        self._title.setText(f"{times.hour(visit.at)}  {row.name or _('Unknown citizen')}")
        told = [visit_words.kind(visit.kind), state_text(row, now)]
        if visit.reason is not None:
            told.append(visit_words.reason(visit.reason).lower())
        if visit.look is not None:
            told.append(visit_words.look(visit.look).lower())
        if visit.state is VisitState.ACTIVE and visit.started_at is not None:
            told.append(times.running(now - visit.started_at))
        elif visit.ended_at is not None:
            told.append(times.hour(visit.ended_at))
        if who(row) or visit.state in (VisitState.PLANNED, VisitState.ACTIVE):
            told.append(who(row) or _("nobody takes it yet"))
        if visit.note:
            told.append(f"“{visit.note}”")
        self._state.setText(" · ".join(told))

    def _fill(self, row: VisitRow) -> None:
        """Put in what may be done; left alone while nothing of it changed, or the focus would go."""
        visit = row.visit
        shown = (visit.id, visit.state, visit.assignee, visit.kind, self._asking, self._is_next)
        if shown == self._shown:
            return
        self._shown = shown
        had_focus = self._flow_has_focus()
        clear(self._flow)
        self._question.setText(self._question_text(visit))
        self._question.setVisible(bool(self._question.text()))
        self._note.setVisible(self._asking is not None or visit.state in _NOTE_STATES)
        for made in self._buttons(row):
            self._flow.addWidget(made)
            made.show()  # at once: what is still hidden cannot take the keyboard
        if had_focus:
            self.focus_first()

    def _flow_has_focus(self) -> bool:
        return any(made.hasFocus() for made in self.findChildren(QPushButton))

    def _question_text(self, visit: Visit) -> str:
        if self._asking is Act.NOT_DONE:
            return _("Why was it not done?")
        if self._asking is Act.CANCEL:
            return _("Why is it cancelled?")
        if visit.state is VisitState.ACTIVE and visit.kind is VisitKind.NIGHT_CHECK:
            return _("What did the look show?")
        return ""

    def _buttons(self, row: VisitRow) -> list[QPushButton]:
        if self._asking is not None:
            asked = self._asking
            made = [
                self._button(visit_words.reason(one), asked, reason=one) for one in REASONS[asked]
            ]
            return [*made, self._plain(_("Back"), lambda: self._ask(None), role="quiet")]
        match row.visit.state:
            case VisitState.PLANNED:
                return [self._start(), *self._owner(row), *self._ends()]
            case VisitState.ACTIVE:
                return [
                    *self._finish(row.visit),
                    *self._ends(),
                    self._button(_("Not started after all"), Act.BACK),
                ]
            case VisitState.NOT_DONE:
                return [self._start()]
            case VisitState.CANCELLED:
                return [self._button(_("Plan it again"), Act.BACK)]
            case VisitState.DONE:
                return []

    def _start(self) -> QPushButton:
        key = self._start_key if self._is_next else ""
        return self._button(_("Start"), Act.START, role="primary", key=key)

    def _finish(self, visit: Visit) -> list[QPushButton]:
        if visit.kind is not VisitKind.NIGHT_CHECK:
            return [self._button(_("Done"), Act.FINISH, role="primary")]
        return [self._button(visit_words.look(look), Act.LOOK, look=look) for look in Look]

    def _ends(self) -> list[QPushButton]:
        return [
            self._plain(_("Not done …"), lambda: self._ask(Act.NOT_DONE)),
            self._plain(_("Cancel visit …"), lambda: self._ask(Act.CANCEL)),
        ]

    def _owner(self, row: VisitRow) -> list[QPushButton]:
        if row.visit.assignee == row.me:
            return [self._button(_("Give up"), Act.GIVE_UP)]
        return [self._button(_("I take it"), Act.TAKE)]

    def _ask(self, act: Act | None) -> None:
        self._asking = act
        self.touched.emit()
        if self._row is not None:
            self._fill(self._row)
            self.focus_first()

    def _button(
        self,
        text: str,
        act: Act,
        *,
        reason: Reason | None = None,
        look: Look | None = None,
        role: str = "",
        key: str = "",
    ) -> QPushButton:
        def wish() -> None:
            visit = self.visit
            if visit is not None:
                note = self._note.text().strip()
                self.wanted.emit(
                    Wanted(visit=visit.id, act=act, reason=reason, look=look, note=note)
                )

        return self._plain(text, wish, role=role, key=key)

    def _plain(
        self, text: str, pressed: Callable[[], None], *, role: str = "", key: str = ""
    ) -> QPushButton:
        made = button(text, role=role, key=key)
        made.clicked.connect(pressed)
        made.clicked.connect(self.touched)
        return made
