"""The day's round: start, finish, cancel, record a look; what runs out becomes an alarm."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import quote

from workstation.application.citizens import Citizens
from workstation.application.errors import Changed, StoreUnavailable
from workstation.application.ports import Browser, Clock, Report, RoundStore
from workstation.domain.access import Looked
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Operator, VisitId
from workstation.domain.round import Look, Reason, RoundCount, Visit, VisitKind, VisitState, count

_log = logging.getLogger(__name__)


class NoBrowser(Exception):
    """The visit's link could not be opened; `url` can be opened by hand."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class NoVisitLink(Exception):
    """`[visit] url_template` is not set."""


class DayRound:
    """One local day's visits, as one operator works through them; on the loop only."""

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
        self.operator = citizens.operator
        self._store = store
        self._citizens = citizens
        self._browser = browser
        self._call = call
        self._clock = clock
        self._zone = zone
        self._url_template = url_template
        self._day = clock.now().astimezone(zone).date()
        self._shows_today = True
        self._changed: list[Callable[[], None]] = []

    @property
    def day(self) -> date:
        """The local day that is shown."""
        return self._day

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell when any visit changed."""
        self._changed.append(changed)

    async def load(self, day: date | None = None) -> None:
        """Read a local day (23 to 25 hours), today by default; raises StoreUnavailable."""
        today = self._clock.now().astimezone(self._zone).date()
        self._day = day or today
        self._shows_today = self._day == today
        start, end = local_day(self._day, self._zone)
        visits = await self._store.visits(start, end)
        if visits != self.visits:
            self.visits = visits
            self._tell()

    async def refresh(self) -> None:
        """Read the shown day again: colleagues work through it, too; a day that ended gives way to the next."""
        today = self._clock.now().astimezone(self._zone).date()
        await self.load(today if self._shows_today else self._day)

    def count(self) -> RoundCount:
        """Return how far the day has come."""
        return count(self.visits)

    def next_visit(self) -> Visit | None:
        """Return the earliest planned visit that is mine or nobody's."""
        mine = (
            visit
            for visit in self.visits
            if visit.state is VisitState.PLANNED and visit.assignee in (None, self.operator)
        )
        return min(mine, key=lambda visit: visit.at, default=None)

    async def start(self, visit: VisitId) -> None:
        """Start it: open the link, place the call, or (night check) note that the look begins.

        Raises IllegalVisitStep, NoBrowser, NoVisitLink, or what calling raises; a visit whose link or
        call could not be opened is not started.
        """
        current = await self._store.visit(visit)
        moved = current.moved(VisitState.ACTIVE, at=self._clock.now(), by=self.operator)
        await self._open(current)
        await self._save(moved, current)

    async def _open(self, visit: Visit) -> None:
        match visit.kind:
            case VisitKind.SCREEN_VISIT:
                if not self._url_template:
                    raise NoVisitLink
                url = self._url_template.replace("{visit}", quote(visit.id, safe=""))
                if not self._browser.open(url):
                    raise NoBrowser(url)
            case VisitKind.PLANNED_CALL:
                await self._call(await self._citizens.card(visit.citizen, alarm=None))
            case VisitKind.NIGHT_CHECK:
                await self._citizens.looked(visit.citizen, Looked.NIGHT_CHECK)

    async def finish(self, visit: VisitId, *, note: str = "") -> None:
        """Note that it was carried out."""
        await self._move(visit, VisitState.DONE, note=note)

    async def record_look(self, visit: VisitId, look: Look, note: str = "") -> None:
        """Note what a night check showed."""
        await self._move(visit, VisitState.DONE, look=look, note=note)

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
        current = await self._store.visit(visit)
        await self._save(replace(current, assignee=operator, version=current.version + 1), current)

    async def _move(
        self,
        visit: VisitId,
        state: VisitState,
        *,
        reason: Reason | None = None,
        look: Look | None = None,
        note: str = "",
    ) -> None:
        current = await self._store.visit(visit)
        moved = current.moved(
            state, at=self._clock.now(), by=self.operator, reason=reason, look=look, note=note
        )
        await self._save(moved, current)

    async def _save(self, visit: Visit, old: Visit) -> None:
        await self._store.save(visit, expected_version=old.version)
        self.visits = [visit if one.id == visit.id else one for one in self.visits]
        self._tell()

    def _tell(self) -> None:
        for changed in self._changed:
            changed()


class RunOuts:
    """Makes an alarm of each visit that was not started within its tolerance."""

    def __init__(
        self,
        *,
        store: RoundStore,
        file: Callable[[Report], None],
        clock: Clock,
        zone: tzinfo,
        new_id: Callable[[datetime], AlarmId],
    ) -> None:
        """`file` is the durable path of alarms."""
        self._store = store
        self._file = file
        self._clock = clock
        self._zone = zone
        self._new_id = new_id

    async def look(self) -> bool:
        """Tell of visits that have just run out; True when there were any."""
        now = self._clock.now()
        try:
            # From yesterday: a night check agreed for 23:50 runs out after midnight.
            visits = await self._store.visits(now - timedelta(hours=24), now)
            overdue = [visit for visit in visits if visit.is_overdue(now)]
            for visit in overdue:
                await self._tell(visit, now)
        except StoreUnavailable as error:
            _log.warning("the round cannot be looked through now: %s", error.reason)
            return False
        return bool(overdue)

    async def _tell(self, visit: Visit, now: datetime) -> None:
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
        # Keyed by the visit: two desks that look at the same moment raise one alarm.
        self._file(
            Report(
                alarm=alarm, topic=f"round/{visit.id}", key=f"round/{visit.id}", body_hash=visit.id
            )
        )
        try:
            await self._store.save(
                replace(visit, missed_at=now, version=visit.version + 1),
                expected_version=visit.version,
            )
        except Changed:
            _log.info("visit %s was changed at the same moment", visit.id)


def local_day(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when a local day starts and ends; 23 or 25 hours when the clocks change."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    return start, datetime(after.year, after.month, after.day, tzinfo=zone)
