"""From settings to sessions at the broker, and the receipts that go back to transmitters."""

from __future__ import annotations

from datetime import timedelta

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.system.machine import machine_id
from workstation.adapters.system.secrets import secret
from workstation.application.ports import Clock, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName, Kommune
from workstation.settings import Settings
from workstation.wire import hub_writer
from workstation.wire.hub_writer import ReceiptState


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


def feeds(settings: Settings, role: str, instance: str, clock: Clock) -> tuple[PahoFeed, PahoFeed]:
    """Return the alarms' session and the readings' own, not started."""
    readings = [topic for topic in settings.broker.topics if topic.endswith("/reading")]
    alarms = [topic for topic in settings.broker.topics if topic not in readings]
    # Beside the readings: what stands in the tree under no known name must not be overlooked.
    readings = [topic.removesuffix("reading") + "#" for topic in readings]
    return (
        PahoFeed(address(settings, role, instance), alarms, clock),
        PahoFeed(address(settings, f"{role}-readings", instance), readings, clock),
    )


def receipt(report: Report) -> tuple[str, bytes] | None:
    """Return the answer to a stored alarm of the hub's own convention."""
    parts = report.topic.split("/")
    if report.alarm.source is not Source.HUB or len(parts) != 5 or report.alarm.message_id is None:  # noqa: PLR2004
        return None
    kommune, device = Kommune(parts[2]), DeviceName(parts[3])
    return hub_writer.receipt(kommune, device, report.alarm.message_id, ReceiptState.STORED)


def taken_receipt(alarm: Alarm) -> tuple[str, bytes] | None:
    """Return the answer to the transmitter when somebody has taken its alarm."""
    if alarm.source is not Source.HUB or alarm.message_id is None:
        return None
    return hub_writer.receipt(alarm.kommune, alarm.device, alarm.message_id, ReceiptState.TAKEN)
