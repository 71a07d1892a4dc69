"""Password hashes by argon2id, made and checked beside the loop."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from workstation.domain.user import prepared


class ArgonPasswords:
    """argon2id as RFC 9106 advises it for machines that do other things too: 64 MiB, three passes."""

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        """`parameters` say how much memory and time one hash costs."""
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._nobodys: str | None = None

    async def make(self, password: str) -> str:
        """Return a hash with a salt of its own."""
        return await asyncio.to_thread(self._hasher.hash, prepared(password))

    async def check(self, password_hash: str | None, password: str) -> bool:
        """Whether `password` made the hash; for None it takes as long and says no."""
        return await asyncio.to_thread(self._check, password_hash, prepared(password))

    def _check(self, password_hash: str | None, password: str) -> bool:
        # Whoever asks for a name that nobody has must not learn it from the time it takes.
        nobodys = self._nobodys = self._nobodys or self._hasher.hash(secrets.token_hex())
        try:
            self._hasher.verify(password_hash or nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None
