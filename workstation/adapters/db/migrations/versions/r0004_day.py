"""The call log, and the round's visits with their history."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment, Span
from workstation.adapters.db.migrations.append_only import make_append_only

revision = "0004"
down_revision = "0003"

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_UNFINISHED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the tables of the day's work."""
    _call_log()
    _visit()
    _visit_step()


def _call_log() -> None:
    op.create_table(
        "call_log",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("alarm", sa.String),
        sa.Column("citizen", sa.String),
        sa.Column("whom", sa.String, nullable=False),
        sa.Column("answered_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("result", sa.String),
        sa.Column("sip_code", sa.Integer, nullable=False),
        sa.Column("sip_reason", sa.String, nullable=False),
        sa.Column("machine", sa.String, nullable=False),
    )
    op.create_index("call_log_started", "call_log", ["started_at"])
    op.create_index("call_log_of_alarm", "call_log", ["alarm"])
    op.create_index(
        "call_log_unfinished",
        "call_log",
        ["machine"],
        sqlite_where=_IS_UNFINISHED,
        postgresql_where=_IS_UNFINISHED,
    )


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("citizen", sa.String, nullable=False),
        sa.Column("kommune", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("length", Span, nullable=False),
        sa.Column("tolerance", Span, nullable=False),
        *_standing(),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("visit_at", "visit", ["at"])


def _visit_step() -> None:
    op.create_table(
        "visit_step",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("visit", sa.String, sa.ForeignKey("visit.id"), nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *_standing(),
        sqlite_autoincrement=True,
    )
    op.create_index("visit_step_of_visit", "visit_step", ["visit", "seq"])
    make_append_only("visit_step")


def _standing() -> list[sa.Column[object]]:
    """Return the columns that say how a visit stands."""
    return [
        sa.Column("assignee", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("look", sa.String),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("started_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("by", sa.String),
        sa.Column("missed_at", Moment),
    ]
