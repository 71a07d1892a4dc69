"""The tables as the stores use them are the tables that the migrations make."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Select, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.adapters.db.comparing import there
from workstation.adapters.db import day_tables, reading_tables, register_tables
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.tables import ALARM, IS_OPEN, METADATA
from workstation.domain.kind import Kind

OF_OTHER_MODULES = (day_tables.VISIT, reading_tables.READING, register_tables.CITIZEN)


def test_the_migrations_make_these_tables(connections: Connections) -> None:
    assert {table.metadata for table in OF_OTHER_MODULES} == {METADATA}
    with connections.reading() as connection:
        opts = {"include_object": there("sqlite")}
        seen = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(seen, METADATA) == []
        made = _definitions(connection)
    with connections.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(text(f"DROP TABLE {table.name}"))
        METADATA.create_all(connection)
        assert _definitions(connection) == made


def test_postgresql_understands_them() -> None:
    dialect = postgresql.dialect()
    for table in METADATA.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))


def test_open_alarms_are_found_without_looking_at_the_closed_ones(connections: Connections) -> None:
    assert "USING INDEX alarm_open" in _plan(connections, select(ALARM).where(IS_OPEN))
    by_key = select(ALARM).where(ALARM.c.fold_key.in_(["a", "b"]), IS_OPEN)
    assert "SEARCH alarm USING INDEX alarm_open (fold_key=?)" in _plan(connections, by_key)


def test_a_citizens_alarms_are_found_without_looking_at_others(connections: Connections) -> None:
    theirs = select(ALARM).where(ALARM.c.citizen == "c1", ALARM.c.kind == Kind.EMERGENCY)
    assert "SEARCH alarm USING INDEX alarm_of_citizen (citizen=? AND kind=?)" in _plan(
        connections, theirs
    )


def _plan(connections: Connections, query: Select[tuple[object, ...]]) -> str:
    compiled = query.compile(connections.engine, compile_kwargs={"literal_binds": True})
    with connections.reading() as connection:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
    return "\n".join(row.detail for row in rows)


def _definitions(connection: Connection) -> dict[str, str]:
    """Return what SQLite was told, so that WITHOUT ROWID and the like are compared too."""
    rows = connection.execute(
        text(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index')"
            " AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' AND sql IS NOT NULL"
        )
    )
    return {row.name: " ".join(row.sql.split()) for row in rows}
