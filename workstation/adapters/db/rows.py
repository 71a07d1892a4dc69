"""An alarm as a row and back; a test holds the columns against the domain's fields."""

from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Row

from workstation.domain.alarm import Alarm

FIXED: Final = (
    "id",
    "kind",
    "code",
    "text",
    "device",
    "kommune",
    "source",
    "raised_at",
    "received_at",
    "priority",
    "location",
    "voice",
    "retained",
    "raw",
)
"""What the first message said; no step changes it."""

CHANGING: Final = (
    "state",
    "citizen",
    "repeats",
    "repeated_at",
    "taken_by",
    "taken_at",
    "touched_at",
    "shelved_until",
    "shelf_reason",
    "responder",
    "awaiting_until",
    "arrived_at",
    "escalated_at",
    "reraised_at",
    "restored_at",
    "outcome",
    "resolved_at",
    "resolved_by",
    "message_id",
    "version",
)
"""What steps change."""


_EVERY: Final = (*FIXED, *CHANGING)
_fixed_and_changing: Final = attrgetter(*_EVERY)
_changing: Final = attrgetter(*CHANGING)


def alarm_row(alarm: Alarm, fold_key: str) -> dict[str, object]:
    """Return the whole row of a new alarm."""
    row = dict(zip(_EVERY, _fixed_and_changing(alarm), strict=True))
    row["fold_key"] = fold_key
    return row


def change_row(alarm: Alarm) -> dict[str, object]:
    """Return the columns that steps change."""
    return dict(zip(CHANGING, _changing(alarm), strict=True))


def alarm_of(row: Row[Any]) -> Alarm:
    """Return the alarm that `row` (the columns of `alarm`) holds."""
    return Alarm(**{name: getattr(row, name) for name in _EVERY})
