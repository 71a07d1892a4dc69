"""Fewer pages to write for each alarm."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
