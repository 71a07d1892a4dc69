import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import values
from workstation.domain.kind import Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Level, Origin
from workstation.wire.judging import Judged, meanings, words
from workstation.wire.safety import SAFETY
from workstation.wire.values import clean

ORIGIN = Origin(source=Source.ZIGBEE2MQTT, device=DeviceName("x"))


def judged(**body: object) -> Judged:
    found = Judged(ORIGIN)
    for key, value in body.items():
        found.add(key, value, meanings(key))
    return found


@given(st.sampled_from([row.key for row in SAFETY]), values)
def test_any_value_is_a_statement_a_measurement_silence_or_a_problem(key, value):
    found = Judged(ORIGIN)
    taken = found.add(key, value, meanings(key))
    for signal in found.signals():
        signal.code.encode()
        assert clean(signal.text) == signal.text
    assert taken or not [*found.signals(), *found.problems]


def test_two_names_of_one_state_are_one_level():
    (level,) = judged(smoke=False, smoke_state="alarm", smoke_alarm_1=False).signals()
    assert isinstance(level, Level)
    assert (level.code, level.active, level.text) == ("smoke", True, "alarm")


def test_two_places_are_two_levels():
    found = judged(water_leak_wire_1=True, water_leak_wire_2=False)
    assert {level.code: level.active for level in found.levels.values()} == {
        "water_leak:wire_1": True,
        "water_leak:wire_2": False,
    }


@pytest.mark.parametrize("value", ["", "unknown", "unavailable", "Unknown "])
def test_what_the_device_does_not_know_neither_alarms_nor_restores(value):
    found = judged(sos=value)
    assert [*found.signals()] == []
    assert found.problems == []


@pytest.mark.parametrize("value", ["perhaps", 7, {"a": 1}, "false,perhaps"])
def test_a_value_the_table_does_not_have_is_a_problem_and_restores_nothing(value):
    found = judged(sos=value)
    assert [*found.signals()] == []
    assert [problem.where for problem in found.problems] == ["sos"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, ("true",)),
        (0, ("0",)),
        (1.0, ("1",)),
        (2, None),
        (float("nan"), None),
        ("A, b&C", ("a", "b", "c")),
        (["Over", 3], ("over", "3")),
        ({}, None),
        (None, None),
    ],
)
def test_words(value, expected):
    assert words(value) == expected


@pytest.mark.parametrize(
    "key", ["", "_", "_1", "smoke_", "smoke_density", "battery", "temperature_1", "sos_999"]
)
def test_names_outside_the_table(key):
    assert meanings(key) == ()
