"""What one does with several calls, and with the unit at the other end: transfer, join, tones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from ui import times
from ui.views.call_back_list import CallBackList, CallBackShown
from ui.views.parts import Flow, button, clear, label, row, word
from workstation.application.reminders import AGAIN_IN
from workstation.domain.unit_voice import UnitAct
from workstation.texts import N_, _, ngettext

EMERGENCY_SERVICES: Final = "112"
_ACTS: Final = {
    UnitAct.LISTEN: N_("Listen"),
    UnitAct.SPEAK: N_("Speak"),
    # Translators: both hear each other through the alarm unit at the same time.
    UnitAct.DUPLEX: N_("Both ways"),
    UnitAct.LOUDER: N_("Louder"),
    UnitAct.QUIETER: N_("Quieter"),
    # Translators: the relay of an alarm unit, e.g. for a door.
    UnitAct.OUTPUT: N_("Output"),
    # Translators: the alarm unit ends the call.
    UnitAct.CLEAR_DOWN: N_("Clear down"),
}


def _pair_told() -> str:
    return _("Hand the one on hold to the one in front")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCall:
    """A call behind the one in front."""

    key: str
    said: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody whom a call can be handed to."""

    said: str
    name: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsShown:
    """What can be done with more than one call."""

    others: tuple[OtherCall, ...] = ()
    can_transfer: bool = False
    can_join: bool = False
    joined: bool = False
    reads_out: bool = False
    """112 is on the line: the address stays to be read out."""
    unit: bool = False
    """An alarm unit is at the other end and obeys tones."""
    can_remind: bool = False
    """Somebody is there to be called again later."""


