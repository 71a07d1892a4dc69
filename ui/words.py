"""The operator's words for the domain's names: kinds, codes, outcomes, steps."""

from datetime import datetime
from typing import Final

from ui import times
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import DeviceClass, Relation
from workstation.domain.kind import Kind, Outcome, Source
from workstation.domain.names import SYSTEM, Operator
from workstation.domain.steps import ReraisedBecause
from workstation.domain.telemetry import channel
from workstation.texts import N_, _

_KINDS: Final = {
    Kind.EMERGENCY: N_("Emergency"),
    Kind.SUPERVISION: N_("Supervision"),
    Kind.MEDICATION: N_("Medication"),
    # Translators: a planned visit that did not take place in its time; short, for a column.
    Kind.MISSED_VISIT: N_("Missed visit"),
    Kind.TECHNICAL: N_("Technical"),
}

_FOR_KIND: Final = {
    Kind.EMERGENCY: N_("At an emergency:"),
    Kind.SUPERVISION: N_("At a supervision alarm:"),
    Kind.MEDICATION: N_("At a medication alarm:"),
    Kind.MISSED_VISIT: N_("At a missed visit:"),
    Kind.TECHNICAL: N_("At a technical alarm:"),
}

_OUTCOMES: Final = {
    Outcome.SOLVED_BY_PHONE: N_("Solved by phone"),
    Outcome.RESPONDER_SENT: N_("Responder sent"),
    Outcome.FALSE_ALARM: N_("False alarm"),
    Outcome.TECHNICAL: N_("Technical"),
    Outcome.NO_CONTACT: N_("No contact"),
    Outcome.TEST: N_("Test"),
}

_RELATIONS: Final = {
    Relation.RELATIVE: N_("Relative"),
    Relation.RESPONDER: N_("Responder"),
    Relation.NURSE: N_("Nurse"),
    Relation.DOCTOR: N_("Doctor"),
}

_BECAUSE: Final = {
    ReraisedBecause.SHELF_ENDED: N_("raised again: its shelf time is over"),
    ReraisedBecause.UNTOUCHED: N_("raised again: nobody worked on it"),
    ReraisedBecause.NOT_ARRIVED: N_("raised again: arrival was not confirmed"),
}

_DEVICES: Final = {
    DeviceClass.PENDANT: N_("Pendant"),
    DeviceClass.PULL_CORD: N_("Pull cord"),
    DeviceClass.FALL_SENSOR: N_("Fall sensor"),
    DeviceClass.SMOKE_DETECTOR: N_("Smoke detector"),
    DeviceClass.WATER_SENSOR: N_("Water sensor"),
    DeviceClass.DOOR_SENSOR: N_("Door sensor"),
    DeviceClass.MOTION_SENSOR: N_("Motion sensor"),
    DeviceClass.BED_SENSOR: N_("Bed sensor"),
    DeviceClass.MEDICINE_DISPENSER: N_("Medicine dispenser"),
    DeviceClass.PULSE_WATCH: N_("Pulse watch"),
    DeviceClass.CLIMATE_SENSOR: N_("Climate sensor"),
    DeviceClass.GATEWAY: N_("Gateway"),
    DeviceClass.OTHER: N_("Other device"),
}

_CODES: Final = {
    "sos": N_("Help button pressed"),
    "emergency": N_("Help button pressed"),
    "pendant": N_("Pendant pressed"),
    "pull_cord": N_("Pull cord pulled"),
    "fall": N_("Fall"),
    "smoke": N_("Smoke"),
    "heat": N_("Heat"),
    "gas": N_("Gas"),
    "carbon_monoxide": N_("Carbon monoxide"),
    "water_leak": N_("Water leak"),
    "tamper": N_("Device opened or moved"),
    "battery_low": N_("Battery low"),
    "battery": N_("Battery low"),
    "offline": N_("Device offline"),
    "silence": N_("Not heard from"),
    "old_press": N_("Old press"),
    "clock_wrong": N_("The device's clock is wrong"),
    "flawed_message": N_("Message with faults"),
    "duplicate_id": N_("Same id, another message"),
    "unreadable": N_("Unreadable message"),
    "screen_visit": N_("Screen visit"),
    "planned_call": N_("Planned call"),
    "night_check": N_("Night check"),
    "panic": N_("Help button pressed"),
    "help": N_("Help button pressed"),
    "fire": N_("Fire"),
    "alarm": N_("Detector sounds"),
    "possible_fall": N_("Possible fall"),
    "smoke_warning": N_("Smoke warning"),
    "alarm_warning": N_("Detector warns"),
    "unspecified": N_("Alarm without a code"),
}
"""Words for the codes that the hub's conventions share; another one is shown as it is."""
_OURS: Final = frozenset(
    {"old_press", "clock_wrong", "flawed_message", "duplicate_id", "unreadable"}
)
"""What the hub says of a message; the alarm's text then is for IT, and stands with the raw one."""


def kind(value: Kind) -> str:
    """Return the word for a kind of alarm."""
    return _(_KINDS[value])


def at_kind(value: Kind) -> str:
    """Return the heading of the instruction for a kind of alarm."""
    return _(_FOR_KIND[value])


def outcome(value: Outcome) -> str:
    """Return the word for an outcome."""
    return _(_OUTCOMES[value])


def relation(value: Relation) -> str:
    """Return the word for what a contact is."""
    return _(_RELATIONS[value])


def because(value: ReraisedBecause) -> str:
    """Return why the hub raised an alarm again."""
    return _(_BECAUSE[value])


def device_class(value: DeviceClass) -> str:
    """Return the word for a class of device."""
    return _(_DEVICES[value])


def code(value: str) -> str:
    """Return the words for a code, or the code itself where it is a device's own."""
    known = _CODES.get(value.partition(":")[0])
    return _(known) if known else value.replace("_", " ")


def event(alarm: Alarm) -> str:
    """Return what happened: the device's own words, or the hub's for what the hub found itself."""
    if alarm.source is Source.SILENCE:
        return _not_heard(alarm.text)
    if alarm.source is Source.LIMITS:
        measured = channel(alarm.code.removeprefix("limit_"))
        return f"{_(measured.title)} {alarm.text}".strip()
    if alarm.source is Source.ROUND:
        return f"{code(alarm.code)} {alarm.text}".strip()
    if alarm.code in _OURS:
        return code(alarm.code)
    return alarm.text or code(alarm.code)


def _not_heard(since: str) -> str:
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        return _("Not heard from")
    return _("Not heard since {time}").format(time=f"{times.day(at.date())} {times.hour(at)}")


def operator(who: Operator) -> str:
    """Return the operator's name; the hub's own rules act as "the hub"."""
    return _("the hub") if who == SYSTEM else who


def whom(value: str) -> str:
    """Return who was called: a name, or "the citizen"."""
    return _("the citizen") if value == "citizen" else value
