"""Who may sign in, and what they may do."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
