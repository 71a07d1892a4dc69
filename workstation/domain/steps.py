"""What can happen to an alarm: one frozen value per kind of step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from workstation.domain.kind import Outcome
from workstation.domain.names import SYSTEM, CallId, CitizenId, Operator


class ReraisedBecause(StrEnum):
    """Why the hub raised an alarm again by itself."""

    SHELF_ENDED = "shelf_ended"
    UNTOUCHED = "untouched"
    NOT_ARRIVED = "not_arrived"
    DESK_LOST = "desk_lost"
    """The desk that its owner sat at was heard of no more."""


class Changes(TypedDict, total=False):
    """Fields of an alarm that a step sets."""

    repeats: int
    repeated_at: datetime
    restored_at: datetime
    taken_by: Operator | None
    taken_at: datetime | None
    touched_at: datetime | None
    shelved_until: datetime | None
    shelf_reason: str | None
    responder: str
    awaiting_until: datetime | None
    arrived_at: datetime | None
    escalated_at: datetime
    reraised_at: datetime
    citizen: CitizenId
    outcome: Outcome
    resolved_at: datetime
    resolved_by: Operator


_NOBODYS: Changes = {
    "taken_by": None,
    "taken_at": None,
    "touched_at": None,
    "shelved_until": None,
    "shelf_reason": None,
    "awaiting_until": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to an alarm; `by` did it at `at` (aware UTC)."""

    at: datetime
    by: Operator = SYSTEM

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised(Step):
    """The first message of an alarm."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Step):
    """The same device said the same again (a press counts; a lasting level does not)."""

    text: str = ""

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"repeated_at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Step):
    """The device says that the state behind the alarm is over; a person still closes it."""

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"restored_at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Step):
    """One operator has it."""

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {**_NOBODYS, "taken_by": self.by, "taken_at": self.at, "touched_at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Step):
    """Its owner gave it back to the queue."""

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {**_NOBODYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Step):
    """Its owner left the desk, and a named colleague has it now: it never was in the queue between."""

    to: Operator

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"taken_by": self.to, "taken_at": self.at, "touched_at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved(Step):
    """Out of the queue until a time, for a reason."""

    until: datetime
    reason: str

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {**_NOBODYS, "shelved_until": self.until, "shelf_reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reraised(Step):
    """The hub put it back into the queue by a rule."""

    because: ReraisedBecause

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {**_NOBODYS, "reraised_at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Step):
    """Nobody took it in the time set for its kind."""

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"escalated_at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderCalled(Step):
    """A named person is on the way and should be there by `until`."""

    responder: str
    until: datetime

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"responder": self.responder, "awaiting_until": self.until, "arrived_at": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Step):
    """The named person is confirmed to be with the citizen."""

    responder: str

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"responder": self.responder, "awaiting_until": None, "arrived_at": self.at}


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
class HungUp(Step):
    """A longer call about this alarm ended: its operator was busy with it until now."""

    call: CallId
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Step):
    """An operator said whose alarm it is (an unknown device)."""

    citizen: CitizenId

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"citizen": self.citizen}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Step):
    """Handled, with its outcome."""

    outcome: Outcome

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {
            "outcome": self.outcome,
            "resolved_at": self.at,
            "resolved_by": self.by,
            "awaiting_until": None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Step):
    """The outcome was wrong; the earlier one stays in the history."""

    outcome: Outcome
    text: str

    def changes(self) -> Changes:
        """Return the fields it sets."""
        return {"outcome": self.outcome}


AnyStep = (
    Raised
    | Repeated
    | Restored
    | Taken
    | Released
    | HandedOver
    | Shelved
    | Reraised
    | Escalated
    | ResponderCalled
    | Arrived
    | Noted
    | Called
    | HungUp
    | Given
    | Resolved
    | Corrected
)
