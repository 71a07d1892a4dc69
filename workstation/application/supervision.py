"""The hub's own watch: what is due on alarms, devices that fall silent, values outside their limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.directory import DeviceKey, Directory
from workstation.application.errors import AlreadyTaken, Changed, NotFound, StoreUnavailable
from workstation.application.intake import level_name
from workstation.application.ports import Clock, DeviceHealth, Hub, Report
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.patience import Patience, due_step
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune
from workstation.domain.telemetry import Breach, Sample, channel

_log = logging.getLogger(__name__)
NewId = Callable[[datetime], AlarmId]


class DueSteps:
    """Escalates, raises again and ends shelves when their time has come."""

    def __init__(self, *, board: Board, desk: AlarmDesk, hub: Hub, clock: Clock) -> None:
        """The steps are taken in the system's name through `desk`."""
        self._board = board
        self._desk = desk
        self._patience = Patience(
            escalate_after=hub.escalate_after, untouched_after=hub.untouched_after
        )
        self._clock = clock

    async def look(self) -> None:
        """Take every step that is due now; another desk that was first is no fault."""
        now = self._clock.now()
        for alarm in self._board.alarms():
            step = due_step(alarm, now, self._patience)
            if step is None:
                continue
            try:
                await self._desk.act(alarm.id, step)
            except (IllegalStep, AlreadyTaken, Changed, NotFound) as error:
                _log.info("a due step no longer fits: %r", error)
            except StoreUnavailable as error:
                _log.warning("a due step cannot be stored now: %s", error.reason)
                return


def own_report(
    *,
    source: Source,
    kind: Kind,
    code: str,
    text: str,
    device: DeviceName,
    kommune: Kommune,
    directory: Directory,
    now: datetime,
    new_id: NewId,
    active: bool = True,
    lasting: bool = True,
) -> Report:
    """Return a report that the hub makes itself about a device."""
    known = directory.devices.get((kommune, device))
    alarm = Alarm(
        id=new_id(now),
        kind=kind,
        code=code,
        text=text,
        device=device,
        kommune=kommune,
        source=source,
        raised_at=now,
        received_at=now,
        citizen=known.citizen if known else None,
        location=(known.location or None) if known else None,
    )
    level = level_name(alarm) if lasting else None
    return Report(
        alarm=alarm,
        topic=f"{source}/{kommune}/{device}",
        body_hash=alarm.id,
        level=level,
        active=active,
    )


class LimitWatch:
    """Raises an alarm when a channel has stayed outside its limits; used by the network threads."""

    def __init__(
        self,
        *,
        file: Callable[[Report], None],
        directory: Callable[[], Directory],
        clock: Clock,
        new_id: NewId,
    ) -> None:
        """`file` is the durable path."""
        self._file = file
        self._directory = directory
        self._clock = clock
        self._new_id = new_id
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
        self._file(
            own_report(
                source=Source.LIMITS,
                kind=kind,
                code=f"limit_{sample.channel}",
                text=text,
                device=sample.device,
                kommune=sample.kommune,
                directory=self._directory(),
                now=self._clock.now(),
                new_id=self._new_id,
                active=active,
            )
        )


class SilenceWatch:
    """One technical alarm for each device that has not been heard within its class's time."""

    def __init__(
        self,
        *,
        file: Callable[[Report], None],
        directory: Callable[[], Directory],
        clock: Clock,
        new_id: NewId,
    ) -> None:
        """Devices never heard are counted from now."""
        self._file = file
        self._directory = directory
        self._clock = clock
        self._new_id = new_id
        self._started = clock.now()
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
        now = self._clock.now()
        for key, device in self._directory().devices.items():
            health = self._heard.get(key)
            heard_at = (health.heard_at if health else None) or self._started
            silent = now - heard_at >= device.patience
            if silent is (key in self._silent):
                continue
            self._silent ^= {key}
            self._say(key, heard_at, now, active=silent)

    def _say(self, key: DeviceKey, heard_at: datetime, now: datetime, *, active: bool) -> None:
        kommune, device = key
        self._file(
            own_report(
                source=Source.SILENCE,
                kind=Kind.TECHNICAL,
                code="silent",
                text=heard_at.isoformat(timespec="seconds"),
                device=device,
                kommune=kommune,
                directory=self._directory(),
                now=now,
                new_id=self._new_id,
                active=active,
            )
        )
