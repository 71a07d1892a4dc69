"""Every name and value under which a device says that something is wrong: the one table.

Gathered from all definitions that zigbee2mqtt publishes (4,516 devices, zigbee-herdsman-converters
26.112); a key that is not here is a reading. What belongs to a *setting* or to an output (the
siren's own switch, a melody, "alarm when…") is left out on purpose; `not_alarms` in
`zigbee2mqtt_bridge` has the few names that are an input on one device and a switch on another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workstation.domain.kind import Kind

_E, _S, _T = Kind.EMERGENCY, Kind.SUPERVISION, Kind.TECHNICAL

YES: Final = frozenset({"true", "on", "1", "yes", "alarm", "detected"})
"""What a plain "it is so" looks like, case folded."""
NO: Final = frozenset({
    "false", "off", "0", "no", "none", "normal", "clear", "ok", "idle", "not_detected", "detecting",
})  # fmt: skip
SILENT: Final = frozenset({"", "unknown", "unavailable", "null"})
"""The device says that it does not know: neither active nor restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyValue:
    """One meaning of one key. Words are compared with their case folded."""

    key: str
    kind: Kind
    code: str
    active: frozenset[str] = YES
    idle: frozenset[str] | None = NO
    """Words that mean all is well; None where every other word does (an open list of states)."""
    edge: bool = False
    """It happened, rather than it is so: each time counts, and a word not listed means nothing."""
    measured: bool = False
    """Other devices measure something under the same name: a number is a reading."""


def _level(key: str, kind: Kind, code: str, words: str = "", *, idle: str = "") -> SafetyValue:
    """Declare a lasting state: active at true, or at `words` (split at blanks)."""
    return SafetyValue(
        key=key,
        kind=kind,
        code=code,
        active=frozenset(words.split()) if words else YES,
        idle=NO | frozenset(idle.split()),
    )


def _among(key: str, kind: Kind, code: str, *words: str) -> SafetyValue:
    """Declare a lasting state that is active at `words` of an open list."""
    return SafetyValue(key=key, kind=kind, code=code, active=frozenset(words), idle=None)


def _measured(key: str, kind: Kind, code: str) -> SafetyValue:
    return SafetyValue(key=key, kind=kind, code=code, measured=True)


def _action(word: str, code: str) -> SafetyValue:
    return SafetyValue(
        key="action", kind=_E, code=code, active=frozenset({word}), idle=None, edge=True
    )


def _zone(key: str, kind: Kind, code: str) -> tuple[SafetyValue, ...]:
    """Declare an IAS zone: plain, or its two bits apart (`smoke_alarm_1`), which are one alarm."""
    return tuple(_level(f"{key}{bit}", kind, code) for bit in ("", "_alarm_1", "_alarm_2"))


