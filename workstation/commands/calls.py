"""`main.py calls`: the call log, as the database has it or as a supervisor asks it."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import datetime
from typing import Final, TextIO

from workstation.adapters.db.database import Database
from workstation.application.call_review import CallReview, asked
from workstation.application.call_review_export import COLUMNS, export
from workstation.application.call_review_figures import LATE, SOON, CallFigures
from workstation.application.directory import Directory
from workstation.application.errors import NotFound
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed
from workstation.bootstrap import call_review
from workstation.bootstrap.opening import hub_clock, open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.acting import session_of
from workstation.commands.call_words import asks_more
from workstation.commands.guard import REFUSED, WRONG
from workstation.commands.printing import Row, json_line, print_rows
from workstation.complaints import sentence
from workstation.domain.access import Look, Looked
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.call_history import Added, Call, CallQuery, Order
from workstation.domain.kind import Kind
from workstation.domain.names import SYSTEM, CallId, CitizenId, Kommune, Operator
from workstation.settings import Settings
from workstation.texts import _

KEYS: Final = (
    "id", "operator", "target", "whom", "citizen", "alarm", "started_at", "answered_at", "ended_at",
    "result", "sip_code", "sip_reason",
)  # fmt: skip
"""The keys of one call, each a field of `domain.call.CallRecord`."""
_SHOWN: Final = (
    "started_at", "operator", "target", "whom", "citizen", "answered_at", "ended_at", "result",
    "sip_code",
)  # fmt: skip
_REVIEWED: Final = (
    "started_at", "direction", "operator", "number", "citizen", "kind", "waiting_s", "talking_s",
    "result", "reviewed", "id",
)  # fmt: skip
_MOST: Final = 1000


def run(settings: Settings, wanted: Namespace, *, clock: Clock, out: TextIO, err: TextIO) -> int:
    """Print or export the calls; raises StoreUnavailable or SchemaMismatch.

    Returns 1 when the file cannot be written or the call is not there, and 4 for a user who is
    refused or may not.
    """
    if not wanted.by and not asks_more(wanted):
        return _plain(settings, wanted, clock, out)
    try:
        return asyncio.run(_Asked(settings, wanted, clock, out, err).run())
    except (NotAllowed, SignInRefused) as error:
        print(sentence(error), file=err)
        return REFUSED
    except (OSError, NotFound) as error:
        if isinstance(error, OSError) and wanted.export is None:
            raise  # whoever reads what is printed has left
        print(_not_done(wanted, error), file=err)
        return WRONG


def _not_done(wanted: Namespace, error: OSError | NotFound) -> str:
    if isinstance(error, NotFound):
        return _("There is no such call: {id}.").format(id=wanted.review)
    said = _("{file} cannot be written ({detail}); check the path.")
    return said.format(file=wanted.export, detail=error.strerror or type(error).__name__)


def call_row(call: CallRecord) -> Row:
    """Return a call as it is printed."""
    return {key: getattr(call, key) for key in KEYS}


def _plain(settings: Settings, wanted: Namespace, clock: Clock, out: TextIO) -> int:
    calls = asyncio.run(_read(settings, wanted, clock))
    rows = (call_row(call) for call in calls)
    print_rows(rows, shown=_SHOWN, as_json=wanted.json, zone=ZONE, out=out)
    return 0


async def _read(settings: Settings, wanted: Namespace, clock: Clock) -> list[CallRecord]:
    """Return the calls; whoever asks without a name is the system, and what is not logged is not told."""
    since = None if wanted.since is None else wanted.since.resolved(clock.now(), ZONE)
    database = open_database(settings)
    try:
        at = (await hub_clock(settings, database, clock)).now()
        why = asked(CallQuery(since=since))
        look = Look(at=at, operator=SYSTEM, citizen=CitizenId(""), what=Looked.CALLS, why=why)
        await database.access.log(look)
        return await database.calls.listed(since=since)
    finally:
        database.close()


class _Asked:
    """What a supervisor asks for; every look is in the access log."""

    def __init__(
        self, settings: Settings, wanted: Namespace, clock: Clock, out: TextIO, err: TextIO
    ) -> None:
        self._settings = settings
        self._wanted = wanted
        self._clock = clock
        self._out = out
        self._err = err

    async def run(self) -> int:
        database = await asyncio.to_thread(open_database, self._settings)
        try:
            return await self._act(await self._review(database))
        finally:
            database.close()

    async def _review(self, database: Database) -> CallReview:
        clock = await hub_clock(self._settings, database, self._clock)
        session = await session_of(self._settings, self._wanted.by, database, clock)
        register = database.register
        known = Directory.of(await register.citizens() if self._wanted.text else (), ())
        return call_review.review(database, clock=clock, session=session, directory=lambda: known)

    async def _act(self, review: CallReview) -> int:
        wanted = self._wanted
        query = _query(wanted, self._clock.now())
        if wanted.review:
            await review.add(CallId(wanted.review), Added.REVIEW, wanted.text or _("gone through"))
            return 0
        if wanted.export is not None:
            number = await export(review, query, wanted.export, call_review.sheets())
            said = _("{number} calls written to {file}.")
            print(said.format(number=number, file=wanted.export), file=self._err)
            return 0
        if wanted.figures:
            self._print_figures(await review.figures(query))
            return 0
        if wanted.draw:
            await review.draw(wanted.draw)
        found = await review.search(query, most=wanted.limit or _MOST)
        rows = [_row(call) for call in found]
        print_rows(rows, shown=_REVIEWED, as_json=wanted.json, zone=ZONE, out=self._out)
        return 0

    def _print_figures(self, found: CallFigures) -> None:
        if self._wanted.json:
            row: Row = {
                "calls": found.calls, "answered": found.answered, "within_60_s": found.soon,
                "within_180_s": found.late, "heat": found.heat, "curve": found.curve,
            }  # fmt: skip
            print(json_line(row, self._out), file=self._out)
            return
        said = _(
            "{calls} calls, {answered} answered; {soon} % within {first} s, {late} % within {second} s"
        )
        shares = {"soon": f"{100 * found.soon:.1f}", "late": f"{100 * found.late:.1f}"}
        counts = {"calls": found.calls, "answered": found.answered}
        print(said.format(**counts, **shares, first=SOON, second=LATE), file=self._out)
        for hour in range(24):
            line = "".join(f"{day[hour]:>8}" for day in found.heat)
            print(f"{hour:02}{line}", file=self._out)


def _row(call: Call) -> Row:
    return {name: value(call) for name, value in COLUMNS}


def _query(wanted: Namespace, now: datetime) -> CallQuery:
    since, until = (
        None if one is None else one.resolved(now, ZONE) for one in (wanted.since, wanted.until)
    )
    return CallQuery(
        since=since,
        until=until,
        operator=Operator(wanted.operator) if wanted.operator else None,
        citizen=CitizenId(wanted.citizen) if wanted.citizen else None,
        kommune=Kommune(wanted.kommune) if wanted.kommune else None,
        kind=Kind(wanted.kind) if wanted.kind else None,
        result=CallResult(wanted.result) if wanted.result else None,
        incoming=wanted.incoming,
        unanswered=wanted.unanswered,
        talked_over=wanted.longer,
        talked_under=wanted.shorter,
        waited_over=wanted.waited,
        reviewed=wanted.reviewed,
        drawn=wanted.drawn or wanted.draw or "",
        text="" if wanted.review else wanted.text,
        order=Order(wanted.sort) if wanted.sort else Order.NEWEST,
    )
