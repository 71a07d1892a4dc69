"""The contract of the alarms, on the stand-ins, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.adapters.db.contract_alarms import AlarmsContract
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter
from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.database import Database


class TestFakes(AlarmsContract):
    @pytest.fixture
    def store(self) -> FakeAlarmStore:
        return FakeAlarmStore()

    @pytest.fixture
    def writer(self, store: FakeAlarmStore) -> FakeAlarmWriter:
        return FakeAlarmWriter(store)


class TestSqlite(AlarmsContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlAlarmStore:
        return database.alarms

    @pytest.fixture
    def writer(self, database: Database) -> Iterator[SqlAlarmWriter]:
        writer = database.alarm_writer()
        yield writer
        writer.close()


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
