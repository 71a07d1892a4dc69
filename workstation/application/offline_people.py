"""Those who sign in at the identity provider, while it is away: a password of their own, for a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from workstation.application.errors import NotFound
from workstation.application.identity_ports import Identities, IdentityMemory, Remembered
from workstation.application.ports import Clock
from workstation.application.proving import Proven, Proving, SignInRules
from workstation.application.user_ports import Account, Memory, Passwords, UserStore
from workstation.domain.names import Operator
from workstation.domain.tries import Attempt, Standing, Throttle
from workstation.domain.user import User, UserDid, UserStep, check_password


class OfflinePeople:
    """Sets and checks offline passwords, with the same throttle and log as other passwords.

    Somebody has one from when they set it; it fits for as long after their latest sign-in at the
    provider as the settings say, and using it does not make that longer.
    """

    def __init__(  # noqa: PLR0913 - all that an offline sign-in touches
        self,
        *,
        users: UserStore,
        identities: Identities,
        remembered: IdentityMemory | None,
        attempts: Memory | None,
        passwords: Passwords,
        clock: Clock,
        source: str,
        rules: SignInRules,
    ) -> None:
        """Ask nobody yet; `attempts` keeps what the database could not be told, `source` is this desk."""
        self._users = users
        self._identities = identities
        self._remembered = remembered
        self._passwords = passwords
        self._clock = clock
        self._remember = rules.remember
        memory = None
        if remembered is not None and attempts is not None:
            memory = _Memory(remembered, attempts, passwords)
        self._proving = Proving(
            users=_Accounts(users, identities, clock, rules.remember),
            passwords=passwords,
            memory=memory,
            clock=clock,
            source=source,
            rules=rules,
        )

    async def prove(self, name: str, password: str) -> Proven:
        """Return whose name and offline password these are; raises as `Proving.prove`."""
        return await self._proving.prove(name, password)

    async def set(self, name: Operator, password: str) -> None:
        """Give somebody an offline password; raises UserRefused, NotFound or StoreUnavailable."""
        account, identity = await self._users.account(name), await self._identities.named(name)
        if account is None or identity is None:
            raise NotFound(name)
        check_password(password, name=name, display=account.user.display)
        identity = replace(identity, offline_hash=await self._passwords.make(password))
        await self._identities.seen(identity)
        if self._remembered is not None:
            until = identity.seen_at + self._remember
            await self._remembered.keep(
                Remembered(user=account.user, identity=identity, until=until)
            )

    async def forget_the_disabled(self) -> None:
        """Remember nobody any longer who may not sign in; raises StoreUnavailable."""
        if self._remembered is None:
            return
        for name in await self._remembered.names():
            account = await self._users.account(name)
            if account is None or not account.user.is_enabled:
                await self._remembered.forget(name)


class _Accounts:
    """The users, proven by their offline passwords for as long as those fit."""

    def __init__(
        self, users: UserStore, identities: Identities, clock: Clock, remember: timedelta
    ) -> None:
        self._users = users
        self._identities = identities
        self._clock = clock
        self._remember = remember

    async def account(self, name: str) -> Account | None:
        account, identity = await self._users.account(name), await self._identities.named(name)
        if account is None or identity is None or identity.offline_hash is None:
            return None
        if self._clock.now() - identity.seen_at >= self._remember:
            return None
        return replace(account, password_hash=identity.offline_hash)

    async def any(self) -> bool:
        return await self._users.any()

    async def admit(self, attempt: Attempt, throttle: Throttle) -> Standing:
        return await self._users.admit(replace(attempt, offline=True), throttle)

    async def log(self, attempts: Sequence[Attempt]) -> None:
        await self._users.log([replace(attempt, offline=True) for attempt in attempts])

    async def users(self) -> list[User]:
        return await self._users.users()

    async def attempts(self, since: datetime) -> list[Attempt]:
        return await self._users.attempts(since)

    async def steps(self, name: str) -> list[UserStep]:
        return await self._users.steps(name)

    async def add(self, user: User, password_hash: str) -> None:
        await self._users.add(user, password_hash)

    async def change(
        self, user: User, did: UserDid, *, expected_version: int, password_hash: str | None = None
    ) -> None:
        await self._users.change(
            user, did, expected_version=expected_version, password_hash=password_hash
        )


class _Memory:
    """The desk's memory of them; the notes of attempts are those of all who sign in here."""

    def __init__(self, remembered: IdentityMemory, attempts: Memory, passwords: Passwords) -> None:
        self._remembered = remembered
        self._attempts = attempts
        self._passwords = passwords

    async def keep(self, user: User, password: str, until: datetime) -> None:
        """Keep nothing: using an offline password makes nothing last longer."""

    async def recall(self, name: str, password: str, now: datetime) -> User | None:
        found = await self._remembered.named(name, now)
        right = await self._passwords.check(
            None if found is None else found.identity.offline_hash, password
        )
        return found.user if found is not None and right else None

    async def forget(self, name: str) -> None:
        await self._remembered.forget(name)

    async def names(self) -> list[str]:
        return await self._remembered.names()

    async def note(self, attempt: Attempt) -> None:
        await self._attempts.note(attempt)

    async def noted(self) -> list[Attempt]:
        return await self._attempts.noted()

    async def told(self, number: int) -> None:
        await self._attempts.told(number)
