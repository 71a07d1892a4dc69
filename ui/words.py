"""The operator's words for the domain's names: kinds, outcomes, steps, devices."""

from typing import Final

from workstation.domain.citizen import DeviceClass, Relation
from workstation.domain.kind import Kind, Outcome, Source
from workstation.domain.names import SYSTEM, Operator
from workstation.domain.presence import Lack
from workstation.domain.steps import ReraisedBecause
from workstation.domain.unit_voice import VoiceProfile
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
    ReraisedBecause.DESK_LOST: N_("raised again: its owner's desk was lost"),
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

_TONES: Final = {
    # Translators: the keys that turn an alarm unit's loudspeaker up and down.
    VoiceProfile.VOLUME_1_UP: N_("1 louder, 3 quieter"),
    VoiceProfile.VOLUME_3_UP: N_("3 louder, 1 quieter"),
}

_LACKS: Final = {
    Lack.BLIND: N_("neither database nor broker answers"),
    Lack.NO_DESK: N_("no desk is running"),
    Lack.NOBODY: N_("nobody is signed in"),
    Lack.NO_BROKER: N_("no desk hears alarms"),
    Lack.NO_DATABASE: N_("no desk has the database"),
    Lack.NO_SOUND: N_("no desk has sound"),
}

_SOURCES: Final = {
    Source.HUB: "hub/v1",
    Source.ZIGBEE2MQTT: "zigbee2mqtt",
    Source.HOME_ASSISTANT: "Home Assistant",
    Source.SHELLY: "Shelly",
    Source.SCAIP: "SCAIP",
    Source.UNKNOWN: N_("unknown topic"),
    Source.SILENCE: N_("the hub's own watch"),
    Source.LIMITS: N_("the hub's own watch"),
    Source.ROUND: N_("the day's round"),
    Source.WATCH: N_("the hub's own watch"),
    Source.VOICE: N_("a call to the hub"),
}
"""The conventions have names of their own, the same in every language."""


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


def tones(value: VoiceProfile) -> str:
    """Return the words for a unit's habit of tones."""
    return _(_TONES[value])


def source(value: Source) -> str:
    """Return where an alarm came from: the convention's name, or which part of the hub."""
    return _(_SOURCES[value])


def lack(value: str) -> str:
    """Return what keeps everybody from answering alarms; "" for a word of a newer program."""
    return _(_LACKS[Lack(value)]) if value in set(Lack) else ""


def operator(who: Operator) -> str:
    """Return the operator's name; the hub's own rules act as "the hub"."""
    return _("the hub") if who == SYSTEM else who


def whom(value: str) -> str:
    """Return who was called: a name, or "the citizen"."""
    return _("the citizen") if value == "citizen" else value
