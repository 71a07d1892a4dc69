"""What somebody can do who owns the database: take its guards away and edit history."""

from typing import Final

from sqlalchemy import text

from workstation.adapters.db.connections import Connections

GUARDED: Final = ("access_log", "access_head", "access_checkpoint", "purge_log", "alarm_step")


def disarm(connections: Connections) -> None:
    """Let history be edited."""
    with connections.writing() as connection:
        if connection.dialect.name == "postgresql":
            for table in GUARDED:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.scalars(query).all():
            connection.execute(text(f"DROP TRIGGER {name}"))


def tamper(connections: Connections, *edits: str) -> None:
    """Edit it, guards or not."""
    with connections.writing() as connection:
        for edit in edits:
            connection.execute(text(edit))
