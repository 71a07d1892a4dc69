"""Which role of PostgreSQL serves which kommune.

Roles, grants and row-level security themselves are put up by `roles.fence`, which `main.py migrate`
runs behind every change: they follow the tables as those are, and not as they once were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table that the fences ask."""
    op.create_table(
        "kommune_access",
        sa.Column("role", sa.String, primary_key=True),
        sa.Column("kommune", sa.String, primary_key=True),
    )
