"""The contract of who is there, on the stand-in, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.adapters.db.contract_presence import BARE, FULL, PresenceContract
from tests.adapters.db.making import run
from tests.fakes_presence import FakePresenceStore
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.presence_store import SqlPresenceStore
from workstation.adapters.system.clock import SystemClock


class TestFake(PresenceContract):
    @pytest.fixture
    def presence(self) -> FakePresenceStore:
        return FakePresenceStore()


class TestSqlite(PresenceContract):
    @pytest.fixture
    def presence(self, database: Database) -> SqlPresenceStore:
        return database.presence

    def test_the_time_is_the_databases_of_now(self, presence: SqlPresenceStore) -> None:
        roll = run(presence.call(FULL))
        assert abs(roll.trip.told - SystemClock().now()) < timedelta(minutes=1)

    def test_two_programs_see_each_other(self, open_database: Callable[..., Database]) -> None:
        here, there = open_database("desk-1").presence, open_database("desk-2").presence
        run(here.call(FULL))
        assert [row.desk for row in run(there.call(BARE)).presences] == [FULL.desk, BARE.desk]

    def test_what_was_seen_a_day_ago_is_not_told_and_is_kept_for_a_week(
        self, presence: SqlPresenceStore, url: str
    ) -> None:
        told = run(presence.call(FULL)).trip.told
        back = "interval '25 hours'" if url.startswith("postgres") else f"{25 * 3600 * 10**6}"
        connections = Connections(url)
        with connections.writing() as connection:
            connection.execute(text(f"UPDATE presence SET seen_at = seen_at - {back}"))
        connections.close()
        assert [row.desk for row in run(presence.call(BARE)).presences] == [BARE.desk]
        assert run(presence.forget(timedelta(days=7))) == 0
        assert told is not None
        assert run(presence.forget(timedelta(days=1))) == 1


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
