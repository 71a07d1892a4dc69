"""The tables as the stores use them; what is in a database is made by the migrations.

A test compares the two. Nothing here is specific to one database but what is said per dialect.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

from workstation.adapters.db.columns import Moment, Word
from workstation.domain.alarm import State
from workstation.domain.kind import Kind, Outcome, Source

METADATA: Final = MetaData()

SEQUENCE: Final = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself in a column of exactly the type INTEGER only."""

IS_OPEN: Final = text("state <> 'resolved'")
"""Written out, not bound: SQLite uses a partial index only when it sees the same words."""

ONLY: Final = "only"
"""In an index's `info`: the one database that has it."""


def only(dialect: str, index: Index) -> Index:
    """Return the index as one that is made on this database only."""
    index.info[ONLY] = dialect
    return index.ddl_if(dialect=dialect)


HAS_NO_KEY: Final = text("key IS NULL")
PRESSED: Final = text("key IS NULL AND NOT retained")
"""Of messages: those of which only the bytes and their order tell one from another."""

IS_SOMEBODYS: Final = text("citizen IS NOT NULL")

ALARM: Final = Table(
    "alarm",
    METADATA,
    Column("id", String, primary_key=True),
    Column("kind", Word(Kind), nullable=False),
    Column("code", String, nullable=False),
    Column("text", String, nullable=False),
    Column("device", String, nullable=False),
    Column("kommune", String, nullable=False),
    Column("source", Word(Source), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", Word(State), nullable=False),
    Column("priority", Integer),
    Column("citizen", String),
    Column("location", String),
    Column("voice", String),
    Column("repeats", Integer, nullable=False),
    Column("repeated_at", Moment),
    Column("taken_by", String),
    Column("taken_at", Moment),
    Column("touched_at", Moment),
    Column("shelved_until", Moment),
    Column("shelf_reason", String),
    Column("responder", String),
    Column("awaiting_until", Moment),
    Column("arrived_at", Moment),
    Column("escalated_at", Moment),
    Column("reraised_at", Moment),
    Column("restored_at", Moment),
    Column("outcome", Word(Outcome)),
    Column("resolved_at", Moment),
    Column("resolved_by", String),
    Column("retained", Boolean, nullable=False),
    Column("message_id", String),
    Column("version", Integer, nullable=False),
    Column("fold_key", String, nullable=False),
    # Last, so that a large one does not stand between the head of a row and its other columns.
    Column("raw", LargeBinary, nullable=False),
    Index("alarm_open", "fold_key", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    Index(
        "alarm_of_citizen",
        "citizen",
        "kind",
        "received_at",
        sqlite_where=IS_SOMEBODYS,
        postgresql_where=IS_SOMEBODYS,
    ),
    Index("alarm_of_device", "kommune", "device", "kind", "received_at"),
    Index("alarm_received", "received_at"),
    sqlite_with_rowid=False,
)

ALARM_STEP: Final = Table(
    "alarm_step",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("alarm_id", String, ForeignKey("alarm.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String, nullable=False),
    Column("body", String, nullable=False),
    Index("alarm_step_of_alarm", "alarm_id", "seq"),
)
"""Numbers are never used twice, so that "after 17" means the same tomorrow: no row is ever deleted."""

MESSAGE: Final = Table(
    "message",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("key", String),
    Column("body_hash", String, nullable=False),
    Column("alarm_id", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("retained", Boolean, nullable=False),
    # Who stored it; not known of those before there were many.
    Column("reader", String),
    Index("message_key", "key", unique=True),
    Index("message_body", "body_hash", sqlite_where=HAS_NO_KEY, postgresql_where=HAS_NO_KEY),
)

LEVEL: Final = Table(
    "level",
    METADATA,
    Column("name", String, primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
)
