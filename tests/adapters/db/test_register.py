"""The contract of the register, on the stand-in, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select

from tests.adapters.db.contract_register import INGER, RegisterContract
from tests.adapters.db.making import run
from tests.fakes_store import FakeRegister
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.register import SqlRegister
from workstation.adapters.db.register_tables import PHONE_NUMBER
from workstation.application.ports import RegisterEntry


class TestFake(RegisterContract):
    @pytest.fixture
    def register(self) -> FakeRegister:
        return FakeRegister()


class TestSqlite(RegisterContract):
    @pytest.fixture
    def register(self, database: Database) -> SqlRegister:
        return database.register

    def test_a_number_leads_to_everybody_who_has_it(
        self, register: SqlRegister, connections: Connections
    ) -> None:
        """For incoming calls: 0 is the citizen, 3 the third to call."""
        run(register.put([RegisterEntry(citizen=INGER)], []))
        query = select(PHONE_NUMBER.c.citizen, PHONE_NUMBER.c.whom).where(
            PHONE_NUMBER.c.number == "+4500000001"
        )
        with connections.reading() as connection:
            assert set(connection.execute(query)) == {(INGER.id, 0), (INGER.id, 3)}


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
