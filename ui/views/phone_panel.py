"""The telephone: who is on the line, for how long, and everything one does with a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ui import times
from ui.shapes import Lamp, Shape
from ui.theme import Theme
from ui.views.calls_page import CallsPage, CallsShown
from ui.views.parts import Flow, button, label, restyle, row, word
from ui.views.tape_bar import TapeBar, TapeShown
from workstation.texts import _

_TONES: Final = "123456789*0#"
_FULL: Final = 200
"""The slider's far end: twice as loud as sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneShown:
    """What the telephone says and allows."""

    state: str
    """"In call", "Busy", "Ready": one or two words."""
    detail: str = ""
    """Number, sound; or the sentence of how the call ended."""
    lamp: Lamp = Lamp.OFF
    tone: str = ""
    since: datetime | None = None
    """Runs from here; None where nothing runs."""
    lasted: str = ""
    busy: bool = False
    """A call is under way."""
    talking: bool = False
    held: bool = False
    muted: bool = False
    volume: float = 1.0
    can_call: bool = True
    can_next: bool = False
    next_number: str = ""
    can_redial: bool = False
    warning: str = ""
    calls: CallsShown = field(default_factory=CallsShown)
    tape: TapeShown | None = None


class PhonePanel(QFrame):
    """One line for the state, one for what can be done in it."""

    call_requested = Signal()
    next_requested = Signal()
    redial_requested = Signal()
    dial_requested = Signal(str)
    hold_requested = Signal(bool)
    mute_requested = Signal(bool)
    hang_up_requested = Signal()
    tones_requested = Signal(str)
    volume_requested = Signal(float)

    def __init__(self, looks: Callable[[], Theme], keys: Mapping[str, str]) -> None:
        """`keys` says the key of an action as it is written on its button."""
        super().__init__()
        self.setProperty("role", "call")
        self.setAccessibleName(_("Telephone"))
        self._looks = looks
        self._keys = keys
        self._shown = PhoneShown(state="")
        self._lamp = Shape(Lamp.OFF, looks(), 16)
        self._state = label(role="call-state")
        self._detail = label(role="soft", wrap=True)
        self._hold = button(_("Hold"), key=keys["hold"])
        self._mute = button(_("Mute"), key=keys["mute"])
        self._hang_up = button(_("Hang up"), role="danger", key=keys["hang_up"])
        self._call = button(_("Call"), role="primary", key=keys["call"])
        self._next = button(_("Next number"), key=keys["next_number"])
        self._redial = button(_("Redial"), key=keys["redial"])
        self._number = QLineEdit()
        self._dial = button(_("Dial"))
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._tone_buttons: list[QPushButton] = []
        self._more = button(_("More"), role="quiet", tip=_("Redial, dial, volume and tones"))
        self._more.setCheckable(True)
        self.several = CallsPage(keys)
        self.tape = TapeBar(keys)
        self._idle = self._idle_page()
        self._talk = self._talk_page()
        self._lay()
        self._connect()
        self.show_phone(self._shown)

    def _lay(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._state)
        words.addWidget(self._detail)
        buttons = QWidget()
        flow = Flow(gap=6)
        buttons.setLayout(flow)
        for one in (
            self._call, self._next, self._hold, self._mute, self._hang_up, self._more,
        ):  # fmt: skip
            flow.addWidget(one)
        first = row(self._lamp, buttons)
        first.insertLayout(1, words, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 6, 8, 6)
        whole.setSpacing(6)
        whole.addLayout(first)
        for page in (self.tape, self._idle, self._talk, self.several):
            whole.addWidget(page)

    def _idle_page(self) -> QWidget:
        page = QWidget()
        self._number.setPlaceholderText(
            # Translators: in the free dial field; the key that leads there follows.
            _("Number or SIP address") + f"   {self._keys['dial']}"
        )
        self._number.setAccessibleName(_("Number to dial"))
        self._number.setMinimumWidth(120)
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._redial)
        line.addWidget(self._number, 1)
        line.addWidget(self._dial)
        return page

    def _talk_page(self) -> QWidget:
        page = QWidget()
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self._volume.setRange(0, _FULL)
        self._volume.setMinimumWidth(60)
        self._volume.setAccessibleName(_("Volume"))
        line.addWidget(label(_("Volume"), role="soft"))
        line.addWidget(self._volume, 1)
        line.addSpacing(10)
        line.addWidget(label(_("Tones"), role="soft"))
        for tone in _TONES:
            made = button(tone, tip=_("Send the tone {tone}").format(tone=tone))
            made.clicked.connect(lambda _checked=False, tone=tone: self.tones_requested.emit(tone))
            # A digit needs no room beside it, and twelve of them must stand in one line.
            made.setStyleSheet("QPushButton { padding: 0; min-width: 26px; }")
            self._tone_buttons.append(made)
            line.addWidget(made)
        return page

    def _connect(self) -> None:
        self._call.clicked.connect(self.call_requested)
        self._next.clicked.connect(self.next_requested)
        self._redial.clicked.connect(self.redial_requested)
        self._dial.clicked.connect(self._dial_number)
        self._number.returnPressed.connect(self._dial_number)
        self._hold.clicked.connect(lambda: self.hold_requested.emit(not self._shown.held))
        self._mute.clicked.connect(lambda: self.mute_requested.emit(not self._shown.muted))
        self._more.toggled.connect(self._offer_more)
        self._hang_up.clicked.connect(self.hang_up_requested)
        self._volume.valueChanged.connect(lambda value: self.volume_requested.emit(value / 100))

    def _dial_number(self) -> None:
        number = self._number.text().strip()
        if number:
            self.dial_requested.emit(number)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Put the keyboard on what is likeliest to be done with the telephone."""
        (self._hang_up if self._shown.busy else self._call).setFocus(reason)

    def show_phone(self, shown: PhoneShown) -> None:
        """Show what the telephone says, and offer what it allows."""
        self._shown = shown
        self._lamp.show_sign(shown.lamp, self._looks())
        self._detail.setText(shown.warning or shown.detail)
        self._detail.setVisible(bool(shown.warning or shown.detail))
        restyle(self._detail, tone="warn" if shown.warning else "")
        restyle(self._state, tone=shown.tone)
        self._say_state("")
        for widget in (self._hold, self._mute):
            widget.setVisible(shown.busy)
            widget.setEnabled(shown.talking or shown.held)
        self._hang_up.setVisible(shown.busy)
        word(self._hold, _("Resume") if shown.held else _("Hold"), key=self._keys["hold"])
        word(self._mute, _("Unmute") if shown.muted else _("Mute"), key=self._keys["mute"])
        for widget in (self._call, self._next):
            widget.setVisible(not shown.busy)
        self.several.show_calls(shown.calls)
        self.tape.show_tape(shown.tape)
        self._offer(shown)
        self._offer_more()

    def _offer(self, shown: PhoneShown) -> None:
        self._call.setEnabled(shown.can_call)
        self._next.setEnabled(shown.can_next)
        # After a call that failed, the next number is what one wants.
        restyle(self._next, role="primary" if shown.can_next else "")
        restyle(self._call, role="" if shown.can_next else "primary")
        self._next.setToolTip(shown.next_number or _("There is no next number"))
        self._redial.setEnabled(shown.can_redial)
        for tone in self._tone_buttons:
            tone.setEnabled(shown.talking)
        self._volume.blockSignals(True)
        self._volume.setValue(round(shown.volume * 100))
        self._volume.blockSignals(False)

    def tick(self, now: datetime) -> None:
        """Let the time of the call run."""
        self.several.tick(now)
        if self._shown.since is not None:
            self._say_state(times.running(now - self._shown.since))

    def _say_state(self, running: str) -> None:
        parts = (self._shown.state, running or self._shown.lasted)
        self._state.setText(" · ".join(part for part in parts if part))

    def _offer_more(self) -> None:
        more = self._more.isChecked()
        self._idle.setVisible(more and not self._shown.busy)
        self._talk.setVisible(more and self._shown.busy)

    def go_to_dial(self) -> None:
        """Put the keyboard into the free dial field."""
        self._more.setChecked(True)
        self._number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._number.selectAll()
