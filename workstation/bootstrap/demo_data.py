"""Fills an empty demo database: citizens, devices, a month of alarms and readings, today's round."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from workstation.adapters.db.database import Database
from workstation.adapters.simulated import curves, day, equipment, history, people
from workstation.adapters.simulated.devices import Scenario
from workstation.application.ids import new_id
from workstation.application.ports import AlarmWriter, DeviceHealth, Report
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device, DeviceClass
from workstation.domain.kind import Source
from workstation.domain.names import AlarmId, Operator
from workstation.domain.telemetry import Sample

_MEASURING = (DeviceClass.PULSE_WATCH, DeviceClass.CLIMATE_SENSOR)


async def fill(
    database: Database, *, scenario: Scenario, seed: int, now: datetime, zone: tzinfo, me: Operator
) -> list[Device]:
    """Fill the database where it is empty, make today's round, and return the devices."""
    entries = people.people(seed)
    devices = equipment.equipment(entries, seed)
    if not await database.register.citizens():
        await database.register.put(entries, devices)
        _fill_readings(database, devices, now, seed)
        await _fill_alarms(database, history.last_month(devices, now, seed))
        waiting = history.waiting_now(devices, now, only=scenario.opening, alone=scenario.alone)
        await _fill_alarms(database, waiting)
    today = now.astimezone(zone).date()
    citizens = [entry.citizen for entry in entries]
    for one in (today, today + timedelta(days=1)):
        await database.round.put(
            day.day_round(citizens, day=one, now=now, zone=zone, me=me, seed=seed)
        )
    return devices


def _fill_readings(database: Database, devices: Iterable[Device], now: datetime, seed: int) -> None:
    writer = database.reading_writer()
    try:
        for device in devices:
            chance = random.Random(f"{seed} {device.name}")  # noqa: S311 - made-up readings
            if device.device_class in _MEASURING:
                writer.write(_samples(device, now, chance), [])
            health = DeviceHealth(
                kommune=device.kommune,
                device=device.name,
                heard_at=now,
                battery=float(chance.randint(30, 99)),
                link=float(chance.randint(40, 180)),
                online=True,
            )
            writer.write([], [health])
    finally:
        writer.close()


def _samples(device: Device, now: datetime, chance: random.Random) -> list[Sample]:
    return [
        Sample(kommune=device.kommune, device=device.name, channel=channel, at=at, value=value)
        for at, values in curves.past(device.name, now, chance)
        for channel, value in values.items()
    ]


async def _fill_alarms(database: Database, stories: Iterable[history.Story]) -> None:
    writer = database.alarm_writer()
    try:
        for story in stories:
            await _live_through(database, writer, story)
    finally:
        writer.close()


async def _live_through(database: Database, writer: AlarmWriter, story: history.Story) -> None:
    """Raise the story's alarm and take its steps, by the rules everybody else is bound to."""
    raised = _raised(story)
    report = Report(alarm=raised, topic=f"demo/{raised.device}", body_hash=raised.id)
    alarm = writer.file([report])[0].alarm
    if alarm is None or alarm.id != raised.id:
        return
    for step in story.steps:
        after = alarm.after(step)
        await database.alarms.save(after, step, expected_version=alarm.version)
        alarm = after


def _raised(story: history.Story) -> Alarm:
    device = story.device
    alarm = Alarm(
        id=AlarmId(new_id(story.at)),
        kind=story.event.kind,
        code=story.event.code,
        text=story.event.text,
        device=device.name,
        kommune=device.kommune,
        source=Source.HUB,
        raised_at=story.at,
        received_at=story.at,
        citizen=device.citizen,
        location=device.location or None,
    )
    raw = f'{{"kind": "{alarm.kind}", "code": "{alarm.code}", "at": "{story.at.isoformat()}"}}'
    return replace(alarm, raw=raw.encode())
