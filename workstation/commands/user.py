"""`main.py user`: makes, lists and changes those who may sign in; for IT, on the database's own rights."""

from __future__ import annotations

import asyncio
import getpass
from argparse import Namespace
from collections.abc import Iterable
from typing import Final, TextIO

from workstation.adapters.system.machine import desk_name
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused
from workstation.application.users import Users
from workstation.bootstrap import rules
from workstation.bootstrap.opening import hub_clock, open_database
from workstation.bootstrap.secrets import secret
from workstation.bootstrap.station import ZONE
from workstation.commands.printing import print_rows
from workstation.complaints.people import ROLES
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Role
from workstation.domain.user import User, kommuner_of
from workstation.settings import Settings
from workstation.texts import N_, _

KEYS: Final = (
    "name", "display", "role", "kommuner", "disabled_at", "created_at", "created_by", "changed_at",
    "changed_by",
)  # fmt: skip
"""The keys of one user as JSON: what `domain.user.User` has, and never the password's hash."""
_SHOWN: Final = ("name", "display", "role", "kommuner", "disabled_at", "changed_at", "changed_by")
_SAID: Final = {
    "add": N_("{name} ({display}) may sign in: {role}, {kommuner}."),
    "disable": N_("{name} may sign in no more; whoever sits at a desk is signed out soon."),
    "enable": N_("{name} may sign in again."),
    "password": N_("{name} has a new password."),
}


def run(settings: Settings, wanted: Namespace, *, clock: Clock, out: TextIO) -> int:
    """Do what is wanted with users.

    Raises UserRefused, NotFound, SignInRefused (`no_password`), StoreUnavailable or SchemaMismatch.
    """
    return asyncio.run(_Run(settings, wanted, clock, out).run())


class _Run:
    """One call of the word."""

    def __init__(self, settings: Settings, wanted: Namespace, clock: Clock, out: TextIO) -> None:
        self._settings = settings
        self._wanted = wanted
        self._clock = clock
        self._out = out

    async def run(self) -> int:
        # Before anything is opened: what is missing is told at once.
        password = self._password() if self._wanted.act in ("add", "password") else ""
        database = await asyncio.to_thread(open_database, self._settings)
        try:
            clock = await hub_clock(self._settings, database, self._clock)
            users = Users(
                store=database.users,
                passwords=ArgonPasswords(),
                session=rules.session(self._settings, "", by=_who()),
                clock=clock,
            )
            if self._wanted.act == "list":
                self._list(await users.all())
            else:
                self._say(await self._changed(users, password))
        finally:
            database.close()
        return 0

    async def _changed(self, users: Users, password: str) -> User:
        name = Operator(self._wanted.user)
        match self._wanted.act:
            case "add":
                return await self._added(users, password)
            case "disable":
                return await users.disable(name)
            case "enable":
                return await users.enable(name)
            case _:
                return await users.set_password(name, password)

    async def _added(self, users: Users, password: str) -> User:
        wanted, served = self._wanted, frozenset(map(Kommune, self._settings.hub.kommuner))
        return await users.add(
            name=wanted.user,
            display=wanted.name,
            role=Role(wanted.role),
            kommuner=kommuner_of(wanted.kommuner, also=served),
            password=password,
        )

    def _password(self) -> str:
        variable = self._settings.sign_in.password_env or ""
        found = secret(variable) if variable else None
        if not found:
            raise SignInRefused("no_password", variable=variable or "sign_in.password_env")
        return found

    def _list(self, users: Iterable[User]) -> None:
        rows = ({**{key: getattr(user, key) for key in KEYS}, **_plain(user)} for user in users)
        as_json = self._wanted.json
        print_rows(rows, shown=_SHOWN, as_json=as_json, zone=ZONE, out=self._out)

    def _say(self, user: User) -> None:
        served = ", ".join(sorted(user.kommuner)) or "–"
        said = _(_SAID[self._wanted.act]).format(
            name=user.name, display=user.display, role=_(ROLES[user.role]), kommuner=served
        )
        print(said, file=self._out)


def _plain(user: User) -> dict[str, object]:
    return {"role": user.role.value, "kommuner": sorted(user.kommuner)}


def _who() -> Operator:
    """Return who gave the command: nobody of the hub, but whom the operating system knows."""
    return Operator(f"{getpass.getuser()}@{desk_name()}")
