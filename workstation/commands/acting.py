"""In whose name a command is given: the same sign-in and the same rights as at a desk."""

from __future__ import annotations

from typing import Final

from workstation.adapters.db.database import Database
from workstation.adapters.system.machine import desk_name
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.ports import Clock
from workstation.application.proving import Proving, SignInRefused, SignInRules, signed_in
from workstation.application.session import Session
from workstation.bootstrap import sign_in
from workstation.bootstrap.secrets import secret
from workstation.domain.names import Kommune, Operator
from workstation.settings import Settings

INSTANCE: Final = "cli"
"""Beside the window's name: a script with a wrong password locks nobody out of the window."""


async def session_of(settings: Settings, user: str, database: Database, clock: Clock) -> Session:
    """Return a session in which `user` sits, shown by the password if this hub asks for it at all.

    Nothing is remembered for later. Raises SignInRefused.
    """
    kommuner = map(Kommune, settings.hub.kommuner)
    desk, operator = desk_name(INSTANCE), Operator(user)
    session = Session(kommuner, desk=desk, operator=operator, guarded=False)
    signing = sign_in.rules(settings)
    if not await _is_asked(signing, database):
        return session
    session.guard()
    variable = settings.sign_in.password_env or ""
    password = secret(variable) if variable else None
    if not password:
        raise SignInRefused("no_password", variable=variable or "sign_in.password_env")
    proving = Proving(
        users=database.users,
        passwords=ArgonPasswords(),
        memory=None,
        clock=clock,
        source=session.desk,
        rules=signing,
    )
    session.begin(signed_in(await proving.prove(user, password), clock.now()))
    return session


async def _is_asked(signing: SignInRules, database: Database) -> bool:
    if signing.kind == "auto":
        return signing.shared or await database.users.any()
    return signing.kind != "off"
