"""What an alarm says, in words: the codes of the devices' conventions and of the hub's own watch."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from ui import scaip_words, times, words
from workstation.complaints import problem_sentence
from workstation.complaints.recording import RECORDING
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Source
from workstation.domain.telemetry import channel
from workstation.texts import N_, _

CODES: Final = {
    # --- A person asks for help ---------------------------------------------------------------
    "emergency": N_("Call for help"),
    "sos": N_("Call for help"),
    "help": N_("Call for help"),
    "called_hub": N_("Telephoned the hub"),
    "safety": N_("Call for help (safety sensor)"),
    "panic": N_("Panic alarm"),
    "pendant": N_("Pendant pressed"),
    "pull_cord": N_("Pull cord pulled"),
    "fall": N_("Fall"),
    "possible_fall": N_("Possible fall"),
    # --- Something is wrong in the home -------------------------------------------------------
    "fire": N_("Fire"),
    "smoke": N_("Smoke"),
    "smoke_warning": N_("Smoke begins"),
    "heat": N_("Heat"),
    "gas": N_("Gas"),
    "carbon_monoxide": N_("Carbon monoxide"),
    "alarm": N_("Detector alarm"),
    # Translators: a detector warns before it sounds the alarm.
    "alarm_warning": N_("Detector warning"),
    "water_leak": N_("Water on the floor"),
    # --- Something was agreed and is otherwise ------------------------------------------------
    "bed_exit": N_("Out of bed"),
    "door": N_("Door open"),
    "door_open": N_("Door open"),
    "dose_missed": N_("Dose not taken"),
    "needs_help": N_("Needs help, seen at the night check"),
    "not_taken": N_("Dose not taken"),
    "screen_visit": N_("Screen visit"),
    "planned_call": N_("Planned call"),
    "night_check": N_("Night check"),
    # --- The device needs help ----------------------------------------------------------------
    "tamper": N_("Device opened or moved"),
    "battery_low": N_("Battery low"),
    "battery_defect": N_("Battery defect"),
    "power": N_("Power lost"),
    "power_lost": N_("Power lost"),
    "fault": N_("Fault in the device"),
    "self_test": N_("Self-test failed"),
    "maintenance": N_("Needs cleaning"),
    "end_of_life": N_("End of life"),
    "offline": N_("No connection"),
    "link_lost": N_("No connection"),
    "silent": N_("Not heard from"),
    "heartbeat_missing": N_("Heartbeat missing"),
    # Translators: alarm units cannot reach the hub over SIP.
    "receiver_deaf": N_("Alarm units cannot reach the hub"),
    # Translators: an alarm unit that is not in the register has sent an alarm.
    "unknown_unit": N_("Unknown alarm unit"),
    # --- The broker needs room (docs/examples/mosquitto/watch-store) --------------------------
    "disk_low": N_("Disk nearly full"),
    "memory_low": N_("Memory nearly full"),
    # --- The hub watches over itself ----------------------------------------------------------
    "nobody_watches": N_("Nobody answers alarms here"),
    "watch_command_failed": N_("The command that calls for help failed"),
    # Translators: somebody changed or removed entries of who looked at whom.
    "access_log_broken": N_("Access log damaged"),
    "access_log_kept": N_("Old entries of the access log are not removed"),
    "recordings_kept": N_("Old recordings of calls are not removed"),
    # --- The database was away ----------------------------------------------------------------
    # Translators: two operators took, or did something else with, the same alarm meanwhile.
    "claim_conflict": N_("Two desks disagree"),
    "journal_damaged": N_("This desk's journal was damaged"),
    "journal_unreadable": N_("An entry of this desk's journal cannot be read"),
    # --- What the hub says of a message -------------------------------------------------------
    "unspecified": N_("Alarm without a code"),
    "old_press": N_("Old press"),
    "clock_wrong": N_("The device's clock is wrong"),
    "flawed_message": N_("Message with faults"),
    "duplicate_id": N_("Same id, another message"),
    "unreadable": N_("Unreadable message"),
    "unstorable": N_("Could not be stored as it came"),
}
"""Words for every code this program knows or raises; a device's own is shown as it is."""

DID: Final = {
    "taken": N_("took it"),
    "released": N_("gave it back"),
    "resolved": N_("closed it"),
    "noted": N_("wrote about it"),
    "repeated": N_("called again"),
    "raised": N_("raised it again"),
    "shelved": N_("put it aside"),
    "awaiting_responder": N_("waits for the responder"),
}
"""What stands on either side of a conflict."""

_NOT_SIGNED: Final = {
    "no_key": N_("there is no key that signs for it"),
    "bad_key": N_("the key that signs for it cannot be read"),
    "other_key": N_("the key that signs for it is not the one of audit.public_key"),
    "bad_public_key": N_("audit.public_key cannot be read"),
}
"""Why nothing goes from the access log: reasons of AuditFailed."""

_FAULT: Final = "_fault"
_DIGITS: Final = re.compile(r"\d+")


