"""How a SQLite file is opened: what is promised to the acknowledging side rests on it."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from workstation.adapters.db.connections import Connections, driver_of
from workstation.application.errors import RowRefused, StoreUnavailable

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


@pytest.mark.parametrize("by_core", [True, False])
def test_the_driver_is_in_the_same_transaction(connections: Connections, by_core: bool) -> None:
    def levels(connection: Connection, *names: str) -> None:
        driver = driver_of(connection)
        assert driver is not None
        for name in names:
            if by_core:
                connection.execute(text("INSERT INTO level VALUES (:it, 1, 1)"), {"it": name * 2})
            driver.execute("INSERT INTO level VALUES (?, 1, 1)", (name,))

    with pytest.raises(RowRefused), connections.writing() as connection:
        levels(connection, "undone", "undone")
    with connections.writing() as connection:
        levels(connection, "kept")
    with connections.reading() as connection:
        names = connection.scalars(text("SELECT name FROM level ORDER BY name")).all()
    assert names == ["kept", "keptkept"][: 1 + by_core]


def test_writing_excludes_others_from_its_first_look(url: str, connections: Connections) -> None:
    other = Connections(url, patience=timedelta())
    with connections.writing():
        with pytest.raises(StoreUnavailable) as failure, other.writing():
            pass
        assert failure.value.reason == "locked"
    with other.writing():
        pass
    other.close()


def test_a_reader_sees_one_state_throughout(connections: Connections) -> None:
    count = text("SELECT count(*) FROM level")
    with connections.reading() as reader:
        assert reader.scalar(count) == 0
        with connections.writing() as writer:
            writer.execute(text("INSERT INTO level VALUES ('x', 1, 1)"))
        assert reader.scalar(count) == 0
    with connections.reading() as reader:
        assert reader.scalar(count) == 1
