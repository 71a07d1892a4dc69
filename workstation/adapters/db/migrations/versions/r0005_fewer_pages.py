"""Fewer pages to write for an alarm: each one lengthens the commit that its acknowledgement awaits.

An alarm that is nobody's is in no index of citizens. On SQLite alarms lie in their key's order, which
is that of time, without numbers of SQLite's own beside it; and steps are numbered without a table that
remembers the last number: no step is ever deleted, so that the last one says it.
"""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.migrations.append_only import make_append_only

revision = "0005"
down_revision = "0004"

_IS_OPEN = sa.text("state <> 'resolved'")
_IS_SOMEBODYS = sa.text("citizen IS NOT NULL")


def upgrade() -> None:
    """Change what alarms and their steps are kept in, and nothing that they say."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        op.drop_index("alarm_of_citizen", "alarm")
    op.create_index(
        "alarm_of_citizen",
        "alarm",
        ["citizen", "kind", "received_at"],
        sqlite_where=_IS_SOMEBODYS,
        postgresql_where=_IS_SOMEBODYS,
    )


def _rebuild() -> None:
    """Make both tables anew: SQLite changes no table's keys."""
    for table in ("alarm_step", "alarm"):
        op.rename_table(table, f"old_{table}")
    _alarm()
    _alarm_step()
    op.execute("INSERT INTO alarm SELECT * FROM old_alarm")
    op.execute("INSERT INTO alarm_step SELECT * FROM old_alarm_step")
    # Their indexes and triggers go with them: those of the new ones have the same names.
    for table in ("alarm_step", "alarm"):
        op.drop_table(f"old_{table}")
    op.create_index("alarm_open", "alarm", ["fold_key"], unique=True, sqlite_where=_IS_OPEN)
    op.create_index("alarm_of_device", "alarm", ["kommune", "device", "kind", "received_at"])
    op.create_index("alarm_received", "alarm", ["received_at"])
    op.create_index("alarm_step_of_alarm", "alarm_step", ["alarm_id", "seq"])
    make_append_only("alarm_step")


def _alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("kommune", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("raised_at", Moment, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("priority", sa.Integer),
        sa.Column("citizen", sa.String),
        sa.Column("location", sa.String),
        sa.Column("voice", sa.String),
        sa.Column("repeats", sa.Integer, nullable=False),
        sa.Column("repeated_at", Moment),
        sa.Column("taken_by", sa.String),
        sa.Column("taken_at", Moment),
        sa.Column("touched_at", Moment),
        sa.Column("shelved_until", Moment),
        sa.Column("shelf_reason", sa.String),
        sa.Column("responder", sa.String),
        sa.Column("awaiting_until", Moment),
        sa.Column("arrived_at", Moment),
        sa.Column("escalated_at", Moment),
        sa.Column("reraised_at", Moment),
        sa.Column("restored_at", Moment),
        sa.Column("outcome", sa.String),
        sa.Column("resolved_at", Moment),
        sa.Column("resolved_by", sa.String),
        sa.Column("retained", sa.Boolean, nullable=False),
        sa.Column("message_id", sa.String),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fold_key", sa.String, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _alarm_step() -> None:
    op.create_table(
        "alarm_step",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("alarm_id", sa.String, sa.ForeignKey("alarm.id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
    )
