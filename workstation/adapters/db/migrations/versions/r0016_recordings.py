"""Recorded calls: what is kept of each beside its sealed file."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment, Span
from workstation.adapters.db.migrations.purging import let_go

revision = "0016"
down_revision = "0015"

_MAY_GO = """OLD.deleted_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM call_log c WHERE c.id = OLD.call AND c.started_at < {calls})"""


def upgrade() -> None:
    """Make the table; a row goes with its call, and not before its file has gone."""
    op.create_table(
        "recording",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("call", sa.String, nullable=False),
        sa.Column("kommune", sa.String, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("citizen", sa.String),
        sa.Column("alarm", sa.String),
        sa.Column("ended_at", Moment),
        sa.Column("length", Span, nullable=False, server_default="0"),
        sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("sha256", sa.String, nullable=False, server_default=""),
        sa.Column("reason", sa.String, nullable=False, server_default=""),
        sa.Column("deleted_at", Moment),
    )
    op.create_index("recording_of_call", "recording", ["call"])
    op.create_index("recording_started", "recording", ["started_at"])
    let_go("recording", _MAY_GO)
