"""The contract of the readings, on the stand-in, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.adapters.db.contract_readings import ReadingsContract, pulse, samples
from tests.adapters.db.making import at
from tests.fakes_store import FakeReadingStore
from workstation.adapters.db.database import Database
from workstation.adapters.db.reading_store import SqlReadingStore
from workstation.adapters.db.reading_writer import SqlReadingWriter


class TestFake(ReadingsContract):
    @pytest.fixture
    def store(self) -> FakeReadingStore:
        return FakeReadingStore()

    @pytest.fixture
    def writer(self, store: FakeReadingStore) -> FakeReadingStore:
        return store


class TestSqlite(ReadingsContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlReadingStore:
        return database.readings

    @pytest.fixture
    def writer(self, database: Database) -> Iterator[SqlReadingWriter]:
        writer = database.reading_writer()
        yield writer
        writer.close()

    def test_a_new_writer_knows_the_series_of_the_one_before(
        self, writer: SqlReadingWriter, store: SqlReadingStore, database: Database
    ) -> None:
        writer.write([pulse(0, 1)], [])
        other = database.reading_writer()
        other.write([pulse(1, 2)], [])
        other.close()
        assert samples(store, 0, 9) == [(at(0), 1), (at(1), 2)]

    def test_thousands_in_one_batch(self, writer: SqlReadingWriter, store: SqlReadingStore) -> None:
        for shift in (0, 1):
            writer.write([pulse(second, second + shift) for second in range(3000)], [])
        assert samples(store, 0, 9999) == [(at(second), second + 1) for second in range(3000)]


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
