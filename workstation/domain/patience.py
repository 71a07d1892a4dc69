"""What the hub does by itself when nobody does anything: raise again, escalate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind
from workstation.domain.presence import Attendance
from workstation.domain.steps import Escalated, Reraised, ReraisedBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the hub waits by itself, per kind where it differs."""

    escalate_after: dict[Kind, timedelta]
    """From raised (or raised again) until nobody has taken it."""
    untouched_after: dict[Kind, timedelta]
    """From its owner's last act until it goes back into the queue."""


_NOTHING_KNOWN = Attendance()


def due_step(
    alarm: Alarm, now: datetime, patience: Patience, attendance: Attendance = _NOTHING_KNOWN
) -> Reraised | Escalated | None:
    """Return the step that the hub must take by itself at `now`, or None.

    A shelf that ended, a responder who did not arrive, a taken alarm nobody touches and one whose
    owner's desk is gone are raised again; an alarm nobody takes is escalated once per time it is
    raised. What its owner is on the telephone about is being worked on.
    """
    because = _why_again(alarm, now, patience, attendance)
    if because is not None:
        return Reraised(at=now, because=because)
    if alarm.state is State.RAISED:
        since = max(alarm.received_at, alarm.reraised_at or alarm.received_at)
        escalated = alarm.escalated_at is not None and alarm.escalated_at >= since
        if not escalated and now - since >= patience.escalate_after[alarm.kind]:
            return Escalated(at=now)
    return None


def _why_again(
    alarm: Alarm, now: datetime, patience: Patience, attendance: Attendance
) -> ReraisedBecause | None:
    match alarm.state:
        case State.SHELVED if alarm.shelved_until is not None and now >= alarm.shelved_until:
            return ReraisedBecause.SHELF_ENDED
        case State.AWAITING if alarm.awaiting_until is not None and now >= alarm.awaiting_until:
            return ReraisedBecause.NOT_ARRIVED
        case State.TAKEN if _is_lost(alarm, now, attendance):
            return ReraisedBecause.DESK_LOST
        case State.TAKEN if attendance.calling.get(alarm.id) != alarm.taken_by:
            touched = alarm.touched_at or alarm.received_at
            if now - touched >= patience.untouched_after[alarm.kind]:
                return ReraisedBecause.UNTOUCHED
        case _:
            pass
    return None


def _is_lost(alarm: Alarm, now: datetime, attendance: Attendance) -> bool:
    """Whether its owner was last seen a lease ago and has done nothing with it since.

    An act shortly behind the last sign of life is still that desk's: it begins the lease anew. One
    long after it came from elsewhere (the command line), and says nothing about the desk, as does an
    owner who was never seen at one.
    """
    seen = attendance.seen.get(alarm.taken_by) if alarm.taken_by is not None else None
    if seen is None:
        return False
    touched = alarm.touched_at or alarm.received_at
    return touched < seen + attendance.lease <= now and touched + attendance.lease <= now
