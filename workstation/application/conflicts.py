"""Two desks did something else with one alarm: a technical alarm that a person handles."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from workstation.application.ports import Report
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim, ClaimId
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId

CODE: Final = "claim_conflict"
_NOBODY: Final = "-"


def conflict_report(claim: Claim, alarm: Alarm, against: Claim | None, now: datetime) -> Report:
    """Return the alarm about a `claim` that does not fit `alarm` as it stands, or loses `against`.

    It has the claim's id: whoever files it, and however often, it is one. Its text is six words for
    the screen: who, when and what on either side (`ui.code_words`).
    """
    return Report(
        alarm=Alarm(
            id=AlarmId(f"{claim.id}-{CODE}"),
            kind=Kind.TECHNICAL,
            code=CODE,
            text=f"{_side(claim)} {_other_side(alarm) if against is None else _side(against)}",
            device=alarm.device,
            kommune=alarm.kommune,
            source=Source.HUB,
            raised_at=now,
            received_at=now,
            citizen=alarm.citizen,
            location=alarm.location,
        ),
        topic=f"claims/{claim.desk}",
        key=f"claim/{claim.id}",
        body_hash=claim.id,
    )


def refuted(alarm: Alarm) -> ClaimId | None:
    """Return which claim an alarm says of that it does not fit, None for any other alarm."""
    claim = alarm.id.removesuffix(f"-{CODE}")
    return ClaimId(claim) if alarm.code == CODE and claim != alarm.id else None


def _side(claim: Claim) -> str:
    return _words(claim.operator, claim.at, claim.what)


def _other_side(alarm: Alarm) -> str:
    """Return who stands against a claim, as the database has it."""
    if not alarm.is_open:
        return _words(alarm.resolved_by, alarm.resolved_at, alarm.state)
    if alarm.taken_by is not None:
        return _words(alarm.taken_by, alarm.taken_at, "taken")
    if alarm.repeated_at is not None:
        return _words(None, alarm.repeated_at, "repeated")
    return _words(None, alarm.reraised_at or alarm.received_at, alarm.state)


def _words(who: str | None, at: datetime | None, what: str) -> str:
    name = "".join((who or _NOBODY).split()) or _NOBODY
    return f"{name} {at.isoformat() if at is not None else _NOBODY} {what}"
