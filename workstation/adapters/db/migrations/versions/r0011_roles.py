"""PostgreSQL's roles, grants and row-level security."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
