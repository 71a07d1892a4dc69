"""The columns of the alarm queue and of the technical lane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from ui import code_words, scaip_words, times, words
from ui.models.column import Cell, Column
from ui.models.table import Table
from workstation.domain import kommuner
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind, Source
from workstation.domain.queue import sort_key
from workstation.texts import N_, _

TONES: Final = {
    Kind.EMERGENCY: "emergency",
    Kind.SUPERVISION: "supervision",
    Kind.MEDICATION: "medication",
    Kind.MISSED_VISIT: "missed",
    Kind.TECHNICAL: "soft",
}
"""The theme's token for each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One line of a queue: the alarm and what the register says of it."""

    alarm: Alarm
    name: str = ""
    """The citizen's; empty for an unknown device."""
    device: str = ""
    """What operators call the device."""
    me: str = ""
    """The operator of this desk."""
    owner: str = ""
    """What colleagues call whoever has it."""


def whose(row: AlarmRow) -> str:
    """Return the citizen's name, or what stands in its place."""
    return row.name or nobodys(row.alarm)


def nobodys(alarm: Alarm) -> str:
    """Return what stands in place of a name: it is about a whole kommune, or the device is unknown."""
    if alarm.source is Source.WATCH and alarm.code.startswith("access_log"):
        # Translators: in place of a name, where an alarm is about no citizen and no kommune.
        return _("The hub itself")
    if alarm.source is Source.WATCH:
        # Translators: an alarm about everybody in a kommune, e.g. "All of Haderslev".
        return _("All of {kommune}").format(kommune=kommuner.name(alarm.kommune))
    if alarm.citizen is not None:
        # Translators: in place of a citizen's name, at a desk that is locked, or where the database
        # is away.
        return _("Name not shown")
    if alarm.source is Source.VOICE:
        return _("Unknown caller")
    return _("Unknown device")


def what(alarm: Alarm) -> str:
    """Return what happened, in words, and how often."""
    times_said = f" ×{alarm.repeats + 1}" if alarm.repeats else ""
    return code_words.event(alarm) + times_said


def where(row: AlarmRow) -> str:
    """Return the place and the device, without saying anything twice."""
    said = what(row.alarm).casefold()
    has_device = not row.name and row.alarm.source is not Source.WATCH
    place = scaip_words.place(row.alarm.location or "")
    parts = (place, row.device or (row.alarm.device if has_device else ""))
    return " · ".join(part for part in parts if part and part.casefold() not in said)


def marks(alarm: Alarm) -> list[str]:
    """Return what an operator must know about the alarm itself, the weightiest first."""
    said = []
    if alarm.is_untaken and alarm.escalated_at is not None:
        said.append(_("escalated"))
    if alarm.kept:
        # Translators: stored on this machine, not in the database yet; narrow column.
        said.append(_("kept here"))
    elif alarm.provisional is not None:
        # Translators: taken or closed while the database is away: only the desks know it.
        said.append(_("provisional"))
    elif not alarm.saved:
        said.append(_("not saved"))
    if alarm.retained:
        # Translators: the state was already so when the hub started to listen.
        said.append(_("at start-up"))
    if alarm.restored_at is not None:
        # Translators: the device says that the state behind the alarm is over.
        said.append(_("over again"))
    return said


def _in_short(said: list[str]) -> str:
    """Return the first mark and how many more there are: the column holds no two."""
    return " +".join([*said[:1], *([str(len(said) - 1)] if len(said) > 1 else [])])


def _owner(row: AlarmRow, now: datetime) -> tuple[str, str]:
    """Return who has the alarm, and until when somebody is awaited."""
    alarm = row.alarm
    owner = row.owner or alarm.taken_by or ""
    if alarm.state is State.AWAITING and alarm.awaiting_until is not None:
        until = times.since(alarm.awaiting_until, now)
        # Translators: a responder is awaited until a time; narrow column.
        return owner, _("arrival {time}").format(time=until)
    return owner, ""