class CallsPage(QFrame):
    """Hidden while there is one call that nothing is to be done with."""

    swap_requested = Signal(str)
    connect_requested = Signal()
    join_requested = Signal()
    part_requested = Signal()
    consult_requested = Signal(str, str)
    """Ask somebody (name, number) while the call waits on hold."""
    transfer_requested = Signal(str)
    unit_requested = Signal(str)
    remind_requested = Signal(int)
    """Be reminded to call again after so many minutes."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` says the key of an action as it is written on its button."""
        super().__init__()
        self._keys = keys
        self._shown = CallsShown()
        self._targets: tuple[Target, ...] = ()
        self._rows = QVBoxLayout()
        self._running: list[tuple[QLabel, OtherCall]] = []
        self._transfer = button(_("Transfer"), key=keys["transfer"])
        self._transfer.setCheckable(True)
        self._connect = button(_("Connect them"), tip=_pair_told())
        self._join = button(_("Conference"), key=keys["join_calls"])
        self._part = button(_("Talk alone"))
        self._remind = button(
            _("Call again in …"),
            key=keys["call_again"],
            tip=_("The key says five minutes; once more, ten, fifteen, thirty"),
        )
        self._remind.setMenu(self._menu_of_waits())
        self._to = QComboBox()
        self._ask = button(_("Ask first"), role="primary")
        self._hand_over = button(_("Hand over now"))
        self._acts = QWidget()
        self._address = label(role="call-state", wrap=True)
        self._unit = self._unit_line()
        self._to_line = QWidget()
        self.call_backs = CallBackList(key=keys["call_backs"])
        self._lay()
        self._wire()
        self.show_calls(self._shown)

    def _lay(self) -> None:
        self._to.setEditable(True)
        self._to.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._to.setAccessibleName(_("Transfer to"))
        self._to.setMinimumContentsLength(12)
        choice = QVBoxLayout(self._to_line)
        choice.setContentsMargins(0, 0, 0, 0)
        choice.setSpacing(6)
        choice.addLayout(row(self._to, self._ask, self._hand_over, wide=self._to))
        acts = self._acts
        flow = Flow(gap=6)
        acts.setLayout(flow)
        for one in (self._transfer, self._connect, self._join, self._part, self._remind):
            flow.addWidget(one)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(self._rows)
        for widget in (acts, self._to_line, self._address, self._unit, self.call_backs):
            whole.addWidget(widget)

    def _menu_of_waits(self) -> QMenu:
        menu = QMenu(self)
        for wait in AGAIN_IN:
            minutes = round(wait.total_seconds() / 60)
            said = ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
            menu.addAction(said, partial(self.remind_requested.emit, minutes))
        return menu

    def _unit_line(self) -> QWidget:
        page = QWidget()
        flow = Flow(gap=6)
        page.setLayout(flow)
        flow.addWidget(label(_("The unit"), role="soft"))
        for act, title in _ACTS.items():
            made = button(_(title), key=self._keys[f"unit_{act}"])
            made.clicked.connect(lambda _on=False, act=act: self.unit_requested.emit(act.value))
            flow.addWidget(made)
        return page

    def _wire(self) -> None:
        self._transfer.toggled.connect(self._open)
        self._connect.clicked.connect(self.connect_requested)
        self._join.clicked.connect(self.join_requested)
        self._part.clicked.connect(self.part_requested)
        self._ask.clicked.connect(self._ask_chosen)
        self._hand_over.clicked.connect(self._hand_over_to_chosen)
        self._to.currentTextChanged.connect(lambda _text: self._show_address())
        field = self._to.lineEdit()
        if field is not None:
            field.returnPressed.connect(self._ask_chosen)

    # --- shown --------------------------------------------------------------------------------

    def show_calls(self, shown: CallsShown) -> None:
        """Show the other calls and offer what can be done."""
        if shown.others != self._shown.others:
            self._show_others(shown.others)
        self._shown = shown
        self._transfer.setVisible(shown.can_transfer)
        # The one key does what is nearest: to whom, or the two together.
        pair = shown.can_join and not shown.joined
        word(self._transfer, _("Transfer"), key="" if pair else self._keys["transfer"])
        word(self._connect, _("Connect them"), key=self._keys["transfer"], tip=_pair_told())
        if not shown.can_transfer:
            self._transfer.setChecked(False)
        self._connect.setVisible(shown.can_join and not shown.joined)
        self._join.setVisible(shown.can_join and not shown.joined)
        self._part.setVisible(shown.joined)
        self._unit.setVisible(shown.unit)
        self._remind.setVisible(shown.can_remind)
        self._to_line.setVisible(self._transfer.isChecked())
        self._show_address()
        self._acts.setVisible(shown.can_transfer or shown.can_remind or shown.joined)
        self._appear()

    def show_missed(self, missed: Sequence[CallBackShown]) -> None:
        """Show whom to call back."""
        self.call_backs.show_missed(missed)
        self._appear()

    def _appear(self) -> None:
        shown = self._shown
        offered = shown.can_transfer or shown.unit or shown.reads_out or shown.can_remind
        missed = not self.call_backs.isHidden()
        self.setVisible(bool(shown.others) or offered or missed)

    def show_targets(self, targets: Sequence[Target], address: str) -> None:
        """Take whom a call can be handed to, and the address to read out to 112."""
        self._address.setText(address)
        if tuple(targets) == self._targets:
            return
        self._targets = tuple(targets)
        self._to.clear()
        for one in targets:
            self._to.addItem(one.said)
        self._show_address()

    def tick(self, now: datetime) -> None:
        """Let the waits run."""
        for shown, one in self._running:
            shown.setText(f"{one.said} · {times.running(max(now, one.since) - one.since)}")

    def go_to_transfer(self) -> None:
        """Open whom to transfer to, with the keyboard in it; with two calls, connect them."""
        if self._shown.can_join:
            self._connect.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.connect_requested.emit()
        elif self._shown.can_transfer:
            self._transfer.setChecked(True)
            self._to.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_others(self, others: Sequence[OtherCall]) -> None:
        clear(self._rows)
        self._running = []
        for place, one in enumerate(others):
            said = label(one.said)
            swap = button(_("Talk with"), key="" if place else self._keys["swap_calls"])
            swap.clicked.connect(lambda _on=False, key=one.key: self.swap_requested.emit(key))
            line = QWidget()
            inside = QHBoxLayout(line)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.addWidget(said, 1)
            inside.addWidget(swap)
            self._rows.addWidget(line)
            self._running.append((said, one))

    def _open(self, opened: bool) -> None:  # noqa: FBT001 - a slot
        self._to_line.setVisible(opened)
        self._show_address()

    def _show_address(self) -> None:
        chosen = self._transfer.isChecked() and self._chosen()[1] == EMERGENCY_SERVICES
        needed = chosen or self._shown.reads_out
        self._address.setVisible(needed and bool(self._address.text()))

    def _chosen(self) -> tuple[str, str]:
        """Return name and number: of somebody in the list, or what was typed."""
        text = self._to.currentText().strip()
        for one in self._targets:
            if one.said == text:
                return one.name, one.number
        return text, text

    def _ask_chosen(self) -> None:
        name, number = self._chosen()
        if number:
            self._transfer.setChecked(False)
            self.consult_requested.emit(name, number)

    def _hand_over_to_chosen(self) -> None:
        _name, number = self._chosen()
        if number:
            self.transfer_requested.emit(number)
