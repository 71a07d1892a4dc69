"""What the world can do to a database, and what the rest of the program hears of it."""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from tests.adapters.db.making import ANNA, at, make_alarm, make_report, run
from tests.fakes import FakeClock
from workstation.adapters.db.address import shown
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.failures import translated
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.domain.alarm import Alarm
from workstation.domain.names import DeviceName
from workstation.domain.steps import Taken

SOON = timedelta(milliseconds=50)


@pytest.fixture
def opened(url: str) -> Iterator[Callable[..., Connections]]:
    with ExitStack() as stack:

        def open_one(**how: object) -> Connections:
            connections = Connections(url, patience=SOON, **how)
            stack.callback(connections.close)
            return connections

        yield open_one


def large(number: int) -> Alarm:
    return make_alarm(device=DeviceName(f"d{number}"), raw=b"x" * 5000)


# --- locked ---


def test_a_file_that_another_program_writes_to_is_locked(
    path: Path, opened: Callable[..., Connections]
) -> None:
    writer = SqlAlarmWriter(opened())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable) as failure:
            writer.file([make_report()])
        assert failure.value.reason == "locked"
        assert failure.value.facts["url"] == "sqlite:///desk.db"
        assert writer.levels() == frozenset()  # reading waits for nobody
    assert writer.file([make_report()])[0].alarm is not None


def test_our_own_other_writer_is_waited_for_no_longer(opened: Callable[..., Connections]) -> None:
    first = opened()
    second = SqlAlarmWriter(opened(turn=first._turn))
    with first.writing(), pytest.raises(StoreUnavailable) as failure:
        second.file([make_report()])
    assert failure.value.reason == "locked"
    assert second.file([make_report()])[0].alarm is not None


# --- full ---


@pytest.fixture
def full(opened: Callable[..., Connections]) -> Connections:
    """A database that may not grow by more than a few pages: SQLite's own SQLITE_FULL."""
    connections = opened()

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 10}")

    event.listen(connections.engine, "connect", limit)
    return connections


def test_a_full_disk(full: Connections, opened: Callable[..., Connections]) -> None:
    writer = SqlAlarmWriter(full)
    with pytest.raises(StoreUnavailable) as failure:
        writer.file([make_report(large(number)) for number in range(30)])
    assert failure.value.reason == "full"
    # Nothing of the batch is there, what fits still goes in, and once there is room so does all.
    assert writer.file([make_report(large(0))])[0].folded is False
    roomy = SqlAlarmWriter(opened())
    filed = roomy.file([make_report(large(number)) for number in range(30)])
    assert [one.folded for one in filed] == [True] + [False] * 29


def test_a_full_disk_in_the_middle_of_an_operators_act(database: Database, url: str) -> None:
    writer = database.alarm_writer()
    [filed] = writer.file([make_report()])
    writer.close()
    assert filed.alarm is not None
    connections = database.alarms._worker._connections
    event.listen(
        connections.engine,
        "connect",
        lambda connection, _record: connection.execute("PRAGMA max_page_count = 1"),
    )
    connections.close()
    step = Taken(at=at(1), by=ANNA)
    long = replace(filed.alarm.after(step), responder="x" * 100_000)
    with pytest.raises(StoreUnavailable) as failure:
        run(database.alarms.save(long, step, expected_version=0))
    assert failure.value.reason == "full"
    assert run(database.alarms.find(filed.alarm.id)) == filed.alarm


# --- corrupt ---


def test_a_damaged_file(path: Path, url: str) -> None:
    database = Database.open(url, clock=FakeClock(), machine="test")
    writer = database.alarm_writer()
    writer.file([make_report(large(number)) for number in range(20)])
    writer.close()
    database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(StoreUnavailable) as failure:
        database = Database.open(url, clock=FakeClock(), machine="test")
    assert failure.value.reason == "corrupt"


def test_damage_while_it_is_open(path: Path, database: Database) -> None:
    writer = database.alarm_writer()
    writer.file([make_report(large(number)) for number in range(20)])
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    writer.close()
    writer = database.alarm_writer()
    with pytest.raises(StoreUnavailable) as failure:
        writer.file([make_report(large(99))])
    assert failure.value.reason == "corrupt"
    writer.close()


# --- not ours to write ---


@pytest.fixture
def nobodys_folder() -> Iterator[Path]:
    """A folder of files that this process may read and not write; even root acts as nobody here."""
    if sys.platform == "win32":
        pytest.skip("Windows keeps folders closed by other means")
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def as_nobody() -> Iterator[Callable[[], None]]:
    root = os.geteuid() == 0

    def become() -> None:
        if root:
            os.seteuid(65534)

    yield become
    if root:
        os.seteuid(0)


def test_a_file_in_a_folder_that_is_read_only(
    path: Path, nobodys_folder: Path, as_nobody: Callable[[], None]
) -> None:
    file = nobodys_folder / "desk.db"
    file.write_bytes(path.read_bytes())
    file.chmod(0o444)
    nobodys_folder.chmod(0o555)
    as_nobody()
    with pytest.raises(StoreUnavailable) as failure:
        Database.open(f"sqlite:///{file}", clock=FakeClock(), machine="test")
    assert failure.value.reason == "read_only"


def test_a_new_file_in_a_folder_that_is_read_only(
    nobodys_folder: Path, as_nobody: Callable[[], None]
) -> None:
    nobodys_folder.chmod(0o555)
    as_nobody()
    with pytest.raises(StoreUnavailable) as failure:
        Database.open(f"sqlite:///{nobodys_folder}/new.db", clock=FakeClock(), machine="test")
    assert failure.value.reason == "read_only"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as failure:
        Database.open(f"sqlite:///{tmp_path}/gone/new.db", clock=FakeClock(), machine="test")
    assert failure.value.reason == "unreachable"
    assert str(tmp_path) not in str(failure.value.facts)


# --- words ---


@pytest.mark.parametrize(
    "url",
    ["", "desk.db", "oracle://x/y", "nothing://x", "sqlite+who:///x", "sqlite://", "sqlite:///"],
)
def test_a_url_that_names_no_database_of_ours(url: str) -> None:
    with pytest.raises(StoreUnavailable) as failure:
        Database.open(url, clock=FakeClock(), machine="test")
    assert failure.value.reason == "unsupported"


def test_what_is_shown_of_a_url() -> None:
    def of(url: str) -> str:
        return shown(create_engine(url).url)

    assert of("sqlite:////home/anna/.local/desk.db") == "sqlite:///desk.db"
    assert of("sqlite:///C:\\Users\\anna\\desk.db") == "sqlite:///desk.db"


def test_an_error_carries_no_values(connections: Connections) -> None:
    with pytest.raises(RowRefused) as failure, connections.writing() as connection:
        connection.execute(text("INSERT INTO cpr VALUES (:c, :n)"), {"c": "c1", "n": "3102380000"})
    cause: BaseException | None = failure.value
    while cause is not None:
        assert "3102380000" not in str(cause)
        cause = cause.__cause__


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO level VALUES (:x, 1, 1)", "INSERT INTO level VALUES ('n', 1, :x)"],
)
@pytest.mark.parametrize("value", ["\ud83d", 2**70, object()])
def test_a_value_that_no_column_takes_is_refused(
    connections: Connections, statement: str, value: object
) -> None:
    with pytest.raises(RowRefused), connections.writing() as connection:
        connection.execute(text(statement), {"x": value})


def test_our_own_mistakes_are_not_the_worlds(connections: Connections) -> None:
    with pytest.raises(ZeroDivisionError), translated(connections.url):
        raise ZeroDivisionError
