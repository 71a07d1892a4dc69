"""Made-up numbers, and each class of device's patience with silence."""

from datetime import timedelta

from workstation.domain.citizen import SILENT_AFTER, Device, DeviceClass, is_simulated_number
from workstation.domain.names import DeviceName, Kommune


def test_a_made_up_number_is_told_from_every_danish_one() -> None:
    assert is_simulated_number("+4500001001")
    assert not any(is_simulated_number(f"+45{first}4621048") for first in range(2, 10))


def test_every_class_has_its_own_patience() -> None:
    assert set(SILENT_AFTER) == set(DeviceClass)


def test_a_device_may_have_a_patience_of_its_own() -> None:
    watch = Device(
        name=DeviceName("w"), kommune=Kommune("0510"), device_class=DeviceClass.PULSE_WATCH
    )
    assert watch.patience == SILENT_AFTER[DeviceClass.PULSE_WATCH]
    own = Device(name=DeviceName("w"), kommune=Kommune("0510"), silent_after=timedelta(minutes=5))
    assert own.patience == timedelta(minutes=5)
