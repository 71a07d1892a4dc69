"""Readings in the hub's own tree: one object, or a list of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Origin, Reading
from workstation.wire.channels import channel
from workstation.wire.errors import Reason, WireError
from workstation.wire.payload import UNREADABLE, parse, refuse_bombs
from workstation.wire.values import clean, number, rfc3339


class HubReading(msgspec.Struct, frozen=True, gc=False):
    """Values of one moment exactly as the contract has them (docs/schemas/reading.json)."""

    values: dict[str, float]
    at: Annotated[datetime, msgspec.Meta(tz=True)]


_READING: Final = msgspec.json.Decoder(HubReading | list[HubReading])


def decode_reading(payload: bytes, origin: Origin) -> Decoded:
    """Read the values; each that is no finite number is a problem and takes no other with it.

    Raises WireError when not even an object or a list of objects is there.
    """
    refuse_bombs(payload)
    try:
        found = _READING.decode(payload)
        moments = found if isinstance(found, list) else [found]
        return Decoded(
            signals=tuple(
                Reading(origin=origin, channel=channel(key), value=value, at=at)
                for at, values in [(one.at.astimezone(UTC), one.values) for one in moments]
                for key, value in values.items()
            )
        )
    except (*UNREADABLE, OverflowError):
        return _in_parts(payload, origin)


def _in_parts(payload: bytes, origin: Origin) -> Decoded:
    value = parse(payload).value
    if not isinstance(value, dict | list):
        raise WireError(Reason.WRONG_TYPE, expected="object or list")
    found = _Found(origin)
    if isinstance(value, dict):
        found.moment(value, "")
    else:
        for index, one in enumerate(value):
            found.moment(one, f"[{index}].")
    return Decoded(signals=tuple(found.readings), problems=tuple(found.problems))


class _Found:
    """What could be read of a message, and what could not."""

    def __init__(self, origin: Origin) -> None:
        self.readings: list[Reading] = []
        self.problems: list[Problem] = []
        self._origin = origin

    def moment(self, body: object, path: str) -> None:
        """Take in the values of one moment; without a readable time it is that of arrival."""
        if not isinstance(body, dict):
            self._problem(Reason.WRONG_TYPE, path.rstrip("."), "object")
            return
        said = body.get("at")
        at = rfc3339(said)
        if at is None:
            reason = Reason.MISSING_FIELD if said is None else Reason.BAD_VALUE
            self._problem(reason, f"{path}at", "RFC 3339 with zone")
        values = body.get("values")
        if not isinstance(values, dict):
            reason = Reason.MISSING_FIELD if values is None else Reason.WRONG_TYPE
            self._problem(reason, f"{path}values", "object of numbers")
            return
        for key, value in values.items():
            self._value(f"{path}values.", key, number(value), at)

    def _value(self, path: str, key: str, value: float | None, at: datetime | None) -> None:
        if value is None:
            self._problem(Reason.BAD_VALUE, f"{path}{key}", "finite number")
        else:
            self.readings.append(
                Reading(origin=self._origin, channel=channel(key), value=value, at=at)
            )

    def _problem(self, reason: Reason, where: str, expected: str) -> None:
        where = clean(where)[:120]
        self.problems.append(
            Problem(reason=reason, where=where, expected=expected, origin=self._origin)
        )
