"""Signing in at an identity provider through the system's browser, and without it while it is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from workstation.application.errors import StoreUnavailable
from workstation.application.identity_ports import IdentityProvider, Listen, Shown
from workstation.application.joining import WAY, Joining
from workstation.application.offline_people import OfflinePeople
from workstation.application.ports import Browser
from workstation.application.proving import Proven, Proving, SignInRefused
from workstation.application.replies import Replies
from workstation.application.session import Session
from workstation.application.sign_in import SignIn
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.tries import Tried

_log = logging.getLogger(__name__)
Admit = Callable[[Proven], Awaitable[list[Alarm]]]
PATIENCE: Final = timedelta(minutes=5)
"""How long somebody has at the provider's page."""
_NOBODY: Final = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is asked on the way to the provider and back."""

    provider: IdentityProvider
    listen: Listen
    browser: Browser
    patience: timedelta = PATIENCE


class SignInOidc:
    """The use cases of somebody who shows at the provider who they are; on the loop only.

    Nothing here holds up the window: a sign-in waits in a task of its own until the browser comes
    back, `cancel` is called, or `Around.patience` is over.
    """

    def __init__(
        self,
        *,
        sign_in: SignIn,
        session: Session,
        proving: Proving,
        joining: Joining,
        offline: OfflinePeople,
        around: Around,
    ) -> None:
        """`proving` keeps the log of attempts."""
        self._sign_in = sign_in
        self._session = session
        self._proving = proving
        self._joining = joining
        self._offline = offline
        self._around = around
        self._replies = Replies()
        self._flow: asyncio.Task[Shown] | None = None
        self._hint = ""
        self.url = ""
        """What the browser was sent to, while it is waited for: to be copied into another one."""

    @property
    def provider(self) -> str:
        """What people call the provider, for “Sign in with …”."""
        return self._around.provider.name

    @property
    def waiting(self) -> bool:
        """Whether the browser is waited for."""
        return self._flow is not None

    def cancel(self) -> None:
        """Wait no longer; whoever waits gets SignInRefused(`cancelled`)."""
        if self._flow is not None:
            self._flow.cancel()

    async def sign_in(self, *, keep: bool = True) -> list[Alarm]:
        """Let somebody sit here whom the provider vouches for; as `SignIn.sign_in`.

        A sign-in that is waited for already is given up for this one. Raises SignInRefused; each
        refusal stands in the log of attempts.
        """
        return await self._logged(lambda proven: self._sign_in.admit(proven, keep=keep))

    async def unlock(self) -> None:
        """Go on at a locked desk, as the same person; raises SignInRefused."""
        person = self._session.signed_in
        if person is not None and self._session.locked:
            await self._logged(self._sign_in.admit, only=person.operator)

    async def sign_in_offline(self, name: str, password: str, *, keep: bool = True) -> list[Alarm]:
        """Let somebody sit here by their offline password; only while the provider is away.

        Counted and refused as `SignIn.sign_in` does, and by `provider_is_there`.
        """
        return await self._sign_in.admit(await self._prove_offline(name, password), keep=keep)

    async def unlock_offline(self, password: str) -> None:
        """Go on at a locked desk while the provider is away; raises as `sign_in_offline`."""
        person = self._session.signed_in
        if person is not None and self._session.locked:
            proven = await self._prove_offline(person.operator, password)
            if self._session.signed_in is person:
                await self._sign_in.admit(proven)

    async def set_offline_password(self, password: str) -> None:
        """Give oneself what proves one while the provider is away.

        Raises UserRefused, NotFound, StoreUnavailable, or SignInRefused (`not_from_provider`).
        """
        person = self._session.signed_in
        if person is None or person.way != WAY or person.offline or self._session.locked:
            raise SignInRefused("not_from_provider", provider=self.provider)
        await self._offline.set(person.operator, password)

    async def sign_out(self, to: Operator | None = None) -> list[Alarm]:
        """Leave the desk as `SignIn.sign_out` does, and the provider where it offers that."""
        left = await self._sign_in.sign_out(to)
        await self.leave()
        return left

    async def leave(self) -> None:
        """End the last person's session at the provider; what it cannot do is logged only."""
        hint, self._hint = self._hint, ""
        if not hint:
            return
        try:
            await self._around.provider.leave(hint)
        except SignInRefused as refused:
            _log.warning("the session at the identity provider stays: %s", refused.reason)

    async def look(self) -> None:
        """Remember nobody who was disabled; raises StoreUnavailable. To be done now and then."""
        await self._offline.forget_the_disabled()

    async def _prove_offline(self, name: str, password: str) -> Proven:
        if await self._around.provider.answers():
            raise SignInRefused("provider_is_there", provider=self.provider)
        proven = await self._offline.prove(name, password)
        return replace(proven, offline=True, way=WAY)

    async def _logged(self, admit: Admit, *, only: Operator | None = None) -> list[Alarm]:
        name = _NOBODY
        try:
            shown = await self._shown(leave=only is None)
            name = shown.name.partition("@")[0].lower()
            proven = await self._joining.join(shown)
            name = proven.user.name
            _refuse_others(proven, only)
        except SignInRefused as refused:
            # Every sentence may name the provider.
            refused.facts.setdefault("provider", self.provider)
            await self._log(Tried(refused.reason), name)
            raise
        await self._log(Tried.SIGNED_IN, name, offline=proven.offline)
        left = await admit(proven)
        self._hint = shown.hint
        return left

    async def _log(self, result: Tried, name: str, *, offline: bool = False) -> None:
        _log.info("sign-in at the identity provider: %s", result)
        try:
            await self._proving.log(result, name, offline=offline)
        except StoreUnavailable:
            if result is Tried.SIGNED_IN:
                raise
            _log.warning("a refused sign-in could not be stored: %s", result)

    async def _shown(self, *, leave: bool) -> Shown:
        self.cancel()
        flow = self._flow = asyncio.create_task(self._ask(leave=leave), name="sign-in at provider")
        try:
            done, _ = await asyncio.wait({flow}, timeout=self._around.patience.total_seconds())
        finally:
            flow.cancel()
            await asyncio.wait({flow})
            if self._flow is flow:
                self._flow, self.url = None, ""
        if not flow.cancelled():
            return flow.result()
        minutes = round(self._around.patience.total_seconds() / 60)
        raise SignInRefused("cancelled") if done else SignInRefused("timed_out", minutes=minutes)

    async def _ask(self, *, leave: bool) -> Shown:
        around = self._around
        if leave:
            # Else its page would be for whoever sat here before: the browser is the same.
            await self.leave()
        async with around.listen() as redirect:
            asked = await around.provider.ask(redirect.url)
            self.url = asked.url
            try:
                # Some systems' browsers hold whoever starts them until they are shown.
                if not await asyncio.to_thread(around.browser.open, asked.url):
                    raise SignInRefused("no_browser")
                reply = await redirect.reply()
                code = self._replies.code(asked, reply)
            finally:
                self._replies.spend(asked)
        return await around.provider.answer(asked, code, said_by=reply.get("iss", ""))


