"""Devices that fall silent: one technical alarm each, ended when they are heard again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from workstation.application.directory import DeviceKey
from workstation.application.intake import level_of
from workstation.application.ports import DeviceHealth, Report
from workstation.application.supervision import OwnReports
from workstation.domain.kind import Kind, Source

SILENT = "silent"
"""The code of the alarm about a device that is not heard."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_GRACE = timedelta(minutes=1)
"""How long after (re)connecting nobody is called silent: what the broker kept comes in first."""
_SLEPT = timedelta(minutes=1)
"""A longer pause between two looks means that this machine slept or its clock was put right."""


class SilenceWatch:
    """One technical alarm for each device that has not been heard within its class's time.

    Only time in which the hub could have heard it counts: a broker that is away for an hour, or a
    machine that slept, must not make every device a silent one.
    """

    def __init__(self, *, file: Callable[[Report], None], reports: OwnReports) -> None:
        """Hear nothing until `listen`; `file` is the durable path and must not wait."""
        self._file = file
        self._reports = reports
        self._heard: dict[DeviceKey, datetime] = {}
        self._counts_from: dict[DeviceKey, datetime] = {}
        self._told: set[str] = set()
        self._deaf_since: datetime | None = reports.clock.now()
        self._looked = self._judge_from = reports.clock.now()

    def load(self, health: Iterable[DeviceHealth], levels: Iterable[str]) -> None:
        """Start from what the database knows: when devices were heard, and the lasting states."""
        for one in health:
            self.hear(one)
        self._told.update(levels)

    def refresh(self, health: Iterable[DeviceHealth], levels: Iterable[str]) -> None:
        """Take what other processes heard and told, where a hub shares its readings."""
        for one in health:
            self.hear(one)
        self._told = {level for level in levels if level.startswith(f"{Source.SILENCE}/")}

    def hear(self, health: DeviceHealth) -> None:
        """Note that a device was heard."""
        key = (health.kommune, health.device)
        if health.heard_at is not None and health.heard_at > self._heard.get(key, _NEVER):
            self._heard[key] = self._counts_from[key] = health.heard_at

    def listen(self, *, hears: bool) -> None:
        """Note whether every session at the broker stands."""
        now = self._reports.clock.now()
        if not hears:
            self._deaf_since = self._deaf_since or now
        elif self._deaf_since is not None:
            self._forgive(now - self._deaf_since, now)
            self._deaf_since = None

    def look(self) -> None:
        """Tell of each registered device that has just fallen silent or come back."""
        now = self._reports.clock.now()
        gap, self._looked = now - self._looked, now
        if self._deaf_since is not None:
            return
        if gap >= _SLEPT:
            self._forgive(gap, now)
        for key, device in self._reports.directory().devices.items():
            silent = now - self._counts_from.setdefault(key, now) >= device.patience
            level = level_of(Source.SILENCE, key, SILENT)
            if silent is (level in self._told) or (silent and now < self._judge_from):
                continue
            self._told ^= {level}
            self._say(key, active=silent)

    def _forgive(self, deaf: timedelta, now: datetime) -> None:
        """Leave out a time without ears, and let what the broker kept meanwhile come in first."""
        for key, start in self._counts_from.items():
            self._counts_from[key] = min(now, start + deaf)
        self._judge_from = now + _GRACE

    def _say(self, device: DeviceKey, *, active: bool) -> None:
        heard_at = self._heard.get(device)
        text = heard_at.isoformat(timespec="seconds") if heard_at else ""
        self._file(
            self._reports.report(
                Source.SILENCE, Kind.TECHNICAL, SILENT, text, device, active=active
            )
        )
