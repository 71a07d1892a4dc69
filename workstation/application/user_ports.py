"""What signing in needs from the world: the users' store, hashing, and a desk's own memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.tries import Attempt, Standing, Throttle
from workstation.domain.user import User, UserDid, UserStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user with what proves it."""

    user: User
    password_hash: str


class UserStore(Protocol):
    """Users, their history and every attempt to sign in; raises StoreUnavailable. Never blocks the loop."""

    async def users(self) -> list[User]:
        """Return everybody by name, also the disabled."""
        ...

    async def any(self) -> bool:
        """Whether there is any user."""
        ...

    async def account(self, name: str) -> Account | None:
        """Return one user, None for a name that nobody has."""
        ...

    async def add(self, user: User, password_hash: str) -> None:
        """Store a new user and the step; raises UserRefused (`exists`)."""
        ...

    async def change(
        self, user: User, did: UserDid, *, expected_version: int, password_hash: str | None = None
    ) -> None:
        """Store a user as changed, and the step; raises Changed with what stands, or NotFound."""
        ...

    async def steps(self, name: str) -> list[UserStep]:
        """Return what was done to a user, oldest first."""
        ...

    async def admit(self, attempt: Attempt, throttle: Throttle) -> Standing:
        """Return how the user stood at that desk before, and store the attempt, in one transaction.

        Stored as `tried` where the standing lets it be tried, as what it was refused for, or (`busy`)
        not at all: attempts at once are counted one after the other.
        """
        ...

    async def log(self, attempts: Sequence[Attempt]) -> None:
        """Store what became of attempts."""
        ...

    async def attempts(self, since: datetime) -> list[Attempt]:
        """Return every attempt since then, oldest first."""
        ...


class Passwords(Protocol):
    """Slow hashes, made and checked beside the loop."""

    async def make(self, password: str) -> str:
        """Return a hash with a salt of its own."""
        ...

    async def check(self, password_hash: str | None, password: str) -> bool:
        """Whether `password` made the hash; for None it takes as long and says no."""
        ...


class Memory(Protocol):
    """What this desk itself remembers of those who signed in here, for when nobody can be asked."""

    async def keep(self, user: User, password: str, until: datetime) -> None:
        """Remember a user who has just shown who they are."""
        ...

    async def recall(self, name: str, password: str, now: datetime) -> User | None:
        """Return a remembered user if this is the password; takes as long when it is not."""
        ...

    async def forget(self, name: str) -> None:
        """Remember this user no longer."""
        ...

    async def names(self) -> list[str]:
        """Return whom this desk remembers."""
        ...

    async def note(self, attempt: Attempt) -> None:
        """Keep an attempt that the database could not be told."""
        ...

    async def noted(self) -> list[Attempt]:
        """Return the attempts that are kept, oldest first."""
        ...

    async def told(self, number: int) -> None:
        """Let go of the oldest `number` attempts: the database has them."""
        ...
