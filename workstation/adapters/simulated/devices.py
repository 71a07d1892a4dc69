"""The demo's devices: they publish readings as real ones do, and now and then an alarm."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from workstation.adapters.simulated.curves import values
from workstation.adapters.simulated.history import EVENTS, Event
from workstation.domain.citizen import Device, DeviceClass
from workstation.domain.kind import Kind, Source
from workstation.domain.signal import Origin, Pressed
from workstation.wire import hub_writer

Publish = Callable[[str, bytes], None]
"""Topic and payload."""

_ZIGBEE = {
    DeviceClass.SMOKE_DETECTOR: {"smoke": False},
    DeviceClass.DOOR_SENSOR: {"contact": True},
    DeviceClass.WATER_SENSOR: {"water_leak": False},
    DeviceClass.MOTION_SENSOR: {"occupancy": False},
}
_OFTEN_S, _SELDOM_S = 5.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How lively the demo is: alarms a minute, and how much of each kind."""

    name: str
    per_minute: float
    shares: dict[Kind, float]
    opening: frozenset[Kind]
    """Kinds that already wait when the shift begins."""
    alone: bool = False
    """Nobody else is on duty: what is taken is this desk's."""


_ALL = frozenset(Kind)
SCENARIOS: dict[str, Scenario] = {
    one.name: one
    for one in (
        Scenario(
            name="quiet",
            per_minute=0.1,
            shares={Kind.EMERGENCY: 1, Kind.SUPERVISION: 1, Kind.MEDICATION: 2, Kind.TECHNICAL: 2},
            opening=frozenset({Kind.TECHNICAL}),
        ),
        Scenario(
            name="evening",
            per_minute=0.8,
            shares={Kind.EMERGENCY: 4, Kind.SUPERVISION: 2, Kind.MEDICATION: 2, Kind.TECHNICAL: 3},
            opening=_ALL,
        ),
        Scenario(
            name="storm",
            per_minute=600,
            shares={Kind.EMERGENCY: 4, Kind.SUPERVISION: 2, Kind.MEDICATION: 1, Kind.TECHNICAL: 6},
            opening=_ALL,
        ),
        Scenario(
            name="night",
            per_minute=0.4,
            shares={Kind.EMERGENCY: 2, Kind.SUPERVISION: 5, Kind.TECHNICAL: 1},
            opening=frozenset({Kind.SUPERVISION, Kind.TECHNICAL}),
            alone=True,
        ),
    )
}


class Devices:
    """All devices of the demo as one publisher; `step` does what is due and says when next."""

    def __init__(
        self,
        devices: Sequence[Device],
        *,
        scenario: Scenario,
        publish: Publish,
        now: datetime,
        seed: int,
    ) -> None:
        """Count seconds from `now`."""
        self._devices = list(devices)
        self._scenario = scenario
        self._publish = publish
        self._started = now
        self._chance = random.Random(f"{seed} live")
        self._count = 0
        self._due: list[tuple[float, int, Device | None]] = []
        for place, device in enumerate(self._devices):
            self._plan(self._chance.uniform(0, 4), place, device)
        self._plan(8.0, -1, None)

    def _plan(self, at_s: float, place: int, device: Device | None) -> None:
        heapq.heappush(self._due, (at_s, place, device))

    def step(self, now: datetime) -> float:
        """Publish what is due at `now`; return for how many seconds nothing is."""
        elapsed = (now - self._started).total_seconds()
        while self._due[0][0] <= elapsed:
            at_s, place, device = heapq.heappop(self._due)
            if device is None:
                self._alarm(now)
                # The next from when this one was due, so that a storm keeps its rate.
                self._plan(
                    at_s + self._chance.expovariate(self._scenario.per_minute / 60), place, None
                )
                continue
            self._report(device, now)
            often = device.device_class is DeviceClass.PULSE_WATCH
            self._plan(
                elapsed + (_OFTEN_S if often else _SELDOM_S) * self._chance.uniform(0.9, 1.1),
                place,
                device,
            )
        return max(0.0, self._due[0][0] - elapsed)

    def _report(self, device: Device, now: datetime) -> None:
        for topic, payload in readings(device, now, self._chance):
            self._publish(topic, payload)

    def _alarm(self, now: datetime) -> None:
        kinds = list(self._scenario.shares)
        kind = self._chance.choices(kinds, list(self._scenario.shares.values()))[0]
        able = [
            (device, event)
            for device in self._devices
            for event in EVENTS.get(device.device_class, ())
            if event.kind is kind
        ]
        if not able:
            return
        device, event = self._chance.choice(able)
        self._count += 1
        self._publish(*self._pressed(device, event, now))

    def _pressed(self, device: Device, event: Event, now: datetime) -> tuple[str, bytes]:
        return hub_writer.alarm(
            Pressed(
                origin=Origin(source=Source.HUB, device=device.name, kommune=device.kommune),
                kind=event.kind,
                code=event.code,
                text=event.text,
                at=now,
                id=f"{int(self._started.timestamp())}-{self._count}",
                location=device.location or None,
            )
        )


def readings(device: Device, now: datetime, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield what a device says of itself at `now`, in the convention of its class."""
    battery = 40 + sum(map(ord, device.name)) * 7 % 60
    at = now
    match device.device_class:
        case DeviceClass.PULSE_WATCH:
            measured = values(device.name, at, chance) | {"battery": float(battery)}
            yield hub_writer.reading(device.kommune, device.name, at, measured)
        case DeviceClass.CLIMATE_SENSOR:
            measured = values(device.name, at, chance)
            yield f"{device.name}/events/rpc", _shelly(device, at, measured, battery)
        case known if known in _ZIGBEE:
            said = _ZIGBEE[known] | {"battery": battery, "linkquality": chance.randint(40, 180)}
            yield f"zigbee2mqtt/{device.name}", json.dumps(said).encode()
        case _:
            measured = {"battery": float(battery), "linkquality": float(chance.randint(40, 180))}
            yield hub_writer.reading(device.kommune, device.name, at, measured)


def _shelly(device: Device, at: datetime, measured: dict[str, float], battery: int) -> bytes:
    params = {
        "ts": at.timestamp(),
        "temperature:0": {"id": 0, "tC": measured["temperature"]},
        "humidity:0": {"id": 0, "rh": measured["humidity"]},
        "devicepower:0": {"id": 0, "battery": {"V": 5.2, "percent": battery}},
    }
    said = {
        "src": device.name,
        "dst": f"{device.name}/events",
        "method": "NotifyFullStatus",
        "params": params,
    }
    return json.dumps(said).encode()
