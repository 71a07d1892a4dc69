"""The queue, the technical lane and the next alarm: what is open, at the screen's own pace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui import times, words
from ui.models.alarms import AlarmRow, what, where, whose
from ui.models.table import Table
from ui.presenters.pace import Gather
from ui.presenters.tally import Tally
from ui.views.next_alarm import NextAlarm, NextAlarmBar
from ui.views.queue import QueueView
from ui.views.technical_lane import TechnicalLane
from workstation.application.ports import Clock
from workstation.domain.alarm import Alarm, State
from workstation.domain.citizen import Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, Operator
from workstation.domain.queue import is_technical
from workstation.texts import _, ngettext


class _OpenAlarms(Protocol):
    """What this screen needs of `Board`."""

    @property
    def last_resolved(self) -> Alarm | None: ...

    def alarms(self) -> list[Alarm]: ...
    def watch(self, put: Callable[[Alarm], None], gone: Callable[[AlarmId], None]) -> None: ...


class _Names(Protocol):
    """What this screen needs of `Citizens`."""

    def name_of(self, citizen: CitizenId | None) -> str: ...
    def device(self, kommune: Kommune, name: DeviceName) -> Device | None: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class QueuePresenter(QObject):
    """Brings the board into the two tables; the first alarm after a quiet moment at once."""

    chosen = Signal(str)
    """The operator chose this alarm."""
    take_requested = Signal(str)
    """The operator wants to take this alarm."""

    def __init__(
        self,
        *,
        board: _OpenAlarms,
        names: _Names,
        clock: Clock,
        who: Callable[[], Operator],
        called: Callable[[Operator], str] = str,
    ) -> None:
        super().__init__()
        self._board = board
        self._names = names
        self._clock = clock
        self._who = who
        self._called = called
        self._put: dict[AlarmId, Alarm] = {}
        self._gone: set[AlarmId] = set()
        self._open = Tally()
        self._with_shelved = False
        self._gather = Gather(self._flush, self)

    def attach(self, queue: QueueView, lane: TechnicalLane, next_alarm: NextAlarmBar, /) -> None:
        """Show in these views from now on, beginning with what is open."""
        self._queue, self._lane, self._next = queue, lane, next_alarm
        for rows in (queue.rows, lane.rows):
            rows.chosen.connect(self.chosen)
            rows.entered.connect(self.take_requested)
        queue.rows.chosen.connect(lambda _key: lane.rows.choose(""))
        lane.rows.chosen.connect(lambda _key: queue.rows.choose(""))
        next_alarm.take_requested.connect(self.take_requested)
        queue.shelved_wanted.connect(self._show_shelved)
        self._put = {alarm.id: alarm for alarm in self._board.alarms()}
        self._board.watch(self._came, self._left)
        self._names.watch(self._renamed)
        self._flush()

    def choose(self, alarm: AlarmId) -> None:
        """Mark an alarm as the chosen one, wherever it stands."""
        self._queue.rows.choose(alarm)
        self._lane.rows.choose(alarm)

    def look_again(self) -> None:
        """Show every row anew: names, or who sits here, have changed."""
        self._renamed()

    def tick(self, now: datetime) -> None:
        """Let the waits run."""
        for rows in (self._queue.rows, self._lane.rows):
            table = rows.model()
            if isinstance(table, Table):
                table.tick(now)
        self._next.tick(now)

    # --- the board's side ---------------------------------------------------------------------

    def _came(self, alarm: Alarm) -> None:
        self._gone.discard(alarm.id)
        self._put[alarm.id] = alarm
        self._gather.wake()

    def _left(self, alarm: AlarmId) -> None:
        self._put.pop(alarm, None)
        self._gone.add(alarm)
        self._gather.wake()

    def _renamed(self) -> None:
        self._put = {**self._open.alarms, **self._put}
        self._gather.wake()

    def _show_shelved(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        self._with_shelved = wanted
        self._renamed()

    # --- the screen's side --------------------------------------------------------------------

    def _flush(self) -> None:
        put, gone = self._put, self._gone
        self._put, self._gone = {}, set()
        for alarm in put.values():
            self._open.put(alarm)
        for key in gone:
            self._open.drop(key)
        people: list[AlarmRow] = []
        technical: list[AlarmRow] = []
        leaving: list[str] = list(gone)
        for alarm in put.values():
            if alarm.state is State.SHELVED and not self._with_shelved:
                leaving.append(alarm.id)
            else:
                (technical if is_technical(alarm) else people).append(self._row(alarm))
        self._queue.rows.apply(people, leaving)
        self._lane.rows.apply(technical, leaving)
        self._show_around()

    def _row(self, alarm: Alarm) -> AlarmRow:
        device = self._names.device(alarm.kommune, alarm.device)
        return AlarmRow(
            alarm=alarm,
            name=self._names.name_of(alarm.citizen),
            device=device.title if device is not None else "",
            me=self._who(),
            owner=self._called(alarm.taken_by) if alarm.taken_by is not None else "",
        )

    def _show_around(self) -> None:
        """Bring counts, empty states and the next alarm up to date."""
        tally = self._open
        self._queue.show_counts(tally.waiting, tally.taken, tally.shelved)
        nobody = _("New alarms appear here by themselves.")
        self._queue.show_empty("" if tally.waiting + tally.taken else nobody)
        table = self._queue.rows.model()
        self._queue.show_hidden(table.hidden if isinstance(table, Table) else 0)
        self._lane.show_count(tally.technical)
        self._show_next(tally.next_untaken, tally.waiting)

    def _show_next(self, alarm: Alarm | None, waiting: int) -> None:
        if alarm is None:
            self._next.show_next(None, self._calm())
            return
        row = self._row(alarm)
        more = waiting - 1
        is_late = alarm.escalated_at is not None
        head = [words.kind(alarm.kind), _("escalated") if is_late else _("not taken")]
        if more > 0:
            head.append(
                ngettext("{count} more waits", "{count} more wait", more).format(count=more)
            )
        self._next.show_next(
            NextAlarm(
                key=alarm.id,
                kind=alarm.kind,
                head=" · ".join(head),
                name=whose(row),
                text=" · ".join(part for part in (what(alarm), where(row)) if part),
                since=alarm.received_at,
            ),
            "",
        )
        self._next.tick(self._clock.now())

    def _calm(self) -> str:
        last = self._board.last_resolved
        if last is None or last.resolved_at is None or last.outcome is None:
            return _("No alarm has been closed since this desk started.")
        return _("Latest alarm {time}, {outcome}.").format(
            time=times.since(last.resolved_at, self._clock.now()),
            outcome=words.outcome(last.outcome).lower(),
        )
