"""The alarms of the last month and those that wait now: what a desk finds when a shift begins."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workstation.domain.citizen import Device, DeviceClass
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import Operator
from workstation.domain.steps import (
    AnyStep,
    Arrived,
    Noted,
    Repeated,
    Resolved,
    ResponderCalled,
    Taken,
)

ME = Operator("Anna L.")
"""Who sits at the demo's desk."""
_BO = Operator("Bo T.")
_OPERATORS = (ME, _BO, Operator("Sara K."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a device says: the kind, its code, and a few words."""

    kind: Kind
    code: str
    text: str = ""


EVENTS: dict[DeviceClass, tuple[Event, ...]] = {
    DeviceClass.PENDANT: (Event(kind=Kind.EMERGENCY, code="pendant"),),
    DeviceClass.PULL_CORD: (Event(kind=Kind.EMERGENCY, code="pull_cord"),),
    DeviceClass.FALL_SENSOR: (Event(kind=Kind.EMERGENCY, code="fall"),),
    DeviceClass.BED_SENSOR: (Event(kind=Kind.SUPERVISION, code="bed_exit", text="25 min"),),
    DeviceClass.DOOR_SENSOR: (Event(kind=Kind.SUPERVISION, code="door_open"),),
    DeviceClass.MEDICINE_DISPENSER: (
        Event(kind=Kind.MEDICATION, code="dose_missed"),
        Event(kind=Kind.TECHNICAL, code="power_lost"),
    ),
    DeviceClass.SMOKE_DETECTOR: (Event(kind=Kind.TECHNICAL, code="battery_low", text="8 %"),),
    DeviceClass.WATER_SENSOR: (Event(kind=Kind.TECHNICAL, code="tamper"),),
    DeviceClass.MOTION_SENSOR: (Event(kind=Kind.TECHNICAL, code="battery_low", text="11 %"),),
}
"""What each class of device says when something is the matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One alarm and what became of it; steps are in time order, none when it still waits."""

    device: Device
    event: Event
    at: datetime
    steps: tuple[AnyStep, ...] = ()


def last_month(devices: Sequence[Device], now: datetime, seed: int) -> Iterator[Story]:
    """Yield about 150 resolved alarms of 30 days; a few citizens call far more than the others."""
    chance = random.Random(f"{seed} month")
    speaking = [device for device in devices if device.device_class in EVENTS]
    pendants = [one for one in speaking if one.device_class is DeviceClass.PENDANT]
    often = pendants[:3]
    for _number in range(150):
        device = chance.choice(often if chance.random() < 0.3 else speaking)  # noqa: PLR2004 - a share of the alarms
        at = now - timedelta(minutes=chance.uniform(90, 30 * 24 * 60))
        event = chance.choice(EVENTS[device.device_class])
        yield Story(device=device, event=event, at=at, steps=tuple(_handled(event, at, chance)))


def _handled(event: Event, at: datetime, chance: random.Random) -> Iterator[AnyStep]:
    by = chance.choice(_OPERATORS)
    taken = at + timedelta(seconds=min(240.0, chance.expovariate(1 / 18) + 3))
    yield Taken(at=taken, by=by)
    done = taken + timedelta(minutes=chance.uniform(1, 9))
    outcome = _outcome(event, chance)
    if outcome is Outcome.RESPONDER_SENT:
        until = done + timedelta(minutes=30)
        yield ResponderCalled(at=done, by=by, responder="Udkørende", until=until)
        done += timedelta(minutes=chance.uniform(8, 28))
        yield Arrived(at=done, by=by, responder="Udkørende")
    yield Resolved(at=done, by=by, outcome=outcome)


def _outcome(event: Event, chance: random.Random) -> Outcome:
    if event.kind is Kind.TECHNICAL:
        return Outcome.TECHNICAL
    return chance.choices(
        (Outcome.SOLVED_BY_PHONE, Outcome.FALSE_ALARM, Outcome.RESPONDER_SENT, Outcome.TEST),
        (45, 25, 27, 3),
    )[0]


_WAITING: tuple[tuple[DeviceClass, int, float, Operator | None], ...] = (
    # class, which citizen's, minutes ago, who has it
    (DeviceClass.PENDANT, 0, 0.7, ME),
    (DeviceClass.PULL_CORD, 1, 0.3, None),
    (DeviceClass.BED_SENSOR, 1, 3.1, _BO),
    (DeviceClass.DOOR_SENSOR, 2, 2.2, None),
    (DeviceClass.MEDICINE_DISPENSER, 1, 8.7, None),
    (DeviceClass.SMOKE_DETECTOR, 3, 64.0, None),
    (DeviceClass.MOTION_SENSOR, 1, 131.0, None),
    (DeviceClass.WATER_SENSOR, 0, 22.0, None),
)


def waiting_now(
    devices: Sequence[Device], now: datetime, *, only: frozenset[Kind], alone: bool
) -> Iterator[Story]:
    """Yield what is open when the shift begins, of the kinds in `only`; `alone` has what is taken."""
    for device_class, place, minutes, owner in _WAITING:
        of_class = [one for one in devices if one.device_class is device_class]
        if not of_class:
            continue
        device = of_class[place % len(of_class)]
        event = EVENTS[device_class][0]
        if event.kind not in only:
            continue
        at = now - timedelta(minutes=minutes)
        by = ME if owner and alone else owner
        yield Story(device=device, event=event, at=at, steps=tuple(_begun(at, by)) if by else ())


def _begun(at: datetime, by: Operator) -> Iterator[AnyStep]:
    yield Repeated(at=at + timedelta(seconds=6))
    yield Repeated(at=at + timedelta(seconds=13))
    yield Taken(at=at + timedelta(seconds=24), by=by)
    yield Noted(at=at + timedelta(seconds=35), by=by, text="Ringer op.")
