"""Which unit is at the other end, and its tones."""

from dataclasses import replace

import pytest

from tests.builders import HADERSLEV, an_alarm
from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.application.units import Units
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device
from workstation.domain.kind import Source
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.unit_voice import UnitAct, VoiceProfile

UNIT = DeviceName("0042001")
CALL = PhoneView(alarm=AlarmId("a1"), whom=CITIZEN, target="sip:0042001@unit")


def units(alarm: Alarm | None, profile: str | None = None, hub: str = "volume_1_up") -> Units:
    """Return what a desk knows of one open alarm, and of one unit where it has a `profile`."""
    row = Device(name=UNIT, kommune=HADERSLEV, profile=profile or "")
    known = {(row.kommune, row.name): row} if profile is not None else {}
    return Units(
        alarm_of=lambda wanted: alarm if alarm is not None and alarm.id == wanted else None,
        device_of=lambda kommune, name: known.get((kommune, name)),
        hub=VoiceProfile(hub),
    )


def an_alarm_of(source: Source = Source.SCAIP, voice: str | None = None) -> Alarm:
    return replace(an_alarm("a1", device=UNIT, kommune=HADERSLEV, voice=voice), source=source)


@pytest.mark.parametrize(
    ("profile", "hub", "louder", "quieter"),
    [
        ("volume_1_up", "volume_3_up", "1", "3"),
        ("volume_3_up", "volume_1_up", "3", "1"),
        ("", "volume_3_up", "3", "1"),
        ("of a newer program", "volume_1_up", "1", "3"),
    ],
)
def test_the_unit_s_own_profile_counts(profile: str, hub: str, louder: str, quieter: str) -> None:
    alarm = an_alarm_of()
    for front in (None, alarm, an_alarm("a2")):
        found = units(alarm, profile, hub=hub)
        assert found.tone(CALL, front, UnitAct.LOUDER) == louder
        assert found.tone(CALL, front, UnitAct.QUIETER) == quieter
        assert found.is_unit(CALL, front), "also while somebody else is in front"


def test_a_unit_whose_alarm_is_closed_is_still_one() -> None:
    closed = an_alarm_of()
    found = units(None, "volume_3_up")
    assert found.is_unit(CALL, closed)
    assert found.tone(CALL, closed, UnitAct.LOUDER) == "3"
    assert not found.is_unit(CALL, None)


def test_whoever_is_called_for_no_alarm_is_told_as_the_hub_s_units() -> None:
    found = units(None, hub="volume_3_up")
    assert not found.is_unit(replace(CALL, alarm=None), None)
    assert found.tone(replace(CALL, alarm=None), None, UnitAct.LOUDER) == "3"


@pytest.mark.parametrize("registered", [True, False])
def test_a_unit_that_calls_by_its_number_is_known_by_the_register(*, registered: bool) -> None:
    called = an_alarm_of(Source.VOICE, voice="0042001")
    found = units(called, "volume_3_up" if registered else None)
    assert found.is_unit(replace(CALL, target="0042001"), None) is registered
    assert not found.is_unit(replace(CALL, target="+4500741048"), None), "the citizen's telephone"


def test_a_relative_is_no_unit() -> None:
    assert not units(an_alarm_of(voice="sip:0042001@unit")).is_unit(replace(CALL, whom="Bo"), None)
