"""The contract of the users' store, on the stand-in, SQLite and PostgreSQL; and races for a lock."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.adapters.db.contract_users import ANNA, TRY, UserStoreContract
from tests.adapters.db.making import at, run
from tests.fakes import FakeClock
from tests.fakes_people import FakeUserStore
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.user_store import SqlUserStore
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.domain.tries import Throttle, Tried

AT_ONCE = 20
THROTTLE = Throttle(tries=5, lock=timedelta(minutes=15))


class TestFake(UserStoreContract):
    @pytest.fixture
    def users(self) -> FakeUserStore:
        return FakeUserStore()


class TestSqlite(UserStoreContract):
    @pytest.fixture
    def users(self, database: Database) -> SqlUserStore:
        return database.users


class TestPostgres(UserStoreContract):
    @pytest.fixture
    def users(self, postgres_url: str) -> Iterator[SqlUserStore]:
        database = Database.open(postgres_url, clock=FakeClock(), machine="m")
        yield database.users
        database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("url" if request.param == "sqlite" else "postgres_url"))


def test_of_many_attempts_at_once_no_more_are_tried_than_may_fail(any_url: str) -> None:
    """Twenty programs with a password list each, at once: five are tried, whoever is first."""

    def attack(_number: int) -> Tried | None:
        with closing(Database.open(any_url, clock=FakeClock(), machine="m")) as database:
            for _again in range(100):
                try:
                    stood = asyncio.run(database.users.admit(TRY, THROTTLE))
                except StoreUnavailable:
                    continue  # SQLite's turn did not come in time
                return Tried.LOCKED if stood.busy else stood.refusal
        raise AssertionError("no turn came")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        refused = list(pool.map(attack, range(AT_ONCE)))
    assert refused.count(None) == THROTTLE.tries
    with closing(Database.open(any_url, clock=FakeClock(), machine="m")) as database:
        assert len(run(database.users.attempts(at(0)))) == THROTTLE.tries


@pytest.mark.parametrize("edit", ["DELETE FROM {}", "UPDATE {} SET at = at"])
@pytest.mark.parametrize("table", ["user_step", "sign_in_attempt"])
def test_what_was_done_and_tried_stands_for_ever(any_url: str, table: str, edit: str) -> None:
    with closing(Database.open(any_url, clock=FakeClock(), machine="m")) as database:
        run(database.users.add(ANNA, "hash"))
        run(database.users.log([replace(TRY, result=Tried.WRONG)]))
    with closing(Connections(any_url)) as connections:
        with pytest.raises(RowRefused), connections.writing() as connection:
            connection.execute(text(edit.format(table)))
        with connections.reading() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1
