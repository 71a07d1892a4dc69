"""What a process says of itself on `eteam/presence/<desk>` (docs/mqtt.md), both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from workstation.domain.names import AlarmId, Kommune, Operator
from workstation.domain.presence import DeskKind, DeskName, Presence
from workstation.domain.rights import Role
from workstation.wire.errors import Reason, WireError
from workstation.wire.payload import UNREADABLE, refuse_bombs

ROOT: Final = "eteam/presence/"
EVERYBODY: Final = f"{ROOT}+"
VERSION: Final = 1
LIMIT: Final = 8192
"""Bytes of one message: a hundred kommuner fit."""
GONE: Final = b""
"""Retained in place of what was said: the broker forgets that desk. It is the last will, too."""

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$")]


class PresenceMessage(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A presence exactly as it is sent (docs/schemas/presence.json): no names but the short one."""

    desk: _Name
    kind: DeskKind
    v: Annotated[int, msgspec.Meta(ge=1)]
    started_at: _Moment
    machine: _Short = ""
    operator: _Name | None = None
    role: Role | None = None
    kommuner: Annotated[tuple[_Code, ...], msgspec.Meta(max_length=200)] = ()
    signed_in_since: _Moment | None = None
    sound: bool = False
    alarms: bool = False
    database: bool = False
    version: _Short = ""
    calling: _Name | None = None


_DECODER: Final = msgspec.json.Decoder(PresenceMessage)
_ENCODER: Final = msgspec.json.Encoder()


def presence_topic(desk: str) -> str:
    """Return where a process speaks; ValueError for a name that is no single level of a topic."""
    if not desk or set(desk) & set("/+#\0"):
        raise ValueError(desk)
    return ROOT + desk


def encode(me: Presence) -> bytes:
    """Return the payload (QoS 1, retained)."""
    return _ENCODER.encode(
        PresenceMessage(
            desk=me.desk,
            kind=me.kind,
            v=VERSION,
            started_at=me.started_at,
            machine=me.machine,
            operator=me.operator,
            role=me.role,
            kommuner=tuple(sorted(me.kommuner)),
            signed_in_since=me.signed_in_since,
            sound=me.sound,
            alarms=me.alarms,
            database=me.database,
            version=me.version,
            calling=me.calling,
        )
    )


def decode(topic: str, payload: bytes, now: datetime) -> tuple[DeskName, Presence | None]:
    """Return which process speaks and what it says, None for gone, as seen `now`.

    Raises WireError, and nothing else, for anything that is none. Each speaks for itself only: the
    name in the payload is the one in the topic, which the broker's access list holds it to.
    """
    desk = DeskName(topic.removeprefix(ROOT))
    if payload == GONE:
        return desk, None
    refuse_bombs(payload, LIMIT)
    try:
        said = _DECODER.decode(payload)
        started_at = said.started_at.astimezone(UTC)
        since = said.signed_in_since.astimezone(UTC) if said.signed_in_since else None
    except (*UNREADABLE, OverflowError):
        raise WireError(Reason.BAD_VALUE, expected="a presence of version 1") from None
    if said.desk != desk:
        raise WireError(Reason.BAD_VALUE, where="desk", expected="the topic's last level")
    if not f"{said.desk}{said.machine}{said.operator}{said.version}{said.calling}".isprintable():
        raise WireError(Reason.BAD_VALUE, expected="printable text")
    return desk, Presence(
        desk=desk,
        kind=said.kind,
        machine=said.machine,
        started_at=started_at,
        seen_at=now,
        operator=Operator(said.operator) if said.operator else None,
        role=said.role,
        kommuner=frozenset(map(Kommune, said.kommuner)),
        signed_in_since=since,
        sound=said.sound,
        alarms=said.alarms,
        database=said.database,
        version=said.version,
        calling=AlarmId(said.calling) if said.calling else None,
    )
