"""Looks from the time without chains are taken into one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config

from tests.adapters.db.making import run
from tests.fakes import FakeClock
from workstation.adapters.db import migrations
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.domain.access import Look, Looked
from workstation.domain.chain import START, faults
from workstation.domain.names import AlarmId, CitizenId, Operator

OLD = """
INSERT INTO citizen VALUES ('c1', '0510', 'Inger', NULL, '', '', '', '', '');
INSERT INTO access_log (at, operator, citizen, what, alarm, why)
VALUES (1, 'anna', 'c1', 'card', 'a1', ''), (3, 'bo', 'c2', 'cpr', NULL, 'ambulance'),
       (2, 'anna', 'c1', 'edit', NULL, 'import x.csv');
"""


def test_old_looks_are_taken_into_a_chain(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    connections = Connections(f"sqlite:///{path}")
    with connections.writing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        upgrade(config, "0008")
    connections.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(OLD)
    migrate(f"sqlite:///{path}")
    database = Database.open(f"sqlite:///{path}", clock=FakeClock(), machine="test")
    entries = run(database.access.entries("before-0009", after=0, most=9))
    looks = run(database.register.looks(CitizenId("c1")))
    database.close()
    assert [entry.operator for entry in entries] == ["anna", "bo", "anna"]
    assert [entry.kommune for entry in entries] == ["0510", None, "0510"]
    assert list(faults(entries, START)) == []
    assert looks[0] == Look(
        at=entries[0].at,
        operator=Operator("anna"),
        citizen=CitizenId("c1"),
        what=Looked.CARD,
        alarm=AlarmId("a1"),
    )
