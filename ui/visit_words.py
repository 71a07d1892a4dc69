"""The operator's words for the day's round: kinds, states, reasons, looks."""

from datetime import datetime
from typing import Final

from workstation.domain.round import Look, Reason, Visit, VisitKind, VisitState
from workstation.texts import N_, _, ngettext

_MINUTE_S: Final = 60

_KINDS: Final = {
    VisitKind.SCREEN_VISIT: N_("Screen visit"),
    VisitKind.PLANNED_CALL: N_("Planned call"),
    VisitKind.NIGHT_CHECK: N_("Night check"),
}

# Translators: the state of a visit in the day's round, after a sign; lower case in Danish.
_STATES: Final = {
    VisitState.PLANNED: N_("planned"),
    VisitState.ACTIVE: N_("in progress"),
    VisitState.DONE: N_("done"),
    VisitState.CANCELLED: N_("cancelled"),
    VisitState.NOT_DONE: N_("not done"),
}

_REASONS: Final = {
    Reason.NO_ANSWER: N_("No answer"),
    Reason.TECHNICAL: N_("Technical fault"),
    Reason.HOSPITALISED: N_("In hospital"),
    Reason.DECLINED: N_("Declined"),
    Reason.AWAY: N_("Not at home"),
    Reason.DECEASED: N_("Deceased"),
    Reason.DONE_PHYSICALLY: N_("Visited in person"),
    Reason.NO_TIME: N_("No time"),
    Reason.OTHER: N_("Other"),
}

_LOOKS: Final = {
    Look.ASLEEP: N_("Asleep"),
    Look.AWAKE: N_("Awake"),
    Look.UP: N_("Up"),
    Look.NOT_SEEN: N_("Not seen"),
    Look.NEEDS_HELP: N_("Needs help"),
}

MARKS: Final = {
    VisitState.PLANNED: "○",
    VisitState.ACTIVE: "▶",
    VisitState.DONE: "✓",
    VisitState.CANCELLED: "–",
    VisitState.NOT_DONE: "✕",
}
"""The sign in front of each state's word."""


def kind(value: VisitKind) -> str:
    """Return the word for a kind of visit."""
    return _(_KINDS[value])


def state(value: VisitState) -> str:
    """Return the word for a state."""
    return _(_STATES[value])


def reason(value: Reason) -> str:
    """Return the word for a reason."""
    return _(_REASONS[value])


def look(value: Look) -> str:
    """Return the word for what a night check showed."""
    return _(_LOOKS[value])


def length(visit: Visit) -> str:
    """Return how long a visit is planned to take: `15 min`, `20 s` for a look."""
    seconds = int(visit.length.total_seconds())
    if seconds < _MINUTE_S:
        return _("{seconds} s").format(seconds=seconds)
    return _("{minutes} min").format(minutes=seconds // _MINUTE_S)


def is_late(visit: Visit, now: datetime) -> bool:
    """Whether it is planned still, and its time is over."""
    if visit.state is not VisitState.PLANNED:
        return False
    return visit.missed_at is not None or visit.is_overdue(now)


def progress(done: int, total: int, missed: int) -> str:
    """Return how far the day has come, as one sentence."""
    said = _("{done} of {total} done").format(done=done, total=total)
    if not missed:
        return said
    text = ngettext("{count} missed", "{count} missed", missed).format(count=missed)
    return f"{said}, {text}"
