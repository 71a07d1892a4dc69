"""What a supervisor looks for in the call log, as conditions of a statement."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, func, or_, select

from workstation.adapters.db.day_tables import CALL_ADDITION, CALL_DRAW, CALL_LOG
from workstation.domain.call_history import Added, CallQuery

_C: Final = CALL_LOG.c
_TEXTS: Final = (_C.target, _C.called, _C.whom, _C.name, _C.operator, _C.sip_reason)


def conditions(query: CallQuery, dialect: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a call of the query meets, as this database spells them."""
    found = [*_plain(query), *_spans(query), *_afterwards(query)]
    if query.served is not None:
        # Past the index of kommuner: most calls pass, and are wanted in their order.
        found.append(func.coalesce(_C.kommune, "").in_(sorted({"", *query.served})))
    if query.text:
        found.append(_has_text(query, dialect))
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
    found = [column == value for column, value in asked if value is not None]
    if query.since is not None:
        found.append(_C.started_at >= query.since)
    if query.until is not None:
        found.append(_C.started_at < query.until)
    return found


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
    found: list[ColumnElement[bool]] = []
    if query.reviewed is not None:
        review = select(CALL_ADDITION.c.seq).where(
            CALL_ADDITION.c.call == _C.id, CALL_ADDITION.c.what == Added.REVIEW
        )
        found.append(review.exists() if query.reviewed else ~review.exists())
    if query.drawn:
        drawn = select(CALL_DRAW.c.call).where(CALL_DRAW.c.month == query.drawn)
        found.append(_C.id.in_(drawn))
    return found


def _has_text(query: CallQuery, dialect: str) -> ColumnElement[bool]:
    escaped = query.text
    for letter in "\\%_":
        escaped = escaped.replace(letter, f"\\{letter}")
    pattern = f"%{escaped}%"

    def like(column: ColumnElement[str]) -> ColumnElement[bool]:
        # SQLite's own LIKE makes no difference between a and A; PostgreSQL's does.
        on_server = dialect == "postgresql"
        return (
            column.ilike(pattern, escape="\\") if on_server else column.like(pattern, escape="\\")
        )

    said = select(CALL_ADDITION.c.call).where(like(CALL_ADDITION.c.text))
    found = [*(like(column.cast(String)) for column in _TEXTS), _C.id.in_(said)]
    if query.named:
        found.append(_C.citizen.in_(query.named))
    return or_(*found)
