"""Who may do what: one table of roles and rights, and the few things a locked desk still does."""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final

from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import Kommune, Operator


class Role(StrEnum):
    """What a person is at the hub."""

    OPERATOR = "operator"
    NIGHT = "night"
    SUPERVISOR = "supervisor"
    IT = "it"


class Right(StrEnum):
    """One thing that a role may do or not, in the kommuner that the person serves."""

    SEE_ALARMS = "see_alarms"
    """The queue and each alarm's time line."""
    TAKE = "take"
    RELEASE = "release"
    """Give back what one has."""
    TAKE_OVER = "take_over"
    """Take or give back what a colleague has."""
    SHELVE = "shelve"
    RESPOND = "respond"
    """Send a responder and confirm the arrival."""
    RESOLVE = "resolve"
    CALL = "call"
    NOTE = "note"
    GIVE = "give"
    """Say whose alarm it is."""
    CORRECT = "correct"
    """Add a correction of an outcome; nobody edits history."""
    SEE_CARD = "see_card"
    """Names and cards of citizens."""
    SEE_READINGS = "see_readings"
    SEE_CPR = "see_cpr"
    EDIT_REGISTER = "edit_register"
    ROUND = "round"
    """Screen visits and planned calls."""
    NIGHT_CHECK = "night_check"
    """Look into a home at night."""
    REVIEW_CALLS = "review_calls"
    """The call log and how alarms were handled."""
    LISTEN = "listen"
    """Recorded calls."""
    AUDIT = "audit"
    """Who looked at whom."""
    MANAGE_USERS = "manage_users"
    SETTINGS = "settings"


_O, _N, _S, _I = Role.OPERATOR, Role.NIGHT, Role.SUPERVISOR, Role.IT
_CARE: Final = frozenset({_O, _N, _S})

RIGHTS: Final[dict[Right, frozenset[Role]]] = {
    Right.SEE_ALARMS: _CARE,
    Right.TAKE: _CARE,
    Right.RELEASE: _CARE,
    Right.TAKE_OVER: frozenset({_S}),
    Right.SHELVE: _CARE,
    Right.RESPOND: _CARE,
    Right.RESOLVE: _CARE,
    Right.CALL: _CARE,
    Right.NOTE: _CARE,
    Right.GIVE: _CARE,
    Right.CORRECT: _CARE,
    Right.SEE_CARD: _CARE,
    Right.SEE_READINGS: _CARE,
    Right.SEE_CPR: _CARE,
    Right.EDIT_REGISTER: _CARE,
    Right.ROUND: _CARE,
    Right.NIGHT_CHECK: frozenset({_N}),
    Right.REVIEW_CALLS: frozenset({_S}),
    Right.LISTEN: frozenset({_S}),
    Right.AUDIT: frozenset({_S}),
    Right.MANAGE_USERS: frozenset({_S, _I}),
    Right.SETTINGS: frozenset({_I}),
}
"""Which roles have which right. IT sees no citizen at all; no role can edit or delete history."""

GRANTS: Final[dict[Role, frozenset[Role]]] = {
    _O: frozenset(),
    _N: frozenset(),
    _S: frozenset({_O, _N}),
    _I: frozenset(Role),
}
"""Which roles a role with `manage_users` may give, change and take away."""

BREAK_GLASS: Final = frozenset({Right.TAKE, Right.CALL, Right.SEE_CARD})
"""What can always be done about an emergency, also at a locked desk and by nobody signed in."""

GLASS: Final = "break_glass"
"""How such an act is marked: in the alarm's time line and in the access log."""


def glass_breaker(desk: str) -> Operator:
    """Return in whose name a desk acts where nobody is signed in."""
    return Operator(f"break-glass@{desk}")


def has(role: Role, right: Right) -> bool:
    """Whether the table gives `right` to `role`."""
    return role in RIGHTS[right]


def concerns(alarm: Alarm) -> Kommune | None:
    """Return whose kommune's data an alarm is; None for nobody's: that nobody watches is everybody's."""
    return None if alarm.source is Source.WATCH else alarm.kommune


def breaks_glass(right: Right, alarm: Alarm | None) -> bool:
    """Whether `right` may be had without a person for this alarm's sake."""
    return (
        alarm is not None
        and alarm.is_open
        and alarm.kind is Kind.EMERGENCY
        and right in BREAK_GLASS
    )


def may_grant(role: Role, target: Role, *, own: AbstractSet[str], of: AbstractSet[str]) -> bool:
    """Whether somebody of `role` who serves `own` may manage a `target` who serves `of`.

    A supervisor manages the hub's operators in the supervisor's own kommuner; IT manages everybody.
    """
    if not has(role, Right.MANAGE_USERS) or target not in GRANTS[role]:
        return False
    return role is Role.IT or of <= own
