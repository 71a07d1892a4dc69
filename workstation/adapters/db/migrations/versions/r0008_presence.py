"""Who is signed in where, and whether each desk works."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
