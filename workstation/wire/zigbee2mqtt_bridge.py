"""What zigbee2mqtt's bridge says of itself and of its devices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import msgspec

from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName
from workstation.domain.problem import Decoded
from workstation.domain.signal import Described, Origin, Status
from workstation.wire.errors import Reason, WireError
from workstation.wire.judging import meanings
from workstation.wire.known import Known
from workstation.wire.payload import UNREADABLE, online, parse, refuse_bombs
from workstation.wire.safety import GENERIC
from workstation.wire.values import clean, name

BASE: Final = "zigbee2mqtt"
"""The base topic; an installation with several bridges has `zigbee2mqtt-2` and the like."""
DEVICES_LIMIT: Final = 16 * 1024 * 1024
"""Bytes: zigbee2mqtt describes a device in some ten thousand, and lists them all in one message."""
_CAN_BE_SET: Final = 0b010
# On these a bare `alarm` is the device's own siren, an open door or a motion, and no call for help.
_NO_DETECTOR: Final = re.compile(
    r"siren|\bdoor|window|contact|opening|motion|presence|\bpir\b|occupancy|switch|plug|valve|watering"
    r"|thermostat|charger|sound and light|air quality",
    re.IGNORECASE,
)
_DETECTOR: Final = re.compile(
    r"smoke|heat alarm|\bco\b|monoxide|gas|leak|flood|fall|sos|panic|emergency|fire", re.IGNORECASE
)


class _Definition(msgspec.Struct, gc=False):
    model: str = ""
    vendor: str = ""
    description: str = ""
    exposes: list[dict[str, Any]] = []


class _Device(msgspec.Struct, gc=False):
    friendly_name: str
    type: str = ""
    power_source: str | None = None
    definition: _Definition | None = None
    description: str | None = None
    disabled: bool = False


class _Advanced(msgspec.Struct, frozen=True):
    output: str = "json"


class _Config(msgspec.Struct, frozen=True):
    advanced: _Advanced = _Advanced()


class _Bridge(msgspec.Struct, frozen=True):
    config: _Config = _Config()


_DEVICES: Final = msgspec.json.Decoder(list[_Device])
_INFO: Final = msgspec.json.Decoder(_Bridge)


def origin_of(base: str, device: str) -> Origin:
    """Return whose message it is; a second bridge's devices carry its base topic in their name."""
    full = device if base == BASE else f"{base}/{device}"
    return Origin(source=Source.ZIGBEE2MQTT, device=DeviceName(name(full)))


def decode_bridge(payload: bytes, base: str, path: str, known: Known) -> tuple[Decoded, Known]:
    """Read a message of the bridge; what is for people and for its own screen says nothing here.

    Raises WireError.
    """
    gateway = origin_of(base, "bridge")
    try:
        match path if payload else "":
            case "bridge/state":
                return Decoded(signals=(Status(origin=gateway, online=online(payload)),)), known
            case "bridge/devices":
                return _devices(payload, base, known)
            case "bridge/event":
                return Decoded(signals=tuple(_event(payload, base))), known
            case "bridge/info":
                return Decoded(), replace(known, single_values=_single_values(payload))
            case _:
                return Decoded(), known
    except WireError as error:
        raise error.on(gateway) from None


def _devices(payload: bytes, base: str, known: Known) -> tuple[Decoded, Known]:
    refuse_bombs(payload, DEVICES_LIMIT)
    try:
        devices = _DEVICES.decode(payload)
    except UNREADABLE as error:
        raise WireError(Reason.WRONG_TYPE, expected=clean(str(error))[:200]) from None
    described: list[Described] = []
    not_alarms: dict[DeviceName, frozenset[str]] = {}
    for device in devices:
        if device.type == "Coordinator" or device.disabled or not device.friendly_name:
            continue
        origin = origin_of(base, device.friendly_name)
        definition = device.definition or _Definition()
        described.append(_described(device, definition, origin))
        not_alarms[origin.device] = frozenset(_not_alarms(definition))
    return Decoded(signals=tuple(described)), known.with_not_alarms(not_alarms)


def _described(device: _Device, definition: _Definition, origin: Origin) -> Described:
    power = (device.power_source or "").casefold()
    return Described(
        origin=origin,
        title=clean(device.description or definition.description or device.friendly_name),
        model=clean(f"{definition.vendor} {definition.model}".strip()),
        battery_powered=True if "battery" in power else False if "mains" in power else None,
    )


def _not_alarms(definition: _Definition) -> Iterator[str]:
    """Yield keys of the safety table that are no call for help on this device."""
    for expose in _flat(definition.exposes):
        key, access = expose.get("property"), expose.get("access")
        settable = isinstance(access, int) and access & _CAN_BE_SET
        if settable and isinstance(key, str) and _may_be_switch(key):
            yield key
    about = definition.description
    if _NO_DETECTOR.search(about) and not _DETECTOR.search(about):
        yield from GENERIC


def _may_be_switch(key: str) -> bool:
    """Whether a key may be no alarm because it can be set: never one by which a person calls."""
    rows = meanings(key)
    return key in GENERIC or (bool(rows) and all(row.kind is Kind.TECHNICAL for row in rows))


def _flat(exposes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the values of a definition; those of a light or a lock stand one level down."""
    for expose in exposes:
        features = expose.get("features")
        if isinstance(features, list):
            yield from (one for one in features if isinstance(one, dict))
        else:
            yield expose


def _event(payload: bytes, base: str) -> Iterator[Status]:
    """Yield that a device left the network or came back to it."""
    event = parse(payload).as_object()
    about = event.get("data")
    device = about.get("friendly_name") if isinstance(about, dict) else None
    came = {"device_leave": False, "device_announce": True}.get(str(event.get("type")))
    if came is not None and isinstance(device, str) and device:
        yield Status(origin=origin_of(base, device), online=came)


def _single_values(payload: bytes) -> bool:
    """Whether each value has a topic of its own; the bridge's other settings are not looked at."""
    refuse_bombs(payload, DEVICES_LIMIT)
    try:
        return _INFO.decode(payload).config.advanced.output == "attribute"
    except UNREADABLE:
        raise WireError(Reason.WRONG_TYPE, expected="bridge info") from None
