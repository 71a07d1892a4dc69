"""The contract of reminders, on the stand-in, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest

from tests.adapters.db.contract_reminders import FULL, RemindersContract
from tests.adapters.db.making import run
from tests.fakes_calls import FakeReminders
from workstation.adapters.db.database import Database
from workstation.adapters.db.reminder_store import SqlReminders


class TestFake(RemindersContract):
    @pytest.fixture
    def reminders(self) -> FakeReminders:
        return FakeReminders()


class TestSqlite(RemindersContract):
    @pytest.fixture
    def reminders(self, database: Database) -> SqlReminders:
        return database.reminders

    def test_another_desk_sees_them(self, open_database: Callable[..., Database]) -> None:
        here, there = open_database("desk-1").reminders, open_database("desk-2").reminders
        run(here.put(FULL))
        assert run(there.listed()) == [FULL]
        run(there.forget(FULL))
        assert run(here.listed()) == []


@pytest.mark.peer
class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
