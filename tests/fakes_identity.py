"""Stand-ins for signing in at an identity provider; the contract tests hold the store to the real ones."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from tests.fakes_people import FakeUserStore
from workstation.application.errors import NotFound
from workstation.application.identity_ports import Asked, Identity, Redirect, Remembered, Shown
from workstation.domain.user import User, UserRefused

ISSUER = "https://login.hub.example/realms/hub"


class FakeIdentities:
    """Bindings in memory, beside the users; `fault` of the users is raised here too."""

    def __init__(self, users: FakeUserStore) -> None:
        self._users = users
        self.bound: dict[tuple[str, str], Identity] = {}

    async def of(self, issuer: str, subject: str) -> Identity | None:
        await self._users.any()
        return self.bound.get((issuer, subject))

    async def named(self, name: str) -> Identity | None:
        await self._users.any()
        return next((one for one in self.bound.values() if one.name == name), None)

    async def bind(self, identity: Identity, new: User | None, password_hash: str = "") -> None:
        key = (identity.issuer, identity.subject)
        if key in self.bound or await self.named(identity.name) is not None:
            raise UserRefused("exists", name=identity.name)
        if new is not None:
            await self._users.add(new, password_hash)
        self.bound[key] = identity

    async def seen(self, identity: Identity) -> None:
        await self._users.any()
        if (identity.issuer, identity.subject) not in self.bound:
            raise NotFound(identity.name)
        self.bound[identity.issuer, identity.subject] = identity


class FakeIdentityMemory:
    """A desk's memory without files."""

    def __init__(self) -> None:
        self.kept: dict[str, Remembered] = {}

    async def keep(self, remembered: Remembered) -> None:
        self.kept[remembered.user.name] = remembered

    async def of(self, issuer: str, subject: str, now: datetime) -> Remembered | None:
        found = (one for one in self.kept.values() if now < one.until)
        mine = (issuer, subject)
        return next(
            (one for one in found if (one.identity.issuer, one.identity.subject) == mine), None
        )

    async def named(self, name: str, now: datetime) -> Remembered | None:
        found = self.kept.get(name)
        return found if found is not None and now < found.until else None

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)

    async def names(self) -> list[str]:
        return sorted(self.kept)


class FakeProvider:
    """A provider that vouches for `shown`; `fault` is raised instead until it is None again."""

    name = "Hub-login"

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.fault: Exception | None = None
        self.asked: list[Asked] = []
        self.redeemed: list[str] = []
        self.left: list[str] = []
        self.there = True

    async def answers(self) -> bool:
        return self.there

    async def check(self) -> None:
        self._answer()

    async def ask(self, redirect: str) -> Asked:
        self._answer()
        number = len(self.asked)
        asked = Asked(
            url=f"{ISSUER}/auth?state=state-{number}",
            redirect=redirect,
            state=f"state-{number}",
            nonce=f"nonce-{number}",
            verifier=f"verifier-{number}",
            at=datetime.fromisoformat("2026-03-14T18:00:00+00:00"),
        )
        self.asked.append(asked)
        return asked

    async def answer(self, asked: Asked, code: str, *, said_by: str = "") -> Shown:
        self._answer()
        self.redeemed.append(code)
        return self.shown

    async def leave(self, hint: str) -> None:
        self._answer()
        self.left.append(hint)

    def _answer(self) -> None:
        if self.fault is not None:
            raise self.fault


class FakeRedirect:
    """An address to which `bring` brings what a browser would."""

    url = "http://127.0.0.1:1/signed-in"

    def __init__(self) -> None:
        self._reply: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

    def bring(self, reply: Mapping[str, str]) -> None:
        self._reply.set_result(reply)

    async def reply(self) -> Mapping[str, str]:
        return await self._reply


class FakeListen:
    """Opens such addresses; `opened` are those of now and before, `closed` counts."""

    def __init__(self) -> None:
        self.opened: list[FakeRedirect] = []
        self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Redirect]:
        self.opened.append(FakeRedirect())
        try:
            yield self.opened[-1]
        finally:
            self.closed += 1


class FakeBrowser:
    """A browser in which somebody does `act` with each address; False for a system without one."""

    def __init__(self, act: Callable[[str], object] = lambda _url: None) -> None:
        self.act = act
        self.there = True
        self.urls: list[str] = []

    def open(self, url: str) -> bool:
        self.urls.append(url)
        self.act(url)
        return self.there
