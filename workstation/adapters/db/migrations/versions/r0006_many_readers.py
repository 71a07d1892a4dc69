"""What many readers of one hub need: their places in the sequence, and word of each change."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
