"""An alarm's life: one table of what may happen in which state, and what each step changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workstation.domain.claim import Claim
from workstation.domain.kind import ARRIVAL_NEEDED, Kind, Outcome, Source
from workstation.domain.names import SYSTEM, AlarmId, CitizenId, DeviceName, Kommune, Operator
from workstation.domain.steps import (
    Arrived,
    Called,
    Changes,
    Corrected,
    Escalated,
    Given,
    HandedOver,
    HungUp,
    Noted,
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


class State(StrEnum):
    """Where an alarm stands. Silence is not a state: it belongs to a desk, not to the alarm."""

    RAISED = "raised"
    TAKEN = "taken"
    AWAITING = "awaiting_responder"
    SHELVED = "shelved"
    RESOLVED = "resolved"


_R, _T, _A, _S, _E = State.RAISED, State.TAKEN, State.AWAITING, State.SHELVED, State.RESOLVED

TRANSITIONS: dict[type[Step], dict[State, State]] = {
    Repeated: {_R: _R, _T: _T, _A: _A, _S: _S},
    Restored: {_R: _R, _T: _T, _A: _A, _S: _S},
    Taken: {_R: _T, _S: _T},
    Released: {_T: _R, _A: _R},
    HandedOver: {_T: _T, _A: _A},
    Shelved: {_R: _S, _T: _S},
    Reraised: {_T: _R, _A: _R, _S: _R},
    Escalated: {_R: _R},
    ResponderCalled: {_T: _A, _A: _A},
    Arrived: {_T: _T, _A: _T},
    Noted: {_R: _R, _T: _T, _A: _A, _S: _S, _E: _E},
    Called: {_R: _R, _T: _T, _A: _A, _S: _S},
    HungUp: {_R: _R, _T: _T, _A: _A, _S: _S},
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
    kept: bool = False
    """While not `saved`: it stands in this desk's own journal, so that a crash does not lose it."""
    provisional: Claim | None = None
    """What a desk has done that the database does not have yet; the fields are as if it had."""
    raw: bytes = b""
    """The message as it came."""
    version: int = 0
    """Grows by one with each step; a save states the version it started from."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state is not State.RESOLVED

    @property
    def fold_key(self) -> str:
        """What a repeat has in common with its open alarm: device, kind and code."""
        return f"{self.kommune}/{self.device}/{self.kind}/{self.code}"

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


def _changes(alarm: Alarm, step: Step) -> Changes:
    """Return what `step` changes beside the state; an operator's act on an open alarm touches it."""
    changes = step.changes()
    if step.by != SYSTEM and alarm.is_open and "taken_by" not in changes:
        changes["touched_at"] = step.at
    if isinstance(step, Repeated):
        changes["repeats"] = alarm.repeats + 1
    return changes
