"""What can happen to an alarm: one frozen value per kind of step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workstation.domain.kind import Outcome
from workstation.domain.names import SYSTEM, CallId, CitizenId, Operator


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
