"""Something in every table, of two kommuner: whatever is of 0510 has 510 in it somewhere."""

from __future__ import annotations

import asyncio

from tests.builders import NOW, a_visit
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.application.ports import DeviceHealth, RegisterEntry, Report
from workstation.application.reminders import Reminder
from workstation.domain.access import Look, Looked
from workstation.domain.alarm import Alarm
from workstation.domain.call import CallRecord
from workstation.domain.call_history import Added, Addition, Drawn
from workstation.domain.citizen import Citizen, Contact, Device, Relation
from workstation.domain.kind import Kind, Source
from workstation.domain.names import (
    AlarmId,
    CallId,
    CitizenId,
    DeviceName,
    Kommune,
    Operator,
    VisitId,
)
from workstation.domain.recording import Recording, RecordingId
from workstation.domain.rights import Role
from workstation.domain.steps import Taken
from workstation.domain.telemetry import Sample
from workstation.domain.user import User


def fill(url: str, kommune: str) -> None:
    """Use every store of the product once for that kommune."""
    asyncio.run(_fill(url, Kommune(kommune)))


async def _fill(url: str, kommune: Kommune) -> None:
    database = Database(url, clock=FakeClock(), machine=f"machine-{kommune}")
    try:
        citizen = CitizenId(f"citizen-{kommune}")
        await _register(database, kommune, citizen)
        alarm = _alarms(database, kommune, citizen)
        await database.alarms.save(
            alarm.after(Taken(at=NOW, by=Operator("Anna"))),
            Taken(at=NOW, by=Operator("Anna")),
            expected_version=alarm.version,
        )
        _readings(database, kommune)
        await _day(database, kommune, citizen, alarm)
        await _people(database, kommune)
    finally:
        database.close()


async def _register(database: Database, kommune: Kommune, citizen: CitizenId) -> None:
    karen = Citizen(
        id=citizen,
        kommune=kommune,
        name=f"Karen {kommune}",
        numbers=(f"+457400{kommune}",),
        contacts=(
            Contact(
                name=f"Ole {kommune}", relation=Relation.RELATIVE, numbers=(f"+457500{kommune}",)
            ),
        ),
        instructions={Kind.EMERGENCY: f"Ring {kommune}"},
    )
    device = Device(name=DeviceName(f"pendant-{kommune}"), kommune=kommune, citizen=citizen)
    await database.register.put([RegisterEntry(citizen=karen, cpr=f"010150-{kommune}")], [device])
    look = Look(at=NOW, operator=Operator("Anna"), citizen=citizen, what=Looked.CPR)
    await database.register.cpr(citizen, look)


def _alarms(database: Database, kommune: Kommune, citizen: CitizenId) -> Alarm:
    device = DeviceName(f"pendant-{kommune}")
    alarm = Alarm(
        id=AlarmId(f"alarm-{kommune}"), kind=Kind.EMERGENCY, code="sos", text=f"SOS {kommune}",
        device=device, kommune=kommune, source=Source.HUB, raised_at=NOW, received_at=NOW,
        citizen=citizen,
    )  # fmt: skip
    topic = f"hub/v1/{kommune}/{device}/alarm"
    key = f"hub/{kommune}/{device}/1"
    writer = database.alarm_writer()
    try:
        (filed,) = writer.file([Report(alarm=alarm, topic=topic, body_hash=f"h{kommune}", key=key)])
        offline = Alarm(
            id=AlarmId(f"level-{kommune}"), kind=Kind.TECHNICAL, code="offline", text="",
            device=device, kommune=kommune, source=Source.HUB, raised_at=NOW, received_at=NOW,
        )  # fmt: skip
        level = f"hub/{kommune}/{device}/offline"
        writer.file(
            [Report(alarm=offline, topic=topic, body_hash=f"l{kommune}", level=level, active=True)]
        )
    finally:
        writer.close()
    assert filed.alarm is not None
    return filed.alarm


def _readings(database: Database, kommune: Kommune) -> None:
    device = DeviceName(f"pendant-{kommune}")
    writer = database.reading_writer()
    try:
        samples = [
            Sample(kommune=kommune, device=device, channel="pulse", at=NOW, value=float(kommune))
        ]
        health = [
            DeviceHealth(kommune=kommune, device=device, heard_at=NOW, battery=float(kommune))
        ]
        writer.write(samples, health)
        writer.write(samples, health)
    finally:
        writer.close()


async def _day(database: Database, kommune: Kommune, citizen: CitizenId, alarm: Alarm) -> None:
    for name, of_alarm in (("call", alarm.id), ("other", None)):
        call = CallRecord(
            id=CallId(f"{name}-{kommune}"), operator=Operator("Anna"), target=f"+457400{kommune}",
            started_at=NOW, alarm=of_alarm, citizen=citizen, whom="",
        )  # fmt: skip
        await database.calls.begin(call)
        await _reviewed(database, call)
    again = Reminder(
        at=NOW, target=f"+457400{kommune}", whom="citizen", by=Operator("Anna"), citizen=citizen,
        kommune=kommune,
    )  # fmt: skip
    await database.reminders.put(again)
    recorded = Recording(
        id=RecordingId(f"recording-{kommune}"), call=CallId(f"call-{kommune}"), kommune=kommune,
        started_at=NOW, key="a key", citizen=citizen,
    )  # fmt: skip
    await database.recordings.keep(recorded)
    visit = a_visit(id=VisitId(f"visit-{kommune}"), citizen=citizen, kommune=kommune)
    await database.round.put([visit])
    await database.round.save(visit, expected_version=visit.version)


async def _reviewed(database: Database, call: CallRecord) -> None:
    said = Addition(call=call.id, at=NOW, by=call.operator, what=Added.REVIEW, text="")
    await database.call_history.add(said)
    drawn = Drawn(
        month="2026-03", operator=Operator(call.id), place=0, call=call.id, at=NOW, by=call.operator
    )
    await database.call_history.keep_draws([drawn])


async def _people(database: Database, kommune: Kommune) -> None:
    user = User(
        name=Operator(f"anna{kommune}"), display=f"Anna {kommune}", role=Role.OPERATOR,
        kommuner=frozenset({kommune}), created_at=NOW, created_by=Operator("it"),
        changed_at=NOW, changed_by=Operator("it"),
    )  # fmt: skip
    await database.users.add(user, "$argon2id$a-hash")
