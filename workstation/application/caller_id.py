"""Who calls: looked up by number, SIP user or alarm unit in the register and in what is open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from workstation.application.directory import Directory
from workstation.application.numbers import BadNumber, dialable
from workstation.domain.alarm import Alarm
from workstation.domain.call import IncomingCall
from workstation.domain.citizen import Device
from workstation.domain.names import Kommune
from workstation.domain.waiting_calls import Caller, From

_ADDRESS: Final = re.compile(r"(?:sips?:)?([^@;>?]*)@?([^;>?]*)", re.IGNORECASE)


def user_of(address: str) -> str:
    """Return the user of a SIP address (`sip:0042@10.0.0.7;transport=tcp` gives `0042`)."""
    found = _ADDRESS.match(address.strip().lstrip("<"))
    return found[1].strip() if found else ""


def who_calls(
    call: IncomingCall, directory: Directory, open_alarms: Iterable[Alarm], *, home: Kommune
) -> Caller:
    """Return who `call` is from; somebody nobody knows belongs to the kommune `home`.

    An alarm unit's SIP user is its name or SCAIP `cid`, with or without leading zeros. What two
    citizens have in common names neither: a wrong card is worse than none.
    """
    return (
        _unit(call, directory)
        or _voice(call, open_alarms)
        or _citizen(call, directory)
        or _contact(call, directory)
        or Caller(what=From.UNKNOWN, kommune=home)
    )


def _unit(call: IncomingCall, directory: Directory) -> Caller | None:
    user = user_of(call.caller)
    wanted = _bare(user)
    if not wanted:
        return None
    found = [one for one in directory.devices.values() if one.name == user]
    found = found or [one for one in directory.devices.values() if _bare(one.name) == wanted]
    if len(found) != 1:
        return None
    return _of_unit(found[0])


def _of_unit(device: Device) -> Caller:
    return Caller(
        what=From.UNIT, kommune=device.kommune, citizen=device.citizen, device=device.name
    )


def _voice(call: IncomingCall, open_alarms: Iterable[Alarm]) -> Caller | None:
    """Return the unit that has just sent an alarm and named this address as its voice."""
    wanted = _address(call.caller)
    for alarm in open_alarms:
        if alarm.voice and _address(alarm.voice) == wanted:
            return Caller(
                what=From.UNIT, kommune=alarm.kommune, citizen=alarm.citizen, device=alarm.device
            )
    return None


def _citizen(call: IncomingCall, directory: Directory) -> Caller | None:
    found = [one for one in directory.citizens.values() if _has(one.numbers, call)]
    if not found:
        return None
    first = min(found, key=lambda one: one.name)
    alone = len(found) == 1
    return Caller(what=From.CITIZEN, kommune=first.kommune, citizen=first.id if alone else None)


def _contact(call: IncomingCall, directory: Directory) -> Caller | None:
    found = [
        (citizen, contact.name)
        for citizen in directory.citizens.values()
        for contact in citizen.contacts
        if _has(contact.numbers, call)
    ]
    if not found:
        return None
    citizen, name = found[0]
    whose = {one.id for one, _name in found}
    return Caller(
        what=From.CONTACT,
        kommune=citizen.kommune,
        citizen=citizen.id if len(whose) == 1 else None,
        contact=name,
    )


def _has(numbers: Iterable[str], call: IncomingCall) -> bool:
    address, number = _address(call.caller), _e164(call.number)
    return any(
        _address(one) == address if _is_address(one) else bool(number) and _e164(one) == number
        for one in numbers
    )


def _is_address(text: str) -> bool:
    return text.lower().startswith(("sip:", "sips:"))


def _address(text: str) -> tuple[str, str]:
    found = _ADDRESS.match(text.strip().lstrip("<"))
    if found is None:
        return "", ""
    return found[1], found[2].partition(":")[0].lower()


def _bare(name: str) -> str:
    return name.strip().lstrip("0")


def _e164(number: str) -> str:
    try:
        return dialable(number) if number else ""
    except BadNumber:
        return ""
