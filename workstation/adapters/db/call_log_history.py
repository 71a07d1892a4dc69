"""The call log as supervisors read it: pages by key, counts, and what is added or drawn later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    tuple_,
)

from workstation.adapters.db.call_log import call_record
from workstation.adapters.db.call_log_where import conditions
from workstation.adapters.db.day_tables import CALL_ADDITION, CALL_DRAW, CALL_LOG
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.worker import Worker
from workstation.application.errors import NotFound
from workstation.domain.call import CallRecord
from workstation.domain.call_history import (
    Added,
    Addition,
    Call,
    CallQuery,
    Candidate,
    Counts,
    Drawn,
    Order,
)
from workstation.domain.kind import Kind
from workstation.domain.names import CallId, Operator

_C: Final = CALL_LOG.c
_KEYS: Final = {
    Order.NEWEST: ((_C.started_at, _C.id), True),
    Order.OLDEST: ((_C.started_at, _C.id), False),
    Order.LONGEST_WAIT: ((_C.waited, _C.id), True),
    Order.LONGEST_TALK: ((_C.talked, _C.id), True),
    Order.OPERATOR: ((_C.operator, _C.started_at, _C.id), False),
}
"""What each order sorts by, with an index of just these columns, and whether it runs downwards."""
_HOUR: Final = 3600
_MICROSECONDS: Final = 1_000_000
_ADDITION: Final = tuple(field.name for field in fields(Addition))
_DRAWN: Final = tuple(field.name for field in fields(Drawn))


class SqlCallHistory:
    """Every desk's calls, for whoever reviews them; reads behind the desk's own questions."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def page(self, query: CallQuery, *, after: CallRecord | None, most: int) -> list[Call]:
        """Return the calls behind `after` in the query's order, `most` at a time."""
        return await self._worker.read(lambda connection: _page(connection, query, after, most))

    async def counts(self, query: CallQuery) -> Counts:
        """Return what the figures of all calls of the query are made of."""
        return await self._worker.read(lambda connection: _counts(connection, query))

    async def find(self, call: CallId) -> Call:
        """Return one call; raises NotFound."""
        wanted = _calls().where(_C.id == call)
        rows = await self._worker.read(lambda connection: connection.execute(wanted).all())
        if not rows:
            raise NotFound(call)
        return _call(rows[0])

    async def additions(self, call: CallId) -> list[Addition]:
        """Return what was said of a call afterwards, oldest first."""
        query = select(CALL_ADDITION).where(CALL_ADDITION.c.call == call)
        query = query.order_by(CALL_ADDITION.c.seq)
        rows = await self._worker.read(lambda connection: connection.execute(query).all())
        return [Addition(**{name: getattr(row, name) for name in _ADDITION}) for row in rows]

    async def add(self, addition: Addition) -> None:
        """Keep what is said of a call for as long as the call; raises RowRefused for no such call."""
        row = {name: getattr(addition, name) for name in _ADDITION}
        await self._worker.write(lambda connection: connection.execute(insert(CALL_ADDITION), row))

    async def operators(self) -> list[Operator]:
        """Return who has ever called, by name."""
        return await self._worker.read(_operators)

    async def candidates(self, query: CallQuery) -> list[Candidate]:
        """Return the ended calls of the query that may be drawn, in time order."""
        return await self._worker.read(lambda connection: _candidates(connection, query))

    async def draws(self, month: str) -> list[Drawn]:
        """Return what was drawn of a month, by operator."""
        query = select(CALL_DRAW).where(CALL_DRAW.c.month == month)
        query = query.order_by(CALL_DRAW.c.operator, CALL_DRAW.c.place)
        rows = await self._worker.read(lambda connection: connection.execute(query).all())
        return [Drawn(**{name: getattr(row, name) for name in _DRAWN}) for row in rows]

    async def keep_draws(self, draws: Sequence[Drawn]) -> None:
        """Keep what was drawn; a place that somebody else drew meanwhile is left as it is."""
        rows = [{name: getattr(draw, name) for name in _DRAWN} for draw in draws]
        if rows:
            await self._worker.write(lambda connection: _keep(connection, rows))


def _calls() -> Select[Any]:
    """Return each call with what became of it afterwards."""
    of_call = CALL_ADDITION.c.call == _C.id
    added = select(func.count()).where(of_call).scalar_subquery()
    reviewed = select(CALL_ADDITION.c.seq).where(of_call, CALL_ADDITION.c.what == Added.REVIEW)
    drawn = select(func.max(CALL_DRAW.c.month)).where(CALL_DRAW.c.call == _C.id)
    return select(
        CALL_LOG,
        added.label("added"),
        case((reviewed.exists(), literal(1)), else_=literal(0)).label("reviewed"),
        drawn.scalar_subquery().label("drawn"),
    )


def _call(row: Row[Any]) -> Call:
    return Call(
        record=call_record(row),
        reviewed=bool(row.reviewed),
        drawn=row.drawn or "",
        added=row.added,
    )


def _page(
    connection: Connection, query: CallQuery, after: CallRecord | None, most: int
) -> list[Call]:
    columns, downwards = _KEYS[query.order]
    wanted = _calls().where(*conditions(query, connection.dialect.name))
    if after is not None:
        here = tuple_(*columns)
        there = tuple_(*(literal(getattr(after, one.name), one.type) for one in columns))
        wanted = wanted.where(here < there if downwards else here > there)
    order = [column.desc() if downwards else column for column in columns]
    return [_call(row) for row in connection.execute(wanted.order_by(*order).limit(most))]


def _counts(connection: Connection, query: CallQuery) -> Counts:
    on_server = connection.dialect.name == "postgresql"
    where = conditions(query, connection.dialect.name)
    hour: ColumnElement[int]
    if on_server:
        hour = cast(func.floor(func.extract("epoch", _C.started_at) / _HOUR), BigInteger)
    else:
        hour = cast(_C.started_at, BigInteger) // (_HOUR * _MICROSECONDS)
    waited = (cast(_C.waited, BigInteger) + _MICROSECONDS - 1) // _MICROSECONDS
    hours = _counted(connection, hour.label("of"), where)
    waits = _counted(connection, waited.label("of"), [*where, _C.answered_at.is_not(None)])
    return Counts(
        calls=sum(number for _at, number in hours),
        answered=sum(number for _wait, number in waits),
        hours=tuple((_since_epoch(hour), number) for hour, number in hours),
        waits=tuple(waits),
    )


def _counted(
    connection: Connection, of: ColumnElement[int], where: Sequence[ColumnElement[bool]]
) -> list[tuple[int, int]]:
    found = select(of, func.count().label("number")).where(*where).group_by(of).order_by(of)
    return [(int(row.of), row.number) for row in connection.execute(found)]


def _since_epoch(hour: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)


def _candidates(connection: Connection, query: CallQuery) -> list[Candidate]:
    wanted = (
        select(_C.id, _C.operator, _C.kind, _C.answered_at)
        .where(*conditions(query, connection.dialect.name), _C.ended_at.is_not(None))
        .order_by(_C.started_at, _C.id)
    )
    return [
        Candidate(
            call=row.id,
            operator=row.operator,
            end_to_end=row.kind is Kind.EMERGENCY and row.answered_at is not None,
        )
        for row in connection.execute(wanted)
    ]


def _operators(connection: Connection) -> list[Operator]:
    """Return each operator, hopping from one to the next in the index: there are few of them."""
    found: list[Operator] = []
    query = select(func.min(_C.operator))
    while (name := connection.scalar(query)) is not None:
        found.append(Operator(name))
        query = select(func.min(_C.operator)).where(_C.operator > name)
    return found


def _keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(upsert(connection.dialect, CALL_DRAW).on_conflict_do_nothing(), rows)
