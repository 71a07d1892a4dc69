"""What signing in at an identity provider needs from the world."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workstation.domain.names import Operator
from workstation.domain.user import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question to the provider, with the secrets that its answer must fit."""

    url: str = field(repr=False)
    """What the browser is to open."""
    redirect: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    """The proof key of RFC 7636, which never leaves this process but for the token endpoint."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who somebody is, as the provider vouches for."""

    issuer: str
    subject: str
    name: str
    """As the provider writes it, such as `anna@kommune.example`."""
    display: str
    groups: frozenset[str]
    hint: str = field(default="", repr=False)
    """What ends the session at the provider; kept in memory only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose name here belongs to whom at a provider."""

    issuer: str
    subject: str
    name: Operator
    bound_at: datetime
    seen_at: datetime
    """The latest sign-in at the provider."""
    offline_hash: str | None = field(default=None, repr=False)
    """What proves the person while the provider is away; None when they have set nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What a desk remembers of somebody who signed in here at the provider."""

    user: User
    identity: Identity
    until: datetime


class IdentityProvider(Protocol):
    """The identity provider; raises SignInRefused by name. Never blocks the loop."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    async def answers(self) -> bool:
        """Whether it can be reached now, and is who it should be."""
        ...

    async def check(self) -> None:
        """See whether it is there, is who it should be, and has keys to sign with."""
        ...

    async def ask(self, redirect: str) -> Asked:
        """Return a new question whose answer is to come to `redirect`."""
        ...

    async def answer(self, asked: Asked, code: str, *, said_by: str = "") -> Shown:
        """Redeem the code and return whom the provider vouches for, all of it verified.

        `said_by` is who the browser's reply says it is from (RFC 9207).
        """
        ...

    async def leave(self, hint: str) -> None:
        """End the person's session at the provider, where it offers that."""
        ...


class Redirect(Protocol):
    """Where the browser brings the answer: an address on this machine, for one request."""

    @property
    def url(self) -> str:
        """The address to send the browser to."""
        ...

    async def reply(self) -> Mapping[str, str]:
        """Wait for the browser; return the parameters it brought."""
        ...


class Listen(Protocol):
    """Opens such an address."""

    def __call__(self) -> AbstractAsyncContextManager[Redirect]:
        """Listen until it is left."""
        ...


class Identities(Protocol):
    """Whose names belong to whom; raises StoreUnavailable. Never blocks the loop."""

    async def of(self, issuer: str, subject: str) -> Identity | None:
        """Return who somebody at a provider is here, None for nobody yet."""
        ...

    async def named(self, name: str) -> Identity | None:
        """Return who somebody here is at a provider, None for nobody there."""
        ...

    async def bind(self, identity: Identity, new: User | None, password_hash: str = "") -> None:
        """Store the binding, and with `new` the user, in one; raises UserRefused (`exists`)."""
        ...

    async def seen(self, identity: Identity) -> None:
        """Store when somebody was seen last, and what proves them offline."""
        ...


class IdentityMemory(Protocol):
    """What this desk itself remembers of those who signed in here; forgets what is over its time."""

    async def keep(self, remembered: Remembered) -> None:
        """Remember somebody; a desk that cannot says so in its log."""
        ...

    async def of(self, issuer: str, subject: str, now: datetime) -> Remembered | None:
        """Return what is remembered of somebody at a provider."""
        ...

    async def named(self, name: str, now: datetime) -> Remembered | None:
        """Return what is remembered of somebody by the name here."""
        ...

    async def forget(self, name: str) -> None:
        """Remember somebody no longer."""
        ...

    async def names(self) -> list[str]:
        """Return whom this desk remembers."""
        ...
