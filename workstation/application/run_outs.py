"""Visits that were not started in their time: each becomes one alarm, however many desks look."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from workstation.application.errors import Changed
from workstation.application.facts import Stored
from workstation.application.ports import Clock, Report, RoundStore
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.round import Visit

_log = logging.getLogger(__name__)
_BACK = timedelta(hours=24)
"""How far back is looked: a night check agreed for 23:50 runs out after midnight."""


class RunOuts:
    """Makes an alarm of each visit that was not started within its tolerance.

    A visit is marked as missed only behind its stored alarm, so that a crash between the two tells it
    again; the alarm's key is the visit, so that telling it again raises no second one.
    """

    def __init__(
        self,
        *,
        store: RoundStore,
        file: Callable[[Report], None],
        clock: Clock,
        zone: tzinfo,
        new_id: Callable[[datetime], AlarmId],
    ) -> None:
        """`file` is the durable path of alarms; it must not wait."""
        self._store = store
        self._file = file
        self._clock = clock
        self._zone = zone
        self._new_id = new_id
        self._filed: set[str] = set()
        self._stored: set[str] = set()

    async def look(self) -> bool:
        """Tell of visits that have just run out; True when there were any. Raises StoreUnavailable."""
        now = self._clock.now()
        visits = await self._store.visits(now - _BACK, now)
        overdue = {_key(visit): visit for visit in visits if visit.is_overdue(now)}
        self._filed &= overdue.keys()
        self._stored &= overdue.keys()
        for key, visit in overdue.items():
            if key in self._stored:
                await self._mark(visit, now)
            elif key not in self._filed:
                self._filed.add(key)
                self._file(self._report(key, visit, now))
        return bool(overdue)

    def stored(self, fact: Stored) -> None:
        """Note which of the alarms are safe."""
        self._stored.update(
            one.report.key
            for one in fact.filed
            if one.report.key is not None and one.report.alarm.source is Source.ROUND
        )

    async def _mark(self, visit: Visit, now: datetime) -> None:
        missed = replace(visit, missed_at=now, version=visit.version + 1)
        try:
            await self._store.save(missed, expected_version=visit.version)
        except Changed:
            _log.info("visit %s was changed at the same moment", visit.id)

    def _report(self, key: str, visit: Visit, now: datetime) -> Report:
        alarm = Alarm(
            id=self._new_id(now),
            kind=Kind.MISSED_VISIT,
            code=visit.kind,
            text=visit.at.astimezone(self._zone).strftime("%H:%M"),
            device=DeviceName(f"visit-{visit.id}"),
            kommune=visit.kommune,
            source=Source.ROUND,
            raised_at=visit.at + visit.tolerance,
            received_at=now,
            citizen=visit.citizen,
        )
        return Report(alarm=alarm, topic=key, key=key, body_hash=visit.id)


def help_report(visit: Visit, now: datetime, new_id: Callable[[datetime], AlarmId]) -> Report:
    """Return the emergency of a night check that showed somebody who needs help."""
    alarm = Alarm(
        id=new_id(now),
        kind=Kind.EMERGENCY,
        code="needs_help",
        text=visit.note,
        device=DeviceName(f"visit-{visit.id}"),
        kommune=visit.kommune,
        source=Source.ROUND,
        raised_at=now,
        received_at=now,
        citizen=visit.citizen,
    )
    key = f"help/{visit.id}"
    return Report(alarm=alarm, topic=key, key=key, body_hash=visit.id)


def _key(visit: Visit) -> str:
    return f"round/{visit.id}"
