"""Databases as each earlier version left them, with rows in them, brought to this version."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, Connection, MetaData, insert, text

from tests.adapters.db.comparing import there
from tests.adapters.db.making import START, at, make_alarm, make_level, make_report, run
from tests.adapters.db.older_rows import LENGTH, LOOK, WRITTEN
from tests.fakes import FakeClock
from tests.peers.postgres import Postgres
from workstation.adapters.db import migrations
from workstation.adapters.db.call_words import words_of
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.db.schema import REVISIONS
from workstation.adapters.db.tables import METADATA
from workstation.application.errors import SchemaMismatch
from workstation.domain.access import Looked
from workstation.domain.alarm import State
from workstation.domain.call_history import CallQuery
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune
from workstation.domain.steps import Raised, Resolved
from workstation.domain.telemetry import Bucket

Older = Callable[[str], str]


@pytest.fixture(params=["sqlite", "postgres"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Older:
    """`older(revision)` is the URL of a database as a program of that version left it."""

    def make(revision: str) -> str:
        if request.param == "postgres":
            server: Postgres = request.getfixturevalue("postgres_server")
            name = server.create()
            request.addfinalizer(lambda: server.drop(name))
            url = server.url(name)
        else:
            url = f"sqlite:///{tmp_path / 'older.db'}"
        with closing(Connections(url)) as connections, connections.changing() as connection:
            bring_to(connection, revision)
            fill(connection, revision)
        return url

    return make


def bring_to(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    upgrade(config, revision)


def fill(connection: Connection, revision: str) -> None:
    """Write rows past the program, as the columns of that version are."""
    rows = [(name, row) for since, name, rows in WRITTEN if since <= revision for row in rows]
    if "0002" <= revision < "0009":
        rows.append(("access_log", LOOK))
    tables = MetaData()
    tables.reflect(connection)
    for name, row in rows:
        table = tables.tables[name]
        values = {
            column: ticks(value) if isinstance(table.c[column].type, BigInteger) else value
            for column, value in row.items()
        }
        if "words" in table.c:
            values["words"] = words_of({"called": "", "name": "", **row})
        if connection.dialect.name == "sqlite":
            values = {name: ticks(value) for name, value in values.items()}
        connection.execute(insert(table), values)


def ticks(value: object) -> object:
    if isinstance(value, datetime):
        return int(value.timestamp() * 1_000_000)
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


@pytest.mark.peer
@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_everything_is_there_afterwards(older: Older, revision: str) -> None:
    url = older(revision)
    with pytest.raises(SchemaMismatch) as refusal:
        Database.open(url, clock=FakeClock(), machine="desk-1")
    assert refusal.value.reason == "older"
    assert migrate(url) == (revision, REVISIONS[-1])
    with closing(Database.open(url, clock=FakeClock(), machine="desk-1")) as database:
        assert_alarms(database)
        if revision >= "0002":
            assert_register(database, has_look=revision < "0009")
        if revision >= "0003":
            assert_readings(database)
        if revision >= "0004":
            assert_day(database)
    with closing(Connections(url)) as connections, connections.reading() as connection:
        name = connection.dialect.name
        opts = {"include_name": is_no_partition, "include_object": there(name)}
        seen = MigrationContext.configure(connection, opts=opts)
        assert [one for one in compare_metadata(seen, METADATA) if not is_left_out(one)] == []
    assert migrate(url) == (REVISIONS[-1], REVISIONS[-1])


def is_no_partition(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in METADATA.tables


def is_left_out(difference: Any) -> bool:
    """Whether it is the reference from readings to series, which a server's partitions do without."""
    return bool(difference[0] == "add_fk" and difference[1].table.name == "reading")


def assert_alarms(database: Database) -> None:
    standing, closed = sorted(
        run(database.alarms.listed(everything=True, since=None)), key=lambda alarm: alarm.id
    )
    assert standing == make_alarm(id=AlarmId("a1"), citizen=CitizenId("c1"), raw=b"\x00\xff")
    assert (closed.state, closed.outcome) == (State.RESOLVED, Outcome.FALSE_ALARM)
    steps = [one.step for one in run(database.alarms.steps(closed.id))]
    assert steps[0] == Raised(at=START, text="SOS")
    assert isinstance(steps[1], Resolved)
    with closing(database.alarm_writer()) as writer:
        assert writer.levels() == {"hub/0510/d/smoke"}
        known, again, level = writer.file(
            [
                make_report(key="k1", body_hash="h1"),
                make_report(body_hash="h2", retained=True),
                make_level(active=True, device=DeviceName("d"), code="smoke"),
            ]
        )
        assert (known.known, known.alarm) == (True, standing)
        assert (again.known, again.alarm) == (True, closed)
        assert level.alarm is None
        [new] = writer.file([make_report(make_alarm(device=DeviceName("new")))])
    seq, changed = run(database.alarms.changed_since(3))
    assert (seq, changed) == (4, [new.alarm])


def assert_register(database: Database, *, has_look: bool) -> None:
    [citizen] = run(database.register.citizens())
    assert (citizen.name, citizen.access) == ("Karen", "nøgle")
    [device] = run(database.register.devices())
    assert (device.citizen, device.silent_after) == ("c1", timedelta(minutes=1))
    assert device.profile == ""
    looks = run(database.register.looks(CitizenId("c1")))
    assert [(look.what, look.at) for look in looks] == [(Looked.CPR, START)] * has_look


def assert_readings(database: Database) -> None:
    kommune, device = Kommune("0510"), DeviceName("d")
    span = {"start": START, "end": at(60)}
    found = run(database.readings.samples(kommune, device, "pulse", **span))
    assert found == [(START, 71.0)]
    width = timedelta(minutes=1)
    [bucket] = run(database.readings.buckets(kommune, device, "pulse", **span, width=width))
    assert bucket == Bucket(at=START, low=71, high=71, mean=71, count=1)
    [health] = run(database.readings.health())
    assert (health.battery, health.heard_at) == (0.5, START)


def assert_day(database: Database) -> None:
    [call] = run(database.calls.unfinished())
    assert (call.target, call.started_at) == ("+4574621048", START)
    for found_by in ("KAREN ÆRØ", "4621", "anna"):
        query = CallQuery(text=found_by)
        [found] = run(database.call_history.page(query, after=None, most=9))
        assert found.record.id == call.id
    [visit] = run(database.round.visits(START, at(1)))
    assert (visit.length, visit.kommune) == (LENGTH, "0510")


@pytest.mark.peer
def test_a_server_s_schema_is_changed_by_one_at_a_time(older: Older) -> None:
    """What fails half-way leaves the version before, whole."""
    url = older("0004")
    with closing(Connections(url)) as connections, connections.changing() as connection:
        connection.execute(text("CREATE TABLE user_account (in_the_way integer)"))
    with pytest.raises(Exception, match=r".") as failure:
        migrate(url)
    assert type(failure.value).__name__ in {"StoreUnavailable", "RowRefused"}
    with closing(Connections(url)) as connections, connections.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0004"
        assert connection.scalar(text("SELECT count(*) FROM alarm")) == 2
