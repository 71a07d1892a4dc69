"""Notices: one sentence with the next step, in place, never modal."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.views.parts import button, label, restyle, word
from workstation.texts import _

_MOST: Final = 3
_READ_IN: Final = 20_000  # milliseconds until what needs no answer goes away by itself


class _Notice(QFrame):
    gone = Signal(str)

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setProperty("role", "instruction")
        self.key = key
        self.lasts = False
        self._count = 0
        self._text = label(wrap=True)
        self._times = label(role="soft")
        self._close = button(_("Close"), role="quiet")
        self._close.clicked.connect(self._leave)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 3, 6, 3)
        line.addWidget(self._text, 1)
        line.addWidget(self._times)
        line.addWidget(self._close)

    def say(self, sentence: str, *, lasting: bool) -> None:
        self._count += 1
        self.amend(sentence)
        self._times.setText(f"×{self._count}" if self._count > 1 else "")
        restyle(self._text, tone="")
        self.lasts = lasting
        if lasting:
            self._timer.stop()
        else:
            self._timer.start(_READ_IN)

    def amend(self, sentence: str) -> None:
        self._text.setText(sentence)
        self.setAccessibleName(sentence)

    def offer(self, key: str) -> None:
        word(self._close, _("Close"), key=key)

    def end(self) -> None:
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def _leave(self) -> None:
        self.gone.emit(self.key)


class Notices(QWidget):
    """The latest notices, the newest below; the same sentence again is counted, not repeated."""

    def __init__(self, close_key: str = "") -> None:
        """`close_key` stands on the button of the newest, which it closes."""
        super().__init__()
        self._close_key = close_key
        self.setAccessibleName(_("Notices"))
        self._shown: dict[str, _Notice] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(12, 0, 12, 10)
        self._lines.setSpacing(6)
        self.hide()

    def tell(self, sentence: str, *, key: str = "", lasting: bool = False) -> None:
        """Show `sentence`; one of the same `key` is replaced. A `lasting` one stays until closed."""
        key = key or sentence
        notice = self._shown.get(key)
        if notice is None:
            while len(self._shown) >= _MOST:
                self.forget(self._least())
            notice = self._shown[key] = _Notice(key)
            notice.gone.connect(self.forget)
            self._lines.addWidget(notice)
        notice.say(sentence, lasting=lasting)
        self._offer_key()
        self.show()

    def amend(self, sentence: str, *, key: str) -> bool:
        """Let a notice that is still there say something newer; False for one that was closed."""
        notice = self._shown.get(key)
        if notice is not None and notice.accessibleName() != sentence:
            notice.amend(sentence)
        return notice is not None

    def forget(self, key: str) -> None:
        """Take a notice away, if it is still there."""
        notice = self._shown.pop(key, None)
        if notice is not None:
            self._lines.removeWidget(notice)
            notice.end()
        self._offer_key()
        self.setVisible(bool(self._shown))

    def close_newest(self) -> None:
        """Take the lowest away, as its button does."""
        if self._shown:
            self.forget(next(reversed(self._shown)))

    def _least(self) -> str:
        """Return what makes room: the oldest of those that go by themselves, else the oldest."""
        passing = (key for key, notice in self._shown.items() if not notice.lasts)
        return next(passing, next(iter(self._shown)))

    def _offer_key(self) -> None:
        newest = next(reversed(self._shown), None)
        for key, notice in self._shown.items():
            notice.offer(self._close_key if key == newest else "")

    @property
    def sentences(self) -> list[str]:
        """What is shown now, oldest first."""
        return [notice.accessibleName() for notice in self._shown.values()]
