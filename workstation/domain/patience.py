"""What the hub does by itself when nobody does anything: raise again, escalate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind
from workstation.domain.steps import Escalated, Reraised, ReraisedBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the hub waits by itself, per kind where it differs."""

    escalate_after: dict[Kind, timedelta]
    """From raised (or raised again) until nobody has taken it."""
    untouched_after: dict[Kind, timedelta]
    """From its owner's last act until it goes back into the queue."""


def due_step(alarm: Alarm, now: datetime, patience: Patience) -> Reraised | Escalated | None:
    """Return the step that the hub must take by itself at `now`, or None.

    A shelf that ended, a responder who did not arrive and a taken alarm nobody touches are raised
    again; an alarm nobody takes is escalated once per time it is raised.
    """
    match alarm.state:
        case State.SHELVED if alarm.shelved_until is not None and now >= alarm.shelved_until:
            return Reraised(at=now, because=ReraisedBecause.SHELF_ENDED)
        case State.AWAITING if alarm.awaiting_until is not None and now >= alarm.awaiting_until:
            return Reraised(at=now, because=ReraisedBecause.NOT_ARRIVED)
        case State.TAKEN if (
            now - (alarm.touched_at or alarm.received_at) >= patience.untouched_after[alarm.kind]
        ):
            return Reraised(at=now, because=ReraisedBecause.UNTOUCHED)
        case State.RAISED:
            since = max(alarm.received_at, alarm.reraised_at or alarm.received_at)
            escalated = alarm.escalated_at is not None and alarm.escalated_at >= since
            if not escalated and now - since >= patience.escalate_after[alarm.kind]:
                return Escalated(at=now)
        case _:
            pass
    return None


def due_at(alarm: Alarm, patience: Patience) -> datetime | None:
    """Return when `due_step` will next have something to say about `alarm`, or None."""
    match alarm.state:
        case State.SHELVED:
            return alarm.shelved_until
        case State.AWAITING:
            return alarm.awaiting_until
        case State.TAKEN:
            return (alarm.touched_at or alarm.received_at) + patience.untouched_after[alarm.kind]
        case State.RAISED:
            since = max(alarm.received_at, alarm.reraised_at or alarm.received_at)
            if alarm.escalated_at is None or alarm.escalated_at < since:
                return since + patience.escalate_after[alarm.kind]
        case _:
            pass
    return None
