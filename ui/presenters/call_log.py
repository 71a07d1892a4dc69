"""The call log, from the page to the use case and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from ui import times, words
from ui.desk import Desk
from ui.models.call_log import MOST, LogRow
from ui.models.past import past_rows
from ui.presenters.card_words import found
from ui.screens import Screens
from ui.tasks import Tasks
from ui.views.call_log_page import CallLogPage
from ui.views.details import Details
from workstation.application.call_review import OpenedCall
from workstation.application.call_review_figures import CallFigures
from workstation.application.ports import Clock, StoredStep
from workstation.complaints import sentence
from workstation.domain.call import CallRecord
from workstation.domain.call_history import Added, Addition, Call, CallQuery, Drawn
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune, Operator
from workstation.domain.rights import Right
from workstation.settings import Settings
from workstation.texts import _, ngettext

PAGE = "calls"
"""The key of its page."""


class _Log(Protocol):
    """What this needs of `CallReview`."""

    async def search(self, query: CallQuery) -> list[Call]: ...
    async def more(self, query: CallQuery, after: CallRecord) -> list[Call]: ...
    async def figures(self, query: CallQuery) -> CallFigures: ...
    async def operators(self) -> list[Operator]: ...
    async def open(self, call: CallId) -> OpenedCall: ...
    async def add(self, call: CallId, what: Added, text: str) -> Addition | None: ...
    async def draw(self, month: str) -> list[Drawn]: ...


class _People(Protocol):
    """What this needs of `Citizens`."""

    def all(self) -> Sequence[Citizen]: ...
    def name_of(self, citizen: CitizenId | None) -> str: ...


class _Seat(Protocol):
    """What this needs of `Session`."""

    def may(self, right: Right) -> bool: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class CallLogPresenter(QObject):
    """Shows the page to those who may review calls, and to nobody else."""

    opened = Signal(str)
    """A call is shown: its id."""
    left = Signal()
    """Whoever saw it may see it no longer."""

    def __init__(
        self,
        *,
        log: _Log,
        save: Callable[[CallQuery, Path], Awaitable[int]],
        history: Callable[[AlarmId], Awaitable[Sequence[StoredStep]]],
        people: _People,
        session: _Seat,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        """`save` exports a search to a file; `history` is an alarm's time line."""
        super().__init__()
        self._log = log
        self._save = save
        self._history = history
        self._people = people
        self._session = session
        self._kommuner: Sequence[Kommune] = ()
        self._clock = clock
        self._tasks = tasks
        self._query = CallQuery()
        self._rows: dict[str, LogRow] = {}
        self._last: CallRecord | None = None
        self._is_asking = False
        self._opened: CallId | None = None

    def attach(self, page: CallLogPage, details: Details, kommuner: Sequence[Kommune]) -> None:
        """Show in this page, under its tab, from now on; `kommuner` are offered to be chosen."""
        self._page, self._details, self._kommuner = page, details, kommuner
        page.asked.connect(lambda: self._do(self._search()))
        page.more_wanted.connect(self._more)
        page.filters.citizen_wanted.connect(lambda: page.begin_pick(found(self._people.all())))
        page.citizen_picked.connect(self._picked)
        page.opened.connect(lambda key: self._do(self._open(CallId(key))))
        page.figures_wanted.connect(lambda: self._do(self._show_figures()))
        page.draw_wanted.connect(lambda: self._do(self._draw()))
        page.export_wanted.connect(lambda path: self._do(self._export(Path(path))))
        page.call.said.connect(lambda what, text: self._do(self._add(what, text)))
        details.page_opened.connect(self._page_opened)
        self._session.watch(self._look)
        self._look()

    def _look(self) -> None:
        may = self._session.may(Right.REVIEW_CALLS)
        self._details.show_tab(PAGE, shown=may)
        if not may:
            # Nothing of it stays for whoever comes next.
            self._show([])
            self._page.show_figures(CallFigures())
            self._page.filters.forget()
            self._page.show_list()
            self._page.put_back()
            self.left.emit()

    def _page_opened(self, key: str) -> None:
        if key == PAGE:
            self._do(self._begin())

    def _picked(self, key: str) -> None:
        citizen = CitizenId(key)
        self._page.filters.choose(citizen, self._people.name_of(citizen))

    async def _begin(self) -> None:
        people = [(words.operator(one), one) for one in await self._log.operators()]
        self._page.filters.offer(people, self._kommuner)
        await self._search()

    async def _search(self) -> None:
        self._query = self._page.filters.query()
        self._page.tell(_("Searching …"))
        self._show(await self._log.search(self._query))
        await self._show_figures()

    def _show(self, calls: Sequence[Call]) -> None:
        self._rows = {}
        rows = self._as_rows(calls)
        self._last = calls[-1].record if calls else None
        self._page.show_rows(rows, self._clock.now())

    def _as_rows(self, calls: Sequence[Call]) -> list[LogRow]:
        first = len(self._rows)
        rows = [
            LogRow(
                place=first + place, call=call, citizen=self._people.name_of(call.record.citizen)
            )
            for place, call in enumerate(calls)
        ]
        self._rows |= {one.call.record.id: one for one in rows}
        return rows

    async def _show_figures(self) -> None:
        query = self._query
        figures = await self._log.figures(query)
        if query != self._query:
            return  # somebody has asked for something else meanwhile
        self._page.show_figures(figures)
        said = ngettext(
            "{calls} call, {answered} answered", "{calls} calls, {answered} answered", figures.calls
        )
        counted = {"calls": _thousands(figures.calls), "answered": _thousands(figures.answered)}
        self._page.tell(said.format(**counted))

    def _more(self) -> None:
        if not self._is_asking and self._last is not None and len(self._rows) < MOST:
            self._is_asking = True
            self._do(self._load_more(self._last))

    async def _load_more(self, after: CallRecord) -> None:
        query = self._query
        try:
            calls = await self._log.more(query, after)
        finally:
            self._is_asking = False
        if query == self._query:
            self._last = calls[-1].record if calls else None
            self._page.add_rows(self._as_rows(calls))

    # --- one call -----------------------------------------------------------------------------

    async def _open(self, call: CallId) -> None:
        opened = await self._log.open(call)
        self._opened = call
        record = opened.call.record
        now = self._clock.now()
        self._page.call.show_call(opened, self._people.name_of(record.citizen), now)
        known = self._rows.get(call)
        if known is not None:
            row = LogRow(place=known.place, call=opened.call, citizen=known.citizen)
            self._rows[call] = row
            self._page.add_rows([row])
        self._page.show_one()
        self.opened.emit(call)
        if record.alarm is None:
            self._page.call.show_line([], _("It belongs to no alarm."), now)
            return
        steps = await self._history(record.alarm)
        self._page.call.show_line(past_rows(list(steps)), _("The alarm's time line"), now)

    async def _add(self, what: Added, text: str) -> None:
        if self._opened is not None:
            await self._log.add(self._opened, what, text)
            await self._open(self._opened)
            self._page.call.tell(_("Saved."))

    # --- the rest -----------------------------------------------------------------------------

    async def _draw(self) -> None:
        month = last_month(self._clock.now())
        drawn = await self._log.draw(month)
        self._query = CallQuery(drawn=month)
        self._show(await self._log.search(self._query))
        operators = len({one.operator for one in drawn})
        said = _("{calls} calls of {operators} operators drawn for {month}")
        self._page.tell(said.format(calls=len(drawn), operators=operators, month=month))

    async def _export(self, path: Path) -> None:
        self._page.tell(_("Exporting …"))
        try:
            number = await self._save(self._query, path)
        except OSError as error:
            said = _("{file} could not be saved: {reason}. Choose another folder.")
            self._page.tell(said.format(file=path.name, reason=error.strerror), fault=True)
        else:
            said = _("{number} calls saved as {file}")
            self._page.tell(said.format(number=_thousands(number), file=path))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(work, failed=self._refused)

    def _refused(self, error: BaseException) -> None:
        self._page.tell(sentence(error), fault=True)


def attached(desk: Desk, screens: Screens, tasks: Tasks, settings: Settings) -> CallLogPresenter:
    """Return the presenter of an open desk, attached to its page."""
    made = CallLogPresenter(
        log=desk.call_review,
        save=desk.save_calls,
        history=desk.desk.history,
        people=desk.citizens,
        session=desk.session,
        clock=desk.clock,
        tasks=tasks,
    )
    made.attach(screens.calls, screens.details, [Kommune(code) for code in settings.hub.kommuner])
    return made


def last_month(now: datetime) -> str:
    """Return the month before this one, as `2026-03`: the latest that is over."""
    first = now.astimezone(times.LOCAL).replace(day=1)
    return (first - timedelta(days=1)).strftime("%Y-%m")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
