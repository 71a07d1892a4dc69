"""The table of who is there: a row for each process and each person who sat at it."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, String, Table

from workstation.adapters.db.columns import Moment, Span, Word
from workstation.adapters.db.tables import METADATA
from workstation.domain.presence import DeskKind
from workstation.domain.rights import Role

PRESENCE: Final = Table(
    "presence",
    METADATA,
    Column("desk", String, primary_key=True),
    Column("operator", String, primary_key=True),
    Column("kind", Word(DeskKind), nullable=False),
    Column("machine", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", Word(Role)),
    Column("kommuner", String, nullable=False),
    Column("signed_in_since", Moment),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("sound", Boolean, nullable=False),
    Column("alarms", Boolean, nullable=False),
    Column("database", Boolean, nullable=False),
    Column("version", String, nullable=False),
    Column("clock_offset", Span, nullable=False),
    Column("calling", String),
    Index("presence_seen", "seen_at"),
)
"""`operator` is "" for nobody; `kommuner` is a sorted list of codes with commas between."""
