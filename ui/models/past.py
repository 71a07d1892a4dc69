"""The columns of an alarm's time line and of the alarms that were like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ui import times, words
from ui.models.alarms import what
from ui.models.column import Cell, Column
from ui.models.table import Table
from workstation.application.ports import StoredStep
from workstation.domain.alarm import Alarm
from workstation.domain.rights import GLASS
from workstation.domain.steps import (
    Arrived,
    Called,
    Corrected,
    Escalated,
    Given,
    HandedOver,
    HungUp,
    Noted,
    Raised,
    Released,
    Repeated,
    Reraised,
    Resolved,
    ResponderCalled,
    Restored,
    Shelved,
    Step,
    Taken,
)
from workstation.texts import N_, _


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """One line of the time line."""

    seq: int
    step: Step


_PLAIN: Final = {
    Repeated: N_("came again"),
    Restored: N_("the device says it is over"),
    Taken: N_("taken"),
    Released: N_("given back to the queue"),
    Escalated: N_("escalated: nobody had taken it"),
    Given: N_("given to the citizen"),
    # Translators: a longer call ended; the time stands beside it.
    HungUp: N_("call ended"),
}


def said(step: Step, now: datetime) -> str:
    """Return what a step was, in words."""
    plain = _PLAIN.get(type(step))
    return _(plain) if plain else _with_its_facts(step, now)


def _with_its_facts(step: Step, now: datetime) -> str:
    match step:
        case Raised():
            # Its text is the device's own word; the alarm's line above says it in ours.
            return _("alarm came")
        case Reraised(because=because):
            return words.because(because)
        case Noted(text=text):
            return _("done at a locked desk") if text == GLASS else f"“{text}”"
        case Called(whom=whom):
            return _("called: {whom}").format(whom=words.whom(whom))
        case Resolved() | Corrected():
            return _end(step)
        case _:
            return _waits(step, now)


def _waits(step: Step, now: datetime) -> str:
    match step:
        case Shelved(until=until, reason=reason):
            return _("shelved until {time}: {reason}").format(
                time=times.since(until, now), reason=reason
            )
        case ResponderCalled(responder=who, until=until):
            return _("{name} is on the way, there by {time}").format(
                name=who, time=times.since(until, now)
            )
        case Arrived(responder=who):
            return _("{name} has arrived").format(name=who)
        case HandedOver(to=to):
            return _("handed over to {name}").format(name=words.operator(to))
        case _:
            return type(step).__name__


def _end(step: Resolved | Corrected) -> str:
    if isinstance(step, Resolved):
        return _("closed as “{outcome}”").format(outcome=words.outcome(step.outcome))
    text = _("corrected to “{outcome}”").format(outcome=words.outcome(step.outcome))
    return f"{text}: {step.text}" if step.text else text


PAST_COLUMNS: Final[tuple[Column[PastRow], ...]] = (
    Column("at", N_("Time"), lambda row, now: Cell(times.when(row.step.at, now))),
    Column("by", N_("Who"), lambda row, _now: Cell(words.operator(row.step.by))),
    Column("what", N_("What happened"), lambda row, now: Cell(said(row.step, now))),
)


def past(now: datetime) -> Table[PastRow]:
    """Return an empty time line, newest first."""
    return Table(PAST_COLUMNS, key=_past_key, order=lambda row: -row.seq, now=now, cap=500)


def _past_key(row: PastRow) -> str:
    return f"{row.seq:012}"


def past_rows(steps: list[StoredStep]) -> list[PastRow]:
    """Return the rows of stored steps."""
    return [PastRow(seq=one.seq, step=one.step) for one in steps]


SIMILAR_COLUMNS: Final[tuple[Column[Alarm], ...]] = (
    Column("at", N_("Time"), lambda row, now: Cell(times.since(row.received_at, now))),
    Column("what", N_("What happened"), lambda row, _now: Cell(what(row))),
    Column(
        "outcome",
        N_("Outcome"),
        lambda row, _now: Cell(words.outcome(row.outcome) if row.outcome else _("open")),
    ),
    Column("by", N_("Who"), lambda row, _now: Cell(row.resolved_by or row.taken_by or "")),
)


def similar(now: datetime) -> Table[Alarm]:
    """Return an empty list of similar alarms, newest first."""
    return Table(
        SIMILAR_COLUMNS,
        key=lambda alarm: alarm.id,
        order=lambda alarm: -alarm.received_at.timestamp(),
        now=now,
        cap=500,
    )
