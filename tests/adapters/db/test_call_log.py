"""The contract of the call log, on the stand-in, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from tests.adapters.db.contract_calls import CALL, ENDED, MISSED, CallsContract
from tests.adapters.db.making import ANNA, START, at, make_alarm, make_report, run
from tests.fakes_store import FakeCallLog
from workstation.adapters.db.call_log import SqlCallLog
from workstation.adapters.db.database import Database
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId
from workstation.domain.steps import Resolved, Taken


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

    def test_a_withheld_number_goes_with_its_alarm(self, database: Database) -> None:
        hidden = replace(
            MISSED, target="sip:anonymous@anonymous.invalid", citizen=None, alarm=AlarmId("a1")
        )
        alarm = make_alarm(id=AlarmId("a1"))
        with closing(database.alarm_writer()) as writer:
            writer.file([make_report(alarm)])
        run(database.calls.complete(hidden))
        assert [one.call.id for one in run(database.calls.missed(since=START))] == ["m1"]
        step = Resolved(at=at(200), by=ANNA, outcome=Outcome.SOLVED_BY_PHONE)
        taken = Taken(at=at(150), by=ANNA)
        stored = run(database.alarms.find(alarm.id))
        after = stored.after(taken).after(step)
        run(database.alarms.save_all(after, [taken, step], expected_version=stored.version))
        assert run(database.calls.missed(since=START)) == []

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
