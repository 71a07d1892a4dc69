"""The day's round: start, finish, cancel, record a look."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import quote

from workstation.application.changes import Watchers
from workstation.application.citizens import Citizens
from workstation.application.errors import Changed, StoreUnavailable
from workstation.application.ports import Browser, Clock, RoundStore
from workstation.domain.access import ON_THE_ROUND, Looked
from workstation.domain.citizen import Citizen
from workstation.domain.names import Operator, VisitId
from workstation.domain.rights import Right
from workstation.domain.round import Look, Reason, RoundCount, Visit, VisitKind, VisitState, count

_log = logging.getLogger(__name__)
_RIGHTS = {
    VisitKind.SCREEN_VISIT: Right.ROUND,
    VisitKind.PLANNED_CALL: Right.ROUND,
    VisitKind.NIGHT_CHECK: Right.NIGHT_CHECK,
}
"""What working on each kind of visit needs."""


class NoBrowser(Exception):
    """The visit's link could not be opened; `url` can be opened by hand."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class NoVisitLink(Exception):
    """`[visit] url_template` is not set."""


_NIGHT = timedelta(hours=7)
"""How far into the next day the night goes that belongs to an evening's round."""


class DayRound:
    """One local day's visits and the night behind it, as whoever sits here works through them.

    On the loop only. Each act raises NotAllowed for whoever may not.
    """

    def __init__(
        self,
        *,
        store: RoundStore,
        citizens: Citizens,
        browser: Browser,
        call: Callable[[Citizen], Awaitable[None]],
        clock: Clock,
        zone: tzinfo,
        url_template: str,
    ) -> None:
        """`call` places a planned call; `url_template` has `{visit}` and nothing personal."""
        self.visits: list[Visit] = []
        self._everybodys: list[Visit] = []
        self._store = store
        self._session = citizens.session
        self._citizens = citizens
        self._browser = browser
        self._call = call
        self._clock = clock
        self._zone = zone
        self._url_template = url_template
        self._day = clock.now().astimezone(zone).date()
        self._shows_today = True
        self._changed: Watchers[[]] = Watchers()
        self._helped: Watchers[[Visit]] = Watchers()
        self._session.watch(self._show)

    @property
    def operator(self) -> Operator:
        """In whose name this desk works now."""
        return self._session.who()

    @property
    def day(self) -> date:
        """The local day that is shown."""
        return self._day

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell when any visit changed."""
        self._changed.add(changed)

    def watch_help(self, helped: Callable[[Visit], None]) -> None:
        """Tell of each night check that showed somebody who needs help."""
        self._helped.add(helped)

    async def load(self, day: date | None = None) -> None:
        """Read a local day (23 to 25 hours) and its night, today by default; raises StoreUnavailable."""
        today = self._clock.now().astimezone(self._zone).date()
        self._day = day or today
        self._shows_today = self._day == today
        start, end = local_day(self._day, self._zone)
        asked = self._day
        visits = await self._store.visits(start, end + _NIGHT)
        # Whoever asked for another day meanwhile gets that one.
        if asked == self._day and visits != self._everybodys:
            self._everybodys = visits
            self._show()

    def _show(self) -> None:
        """Show the visits of the kommuner that whoever sits here serves."""
        self.visits = [one for one in self._everybodys if self._session.sees(one.kommune)]
        self._changed.tell()

    async def refresh(self) -> None:
        """Read the shown day again: colleagues work through it; a day that ended gives way to the next."""
        today = self._clock.now().astimezone(self._zone).date()
        await self.load(today if self._shows_today else self._day)

    def count(self) -> RoundCount:
        """Return how far the day itself has come, without the night behind it."""
        _start, end = local_day(self._day, self._zone)
        return count([visit for visit in self.visits if visit.at < end])

    def next_visit(self) -> Visit | None:
        """Return the earliest planned visit that is mine or nobody's."""
        mine = (
            visit
            for visit in self.visits
            if visit.state is VisitState.PLANNED
            and visit.assignee in (None, self.operator)
            and self._session.may(_RIGHTS[visit.kind], visit.kommune)
        )
        return min(mine, key=lambda visit: visit.at, default=None)

    async def start(self, visit: VisitId) -> None:
        """Start it: open the link, place the call, or (night check) note that the look begins.

        It is claimed first, so that two do not ring the same citizen; one whose link or call could
        not be opened stands as before. Raises IllegalVisitStep, Changed, NoBrowser, NoVisitLink, or
        what calling raises.
        """
        before = await self._current(visit)
        claimed = before.moved(VisitState.ACTIVE, at=self._clock.now(), by=self.operator)
        await self._save(claimed, before)
        try:
            await self._open(claimed)
        except BaseException:
            await self._give_back(before, claimed)
            raise

    async def _give_back(self, before: Visit, claimed: Visit) -> None:
        try:
            await self._save(replace(before, version=claimed.version + 1), claimed)
        except (Changed, StoreUnavailable) as error:
            _log.warning("a visit that could not be opened stays started: %r", error)

    async def _open(self, visit: Visit) -> None:
        match visit.kind:
            case VisitKind.SCREEN_VISIT:
                if not self._url_template:
                    raise NoVisitLink
                url = self._url_template.replace("{visit}", quote(visit.id, safe=""))
                if not self._browser.open(url):
                    raise NoBrowser(url)
            case VisitKind.PLANNED_CALL:
                card = await self._citizens.card(visit.citizen, alarm=None, why=ON_THE_ROUND)
                await self._call(card)
            case VisitKind.NIGHT_CHECK:
                await self._citizens.looked(visit.citizen, Looked.NIGHT_CHECK)

    async def finish(self, visit: VisitId, *, note: str = "") -> None:
        """Note that it was carried out."""
        await self._move(visit, VisitState.DONE, note=note)

    async def record_look(self, visit: VisitId, look: Look, note: str = "") -> None:
        """Note what a night check showed; somebody who needs help becomes an alarm."""
        checked = await self._move(visit, VisitState.DONE, look=look, note=note)
        if look is Look.NEEDS_HELP:
            self._helped.tell(checked)

    async def cancel(self, visit: VisitId, reason: Reason, note: str = "") -> None:
        """Note that it will not take place, and why."""
        await self._move(visit, VisitState.CANCELLED, reason=reason, note=note)

    async def not_done(self, visit: VisitId, reason: Reason, note: str = "") -> None:
        """Note that it did not succeed, and why."""
        await self._move(visit, VisitState.NOT_DONE, reason=reason, note=note)

    async def back(self, visit: VisitId) -> None:
        """Back to planned: the wrong one was started or cancelled."""
        await self._move(visit, VisitState.PLANNED)

    async def assign(self, visit: VisitId, operator: Operator | None) -> None:
        """Say who takes it."""
        current = await self._current(visit)
        await self._save(replace(current, assignee=operator, version=current.version + 1), current)

    async def _current(self, visit: VisitId) -> Visit:
        found = await self._store.visit(visit)
        self._session.require(_RIGHTS[found.kind], found.kommune)
        return found

    async def _move(
        self,
        visit: VisitId,
        state: VisitState,
        *,
        reason: Reason | None = None,
        look: Look | None = None,
        note: str = "",
    ) -> Visit:
        current = await self._current(visit)
        moved = current.moved(
            state, at=self._clock.now(), by=self.operator, reason=reason, look=look, note=note
        )
        await self._save(moved, current)
        return moved

    async def _save(self, visit: Visit, old: Visit) -> None:
        try:
            await self._store.save(visit, expected_version=old.version)
        except Changed:
            await self.refresh()
            raise
        self._everybodys = [visit if one.id == visit.id else one for one in self._everybodys]
        self._show()


def local_day(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when a local day starts and ends, in UTC; 23 or 25 hours when the clocks change."""

    def midnight(of: date) -> datetime:
        return datetime(of.year, of.month, of.day, tzinfo=zone).astimezone(UTC)

    return midnight(day), midnight(day + timedelta(days=1))
