"""Brings the day's round to its panel, and the operator's wishes to the round."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui import times, visit_words
from ui.models.rounds import VisitRow
from ui.tasks import Tasks
from ui.views.round_panel import RoundPanel
from ui.views.visit_bar import Act, Wanted
from workstation.application.ports import Clock
from workstation.domain.names import CitizenId, Operator, VisitId
from workstation.domain.round import Look, Reason, Visit, count
from workstation.texts import _


class _Round(Protocol):
    """What this screen needs of `DayRound`."""

    visits: list[Visit]

    @property
    def operator(self) -> Operator: ...

    @property
    def day(self) -> date: ...
    def watch(self, changed: Callable[[], None]) -> None: ...
    def next_visit(self) -> Visit | None: ...
    def load(self, day: date | None = None) -> Coroutine[None, None, None]: ...
    def start(self, visit: VisitId) -> Coroutine[None, None, None]: ...
    def finish(self, visit: VisitId, *, note: str = "") -> Coroutine[None, None, None]: ...
    def record_look(
        self, visit: VisitId, look: Look, note: str = ""
    ) -> Coroutine[None, None, None]: ...
    def cancel(
        self, visit: VisitId, reason: Reason, note: str = ""
    ) -> Coroutine[None, None, None]: ...
    def not_done(
        self, visit: VisitId, reason: Reason, note: str = ""
    ) -> Coroutine[None, None, None]: ...
    def back(self, visit: VisitId) -> Coroutine[None, None, None]: ...
    def assign(self, visit: VisitId, operator: Operator | None) -> Coroutine[None, None, None]: ...


class _Names(Protocol):
    """What this screen needs of `Citizens`."""

    def name_of(self, citizen: CitizenId | None) -> str: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class RoundPresenter(QObject):
    """Between the day's round and its panel."""

    citizen_wanted = Signal(str)
    """Show this citizen: a visit's row was entered, or the visit started."""

    def __init__(
        self, *, day_round: _Round, citizens: _Names, clock: Clock, panel: RoundPanel, tasks: Tasks
    ) -> None:
        """Show what is loaded; `tick` once a second, which also turns the day."""
        super().__init__(panel)
        self._round = day_round
        self._citizens = citizens
        self._clock = clock
        self._panel = panel
        self._tasks = tasks
        self._only_mine = False
        self._shown: dict[str, VisitRow] = {}
        self._today = clock.now().astimezone(times.LOCAL).date()
        self._acts: dict[Act, Callable[[Wanted], Coroutine[None, None, None]]] = {
            Act.START: lambda wanted: self._start(wanted.visit),
            Act.FINISH: lambda wanted: day_round.finish(wanted.visit, note=wanted.note),
            Act.LOOK: lambda wanted: day_round.record_look(wanted.visit, wanted.seen, wanted.note),
            Act.NOT_DONE: lambda wanted: day_round.not_done(wanted.visit, wanted.why, wanted.note),
            Act.CANCEL: lambda wanted: day_round.cancel(wanted.visit, wanted.why, wanted.note),
            Act.BACK: lambda wanted: day_round.back(wanted.visit),
            Act.TAKE: lambda wanted: day_round.assign(wanted.visit, day_round.operator),
            Act.GIVE_UP: lambda wanted: day_round.assign(wanted.visit, None),
        }
        day_round.watch(self.refresh)
        citizens.watch(self.refresh)
        panel.start_next_wanted.connect(self.start_next)
        panel.only_mine_wanted.connect(self._filter)
        panel.citizen_wanted.connect(self._enter)
        panel.bar.wanted.connect(self._do)
        self.tick(clock.now())
        self.refresh()

    def start_next(self) -> None:
        """Start the earliest planned visit that is mine or nobody's; nothing when there is none."""
        visit = self._round.next_visit()
        if visit is not None:
            self._do(Wanted(visit=visit.id, act=Act.START))

    def tick(self, now: datetime) -> None:
        """Let the line of now move; after midnight, load the new day."""
        self._panel.tick(now)
        self._count()
        today = now.astimezone(times.LOCAL).date()
        if today != self._today:
            self._today = today
            self._tasks.start(self._round.load(today))

    def refresh(self) -> None:
        """Show the round as it stands."""
        me = self._round.operator
        rows: dict[str, VisitRow] = {
            visit.id: VisitRow(visit=visit, name=self._citizens.name_of(visit.citizen), me=me)
            for visit in self._round.visits
        }
        if self._only_mine:
            rows = {key: row for key, row in rows.items() if row.is_mine}
        put = [row for key, row in rows.items() if self._shown.get(key) != row]
        gone = [key for key in self._shown if key not in rows]
        self._shown = rows
        following = self._round.next_visit()
        key = following.id if following else ""
        self._panel.apply(put, gone, next_visit=key, now=self._clock.now())
        self._panel.show_empty(self._sentence(following))
        self._count()

    def _count(self) -> None:
        now = self._clock.now()
        # The night behind the day is shown, and counted tomorrow.
        day = self._round.day
        visits = [
            row.visit
            for row in self._shown.values()
            if row.visit.at.astimezone(times.LOCAL).date() == day
        ]
        told = count(visits)
        missed = told.not_done + sum(visit_words.is_late(visit, now) for visit in visits)
        self._panel.show_count(told, missed, now)

    def _sentence(self, following: Visit | None) -> str:
        if self._shown:
            return ""
        if not self._round.visits:
            return _("No visits are planned today.")
        if following is None:
            return _("None of today's visits are yours. Choose All to see everybody's.")
        text = _("None of today's visits are yours. The next one is {name} at {time}.")
        return text.format(
            name=self._citizens.name_of(following.citizen), time=times.hour(following.at)
        )

    def _filter(self, only_mine: bool) -> None:  # noqa: FBT001 - a slot
        self._only_mine = only_mine
        self.refresh()

    def _enter(self, key: str) -> None:
        row = self._shown.get(key)
        if row is not None:
            self.citizen_wanted.emit(row.visit.citizen)

    def _do(self, wanted: Wanted) -> None:
        self._tasks.start(self._acts[wanted.act](wanted))

    async def _start(self, visit: VisitId) -> None:
        await self._round.start(visit)
        self._panel.list.choose(visit)
        self.refresh()
        self._enter(visit)
