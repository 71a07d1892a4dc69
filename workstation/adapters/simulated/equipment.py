"""Which devices the made-up citizens have, under names that real conventions would give them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from workstation.application.ports import RegisterEntry
from workstation.domain.citizen import Citizen, Device, DeviceClass
from workstation.domain.names import DeviceName

_CHOICES: tuple[tuple[DeviceClass, str, str, str, float], ...] = (
    # class, name, title, location, share of citizens who have one
    (DeviceClass.SMOKE_DETECTOR, "smoke", "Røgalarm", "gang", 0.5),
    (DeviceClass.DOOR_SENSOR, "door", "Dørkontakt", "hoveddør", 0.35),
    (DeviceClass.MOTION_SENSOR, "motion", "Bevægelse", "stue", 0.4),
    (DeviceClass.BED_SENSOR, "bed", "Sengesensor", "soveværelse", 0.3),
    (DeviceClass.MEDICINE_DISPENSER, "dispenser", "Medicindispenser", "køkken", 0.4),
    (DeviceClass.PULL_CORD, "cord", "Snoretræk", "badeværelse", 0.4),
    (DeviceClass.FALL_SENSOR, "fall", "Faldsensor", "badeværelse", 0.2),
    (DeviceClass.WATER_SENSOR, "water", "Vandsensor", "badeværelse", 0.15),
)
WATCHES = 10
"""How many citizens, from the first on, wear a pulse watch and have a climate sensor."""


def equipment(entries: Sequence[RegisterEntry], seed: int) -> list[Device]:
    """Return every device of the demo; the same for the same seed."""
    chance = random.Random(seed + 1)
    return [
        device
        for place, entry in enumerate(entries)
        for device in _of(entry.citizen, place, chance)
    ]


def _of(citizen: Citizen, place: int, chance: random.Random) -> Iterator[Device]:
    yield _device(citizen, DeviceClass.PENDANT, "pendant", "Halskæde", "", place)
    for device_class, name, title, location, share in _CHOICES:
        if chance.random() < share:
            yield _device(citizen, device_class, name, title, location, place)
    if place < WATCHES:
        yield _device(citizen, DeviceClass.PULSE_WATCH, "watch", "Pulsur", "", place)
        yield _device(citizen, DeviceClass.CLIMATE_SENSOR, "climate", "Klima", "stue", place)


def _device(
    citizen: Citizen, device_class: DeviceClass, name: str, title: str, location: str, place: int
) -> Device:
    return Device(
        name=DeviceName(f"{name}-{place + 1:03d}"),
        kommune=citizen.kommune,
        device_class=device_class,
        citizen=citizen.id,
        title=title,
        location=location,
    )
