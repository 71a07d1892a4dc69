"""Each alarm unit's own tones, whom operators want to call again, and which rows are one call."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment, Span

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add to what is there: its units are told as the hub's own, each of its rows is a call."""
    op.add_column("device", sa.Column("profile", sa.String, nullable=False, server_default=""))
    op.add_column("call_log", sa.Column("dialog", sa.String, nullable=False, server_default=""))
    op.create_table(
        "reminder",
        sa.Column("operator", sa.String, primary_key=True),
        sa.Column("target", sa.String, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("after", Span, nullable=False),
        sa.Column("whom", sa.String, nullable=False),
        sa.Column("citizen", sa.String),
        sa.Column("alarm", sa.String),
        sa.Column("kommune", sa.String),
    )
