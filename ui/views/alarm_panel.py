"""The one person in front of the operator: who, how to get in, what to do, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.views.alarm_line import AlarmLine, AlarmShown
from ui.views.citizen_picker import CitizenPicker
from ui.views.flows import ArrivalFlow, CorrectFlow, ResponderFlow, ShelveFlow
from ui.views.outcome_bar import Allowed, OutcomeBar
from ui.views.parts import Elided, Flow, Panel, button, clear, column, label, row, word
from ui.views.person_head import PersonHead
from ui.views.phone_panel import PhonePanel
from workstation.texts import _

_SHOWN_CONTACTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactShown:
    """Somebody who can be called with one click."""

    said: str
    name: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    """The head of the panel: the citizen, or the device that nobody knows."""

    title: str
    address: str = ""
    access: str = ""
    as_of: str = ""
    """How old the card is, while the database is away."""
    has_cpr: bool = False
    instruction_title: str = ""
    instruction: str = ""
    contacts: tuple[ContactShown, ...] = ()


class AlarmPanel(Panel):
    """Card, instruction, telephone, time line, note and outcome; empty until somebody is chosen."""

    take_requested = Signal()
    cpr_requested = Signal()
    contact_called = Signal(str, str)
    note_written = Signal(str)
    note_typed = Signal(str)
    page_wanted = Signal(str)
    """A page of the details below: `history`, `similar`, `card`."""
    arrival_wanted = Signal()
    correction_wanted = Signal()

    def __init__(self, looks: Callable[[], Theme], keys: Mapping[str, str]) -> None:
        super().__init__(_("The citizen"))
        self._looks = looks
        self.head = PersonHead()
        self.line = AlarmLine(looks)
        self.phone = PhonePanel(looks, keys)
        self.outcomes = OutcomeBar(keys)
        self.responder = ResponderFlow()
        self.arrival = ArrivalFlow()
        self.shelve = ShelveFlow()
        self.correct = CorrectFlow()
        self.picker = CitizenPicker(_("Whose device is it?"))
        self._instruction = label(wrap=True)
        self._contacts = Flow(gap=6)
        self._history = Elided(role="soft")
        self._similar = button("", role="link")
        self._note = QLineEdit()
        self._save_note = button(_("Save note"))
        self._keys = keys
        self.body.setContentsMargins(14, 8, 14, 8)
        self.body.setSpacing(5)
        self._lay()
        self._connect()

    # --- layout -------------------------------------------------------------------------------

    def _lay(self) -> None:
        self._note.setPlaceholderText(_("Note") + f"   {self._keys['note']}")
        self._note.setAccessibleName(_("Note"))
        self._note.setMaxLength(2000)
        self._frame = QFrame()
        self._frame.setProperty("role", "instruction")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(12, 6, 10, 6)
        inside.addWidget(self._instruction)
        self._contact_line = QWidget()
        self._contact_line.setLayout(self._contacts)
        self._past = QWidget()
        self._past.setLayout(row(self._history, self._similar, wide=self._history))
        self._note_line = QWidget()
        self._note_line.setLayout(row(self._note, self._save_note, wide=self._note))
        self._end = self._note_and_end()
        self._flows = (self.responder, self.arrival, self.shelve, self.correct, self.picker)
        self._bottom = QWidget()
        self._bottom.setLayout(column(self._past, self._end, *self._flows, gap=5))
        for widget in (self.head, self.line, self._frame, self.phone,
                       self._contact_line, self._bottom):  # fmt: skip
            self.body.addWidget(widget)
        self.close_flow()

    def _note_and_end(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._note_line)
        lines.addWidget(self.outcomes)
        return page

    def _connect(self) -> None:
        self.line.take_requested.connect(self.take_requested)
        self.line.arrival_wanted.connect(self.arrival_wanted)
        self.line.correction_wanted.connect(self.correction_wanted)
        self.head.cpr_requested.connect(self.cpr_requested)
        self._note.textEdited.connect(self.note_typed)
        self._note.returnPressed.connect(self._write_note)
        self._save_note.clicked.connect(self._write_note)
        self._similar.clicked.connect(lambda: self.page_wanted.emit("similar"))
        for flow in (self.responder, self.arrival, self.shelve, self.correct):
            flow.cancelled.connect(self.close_flow)
        self.picker.cancelled.connect(self.close_flow)

    # --- shown --------------------------------------------------------------------------------

    def show_nobody(self, sentence: str) -> None:
        """Say what to do while nobody is chosen; the telephone stays."""
        self.close_flow()
        self.show_person(PersonShown(title=_("Nobody chosen"), address=sentence))
        self.show_alarm(None)
        self.show_past("", "")

    def show_person(self, person: PersonShown) -> None:
        """Show who it is."""
        self.head.show_head(
            person.title,
            person.address,
            person.access,
            has_cpr=person.has_cpr,
            as_of=person.as_of,
        )
        self._instruction.setText(
            " ".join(part for part in (person.instruction_title, person.instruction) if part)
        )
        self._frame.setVisible(bool(person.instruction))
        clear(self._contacts)
        for contact in person.contacts[:_SHOWN_CONTACTS]:
            self._contacts.addWidget(self._contact_button(contact))
        if len(person.contacts) > _SHOWN_CONTACTS:
            more = button(_("More numbers"), role="quiet")
            more.clicked.connect(lambda: self.page_wanted.emit("card"))
            self._contacts.addWidget(more)
        self._contact_line.setVisible(bool(person.contacts))

    def _contact_button(self, contact: ContactShown) -> QWidget:
        made = button(contact.said, tip=contact.number)
        made.clicked.connect(lambda: self.contact_called.emit(contact.name, contact.number))
        return made

    def show_cpr(self, cpr: str) -> None:
        """Show the number that was asked for."""
        self.head.show_cpr(cpr)

    def show_alarm(self, shown: AlarmShown | None) -> None:
        """Show the alarm as it stands; None for a citizen without one."""
        self.line.setVisible(shown is not None)
        self._note_line.setVisible(shown is not None)
        self.outcomes.setVisible(shown is not None and not shown.closed)
        if shown is not None:
            self.line.show_alarm(shown)

    def show_end(self, shown: bool) -> None:  # noqa: FBT001 - as setVisible
        """Leave out what only somebody signed in may do: write, and say what came of it."""
        self._bottom.setVisible(shown)

    def show_allowed(self, allowed: Allowed) -> None:
        """Offer what may be done."""
        self.outcomes.show_allowed(allowed)

    def show_past(self, history: str, similar: str) -> None:
        """Show the time line in short, and how often this happened lately."""
        self._history.setText(history)
        word(self._similar, similar)
        self._similar.setVisible(bool(similar))
        self._past.setVisible(bool(history or similar))

    def show_note(self, text: str) -> None:
        """Put a text into the note field: what was written for this alarm before."""
        self._note.setText(text)

    def tick(self, now: datetime) -> None:
        """Let what runs run."""
        self.phone.tick(now)
        self.line.tick(now)

    # --- flows --------------------------------------------------------------------------------

    def open_flow(self, flow: QWidget) -> None:
        """Show the questions of `flow` where the outcomes stand."""
        for one in (self._end, *self._flows):
            one.setVisible(one is flow)

    def close_flow(self) -> None:
        """Show note and outcomes again."""
        self.open_flow(self._end)

    @property
    def is_in_flow(self) -> bool:
        """Whether questions stand where the outcomes were."""
        return self._end.isHidden()

    def take_focus(self) -> None:
        """Put the keyboard on what is likeliest to be done."""
        first = self.line.take if self.line.take.isVisible() else self.phone
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_note(self) -> None:
        """Put the keyboard into the note field."""
        self.close_flow()
        self._note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write_note(self) -> None:
        text = self._note.text().strip()
        if text:
            self.note_written.emit(text)
