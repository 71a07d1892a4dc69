"""The access log as chains that show what was removed, and the one way in which history is purged."""

import sqlalchemy as sa
from alembic import op

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.migrations.append_only import make_append_only
from workstation.adapters.db.migrations.purging import let_be_purged
from workstation.domain.chain import START, Entry, linked

revision = "0009"
down_revision = "0008"

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BEFORE = "before-0009"
"""The writer of all looks from the time without chains."""


def upgrade() -> None:
    """Take the looks there are into a chain, and make the tables around it."""
    looks = _looks()
    op.drop_table("access_log")
    _access_log()
    _heads_and_checkpoints()
    _purge_log()
    _chain(looks)
    for table in ("access_log", "access_head", "access_checkpoint", "purge_log"):
        make_append_only(table)
    _tails()
    let_be_purged()


def _looks() -> list[sa.Row[tuple[object, ...]]]:
    typed = sa.text(
        "SELECT l.at, l.operator, l.citizen, l.what, l.alarm, l.why, c.kommune"
        " FROM access_log l LEFT JOIN citizen c ON c.id = l.citizen ORDER BY l.seq"
    ).columns(at=Moment)
    return list(op.get_bind().execute(typed))


def _chain(looks: list[sa.Row[tuple[object, ...]]]) -> None:
    table = sa.table(
        "access_log",
        *(sa.column(name) for name in ("writer", "number", "prev", "hash", "operator", "citizen")),
        *(sa.column(name) for name in ("kommune", "what", "alarm", "why")),
        sa.column("at", Moment),
    )
    rows: list[dict[str, object]] = []
    tail = START
    for look in looks:
        told = {**look._mapping, "writer": _BEFORE, "number": 0, "prev": "", "hash": ""}  # noqa: SLF001 - its public name
        entry = linked(Entry(**told), tail)
        tail = entry.link
        rows.append({name: getattr(entry, name) for name in told})
    if rows:
        op.get_bind().execute(sa.insert(table), rows)


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("writer", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("prev", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("citizen", sa.String, nullable=False),
        sa.Column("kommune", sa.String),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("alarm", sa.String),
        sa.Column("why", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("access_log_of_citizen", "access_log", ["citizen", "at"])


def _heads_and_checkpoints() -> None:
    op.create_table(
        "access_head",
        sa.Column("writer", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access_checkpoint",
        sa.Column("writer", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("earliest", Moment, nullable=False),
        sa.Column("latest", Moment, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("signature", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )


def _purge_log() -> None:
    op.create_table(
        "purge_log",
        sa.Column("seq", _SEQUENCE, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("before", Moment, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("earliest", Moment),
        sa.Column("latest", Moment),
        sa.Column("by", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "turn",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("done_at", Moment),
        sqlite_with_rowid=False,
    )


# A desk that sees the citizens of its own kommuner only must still know where its chain ends. The
# functions run as their owner and tell numbers and hashes, nothing of anybody.
_TAILS = """
CREATE FUNCTION access_tails() RETURNS TABLE (writer varchar, number bigint, hash varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT DISTINCT ON (f.writer) f.writer, f.number, f.hash FROM (
        SELECT w.writer, l.number, l.hash
        FROM (SELECT a.writer FROM access_log a UNION SELECT c.writer FROM access_checkpoint c) w
        CROSS JOIN LATERAL (
            SELECT e.number, e.hash FROM access_log e WHERE e.writer = w.writer
            ORDER BY e.number DESC LIMIT 1) l
        UNION ALL SELECT c.writer, c.number, c.hash FROM access_checkpoint c
    ) f ORDER BY f.writer, f.number DESC
$$;
CREATE FUNCTION access_tail(of_writer varchar) RETURNS TABLE (number bigint, hash varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    (SELECT e.number, e.hash FROM access_log e WHERE e.writer = of_writer
     ORDER BY e.number DESC LIMIT 1)
    UNION ALL
    (SELECT c.number, c.hash FROM access_checkpoint c WHERE c.writer = of_writer
     ORDER BY c.number DESC LIMIT 1)
    ORDER BY 1 DESC LIMIT 1
$$;
CREATE FUNCTION access_hash(of_writer varchar, of_number bigint) RETURNS varchar
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT e.hash FROM access_log e WHERE e.writer = of_writer AND e.number = of_number
$$;
CREATE FUNCTION access_count() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT count(*) FROM access_log
$$;
"""


def _tails() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_TAILS)
