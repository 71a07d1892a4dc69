"""The contract of the round, on the stand-in, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select

from tests.adapters.db.contract_round import CHECK, STARTED, RoundContract
from tests.adapters.db.making import ANNA, at, run
from tests.fakes import FakeClock
from tests.fakes_store import FakeRoundStore
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.day_tables import VISIT_STEP
from workstation.adapters.db.round_store import SqlRoundStore
from workstation.domain.round import Reason, VisitState


class TestFake(RoundContract):
    @pytest.fixture
    def visits(self) -> FakeRoundStore:
        return FakeRoundStore()


class TestSqlite(RoundContract):
    @pytest.fixture
    def visits(self, database: Database) -> SqlRoundStore:
        return database.round

    def test_every_change_is_kept(
        self, visits: SqlRoundStore, connections: Connections, clock: FakeClock
    ) -> None:
        run(visits.put([CHECK]))
        run(visits.save(STARTED, expected_version=0))
        later = clock.advance(60)
        stopped = STARTED.moved(
            VisitState.CANCELLED, at=at(50), by=ANNA, reason=Reason.HOSPITALISED
        )
        run(visits.save(stopped, expected_version=1))
        with connections.reading() as connection:
            rows = connection.execute(select(VISIT_STEP).order_by(VISIT_STEP.c.seq)).all()
        assert [(row.version, row.state, row.reason, row.by) for row in rows] == [
            (1, VisitState.ACTIVE, None, ANNA),
            (2, VisitState.CANCELLED, Reason.HOSPITALISED, ANNA),
        ]
        assert rows[1].saved_at == later


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
