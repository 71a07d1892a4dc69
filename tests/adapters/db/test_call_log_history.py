"""The contract of the call log's history, on the stand-in, on SQLite and on PostgreSQL."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.adapters.db.contract_call_history import (
    ALL,
    CAME_IN,
    TALKED,
    CallHistoryContract,
    Fill,
    any_query,
    fill_with_any,
    ids,
)
from tests.adapters.db.making import ANNA, START, at, make_alarm, make_report, run
from tests.fakes_calls import FakeCallHistory
from workstation.adapters.db.call_log_counts import counted
from workstation.adapters.db.call_log_history import SqlCallHistory
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.application.errors import NotFound, RowRefused
from workstation.application.ports import HistoryKind
from workstation.domain.call import CallRecord
from workstation.domain.call_history import Added, Addition, CallQuery, Drawn
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CallId

SAID = Addition(call=TALKED.id, at=at(9000), by=ANNA, what=Added.NOTE, text="x")


class TestFake(CallHistoryContract):
    @pytest.fixture
    def history(self) -> FakeCallHistory:
        return FakeCallHistory()

    @pytest.fixture
    def fill(self, history: FakeCallHistory) -> Fill:
        return lambda record: history.records.update({record.id: record})


class TestSqlite(CallHistoryContract):
    @pytest.fixture
    def history(self, database: Database) -> SqlCallHistory:
        return database.call_history

    @pytest.fixture
    def fill(self, database: Database) -> Fill:
        return lambda record: run(database.calls.begin(record))

    def test_whose_call_it_is_is_kept_with_it(
        self, database: Database, connections: Connections
    ) -> None:
        alarm = make_alarm(id=AlarmId("of"), kind=Kind.MEDICATION)
        writer = database.alarm_writer()
        writer.file([make_report(alarm)])
        writer.close()
        call = CallRecord(
            id=CallId("k9"), operator=ANNA, target="1", started_at=START, alarm=alarm.id
        )
        run(database.calls.begin(call))
        found = run(database.call_history.find(call.id)).record
        assert (found.kommune, found.kind) == (alarm.kommune, Kind.MEDICATION)

    @pytest.mark.parametrize("edit", ["DELETE FROM {}", "UPDATE {} SET by = 'x'"])
    @pytest.mark.parametrize("table", ["call_addition", "call_draw"])
    def test_what_was_added_stands_for_ever(
        self, history: SqlCallHistory, connections: Connections, table: str, edit: str
    ) -> None:
        run(history.add(SAID))
        draw = Drawn(month="2026-03", operator=ANNA, place=0, call=TALKED.id, at=at(1), by=ANNA)
        run(history.keep_draws([draw]))
        with pytest.raises(RowRefused), connections.writing() as connection:
            connection.execute(text(edit.format(table)))

    def test_it_is_purged_with_its_call(
        self, database: Database, history: SqlCallHistory, connections: Connections
    ) -> None:
        run(history.add(SAID))
        draw = Drawn(month="2026-03", operator=ANNA, place=0, call=TALKED.id, at=at(1), by=ANNA)
        run(history.keep_draws([draw]))
        # Of a call whose alarm is gone, and no younger one.
        removed = run(
            database.retention.forget_history(
                HistoryKind.CALLS, at(1), at=START + timedelta(days=40), by="desk-1"
            )
        )
        assert removed.count == 1
        with pytest.raises(NotFound):
            run(history.find(TALKED.id))
        with connections.reading() as connection:
            for table in ("call_addition", "call_draw"):
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0

    def test_led_through_the_indexes_it_counts_as_the_stand_in_does(
        self, history: SqlCallHistory, fill: Fill, connections: Connections
    ) -> None:
        """As it does on SQLite where there are many: from second to second, sorting nothing."""
        chance = random.Random(8)
        plain = FakeCallHistory({record.id: record for record in ALL})
        fill_with_any(chance, plain, history, fill)
        with connections.reading() as connection:
            for _ in range(60):
                query = any_query(chance)
                assert counted(connection, query, few=0) == run(plain.counts(query)), query

    def test_a_name_longer_than_an_index_of_a_server_takes(self, fill: Fill) -> None:
        long = "".join(chr(ord("a") + number * 7 % 26) for number in range(9000))
        fill(replace(CAME_IN, id=CallId("k9"), name=f"{long} Æbleø", sip_reason=long))

    def test_what_was_purged_is_neither_found_nor_counted(
        self, database: Database, history: SqlCallHistory
    ) -> None:
        run(
            database.retention.forget_history(
                HistoryKind.CALLS, at(3601), at=START + timedelta(days=40), by="desk-1"
            )
        )
        assert ids(history, CallQuery(text="busy")) == []
        assert run(history.counts(CallQuery())).calls == 2


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
