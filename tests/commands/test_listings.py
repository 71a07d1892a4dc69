"""`alarms`, `calls` and `round` print what the database has, also while a desk works on it."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import ANNA, NOW, a_report, a_visit, an_alarm
from tests.commands.conftest import HubFolder
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import AlarmId, CallId, DeviceName, VisitId
from workstation.domain.steps import Resolved, Step, Taken

CONTRACT = [
    "id", "kind", "code", "text", "state", "priority", "device", "citizen", "kommune", "source",
    "raised_at", "received_at", "repeats", "taken_by", "taken_at", "outcome", "resolved_at",
    "retained", "raw",
]  # fmt: skip


@pytest.fixture
def desk(hub: HubFolder, clock: FakeClock) -> Iterator[Database]:
    """A desk that has the database open all the while."""
    database = Database.open(f"sqlite:///{hub.database}", clock=clock, machine="desk-1")
    yield database
    database.close()


def file(desk: Database, *names: str, hours: int = 0) -> None:
    writer = desk.alarm_writer()
    try:
        for name in names:
            alarm = an_alarm(
                name,
                device=DeviceName(name),
                raw=b'{"id": "x", \xff}',
                received_at=NOW + timedelta(hours=hours),
            )
            writer.file([a_report(alarm)])
    finally:
        writer.close()


def act(desk: Database, name: str, *steps: Step) -> None:
    async def all_of_them() -> None:
        for step in steps:
            alarm = await desk.alarms.find(AlarmId(name))
            after = alarm.after(step)
            await desk.alarms.save(after, step, expected_version=alarm.version)

    asyncio.run(all_of_them())


def rows(hub: HubFolder, *argv: str) -> list[dict[str, object]]:
    said = hub.run(*argv, "--json")
    assert (said.code, said.err) == (0, "")
    return [json.loads(line) for line in said.out.splitlines()]


def test_an_alarm_has_the_keys_of_the_contract(hub: HubFolder, desk: Database) -> None:
    file(desk, "a1")
    (row,) = rows(hub, "alarms")
    assert list(row)[: len(CONTRACT)] == CONTRACT
    assert row["id"] == "a1"
    assert row["kind"] == "emergency"
    assert row["state"] == "raised"
    assert row["device"] == "a1"
    assert row["kommune"] == "0510"
    assert row["repeats"] == 0
    assert row["retained"] is False
    assert row["raw"] == '{"id": "x", �}'
    assert datetime.fromisoformat(str(row["received_at"])) == NOW


def test_what_is_resolved_is_listed_with_all(hub: HubFolder, desk: Database) -> None:
    file(desk, "a1", "a2")
    at = NOW + timedelta(minutes=1)
    act(desk, "a1", Taken(at=at, by=ANNA))
    act(desk, "a1", Resolved(at=at, by=ANNA, outcome=Outcome.FALSE_ALARM))
    assert [row["id"] for row in rows(hub, "alarms")] == ["a2"]
    done = rows(hub, "alarms", "--all")[0]
    assert (done["id"], done["taken_by"], done["outcome"]) == ("a1", "Anna", "false_alarm")
    assert datetime.fromisoformat(str(done["resolved_at"])) == at


def test_since_leaves_out_what_is_older(hub: HubFolder, desk: Database) -> None:
    file(desk, "old")
    file(desk, "new", hours=2)
    since = (NOW + timedelta(hours=1)).isoformat()
    assert [row["id"] for row in rows(hub, "alarms", "--since", since)] == ["new"]
    assert rows(hub, "alarms", "--since", "1min") == []


def test_a_table_for_people(hub: HubFolder, desk: Database) -> None:
    file(desk, "a1")
    heading, line = hub.run("alarms").out.splitlines()
    assert heading.split()[:3] == ["received_at", "kind", "state"]
    assert Kind.EMERGENCY in line


def test_calls(hub: HubFolder, desk: Database) -> None:
    record = CallRecord(
        id=CallId("c1"), operator=ANNA, target="+4500620017", started_at=NOW, whom="citizen"
    )
    ended = CallRecord(
        id=CallId("c1"),
        operator=ANNA,
        target="+4500620017",
        started_at=NOW,
        whom="citizen",
        ended_at=NOW + timedelta(seconds=9),
        result=CallResult.BUSY,
        sip_code=486,
        sip_reason="Busy Here",
    )

    async def call() -> None:
        await desk.calls.begin(record)
        await desk.calls.complete(ended)

    asyncio.run(call())
    (row,) = rows(hub, "calls")
    assert (row["id"], row["result"], row["sip_code"]) == ("c1", "busy", 486)
    assert row["answered_at"] is None
    assert rows(hub, "calls", "--since", "1min") == []


def test_a_day_of_the_round_is_local(hub: HubFolder, desk: Database) -> None:
    # 23:30 UTC on the 14th is half past midnight on the 15th in Denmark.
    late = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    visits = [a_visit(id=VisitId("v1")), a_visit(id=VisitId("v2"), at=late)]
    asyncio.run(desk.round.put(visits))
    assert [row["id"] for row in rows(hub, "round", "--day", "2026-03-14")] == ["v1"]
    (row,) = rows(hub, "round", "--day", "2026-03-15")
    assert (row["id"], row["state"], row["length_min"]) == ("v2", "planned", 4)
    assert [row["id"] for row in rows(hub, "round", "--all")] == ["v1", "v2"]
    assert [row["id"] for row in rows(hub, "round", "--since", late.isoformat())] == ["v2"]
    assert rows(hub, "round") == []  # today


def test_an_empty_file_is_made_and_a_foreign_one_is_told(hub: HubFolder) -> None:
    hub.database.unlink()
    assert rows(hub, "alarms") == []
    hub.database.write_bytes(b"no database " * 100)
    said = hub.run("alarms", "--json")
    assert (said.code, said.out) == (1, "")
    assert "damaged" in said.err
    assert len(said.err.splitlines()) == 1
