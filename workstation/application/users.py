"""Making and changing those who may sign in; each change is one step with who and when."""

from __future__ import annotations

import logging
from dataclasses import replace

from workstation.application.errors import NotFound
from workstation.application.ports import Clock
from workstation.application.session import NotAllowed, Session
from workstation.application.user_ports import Passwords, UserStore
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Right, Role, may_grant
from workstation.domain.user import (
    User,
    UserDid,
    UserRefused,
    UserStep,
    check_password,
    display_name,
    user_name,
)

_log = logging.getLogger(__name__)


class Users:
    """The use cases over users, as whoever sits here.

    Each raises NotAllowed for whoever may not, UserRefused, NotFound, Changed or StoreUnavailable.
    A supervisor manages the operators and the night staff of the supervisor's own kommuner, IT
    manages everybody; whoever holds the database's own credentials (a session that is not guarded)
    needs no user: that is how the first one is made.
    """

    def __init__(
        self, *, store: UserStore, passwords: Passwords, session: Session, clock: Clock
    ) -> None:
        """Nothing is read until it is asked for."""
        self._store = store
        self._passwords = passwords
        self._session = session
        self._clock = clock
        self._names: dict[str, str] = {}

    async def load(self) -> None:
        """Read what everybody is called; raises StoreUnavailable."""
        self._names = {user.name: user.display for user in await self._store.users()}

    def display(self, operator: Operator) -> str:
        """Return what colleagues call somebody, as read last; a name nobody has stays as it is."""
        return self._names.get(operator, operator)

    async def all(self) -> list[User]:
        """Return the users one may manage, by name, also the disabled."""
        self._session.require(Right.MANAGE_USERS)
        return [user for user in await self._store.users() if self._may(user.role, user.kommuner)]

    async def history(self, name: Operator) -> list[UserStep]:
        """Return what was done to a user, oldest first."""
        await self._manageable(name)
        return await self._store.steps(name)

    async def add(
        self, *, name: str, display: str, role: Role, kommuner: frozenset[Kommune], password: str
    ) -> User:
        """Make a user; a name that somebody ever had is not given again."""
        short = user_name(name)
        shown = display_name(display, short)
        self._require(role, kommuner)
        _serves_somebody(role, kommuner)
        check_password(password, name=short, display=shown)
        now, by = self._clock.now(), self._session.who()
        user = User(
            name=short,
            display=shown,
            role=role,
            kommuner=kommuner,
            created_at=now,
            created_by=by,
            changed_at=now,
            changed_by=by,
        )
        await self._store.add(user, await self._passwords.make(password))
        self._names[short] = shown
        _log.info("user %s was made by %s", short, by)
        return user

    async def change(
        self, name: Operator, *, display: str, role: Role, kommuner: frozenset[Kommune]
    ) -> User:
        """Change what a user is called, does and serves; for the person it holds within a minute."""
        user = await self._manageable(name)
        self._require(role, kommuner)
        _serves_somebody(role, kommuner)
        self._refuse_yourself(user)
        shown = display_name(display, name)
        changed = replace(user, display=shown, role=role, kommuner=kommuner)
        return await self._save(user, changed, UserDid.CHANGED)

    async def disable(self, name: Operator) -> User:
        """Let somebody sign in no more; who sits at a desk is signed out within a minute."""
        user = await self._manageable(name)
        self._refuse_yourself(user)
        if not user.is_enabled:
            return user
        return await self._save(
            user, replace(user, disabled_at=self._clock.now()), UserDid.DISABLED
        )

    async def enable(self, name: Operator) -> User:
        """Let somebody sign in again."""
        user = await self._manageable(name)
        if user.is_enabled:
            return user
        return await self._save(user, replace(user, disabled_at=None), UserDid.ENABLED)

    async def set_password(self, name: Operator, password: str) -> User:
        """Give somebody a new password."""
        user = await self._manageable(name)
        check_password(password, name=user.name, display=user.display)
        made = await self._passwords.make(password)
        return await self._save(user, user, UserDid.PASSWORD, password_hash=made)

    async def _save(
        self, old: User, user: User, did: UserDid, *, password_hash: str | None = None
    ) -> User:
        changed = replace(
            user,
            changed_at=self._clock.now(),
            changed_by=self._session.who(),
            version=old.version + 1,
        )
        await self._store.change(
            changed, did, expected_version=old.version, password_hash=password_hash
        )
        self._names[changed.name] = changed.display
        _log.info("user %s: %s by %s", changed.name, did, changed.changed_by)
        return changed

    async def _manageable(self, name: Operator) -> User:
        self._session.require(Right.MANAGE_USERS)
        account = await self._store.account(name)
        if account is None:
            raise NotFound(name)
        self._require(account.user.role, account.user.kommuner)
        return account.user

    def _require(self, role: Role, kommuner: frozenset[Kommune]) -> None:
        self._session.require(Right.MANAGE_USERS)
        if not self._may(role, kommuner):
            mine = self._session.signed_in
            _log.warning("%s was refused to make or change a %s", self._session.who(), role)
            raise NotAllowed(Right.MANAGE_USERS, mine.role if mine else None, why="not_yours")

    def _may(self, role: Role, kommuner: frozenset[Kommune]) -> bool:
        mine = self._session.signed_in
        if mine is None:
            return not self._session.guarded
        return may_grant(mine.role, role, own=mine.kommuner, of=kommuner)

    def _refuse_yourself(self, user: User) -> None:
        mine = self._session.signed_in
        if mine is not None and mine.operator == user.name:
            raise UserRefused("yourself")


def _serves_somebody(role: Role, kommuner: frozenset[Kommune]) -> None:
    if not kommuner and role is not Role.IT:
        raise UserRefused("no_kommune")
