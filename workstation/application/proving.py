"""Showing who one is by name and password: asked of the database, else of this desk's memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from workstation.application.errors import StoreUnavailable
from workstation.application.ports import Clock
from workstation.application.session import SignedIn
from workstation.application.user_ports import Account, Memory, Passwords, UserStore
from workstation.domain.tries import Attempt, Standing, Throttle, Tried, standing
from workstation.domain.user import LONGEST, User, UserDid, UserRefused, check_password, user_name

_PATIENCE_S = 20.0
_PAUSE_S = 0.1
Kind = Literal["auto", "password", "oidc", "off"]


class SignInRefused(Exception):
    """Nobody was let in; `reason` names why, `facts` fill the sentence.

    `wrong_password` (of a known user or a name that nobody has: never told which), `throttled`
    (`wait`, seconds), `locked_out` (`minutes`), `disabled`, `offline` (the database is away, and
    this desk does not remember the person), `no_users`, `no_password`.
    """

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """What the settings say of signing in."""

    kind: Kind
    shared: bool
    """The database is one that many desks share: `auto` asks for a sign-in at once."""
    throttle: Throttle
    remember: timedelta
    """How long this desk remembers somebody for when the database is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Somebody who has shown who they are."""

    user: User
    offline: bool = False
    way: str = "password"


class Proving:
    """Checks passwords, one attempt at a time, and keeps the log of attempts; on the loop only."""

    def __init__(
        self,
        *,
        users: UserStore,
        passwords: Passwords,
        memory: Memory | None,
        clock: Clock,
        source: str,
        rules: SignInRules,
    ) -> None:
        """`source` names this desk; `memory` None: nobody is known while the database is away."""
        self.rules = rules
        self._users = users
        self._passwords = passwords
        self._memory = memory
        self._clock = clock
        self._source = source
        self._turn = asyncio.Lock()
        self._telling = asyncio.Lock()

    async def prove(self, name: str, password: str) -> Proven:
        """Return whose name and password these are; raises SignInRefused, or StoreUnavailable.

        Counted by user and desk: a name that is tried too often waits, and is locked out at this
        desk alone. The answer to a wrong password and to an unknown name are the same, also in time.
        """
        typed = name.strip().lower()
        if len(password) > LONGEST:
            password = ""
        async with self._turn:
            try:
                return await self._by_database(typed, password)
            except StoreUnavailable:
                if self._memory is None:
                    raise
                return await self._by_memory(self._memory, typed, password)

    async def renew(self, user: User, password: str) -> None:
        """Give a user who has just shown who they are a new password of their own choice."""
        check_password(password, name=user.name, display=user.display)
        made = await self._passwords.make(password)
        now = self._clock.now()
        changed = replace(user, changed_at=now, changed_by=user.name, version=user.version + 1)
        await self._users.change(
            changed, UserDid.PASSWORD, expected_version=user.version, password_hash=made
        )
        await self._remember(changed, password)

    async def log(self, result: Tried, name: str, *, offline: bool = False) -> None:
        """Write a line into the log of sign-ins, later if it must be."""
        attempt = self._attempt(name, result, offline=offline)
        try:
            await self._users.log([attempt])
        except StoreUnavailable:
            if self._memory is None:
                raise
            await self._memory.note(replace(attempt, offline=True))

    async def tell_noted(self) -> None:
        """Tell the database of the attempts it could not be told of, before more are counted."""
        if self._memory is None:
            return
        async with self._telling:
            noted = await self._memory.noted()
            if noted:
                await self._users.log(noted)
                await self._memory.told(len(noted))

    async def remembers_anybody(self) -> bool:
        """Whether somebody has signed in at this desk before."""
        return self._memory is not None and bool(await self._memory.names())

    async def forget_the_disabled(self) -> None:
        """Remember nobody any longer who may not sign in; raises StoreUnavailable."""
        if self._memory is None:
            return
        for name in await self._memory.names():
            account: Account | None = await self._users.account(name)
            if account is None or not account.user.is_enabled:
                await self._memory.forget(name)

    async def _by_database(self, typed: str, password: str) -> Proven:
        await self.tell_noted()
        if not await self._users.any():
            raise SignInRefused("no_users")
        await self._admit(typed)
        account = await self._users.account(typed)
        stands = account.password_hash if account is not None else None
        right = await self._passwords.check(stands, password)
        if account is None or not right:
            await self.log(Tried.WRONG, typed)
            raise SignInRefused("wrong_password")
        if not account.user.is_enabled:
            await self.log(Tried.DISABLED, typed)
            raise SignInRefused("disabled")
        await self.log(Tried.SIGNED_IN, typed)
        await self._remember(account.user, password)
        return Proven(user=account.user)

    async def _admit(self, typed: str) -> None:
        """Begin an attempt; while as many as may still fail are on their way, wait for them."""
        begun = self._clock.monotonic()
        while self._clock.monotonic() - begun < _PATIENCE_S:
            attempt = self._attempt(typed, Tried.TRIED)
            stood = await self._users.admit(attempt, self.rules.throttle)
            _refuse_too_many(stood)
            if not stood.busy:
                return
            await asyncio.sleep(_PAUSE_S)
        raise SignInRefused("throttled", wait=1)

    async def _by_memory(self, memory: Memory, typed: str, password: str) -> Proven:
        now = self._clock.now()
        mine = self._attempt(typed, Tried.TRIED, offline=True)
        before = [one for one in await memory.noted() if one.name == mine.name]
        stood = standing(before, self.rules.throttle, now)
        await memory.note(replace(mine, result=stood.refusal or Tried.TRIED))
        _refuse_too_many(stood)
        user = await memory.recall(typed, password, now)
        await memory.note(replace(mine, result=Tried.SIGNED_IN if user else Tried.WRONG))
        if user is None:
            raise SignInRefused("offline")
        return Proven(user=user, offline=True)

    async def _remember(self, user: User, password: str) -> None:
        if self._memory is not None:
            await self._memory.keep(user, password, self._clock.now() + self.rules.remember)

    def _attempt(self, typed: str, result: Tried, *, offline: bool = False) -> Attempt:
        try:
            name: str = user_name(typed)
        except UserRefused:
            name = "?"
        now = self._clock.now()
        return Attempt(at=now, name=name, source=self._source, result=result, offline=offline)


def signed_in(proven: Proven, at: datetime) -> SignedIn:
    """Return somebody who has shown who they are as the person who sits at a desk."""
    user = proven.user
    return SignedIn(
        operator=user.name,
        name=user.display,
        role=user.role,
        kommuner=user.kommuner,
        at=at,
        offline=proven.offline,
        way=proven.way,
    )


def _refuse_too_many(stood: Standing) -> None:
    seconds = stood.wait.total_seconds()
    if stood.refusal is Tried.LOCKED:
        raise SignInRefused("locked_out", minutes=ceil(seconds / 60))
    if stood.refusal is not None:
        raise SignInRefused("throttled", wait=ceil(seconds))
