"""The hub's own tree: `hub/v1/<kommune>/<device>/alarm|reading|status`, read (docs/mqtt.md)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec

from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.problem import Decoded
from workstation.domain.signal import Message, Origin, Pressed, Status
from workstation.wire.errors import Reason, WireError
from workstation.wire.fields import Fields
from workstation.wire.hub_reading import decode_reading
from workstation.wire.payload import UNREADABLE, online, parse, refuse_bombs
from workstation.wire.values import name

ROOT: Final = "hub"
VERSION: Final = "v1"
KINDS: Final = {
    kind.value: kind for kind in (Kind.EMERGENCY, Kind.TECHNICAL, Kind.SUPERVISION, Kind.MEDICATION)
}
"""The kinds a device may raise; a missed visit is the hub's own."""
CODE_LIMIT: Final = 64
ID_LIMIT: Final = 128
TEXT_LIMIT: Final = 2000
NO_CODE: Final = "unspecified"

_KOMMUNE: Final = re.compile(r"[0-9]{4}")
_LEVELS: Final = 5

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=ID_LIMIT)]
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=CODE_LIMIT)]
_Text = Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT)]
_Voice = Annotated[str, msgspec.Meta(max_length=ID_LIMIT, pattern="^sips?:.")]


class HubAlarm(msgspec.Struct, frozen=True, gc=False):
    """An alarm exactly as the contract has it (docs/schemas/alarm.json)."""

    kind: Literal["emergency", "technical", "supervision", "medication"]
    code: _Code
    id: _Id
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    text: _Text = ""
    priority: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    location: _Code | None = None
    voice: _Voice | None = None


_ALARM: Final = msgspec.json.Decoder(HubAlarm)


def decode(message: Message) -> Decoded:
    """Read one message of the hub's tree; our own receipts say nothing.

    Raises WireError, which sounds on a topic of alarms: in doubt a false alarm, but none lost.
    """
    levels = message.topic.split("/")
    origin, leaf = _origin(levels), levels[-1]
    try:
        if len(levels) != _LEVELS or levels[1] != VERSION or not levels[3]:
            raise _unknown(message.topic)
        return _decode(message, leaf, origin)
    except WireError as error:
        raise error.on(origin, sounds=leaf == "alarm") from None


def _decode(message: Message, leaf: str, origin: Origin) -> Decoded:
    match leaf:
        case "alarm":
            return Decoded(signals=(_alarm(message.payload, origin),))
        case "reading":
            return decode_reading(message.payload, origin)
        case "status" if message.payload:
            return Decoded(signals=(Status(origin=origin, online=online(message.payload)),))
        case "status" | "receipt":
            return Decoded()  # a status cleared at the broker; our own word
        case _:
            raise _unknown(message.topic)


def _unknown(topic: str) -> WireError:
    expected = "hub/v1/<kommune>/<device>/alarm|reading|status"
    return WireError(Reason.UNKNOWN_TOPIC, where=name(topic), expected=expected)


def _origin(levels: list[str]) -> Origin:
    """Return whose message it is; a kommune that is no four digits is left to the register."""
    kommune = levels[2] if len(levels) > 2 and _KOMMUNE.fullmatch(levels[2]) else None  # noqa: PLR2004 - where a kommune stands
    device = "/".join(levels[3:-1]) or "/".join(levels)
    return Origin(
        source=Source.HUB,
        device=DeviceName(name(device)),
        kommune=Kommune(kommune) if kommune is not None else None,
    )


def _alarm(payload: bytes, origin: Origin) -> Pressed:
    """Return the alarm; the exact form is read at once, any other field by field."""
    refuse_bombs(payload)
    try:
        alarm = _ALARM.decode(payload)
        if not _is_printable(alarm):
            return _alarm_in_parts(payload, origin)
        at = alarm.at.astimezone(UTC)
    except (*UNREADABLE, OverflowError):
        return _alarm_in_parts(payload, origin)
    return Pressed(
        origin=origin,
        kind=KINDS[alarm.kind],
        code=alarm.code,
        text=alarm.text,
        at=at,
        id=alarm.id,
        priority=alarm.priority,
        location=alarm.location,
        voice=alarm.voice,
    )


def _is_printable(alarm: HubAlarm) -> bool:
    """Whether storage and screen can hold the texts as they are."""
    texts = f"{alarm.code}{alarm.text}{alarm.id}{alarm.location}{alarm.voice}"
    return texts.isprintable() and not alarm.code.isspace()


def _alarm_in_parts(payload: bytes, origin: Origin) -> Pressed:
    """Return the alarm with whatever fields can be read; raises WireError when its kind cannot."""
    parsed = parse(payload)
    fields = Fields(parsed.as_object(), list(parsed.repairs))
    kind = _kind(fields)
    return Pressed(
        origin=origin,
        kind=kind,
        code=fields.text("code", CODE_LIMIT, required=True) or NO_CODE,
        text=fields.text("text", TEXT_LIMIT) or "",
        at=fields.time("at"),
        id=fields.text("id", ID_LIMIT),
        priority=fields.whole("priority", 1, 5),
        location=fields.text("location", CODE_LIMIT),
        voice=fields.text("voice", ID_LIMIT, prefixes=("sip:", "sips:")),
        flaws=tuple(fields.flaws),
    )


def _kind(fields: Fields) -> Kind:
    expected = "|".join(KINDS)
    said = fields.get("kind")
    if said is None:
        raise WireError(Reason.MISSING_FIELD, where="kind", expected=expected)
    if not isinstance(said, str):
        raise WireError(Reason.WRONG_TYPE, where="kind", expected=expected)
    kind = KINDS.get(said.strip().casefold())
    if kind is None:
        raise WireError(Reason.BAD_VALUE, where="kind", expected=expected)
    if said not in KINDS:
        fields.flaws.append("kind: lower case")
    return kind
