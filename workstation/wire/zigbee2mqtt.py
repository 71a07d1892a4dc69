"""zigbee2mqtt: `<base>/<name>`, its availability, and what the bridge says of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workstation.domain.names import DeviceName
from workstation.domain.problem import Decoded
from workstation.domain.signal import Message, Origin, Reading, Status
from workstation.wire.channels import channel
from workstation.wire.errors import Reason, WireError
from workstation.wire.judging import Judged, meanings
from workstation.wire.known import Known
from workstation.wire.payload import online, parse, plain
from workstation.wire.values import moment, number
from workstation.wire.zigbee2mqtt_bridge import decode_bridge, origin_of

_NO_KEYS: Final[frozenset[str]] = frozenset()
_COMMANDS: Final = frozenset({"set", "get"})


def decode(message: Message, known: Known) -> tuple[Decoded, Known]:
    """Read one message; `/set` and `/get` are other people's commands and say nothing.

    Raises WireError, which never sounds: no topic here is one of alarms alone.
    """
    base, _, path = message.topic.partition("/")
    if path.startswith("bridge/"):
        return decode_bridge(message.payload, base, path, known)
    levels = path.split("/")
    if not message.payload or not _COMMANDS.isdisjoint(levels[1:]):
        # An empty payload clears what the broker kept: the device was renamed or removed.
        return Decoded(), known
    available = levels[-1] == "availability" and len(levels) > 1
    origin = origin_of(base, "/".join(levels[:-1] if available else levels))
    try:
        if not origin.device:
            raise WireError(Reason.UNKNOWN_TOPIC, expected="<base>/<name>")  # noqa: TRY301 - it is told with its origin below
        if available:
            status = Status(origin=origin, online=online(message.payload))
            return Decoded(signals=(status,)), known
        return _state(message.payload, origin, levels[-1], known), known
    except WireError as error:
        raise error.on(origin) from None


def _state(payload: bytes, origin: Origin, key: str, known: Known) -> Decoded:
    parent, slash, _ = origin.device.rpartition("/")
    try:
        body = parse(payload).value
    except WireError as error:
        if not slash or error.reason is not Reason.NOT_JSON:
            raise
        body = plain(payload)
    if isinstance(body, dict):
        return _values(body, origin, known)
    single = _single(body, replace(origin, device=DeviceName(parent)), key, known)
    if not slash or single is None:
        raise WireError(Reason.WRONG_TYPE, expected="object")
    return single


def _single(value: object, origin: Origin, key: str, known: Known) -> Decoded | None:
    """Read `<name>/<key>` with a bare value, which comes beside or instead of the whole state.

    Beside it (for Home Assistant's device triggers) an action would count twice, so the state's
    counts. None where the last level of the topic is no key.
    """
    if known.single_values or (meanings(key) and key != "action"):
        return _values({key: value}, origin, known)
    return Decoded() if key == "action" else None


def _values(body: dict[str, object], origin: Origin, known: Known) -> Decoded:
    at = moment(body.get("last_seen"))
    judged = Judged(origin, at)
    readings: list[Reading] = []
    not_alarms = known.not_alarms.get(origin.device, _NO_KEYS)
    for key, value in body.items():
        if value is None or key == "last_seen":
            continue
        rows = meanings(key)
        if rows and key not in not_alarms and judged.add(key, value, rows):
            continue
        found = float(value) if isinstance(value, bool) else number(value)
        if found is not None:
            readings.append(Reading(origin=origin, channel=channel(key), value=found, at=at))
    return Decoded(signals=(*judged.signals(), *readings), problems=tuple(judged.problems))
