"""The table against what zigbee2mqtt's devices are known to say, in their own words."""

import pytest

from tests.wire.saying import levels, pressed, readings, said
from workstation.domain.kind import Kind
from workstation.domain.signal import Level, Pressed
from workstation.wire.safety import GENERIC, NO, SAFETY, SILENT, YES

E, S, T = Kind.EMERGENCY, Kind.SUPERVISION, Kind.TECHNICAL

SAYS = [
    # A person
    ("sos", True, E, "sos"),
    ("sos_alarm", True, E, "sos"),
    ("sos_alarm_2", True, E, "sos"),
    ("panic", True, E, "panic"),
    ("emergency", "ON", E, "emergency"),
    ("fall_status", "fall_alarm", E, "fall"),
    ("fall_status", "fall_warning", S, "possible_fall"),
    ("fall_down_status", "fall", E, "fall"),
    ("fall_down_status", "maybe_fall", S, "possible_fall"),
    ("status", "falling", E, "fall"),
    # Fire and air
    ("smoke", True, E, "smoke"),
    ("smoke_alarm_1", True, E, "smoke"),
    ("smoke_alarm_2", True, E, "smoke"),
    ("smoke_state", "alarm", E, "smoke"),
    ("heat", True, E, "heat"),
    ("overheat_mode", "overheat", E, "heat"),
    ("gas", True, E, "gas"),
    ("gas_alarm_1", True, E, "gas"),
    ("gas_sensor_state", "alarm", E, "gas"),
    ("carbon_monoxide", True, E, "carbon_monoxide"),
    ("carbon_monoxide", "ON", E, "carbon_monoxide"),
    ("carbon_monoxide_alarm_2", True, E, "carbon_monoxide"),
    ("co_state", "alarm", E, "carbon_monoxide"),
    ("halo_alert_state", "smoke", E, "smoke"),
    ("halo_alert_state", "interconnect_carbon_monoxide", E, "carbon_monoxide"),
    ("halo_alert_state", "pre_smoke", S, "smoke_warning"),
    ("alarm_status", "high_temperatur", E, "heat"),
    ("fault", "fire_alarm", E, "fire"),
    # Detectors with no better name for it
    ("alarm", True, E, "alarm"),
    ("alarm", "ALARM", E, "alarm"),
    ("alarm_1", True, E, "alarm"),
    ("alarm_2", True, E, "alarm"),
    ("alarm_state", "critical_alarm", E, "alarm"),
    ("alarm_state", "alarmed", E, "alarm"),
    ("alarm_state", "prealarm", S, "alarm_warning"),
    # Water
    ("water_leak", True, S, "water_leak"),
    ("water_leak_alarm_1", True, S, "water_leak"),
    ("active_water_leak", True, S, "water_leak"),
    ("water_leakage_state", "water_leakage_yes", S, "water_leak"),
    ("water_condition_alarm", True, S, "water_leak"),
    ("water_sensor", True, S, "water_leak"),
    ("water", True, S, "water_leak"),
    ("current_device_status", "water_shortage & water_leakage", S, "water_leak"),
    ("valve_abnormal_state", "water_shortage,water_leakage,fail_safe", S, "water_leak"),
    ("alarm_status", "alarm", S, "water_leak"),
    ("water_leak_wire_3", True, S, "water_leak:wire_3"),
    ("water_leak_zone_2", True, S, "water_leak:zone_2"),
    ("input_10_leak_detect_16", "Leak", S, "water_leak:input_10"),
    ("channel_1_leak_detect_17", "Leak", S, "water_leak:channel_1"),
    # The device
    ("tamper", True, T, "tamper"),
    ("tamper_alarm", "ON", T, "tamper"),
    ("alarm_status", "tamper", T, "tamper"),
    ("battery_low", True, T, "battery_low"),
    ("battery_low_1", "Low", T, "battery_low:1"),
    ("channel_2_battery_low_18", "Low", T, "battery_low:channel_2"),
    ("battery_state", "low", T, "battery_low"),
    ("battery_level", "low", T, "battery_low"),
    ("power_type", "battery_low", T, "battery_low"),
    ("halo_alert_state", "very_low_battery", T, "battery_low"),
    ("battery_defect", True, T, "battery_defect"),
    ("ac_status", True, T, "power"),
    ("mains_power_connected", False, T, "power"),
    ("ac_connected", False, T, "power"),
    ("fault", True, T, "fault"),
    ("fault", "DETECTED", T, "fault"),
    ("fault_alarm", "e1_e3", T, "fault"),
    ("trouble", True, T, "fault"),
    ("device_fault", True, T, "fault"),
    ("self_test", "Check failure", T, "self_test"),
    ("self_test_result", "failure", T, "self_test"),
    ("chamber_contamination", "critical_contamination", T, "maintenance"),
    ("end_of_life", True, T, "end_of_life"),
    ("endoflife", "expired", T, "end_of_life"),
    # Several of a kind on one device
    ("smoke_2", True, E, "smoke:2"),
    ("sos_l1", True, E, "sos:l1"),
    ("water_leak_left", True, S, "water_leak:left"),
]

