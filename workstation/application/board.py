"""The desk's live picture of what is open: shown at arrival, whatever the database is doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from workstation.application.facts import Arrived, NotStored, Stored
from workstation.application.ports import Clock, Hub
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId

Put = Callable[[Alarm], None]
Gone = Callable[[AlarmId], None]


@dataclass(slots=True)
class _Waiting:
    """A report on its way to the database, and the row that shows it meanwhile (None: an open one's)."""

    arrived: float
    shown: AlarmId | None


class Board:
    """Open alarms by id; on the loop only. `put` and `gone` are told of every change."""

    def __init__(self, clock: Clock, hub: Hub) -> None:
        """Start empty; `load` brings what the database has."""
        self._clock = clock
        self._hub = hub
        self._alarms: dict[AlarmId, Alarm] = {}
        self._by_fold: dict[str, AlarmId] = {}
        self._waiting: dict[AlarmId, _Waiting] = {}
        self._watchers: list[tuple[Put, Gone]] = []
        self.last_resolved: Alarm | None = None

    def watch(self, put: Put, gone: Gone) -> None:
        """Tell of every alarm that came, changed or left from now on."""
        self._watchers.append((put, gone))

    def alarms(self) -> list[Alarm]:
        """Return all open alarms, in no order."""
        return list(self._alarms.values())

    def get(self, alarm: AlarmId) -> Alarm | None:
        """Return an open alarm."""
        return self._alarms.get(alarm)

    def is_waiting(self, alarm: AlarmId) -> bool:
        """Whether the alarm has not been stored yet."""
        waiting = self._waiting.get(alarm)
        return waiting is not None and waiting.shown == alarm

    def load(self, alarms: list[Alarm]) -> None:
        """Show what the database has open."""
        for alarm in alarms:
            self.put(alarm)

    def put(self, alarm: Alarm) -> None:
        """Show an alarm as it now stands; a resolved one leaves. An older version never replaces a newer."""
        old = self._alarms.get(alarm.id)
        if old is not None and (old.version > alarm.version or old == alarm):
            return
        if not alarm.is_open:
            self.last_resolved = alarm
            self._drop(alarm.id)
            return
        self._alarms[alarm.id] = alarm
        self._by_fold[_fold_key(alarm)] = alarm.id
        for put, _gone in self._watchers:
            put(alarm)

    def _drop(self, alarm: AlarmId) -> None:
        old = self._alarms.pop(alarm, None)
        if old is None:
            return
        if self._by_fold.get(_fold_key(old)) == alarm:
            del self._by_fold[_fold_key(old)]
        for _put, gone in self._watchers:
            gone(alarm)

    def arrived(self, fact: Arrived) -> None:
        """Show what came off the wire at once, before it is stored."""
        for report in fact.reports:
            if not report.active:
                continue
            open_one = self._alarms.get(self._by_fold.get(report.fold_key, report.alarm.id))
            shown = None if open_one is not None else report.alarm.id
            self._waiting[report.alarm.id] = _Waiting(self._clock.monotonic(), shown)
            if open_one is None:
                self.put(report.alarm)
            elif report.level is None:
                # Another press sounds at once; it is counted when it is stored.
                self.put(replace(open_one, repeated_at=report.alarm.received_at))

    def stored(self, fact: Stored) -> None:
        """Replace what was shown by what the database made of it."""
        for filed in fact.filed:
            waiting = self._waiting.pop(filed.report.alarm.id, None)
            if waiting is not None and waiting.shown is not None:
                self._settle(waiting.shown, filed.alarm)
            if filed.alarm is not None:
                self.put(filed.alarm)

    def _settle(self, shown: AlarmId, stored: Alarm | None) -> None:
        """Take a provisional row away when the database folded it into another or knew it already."""
        if stored is None or stored.id != shown:
            self._drop(shown)
            return
        self._alarms[shown] = replace(self._alarms.get(shown, stored), version=-1)

    def not_stored(self, fact: NotStored) -> None:
        """Mark alarms whose commit failed."""
        for alarm in fact.alarms:
            self._mark(alarm)

    def look_for_unsaved(self) -> None:
        """Mark alarms that have waited for their commit for too long; called by the desk's beat."""
        now = self._clock.monotonic()
        limit = self._hub.unsaved_after.total_seconds()
        for alarm, waiting in list(self._waiting.items()):
            if now - waiting.arrived >= limit:
                self._mark(alarm)

    def _mark(self, alarm: AlarmId) -> None:
        waiting = self._waiting.get(alarm)
        shown = self._alarms.get(waiting.shown) if waiting is not None and waiting.shown else None
        if shown is not None and shown.saved:
            self.put(replace(shown, saved=False))


def _fold_key(alarm: Alarm) -> str:
    return f"{alarm.kommune}/{alarm.device}/{alarm.kind}/{alarm.code}"
