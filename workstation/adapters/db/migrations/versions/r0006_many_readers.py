"""What many readers of one hub need: their places in the sequence, and word of each change."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment

revision = "0006"
down_revision = "0005"

_HAS_NO_KEY = sa.text("key IS NULL")
_TELL = """
CREATE FUNCTION tell_of_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Nothing but the number: whoever listens may have no right to the row.
    PERFORM pg_notify('workstation', (SELECT max(seq) FROM new_steps)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER alarm_step_told AFTER INSERT ON alarm_step
REFERENCING NEW TABLE AS new_steps FOR EACH STATEMENT EXECUTE FUNCTION tell_of_steps();
"""


def upgrade() -> None:
    """Say who stored a message, how far each reader has come, and what each was delivered."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        _rebuild()
    else:
        op.add_column("message", sa.Column("reader", sa.String))
        op.execute(_TELL)
    op.create_table(
        "message_reader",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "message_heard",
        sa.Column("reader", sa.String, primary_key=True),
        sa.Column("packet", sa.Integer, primary_key=True),
        sa.Column("body_hash", sa.String, primary_key=True),
        sa.Column("alarm_id", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )


def _rebuild() -> None:
    """Make the table anew: SQLite puts a new column behind what stands at the table's end."""
    op.rename_table("message", "old_message")
    op.create_table(
        "message",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("key", sa.String),
        sa.Column("body_hash", sa.String, nullable=False),
        sa.Column("alarm_id", sa.String, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("retained", sa.Boolean, nullable=False),
        sa.Column("reader", sa.String),
    )
    op.execute("INSERT INTO message SELECT *, NULL FROM old_message")
    # Its indexes go with it: those of the new one have the same names.
    op.drop_table("old_message")
    op.create_index("message_key", "message", ["key"], unique=True)
    op.create_index("message_body", "message", ["body_hash"], sqlite_where=_HAS_NO_KEY)