WELL = [
    ("sos", False),
    ("fall_status", "normal"),
    ("fall_down_status", "none"),
    ("status", "sitting"),
    ("smoke_state", "detecting"),
    ("halo_alert_state", "smoke_test"),
    ("alarm_state", "no_alarm"),
    ("alarm_status", "ok"),
    ("alarm", "stop"),
    ("input_1_leak_detect_7", "Dry"),
    ("current_device_status", "water_shortage"),
    ("battery_state", "charging"),
    ("mains_power_connected", True),
    ("ac_connected", "connected"),
    ("fault", "clear"),
    ("fault", "over_current_threshold"),
    ("fault_alarm", "none"),
    ("self_test", "checking"),
    ("endoflife", "normal"),
    ("battery_low_1", "Normal"),
]

ORDINARY = {
    "temperature": 21.5,
    "occupancy": True,
    "contact": False,
    "presence": True,
    "vibration": True,
    "co2": 800,
    "gas_value": 3,
    "smoke_density": 0.1,
    "smoke_alarm_silenced": True,
    "linkage_alarm_state": True,
    "buzzer_manual_alarm": True,
    "alarm_time": 30,
    "alarm_volume": 3,
    "emergency_overheat": False,
    "preheat": True,
    "test": True,
}


@pytest.mark.parametrize(("key", "value", "kind", "code"), SAYS)
def test_what_devices_say_when_something_is_wrong(key, value, kind, code):
    active = [
        (one.kind, one.code)
        for one in said("zigbee2mqtt/x", {key: value}).signals
        if isinstance(one, Level) and one.active
    ]
    assert active == [(kind, code)]


@pytest.mark.parametrize(("key", "value"), WELL)
def test_what_devices_say_when_all_is_well(key, value):
    decoded = said("zigbee2mqtt/x", {key: value})
    assert levels(decoded)
    assert not any(levels(decoded).values())
    assert decoded.problems == ()


@pytest.mark.parametrize("action", ["emergency", "panic", "sos", "help", "fire", "fall", "drop"])
def test_each_call_for_help_is_an_edge(action):
    (signal,) = said("zigbee2mqtt/x", {"action": action}).signals
    assert isinstance(signal, Pressed)
    assert signal.kind is E


@pytest.mark.parametrize("action", ["", "single", "on", "arm_away", "disarm", "release", None])
def test_other_actions_say_nothing(action):
    decoded = said("zigbee2mqtt/x", {"action": action})
    assert pressed(decoded) == []
    assert decoded.problems == ()


def test_everything_else_is_a_reading():
    decoded = said("zigbee2mqtt/x", ORDINARY)
    assert levels(decoded) == {}
    assert readings(decoded).keys() == ORDINARY.keys()


@pytest.mark.parametrize(("key", "value"), [("gas", 3.4), ("gas", 1), ("co", 0), ("water", 12)])
def test_a_measurement_under_the_name_of_an_alarm_is_a_reading(key, value):
    assert readings(said("zigbee2mqtt/x", {key: value})) == {key: value}


def test_the_table_is_written_as_it_is_compared():
    for row in SAFETY:
        assert row.active
        assert all(word == word.casefold() for word in row.active | (row.idle or frozenset()))
        assert (
            row.idle is None
            or not row.active & row.idle
            or row.active == frozenset({"false", "off", "0"})
        )


def test_no_two_rows_say_the_same():
    seen = [(row.key, word, row.kind, row.code) for row in SAFETY for word in row.active]
    assert len(seen) == len(set(seen))


def test_a_code_has_one_kind():
    kinds = {(row.code, row.kind) for row in SAFETY}
    assert len({code for code, _ in kinds}) == len(kinds)


def test_yes_no_and_silence_are_apart():
    assert not YES & NO
    assert not (YES | NO) & SILENT


def test_generic_names_are_in_the_table():
    assert {row.key for row in SAFETY} >= GENERIC
