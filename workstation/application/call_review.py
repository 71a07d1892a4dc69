"""The call log for supervisors: searched, gone through, added to, exported; every look is logged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, tzinfo
from typing import Final

from workstation.application.call_review_draw import bounds, draw
from workstation.application.call_review_figures import CallFigures, figures
from workstation.application.call_review_ports import CallHistory, Chance, Looks
from workstation.application.ports import Clock
from workstation.application.session import Session
from workstation.domain.access import Look, Looked
from workstation.domain.call import CallRecord
from workstation.domain.call_history import Added, Addition, Call, CallQuery, Drawn
from workstation.domain.names import AlarmId, CallId, CitizenId, Operator
from workstation.domain.rights import Right

PAGE: Final = 100
"""Calls read at a time for the screen."""
PORTION: Final = 2000
"""Calls read at a time for an export: a long log is never in memory as a whole."""
_NOBODY: Final = CitizenId("")
_UNSAID: Final = frozenset({"text", "named", "served", "order", "citizen"})
"""What the access log does not tell of a search: it is kept for years, and words may be names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCall:
    """One call with what was said of it afterwards."""

    call: Call
    additions: tuple[Addition, ...]


class CallReview:
    """What a supervisor does with the log; NotAllowed is raised for everybody else.

    Calls of kommuner that the supervisor or the desk does not serve are not there.
    """

    def __init__(
        self,
        *,
        history: CallHistory,
        looks: Looks,
        clock: Clock,
        session: Session,
        named: Callable[[str], tuple[CitizenId, ...]],
        chance: Chance,
        zone: tzinfo,
    ) -> None:
        """`named` returns the citizens whose name has a text in it."""
        self._history = history
        self._looks = looks
        self._clock = clock
        self._session = session
        self._named = named
        self._chance = chance
        self._zone = zone

    async def search(self, query: CallQuery, *, most: int = PAGE) -> list[Call]:
        """Return the first calls of a search; it stands in the access log before it is answered."""
        mine = self._mine(query)
        await self._log(Looked.CALLS, query.citizen or _NOBODY, why=asked(query))
        return await self._history.page(mine, after=None, most=most)

    async def more(self, query: CallQuery, after: CallRecord, *, most: int = PAGE) -> list[Call]:
        """Return the calls behind `after` of a search that was logged."""
        return await self._history.page(self._mine(query), after=after, most=most)

    async def figures(self, query: CallQuery) -> CallFigures:
        """Return the figures of all calls of the query; they tell of nobody in particular."""
        return figures(await self._history.counts(self._mine(query)), self._zone)

    async def operators(self) -> list[Operator]:
        """Return who has ever called, for choosing."""
        self._session.require(Right.REVIEW_CALLS)
        return await self._history.operators()

    async def open(self, call: CallId) -> OpenedCall:
        """Return one call with what was said of it, logged as a look at its citizen."""
        found = await self._of_mine(call)
        record = found.record
        await self._log(Looked.CALLS, record.citizen or _NOBODY, alarm=record.alarm, why=record.id)
        additions = await self._history.additions(call)
        return OpenedCall(call=found, additions=tuple(additions))

    async def add(self, call: CallId, what: Added, text: str) -> Addition | None:
        """Say something of a call; an empty note or correction is none. Raises NotFound."""
        await self._of_mine(call)
        text = text.strip()
        if not text:
            return None
        by = self._session.who()
        addition = Addition(call=call, at=self._clock.now(), by=by, what=what, text=text)
        await self._history.add(addition)
        return addition

    async def draw(self, month: str) -> list[Drawn]:
        """Return the calls of a month (`2026-03`) that are to be gone through: drawn once, then kept.

        An operator has two in all; those of a kommune that is not served here are not told. Of a
        month that is not over nothing is drawn: its last days would never be. Raises ValueError for
        what is no month.
        """
        since, until = bounds(month, self._zone)
        query = self._mine(CallQuery(since=since, until=until))
        if until > self._clock.now():
            return []
        by = self._session.who()
        made = draw(
            month,
            await self._history.candidates(query),
            chance=self._chance,
            drawn=await self._history.draws(month),
            at=self._clock.now(),
            by=by,
        )
        await self._history.keep_draws(made)
        drawn = replace(query, drawn=month)
        mine = {one.record.id for one in await self._history.page(drawn, after=None, most=PORTION)}
        return [one for one in await self._history.draws(month) if one.call in mine]

    async def export(self, query: CallQuery) -> AsyncIterator[list[Call]]:
        """Yield all calls of the query, a portion at a time, each citizen logged before it is told."""
        mine = self._mine(query)
        await self._log(Looked.EXPORT, _NOBODY, why=asked(query))
        logged: set[CitizenId] = set()
        after: CallRecord | None = None
        while portion := await self._history.page(mine, after=after, most=PORTION):
            after = portion[-1].record
            theirs = {one.record.citizen for one in portion if one.record.citizen is not None}
            for citizen in sorted(theirs - logged):
                await self._log(Looked.EXPORT, citizen, why="calls")
            logged |= theirs
            yield portion

    def _mine(self, query: CallQuery) -> CallQuery:
        """Return the query as whoever sits here may ask it."""
        self._session.require(Right.REVIEW_CALLS, query.kommune)
        named = self._named(query.text) if query.text else ()
        return replace(query, served=self._session.kommuner, named=named)

    async def _of_mine(self, call: CallId) -> Call:
        self._session.require(Right.REVIEW_CALLS)
        found = await self._history.find(call)
        self._session.require(Right.REVIEW_CALLS, found.record.kommune)
        return found

    async def _log(
        self, what: Looked, citizen: CitizenId, *, why: str, alarm: AlarmId | None = None
    ) -> None:
        by = self._session.who()
        look = Look(
            at=self._clock.now(), operator=by, citizen=citizen, what=what, alarm=alarm, why=why
        )
        await self._looks.log(look)


def asked(query: CallQuery) -> str:
    """Return a search as the access log keeps it: `calls since=2026-03-01T00:00:00+00:00`."""
    told = [
        f"{field.name}={_plain(getattr(query, field.name))}"
        for field in fields(query)
        if field.name not in _UNSAID and getattr(query, field.name) not in (None, "", False)
    ]
    if query.text:
        told.append("text=…")
    return " ".join(("calls", *told))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
