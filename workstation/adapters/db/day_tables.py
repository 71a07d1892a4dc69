"""The tables of calls and of the day's round."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
)

from workstation.adapters.db.columns import Moment, Span, Word
from workstation.adapters.db.tables import METADATA, SEQUENCE, only
from workstation.domain.call import CallResult
from workstation.domain.call_history import Added
from workstation.domain.kind import Kind
from workstation.domain.round import Look, Reason, VisitKind, VisitState

_IS_UNFINISHED: Final = text("ended_at IS NULL")
_FILTERED: Final = ("kommune", "kind", "result", "incoming", "answered_at", "ended_at")
"""What supervisors choose from, in every index that the call log is read by in some order."""
_BY_TIME: Final = ("started_at", "id", *_FILTERED, "waited", "talked", "operator")

CALL_LOG: Final = Table(
    "call_log",
    METADATA,
    Column("id", String, primary_key=True),
    Column("operator", String, nullable=False),
    Column("target", String, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("alarm", String),
    Column("citizen", String),
    Column("whom", String, nullable=False),
    Column("answered_at", Moment),
    Column("ended_at", Moment),
    Column("result", Word(CallResult)),
    Column("sip_code", Integer, nullable=False),
    Column("sip_reason", String, nullable=False),
    Column("machine", String, nullable=False),
    Column("incoming", Boolean, nullable=False, server_default=false()),
    Column("name", String, nullable=False, server_default=""),
    Column("called", String, nullable=False, server_default=""),
    Column("kommune", String),
    Column("kind", Word(Kind)),
    Column("waited", Span, nullable=False, server_default="0"),
    Column("talked", Span, nullable=False, server_default="0"),
    Column("mos", Float),
    Column("loss_percent", Float),
    Column("jitter_ms", Float),
    Column("round_trip_ms", Float),
    Column("transfers", String, nullable=False, server_default=""),
    Column("dialog", String, nullable=False, server_default=""),
    # What it is found by, see `call_words`.
    Column("words", String, nullable=False, server_default=""),
    # Each has what the log is filtered by: only rows that are shown are looked up in the table.
    only("postgresql", Index("call_log_started", *_BY_TIME)),
    # A server lets no entry be as long as somebody's name may be.
    only("sqlite", Index("call_log_found", *_BY_TIME, "citizen", "words", "sip_reason")),
    Index("call_log_waited", "waited", "id", *_FILTERED, "talked", "started_at", "operator"),
    Index("call_log_talked", "talked", "id", *_FILTERED, "waited", "started_at", "operator"),
    Index("call_log_of_operator", "operator", "started_at", "id", *_FILTERED, "waited", "talked"),
    Index("call_log_of_alarm", "alarm"),
    Index("call_log_of_citizen", "citizen", "started_at", "id"),
    Index(
        "call_log_unfinished",
        "machine",
        sqlite_where=_IS_UNFINISHED,
        postgresql_where=_IS_UNFINISHED,
    ),
)

CALL_ADDITION: Final = Table(
    "call_addition",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("call", String, ForeignKey("call_log.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String, nullable=False),
    Column("what", Word(Added), nullable=False),
    Column("text", String, nullable=False),
    Index("call_addition_of_call", "call", "seq"),
    sqlite_autoincrement=True,
)
"""What was said of a call afterwards; the call's own row stands."""

CALL_DRAW: Final = Table(
    "call_draw",
    METADATA,
    Column("month", String, primary_key=True),
    Column("operator", String, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("call", String, ForeignKey("call_log.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String, nullable=False),
    Index("call_draw_of_call", "call"),
)
"""Which calls of a month (`2026-03`) were drawn to be listened through; drawn once."""

VISIT: Final = Table(
    "visit",
    METADATA,
    Column("id", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("citizen", String, nullable=False),
    Column("kommune", String, nullable=False),
    Column("kind", Word(VisitKind), nullable=False),
    Column("length", Span, nullable=False),
    Column("tolerance", Span, nullable=False),
    Column("assignee", String),
    Column("state", Word(VisitState), nullable=False),
    Column("reason", Word(Reason)),
    Column("look", Word(Look)),
    Column("note", String, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("by", String),
    Column("missed_at", Moment),
    Column("version", Integer, nullable=False),
    Index("visit_at", "at"),
)

VISIT_STEP: Final = Table(
    "visit_step",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("visit", String, ForeignKey("visit.id"), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("assignee", String),
    Column("state", Word(VisitState), nullable=False),
    Column("reason", Word(Reason)),
    Column("look", Word(Look)),
    Column("note", String, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("by", String),
    Column("missed_at", Moment),
    Index("visit_step_of_visit", "visit", "seq"),
    sqlite_autoincrement=True,
)
"""What each save of a visit made of it: the visit's history."""
