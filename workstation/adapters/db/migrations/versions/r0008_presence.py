"""Who is signed in where, and whether each desk works."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment, Span

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table of who is there: no history, each heartbeat replaces the one before."""
    op.create_table(
        "presence",
        sa.Column("desk", sa.String, primary_key=True),
        sa.Column("operator", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("machine", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String),
        sa.Column("kommuner", sa.String, nullable=False),
        sa.Column("signed_in_since", Moment),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("sound", sa.Boolean, nullable=False),
        sa.Column("alarms", sa.Boolean, nullable=False),
        sa.Column("database", sa.Boolean, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("clock_offset", Span, nullable=False),
        sa.Column("calling", sa.String),
    )
    op.create_index("presence_seen", "presence", ["seen_at"])
