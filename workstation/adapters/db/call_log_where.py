"""What a supervisor looks for in the call log, as conditions of a statement."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    String,
    and_,
    any_,
    func,
    literal,
    or_,
    select,
)

from workstation.adapters.db.call_words import folded
from workstation.adapters.db.day_tables import CALL_ADDITION, CALL_DRAW, CALL_LOG
from workstation.domain.call_history import Added, CallQuery

_C: Final = CALL_LOG.c


def conditions(connection: Connection, query: CallQuery) -> list[ColumnElement[bool]]:
    """Return the conditions that a call of the query meets."""
    return [*within(query), *others(connection, query)]


def within(query: CallQuery) -> list[ColumnElement[bool]]:
    """Return the conditions of its period."""
    found: list[ColumnElement[bool]] = []
    if query.since is not None:
        found.append(_C.started_at >= query.since)
    if query.until is not None:
        found.append(_C.started_at < query.until)
    return found


def others(connection: Connection, query: CallQuery) -> list[ColumnElement[bool]]:
    """Return all its conditions but the period."""
    found = [*_plain(query), *_spans(query), *_afterwards(query)]
    if query.served is not None:
        # Past the index of kommuner: most calls pass, and are wanted in their order.
        found.append(func.coalesce(_C.kommune, "").in_(sorted({"", *query.served})))
    if query.text:
        found.append(_has_text(connection, query))
    return found


def _plain(query: CallQuery) -> list[ColumnElement[bool]]:
    asked: tuple[tuple[Any, Any], ...] = (
        (_C.operator, query.operator),
        (_C.citizen, query.citizen),
        (_C.kommune, query.kommune),
        (_C.kind, query.kind),
        (_C.result, query.result),
        (_C.incoming, query.incoming),
    )
    return [column == value for column, value in asked if value is not None]


def _spans(query: CallQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.unanswered:
        found.append(and_(_C.answered_at.is_(None), _C.ended_at.is_not(None)))
    if query.talked_over is not None:
        found.append(_C.talked > query.talked_over)
    if query.talked_under is not None:
        found.append(and_(_C.answered_at.is_not(None), _C.talked < query.talked_under))
    if query.waited_over is not None:
        found.append(_C.waited > query.waited_over)
    return found


def _afterwards(query: CallQuery) -> list[ColumnElement[bool]]:
    """Return conditions by what was added: sets of a few calls, read once."""
    found: list[ColumnElement[bool]] = []
    if query.reviewed is not None:
        reviewed = select(CALL_ADDITION.c.call).where(CALL_ADDITION.c.what == Added.REVIEW)
        found.append(_C.id.in_(reviewed) if query.reviewed else _C.id.not_in(reviewed))
    if query.drawn:
        drawn = select(CALL_DRAW.c.call).where(CALL_DRAW.c.month == query.drawn)
        found.append(_C.id.in_(drawn))
    return found


def _has_text(connection: Connection, query: CallQuery) -> ColumnElement[bool]:
    """Return whether a text stands in a call; a SIP reason is English, and comes when it ends."""
    found = [
        _C.words.contains(folded(query.text), autoescape=True),
        _C.sip_reason.icontains(query.text, autoescape=True),
    ]
    said = _said(connection, query.text)
    if said is not None:
        found.append(said)
    if query.named:
        found.append(_C.citizen.in_(query.named))
    return or_(*found)


def _said(connection: Connection, text: str) -> ColumnElement[bool] | None:
    """Return whether it stands in what was added to a call."""
    said = select(CALL_ADDITION.c.call).where(CALL_ADDITION.c.text.icontains(text, autoescape=True))
    if connection.dialect.name == "sqlite":
        return _C.id.in_(said)
    # A server that is asked both at once expects half of all calls to be among these, and looks for
    # the next one through an index until it has gone through a million.
    calls = list(connection.scalars(said.distinct()))
    return _C.id == any_(literal(calls, ARRAY(String))) if calls else None