def _refuse_others(proven: Proven, only: Operator | None) -> None:
    if only is not None and proven.user.name != only:
        raise SignInRefused("other_person", name=only)


class OfflineWay:
    """Name and password at a desk whose people show at the provider who they are.

    They are good for the time in which the provider is away, and are made by whoever sits here.
    """

    def __init__(self, sign_in: SignIn, provider: SignInOidc) -> None:
        """Nothing is asked before somebody types."""
        self._sign_in = sign_in
        self._provider = provider

    def watch_put_out(self, told: Callable[[str], None]) -> None:
        """Tell when the hub ends somebody's session; as `SignIn.watch_put_out`."""
        self._sign_in.watch_put_out(told)

    async def has_users(self) -> bool:
        """Return True: the provider knows who there is."""
        return True

    async def sign_in(self, name: str, password: str) -> list[Alarm]:
        """Let somebody sit here; as `SignInOidc.sign_in_offline`."""
        return await self._provider.sign_in_offline(name, password)

    async def unlock(self, password: str) -> None:
        """Go on at a locked desk; as `SignInOidc.unlock_offline`."""
        await self._provider.unlock_offline(password)

    async def change_password(self, _old: str, new: str) -> None:
        """Give oneself a password for when the provider is away; raises as `set_offline_password`."""
        await self._provider.set_offline_password(new)

    async def sign_out(self, to: Operator | None = None) -> list[Alarm]:
        """Leave the desk and the provider."""
        return await self._provider.sign_out(to)
