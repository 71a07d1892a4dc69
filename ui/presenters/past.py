"""The past of the alarm in front: its time line, alarms like it, the message as it came."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject

from ui import times, words
from ui.models.past import past_rows
from ui.presenters import alarm_words
from ui.presenters.front import Front, InFront
from ui.tasks import Tasks
from ui.views.alarm_panel import AlarmPanel
from ui.views.details import Details
from workstation.application.errors import StoreUnavailable
from workstation.application.ports import Clock, StoredStep
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId
from workstation.texts import _


class _Memory(Protocol):
    """What this screen needs of `AlarmDesk`."""

    async def history(self, alarm: AlarmId) -> list[StoredStep]: ...
    async def similar(self, alarm: Alarm) -> list[Alarm]: ...


class PastPresenter(QObject):
    """Loads the past anew whenever the alarm in front changes."""

    def __init__(self, *, front: Front, memory: _Memory, clock: Clock, tasks: Tasks) -> None:
        super().__init__()
        self._front = front
        self._memory = memory
        self._clock = clock
        self._tasks = tasks
        self._line = ""
        self._often = ""
        self._is_missing = False

    def attach(self, panel: AlarmPanel, details: Details) -> None:
        """Show in these views from now on."""
        self._panel, self._details = panel, details
        panel.page_wanted.connect(details.open)
        self._front.brought.connect(self._brought)
        self._front.changed.connect(self._changed)
        self._brought(self._front.now)

    def look_again(self) -> None:
        """Load what could not be loaded: something works again."""
        if self._is_missing:
            self._brought(self._front.now)

    def _brought(self, front: InFront) -> None:
        self._is_missing = False
        now = self._clock.now()
        self._line = self._often = ""
        self._loaded: object = None
        self._panel.show_past("", "")
        self._details.show_history([], now)
        self._details.show_similar([], "", now)
        alarm = front.alarm
        self._details.show_raw(_raw_said(alarm), alarm.raw if alarm is not None else b"")
        if alarm is not None:
            self._tasks.start(self._load_similar(alarm))
        self._changed(front)

    def _changed(self, front: InFront) -> None:
        alarm = front.alarm
        if alarm is None or not alarm.saved or self._loaded == (alarm.id, alarm.version):
            return
        self._loaded = (alarm.id, alarm.version)
        self._tasks.start(self._load_history(alarm.id))

    def _not_there(self) -> None:
        """Say in its place that the past is not known now: the database has its own lamp and sentence."""
        self._loaded = None
        self._is_missing = True
        said = _("Time line and similar alarms are shown when the database is back.")
        self._details.show_similar([], said, self._clock.now())
        self._panel.show_past(said, "")

    async def _load_history(self, alarm: AlarmId) -> None:
        try:
            steps = await self._memory.history(alarm)
        except StoreUnavailable:
            self._not_there()
            return
        if alarm != self._front.now.alarm_id:
            return
        now = self._clock.now()
        self._details.show_history(past_rows(steps), now)
        self._line = alarm_words.history_line(steps, now)
        self._panel.show_past(self._line, self._often)

    async def _load_similar(self, alarm: Alarm) -> None:
        try:
            similar = await self._memory.similar(alarm)
        except StoreUnavailable:
            self._not_there()
            return
        if alarm.id != self._front.now.alarm_id:
            return
        self._often = alarm_words.similar_said(alarm, len(similar))
        sentence = self._often or _("The first of its kind in 30 days.")
        self._details.show_similar(similar, sentence, self._clock.now())
        self._panel.show_past(self._line, self._often)


def _raw_said(alarm: Alarm | None) -> str:
    if alarm is None:
        return _("Choose an alarm to see its message as it came.")
    said = _("{source} · device {device} · received {time} · device's own time {raised}").format(
        source=words.source(alarm.source),
        device=alarm.device,
        time=times.clock(alarm.received_at),
        raised=times.clock(alarm.raised_at),
    )
    # Also what the hub remarks for the supplier: the lists only have room for words.
    return f"{said} · {alarm.text}" if alarm.text else said
