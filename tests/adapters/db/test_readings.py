"""The contract of the readings, on the stand-in, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from tests.adapters.db.contract_readings import HOUR, ReadingsContract, buckets, pulse, samples
from tests.adapters.db.making import KOMMUNE, PENDANT, at, run
from tests.fakes_store import FakeReadingStore
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.reading_days import drop_reading_days
from workstation.adapters.db.reading_store import SqlReadingStore
from workstation.adapters.db.reading_writer import SqlReadingWriter
from workstation.adapters.system.clock import SystemClock
from workstation.application.ports import Removed
from workstation.domain.names import DeviceName


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

    def test_a_day_is_a_partition_that_is_dropped_whole(
        self, database: Database, connections: Connections
    ) -> None:
        today = SystemClock().now().replace(hour=12, minute=0, second=0, microsecond=0)
        days = [today - timedelta(days=ago) for ago in (40, 39, 1, 0)]
        far = [today - timedelta(days=900), today + timedelta(days=900)]
        writer = database.reading_writer()
        writer.write([replace(pulse(0, 70.0), at=one) for one in (*days, *far)], [])
        writer.close()
        with connections.writing() as connection:
            began = days[0].replace(hour=0)
            assert drop_reading_days(connection, days[1]) == Removed(
                count=1, earliest=began, latest=began + timedelta(days=1)
            )
            assert drop_reading_days(connection, today - timedelta(days=30)).count == 1
        stored = database.readings.samples(
            KOMMUNE, PENDANT, "pulse", start=far[0], end=far[1] + timedelta(days=1)
        )
        # What a wrong clock dates far away is deleted with the rest, see retention.
        assert [one for one, _value in run(stored)] == [far[0], *days[2:], far[1]]

    def test_two_writers_never_wait_in_a_circle(self, database: Database) -> None:
        devices = [DeviceName(f"d{number}") for number in range(20)]
        failures: list[Exception] = []

        def write(names: list[DeviceName]) -> None:
            writer = database.reading_writer()
            try:
                for second in range(40):
                    writer.write([pulse(second, 1.0, name) for name in names], [])
            except Exception as error:  # noqa: BLE001 - asserted below
                failures.append(error)
            writer.close()

        threads = [
            Thread(target=write, args=(names,)) for names in (devices, devices[::-1], devices)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert failures == []
        for name in devices:
            [hour] = buckets(database.readings, HOUR, device=name)
            assert hour.count == 40
