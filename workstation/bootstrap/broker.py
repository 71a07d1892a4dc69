"""From settings to sessions at the broker, and the receipts that go back to transmitters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.system.machine import machine_id
from workstation.application.ports import Clock, MessageFeed, Report
from workstation.bootstrap.secrets import secret
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName, Kommune
from workstation.settings import Settings
from workstation.wire import hub_writer
from workstation.wire.hub_writer import ReceiptState

ALARMS, READINGS = "alarms", "readings"
"""The parts of the broker's messages, each with a session of its own; as in `[parts]`."""

_SHARED_EXPIRY: Final = timedelta(seconds=60)
"""A broker goes on giving a member of a group its share while it is away: not for long, please."""


def address(settings: Settings, role: str, instance: str) -> Address:
    """Return how to sign in at the broker as one role of this machine."""
    broker = settings.broker
    return Address(
        url=broker.url,
        client_id="-".join(filter(None, (broker.client_id, role, machine_id(), instance))),
        username=broker.username or "",
        password=secret(broker.password_env) if broker.password_env else None,
        ca_file=broker.ca_file or "",
        certificate_file=broker.certificate_file or "",
        key_file=broker.key_file or "",
        key_password=secret(broker.key_password_env) if broker.key_password_env else None,
        protocol=broker.protocol,
        session_expiry=timedelta(hours=broker.session_expiry_h),
        receive_maximum=broker.receive_maximum,
    )


def shares_readings(settings: Settings) -> bool:
    """Whether each reading goes to one of the hub's processes only: it takes a shared database."""
    shared = settings.broker.readings_group is not None and settings.broker.protocol == "5"
    return shared and settings.database.is_shared


def feeds(settings: Settings, role: str, instance: str, clock: Clock) -> dict[str, MessageFeed]:
    """Return the sessions of the parts that this role takes, by part, not started."""
    parts = settings.parts.ingest if role == "ingest" else settings.parts.desk
    made: dict[str, MessageFeed] = {}
    readings = [topic for topic in settings.broker.topics if topic.endswith("/reading")]
    if ALARMS in parts:
        alarms = [topic for topic in settings.broker.topics if topic not in readings]
        made[ALARMS] = PahoFeed(address(settings, role, instance), alarms, clock)
    if READINGS in parts:
        # Beside the readings: what stands in the tree under no known name must not be overlooked.
        readings = [topic.removesuffix("reading") + "#" for topic in readings]
        theirs = address(settings, f"{role}-{READINGS}", instance)
        if shares_readings(settings):
            group = settings.broker.readings_group
            readings = [f"$share/{group}/{topic}" for topic in readings]
            theirs = replace(theirs, session_expiry=_SHARED_EXPIRY, leaves=True)
        made[READINGS] = PahoFeed(theirs, readings, clock)
    return made


def receipt(report: Report) -> tuple[str, bytes] | None:
    """Return the answer to a stored alarm of the hub's own convention."""
    parts = report.topic.split("/")
    if report.alarm.source is not Source.HUB or len(parts) != 5 or report.alarm.message_id is None:  # noqa: PLR2004 - hub/v1/<kommune>/<device>/alarm
        return None
    kommune, device = Kommune(parts[2]), DeviceName(parts[3])
    return hub_writer.receipt(kommune, device, report.alarm.message_id, ReceiptState.STORED)


def taken_receipt(alarm: Alarm) -> tuple[str, bytes] | None:
    """Return the answer to the transmitter when somebody has taken its alarm."""
    if alarm.source is not Source.HUB or alarm.message_id is None:
        return None
    return hub_writer.receipt(alarm.kommune, alarm.device, alarm.message_id, ReceiptState.TAKEN)
