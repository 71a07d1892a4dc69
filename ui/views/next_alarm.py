"""The biggest thing on the screen: the alarm that should be taken next, and the button that takes it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui import times
from ui.shapes import Shape
from ui.theme import Theme
from ui.views.parts import Elided, button, label, restyle, row, scale
from workstation.domain.kind import Kind
from workstation.texts import _

_BREATH: Final = 24
"""Steps of one pulse."""
_STEP: Final = 100  # milliseconds: ten a second look gentle and cost nothing
_RADIUS: Final = 8
_ROOMY: Final = 470
"""Pixels of width that the large shape is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAlarm:
    """What the bar says of the first untaken alarm."""

    key: str
    kind: Kind
    head: str
    """Kind, who does not have it, how many more wait."""
    name: str
    text: str
    since: datetime


class NextAlarmBar(QFrame):
    """Shows the next alarm with its running wait, or that nobody waits."""

    take_requested = Signal(str)
    """Take the alarm of this key."""

    def __init__(self, looks: Callable[[], Theme], *, take_key: str = "F1") -> None:
        super().__init__()
        self.setAccessibleName(_("Next alarm"))
        self.setMinimumHeight(92)
        self._looks = looks
        self._next: NextAlarm | None = None
        self._phase = 0
        self._mark = Shape(Kind.EMERGENCY, looks(), 40)
        self._head = Elided(role="strong")
        self._name = Elided(role="next-title")
        self._text = Elided()
        self._wait = label(role="next-wait", name=_("Waited"))
        self._take = button(_("Take"), role="danger", key=take_key, main=True)
        self._lay()
        self._pulse = QTimer(self)
        self._pulse.setInterval(_STEP)
        self._pulse.timeout.connect(self._breathe)
        self._take.clicked.connect(self._clicked)
        self.show_next(None, "")

    def _lay(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._head)
        words.addWidget(self._name)
        words.addWidget(self._text)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 14, 8)
        line.setSpacing(14)
        line.addWidget(self._mark)
        line.addLayout(words, 1)
        line.addWidget(self._wait)
        line.addLayout(row(self._take))

    def show_next(self, alarm: NextAlarm | None, calm: str) -> None:
        """Show the alarm, or the sentence `calm` when none waits."""
        if alarm is None:
            self.say(_("Nobody waits"), calm)
            return
        self._show(alarm)
        self._show_alarm(alarm)

    def say(self, head: str, sentence: str) -> None:
        """Say something instead of an alarm: nobody waits, or it is not known yet."""
        self._show(None)
        self._name.setText(head)
        self._text.setText(sentence)
        restyle(self._name, kind="")
        restyle(self._text, role="soft")
        self._pulse.stop()

    def _show(self, alarm: NextAlarm | None) -> None:
        self._next = alarm
        for widget in (self._head, self._wait, self._take):
            widget.setVisible(alarm is not None)
        self._show_mark()
        self.update()

    def _show_alarm(self, alarm: NextAlarm) -> None:
        urgent = alarm.kind is Kind.EMERGENCY
        self._mark.show_sign(alarm.kind, self._looks())
        self._head.setText(alarm.head)
        self._name.setText(alarm.name)
        self._text.setText(alarm.text)
        restyle(self._head, kind=alarm.kind.value)
        restyle(self._name, kind=alarm.kind.value)
        restyle(self._text, role="")
        restyle(self._wait, kind=alarm.kind.value)
        restyle(self._take, role="danger" if urgent else "primary")
        self.setAccessibleDescription(f"{alarm.head}. {alarm.name}. {alarm.text}")
        if urgent and not self._pulse.isActive():
            self._pulse.start()
        elif not urgent:
            self._pulse.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the name the room of the large shape where there is little."""
        super().resizeEvent(event)
        self._show_mark()

    def _show_mark(self) -> None:
        roomy = self.width() >= _ROOMY * scale(self)
        self._mark.setVisible(self._next is not None and roomy)

    def tick(self, now: datetime) -> None:
        """Let the wait run."""
        if self._next is not None:
            self._wait.setText(times.running(now - self._next.since))

    def _clicked(self) -> None:
        if self._next is not None:
            self.take_requested.emit(self._next.key)

    def _breathe(self) -> None:
        self._phase = (self._phase + 1) % _BREATH
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface; an emergency's breathes between its own colour and the panel's."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._looks()
        surface, edge, width = theme.token("panel"), theme.token("line"), 1.0
        if self._next is not None:
            edge, width = theme.colour(self._next.kind), 2.0
            if self._next.kind is Kind.EMERGENCY:
                breath = 0.5 + 0.5 * math.cos(2 * math.pi * self._phase / _BREATH)
                surface = _between(surface, theme.token("emergency_ground"), 0.45 + 0.55 * breath)
        painter.setPen(QPen(edge, width))
        painter.setBrush(surface)
        inset = width / 2
        inside = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(inside, _RADIUS, _RADIUS)


def _between(first: QColor, second: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )
