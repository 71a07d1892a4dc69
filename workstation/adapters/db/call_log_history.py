"""The call log as supervisors read it: pages by key, counts, and what is added or drawn later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    case,
    func,
    insert,
    literal,
    select,
    tuple_,
)

from workstation.adapters.db.call_log import call_record
from workstation.adapters.db.call_log_counts import counted
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
_BY_TIME: Final = (Order.NEWEST, Order.OLDEST)
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
        return await self._worker.read(lambda connection: counted(connection, query))

    async def find(self, call: CallId) -> Call:
        """Return one call; raises NotFound."""
        wanted = _with_what_became(CALL_LOG).where(_C.id == call)
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


def _with_what_became(calls: FromClause) -> Select[Any]:
    """Return each of these rows of the log with what was said of it afterwards."""
    of_call = CALL_ADDITION.c.call == calls.c.id
    added = select(func.count()).where(of_call).scalar_subquery()
    reviewed = select(CALL_ADDITION.c.seq).where(of_call, CALL_ADDITION.c.what == Added.REVIEW)
    drawn = select(func.max(CALL_DRAW.c.month)).where(CALL_DRAW.c.call == calls.c.id)
    return select(
        calls,
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
    keys, downwards = _KEYS[query.order]
    columns: Sequence[ColumnElement[Any]] = keys
    if query.text and query.order not in _BY_TIME and connection.dialect.name == "sqlite":
        # Only the index of times has the words: through another one each row would be looked up.
        columns = [func.coalesce(column, column) for column in keys]
    wanted = select(CALL_LOG).where(*conditions(connection, query))
    if after is not None:
        here = tuple_(*columns)
        there = tuple_(*(literal(getattr(after, one.name), one.type) for one in keys))
        wanted = wanted.where(here < there if downwards else here > there)
    found = wanted.order_by(*_directed(columns, downwards=downwards)).limit(most).subquery("found")
    # Behind the choice: SQLite would ask what became of every row that is sorted.
    page = _with_what_became(found)
    order = _directed([found.c[column.name] for column in keys], downwards=downwards)
    return [_call(row) for row in connection.execute(page.order_by(*order))]


def _directed(
    columns: Sequence[ColumnElement[Any]], *, downwards: bool
) -> list[ColumnElement[Any]]:
    return [column.desc() if downwards else column for column in columns]


def _candidates(connection: Connection, query: CallQuery) -> list[Candidate]:
    wanted = (
        select(_C.id, _C.operator, _C.kind, _C.answered_at)
        .where(*conditions(connection, query), _C.ended_at.is_not(None))
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
