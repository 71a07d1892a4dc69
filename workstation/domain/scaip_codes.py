"""What a device type and a status code mean for the hub: the one table, which decides what sounds.

Their words are data (`resources/scaip/codes.json`); a test holds the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workstation.domain.kind import Kind
from workstation.domain.scaip import MANUAL, MessageType, Request

_E, _S, _M, _T = Kind.EMERGENCY, Kind.SUPERVISION, Kind.MEDICATION, Kind.TECHNICAL


class Effect(StrEnum):
    """What the hub does about a message."""

    ALARM = "alarm"
    """It happened: each one is an alarm, or a repeat of an open one."""
    LASTS = "lasts"
    """It is so until it is restored."""
    RESTORED = "restored"
    TEST = "test"
    """A test transmission: logged, and nobody is disturbed."""
    HEARTBEAT = "heartbeat"
    NOTED = "noted"
    """It asks for nothing: logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a status code means; `kind` None is the device type's."""

    effect: Effect = Effect.ALARM
    kind: Kind | None = None
    ends: tuple[str, ...] = ()
    """The status codes whose alarms it restores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a message asks of the hub."""

    effect: Effect
    kind: Kind
    code: str
    """`scaip_<dty>_<stc>`, and `:<did>` where the unit says which of its devices it was."""
    ends: tuple[tuple[str, Kind], ...] = ()
    """Code and kind of the alarms that it restores."""


DEVICE_TYPES: Final[dict[str, Kind]] = {
    "0002": _E, "0003": _E, "0004": _E, "0005": _E, "0006": _E,
    "0010": _S, "0011": _M, "0012": _S, "0013": _S, "0014": _S, "0015": _S, "0016": _S,
    "0017": _S, "0018": _S,
    "0021": _E, "0023": _E, "0025": _E, "0026": _E, "0028": _E,
    "0031": _T, "0032": _T, "0033": _S, "0038": _T, "0041": _T, "0044": _S, "0045": _T,
    "0048": _E, "0051": _E,
}  # fmt: skip
"""The kind of alarm that a device type raises; one that is not here raises an emergency."""


def _lasting(kind: Kind | None = _T) -> Status:
    return Status(effect=Effect.LASTS, kind=kind)


def _restores(*codes: str) -> Status:
    return Status(effect=Effect.RESTORED, ends=codes)


_NOTED: Final = Status(effect=Effect.NOTED)
_TEST: Final = Status(effect=Effect.TEST)
STATUSES: Final[dict[str, Status]] = {
    "0005": _NOTED,
    "0006": Status(), "0009": Status(), MANUAL: Status(),
    "0014": _lasting(), "0015": _restores("0014", "0016"), "0016": _lasting(),
    "0019": _NOTED,
    "0023": _lasting(), "0112": _restores("0023"),
    "0026": _lasting(), "0115": _restores("0026"),
    "0027": _lasting(), "0116": _restores("0027"),
    "0042": _lasting(), "0065": _lasting(), "0066": _lasting(), "0067": _lasting(),
    "0070": _restores("0042", "0065", "0066", "0067", "0076", "0077", "0100", "0101", "0125"),
    "0073": _lasting(), "0075": _restores("0073"),
    "0076": _lasting(None), "0077": _lasting(None),
    "0081": Status(kind=_M), "0082": _NOTED, "0083": _NOTED,
    "0085": _lasting(), "0086": _restores("0085"),
    "0087": _NOTED, "0088": _NOTED,
    "0094": _restores("0014", "0016", "0023", "0026", "0027", "0042", "0067", "0073", "0076",
                      "0077", "0085", "0100", "0101", "0123", "0125"),
    "0100": _lasting(None), "0101": _lasting(None),
    "0102": _TEST, "0103": _TEST,
    "0110": Status(kind=_E), "0111": _NOTED, "0117": _NOTED, "0119": Status(),
    "0123": _lasting(), "0124": _restores("0123"),
    "0125": _lasting(),
}  # fmt: skip
"""What a status code means; one that is not here is an alarm of the device type's kind."""

LOCATIONS: Final = (
    "002", "004", "005", "010", "011", "012", "013", "015", "016", "021", "022", "025", "034",
    "035", "038", "039", "042", "043", "047",
)  # fmt: skip

_OF_TYPE: Final = {
    MessageType.RESET: Effect.NOTED,
    MessageType.INFORMATION: Effect.NOTED,
    MessageType.HEARTBEAT: Effect.HEARTBEAT,
}
_CODE: Final = re.compile(r"scaip_([0-9A-Za-z]{1,8})_([0-9A-Za-z]{1,8})(?::(.*))?", re.DOTALL)
_NONE: Final = "none"


def meaning(request: Request) -> Meaning:
    """Return what a request asks of the hub; whatever is in doubt is an alarm."""
    status = STATUSES.get(request.status, Status())
    effect = _OF_TYPE.get(request.mty, status.effect)
    ends = status.ends if effect is Effect.RESTORED else ()
    return Meaning(
        effect=effect,
        kind=_kind(request, request.status),
        code=code(request, request.status),
        ends=tuple((code(request, ended), _kind(request, ended)) for ended in ends),
    )


def code(request: Request, status: str) -> str:
    """Return the code of the alarm that a request of this status raises."""
    of_device = f":{request.did}" if request.did else ""
    return f"scaip_{_part(request.dty)}_{_part(status)}{of_device}"


def parts(alarm_code: str) -> tuple[str, str, str] | None:
    """Return device type, status and device of a code made here, None of any other."""
    found = _CODE.fullmatch(alarm_code)
    return (found[1], found[2], found[3] or "") if found else None


def _kind(request: Request, status: str) -> Kind:
    of_device = DEVICE_TYPES.get(request.dty, _E)
    if request.stc == MANUAL and of_device is _T:
        return _E  # somebody pressed something, whatever it is called
    return STATUSES.get(status, Status()).kind or of_device


def _part(said: str) -> str:
    return "".join(one for one in said if one.isascii() and one.isalnum())[:8] or _NONE
