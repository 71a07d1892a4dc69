"""Which databases are opened, which are refused, and what `migrate` makes of them."""

import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.command import upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import delete, func, insert, select, text

from tests.adapters.db.making import at, make_alarm, make_report, run
from tests.fakes import FakeClock
from workstation.adapters.db import migrations
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.db.rows import alarm_row
from workstation.adapters.db.schema import REVISIONS
from workstation.adapters.db.steps import step_row
from workstation.adapters.db.tables import ALARM, ALARM_STEP
from workstation.application.errors import RowRefused, SchemaMismatch, StoreUnavailable
from workstation.domain.names import AlarmId
from workstation.domain.steps import Repeated

Change = Callable[[str], None]


@pytest.fixture
def change(path: Path) -> Change:
    """`change(sql)` changes the file behind the program's back."""

    def do(sql: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(sql)

    return do


def open_and_close(url: str) -> None:
    Database.open(url, clock=FakeClock(), machine="test").close()


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        [(found,)] = connection.execute("SELECT version_num FROM alembic_version")
        return str(found)


def test_the_versions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert [one.revision for one in scripts.walk_revisions()][::-1] == list(REVISIONS)


@pytest.mark.parametrize("exists", [True, False])
def test_a_new_file_is_filled_by_any_command(tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "100% ny.db"
    if exists:
        path.touch()
    open_and_close(f"sqlite:///{path}")
    assert version(path) == REVISIONS[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_a_new_file_is_its_owners_only(tmp_path: Path) -> None:
    open_and_close(f"sqlite:///{tmp_path / 'new.db'}")
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


def test_what_was_stored_is_there_the_next_time(url: str) -> None:
    database = Database.open(url, clock=FakeClock(), machine="test")
    writer = database.alarm_writer()
    [filed] = writer.file([make_report()])
    writer.close()
    database.close()
    database = Database.open(url, clock=FakeClock(), machine="test")
    assert run(database.alarms.open_alarms()) == [filed.alarm]
    database.close()


def test_an_older_database_is_left_alone_until_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    older(path, "0001")
    url = f"sqlite:///{path}"
    with pytest.raises(SchemaMismatch) as refusal:
        open_and_close(url)
    assert refusal.value.reason == "older"
    assert refusal.value.facts == {
        "have": "0001",
        "want": REVISIONS[-1],
        "url": "sqlite:///older.db",
    }
    assert version(path) == "0001"
    assert migrate(url) == ("0001", REVISIONS[-1])
    open_and_close(url)
    assert migrate(url) == (REVISIONS[-1], REVISIONS[-1])


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    older(path, "0001")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE visit_step (in_the_way)")
    with pytest.raises(StoreUnavailable):
        migrate(f"sqlite:///{path}")
    assert version(path) == "0001"
    with closing(sqlite3.connect(path)) as connection:
        assert (
            connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'citizen'").fetchall()
            == []
        )


@pytest.mark.parametrize("act", [open_and_close, migrate])
def test_a_newer_database_is_refused(url: str, change: Change, act: Change) -> None:
    change("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch) as refusal:
        act(url)
    assert (refusal.value.reason, refusal.value.facts["have"]) == ("newer", "9999")


@pytest.mark.parametrize("act", [open_and_close, migrate])
@pytest.mark.parametrize("tables", ["customer", "alembic_version (version_num)"])
def test_somebody_elses_database_is_refused(tmp_path: Path, act: Change, tables: str) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE {tables if '(' in tables else tables + ' (id)'}")
    with pytest.raises(SchemaMismatch) as refusal:
        act(f"sqlite:///{path}")
    assert refusal.value.reason == "foreign"


@pytest.mark.parametrize("act", [open_and_close, migrate])
def test_a_file_that_is_no_database(tmp_path: Path, act: Change) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Kære borger, " * 100)
    with pytest.raises(StoreUnavailable) as failure:
        act(f"sqlite:///{path}")
    assert failure.value.reason == "corrupt"
    assert path.read_text().startswith("Kære borger")


def test_alarms_and_steps_stay_when_their_tables_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    older(path, "0004")
    url = f"sqlite:///{path}"
    alarms = [make_alarm(code=str(n), raw=b"\0" * 3000) for n in range(2)]
    steps = [(alarm.id, Repeated(at=at(n), text="æ")) for n in range(3) for alarm in alarms]
    connections = Connections(url)
    with connections.writing() as connection:
        for alarm in alarms:
            connection.execute(insert(ALARM), alarm_row(alarm, alarm.code))
        for alarm_id, step in steps:
            connection.execute(insert(ALARM_STEP), step_row(alarm_id, step))
    before = rows_of_alarms(connections)
    assert migrate(url) == ("0004", REVISIONS[-1])
    assert rows_of_alarms(connections) == before
    with connections.writing() as connection:
        connection.execute(insert(ALARM_STEP), step_row(*steps[0]))
        assert connection.scalar(select(func.max(ALARM_STEP.c.seq))) == len(steps) + 1
    with pytest.raises(RowRefused), connections.writing() as connection:
        connection.execute(delete(ALARM_STEP))
    with pytest.raises(RowRefused), connections.writing() as connection:
        connection.execute(insert(ALARM_STEP), step_row(AlarmId("unknown"), steps[0][1]))
    connections.close()


def rows_of_alarms(connections: Connections) -> list[tuple[object, ...]]:
    with connections.reading() as connection:
        tables = [select(table).order_by(text("1")) for table in (ALARM, ALARM_STEP)]
        return [tuple(row) for query in tables for row in connection.execute(query)]


def older(path: Path, revision: str) -> None:
    """Make a file as an older program left it."""
    connections = Connections(f"sqlite:///{path}")
    with connections.writing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        upgrade(config, revision)
    connections.close()