def _kind_cell(row: AlarmRow, _now: datetime) -> Cell:
    kind = row.alarm.kind
    urgent = kind is Kind.EMERGENCY or row.alarm.escalated_at is not None
    said = marks(row.alarm)
    # A kind of two words stands in two lines: the room is the names'.
    first, _blank, second = words.kind(kind).partition(" ")
    return Cell(
        first,
        _in_short(said) or second,
        tone=TONES[kind],
        below_tone="warn" if said else TONES[kind],
        strong=urgent,
        shape=kind,
        spoken=", ".join([words.kind(kind), *said]),
    )


def _citizen_cell(row: AlarmRow, _now: datetime) -> Cell:
    alarm = row.alarm
    below = " · ".join(part for part in (what(alarm), where(row)) if part)
    return Cell(
        whose(row),
        below,
        below_tone="text" if alarm.repeats else "soft",
        strong=alarm.kind is Kind.EMERGENCY,
    )


def _what_cell(row: AlarmRow, _now: datetime) -> Cell:
    return Cell(what(row.alarm), where(row))


def _waited_cell(row: AlarmRow, now: datetime) -> Cell:
    alarm = row.alarm
    urgent = alarm.is_untaken and alarm.kind is Kind.EMERGENCY
    return Cell(
        times.running(now - alarm.received_at),
        times.hour_or_day(alarm.received_at, now),
        tone="emergency" if urgent else "text",
        strong=urgent,
        spoken=_("since {time}").format(time=times.since(alarm.received_at, now)),
    )


def _who_cell(row: AlarmRow, now: datetime) -> Cell:
    owner, below = _owner(row, now)
    return Cell(owner, below, strong=row.alarm.taken_by == row.me)


def _waited_who_cell(row: AlarmRow, now: datetime) -> Cell:
    """Return both in one cell, for a window with no room for two columns."""
    return replace(_waited_cell(row, now), below=row.owner or row.alarm.taken_by or "")


COLUMNS: Final = (
    Column("kind", N_("Kind"), _kind_cell),
    Column("citizen", N_("Citizen"), _citizen_cell),
    Column("what", N_("What and where"), _what_cell),
    Column("waited", N_("Waited"), _waited_cell, running=True, right=True),
    # Translators: column title, who has the alarm.
    Column("who", N_("Who"), _who_cell),
    Column("waited_who", N_("Waited"), _waited_who_cell, running=True, right=True),
)


def _lane_what_cell(row: AlarmRow, _now: datetime) -> Cell:
    return Cell(
        what(row.alarm),
        tone="soft",
        shape=Kind.TECHNICAL,
        spoken=", ".join([words.kind(Kind.TECHNICAL), what(row.alarm), *marks(row.alarm)]),
    )


def _lane_whose_cell(row: AlarmRow, _now: datetime) -> Cell:
    return Cell(" · ".join(part for part in (row.device or row.alarm.device, row.name) if part))


def _lane_waited_cell(row: AlarmRow, now: datetime) -> Cell:
    return Cell(times.rough(now - row.alarm.received_at), tone="soft")


LANE_COLUMNS: Final = (
    Column("what", N_("What"), _lane_what_cell),
    Column("whose", N_("Device and citizen"), _lane_whose_cell),
    Column("waited", N_("Waited"), _lane_waited_cell, running=True, right=True),
    Column("who", N_("Who"), _who_cell),
)


def _key(row: AlarmRow) -> str:
    return row.alarm.id


def _order(row: AlarmRow) -> object:
    return sort_key(row.alarm)


def queue(now: datetime, parent: QObject | None = None) -> Table[AlarmRow]:
    """Return an empty queue of people's alarms."""
    return Table(COLUMNS, key=_key, order=_order, now=now, parent=parent)


def lane(now: datetime, parent: QObject | None = None) -> Table[AlarmRow]:
    """Return an empty technical lane."""
    return Table(LANE_COLUMNS, key=_key, order=_order, now=now, cap=500, parent=parent)
