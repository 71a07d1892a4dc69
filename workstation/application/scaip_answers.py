"""What an alarm unit is answered, and what is filed of what it said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from workstation.application.intake import level_name
from workstation.application.ports import Report
from workstation.domain.alarm import Alarm
from workstation.domain.call import TextMessage
from workstation.domain.citizen import Device
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune
from workstation.domain.scaip import Answer, Receiver, Reply, Request, Speech, Unreadable
from workstation.domain.scaip_codes import Effect, Meaning, meaning

UNKNOWN_UNIT: Final = "unknown_unit"
UNREADABLE: Final = "unreadable"
FLAWED: Final = "flawed_message"
_NAMELESS: Final = DeviceName("scaip")
_USER: Final = re.compile(r"sips?:([^@>;\s]{1,64})@", re.IGNORECASE)
_URI: Final = re.compile(r"sips?:[^>;\s]{1,200}", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:tel|gsm):\s*(\+?[0-9]{3,20})\s*", re.IGNORECASE)
_PEER: Final = "sip-pp:"
_DISTURBS: Final = (Effect.ALARM, Effect.LASTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Whose message it is: what the register knows of the unit, if anything."""

    name: DeviceName
    kommune: Kommune
    device: Device | None = None


def user_of(address: str) -> str:
    """Return the user part of a SIP address, "" where there is none."""
    found = _USER.search(address)
    return found[1] if found else ""


def address_of(sender: str) -> str:
    """Return the SIP address in what a message says of its sender, as it came where there is none."""
    found = _URI.search(sender)
    return found[0] if found else sender


def name_of(request: Request | Unreadable, message: TextMessage) -> DeviceName:
    """Return the name of a unit that the register does not know."""
    return DeviceName(request.cid or user_of(message.sender)[:16]) or _NAMELESS


def reply_to(request: Request, unit: Unit, tnu: str) -> Reply:
    """Return the reply once everything is stored; `tnu` is whom the unit calls, "" its own receiver."""
    if request.faults:
        return Reply(ref=request.ref, answer=request.answer, ste=request.faults[0].tag)
    if unit.device is None:
        return Reply(ref=request.ref, answer=Answer.NOT_TREATED, ste="unknown unit")
    if not request.speaks or meaning(request).effect not in _DISTURBS:
        return Reply(ref=request.ref)
    return Reply(
        ref=request.ref,
        speech=Speech.DUPLEX,
        receiver=Receiver.GIVEN if tnu else Receiver.OWN,
        tnu=tnu,
    )


def not_stored(reply: Reply) -> Reply:
    """Return the reply to what nothing has kept: the unit tries its next receiver."""
    return Reply(ref=reply.ref, answer=Answer.NOT_TREATED, ste="not stored")


def voice_of(crd: str, sender: str) -> str | None:
    """Return where the unit can be spoken to: a SIP address or a number; None where it cannot."""
    if crd.startswith("no-voice:"):
        return None
    number = _NUMBER.fullmatch(crd)
    if number is not None:
        return number[1]
    plain = f"sip:{crd[len(_PEER) :]}" if crd.lower().startswith(_PEER) else crd
    found = _URI.fullmatch(plain) or _URI.search(sender)
    return found[0] if found else None


def digest(request: Request) -> str:
    """Return what is the same for the same message, however it was written."""
    return hashlib.blake2b(repr(request).encode(), digest_size=16).hexdigest()