def code(value: str) -> str:
    """Return the words for a code: `water_leak:wire_3` is "Water on the floor (3)".

    `<component>_fault` is a fault; what nobody has a word for is shown as it is.
    """
    base, _colon, part = value.partition(":")
    known = CODES.get(base) or (CODES["fault"] if base.endswith(_FAULT) else None)
    if known is None:
        return scaip_words.named(value) or value.replace("_", " ")
    number = _DIGITS.search(part)
    return f"{_(known)} ({number[0]})" if number else _(known)


def event(alarm: Alarm) -> str:
    """Return what happened, in the hub's words and then, where it tells more, in the device's."""
    match alarm.source:
        case Source.SILENCE:
            return _not_heard(alarm)
        case Source.WATCH:
            return _unwatched(alarm)
        case Source.LIMITS:
            measured = channel(alarm.code.removeprefix("limit_"))
            # Translators: the decimal sign of a measured value, "." or ",".
            return f"{_(measured.title)} {alarm.text.replace('.', _('.'))}".strip()
        case Source.SCAIP:
            return _of_unit(alarm)
        case _:
            return _of_message(alarm)


def _of_unit(alarm: Alarm) -> str:
    match alarm.code:
        case "heartbeat_missing" if (at := _read_time(alarm.text)) is not None:
            since = times.since(at, alarm.received_at)
            return _("Heartbeat missing since {time}").format(time=since)
        case "unknown_unit":
            first, _blank, rest = alarm.text.partition(" ")
            return _joined(code("unknown_unit"), _worded(first, rest) if first else "")
        case _:
            return _of_message(alarm)


def _of_message(alarm: Alarm) -> str:
    text = alarm.text
    tellers = {"unreadable": _unread, "claim_conflict": _conflict, "journal_damaged": _damaged}
    if alarm.code in tellers:
        return tellers[alarm.code](text)
    match alarm.code:
        case "old_press":
            first, _blank, rest = text.partition(" ")
            return _joined(code("old_press"), _worded(first, rest))
        case "unstorable":
            _reason, _blank, rest = text.partition(" ")
            first, _blank, more = rest.partition(" ")
            return _joined(code("unstorable"), _worded(first, more))
        case "clock_wrong":
            at = _read_time(text)
            said = f"{at.astimezone(times.LOCAL):%d-%m-%Y %H:%M}" if at is not None else text
            return f"{code('clock_wrong')}: {said}"
        case "flawed_message" | "duplicate_id":
            return code(alarm.code)  # the text is for the supplier: it stands with the raw message
        case other:
            return _worded(other, text)


def _conflict(text: str) -> str:
    """Return who did what on either side: `application.conflicts` writes three words for each."""
    said = text.split()
    if len(said) != 6:  # noqa: PLR2004 - see above
        return code("claim_conflict")
    first, second = (_side(*said[at : at + 3]) for at in (0, 3))
    return f"{code('claim_conflict')}: {first}; {second}"


def _side(who: str, at: str, did: str) -> str:
    # Translators: in place of an operator's name where a citizen or the hub itself did it.
    nobody = _("the citizen") if did == "repeated" else _("the hub")
    moment = _read_time(at)
    return (
        _("{name} {did} {time}")
        .format(
            name=nobody if who == "-" else who,
            did=_(DID[did]) if did in DID else did,
            time=f"{moment.astimezone(times.LOCAL):%H:%M:%S}" if moment is not None else "",
        )
        .strip()
    )


def _damaged(text: str) -> str:
    saved, _blank, file = text.partition(" ")
    if not file:
        return code("journal_damaged")
    return _(
        "This desk's journal was damaged: {count} entries were saved, IT has the rest in {file}"
    ).format(count=saved, file=file)


def _worded(value: str, text: str) -> str:
    """Return the words for a code with the device's own; the latter alone where they say both."""
    said = code(value)
    if not text:
        return said
    is_known = said != value.replace("_", " ")
    if not is_known or said.casefold() in text.casefold():
        return text
    return _joined(said, text)


def _joined(said: str, more: str) -> str:
    if not more:
        return said
    return f"{said} {more}" if more[0].isdigit() else f"{said}: {more}"


def _unread(text: str) -> str:
    reason, where, expected = (*text.split(" ", 2), "", "", "")[:3]
    return problem_sentence(reason, where=where, expected=expected) if text else code("unreadable")


def _not_heard(alarm: Alarm) -> str:
    at = _read_time(alarm.text)
    if at is None:
        return code("silent")
    return _("Not heard since {time}").format(time=times.since(at, alarm.received_at))


def _unwatched(alarm: Alarm) -> str:
    if alarm.code == "access_log_kept":
        return _joined(code(alarm.code), _(_NOT_SIGNED.get(alarm.text, alarm.text)))
    if alarm.code == "recordings_kept":
        return _joined(code(alarm.code), _(RECORDING.get(alarm.text, alarm.text)))
    why, _blank, since = alarm.text.partition(" ")
    at, lacks = _read_time(since), words.lack(why)
    if alarm.code != "nobody_watches" or at is None or not lacks:
        return _joined(code(alarm.code), alarm.text)
    return _("Nobody answers alarms here since {time}: {why}").format(
        time=times.since(at, alarm.received_at), why=lacks
    )


def _read_time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
