"""The contract of who is who at a provider, on the stand-in, SQLite and PostgreSQL; and two desks at once."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.adapters.db.contract_identities import ANNA, BOUND, IdentitiesContract
from tests.adapters.db.making import run
from tests.fakes import FakeClock
from tests.fakes_identity import FakeIdentities
from tests.fakes_people import FakeUserStore
from workstation.adapters.db.database import Database
from workstation.adapters.db.identity_store import SqlIdentities
from workstation.adapters.db.user_store import SqlUserStore
from workstation.domain.user import UserRefused

Stores = tuple[SqlUserStore, SqlIdentities]
AT_ONCE = 6


class TestFake(IdentitiesContract):
    @pytest.fixture
    def stores(self) -> tuple[FakeUserStore, FakeIdentities]:
        users = FakeUserStore()
        return users, FakeIdentities(users)


class TestSqlite(IdentitiesContract):
    @pytest.fixture
    def stores(self, database: Database) -> Stores:
        return database.users, database.identities


class TestPostgres(IdentitiesContract):
    @pytest.fixture
    def stores(self, postgres_url: str) -> Iterator[Stores]:
        with closing(Database.open(postgres_url, clock=FakeClock(), machine="m")) as database:
            yield database.users, database.identities


@pytest.fixture(params=["sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("url" if request.param == "sqlite" else "postgres_url"))


def test_several_desks_see_somebody_for_the_first_time(any_url: str) -> None:
    def bind(machine: int) -> str:
        with closing(Database.open(any_url, clock=FakeClock(), machine=f"m{machine}")) as database:
            try:
                asyncio.run(database.identities.bind(BOUND, ANNA))
            except UserRefused as refused:
                return refused.reason
        return "bound"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = sorted(pool.map(bind, range(AT_ONCE)))
    assert results == ["bound", *["exists"] * (AT_ONCE - 1)]
    with closing(Database.open(any_url, clock=FakeClock(), machine="m")) as database:
        assert len(run(database.users.steps("anna"))) == 1
