"""Facts for the database's tests, with what a test does not care about filled in."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from workstation.application.ports import Report
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune, Operator

T = TypeVar("T")

START = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
ANNA = Operator("anna")
KOMMUNE = Kommune("0510")
PENDANT = DeviceName("pendant-17")

_numbers = count(1)


def run(act: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(act)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def make_alarm(**fields: Any) -> Alarm:
    number = next(_numbers)
    told: dict[str, Any] = {
        "id": AlarmId(f"a{number:06}"),
        "kind": Kind.EMERGENCY,
        "code": "sos",
        "text": "SOS",
        "device": PENDANT,
        "kommune": KOMMUNE,
        "source": Source.HUB,
        "raised_at": START,
        "received_at": START,
        **fields,
    }
    return Alarm(**told)


def make_report(alarm: Alarm | None = None, **fields: Any) -> Report:
    alarm = alarm or make_alarm()
    told: dict[str, Any] = {
        "topic": f"hub/v1/{alarm.kommune}/{alarm.device}/alarm",
        "body_hash": f"hash of {alarm.id}",
        **fields,
    }
    return Report(alarm=alarm, **told)


def make_level(active: bool, **fields: Any) -> Report:
    """The state `sos` of the pendant, or of the device told."""
    alarm = make_alarm(**fields)
    name = f"{alarm.source}/{alarm.kommune}/{alarm.device}/{alarm.code}"
    return make_report(alarm, level=name, active=active)


def taken(alarm: Alarm) -> Alarm:
    return replace(alarm, state=State.TAKEN, taken_by=ANNA, taken_at=alarm.received_at, version=1)
