"""Writes the hub's own tree: the receipts of the desk, and what simulated transmitters send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from workstation.domain.names import DeviceName, Kommune
from workstation.domain.signal import Pressed
from workstation.wire.hub_message import ROOT, VERSION

_ENCODER: Final = msgspec.json.Encoder()


class ReceiptState(StrEnum):
    """What has become of an alarm; a transmitter repeats until it is at least stored."""

    STORED = "stored"
    TAKEN = "taken"


def topic(kommune: Kommune, device: DeviceName, leaf: str) -> str:
    """Return the topic of a device; ValueError for names that are no single level of a topic."""
    if any(not level or set(level) & set("/+#\0") for level in (kommune, device)):
        raise ValueError(kommune, device)
    return f"{ROOT}/{VERSION}/{kommune}/{device}/{leaf}"


def receipt(
    kommune: Kommune, device: DeviceName, alarm: str | None, state: ReceiptState
) -> tuple[str, bytes]:
    """Return topic and payload that answer the alarm with the device's own id `alarm`."""
    return topic(kommune, device, "receipt"), _ENCODER.encode({"id": alarm, "state": state})


def alarm(pressed: Pressed) -> tuple[str, bytes]:
    """Return topic and payload of an alarm; its origin must have a kommune."""
    body: dict[str, object] = {
        "id": pressed.id,
        "at": pressed.at,
        "kind": pressed.kind,
        "code": pressed.code,
        "text": pressed.text,
        "priority": pressed.priority,
        "location": pressed.location,
        "voice": pressed.voice,
    }
    said = {key: value for key, value in body.items() if value is not None}
    origin = pressed.origin
    return topic(origin.kommune or Kommune(""), origin.device, "alarm"), _ENCODER.encode(said)


def reading(
    kommune: Kommune, device: DeviceName, at: datetime, values: Mapping[str, float]
) -> tuple[str, bytes]:
    """Return topic and payload of the values of one moment; `at` is aware."""
    return topic(kommune, device, "reading"), _ENCODER.encode({"at": at, "values": dict(values)})


def status(kommune: Kommune, device: DeviceName, *, online: bool) -> tuple[str, bytes]:
    """Return topic and payload (to be retained, and as last will) of a device's reachability."""
    state = "online" if online else "offline"
    return topic(kommune, device, "status"), _ENCODER.encode({"state": state})
