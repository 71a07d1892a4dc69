"""The call log as a supervisor asks it: what is looked for, in what order, and what is added later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workstation.domain.call import CallRecord, CallResult
from workstation.domain.kind import Kind
from workstation.domain.names import CallId, CitizenId, Kommune, Operator


class Added(StrEnum):
    """What somebody adds to a call that has been; the call itself is never edited."""

    NOTE = "note"
    CORRECTION = "correction"
    """What the row says is not how it was."""
    REVIEW = "review"
    """A supervisor has gone through the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """One thing that was said of a call afterwards."""

    call: CallId
    at: datetime
    by: Operator
    what: Added
    text: str


class Order(StrEnum):
    """How the log is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST_WAIT = "longest_wait"
    LONGEST_TALK = "longest_talk"
    OPERATOR = "operator"
    """By operator, and of each the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuery:
    """Which calls are wanted; what is None or empty lets every call pass."""

    since: datetime | None = None
    until: datetime | None = None
    """Those that started before it."""
    operator: Operator | None = None
    citizen: CitizenId | None = None
    kommune: Kommune | None = None
    kind: Kind | None = None
    result: CallResult | None = None
    incoming: bool | None = None
    unanswered: bool = False
    talked_over: timedelta | None = None
    talked_under: timedelta | None = None
    """Of those that were answered."""
    waited_over: timedelta | None = None
    reviewed: bool | None = None
    drawn: str = ""
    """Those drawn for the review of this month: `2026-03`."""
    text: str = ""
    """Stands in a number, a name, a reason or something that was added."""
    named: tuple[CitizenId, ...] = ()
    """The citizens whose names have `text` in them."""
    served: frozenset[Kommune] | None = None
    """Only calls of these kommuner and of none; None for whoever may see them all."""
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One row of the view."""

    record: CallRecord
    reviewed: bool = False
    """Some supervisor has gone through it."""
    drawn: str = ""
    """The month for whose review it was drawn."""
    added: int = 0
    """How many things were said of it afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the figures of the view are made of, as the database counts it."""

    calls: int
    answered: int
    hours: tuple[tuple[datetime, int], ...]
    """Calls by the hour in which they started (UTC), in time order."""
    waits: tuple[tuple[int, int], ...]
    """Of answered calls: whole seconds waited, rounded up, and how many, in that order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A call that may be drawn for review."""

    call: CallId
    operator: Operator
    end_to_end: bool
    """An emergency whose citizen was spoken with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A call that was drawn for review."""

    month: str
    operator: Operator
    place: int
    """0 for the emergency, where there was one; then 1."""
    call: CallId
    at: datetime
    by: Operator
