"""The access log as a chain that shows what was removed."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet: its tables are on their way."""
