"""An alarm's life: one table of what may happen in which state, and what each step changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from workstation.domain.kind import ARRIVAL_NEEDED, Kind, Outcome, Source
from workstation.domain.names import SYSTEM, AlarmId, CallId, CitizenId, DeviceName, Kommune, Operator


class State(StrEnum):
    """Where an alarm stands. Silence is not a state: it belongs to a desk, not to the alarm."""

    RAISED = "raised"
    TAKEN = "taken"
    AWAITING = "awaiting_responder"
    SHELVED = "shelved"
    RESOLVED = "resolved"


class ReraisedBecause(StrEnum):
    """Why the hub raised an alarm again by itself."""

    SHELF_ENDED = "shelf_ended"
    UNTOUCHED = "untouched"
    NOT_ARRIVED = "not_arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to an alarm; `by` did it at `at` (aware UTC)."""

    at: datetime
    by: Operator = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised(Step):
    """The first message of an alarm."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Step):
    """The same device said the same again (a press counts; a lasting level does not)."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Step):
    """The device says that the state behind the alarm is over; a person still closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Step):
    """One operator has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Step):
    """Its owner gave it back to the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved(Step):
    """Out of the queue until a time, for a reason."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reraised(Step):
    """The hub put it back into the queue by a rule."""

    because: ReraisedBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Step):
    """Nobody took it in the time set for its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderCalled(Step):
    """A named person is on the way and should be there by `until`."""

    responder: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Step):
    """The named person is confirmed to be with the citizen."""

    responder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Step):
    """An operator wrote something down."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(Step):
    """A call about this alarm was placed; the call log has the rest."""

    call: CallId
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Step):
    """An operator said whose alarm it is (an unknown device)."""

    citizen: CitizenId


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Step):
    """Handled, with its outcome."""

    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Step):
    """The outcome was wrong; the earlier one stays in the history."""

    outcome: Outcome
    text: str


AnyStep = (
    Raised
    | Repeated
    | Restored
    | Taken
    | Released
    | Shelved
    | Reraised
    | Escalated
    | ResponderCalled
    | Arrived
    | Noted
    | Called
    | Given
    | Resolved
    | Corrected
)

_R, _T, _A, _S, _E = State.RAISED, State.TAKEN, State.AWAITING, State.SHELVED, State.RESOLVED

TRANSITIONS: dict[type[Step], dict[State, State]] = {
    Repeated: {_R: _R, _T: _T, _A: _A, _S: _S},
    Restored: {_R: _R, _T: _T, _A: _A, _S: _S},
    Taken: {_R: _T, _S: _T},
    Released: {_T: _R, _A: _R},
    Shelved: {_R: _S, _T: _S},
    Reraised: {_T: _R, _A: _R, _S: _R},
    Escalated: {_R: _R},
    ResponderCalled: {_T: _A, _A: _A},
    Arrived: {_T: _T, _A: _T},
    Noted: {_R: _R, _T: _T, _A: _A, _S: _S, _E: _E},
    Called: {_R: _R, _T: _T, _A: _A, _S: _S},
    Given: {_R: _R, _T: _T, _A: _A, _S: _S},
    Resolved: {_T: _E, _A: _E},
    Corrected: {_E: _E},
}
"""What may happen (rows) in which state, and the state it leads to; what is missing is illegal."""


