"""How a SQLite file is opened: what is promised to the acknowledging side rests on it."""

import pytest
from sqlalchemy import Connection, text

from workstation.adapters.db.connections import Connections
from workstation.application.errors import RowRefused

FULL = 2


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", FULL),
        ("foreign_keys", 1),
        ("busy_timeout", 800),
    ],
)
def test_every_connection_is_durable(connections: Connections, pragma: str, value: object) -> None:
    with connections.reading() as first, connections.reading() as second:
        for connection in (first, second):
            assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def insert_twice(connection: Connection) -> None:
    for _ in range(2):
        connection.execute(text("INSERT INTO level VALUES ('x', 1, 1)"))


def test_what_fails_half_way_leaves_nothing(connections: Connections) -> None:
    with pytest.raises(RowRefused), connections.writing() as connection:
        insert_twice(connection)
    with connections.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM level")) == 0


def test_a_reader_sees_one_state_throughout(connections: Connections) -> None:
    count = text("SELECT count(*) FROM level")
    with connections.reading() as reader:
        assert reader.scalar(count) == 0
        with connections.writing() as writer:
            writer.execute(text("INSERT INTO level VALUES ('x', 1, 1)"))
        assert reader.scalar(count) == 0
    with connections.reading() as reader:
        assert reader.scalar(count) == 1
