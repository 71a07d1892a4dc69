"""Signing in and out, over to a colleague, and back to a locked desk."""

from __future__ import annotations

from collections.abc import Callable

from workstation.application.changes import Watchers
from workstation.application.errors import StoreUnavailable
from workstation.application.handover import Handover
from workstation.application.ports import Clock
from workstation.application.proving import Proven, Proving, SignInRefused, signed_in
from workstation.application.session import Session, SignedIn
from workstation.application.user_ports import UserStore
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.rights import Right
from workstation.domain.tries import Tried


class SignIn:
    """The use cases of the person at this desk; on the loop only."""

    def __init__(
        self,
        *,
        session: Session,
        users: UserStore,
        proving: Proving,
        handover: Handover,
        clock: Clock,
    ) -> None:
        """Nothing is decided until `open`."""
        self._session = session
        self._users = users
        self._proving = proving
        self._handover = handover
        self._clock = clock
        self._put_out: Watchers[[str]] = Watchers()

    def watch_put_out(self, told: Callable[[str], None]) -> None:
        """Tell when the hub ends somebody's session, with the reason of a SignInRefused."""
        self._put_out.add(told)

    async def open(self) -> None:
        """Decide whether this desk asks for a sign-in; what the database cannot say, its memory may."""
        rules = self._proving.rules
        if rules.kind in ("password", "oidc") or (rules.kind == "auto" and rules.shared):
            self._session.guard()
        elif rules.kind == "auto":
            try:
                await self.look()
            except StoreUnavailable:
                if await self._proving.remembers_anybody():
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
        return await self.admit(await self._proving.prove(name, password), keep=keep)

    async def admit(self, proven: Proven, *, keep: bool = True) -> list[Alarm]:
        """Let somebody sit here who has shown who they are, in whatever way; as `sign_in`."""
        person = signed_in(proven, self._clock.now())
        before = self._session.signed_in
        left: list[Alarm] = []
        if before is not None and before.operator != person.operator:
            left = await self._handover.give(before.operator, person if keep else None)
            await self._proving.log(Tried.SIGNED_OUT, before.operator, offline=proven.offline)
        self._session.begin(person)
        await self._handover.adopt(self._session.nobody, person)
        return left

    async def unlock(self, password: str) -> None:
        """Go on at a locked desk; raises as `sign_in`."""
        person = self._session.signed_in
        if person is not None and self._session.locked:
            await self._proving.prove(person.operator, password)
            if self._session.signed_in is person:
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
        await self._proving.log(Tried.SIGNED_OUT, person.operator, offline=person.offline)
        self._session.end()
        return left

    async def change_password(self, old: str, new: str) -> None:
        """Give oneself a new password; raises as `sign_in`, and UserRefused or Changed."""
        person = self._session.signed_in
        if person is None:
            return
        proven = await self._proving.prove(person.operator, old)
        if proven.offline:
            raise SignInRefused("offline")
        await self._proving.renew(proven.user, new)

    async def look(self) -> None:
        """See whether the person may still sit here, and as what; raises StoreUnavailable.

        To be done now and then: it is how `auto` notices the first user, how somebody who was
        disabled is put out, and how whoever signed in while the database was away becomes known.
        """
        if self._proving.rules.kind == "off":
            return
        await self._proving.tell_noted()
        if not self._session.guarded and await self._users.any():
            self._session.guard()
        await self._proving.forget_the_disabled()
        person = self._session.signed_in
        if person is None:
            return
        account = await self._users.account(person.operator)
        if self._session.signed_in is not person:
            return  # somebody else sits here now
        if account is None or not account.user.is_enabled:
            await self._show_out(person)
        elif person.way == "password":  # of others the identity provider says what they may
            self._session.update(signed_in(Proven(user=account.user), self._clock.now()))

    async def _show_out(self, person: SignedIn) -> None:
        await self._handover.give(person.operator, None)
        await self._proving.log(Tried.PUT_OUT, person.operator)
        self._session.end()
        self._put_out.tell("disabled")
