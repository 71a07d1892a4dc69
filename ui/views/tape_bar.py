"""The sign that a call is recorded, and what one does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.views.parts import button, label, restyle, word
from workstation.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeShown:
    """What is said of a recording."""

    said: str
    tone: str = ""
    on: bool = False
    """It goes on, or may go on: it can be paused and ended."""
    paused: bool = False


class TapeBar(QWidget):
    """One line below the call; there only for a call that is, or should be, recorded."""

    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` says the key of an action as it is written on its button."""
        super().__init__()
        self._keys = keys
        self._sign = label(role="call-state", wrap=True)
        self._sign.setAccessibleName(_("Recording"))
        self._pause = button(_("Pause recording"), key=keys["pause_recording"])
        self._stop = button(_("End recording"), key=keys["stop_recording"])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._sign, 1)
        line.addWidget(self._pause)
        line.addWidget(self._stop)
        self._pause.clicked.connect(self.pause_requested)
        self._stop.clicked.connect(self.stop_requested)
        self.show_tape(None)

    def show_tape(self, shown: TapeShown | None) -> None:
        """Show how it stands; None where nothing is recorded."""
        self.setVisible(shown is not None)
        if shown is None:
            return
        self._sign.setText(shown.said)
        restyle(self._sign, tone=shown.tone)
        said = _("Go on recording") if shown.paused else _("Pause recording")
        word(self._pause, said, key=self._keys["pause_recording"])
        for one in (self._pause, self._stop):
            one.setVisible(shown.on)
