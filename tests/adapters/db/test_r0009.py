"""Looks from the time without chains are taken into one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.command import upgrade
from alembic.config import Config
from sqlalchemy import column, insert, table

from tests.adapters.db.making import KOMMUNE, at, run
from tests.fakes import FakeClock
from tests.peers.postgres import Postgres
from workstation.adapters.db import migrations
from workstation.adapters.db.columns import Moment
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.db.register_tables import CITIZEN
from workstation.domain.access import Look, Looked
from workstation.domain.chain import START, faults
from workstation.domain.names import AlarmId, CitizenId, Operator

COLUMNS = ("operator", "citizen", "what", "alarm")
OTHERS = ("address", "postcode", "city", "access", "notes")
LOOKS = (("anna", "c1", "card", "a1"), ("bo", "c2", "cpr", None), ("anna", "c1", "edit", None))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty place of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'older.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def older(url: str) -> None:
    """Make a database as an older program left it: three looks, one of them at nobody of ours."""
    connections = Connections(url)
    with connections.changing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        upgrade(config, "0008")
    with connections.writing() as connection:
        person = {"id": "c1", "kommune": KOMMUNE, "name": "Inger"}
        connection.execute(insert(CITIZEN), {**dict.fromkeys(OTHERS, ""), **person})
        old = table("access_log", *map(column, (*COLUMNS, "why")), column("at", Moment))
        for seconds, look in enumerate(LOOKS):
            row = dict(zip(COLUMNS, look, strict=True))
            connection.execute(insert(old), {**row, "why": "", "at": at(-seconds)})
    connections.close()


def test_old_looks_are_taken_into_a_chain(url: str) -> None:
    older(url)
    migrate(url)
    database = Database.open(url, clock=FakeClock(), machine="test")
    entries = run(database.access.entries("before-0009", after=0, most=9))
    looks = run(database.register.looks(CitizenId("c1")))
    run(database.access.log(looks[0]))
    database.close()
    assert [entry.operator for entry in entries] == ["anna", "bo", "anna"]
    assert [entry.kommune for entry in entries] == [KOMMUNE, None, KOMMUNE]
    assert list(faults(entries, START)) == []
    assert looks[-1] == Look(
        at=at(0),
        operator=Operator("anna"),
        citizen=CitizenId("c1"),
        what=Looked.CARD,
        alarm=AlarmId("a1"),
    )
