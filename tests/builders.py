"""Values with everything a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from workstation.application.ports import Hub, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, Operator
from workstation.domain.round import Visit, VisitKind
from workstation.domain.signal import Message

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
ANNA, BO = Operator("Anna"), Operator("Bo")
HADERSLEV, HJORRING = Kommune("0510"), Kommune("0860")


def an_alarm(name: str = "a1", **fields: object) -> Alarm:
    """Return an untaken emergency from a pendant."""
    alarm = Alarm(
        id=AlarmId(name),
        kind=Kind.EMERGENCY,
        code="pendant",
        text="",
        device=DeviceName("pendant-1"),
        kommune=HADERSLEV,
        source=Source.HUB,
        raised_at=NOW,
        received_at=NOW,
    )
    return replace(alarm, **fields)


def a_report(alarm: Alarm | None = None, **fields: object) -> Report:
    """Return the report that raises `alarm`."""
    alarm = alarm or an_alarm()
    report = Report(alarm=alarm, topic="hub/v1/0510/pendant-1/alarm", body_hash=alarm.id)
    return replace(report, **fields)


def a_message(
    payload: bytes | str, topic: str = "hub/v1/0510/pendant-1/alarm", **fields: object
) -> Message:
    """Return a message that came just now."""
    body = payload.encode() if isinstance(payload, str) else payload
    message = Message(topic=topic, payload=body, received_at=NOW)
    return replace(message, **fields)


def a_visit(**fields: object) -> Visit:
    """Return a planned screen visit at NOW."""
    visit = Visit(
        id="v1",
        at=NOW,
        citizen=CitizenId("c1"),
        kommune=HADERSLEV,
        kind=VisitKind.SCREEN_VISIT,
        length=timedelta(minutes=4),
    )
    return replace(visit, **fields)


def a_hub(**fields: object) -> Hub:
    """Return a hub of two kommuner that waits a minute before it escalates."""
    hub = Hub(
        kommuner=(HADERSLEV, HJORRING),
        escalate_after=dict.fromkeys(Kind, timedelta(seconds=60)),
        untouched_after=dict.fromkeys(Kind, timedelta(minutes=10)),
    )
    return replace(hub, **fields)
