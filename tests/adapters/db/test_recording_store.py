"""The contract of recordings, on the stand-in, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.adapters.db.contract_calls import CALL
from tests.adapters.db.contract_recordings import ENDED, RecordingsContract
from tests.adapters.db.making import START, run
from tests.fakes_recording import FakeRecordings
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.recording_store import SqlRecordings
from workstation.application.errors import NotFound, RowRefused, StoreUnavailable
from workstation.application.ports import HistoryKind

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class TestStandIn(RecordingsContract):
    @pytest.fixture
    def recordings(self) -> FakeRecordings:
        return FakeRecordings()


class TestSqlite(RecordingsContract):
    @pytest.fixture
    def recordings(self, database: Database) -> SqlRecordings:
        return database.recordings

    def test_a_call_goes_with_its_recordings_and_only_behind_their_files(
        self, database: Database
    ) -> None:
        call = replace(CALL, alarm=None, started_at=LONG_AGO)
        run(database.calls.begin(call))
        run(database.recordings.keep(replace(ENDED, started_at=LONG_AGO + timedelta(hours=1))))
        before = LONG_AGO + timedelta(minutes=1)

        def purged() -> int:
            purge = database.retention.forget_history
            return run(purge(HistoryKind.CALLS, before, at=START, by="ingest")).count

        assert purged() == 0
        run(database.recordings.removed(ENDED.id, before))
        assert purged() == 1
        with pytest.raises(NotFound):
            run(database.recordings.find(ENDED.id))

    def test_no_row_is_deleted_otherwise(self, database: Database, url: str) -> None:
        run(database.recordings.keep(ENDED))
        connections = Connections(url)
        try:
            with pytest.raises((RowRefused, StoreUnavailable)), connections.changing() as one:
                one.execute(text("DELETE FROM recording"))
        finally:
            connections.close()
        assert run(database.recordings.find(ENDED.id)) == ENDED


@pytest.mark.peer
class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
