"""Lookups give the same on the driver as by Core, whatever is looked for."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    text,
)

from workstation.adapters.db.lookup import Lookup

THINGS = Table("thing", MetaData(), Column("name", String), Column("what", String))
BY_NAME = Lookup(THINGS.c.name, THINGS.c.what, by=THINGS.c.name)
OPEN_ONES = Lookup(THINGS.c.name, by=THINGS.c.name, where=text("what = 'open'"))
NAMES = st.text(max_size=6) | st.sampled_from(["\0", "a\0b", '"', "\\u0000", "[1]", "null", ""])


def filled(connection: Connection, names: set[str]) -> None:
    THINGS.metadata.create_all(connection)
    rows = [{"name": name, "what": ("open", "shut")[len(name) % 2]} for name in names]
    if rows:
        connection.execute(insert(THINGS), rows)


@given(st.sets(NAMES, max_size=8), st.sets(NAMES, max_size=8))
def test_each_value_finds_its_row(stored: set[str], wanted: set[str]) -> None:
    with create_engine("sqlite://").connect() as connection:
        filled(connection, stored)
        assert {name for name, _ in BY_NAME.rows(connection, wanted)} == stored & wanted
        opened = {name for (name,) in OPEN_ONES.rows(connection, wanted)}
        assert opened == {name for name in stored & wanted if len(name) % 2 == 0}


@pytest.mark.parametrize("odd", [set(), {"\0"}])
def test_more_values_than_a_statement_may_have(odd: set[str]) -> None:
    names = {f"{letter}{number}" for letter in string.ascii_letters for number in range(100)} | odd
    with create_engine("sqlite://").connect() as connection:
        filled(connection, names)
        assert len(list(BY_NAME.rows(connection, names))) == len(names)


def test_nothing_is_looked_for_without_values(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/none.db")
    event.listen(engine, "before_cursor_execute", lambda *_: pytest.fail("asked"))
    with engine.connect() as connection:
        assert list(BY_NAME.rows(connection, set())) == []
