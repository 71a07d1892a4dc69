"""PostgreSQL's readings in partitions that can be dropped."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
