"""The hub's own watch: what is due on alarms, and values outside their limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.directory import DeviceKey, Directory
from workstation.application.errors import Changed, NotFound, StoreUnavailable
from workstation.application.intake import level_name, level_of
from workstation.application.ports import Clock, Hub, ReadingWriter, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId
from workstation.domain.patience import Patience, due_step
from workstation.domain.presence import Attendance
from workstation.domain.steps import Escalated, Reraised
from workstation.domain.telemetry import Breach, Sample, channel

_log = logging.getLogger(__name__)
NewId = Callable[[datetime], AlarmId]


class DueSteps:
    """Escalates, raises again and ends shelves when their time has come."""

    def __init__(
        self,
        *,
        board: Board,
        desk: AlarmDesk,
        hub: Hub,
        clock: Clock,
        attendance: Callable[[], Attendance] = Attendance,
    ) -> None:
        """Take the steps in the system's name through `desk`; `attendance` says whose desk lives."""
        self._board = board
        self._desk = desk
        self._patience = Patience(
            escalate_after=hub.escalate_after, untouched_after=hub.untouched_after
        )
        self._clock = clock
        self._attendance = attendance

    async def look(self) -> None:
        """Take every step that is due now; another desk that was first is no fault."""
        now, attendance = self._clock.now(), self._attendance()
        found = [
            alarm
            for alarm in self._board.alarms()
            if due_step(alarm, now, self._patience, attendance) is not None
        ]
        for alarm in found:
            try:
                await self._desk.act_as(alarm.id, self._due)
            except (Changed, NotFound, StoreUnavailable) as error:
                _log.info("a due step could not be taken now: %r", error)

    def _due(self, alarm: Alarm) -> Reraised | Escalated | None:
        # Asked anew each time: what waited for the database must not act on who was there before.
        return due_step(alarm, self._clock.now(), self._patience, self._attendance())


class OwnReports:
    """Makes the reports that the hub raises itself about its devices: lasting states, with an end."""

    def __init__(self, *, directory: Callable[[], Directory], clock: Clock, new_id: NewId) -> None:
        """`directory` gives the register's latest picture."""
        self.directory = directory
        self.clock = clock
        self._new_id = new_id

    def report(
        self, source: Source, kind: Kind, code: str, text: str, device: DeviceKey, *, active: bool
    ) -> Report:
        """Return the report that a state holds from now on, or does no longer."""
        now = self.clock.now()
        known = self.directory().devices.get(device)
        kommune, name = device
        alarm = Alarm(
            id=self._new_id(now),
            kind=kind,
            code=code,
            text=text,
            device=name,
            kommune=kommune,
            source=source,
            raised_at=now,
            received_at=now,
            citizen=known.citizen if known else None,
            location=(known.location or None) if known else None,
        )
        return Report(
            alarm=alarm,
            topic=f"{source}/{kommune}/{name}",
            body_hash=alarm.id,
            level=level_name(alarm),
            active=active,
        )


class LimitWatch:
    """Raises an alarm when a channel has stayed outside its limits; used by the network threads."""

    def __init__(self, *, file: Callable[[Report], None], reports: OwnReports) -> None:
        """`file` is the durable path; it must not wait."""
        self._file = file
        self._reports = reports
        self._breaches: dict[tuple[DeviceKey, str], Breach] = {}
        self._latest: dict[tuple[DeviceKey, str], datetime] = {}
        self._told: set[str] = set()

    def load(self, levels: Iterable[str]) -> None:
        """Start from the lasting states that the database has: those are told, and end when they end."""
        self._told.update(levels)

    def refresh(self, levels: Iterable[str]) -> None:
        """Take what holds from the database, where other processes tell of limits, too."""
        self._told = {level for level in levels if level.startswith(f"{Source.LIMITS}/")}

    def is_told(self, sample: Sample) -> bool:
        """Whether it has been told that this channel is outside its limits."""
        return _level(sample) in self._told

    def tell(self, sample: Sample) -> None:
        """Look at one sample; one that is older than what was looked at says nothing about now."""
        declared = channel(sample.channel)
        limits = declared.limits
        device = (sample.kommune, sample.device)
        key = (device, sample.channel)
        if limits is None or sample.at < self._latest.get(key, sample.at):
            return
        self._latest[key] = sample.at
        breach = self._breaches.setdefault(key, Breach(limits))
        shown = sample.value * declared.scale
        lasts = breach.tell(shown, sample.at)
        if lasts and not self.is_told(sample):
            self.say(sample, active=True)
        elif self.is_told(sample) and limits.contain(shown):
            self.say(sample, active=False)

    def look(self, _writer: ReadingWriter, _samples: Sequence[Sample]) -> None:
        """Leave them: they were looked at as they came."""

    def say(self, sample: Sample, *, active: bool) -> None:
        """Tell that this sample's channel has stayed outside its limits, or is back inside."""
        declared = channel(sample.channel)
        kind = declared.limits.kind if declared.limits else Kind.TECHNICAL
        text = f"{sample.value * declared.scale:.{declared.decimals}f} {declared.unit}".strip()
        (self._told.add if active else self._told.discard)(_level(sample))
        device = (sample.kommune, sample.device)
        report = self._reports.report(
            Source.LIMITS, kind, _code(sample), text if active else "", device, active=active
        )
        self._file(report)


def _code(sample: Sample) -> str:
    return f"limit_{sample.channel}"


def _level(sample: Sample) -> str:
    return level_of(Source.LIMITS, (sample.kommune, sample.device), _code(sample))
