"""The tables of the access log as a chain, of its published heads, and of what purges leave behind."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from workstation.adapters.db.columns import Moment, Word
from workstation.adapters.db.tables import METADATA, SEQUENCE
from workstation.domain.access import Looked

ACCESS_LOG: Final = Table(
    "access_log",
    METADATA,
    Column("writer", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("operator", String, nullable=False),
    Column("citizen", String, nullable=False),
    Column("kommune", String),
    Column("what", Word(Looked), nullable=False),
    Column("alarm", String),
    Column("why", String, nullable=False),
    Index("access_log_of_citizen", "citizen", "at"),
    sqlite_with_rowid=False,
)
"""No foreign keys: who looked stays known when the citizen is no longer in the register.

`writer` is the process that wrote, and so the desk; `kommune` the citizen's when it was written.
"""

ACCESS_HEAD: Final = Table(
    "access_head",
    METADATA,
    Column("writer", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""Where each chain ended, hour by hour."""

ACCESS_CHECKPOINT: Final = Table(
    "access_checkpoint",
    METADATA,
    Column("writer", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("earliest", Moment, nullable=False),
    Column("latest", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("signature", String, nullable=False),
    sqlite_with_rowid=False,
)
"""Entries of a chain can be deleted up to its last checkpoint, and no others."""

PURGE_LOG: Final = Table(
    "purge_log",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("before", Moment, nullable=False),
    Column("count", Integer, nullable=False),
    Column("earliest", Moment),
    Column("latest", Moment),
    Column("by", String, nullable=False),
    sqlite_autoincrement=True,
)
"""What was removed. For alarms, calls and visits it is also what lets them be removed: see 0009."""

TURN: Final = Table(
    "turn",
    METADATA,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", Moment, nullable=False),
    Column("done_at", Moment),
    sqlite_with_rowid=False,
)
"""Whose turn it is to do what only one process does, and when it was last done."""
