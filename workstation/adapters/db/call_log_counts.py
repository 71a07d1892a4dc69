"""What the call log's figures are made of: how many calls an hour, and how long they waited.

A server groups with all its processors. SQLite would sort a million rows for each of the two: where
most of the log is asked for, it is led from hour to hour and from second to second instead, through
an index that is in their order already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    case,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from workstation.adapters.db.call_log_where import conditions, others
from workstation.adapters.db.columns import ticks
from workstation.adapters.db.day_tables import CALL_LOG
from workstation.domain.call_history import CallQuery, Counts

_C: Final = CALL_LOG.c
_HOUR_S: Final = 3600
_SECOND: Final = 1_000_000
"""In microseconds, as times and spans are stored."""
_HOUR: Final = _HOUR_S * _SECOND
FEW: Final = 100_000
"""Calls that are sorted sooner than the whole index of waits is read."""
_FOR_EVER: Final = 2**62

_Counted = list[tuple[int, int]]


def counted(connection: Connection, query: CallQuery, *, few: int = FEW) -> Counts:
    """Return the counts of all calls of the query; `few` is how many SQLite sorts."""
    hours, waits = _both(connection, query, few)
    return Counts(
        calls=sum(number for _at, number in hours),
        answered=sum(number for _wait, number in waits),
        hours=tuple((_since_epoch(hour), number) for hour, number in hours),
        waits=tuple(waits),
    )


def _both(connection: Connection, query: CallQuery, few: int) -> tuple[_Counted, _Counted]:
    if query.reviewed is False:
        # Those few are counted sooner than a million is asked whether it is one of them.
        everything = _both(connection, replace(query, reviewed=None), few)
        reviewed = _both(connection, replace(query, reviewed=True), few)
        hours, waits = map(_without, everything, reviewed)
        return hours, waits
    if connection.dialect.name == "postgresql":
        return _hours_on_server(connection, query), _waits_grouped(connection, query)
    return _on_sqlite(connection, query, few)


def _on_sqlite(connection: Connection, query: CallQuery, few: int) -> tuple[_Counted, _Counted]:
    # One of these leads to a few calls; the words stand in the index of times only.
    if any((query.operator, query.citizen, query.drawn, query.reviewed, query.text)):
        return _at_once(connection, query)
    hours = _hours_led(connection, query)
    if sum(number for _at, number in hours) < few:
        return hours, _waits_grouped(connection, query)
    return hours, _waits_led(connection, query)


def _without(all_of_them: _Counted, some: _Counted) -> _Counted:
    gone = dict(some)
    left = [(of, number - gone.get(of, 0)) for of, number in all_of_them]
    return [(of, number) for of, number in left if number]


# --- grouped --------------------------------------------------------------------------------


def _at_once(connection: Connection, query: CallQuery) -> tuple[_Counted, _Counted]:
    """Return both on SQLite, looking for the calls once."""
    is_answered = _C.answered_at.is_not(None)
    second = case((is_answered, _up_to_seconds(_waited())))
    hit = select((_started() // _HOUR).label("hour"), second.label("second"))
    found = hit.where(*conditions(connection, query)).cte("found")
    hours, seconds = found.c.hour, found.c.second
    both = union_all(
        select(literal(0).label("what"), hours.label("of"), func.count()).group_by(hours),
        select(literal(1), seconds, func.count()).where(seconds.is_not(None)).group_by(seconds),
    )
    counts: tuple[_Counted, _Counted] = ([], [])
    for what, of, number in connection.execute(both.order_by("what", "of")):
        counts[what].append((of, number))
    return counts


def _waits_grouped(connection: Connection, query: CallQuery) -> _Counted:
    second = _up_to_seconds(_waited())
    answered = _C.answered_at.is_not(None)
    return _grouped(connection, second.label("of"), [*conditions(connection, query), answered])


def _grouped(
    connection: Connection, of: ColumnElement[int], where: Sequence[ColumnElement[bool]]
) -> _Counted:
    found = select(of, func.count().label("number")).where(*where).group_by(of).order_by(of)
    return [(int(row.of), row.number) for row in connection.execute(found)]


def _hours_on_server(connection: Connection, query: CallQuery) -> _Counted:
    # Cut off only: what becomes of a time as a number is slow to reckon with.
    hour = func.date_trunc("hour", _C.started_at, type_=_C.started_at.type).label("of")
    found = select(hour, func.count().label("number")).where(*conditions(connection, query))
    rows = connection.execute(found.group_by(hour).order_by(hour))
    return [(ticks(row.of) // _HOUR, row.number) for row in rows]


# --- led from one to the next, on SQLite ----------------------------------------------------


def _hours_led(connection: Connection, query: CallQuery) -> _Counted:
    since = 0 if query.since is None else ticks(query.since)
    until = _FOR_EVER if query.until is None else ticks(query.until)
    at = _started()
    first = select((func.min(at) // _HOUR).label("of")).where(at >= since, at < until)
    hop = first.cte("hop", recursive=True)
    later = select(at // _HOUR).where(at >= (hop.c.of + 1) * _HOUR, at < until)
    following = later.order_by(at).limit(1).scalar_subquery()
    hop = hop.union_all(select(following).where(hop.c.of.is_not(None)))
    start, end = hop.c.of * _HOUR, (hop.c.of + 1) * _HOUR
    # SQLite's own max and min of two; one bound on each side, for it heeds no more.
    here = (at >= func.max(start, since), at < func.min(end, until))
    return _led(connection, hop.c.of, select(func.count()).where(*here, *others(connection, query)))


def _waits_led(connection: Connection, query: CallQuery) -> _Counted:
    waited = _waited()
    hop = select(_up_to_seconds(func.min(waited)).label("of")).cte("hop", recursive=True)
    later = select(_up_to_seconds(waited)).where(waited > hop.c.of * _SECOND)
    following = later.order_by(waited).limit(1).scalar_subquery()
    hop = hop.union_all(select(following).where(hop.c.of.is_not(None)))
    here = [waited > (hop.c.of - 1) * _SECOND, waited <= hop.c.of * _SECOND]
    # A sum with nothing: else the index of times would be read for each second.
    at = _started() + 0
    if query.since is not None:
        here.append(at >= ticks(query.since))
    if query.until is not None:
        here.append(at < ticks(query.until))
    here += [*others(connection, query), _C.answered_at.is_not(None)]
    return _led(connection, hop.c.of, select(func.count()).where(*here))


def _led(connection: Connection, of: ColumnElement[int], count: Select[int]) -> _Counted:
    number = count.scalar_subquery().label("number")
    found = connection.execute(select(of.label("of"), number).where(of.is_not(None)))
    return [(row.of, row.number) for row in found if row.number]


def _started() -> ColumnElement[int]:
    return type_coerce(_C.started_at, BigInteger)


def _waited() -> ColumnElement[int]:
    return type_coerce(_C.waited, BigInteger)


def _up_to_seconds(span: ColumnElement[int]) -> ColumnElement[int]:
    return (span + _SECOND - 1) // _SECOND


def _since_epoch(hour: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
