"""PostgreSQL's readings in partitions that can be dropped."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
