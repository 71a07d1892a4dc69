"""What this desk remembers of those who signed in at the identity provider, sealed with a key."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workstation.application.errors import CacheUnavailable
from workstation.application.identity_ports import Remembered

_log = logging.getLogger(__name__)
_HEAD: Final = b"e-team person 1\n"
_NONCE: Final = 12
_END: Final = ".sealed"
_UNREADABLE: Final = (InvalidTag, msgspec.MsgspecError, UnicodeError)
Answer = TypeVar("Answer")


class SealedMemory:
    """One file a person under AES-256-GCM: nobody can give themselves a role or another day.

    What cannot be kept or read is logged; then the person is simply not known here.
    """

    def __init__(self, folder: Path, key: Callable[[], bytes]) -> None:
        """`key` is asked for once it is needed, beside the loop; it may raise CacheUnavailable."""
        self._folder = folder
        self._key = key
        self._cipher: AESGCM | None = None

    async def keep(self, remembered: Remembered) -> None:
        """Remember somebody."""
        await self._beside(lambda: self._write(remembered), None)

    async def of(self, issuer: str, subject: str, now: datetime) -> Remembered | None:
        """Return what is remembered of somebody at a provider."""
        return await self._beside(
            lambda: next(
                (
                    one
                    for one in self._living(now)
                    if (one.identity.issuer, one.identity.subject) == (issuer, subject)
                ),
                None,
            ),
            None,
        )

    async def named(self, name: str, now: datetime) -> Remembered | None:
        """Return what is remembered of somebody by the name here."""
        return await self._beside(
            lambda: next((one for one in self._living(now) if one.user.name == name), None), None
        )

    async def forget(self, name: str) -> None:
        """Remember somebody no longer."""
        await self._beside(lambda: self._file(name).unlink(missing_ok=True), None)

    async def names(self) -> list[str]:
        """Return whom this desk remembers."""
        return await self._beside(lambda: [one.user.name for one in self._all()], [])

    async def _beside(self, act: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            return await asyncio.to_thread(act)
        except (OSError, CacheUnavailable) as error:
            _log.warning("nobody can be remembered here: %s", type(error).__name__)
            return otherwise

    def _living(self, now: datetime) -> Iterator[Remembered]:
        for one in self._all():
            if now < one.until:
                yield one
            else:
                self._file(one.user.name).unlink(missing_ok=True)

    def _all(self) -> list[Remembered]:
        files = sorted(self._folder.glob(f"*{_END}")) if self._folder.is_dir() else []
        return [one for one in map(self._read, files) if one is not None]

    def _read(self, file: Path) -> Remembered | None:
        content = file.read_bytes()
        head, rest = content[: len(_HEAD)], content[len(_HEAD) :]
        try:
            if head != _HEAD or len(rest) <= _NONCE:
                raise InvalidTag
            plain = self._sealer().decrypt(rest[:_NONCE], rest[_NONCE:], _HEAD)
            return msgspec.json.decode(plain, type=Remembered)
        except _UNREADABLE as error:
            _log.warning("what is remembered of somebody is unreadable: %s", type(error).__name__)
            file.unlink(missing_ok=True)
            return None

    def _write(self, remembered: Remembered) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, nonce = self._file(remembered.user.name), secrets.token_bytes(_NONCE)
        sealed = self._sealer().encrypt(nonce, msgspec.json.encode(remembered), _HEAD)
        draft = file.with_suffix(f".{secrets.token_hex(4)}")
        try:
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(_HEAD + nonce + sealed)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}{_END}"

    def _sealer(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(self._key())
        return self._cipher
