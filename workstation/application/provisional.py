"""What steps mean while only a desk has them: as claims to others, and laid over what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator
from workstation.domain.steps import (
    AnyStep,
    Called,
    Given,
    HandedOver,
    HungUp,
    Noted,
    Released,
    Reraised,
    Resolved,
    Shelved,
    Step,
    Taken,
)

ANYBODYS: Final = (Noted, Called, HungUp, Given)
"""Steps that mean the same whoever has the alarm."""

_SAID: Final[dict[type[Step], Said]] = {
    Taken: Said.TAKEN,
    HandedOver: Said.TAKEN,
    Released: Said.RELEASED,
    Shelved: Said.RELEASED,
    Reraised: Said.RELEASED,
    Resolved: Said.RESOLVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One thing done to an alarm that the database does not have."""

    claim: Claim
    step: AnyStep
    seq: int | None = None
    """Its place in the journal."""
    since: float = 0.0
    """When it was heard (monotonic)."""
    version: int | None = None
    """Of a step by the hub's own rules: which version of the alarm it was about, and no later one."""


def said(step: Step) -> Said:
    """Return what the other desks are told of a step."""
    return _SAID.get(type(step), Said.NOTED)


def who(step: Step) -> Operator:
    """Return the operator that a claim about the step names: after a handover it is the new owner."""
    return step.to if isinstance(step, HandedOver) else step.by


def step_of(claim: Claim) -> AnyStep:
    """Return what another desk's claim means for the alarm as it is shown here."""
    match claim.what:
        case Said.TAKEN:
            return Taken(at=claim.at, by=claim.operator)
        case Said.RELEASED:
            return Released(at=claim.at, by=claim.operator)
        case Said.RESOLVED:
            return Resolved(at=claim.at, by=claim.operator, outcome=claim.outcome or Outcome.TEST)
        case Said.NOTED:
            return Noted(at=claim.at, by=claim.operator, text="")


def laid_over(base: Alarm, done: Iterable[Done]) -> Alarm:
    """Return the alarm as it is shown: `base` with what was done, as far as that still fits.

    It keeps the version of what is stored, so that news of the database always replaces it.
    """
    shown, latest = base, base.provisional
    for one in done:
        is_meant = one.version in (None, base.version)
        after = after_step(shown, one.step) if is_meant else None
        if after is not None:
            shown, latest = after, one.claim
    return replace(shown, version=base.version, provisional=latest)


def takes_effect(base: Alarm, done: Iterable[Done], claim: ClaimId) -> bool:
    """Whether the step of one claim among what was done changes what is shown."""
    shown = base
    for one in done:
        after = after_step(shown, one.step) if one.version in (None, base.version) else None
        if one.claim.id == claim:
            return after is not None
        shown = after or shown
    return False


def after_step(alarm: Alarm, step: AnyStep) -> Alarm | None:
    """Return the alarm after a provisional step, or None where it does not fit."""
    if isinstance(step, Resolved):
        if is_pressed_since(alarm, step):
            return None
        alarm = _as_known_there(alarm, step)
    if isinstance(step, Taken) and alarm.taken_by is not None and alarm.taken_by != step.by:
        return None
    try:
        return alarm.after(step)
    except IllegalStep:
        return None


def _as_known_there(alarm: Alarm, step: Resolved) -> Alarm:
    """Return the alarm as the desk must have had it that closed it: taken, and arrived at."""
    if alarm.is_untaken:
        alarm = alarm.after(Taken(at=step.at, by=step.by))
    if alarm.taken_by == step.by:
        alarm = replace(alarm, arrived_at=alarm.arrived_at or step.at)
    return alarm


def is_pressed_since(alarm: Alarm, step: Step) -> bool:
    """Whether the citizen called again after `step`: an outcome from before says nothing of that."""
    return alarm.repeated_at is not None and alarm.repeated_at > step.at
