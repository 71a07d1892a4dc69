"""Learns how often each alarm unit is heard by itself, and tells when that fails to come."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from workstation.application.directory import DeviceKey
from workstation.application.intake import level_of
from workstation.application.ports import Report
from workstation.application.supervision import OwnReports
from workstation.domain.kind import Kind, Source
from workstation.domain.telemetry import Sample

HEARTBEAT: Final = "heartbeat"
"""The channel under which heartbeats are kept among a unit's readings."""
MISSING: Final = "heartbeat_missing"
_LEARNT_FROM: Final = 3
"""Heartbeats: two equal pauses are a habit."""
_REMEMBERED: Final = 9
_SLACK: Final = 0.25
"""How much later than usual is late; a unit that dials up is not punctual."""
LEAST_SLACK: Final = timedelta(minutes=1)
KEPT: Final = timedelta(days=9)
"""How far back is learnt from: units that are heard once a day take some days."""


@dataclass(slots=True)
class _Unit:
    times: deque[datetime] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    @property
    def pause(self) -> timedelta | None:
        """The usual pause; None while it is not known."""
        if len(self.times) < _LEARNT_FROM:
            return None
        pauses = [(later - one).total_seconds() for one, later in pairwise(self.times)]
        return timedelta(seconds=median(pauses))


class HeartbeatWatch:
    """One technical alarm for each unit whose heartbeat has failed to come; ended by the next.

    Only time in which the receiver could have heard it counts.
    """

    def __init__(
        self,
        *,
        file: Callable[[Report], None],
        reports: OwnReports,
        least_slack: timedelta = LEAST_SLACK,
    ) -> None:
        """Hear nothing until `listen`; `file` is the durable path and must not wait.

        `least_slack` is how late the heartbeat of a unit with short pauses must be.
        """
        self._file = file
        self._least_slack = least_slack
        self._reports = reports
        self._lock = threading.Lock()
        self._units: dict[DeviceKey, _Unit] = {}
        self._missing: set[DeviceKey] = set()
        self._listens_since: datetime | None = None

    def load(self, samples: Iterable[Sample], levels: Iterable[str] = ()) -> None:
        """Learn from the stored heartbeats, in the order of their times; `levels` hold already."""
        held = frozenset(levels)
        with self._lock:
            for sample in samples:
                if sample.channel != HEARTBEAT:
                    continue
                key = (sample.kommune, sample.device)
                self._learn(key, sample.at)
                if level_of(Source.SCAIP, key, MISSING) in held:
                    self._missing.add(key)

    def listen(self, *, hears: bool) -> None:
        """Note whether the receiver's account is registered; any thread."""
        with self._lock:
            if hears and self._listens_since is None:
                self._listens_since = self._reports.clock.now()
            elif not hears:
                self._listens_since = None

    def hear(self, unit: DeviceKey, at: datetime) -> None:
        """Note a heartbeat; any thread."""
        with self._lock:
            self._learn(unit, at)
            was_missing = unit in self._missing
            self._missing.discard(unit)
        if was_missing:
            self._tell(unit, "", active=False)

    def pause(self, unit: DeviceKey) -> timedelta | None:
        """Return how often a unit is usually heard, None while that is not known."""
        known = self._units.get(unit)
        return known.pause if known else None

    async def look(self) -> None:
        """Tell of every unit whose heartbeat is late."""
        for unit, last in self._late():
            self._tell(unit, last.isoformat(), active=True)

    def _late(self) -> list[tuple[DeviceKey, datetime]]:
        now = self._reports.clock.now()
        with self._lock:
            since = self._listens_since
            if since is None:
                return []
            late = []
            for key, unit in self._units.items():
                pause = unit.pause
                if pause is None or key in self._missing:
                    continue
                slack = max(self._least_slack, pause * _SLACK)
                if now - max(unit.times[-1], since) > pause + slack:
                    late.append((key, unit.times[-1]))
            self._missing.update(key for key, _last in late)
        return late

    def _learn(self, unit: DeviceKey, at: datetime) -> None:
        times = self._units.setdefault(unit, _Unit()).times
        if not times or at > times[-1]:
            times.append(at)

    def _tell(self, unit: DeviceKey, text: str, *, active: bool) -> None:
        report = self._reports.report(
            Source.SCAIP, Kind.TECHNICAL, MISSING, text, unit, active=active
        )
        self._file(report)