SAFETY: Final[tuple[SafetyValue, ...]] = (
    # --- A person asks for help --------------------------------------------------------------
    _action("emergency", "emergency"),
    _action("panic", "panic"),
    _action("sos", "sos"),
    _action("help", "help"),
    _action("fire", "fire"),
    _action("fall", "fall"),
    _action("drop", "fall"),
    *_zone("sos", _E, "sos"),
    _level("sos_alarm", _E, "sos"),
    _level("panic", _E, "panic"),
    _level("emergency", _E, "emergency"),
    _level("fall_status", _E, "fall", "fall_alarm", idle="fall_warning"),
    _level("fall_status", _S, "possible_fall", "fall_warning", idle="fall_alarm"),
    _level("fall_down_status", _E, "fall", "fall", idle="maybe_fall"),
    _level("fall_down_status", _S, "possible_fall", "maybe_fall", idle="fall"),
    _level("fall", _E, "fall"),
    _among("status", _E, "fall", "falling"),
    # --- Fire and air ------------------------------------------------------------------------
    *_zone("smoke", _E, "smoke"),
    _level("smoke_state", _E, "smoke"),
    *_zone("heat", _E, "heat"),
    _among("overheat_mode", _E, "heat", "overheat"),
    _measured("gas", _E, "gas"),
    _level("gas_alarm_1", _E, "gas"),
    _level("gas_alarm_2", _E, "gas"),
    _level("gas_state", _E, "gas"),
    _level("gas_sensor_state", _E, "gas"),
    *_zone("carbon_monoxide", _E, "carbon_monoxide"),
    _measured("co", _E, "carbon_monoxide"),
    _level("co_state", _E, "carbon_monoxide"),
    _among("halo_alert_state", _E, "smoke", "smoke", "interconnect_smoke"),
    _among(
        "halo_alert_state",
        _E,
        "carbon_monoxide",
        "carbon_monoxide",
        "interconnect_carbon_monoxide",
    ),
    _among("halo_alert_state", _S, "smoke_warning", "pre_smoke"),
    _among("alarm_status", _E, "heat", "high_temperatur", "high_temperature"),
    _among("fault", _E, "fire", "fire_alarm"),
    # --- Detectors that have no better name for it: heat alarms, smoke detectors, listeners ---
    _among("alarm", _E, "alarm", "true", "alarm"),
    _level("alarm_1", _E, "alarm"),
    _level("alarm_2", _E, "alarm"),
    _level("alarm_alarm_1", _E, "alarm"),
    _level("alarm_alarm_2", _E, "alarm"),
    _among("alarm_state", _E, "alarm", "true", "alarmed", "warning_alarm", "critical_alarm"),
    _among("alarm_state", _S, "alarm_warning", "prealarm"),
    # --- Water -------------------------------------------------------------------------------
    *_zone("water_leak", _S, "water_leak"),
    _level("active_water_leak", _S, "water_leak"),
    _level("water_condition_alarm", _S, "water_leak"),
    _level("water_sensor", _S, "water_leak"),
    _level("water_leakage_state", _S, "water_leak", "water_leakage_yes", idle="water_leakage_no"),
    _measured("water", _S, "water_leak"),
    _measured("leak", _S, "water_leak"),
    _measured("leakage", _S, "water_leak"),
    _among("current_device_status", _S, "water_leak", "water_leakage"),
    _among("valve_abnormal_state", _S, "water_leak", "water_leakage"),
    # Two water sensors and one vibration sensor share this name.
    _among("alarm_status", _S, "water_leak", "alarm"),
    _level("water_leak_both_zones", _S, "water_leak:both_zones"),
    *(_level(f"water_leak_zone_{n}", _S, f"water_leak:zone_{n}") for n in range(1, 3)),
    *(_level(f"water_leak_wire_{n}", _S, f"water_leak:wire_{n}") for n in range(1, 5)),
    *(
        _level(f"{side}_{n}_leak_detect_{n + first}", _S,
               f"water_leak:{side}_{n}", "leak", idle="dry")
        for side, first in (("input", 6), ("channel", 16))
        for n in range(1, 11)
    ),
    # --- Somebody has opened or moved the device ----------------------------------------------
    *_zone("tamper", _T, "tamper"),
    _level("tamper_alarm", _T, "tamper"),
    _among("alarm_status", _T, "tamper", "tamper"),
    # --- The device itself asks for help ------------------------------------------------------
    _level("battery_low", _T, "battery_low", "true on 1 low"),
    _level("low_battery", _T, "battery_low"),
    _level("battery_status", _T, "battery_low"),
    _level("battery_defect", _T, "battery_defect"),
    _among("battery_state", _T, "battery_low", "low", "missing"),
    _among("battery_level", _T, "battery_low", "low"),
    _among("power_type", _T, "battery_low", "battery_low"),
    _among("alarm_status", _T, "battery_low", "battery_alarm"),
    _among("halo_alert_state", _T, "battery_low", "low_battery", "very_low_battery",
           "failed_battery"),
    *(
        _level(f"channel_{n}_battery_low_{n + 16}", _T, f"battery_low:channel_{n}", "low")
        for n in range(1, 11)
    ),
    _level("ac_status", _T, "power"),
    _level("mains_power_connected", _T, "power", "false off 0", idle="true on 1"),
    _among("ac_connected", _T, "power", "false"),
    _among("fault", _T, "fault", "true", "detected", "fault", "serious_fault", "sensor_fault",
           "probe_fault", "power_fault"),
    _level("fault_alarm", _T, "fault", "true on 1 e1 e2 e3 e1_e2 e1_e3 e2_e3 e1_e2_e3"),
    _level("device_fault", _T, "fault"),
    _level("trouble", _T, "fault"),
    _among("alarm_status", _T, "fault", "error"),
    _among("halo_alert_state", _T, "fault", "other"),
    _among("self_test", _T, "self_test", "check_failure", "check failure", "comm_fault",
           "radar_fault"),
    _among("self_test_result", _T, "self_test", "failure", "check_failure"),
    _among("test_alarm_result", _T, "self_test", "check_failure"),
    _among("checking_result", _T, "self_test", "check_failure"),
    _among("chamber_contamination", _T, "maintenance", "critical_contamination"),
    _level("end_of_life", _T, "end_of_life"),
    _among("endoflife", _T, "end_of_life", "expires_soon", "expired"),
    _among("halo_alert_state", _T, "end_of_life", "end_of_life"),
)  # fmt: skip

GENERIC: Final = frozenset(
    {"alarm", "alarm_1", "alarm_2", "alarm_alarm_1", "alarm_alarm_2", "alarm_state"}
)
"""Names that say *alarm* without saying of what: a siren and a door sensor use them too."""
