"""The desk's live picture of what is open: shown at arrival, whatever the database is doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from workstation.application.changes import Watchers
from workstation.application.facts import Arrived, KeptHere, NotStored, Stored
from workstation.application.ports import Clock, Hub, Report
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId

Put = Callable[[Alarm], None]
Gone = Callable[[AlarmId], None]
_GONE_KEPT = 1000


@dataclass(slots=True)
class _Waiting:
    """A report on its way to the database, and the row that shows it meanwhile (None: an open one's)."""

    arrived: float
    shown: AlarmId | None
    held: Report | None = None
    """Kept back: a message that may be an old one is shown when it is stored, or not stored in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a board knew when the database was asked what is open."""

    bases: dict[AlarmId, Alarm]
    closed: dict[AlarmId, int]


class Board:
    """Open alarms by id; on the loop only. `put` and `gone` are told of every change."""

    def __init__(self, clock: Clock, hub: Hub) -> None:
        """Start empty; `load` brings what the database has."""
        self._clock = clock
        self._hub = hub
        self._alarms: dict[AlarmId, Alarm] = {}
        self._by_fold: dict[str, AlarmId] = {}
        self._waiting: dict[AlarmId, _Waiting] = {}
        self._ahead: set[AlarmId] = set()
        self._closed: dict[AlarmId, int] = {}
        self._became: dict[AlarmId, AlarmId] = {}
        self._bases: dict[AlarmId, Alarm] = {}
        self._over: Callable[[Alarm], Alarm] = lambda alarm: alarm
        self._put: Watchers[[Alarm]] = Watchers()
        self._gone: Watchers[[AlarmId]] = Watchers()
        self.last_resolved: Alarm | None = None

    def watch(self, put: Put, gone: Gone) -> None:
        """Tell of every alarm that came, changed or left from now on."""
        self._put.add(put)
        self._gone.add(gone)

    def lay_over(self, over: Callable[[Alarm], Alarm]) -> None:
        """Show every alarm as `over` makes it: with what desks did that the database does not have."""
        self._over = over

    def base(self, alarm: AlarmId) -> Alarm | None:
        """Return an open alarm without what is laid over it."""
        return self._bases.get(alarm)

    def of_fold(self, fold_key: str) -> Alarm | None:
        """Return the open alarm of a fold key, without what is laid over it."""
        alarm = self._by_fold.get(fold_key)
        return None if alarm is None else self._bases.get(alarm)

    def show_again(self, base: Alarm) -> None:
        """Show an alarm anew after what is laid over it has changed; one that left may come back."""
        newest = self._bases.get(base.id)
        if newest is not None and newest.version > base.version:
            base = newest
        elif newest is None and self._closed.get(base.id, -1) > base.version:
            return
        self._closed.pop(base.id, None)
        self._show(base)

    def alarms(self) -> list[Alarm]:
        """Return all open alarms, in no order."""
        return list(self._alarms.values())

    def get(self, alarm: AlarmId) -> Alarm | None:
        """Return an open alarm."""
        return self._alarms.get(alarm)

    def version(self, alarm: AlarmId) -> int | None:
        """Return which version of a stored alarm stands here, None for none; any thread."""
        shown = self._alarms.get(alarm)
        if shown is None:
            return self._closed.get(alarm)
        return shown.version if shown.saved else None

    def became(self, alarm: AlarmId) -> AlarmId:
        """Return the id by which the database has an alarm that was shown here before it was stored."""
        return self._became.get(alarm, alarm)

    def is_waiting(self, alarm: AlarmId) -> bool:
        """Whether the alarm has not been stored yet."""
        waiting = self._waiting.get(alarm)
        return waiting is not None and waiting.shown == alarm

    def load(self, alarms: list[Alarm]) -> None:
        """Show what the database has open."""
        for alarm in alarms:
            self.put(alarm)

    def put(self, alarm: Alarm) -> None:
        """Show an alarm as the database has it; a resolved one leaves.

        An older version never replaces a newer, and nothing replaces what this desk has ahead.
        """
        old = self._bases.get(alarm.id)
        known = old.version if old is not None else self._closed.get(alarm.id, -1)
        if alarm.id in self._ahead or alarm.version < known or alarm == old:
            return
        if old is None and alarm.is_open and alarm.version == known:
            return
        ours = self._same_press(alarm)
        if ours is not None:
            self._waiting[ours].shown = None
            self._note_became(ours, alarm.id)
        self._show(alarm)
        if ours is not None:
            self._drop(ours)

    def _same_press(self, alarm: Alarm) -> AlarmId | None:
        """Return the row that waits here to be stored and that another desk stored as `alarm`."""
        other = self._by_fold.get(alarm.fold_key, alarm.id)
        if other == alarm.id or not self.is_waiting(other) or other in self._ahead:
            return None
        return other if alarm.is_open and self._alarms[other].provisional is None else None

    def picture(self) -> Picture:
        """Return what is known now: for `confirm` and `forget`, behind a question to the database."""
        return Picture(bases=dict(self._bases), closed=dict(self._closed))

    def confirm(self, alarm: Alarm, before: Picture) -> None:
        """Show an alarm as the database has it, also one that had been closed here `before`."""
        if alarm.id in self._ahead:
            return
        closed = self._closed.get(alarm.id)
        is_later = closed is not None and closed != before.closed.get(alarm.id)
        if alarm.id in self._bases or not alarm.is_open:
            self.put(alarm)
        elif not is_later or closed == alarm.version:
            self._show(alarm)

    def forget(self, alarm: AlarmId, before: Picture) -> None:
        """Take away a row that the database knows nothing of, unless it waits or has changed since."""
        unchanged = self._bases.get(alarm) is before.bases.get(alarm)
        if unchanged and not self._is_ours(alarm):
            self._drop(alarm)

    def doubtful(self, alarm: AlarmId) -> bool:
        """Whether a row is shown as not stored although nothing of it is on its way."""
        base = self._bases.get(alarm)
        return base is not None and not base.saved and not self._is_ours(alarm)

    def _is_ours(self, alarm: AlarmId) -> bool:
        return alarm in self._ahead or self.is_waiting(alarm)

    def put_ahead(self, alarm: Alarm) -> None:
        """Show an alarm as this desk has it, until `caught_up` says what the database made of it."""
        self._ahead.add(alarm.id)
        self._show(replace(alarm, saved=False))

    def caught_up(self, alarm: Alarm) -> None:
        """Show what the database has in place of what this desk had ahead of it."""
        self._ahead.discard(alarm.id)
        self._show(alarm)

    def _show(self, alarm: Alarm) -> None:
        shown = self._over(alarm)
        if not shown.is_open:
            self._close(shown)
            return
        self._bases[alarm.id] = alarm
        self._alarms[alarm.id] = shown
        self._by_fold[alarm.fold_key] = alarm.id
        self._put.tell(shown)

    def _close(self, alarm: Alarm) -> None:
        # Remembered, so that news on its way from before does not bring it back.
        self._closed.pop(alarm.id, None)
        self._closed[alarm.id] = alarm.version
        if len(self._closed) > _GONE_KEPT:
            del self._closed[next(iter(self._closed))]
        last = self.last_resolved
        if last is None or _resolved_at(alarm) >= _resolved_at(last):
            self.last_resolved = alarm
        self._drop(alarm.id)

    def _drop(self, alarm: AlarmId) -> None:
        old = self._alarms.pop(alarm, None)
        if old is None:
            return
        del self._bases[alarm]
        if self._by_fold.get(old.fold_key) == alarm:
            del self._by_fold[old.fold_key]
        self._gone.tell(alarm)

    def arrived(self, fact: Arrived) -> None:
        """Show what came off the wire at once, before it is stored.

        What the broker kept or delivers again may have been handled long ago: it is shown as soon
        as the database has said so, or a second later, and never sounds for nothing.
        """
        for report in fact.reports:
            if not report.active:
                continue
            waiting = _Waiting(self._clock.monotonic(), None)
            self._waiting[report.alarm.id] = waiting
            if report.retained or report.duplicate:
                waiting.held = report
            else:
                self._show_new(report, waiting)

    def _show_new(self, report: Report, waiting: _Waiting) -> None:
        waiting.held = None
        open_one = self._bases.get(self._by_fold.get(report.fold_key, report.alarm.id))
        if open_one is None:
            waiting.shown = report.alarm.id
            self._show(report.alarm)
        elif report.level is None:
            # Another press sounds at once; it is counted when it is stored.
            self._show(replace(open_one, repeated_at=report.alarm.received_at))

    def stored(self, fact: Stored) -> None:
        """Replace what was shown by what the database made of it."""
        for filed in fact.filed:
            waiting = self._waiting.pop(filed.report.alarm.id, None)
            shown = waiting.shown if waiting is not None else None
            if filed.alarm is not None:
                if shown is not None and shown != filed.alarm.id:
                    self._note_became(shown, filed.alarm.id)
                self.put(filed.alarm)
            if shown is not None and (filed.alarm is None or filed.alarm.id != shown):
                # The database folded it into another alarm, or had known it before.
                self._ahead.discard(shown)
                self._drop(shown)

    def _note_became(self, shown: AlarmId, alarm: AlarmId) -> None:
        # Whoever acts on the row in this very moment, or has it in front, means the alarm that it
        # became: so it is noted and shown before its old row goes.
        self._became[shown] = alarm
        if len(self._became) > _GONE_KEPT:
            del self._became[next(iter(self._became))]

    def not_stored(self, fact: NotStored) -> None:
        """Mark alarms whose commit failed."""
        for alarm in fact.alarms:
            self._mark(alarm)

    def kept_here(self, fact: KeptHere) -> None:
        """Mark alarms that this desk's own journal has while the database is away."""
        for alarm in fact.alarms:
            waiting = self._waiting.get(alarm)
            if waiting is None:
                continue
            if waiting.held is not None:
                self._show_new(waiting.held, waiting)
            shown = self._bases.get(waiting.shown) if waiting.shown else None
            if shown is not None and not shown.kept:
                self._show(replace(shown, saved=False, kept=True))

    def look_for_unsaved(self) -> None:
        """Mark alarms that have waited for their commit for too long; called by the desk's beat."""
        now = self._clock.monotonic()
        limit = self._hub.unsaved_after.total_seconds()
        for alarm, waiting in list(self._waiting.items()):
            if now - waiting.arrived >= limit:
                self._mark(alarm)

    def _mark(self, alarm: AlarmId) -> None:
        waiting = self._waiting.get(alarm)
        if waiting is None:
            return
        if waiting.held is not None:
            self._show_new(waiting.held, waiting)
        shown = self._bases.get(waiting.shown) if waiting.shown else None
        if shown is not None and shown.saved:
            self._show(replace(shown, saved=False))


def _resolved_at(alarm: Alarm) -> datetime:
    return alarm.resolved_at or alarm.received_at