class Reports:
    """Makes the reports of messages; immutable but for the ids it takes."""

    def __init__(self, new_id: Callable[[datetime], AlarmId]) -> None:
        self._new_id = new_id

    def of_request(
        self, request: Request, message: TextMessage, unit: Unit, *, begun: int = 0
    ) -> list[Report]:
        """Return what is to be filed; nothing for what disturbs nobody.

        `begun` tells how often the unit has begun to count anew, as far as it is known here.
        """
        reports = self._of_request(request, message, unit)
        if not request.ref:
            return reports
        same = f"{request.cid}/{request.ref}/{digest(request)}/{begun}"
        return [_said_for_a_while(one, same) for one in reports]

    def _of_request(self, request: Request, message: TextMessage, unit: Unit) -> list[Report]:
        means = meaning(request)
        reports = self._flaws(request, message, unit)
        if unit.device is None:
            return [self._unknown(request, means, message, unit), *reports]
        match means.effect:
            case Effect.ALARM:
                return [self._raised(request, means, message, unit), *reports]
            case Effect.LASTS:
                report = self._raised(request, means, message, unit)
                return [_lasting(report, active=True), *reports]
            case Effect.RESTORED:
                return [*self._restored(request, means, message, unit), *reports]
            case _:
                return reports

    def of_unreadable(self, found: Unreadable, message: TextMessage, unit: Unit) -> list[Report]:
        """Return the alarm that sounds until someone has looked, and the one about the unit."""
        said = f"{found.reason} {found.where}".strip()
        kind = Kind.EMERGENCY if found.is_alarm else Kind.TECHNICAL
        reports = [self._report(kind, UNREADABLE, said, message, unit)]
        if found.is_alarm and found.ref:
            reports.append(self._report(Kind.TECHNICAL, FLAWED, said, message, unit))
            same = f"{found.cid}/{found.ref}/{hashlib.sha256(message.body).hexdigest()[:32]}"
            reports = [_said_for_a_while(one, same) for one in reports]
        return reports

    def _raised(self, request: Request, means: Meaning, message: TextMessage, unit: Unit) -> Report:
        return self._report(means.kind, means.code, request.text, message, unit, request)

    def _unknown(
        self, request: Request, means: Meaning, message: TextMessage, unit: Unit
    ) -> Report:
        """Return the alarm of a unit that nobody has registered: a press still is an emergency."""
        kind = means.kind if means.effect in _DISTURBS else Kind.TECHNICAL
        said = f"{means.code} {request.text}".strip()
        return self._report(kind, UNKNOWN_UNIT, said, message, unit, request)

    def _restored(
        self, request: Request, means: Meaning, message: TextMessage, unit: Unit
    ) -> list[Report]:
        return [
            _lasting(self._report(kind, code, "", message, unit, request), active=False)
            for code, kind in means.ends
        ]

    def _flaws(self, request: Request, message: TextMessage, unit: Unit) -> list[Report]:
        if not request.faults:
            return []
        said = "; ".join(f"{fault.tag}: snu {int(fault.answer)}" for fault in request.faults)
        return [self._report(Kind.TECHNICAL, FLAWED, said, message, unit)]

    def _report(
        self,
        kind: Kind,
        code: str,
        text: str,
        message: TextMessage,
        unit: Unit,
        request: Request | None = None,
    ) -> Report:
        alarm = Alarm(
            id=self._new_id(message.at),
            kind=kind,
            code=code,
            text=text,
            device=unit.name,
            kommune=unit.kommune,
            source=Source.SCAIP,
            raised_at=message.at,
            received_at=message.at,
            citizen=unit.device.citizen if unit.device else None,
            location=_location(request, unit),
            voice=voice_of(request.crd if request else "", message.sender),
            message_id=(request.ref or None) if request else None,
            raw=message.body[:_RAW_KEPT],
        )
        return Report(
            alarm=alarm,
            topic=f"{Source.SCAIP}/{unit.name}",
            key=f"{Source.SCAIP}/{alarm.id}",
            body_hash=alarm.id,
            shared=True,
        )


_RAW_KEPT: Final = 64 * 1024
REPEATED_WITHIN: Final = timedelta(minutes=10)
"""For how long a unit's ref with the same content is the same message."""
_MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _said_for_a_while(report: Report, same: str) -> Report:
    """Return the report with keys by which every receiver of the hub knows the message again.

    A key for each minute: one of the last ten is the same message's, whoever stored it, and the next
    one's where another machine's clock is ahead. A state that ends has none: it ends but once.
    """
    if report.key is None:
        return report
    minute = (report.alarm.received_at - _EPOCH) // _MINUTE
    about = f"{Source.SCAIP}/{report.alarm.kommune}/{same}/{report.alarm.code}"
    before = range(minute - REPEATED_WITHIN // _MINUTE, minute)
    return replace(
        report,
        key=f"{about}@{minute}",
        also=tuple(f"{about}@{one}" for one in (*before, minute + 1)),
    )


def _location(request: Request | None, unit: Unit) -> str | None:
    if request is not None and request.lco:
        return f"lco:{request.lco}"
    return (unit.device.location or None) if unit.device else None


def _lasting(report: Report, *, active: bool) -> Report:
    return Report(
        alarm=report.alarm,
        topic=report.topic,
        # Said on purpose: a state that holds still is raised anew when its alarm was closed.
        key=report.key if active else None,
        body_hash=report.body_hash,
        shared=True,
        level=level_name(report.alarm),
        active=active,
    )
