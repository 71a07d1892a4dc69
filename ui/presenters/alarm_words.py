"""What the alarm panel says of an alarm, and what it allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ui import times, words
from ui.models.alarms import marks, what
from ui.models.past import said
from ui.views.alarm_line import AlarmShown
from ui.views.outcome_bar import Allowed
from workstation.application.ports import StoredStep
from workstation.domain.alarm import TRANSITIONS, Alarm, State
from workstation.domain.kind import ARRIVAL_NEEDED, Kind, Outcome, Source
from workstation.domain.names import Operator
from workstation.domain.steps import Repeated, Resolved
from workstation.texts import _


def alarm_shown(
    alarm: Alarm,
    where: str,
    me: Operator,
    now: datetime,
    called: Callable[[Operator], str] = str,
) -> AlarmShown:
    """Return the alarm's line in the panel; `called` says what colleagues call somebody."""
    return AlarmShown(
        kind=alarm.kind,
        word=words.kind(alarm.kind),
        text=" · ".join(part for part in (what(alarm), where) if part),
        who=_who(alarm, me, now, called),
        since=alarm.received_at,
        can_take=alarm.state in (State.RAISED, State.SHELVED),
        marks=" · ".join(_marks(alarm, me)),
        responder=_responder(alarm, now),
        closed=_closed(alarm, me, now),
    )


def _marks(alarm: Alarm, me: Operator) -> list[str]:
    """Return the marks; that it is provisional stands with who took it, where that is a colleague."""
    colleagues = alarm.provisional is not None and alarm.taken_by not in (None, me)
    return marks(replace(alarm, kept=False, provisional=None, saved=True) if colleagues else alarm)


def _who(alarm: Alarm, me: Operator, now: datetime, called: Callable[[Operator], str]) -> str:
    if alarm.state is State.SHELVED and alarm.shelved_until is not None:
        return _("shelved until {time}: {reason}").format(
            time=times.since(alarm.shelved_until, now), reason=alarm.shelf_reason
        )
    if alarm.taken_by is None or alarm.taken_at is None:
        return _("not taken")
    when = times.when(alarm.taken_at, now)
    if alarm.taken_by == me:
        return _("taken by you {time}").format(time=when)
    if alarm.provisional is not None:
        said = _("taken provisionally by {name} {time} (not in the database yet)")
        return said.format(name=called(alarm.taken_by), time=when)
    return _("taken by {name} {time}").format(name=called(alarm.taken_by), time=when)


def awaited(alarm: Alarm, now: datetime) -> str:
    """Return who is on the way and until when, for the question whether they have arrived."""
    until = times.since(alarm.awaiting_until or now, now)
    return _("{name} should be there by {time}. Has {name} arrived?").format(
        name=alarm.responder, time=until
    )


def _responder(alarm: Alarm, now: datetime) -> str:
    if alarm.state is State.AWAITING and alarm.awaiting_until is not None:
        return _("{name} there by {time}: arrived?").format(
            name=alarm.responder, time=times.since(alarm.awaiting_until, now)
        )
    if alarm.arrived_at is not None and alarm.is_open:
        return _("{name} arrived {time}").format(
            name=alarm.responder, time=times.since(alarm.arrived_at, now)
        )
    return ""


def _closed(alarm: Alarm, me: Operator, now: datetime) -> str:
    if alarm.outcome is None or alarm.resolved_at is None:
        return ""
    name = _("you") if alarm.resolved_by == me else words.operator(alarm.resolved_by or me)
    return _("Closed {time} by {name}: {outcome}").format(
        time=times.when(alarm.resolved_at, now), name=name, outcome=words.outcome(alarm.outcome)
    )


def allowed(alarm: Alarm, me: Operator, called: Callable[[Operator], str] = str) -> Allowed:
    """Return what `me` may do with the alarm: the domain's table, said as buttons."""
    state = alarm.state
    mine = alarm.taken_by == me
    can_end = mine and state in TRANSITIONS[Resolved]
    return Allowed(
        # What needs an arrival begins with naming who drives out.
        outcomes=frozenset(Outcome) if can_end else frozenset(),
        release=mine,
        shelve=alarm.kind is not Kind.EMERGENCY and state in (State.RAISED, State.TAKEN),
        responder=can_end,
        # What the hub says of itself is no citizen's.
        give=alarm.citizen is None and alarm.is_open and alarm.source is not Source.WATCH,
        reason=_reason(alarm, me, called),
        reasons={
            outcome: _("Asks first who drives out, and whether they have arrived.")
            for outcome in Outcome
            if needs_arrival(alarm, outcome)
        },
    )


def _reason(alarm: Alarm, me: Operator, called: Callable[[Operator], str]) -> str:
    if alarm.taken_by is None:
        return _("Take the alarm first.")
    if alarm.taken_by != me:
        return _("{name} has it.").format(name=called(alarm.taken_by))
    return ""


def needs_arrival(alarm: Alarm, outcome: Outcome) -> bool:
    """Whether `outcome` must wait until a named person is confirmed to be there."""
    return outcome in ARRIVAL_NEEDED and alarm.arrived_at is None


def possible_corrections(alarm: Alarm) -> frozenset[Outcome]:
    """Return the outcomes that a closed alarm may be corrected to."""
    return frozenset(outcome for outcome in Outcome if not needs_arrival(alarm, outcome))


def history_line(steps: Sequence[StoredStep], now: datetime) -> str:
    """Return the time line in one line: how it began, repeats together, the last steps."""
    if not steps:
        return ""
    first, *rest = [one.step for one in steps]
    parts = [f"{times.clock(first.at)} {said(first, now)}"]
    again = [step for step in rest if isinstance(step, Repeated)]
    if again:
        at = ", ".join(times.clock(step.at) for step in again[-2:])
        parts.append(f"{at} {said(again[-1], now)}")
    others = [step for step in rest if not isinstance(step, Repeated)]
    for step in others[-3:]:
        who = f" ({words.operator(step.by)})"
        parts.append(f"{times.clock(step.at)} {said(step, now)}{who}")
    return " · ".join(parts)


def similar_said(alarm: Alarm, others: int) -> str:
    """Return how often this happened lately: "14th emergency in 30 days"; empty for the first."""
    if not others:
        return ""
    return _("{kind} no. {count} in 30 days").format(kind=words.kind(alarm.kind), count=others + 1)
