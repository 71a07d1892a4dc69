"""What has been filed of each desk's journal."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table: a crash in the middle of a replay doubles nothing."""
    op.create_table(
        "replayed",
        sa.Column("journal", sa.String, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("received_at", Moment, nullable=False),
    )
