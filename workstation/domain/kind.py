"""What an alarm is about, where it came from, and how it may end."""

from enum import StrEnum


class Kind(StrEnum):
    """The five kinds of alarm, declared in the order an operator must see them."""

    EMERGENCY = "emergency"
    SUPERVISION = "supervision"
    MEDICATION = "medication"
    MISSED_VISIT = "missed_visit"
    TECHNICAL = "technical"


class Source(StrEnum):
    """The convention or the part of the hub that raised an alarm or sent a reading."""

    HUB = "hub"
    ZIGBEE2MQTT = "zigbee2mqtt"
    HOME_ASSISTANT = "home_assistant"
    SHELLY = "shelly"
    SCAIP = "scaip"
    """An alarm unit, over SIP."""
    UNKNOWN = "unknown"
    """A topic that belongs to none of the conventions."""
    SILENCE = "silence"
    """The hub's own watch: a device has not been heard for too long."""
    LIMITS = "limits"
    """The hub's own watch: a reading stayed outside its limits."""
    ROUND = "round"
    """The hub's own watch: a visit was not started in its time."""
    WATCH = "watch"
    """The hub's watch over itself: nobody could answer a kommune's alarms."""
    VOICE = "voice"
    """Somebody telephoned the hub."""


class Outcome(StrEnum):
    """How a handled alarm ended; repeat calling and the share solved by phone are counted from it."""

    SOLVED_BY_PHONE = "solved_by_phone"
    RESPONDER_SENT = "responder_sent"
    FALSE_ALARM = "false_alarm"
    TECHNICAL = "technical"
    NO_CONTACT = "no_contact"
    TEST = "test"


ARRIVAL_NEEDED = frozenset({Outcome.NO_CONTACT, Outcome.RESPONDER_SENT})
"""Outcomes that may stand only when a named person has been confirmed to be with the citizen."""
