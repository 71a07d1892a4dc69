"""The call log's words in one column, and indexes that answer every filter of it by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_FILTERED = ["kommune", "kind", "result", "incoming", "answered_at", "ended_at"]
_BY_TIME = ["started_at", "id", *_FILTERED, "waited", "talked", "operator"]
_INDEXES = {
    "call_log_waited": ["waited", "id", *_FILTERED, "talked", "started_at", "operator"],
    "call_log_talked": ["talked", "id", *_FILTERED, "waited", "started_at", "operator"],
    "call_log_of_operator": ["operator", "started_at", "id", *_FILTERED, "waited", "talked"],
}
_BY_TIME_ON = {
    "sqlite": {"call_log_found": [*_BY_TIME, "citizen", "words", "sip_reason"]},
    # A server lets no entry be as long as somebody's name may be.
    "postgresql": {"call_log_started": _BY_TIME},
}
# Capital letters beyond A to Z that names here have: no database folds them wherever it runs.
_CAPITALS = (0xC6, 0xD8, 0xC5, 0xC4, 0xD6, 0xDC, 0xC9)
_TO_SMALL = 0x20
_BREAK = {"sqlite": "char(10)", "postgresql": "chr(10)"}


def upgrade() -> None:
    """Add the column, fill it, and widen the indexes."""
    dialect = op.get_bind().dialect.name
    op.add_column("call_log", sa.Column("words", sa.String, nullable=False, server_default=""))
    text = f" || {_BREAK[dialect]} || ".join(("target", "called", "whom", "name", "operator"))
    folding = {"sqlite": _folded_on_sqlite, "postgresql": _folded_on_postgresql}
    for name in (*_INDEXES, "call_log_started", "call_log_of_kommune"):
        op.drop_index(name, "call_log")
    op.execute(f"UPDATE call_log SET words = {folding[dialect](text)}")  # noqa: S608 - our own names
    for name, columns in {**_INDEXES, **_BY_TIME_ON[dialect]}.items():
        op.create_index(name, "call_log", columns)


def _folded_on_sqlite(text: str) -> str:
    text = f"lower({text})"
    for capital in _CAPITALS:
        text = f"replace({text}, char({capital}), char({capital + _TO_SMALL}))"
    return text


def _folded_on_postgresql(text: str) -> str:
    capitals = "".join(map(chr, _CAPITALS))
    return f"translate(lower({text}), '{capitals}', '{capitals.lower()}')"
