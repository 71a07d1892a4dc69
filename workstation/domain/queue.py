"""The order in which alarms want to be answered."""

from collections.abc import Iterable
from datetime import datetime

from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind

_RANK = {kind: rank for rank, kind in enumerate(Kind)}
# Medication and missed visits share a rank: both wait for a person at an agreed time.
_RANK[Kind.MISSED_VISIT] = _RANK[Kind.MEDICATION]

SortKey = tuple[int, bool, datetime, str]


def sort_key(alarm: Alarm) -> SortKey:
    """Return the key that sorts alarms into the order an operator must see them.

    Emergency before supervision before medication and missed visits before technical; then
    escalated before not; then the oldest first (by when it came, which no device can forge).
    """
    return (_RANK[alarm.kind], alarm.escalated_at is None, alarm.received_at, alarm.id)


def in_order(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Return `alarms` in the order of the queue."""
    return sorted(alarms, key=sort_key)


def is_technical(alarm: Alarm) -> bool:
    """Whether `alarm` belongs in the technical lane, away from people's alarms."""
    return alarm.kind is Kind.TECHNICAL


def next_untaken(alarms: Iterable[Alarm]) -> Alarm | None:
    """Return the alarm that should be taken next: people before machines, or None when none waits."""
    return min((alarm for alarm in alarms if alarm.is_untaken), key=sort_key, default=None)


def is_shown(alarm: Alarm) -> bool:
    """Whether an open alarm stands in the queue (a shelved one waits out of sight)."""
    return alarm.is_open and alarm.state is not State.SHELVED
