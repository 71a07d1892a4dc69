"""Who may sign in, what was done to them, and every attempt."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.migrations.append_only import make_append_only

revision = "0007"
down_revision = "0006"

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of the users."""
    op.create_table(
        "user_account",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("display", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("kommuner", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("disabled_at", Moment),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "user_step",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("did", sa.String, nullable=False),
        sa.Column("display", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("kommuner", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("user_step_of_user", "user_step", ["name", "seq"])
    make_append_only("user_step")
    op.create_table(
        "user_identity",
        sa.Column("issuer", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("bound_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("offline_hash", sa.String),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("result", sa.String, nullable=False),
        sa.Column("offline", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("sign_in_attempt_of_user", "sign_in_attempt", ["name", "source", "seq"])
    make_append_only("sign_in_attempt")
