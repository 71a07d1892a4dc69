"""The recordings of one call of the log: how long each is, and a button to listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.views.parts import button, label, row, word
from workstation.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingShown:
    """One recording as it is offered."""

    key: str
    said: str
    """Its beginning and length, and why it ended before the call."""
    can_listen: bool = True


class RecordingsBar(QWidget):
    """A line for each; not there for a call that was not recorded."""

    listen_requested = Signal(str)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self._rows: list[QWidget] = []
        self._buttons: dict[str, QPushButton] = {}
        self._playing = ""
        self.hide()

    def show_recordings(self, shown: Sequence[RecordingShown]) -> None:
        """Offer these in place of what was offered."""
        for old in self._rows:
            self._lines.removeWidget(old)
            old.deleteLater()
        self._rows, self._buttons = [], {}
        for one in shown:
            self._lines.addWidget(self._made(one))
        self.setVisible(bool(shown))
        self.show_playing("")

    def show_playing(self, key: str) -> None:
        """Say which one is heard now; "" for none."""
        self._playing = key
        for each, made in self._buttons.items():
            word(made, _("Stop listening") if each == key else _("Listen"))

    def _made(self, shown: RecordingShown) -> QWidget:
        made = QWidget()
        said = label(shown.said, wrap=True)
        line = row(said, wide=said)
        if shown.can_listen:
            listen = button(_("Listen"))
            listen.clicked.connect(lambda: self._pressed(shown.key))
            self._buttons[shown.key] = listen
            line.addWidget(listen)
        made.setLayout(line)
        self._rows.append(made)
        return made

    def _pressed(self, key: str) -> None:
        if key == self._playing:
            self.stop_requested.emit()
        else:
            self.listen_requested.emit(key)
