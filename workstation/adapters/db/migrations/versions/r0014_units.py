"""Each alarm unit's own tones."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column: the units that are there are told as the hub's own until somebody says else."""
    op.add_column("device", sa.Column("profile", sa.String, nullable=False, server_default=""))
