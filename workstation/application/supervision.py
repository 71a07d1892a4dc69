"""The hub's own watch: what is due on alarms, devices that fall silent, values outside their limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.directory import DeviceKey, Directory
from workstation.application.errors import Changed, NotFound, StoreUnavailable
from workstation.application.intake import level_name
from workstation.application.ports import Clock, DeviceHealth, Hub, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId
from workstation.domain.patience import Patience, due_step
from workstation.domain.steps import Escalated, Reraised
from workstation.domain.telemetry import Breach, Sample, channel

_log = logging.getLogger(__name__)
NewId = Callable[[datetime], AlarmId]


class DueSteps:
    """Escalates, raises again and ends shelves when their time has come."""

    def __init__(self, *, board: Board, desk: AlarmDesk, hub: Hub, clock: Clock) -> None:
        """Take the steps in the system's name through `desk`."""
        self._board = board
        self._desk = desk
        self._patience = Patience(
            escalate_after=hub.escalate_after, untouched_after=hub.untouched_after
        )
        self._clock = clock

    async def look(self) -> None:
        """Take every step that is due now; another desk that was first is no fault."""
        now = self._clock.now()

        def due(alarm: Alarm) -> Reraised | Escalated | None:
            return due_step(alarm, now, self._patience)

        for alarm in [one for one in self._board.alarms() if due(one) is not None]:
            try:
                await self._desk.act_as(alarm.id, due)
            except (Changed, NotFound, StoreUnavailable) as error:
                _log.info("a due step could not be taken now: %r", error)


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
        """`file` is the durable path."""
        self._file = file
        self._reports = reports
        self._breaches: dict[tuple[DeviceKey, str], Breach] = {}

    def tell(self, sample: Sample) -> None:
        """Look at one sample."""
        declared = channel(sample.channel)
        limits = declared.limits
        if limits is None:
            return
        key = ((sample.kommune, sample.device), sample.channel)
        breach = self._breaches.get(key)
        if breach is None:
            breach = self._breaches[key] = Breach(limits)
        shown = sample.value * declared.scale
        was_out = breach.is_told
        if breach.tell(shown, sample.at):
            self._say(
                sample,
                limits.kind,
                f"{shown:.{declared.decimals}f} {declared.unit}".strip(),
                active=True,
            )
        elif was_out and not breach.is_told:
            self._say(sample, limits.kind, "", active=False)

    def _say(self, sample: Sample, kind: Kind, text: str, *, active: bool) -> None:
        device = (sample.kommune, sample.device)
        code = f"limit_{sample.channel}"
        self._file(self._reports.report(Source.LIMITS, kind, code, text, device, active=active))


class SilenceWatch:
    """One technical alarm for each device that has not been heard within its class's time."""

    def __init__(self, *, file: Callable[[Report], None], reports: OwnReports) -> None:
        """Count devices that were never heard from now."""
        self._file = file
        self._reports = reports
        self._started = reports.clock.now()
        self._heard: dict[DeviceKey, DeviceHealth] = {}
        self._silent: set[DeviceKey] = set()

    def load(self, health: Iterable[DeviceHealth], silent: Iterable[DeviceKey]) -> None:
        """Start from what the database knows."""
        for one in health:
            self.hear(one)
        self._silent.update(silent)

    def hear(self, health: DeviceHealth) -> None:
        """Note that a device was heard."""
        key = (health.kommune, health.device)
        old = self._heard.get(key)
        self._heard[key] = (
            health if old is None else replace(health, heard_at=health.heard_at or old.heard_at)
        )

    def look(self) -> None:
        """Tell of each registered device that has just fallen silent or come back."""
        now = self._reports.clock.now()
        for key, device in self._reports.directory().devices.items():
            health = self._heard.get(key)
            heard_at = (health.heard_at if health else None) or self._started
            silent = now - heard_at >= device.patience
            if silent is (key in self._silent):
                continue
            self._silent ^= {key}
            self._say(key, heard_at, active=silent)

    def _say(self, device: DeviceKey, heard_at: datetime, *, active: bool) -> None:
        text = heard_at.isoformat(timespec="seconds")
        report = self._reports.report(
            Source.SILENCE, Kind.TECHNICAL, "silent", text, device, active=active
        )
        self._file(report)
