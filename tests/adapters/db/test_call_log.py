"""The contract of the call log, on the stand-in, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest

from tests.adapters.db.contract_calls import CALL, ENDED, CallsContract
from tests.adapters.db.making import run
from tests.fakes_store import FakeCallLog
from workstation.adapters.db.call_log import SqlCallLog
from workstation.adapters.db.database import Database


class TestFake(CallsContract):
    @pytest.fixture
    def calls(self) -> FakeCallLog:
        return FakeCallLog()


class TestSqlite(CallsContract):
    @pytest.fixture
    def calls(self, database: Database) -> SqlCallLog:
        return database.calls

    def test_a_crashed_call_belongs_to_the_desk_that_placed_it(
        self, open_database: Callable[..., Database]
    ) -> None:
        here, there = open_database("desk-1").calls, open_database("desk-2").calls
        run(here.begin(CALL))
        assert run(there.unfinished()) == []
        assert run(there.listed()) == [CALL]
        assert run(here.unfinished()) == [CALL]

    def test_completing_elsewhere_leaves_whose_call_it_was(
        self, open_database: Callable[..., Database]
    ) -> None:
        here, there = open_database("desk-1").calls, open_database("desk-2").calls
        run(here.begin(CALL))
        run(there.complete(CALL))
        assert run(here.unfinished()) == [CALL]
        run(there.complete(ENDED))
        assert run(here.unfinished()) == []


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
