"""The end of a chain of the access log as one line of JSON: in IT's file, and at the broker."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from workstation.domain.chain import Head, moment
from workstation.wire.errors import Reason, WireError

ROOT: Final = "eteam/audit"
"""Behind it the writer's name: one retained message for each chain."""
_LONGEST: Final = 4096
_HIGHEST: Final = 2**63 - 1


def topic(writer: str) -> str:
    """Return where a writer's head is published; what MQTT reads as a level or a wildcard is escaped."""
    safe = "".join(one if one.isalnum() or one in "-._" else f"%{ord(one):x}" for one in writer)
    return f"{ROOT}/{safe}"


def encode(head: Head) -> bytes:
    """Return a head as JSON, without the end of the line."""
    told = {
        "writer": head.writer,
        "number": head.number,
        "hash": head.hash,
        "at": moment(head.at),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def decode(line: bytes) -> Head:
    """Return the head that a line holds; raises WireError."""
    if len(line) > _LONGEST:
        raise WireError(Reason.TOO_LARGE)
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WireError(Reason.NOT_JSON) from error
    if not isinstance(told, dict):
        raise WireError(Reason.WRONG_TYPE, expected="object")
    return Head(
        writer=_text(told, "writer"),
        number=_number(told, "number"),
        hash=_text(told, "hash"),
        at=_moment(told, "at"),
    )


def _text(told: dict[str, object], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise WireError(Reason.MISSING_FIELD, where=name, expected="text")
    return value


def _number(told: dict[str, object], name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _HIGHEST:
        raise WireError(Reason.BAD_VALUE, where=name, expected="number")
    return value


def _moment(told: dict[str, object], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(told, name))
    except ValueError as error:
        raise WireError(Reason.BAD_VALUE, where=name, expected="time") from error
    if at.tzinfo is None:
        raise WireError(Reason.BAD_VALUE, where=name, expected="time")
    return at
