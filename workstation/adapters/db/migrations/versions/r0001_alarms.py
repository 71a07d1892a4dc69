"""Alarms, their steps, the messages they came in and the levels that hold."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.migrations.append_only import make_append_only

revision = "0001"
down_revision = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_OPEN = sa.text("state <> 'resolved'")
_HAS_NO_KEY = sa.text("key IS NULL")


def upgrade() -> None:
    """Make the tables of the durable path."""
    _alarm()
    _alarm_step()
    _message()
    op.create_table(
        "level",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("since", Moment, nullable=False),
    )


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
    )
    op.create_index(
        "alarm_open",
        "alarm",
        ["fold_key"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_index("alarm_of_citizen", "alarm", ["citizen", "kind", "received_at"])
    op.create_index("alarm_of_device", "alarm", ["kommune", "device", "kind", "received_at"])
    op.create_index("alarm_received", "alarm", ["received_at"])


def _alarm_step() -> None:
    op.create_table(
        "alarm_step",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("alarm_id", sa.String, sa.ForeignKey("alarm.id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("alarm_step_of_alarm", "alarm_step", ["alarm_id", "seq"])
    make_append_only("alarm_step")


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("key", sa.String),
        sa.Column("body_hash", sa.String, nullable=False),
        sa.Column("alarm_id", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("retained", sa.Boolean, nullable=False),
    )
    op.create_index("message_key", "message", ["key"], unique=True)
    op.create_index(
        "message_body",
        "message",
        ["body_hash"],
        sqlite_where=_HAS_NO_KEY,
        postgresql_where=_HAS_NO_KEY,
    )
