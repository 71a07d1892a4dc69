"""The table of who serves which kommune: roles of PostgreSQL; nobody reads it on SQLite."""

from typing import Final

from sqlalchemy import Column, String, Table

from workstation.adapters.db.tables import METADATA

KOMMUNE_ACCESS: Final = Table(
    "kommune_access",
    METADATA,
    Column("role", String, primary_key=True),
    Column("kommune", String, primary_key=True),
)
