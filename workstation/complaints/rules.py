"""Sentences for what the hub's own rules refuse, and for what has changed or is gone."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from workstation.application.callback import LineBusy, NoNumber
from workstation.application.day_round import NoBrowser, NoVisitLink
from workstation.application.desk_phone import NotInCall
from workstation.application.errors import AlreadyTaken, Changed, NotFound
from workstation.application.numbers import BadNumber
from workstation.complaints.phrasing import filled
from workstation.domain.alarm import IllegalStep, State
from workstation.domain.round import IllegalVisitStep, VisitState
from workstation.texts import N_, _

_ZONE: Final = ZoneInfo("Europe/Copenhagen")

ALARM_STATES: Final = {
    State.RAISED: N_("waiting to be taken"),
    State.TAKEN: N_("taken"),
    State.AWAITING: N_("waiting for the responder"),
    State.SHELVED: N_("shelved"),
    State.RESOLVED: N_("closed"),
}
"""How an alarm stands, inside a sentence."""

VISIT_STATES: Final = {
    VisitState.PLANNED: N_("planned"),
    VisitState.ACTIVE: N_("under way"),
    VisitState.DONE: N_("done"),
    VisitState.CANCELLED: N_("cancelled"),
    VisitState.NOT_DONE: N_("not done"),
}
"""How a visit stands, inside a sentence."""

ALARM_RULES: Final = {
    "not_in_this_state": N_(
        "That cannot be done while the alarm is {state}; look at it again and choose another step."
    ),
    "emergency_is_never_shelved": N_(
        "An emergency is never shelved; take it, or send a responder."
    ),
    "shelf_needs_a_reason": N_("Shelving needs a reason; write one and shelve again."),
    "until_is_in_the_past": N_("That time has passed already; choose a later one."),
    "responder_needs_a_name": N_("Nobody is named; write who is on the way."),
    "arrival_not_confirmed": N_(
        "This outcome needs a named person and a confirmed arrival; confirm the arrival first."
    ),
}
"""Rules of `domain.alarm.IllegalStep`."""

VISIT_RULES: Final = {
    "not_in_this_state": N_(
        "That cannot be done while the visit is {state}; look at it again and choose another step."
    ),
    "reason_needed": N_("A visit that is cancelled or not done needs a reason; choose one."),
    "look_needed": N_("A night check needs what was seen; choose it and finish again."),
}
"""Rules of `domain.round.IllegalVisitStep`."""

PLAIN: Final[dict[type[Exception], str]] = {
    AlreadyTaken: N_("Taken by {by} {at}; choose another alarm, or ask them."),
    Changed: N_("Somebody changed this in the meantime; look at it again, then repeat your step."),
    NotFound: N_("That is not in the database any more; go back to the list and choose again."),
    NoNumber: N_(
        "There is no telephone number to call; look at the relatives, or send a responder."
    ),
    LineBusy: N_("A call is on; hang up first, then call again."),
    NotInCall: N_("Nobody is on the line for that; call or answer first."),
    NoBrowser: N_("The system's browser did not open; open {url} by hand."),
    NoVisitLink: N_("No link is set for screen visits; ask IT to set visit.url_template."),
    BadNumber: N_("{text} is no telephone number; write it like 74 62 10 48 or +45 74 62 10 48."),
}
"""Errors that need no table of their own; their attributes fill the sentence."""

TAKEN_ELSEWHERE: Final = N_(
    "Taken provisionally by {by} {at}, because the database is away; choose another alarm, or ask "
    "them."
)
"""Of AlreadyTaken where only the other desk says so."""

OTHERWISE: Final = N_("The hub's rules do not allow that ({rule}); choose another step.")


def of_rule(error: IllegalStep | IllegalVisitStep) -> str:
    """Return why a step of an alarm or a visit was refused."""
    if isinstance(error, IllegalStep):
        rules, state = ALARM_RULES, ALARM_STATES[error.state]
    else:
        rules, state = VISIT_RULES, VISIT_STATES[error.old]
    return filled(rules.get(error.rule, OTHERWISE), {"state": _(state), "rule": error.rule})


def _plain(value: object) -> object:
    """Return a time as the clock on the wall shows it."""
    return f"{value.astimezone(_ZONE):%H:%M:%S}" if isinstance(value, datetime) else value


def of_plain(error: Exception) -> str | None:
    """Return the sentence of an error that stands in `PLAIN`, or None."""
    for kind, message in PLAIN.items():
        if isinstance(error, kind):
            if isinstance(error, AlreadyTaken) and error.provisional:
                message = TAKEN_ELSEWHERE  # noqa: PLW2901 - the same error, known less surely
            return filled(message, {name: _plain(value) for name, value in vars(error).items()})
    return None
