"""Whose a device is."""

from tests.builders import HADERSLEV, HJORRING
from workstation.application.directory import Directory
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Source
from workstation.domain.names import CitizenId, DeviceName, Kommune
from workstation.domain.signal import Origin

KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen")


def device(name: str, kommune: Kommune = HADERSLEV) -> Device:
    return Device(name=DeviceName(name), kommune=kommune)


def origin(name: str, kommune: Kommune | None = None) -> Origin:
    return Origin(source=Source.ZIGBEE2MQTT, device=DeviceName(name), kommune=kommune)


def test_a_device_is_found_in_its_kommune_only() -> None:
    directory = Directory.of([KAREN], [device("a")])
    assert directory.device(origin("a", HADERSLEV)) == device("a")
    assert directory.device(origin("a", HJORRING)) is None
    assert directory.device(origin("b", HADERSLEV)) is None
    assert directory.citizens == {KAREN.id: KAREN}


def test_a_bare_name_is_answered_by_the_first_kommunes_device() -> None:
    here, there = device("a"), device("a", HJORRING)
    for order in ([here, there], [there, here]):
        assert Directory.of([], order).device(origin("a")) == here
    assert Directory().device(origin("a")) is None
