"""Signing in, out, over to a colleague and back to a locked desk: by user name and password."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from workstation.application.changes import Watchers
from workstation.application.errors import StoreUnavailable
from workstation.application.handover import Handover
from workstation.application.ports import Clock
from workstation.application.session import Session, SignedIn
from workstation.application.user_ports import Account, Memory, Passwords, UserStore
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.rights import Right
from workstation.domain.tries import Attempt, Standing, Throttle, Tried, standing
from workstation.domain.user import LONGEST, User, UserDid, UserRefused, check_password, user_name

_log = logging.getLogger(__name__)
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


class SignIn:
    """The use cases of the person at this desk; on the loop only, one attempt at a time."""

    def __init__(
        self,
        *,
        session: Session,
        users: UserStore,
        passwords: Passwords,
        memory: Memory | None,
        handover: Handover,
        clock: Clock,
        rules: SignInRules,
    ) -> None:
        """`memory` None: nobody is let in, nor is anything noted, while the database is away."""
        self._session = session
        self._users = users
        self._passwords = passwords
        self._memory = memory
        self._handover = handover
        self._clock = clock
        self._rules = rules
        self._turn = asyncio.Lock()
        self._put_out: Watchers[[str]] = Watchers()
        if rules.kind in ("password", "oidc") or (rules.kind == "auto" and rules.shared):
            session.guard()

    def watch_put_out(self, told: Callable[[str], None]) -> None:
        """Tell when the hub ends somebody's session, with the reason of a SignInRefused."""
        self._put_out.add(told)

    async def open(self) -> None:
        """Decide whether this desk asks for a sign-in; what the database cannot say, its memory may."""
        try:
            await self.look()
        except StoreUnavailable:
            if self._rules.kind == "auto" and self._memory and await self._memory.names():
                self._session.guard()

    async def has_users(self) -> bool:
        """Whether anybody can sign in at all; raises StoreUnavailable."""
        return await self._users.any()

    async def sign_in(self, name: str, password: str, *, keep: bool = True) -> list[Alarm]:
        """Let somebody sit here; whoever sat here is signed out, as is right at a change of shift.

        `keep`: the open alarms of whoever sat here become the newcomer's, where they may have them;
        else, and the others, they go back to the queue. Returns what could not be given away.
        Raises SignInRefused, or StoreUnavailable at a desk without a memory; then all is as before.
        """
        async with self._turn:
            return await self.admit(await self._prove(name, password), keep=keep)

    async def admit(self, proven: Proven, *, keep: bool = True) -> list[Alarm]:
        """Let somebody sit here who has shown who they are, in whatever way; as `sign_in`."""
        person = self._person(proven)
        before = self._session.signed_in
        left: list[Alarm] = []
        if before is not None and before.operator != person.operator:
            left = await self._handover.give(before.operator, person if keep else None)
            await self._log(Tried.SIGNED_OUT, before.operator, offline=proven.offline)
        self._session.begin(person)
        await self._handover.adopt(self._session.nobody, person)
        return left

    async def unlock(self, password: str) -> None:
        """Go on at a locked desk; raises SignInRefused."""
        person = self._session.signed_in
        if person is not None and self._session.locked:
            async with self._turn:
                await self._prove(person.operator, password)
            self._session.unlock()

    async def sign_out(self, to: Operator | None = None) -> list[Alarm]:
        """Leave the desk; one's open alarms go to a colleague who is present, or back to the queue.

        Returns what could not be given away. Raises NotAllowed at a locked desk (a colleague can
        sign in there), or UserRefused (`not_present`); then all is as before.
        """
        person = self._session.signed_in
        if person is None:
            return []
        if self._session.locked:
            self._session.require(Right.TAKE)
        if to is not None:
            left = await self._handover.to_colleague(person.operator, to)
        else:
            left = await self._handover.give(person.operator, None)
        await self._log(Tried.SIGNED_OUT, person.operator, offline=person.offline)
        self._session.end()
        return left

    async def change_password(self, old: str, new: str) -> None:
        """Give oneself a new password; raises SignInRefused, UserRefused, Changed, StoreUnavailable."""
        person = self._session.signed_in
        if person is None:
            return
        async with self._turn:
            proven = await self._prove(person.operator, old)
        user = proven.user
        if proven.offline:
            raise SignInRefused("offline")
        check_password(new, name=user.name, display=user.display)
        made = await self._passwords.make(new)
        now = self._clock.now()
        changed = replace(user, changed_at=now, changed_by=user.name, version=user.version + 1)
        await self._users.change(
            changed, UserDid.PASSWORD, expected_version=user.version, password_hash=made
        )
        await self._remember(changed, new)

    async def look(self) -> None:
        """See whether the person may still sit here, and as what; raises StoreUnavailable.

        To be done now and then: it is how `auto` notices the first user, how somebody who was
        disabled is put out, and how whoever signed in while the database was away becomes known.
        """
        if self._rules.kind == "off":
            return
        await self._tell_noted()
        if not self._session.guarded and await self._users.any():
            self._session.guard()
        await self._forget_the_disabled()
        person = self._session.signed_in
        if person is None or person.way != "password":
            return
        account = await self._users.account(person.operator)
        if self._session.signed_in is not person:
            return  # somebody else sits here now
        if account is None or not account.user.is_enabled:
            await self._show_out(person)
        else:
            self._session.update(self._person(Proven(user=account.user)))

    async def _show_out(self, person: SignedIn) -> None:
        await self._handover.give(person.operator, None)
        await self._log(Tried.DISABLED, person.operator)
        self._session.end()
        self._put_out.tell("disabled")

    async def _prove(self, name: str, password: str) -> Proven:
        typed = name.strip().lower()
        if not password or len(password) > LONGEST:
            password = ""
        try:
            return await self._prove_by_database(typed, password)
        except StoreUnavailable:
            if self._memory is None:
                raise
            return await self._prove_by_memory(self._memory, typed, password)

    async def _prove_by_database(self, typed: str, password: str) -> Proven:
        await self._tell_noted()
        attempt = self._attempt(typed, Tried.TRIED)
        stood = await self._users.admit(attempt, self._rules.throttle)
        await self._refuse_too_many(stood, attempt.at)
        account = await self._users.account(typed)
        stands = account.password_hash if account is not None else None
        right = await self._passwords.check(stands, password)
        if account is None and not await self._users.any():
            raise SignInRefused("no_users")
        if account is None or not right:
            await self._log(Tried.WRONG, typed)
            raise SignInRefused("wrong_password")
        if not account.user.is_enabled:
            await self._log(Tried.DISABLED, typed)
            raise SignInRefused("disabled")
        await self._log(Tried.SIGNED_IN, typed)
        await self._remember(account.user, password)
        return Proven(user=account.user)

    async def _prove_by_memory(self, memory: Memory, typed: str, password: str) -> Proven:
        now = self._clock.now()
        mine = self._attempt(typed, Tried.TRIED, offline=True)
        before = [one for one in await memory.noted() if one.name == mine.name]
        stood = standing(before, self._rules.throttle)
        refusal = stood.refusal(now)
        await memory.note(replace(mine, result=refusal or Tried.TRIED))
        await self._refuse_too_many(stood, now)
        user = await memory.recall(typed, password, now)
        if user is None:
            await memory.note(replace(mine, result=Tried.WRONG))
            raise SignInRefused("offline")
        await memory.note(replace(mine, result=Tried.SIGNED_IN))
        return Proven(user=user, offline=True)

    async def _refuse_too_many(self, stood: Standing, now: datetime) -> None:
        refusal = stood.refusal(now)
        if refusal is None or stood.until is None:
            return
        seconds = (stood.until - now).total_seconds()
        if refusal is Tried.LOCKED:
            raise SignInRefused("locked_out", minutes=int(seconds // 60) + 1)
        raise SignInRefused("throttled", wait=int(seconds) + 1)

    async def _remember(self, user: User, password: str) -> None:
        if self._memory is not None:
            await self._memory.keep(user, password, self._clock.now() + self._rules.remember)

    async def _forget_the_disabled(self) -> None:
        if self._memory is None:
            return
        for name in await self._memory.names():
            account: Account | None = await self._users.account(name)
            if account is None or not account.user.is_enabled:
                await self._memory.forget(name)

    async def _tell_noted(self) -> None:
        """Tell the database of the attempts it could not be told of, before more are counted."""
        if self._memory is None:
            return
        noted = await self._memory.noted()
        if noted:
            await self._users.log(noted)
            await self._memory.told(len(noted))

    async def _log(self, result: Tried, name: str, *, offline: bool = False) -> None:
        attempt = self._attempt(name, result, offline=offline)
        try:
            await self._users.log([attempt])
        except StoreUnavailable:
            if self._memory is None:
                raise
            await self._memory.note(replace(attempt, offline=True))

    def _attempt(self, typed: str, result: Tried, *, offline: bool = False) -> Attempt:
        try:
            name: str = user_name(typed)
        except UserRefused:
            name = "?"
        return Attempt(
            at=self._clock.now(),
            name=name,
            source=self._session.desk,
            result=result,
            offline=offline,
        )

    def _person(self, proven: Proven) -> SignedIn:
        user = proven.user
        return SignedIn(
            operator=user.name,
            name=user.display,
            role=user.role,
            kommuner=user.kommuner,
            at=self._clock.now(),
            offline=proven.offline,
            way=proven.way,
        )
