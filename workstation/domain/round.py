"""The day's round: planned visits, calls and night checks, and what may become of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from workstation.domain.names import CitizenId, Kommune, Operator, VisitId


class VisitKind(StrEnum):
    """The three things a round holds."""

    SCREEN_VISIT = "screen_visit"
    PLANNED_CALL = "planned_call"
    NIGHT_CHECK = "night_check"


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    DONE = "done"
    CANCELLED = "cancelled"
    NOT_DONE = "not_done"


class Reason(StrEnum):
    """Why a visit was cancelled or not done."""

    NO_ANSWER = "no_answer"
    TECHNICAL = "technical"
    HOSPITALISED = "hospitalised"
    DECLINED = "declined"
    AWAY = "away"
    DECEASED = "deceased"
    DONE_PHYSICALLY = "done_physically"
    NO_TIME = "no_time"
    OTHER = "other"


class Look(StrEnum):
    """What a night check showed."""

    ASLEEP = "asleep"
    AWAKE = "awake"
    UP = "up"
    NOT_SEEN = "not_seen"
    NEEDS_HELP = "needs_help"


TRANSITIONS: dict[VisitState, frozenset[VisitState]] = {
    VisitState.PLANNED: frozenset({VisitState.ACTIVE, VisitState.CANCELLED, VisitState.NOT_DONE}),
    # Back to planned: the wrong one was started.
    VisitState.ACTIVE: frozenset(
        {VisitState.DONE, VisitState.NOT_DONE, VisitState.CANCELLED, VisitState.PLANNED}
    ),
    # A visit that ran out is a missed one until somebody succeeds after all.
    VisitState.NOT_DONE: frozenset({VisitState.ACTIVE}),
    VisitState.DONE: frozenset(),
    VisitState.CANCELLED: frozenset({VisitState.PLANNED}),
}
"""The states a visit may go to from each."""

_REASON_NEEDED = frozenset({VisitState.CANCELLED, VisitState.NOT_DONE})


class IllegalVisitStep(Exception):
    """The table or a rule of the round does not allow it; `rule` names which."""

    def __init__(self, rule: str, *, old: VisitState, new: VisitState) -> None:
        super().__init__(rule, old, new)
        self.rule = rule
        self.old = old
        self.new = new


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One line of the round; times are aware UTC."""

    id: VisitId
    at: datetime
    """The agreed time (not an interval)."""
    citizen: CitizenId
    kommune: Kommune
    kind: VisitKind
    length: timedelta
    tolerance: timedelta = timedelta(minutes=15)
    """How late it may start before it is a missed visit."""
    assignee: Operator | None = None
    """Who takes it."""
    state: VisitState = VisitState.PLANNED
    reason: Reason | None = None
    look: Look | None = None
    """What the night check showed."""
    note: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    by: Operator | None = None
    """Who started or ended it last."""
    missed_at: datetime | None = None
    """When it ran out and became an alarm."""
    version: int = 0

    def is_overdue(self, now: datetime) -> bool:
        """Whether it ran out: planned, past its tolerance, and not yet told."""
        return (
            self.state is VisitState.PLANNED
            and self.missed_at is None
            and now > self.at + self.tolerance
        )

    def moved(
        self,
        state: VisitState,
        *,
        at: datetime,
        by: Operator,
        reason: Reason | None = None,
        look: Look | None = None,
        note: str = "",
    ) -> Visit:
        """Return the visit in `state`; raises IllegalVisitStep where the table or a rule forbids it."""
        if state not in TRANSITIONS[self.state]:
            raise IllegalVisitStep("not_in_this_state", old=self.state, new=state)
        if state in _REASON_NEEDED and reason is None:
            raise IllegalVisitStep("reason_needed", old=self.state, new=state)
        if state is VisitState.DONE and self.kind is VisitKind.NIGHT_CHECK and look is None:
            raise IllegalVisitStep("look_needed", old=self.state, new=state)
        starts = state is VisitState.ACTIVE
        ends = state in (VisitState.DONE, *_REASON_NEEDED)
        return replace(
            self,
            state=state,
            reason=reason,
            look=look,
            note=note or self.note,
            by=by,
            assignee=self.assignee or (by if starts else None),
            started_at=at if starts else (None if state is VisitState.PLANNED else self.started_at),
            ended_at=at if ends else None,
            version=self.version + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCount:
    """How far the day has come."""

    planned: int = 0
    active: int = 0
    done: int = 0
    cancelled: int = 0
    not_done: int = 0

    @property
    def total(self) -> int:
        """All visits of the day."""
        return self.planned + self.active + self.done + self.cancelled + self.not_done


def count(visits: list[Visit]) -> RoundCount:
    """Return how many of `visits` stand in each state."""
    states = [visit.state for visit in visits]
    return RoundCount(**{state.value: states.count(state) for state in VisitState})
