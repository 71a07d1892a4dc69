"""Microphone, headset and the telephone's loudspeaker: a page to choose and try them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from ui.views.parts import button, column, label, restyle, row
from workstation.application.sound_choice import SoundChoice
from workstation.texts import _

_SYSTEMS_OWN: Final = "default"
_SILENCE: Final = "null"
_NARROWEST: Final = 12
"""Characters: a device's name may be long, the page need not be."""


class SoundPage(QWidget):
    """Three pickers, two meters, a tone and one's own voice."""

    opened = Signal()
    left = Signal()
    """The page is no longer seen."""
    picked = Signal()
    """Another microphone or headset."""
    tried = Signal(str)
    """`tone`, `echo`, or `listen` for neither."""
    used = Signal(object)
    """A SoundChoice that is to be kept."""

    def __init__(self) -> None:
        super().__init__()
        self._headset, self._microphone, self._ring = QComboBox(), QComboBox(), QComboBox()
        self._meters = {"microphone": _meter(_("Microphone")), "headset": _meter(_("Headset"))}
        self._tone = button(_("Test tone"))
        self._echo = button(_("Hear yourself"))
        self._use = button(_("Use these"), role="primary")
        self._told = label(role="sentence", wrap=True)
        # By the settings they are kept as.
        self._fields = {
            "sip.sound": self._headset,
            "sip.microphone": self._microphone,
            "sound.ring_device": self._ring,
        }
        self._titles: dict[str, QLabel] = {}
        self._lay()
        self._headset.activated.connect(lambda _place: self.picked.emit())
        self._microphone.activated.connect(lambda _place: self.picked.emit())
        for does, one in (("tone", self._tone), ("echo", self._echo)):
            one.setCheckable(True)
            one.clicked.connect(lambda on, does=does: self._try(does if on else "listen"))
        self._use.clicked.connect(lambda: self.used.emit(self.choice))

    def _lay(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 1)
        fields: tuple[tuple[str, QComboBox, QWidget | None], ...] = (
            (_("Headset"), self._headset, self._meters["headset"]),
            (_("Microphone"), self._microphone, self._meters["microphone"]),
            (_("The telephone rings on"), self._ring, None),
        )
        for line, (key, (title, field, meter)) in enumerate(zip(self._fields, fields, strict=True)):
            field.setAccessibleName(title)
            field.setMinimumContentsLength(_NARROWEST)
            field.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._titles[key] = label(title, role="soft")
            grid.addWidget(self._titles[key], line, 0)
            grid.addWidget(field, line, 1, 1, 1 if meter else 2)
            if meter is not None:
                grid.addWidget(meter, line, 2)
        lines = column(gap=10)
        lines.addLayout(grid)
        lines.addLayout(row(self._tone, self._echo, 1, self._use))
        lines.addWidget(self._told)
        lines.addStretch(1)
        inside = QWidget()
        inside.setLayout(lines)
        # While an alarm is in front there is room for a line or two: the rest is scrolled to.
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        self.setLayout(column(area, gap=0))
        self.tell("")

    @property
    def choice(self) -> SoundChoice:
        """What is picked."""
        return SoundChoice(
            headset=self._headset.currentData() or _SYSTEMS_OWN,
            microphone=self._microphone.currentData() or "",
            ring_device=self._ring.currentData() or "",
        )

    @property
    def does(self) -> str:
        """What is being tried: `tone`, `echo`, or `listen` for neither."""
        if self._tone.isChecked():
            return "tone"
        return "echo" if self._echo.isChecked() else "listen"

    def manage(self, keys: Collection[str]) -> None:
        """Let nobody change those of its settings that policy gives."""
        for key, field in self._fields.items():
            if key in keys:
                field.setEnabled(False)
                title = self._titles[key]
                # Translators: {what} is a field's title, such as Headset.
                said = _("{what} (managed by IT)").format(what=title.text())
                title.setText(said)
                field.setAccessibleName(said)
        self._use.setEnabled(not all(key in keys for key in self._fields))

    def show_choice(self, choice: SoundChoice) -> None:
        """Pick what is in use; a device that is not connected is picked all the same."""
        self._fill(self._headset, _of_headset(), (), choice.headset)
        self._fill(self._microphone, _of_microphone(), (), choice.microphone)
        self._fill(self._ring, _of_ring(), (), choice.ring_device)

    def offer(self, microphones: Sequence[str], headsets: Sequence[str]) -> None:
        """Offer the telephone library's devices by their names."""
        choice = self.choice
        self._fill(self._headset, _of_headset(), headsets, choice.headset)
        self._fill(self._microphone, _of_microphone(), microphones, choice.microphone)

    def offer_ring(self, devices: Sequence[str]) -> None:
        """Offer the alarms' player's devices by their names."""
        self._fill(self._ring, _of_ring(), devices, self.choice.ring_device)

    def show_levels(self, microphone: int, headset: int) -> None:
        """Show how loud both are, 0 to 100."""
        self._meters["microphone"].setValue(microphone)
        self._meters["headset"].setValue(headset)

    def rest(self) -> None:
        """Show that nothing is tried."""
        self._tone.setChecked(False)
        self._echo.setChecked(False)
        self.show_levels(0, 0)

    def tell(self, sentence: str, *, fault: bool = False) -> None:
        """Say what became of it."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))
        restyle(self._told, tone="warn" if fault else "")

    def start_here(self) -> None:
        """Put the keyboard on the first picker."""
        self._headset.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is seen."""
        super().showEvent(event)
        self.opened.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is not seen."""
        super().hideEvent(event)
        self.left.emit()

    def _try(self, does: str) -> None:
        self._tone.setChecked(does == "tone")
        self._echo.setChecked(does == "echo")
        self.tried.emit(does)

    def _fill(
        self, box: QComboBox, own: Sequence[tuple[str, str]], names: Sequence[str], now: str
    ) -> None:
        rows = dict(own) | {name: name for name in names}
        if now not in rows:
            rows[now] = _("no sound") if now == _SILENCE else now
        box.clear()
        for name, words in rows.items():
            box.addItem(words, name)
        box.setCurrentIndex(box.findData(now))


def _of_headset() -> tuple[tuple[str, str], ...]:
    return ((_SYSTEMS_OWN, _("the system's own choice")),)


def _of_microphone() -> tuple[tuple[str, str], ...]:
    return (("", _("the headset's own")), (_SYSTEMS_OWN, _("the system's own choice")))


def _of_ring() -> tuple[tuple[str, str], ...]:
    return (("", _("where the alarms sound")),)


def _meter(name: str) -> QProgressBar:
    made = QProgressBar()
    made.setRange(0, 100)
    made.setTextVisible(False)
    made.setAccessibleName(name)
    return made
