"""The call log for supervisors: whose call, its quality, what is added later, and what is drawn."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.migrations.append_only import make_append_only
from workstation.adapters.db.migrations.purging import let_go

revision = "0013"
down_revision = "0012"

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_UNFINISHED = sa.text("ended_at IS NULL")
_INDEXES = {
    "call_log_started": ["started_at", "id"],
    "call_log_of_alarm": ["alarm"],
    "call_log_of_operator": ["operator", "started_at", "id"],
    "call_log_of_citizen": ["citizen", "started_at", "id"],
    "call_log_of_kommune": ["kommune", "started_at", "id"],
    "call_log_waited": ["waited", "id"],
    "call_log_talked": ["talked", "id"],
}
_WHOSE = """UPDATE call_log SET
    kommune = coalesce((SELECT a.kommune FROM alarm a WHERE a.id = call_log.alarm),
                       (SELECT c.kommune FROM citizen c WHERE c.id = call_log.citizen)),
    kind = (SELECT a.kind FROM alarm a WHERE a.id = call_log.alarm),
    waited = {waited}, talked = {talked}"""
_SPANS = {
    "sqlite": "coalesce({} - {}, 0)",
    "postgresql": "coalesce((extract(epoch FROM {} - {}) * 1000000)::bigint, 0)",
}
_CALL_MAY_GO = """OLD.started_at < {calls}
    AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.id = OLD.alarm)"""
_ITS_CALL_MAY_GO = """EXISTS (
    SELECT 1 FROM call_log c WHERE c.id = OLD.call AND c.started_at < {calls}
    AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.id = c.alarm))"""


def upgrade() -> None:
    """Widen the call log, and make the tables of what is added to it."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        for column in _new_columns():
            op.add_column("call_log", column)
        for name in ("call_log_started", "call_log_of_alarm"):
            op.drop_index(name, "call_log")
    span = _SPANS[op.get_bind().dialect.name]
    op.execute(
        _WHOSE.format(
            waited=span.format("coalesce(answered_at, ended_at)", "started_at"),
            talked=span.format("ended_at", "answered_at"),
        )
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "call_log", columns)
    _additions()
    _draws()


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("incoming", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("name", sa.String, nullable=False, server_default=""),
        sa.Column("called", sa.String, nullable=False, server_default=""),
        sa.Column("kommune", sa.String),
        sa.Column("kind", sa.String),
        sa.Column("waited", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("talked", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("mos", sa.Float),
        sa.Column("loss_percent", sa.Float),
        sa.Column("jitter_ms", sa.Float),
        sa.Column("round_trip_ms", sa.Float),
        sa.Column("transfers", sa.String, nullable=False, server_default=""),
    ]


_OLD = (
    "id, operator, target, started_at, alarm, citizen, whom, answered_at, ended_at, result,"
    " sip_code, sip_reason, machine"
)


def _rebuild() -> None:
    """Make the table anew: SQLite puts a new column behind what stands at the table's end."""
    op.rename_table("call_log", "old_call_log")
    op.create_table(
        "call_log",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("alarm", sa.String),
        sa.Column("citizen", sa.String),
        sa.Column("whom", sa.String, nullable=False),
        sa.Column("answered_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("result", sa.String),
        sa.Column("sip_code", sa.Integer, nullable=False),
        sa.Column("sip_reason", sa.String, nullable=False),
        sa.Column("machine", sa.String, nullable=False),
        *_new_columns(),
    )
    op.execute(f"INSERT INTO call_log ({_OLD}) SELECT {_OLD} FROM old_call_log")  # noqa: S608 - our own names
    # Its indexes and triggers go with it; it may be dropped whole, deleting its rows is refused.
    op.drop_table("old_call_log")
    op.create_index("call_log_unfinished", "call_log", ["machine"], sqlite_where=_IS_UNFINISHED)
    let_go("call_log", _CALL_MAY_GO)


def _additions() -> None:
    op.create_table(
        "call_addition",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("call", sa.String, sa.ForeignKey("call_log.id"), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("call_addition_of_call", "call_addition", ["call", "seq"])
    _stands("call_addition")


def _draws() -> None:
    op.create_table(
        "call_draw",
        sa.Column("month", sa.String, primary_key=True),
        sa.Column("operator", sa.String, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("call", sa.String, sa.ForeignKey("call_log.id"), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String, nullable=False),
    )
    op.create_index("call_draw_of_call", "call_draw", ["call"])
    _stands("call_draw")


def _stands(table: str) -> None:
    """Have the table's rows stand for as long as their call does."""
    make_append_only(table)
    on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
    op.execute(f"DROP TRIGGER {table}_no_delete{on}")
    let_go(table, _ITS_CALL_MAY_GO)