class IllegalStep(Exception):
    """A step that the table or a rule of the hub does not allow; `rule` names which."""

    def __init__(self, rule: str, *, step: str, state: State) -> None:
        super().__init__(rule, step, state)
        self.rule = rule
        self.step = step
        self.state = state


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm as it stands now; its history is the steps that led here. Times are aware UTC."""

    id: AlarmId
    kind: Kind
    code: str
    text: str
    device: DeviceName
    kommune: Kommune
    source: Source
    raised_at: datetime
    """When the device says it happened, or `received_at` where that cannot be believed."""
    received_at: datetime
    state: State = State.RAISED
    priority: int | None = None
    citizen: CitizenId | None = None
    location: str | None = None
    voice: str | None = None
    repeats: int = 0
    """How many later messages were folded into it; 0 for none."""
    repeated_at: datetime | None = None
    taken_by: Operator | None = None
    taken_at: datetime | None = None
    touched_at: datetime | None = None
    """When its owner last did something with it."""
    shelved_until: datetime | None = None
    shelf_reason: str | None = None
    responder: str | None = None
    awaiting_until: datetime | None = None
    arrived_at: datetime | None = None
    escalated_at: datetime | None = None
    reraised_at: datetime | None = None
    restored_at: datetime | None = None
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    resolved_by: Operator | None = None
    retained: bool = False
    """A lasting state found when the hub started to listen: "state at start-up"."""
    message_id: str | None = None
    """The device's own id of its latest message, for the receipt."""
    saved: bool = True
    """False while only this desk knows it: shown and sounded before, or without, being stored."""
    raw: bytes = b""
    """The message as it came."""
    version: int = 0
    """Grows by one with each step; a save states the version it started from."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state is not State.RESOLVED

    @property
    def is_untaken(self) -> bool:
        """Whether it waits for somebody to take it."""
        return self.state is State.RAISED

    def after(self, step: Step) -> Alarm:
        """Return the alarm after `step`; raises IllegalStep where the table or a rule forbids it."""
        name = type(step).__name__
        target = TRANSITIONS.get(type(step), {}).get(self.state)
        if target is None:
            raise IllegalStep("not_in_this_state", step=name, state=self.state)
        _check_rules(self, step)
        return replace(self, state=target, version=self.version + 1, **_changes(self, step))


def _check_rules(alarm: Alarm, step: Step) -> None:
    name = type(step).__name__
    match step:
        case Shelved() if alarm.kind is Kind.EMERGENCY:
            raise IllegalStep("emergency_is_never_shelved", step=name, state=alarm.state)
        case Shelved(reason=reason) if not reason.strip():
            raise IllegalStep("shelf_needs_a_reason", step=name, state=alarm.state)
        case Shelved(until=until) | ResponderCalled(until=until) if until <= step.at:
            raise IllegalStep("until_is_in_the_past", step=name, state=alarm.state)
        case ResponderCalled(responder=who) | Arrived(responder=who) if not who.strip():
            raise IllegalStep("responder_needs_a_name", step=name, state=alarm.state)
        case Resolved(outcome=outcome) if outcome in ARRIVAL_NEEDED and alarm.arrived_at is None:
            raise IllegalStep("arrival_not_confirmed", step=name, state=alarm.state)
        case Corrected(outcome=outcome) if outcome in ARRIVAL_NEEDED and alarm.arrived_at is None:
            raise IllegalStep("arrival_not_confirmed", step=name, state=alarm.state)
        case _:
            pass


_BACK_IN_QUEUE: dict[str, object] = {
    "taken_by": None,
    "taken_at": None,
    "touched_at": None,
    "shelved_until": None,
    "shelf_reason": None,
    "awaiting_until": None,
}


def _changes(alarm: Alarm, step: Step) -> dict[str, object]:  # noqa: C901, PLR0911 - one row per step
    touched = {} if step.by == SYSTEM else {"touched_at": step.at}
    match step:
        case Repeated():
            return {"repeats": alarm.repeats + 1, "repeated_at": step.at}
        case Restored():
            return {"restored_at": step.at}
        case Taken():
            return {"taken_by": step.by, "taken_at": step.at, "touched_at": step.at, "shelved_until": None,
                    "shelf_reason": None}  # fmt: skip
        case Released():
            return _BACK_IN_QUEUE
        case Reraised():
            return {**_BACK_IN_QUEUE, "reraised_at": step.at}
        case Shelved(until=until, reason=reason):
            return {**_BACK_IN_QUEUE, "shelved_until": until, "shelf_reason": reason}
        case Escalated():
            return {"escalated_at": step.at}
        case ResponderCalled(responder=responder, until=until):
            return {**touched, "responder": responder, "awaiting_until": until, "arrived_at": None}
        case Arrived(responder=responder):
            return {**touched, "responder": responder, "awaiting_until": None, "arrived_at": step.at}
        case Given(citizen=citizen):
            return {**touched, "citizen": citizen}
        case Resolved(outcome=outcome):
            return {"outcome": outcome, "resolved_at": step.at, "resolved_by": step.by, "awaiting_until": None}
        case Corrected(outcome=outcome):
            return {"outcome": outcome}
        case Noted() | Called():
            return touched if alarm.is_open else {}
        case _:
            return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the hub waits by itself, per kind where it differs."""

    escalate_after: dict[Kind, timedelta]
    """From raised (or raised again) until nobody has taken it."""
    untouched_after: dict[Kind, timedelta]
    """From its owner's last act until it goes back into the queue."""


def due_step(alarm: Alarm, now: datetime, patience: Patience) -> Step | None:
    """Return the step that the hub must take by itself at `now`, or None.

    A shelf that ended, a responder who did not arrive and a taken alarm nobody touches are raised
    again; an alarm nobody takes is escalated once per time it is raised.
    """
    match alarm.state:
        case State.SHELVED if alarm.shelved_until is not None and now >= alarm.shelved_until:
            return Reraised(at=now, because=ReraisedBecause.SHELF_ENDED)
        case State.AWAITING if alarm.awaiting_until is not None and now >= alarm.awaiting_until:
            return Reraised(at=now, because=ReraisedBecause.NOT_ARRIVED)
        case State.TAKEN if now - (alarm.touched_at or alarm.received_at) >= patience.untouched_after[alarm.kind]:
            return Reraised(at=now, because=ReraisedBecause.UNTOUCHED)
        case State.RAISED:
            since = max(alarm.received_at, alarm.reraised_at or alarm.received_at)
            escalated = alarm.escalated_at is not None and alarm.escalated_at >= since
            if not escalated and now - since >= patience.escalate_after[alarm.kind]:
                return Escalated(at=now)
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
    return None
