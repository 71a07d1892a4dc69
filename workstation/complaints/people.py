"""Sentences for who may sign in, what a role may do, and users that cannot be made like that."""

from typing import Final

from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed, Why
from workstation.complaints.identity import CERTIFICATES, IDENTITY
from workstation.complaints.phrasing import filled
from workstation.domain import kommuner
from workstation.domain.rights import Role
from workstation.domain.user import UserRefused
from workstation.texts import N_, _

ROLES: Final = {
    Role.OPERATOR: N_("operator"),
    Role.NIGHT: N_("night staff"),
    Role.SUPERVISOR: N_("supervisor"),
    Role.IT: N_("IT"),
}
"""A role, inside a sentence and in lists."""

NOT_ALLOWED: Final[dict[Why, str]] = {
    "nobody": N_("Nobody is signed in at this desk; sign in, then do it again."),
    "locked": N_("This desk is locked; unlock it with your password, then do it again."),
    "role": N_("Your role ({role}) may not do that; ask a colleague whose role may."),
    "kommune": N_("You do not serve {kommune}; ask a colleague who does."),
    "not_yours": N_("This user is not yours to manage; ask IT, who manages everybody."),
}
"""What stands against it, of NotAllowed."""

SIGN_IN: Final = {
    "wrong_password": N_(
        "The user name or the password is wrong; try again, or have your supervisor give you a "
        "new password."
    ),
    "throttled": N_("That was a wrong password just now; wait {wait} s, then try again."),
    "locked_out": N_(
        "Too many wrong passwords for this user at this desk; try again in {minutes} min, or at "
        "another desk now."
    ),
    "disabled": N_("This user is disabled; ask your supervisor or IT."),
    "offline": N_(
        "The database is away, and this desk does not remember you with this password; try "
        "again, sign in where you were last, or wait for the database."
    ),
    "no_users": N_(
        "This hub has no user yet; IT makes the first with {program} user add NAME --role ROLE "
        "--kommuner CODES --config FILE."
    ),
    "no_password": N_("No password was given; set the environment variable {variable}."),
    **IDENTITY,
}
"""Reasons of SignInRefused."""

USERS: Final = {
    "bad_name": N_(
        "{name} cannot be a user name; take 2 to 32 of the letters a to z, digits, dots, "
        "underscores and hyphens."
    ),
    "reserved_name": N_("The hub itself is called {name}; choose another name."),
    "bad_display": N_("This name is too long or has signs that cannot be shown; shorten it."),
    "bad_kommune": N_("{kommune} is no kommune's code; write four digits each, such as 0510,0860."),
    "no_kommune": N_("This role serves citizens; name at least one kommune."),
    "short": N_("The password is too short; take at least {shortest} signs."),
    "long": N_("The password is too long; take at most {longest} signs."),
    "common": N_("The password is easily guessed; take several words that only you would choose."),
    "has_name": N_("The person's name stands in the password; take other words."),
    "exists": N_("There is a user {name} already; choose another name."),
    "yourself": N_("Nobody does this to themselves; ask IT or another supervisor."),
    "not_present": N_(
        "{name} is not signed in anywhere; choose a colleague who is, or give the alarms back."
    ),
}
"""Reasons of UserRefused."""


def of_people(error: Exception) -> str | None:
    """Return why somebody may not sign in, or may not do that; None for an error of another kind."""
    if isinstance(error, NotAllowed):
        role = _(ROLES[error.role]) if error.role is not None else ""
        where = kommuner.name(error.kommune) if error.kommune is not None else ""
        return filled(NOT_ALLOWED[error.why], {"role": role, "kommune": where})
    if isinstance(error, SignInRefused):
        why = error.facts.get("why")
        told = {"why": _(CERTIFICATES[why])} if isinstance(why, str) and why in CERTIFICATES else {}
        return filled(SIGN_IN[error.reason], {**error.facts, **told})
    return filled(USERS[error.reason], error.facts) if isinstance(error, UserRefused) else None
