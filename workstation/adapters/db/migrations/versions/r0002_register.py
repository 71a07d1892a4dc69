"""Citizens, whom to call for them, devices, and the access log."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment, Span
from workstation.adapters.db.migrations.append_only import make_append_only

revision = "0002"
down_revision = "0001"

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of the register."""
    op.create_table(
        "citizen",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kommune", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("born", sa.Date),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("postcode", sa.String, nullable=False),
        sa.Column("city", sa.String, nullable=False),
        sa.Column("access", sa.String, nullable=False),
        sa.Column("notes", sa.String, nullable=False),
    )
    _of_citizen("cpr", sa.Column("number", sa.String, nullable=False))
    _of_citizen(
        "contact",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("relation", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
    )
    _of_citizen(
        "phone_number",
        sa.Column("whom", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("number", sa.String, nullable=False),
    )
    op.create_index("phone_number_number", "phone_number", ["number"])
    _of_citizen(
        "instruction",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
    )
    op.create_table(
        "device",
        sa.Column("kommune", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("device_class", sa.String, nullable=False),
        sa.Column("citizen", sa.String, sa.ForeignKey("citizen.id")),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("location", sa.String, nullable=False),
        sa.Column("silent_after", Span),
    )
    _access_log()


def _of_citizen(table: str, *columns: sa.Column[object]) -> None:
    whose = sa.Column("citizen", sa.String, sa.ForeignKey("citizen.id"), primary_key=True)
    op.create_table(table, whose, *columns)


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("citizen", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("alarm", sa.String),
        sa.Column("why", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("access_log_of_citizen", "access_log", ["citizen", "seq"])
    make_append_only("access_log")
