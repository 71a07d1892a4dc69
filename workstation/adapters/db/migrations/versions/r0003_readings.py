"""Readings, their roll-ups by minute and hour, and the devices' health."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment, Ticks

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of the telemetry."""
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kommune", sa.String, nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.UniqueConstraint("kommune", "device", "channel", name="series_name"),
    )
    _of_series("reading", sa.Column("value", sa.Double, nullable=False))
    for roll_up in ("reading_minute", "reading_hour"):
        _of_series(
            roll_up,
            sa.Column("low", sa.Double, nullable=False),
            sa.Column("high", sa.Double, nullable=False),
            sa.Column("total", sa.Double, nullable=False),
            sa.Column("number", sa.Integer, nullable=False),
        )
    op.create_table(
        "device_health",
        sa.Column("kommune", sa.String, primary_key=True),
        sa.Column("device", sa.String, primary_key=True),
        sa.Column("heard_at", Moment),
        sa.Column("battery", sa.Double),
        sa.Column("link", sa.Double),
        sa.Column("online", sa.Boolean),
    )


def _of_series(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("series", sa.Integer, sa.ForeignKey("series.id"), primary_key=True),
        sa.Column("at", Ticks, primary_key=True),
        *columns,
        sqlite_with_rowid=False,
    )
