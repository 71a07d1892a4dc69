"""What this desk remembers of those who signed in here, for when the database cannot be asked."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.user_ports import Passwords
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Role
from workstation.domain.tries import Attempt
from workstation.domain.user import User

_log = logging.getLogger(__name__)
_ATTEMPTS: Final = "attempts.jsonl"
_MOST_ATTEMPTS: Final = 10_000
Answer = TypeVar("Answer")


class _Facts(msgspec.Struct, frozen=True):
    """What is remembered of a person."""

    name: str
    display: str
    role: Role
    kommuner: tuple[str, ...]
    until: datetime
    created_at: datetime
    created_by: str


class _Kept(msgspec.Struct, frozen=True):
    """The same as it stands in a file, with the hash of the password and of these very facts."""

    facts: _Facts
    password_hash: str


class OfflineMemory:
    """One file a person in a folder of this user's own, readable by nobody else.

    The hash is made of the password and the facts together: a role or a date that somebody changed
    in the file fits no password any more.
    """

    def __init__(self, folder: Path, passwords: Passwords | None = None) -> None:
        """`folder` is made when something is kept."""
        self._folder = folder
        self._passwords = passwords or ArgonPasswords()

    async def keep(self, user: User, password: str, until: datetime) -> None:
        """Remember a user who has just shown who they are; a folder that cannot be written is logged."""
        facts = _Facts(
            name=user.name,
            display=user.display,
            role=user.role,
            kommuner=tuple(sorted(user.kommuner)),
            until=until,
            created_at=user.created_at,
            created_by=user.created_by,
        )
        made = await self._passwords.make(_secret(facts, password))
        await self._beside(lambda: self._write(_Kept(facts, made)), None)

    async def recall(self, name: str, password: str, now: datetime) -> User | None:
        """Return a remembered user if this is the password; takes as long when it is not."""
        kept = await self._beside(lambda: self._read(self._file(name)), None)
        if kept is None or kept.facts.name != name or now >= kept.facts.until:
            await self._passwords.check(None, password)
            return None
        right = await self._passwords.check(kept.password_hash, _secret(kept.facts, password))
        return _user(kept.facts) if right else None

    async def forget(self, name: str) -> None:
        """Remember this user no longer."""
        await self._beside(lambda: self._file(name).unlink(missing_ok=True), None)

    async def names(self) -> list[str]:
        """Return whom this desk remembers."""
        return await self._beside(self._names, [])

    async def note(self, attempt: Attempt) -> None:
        """Keep an attempt that the database could not be told."""
        await self._beside(lambda: self._append(attempt), None)

    async def noted(self) -> list[Attempt]:
        """Return the attempts that are kept, oldest first."""
        return await self._beside(self._noted, [])

    async def told(self, number: int) -> None:
        """Let go of the oldest `number` attempts: the database has them."""
        await self._beside(lambda: self._rewrite(self._noted()[number:]), None)

    async def _beside(self, act: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            return await asyncio.to_thread(act)
        except OSError as error:
            _log.warning("what this desk remembers of sign-ins cannot be used: %s", error.strerror)
            return otherwise

    def _file(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

    def _write(self, kept: _Kept) -> None:
        self._put(self._file(kept.facts.name), msgspec.json.encode(kept))

    def _read(self, file: Path) -> _Kept | None:
        try:
            return msgspec.json.decode(file.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError as error:
            _log.warning("what this desk remembers of somebody cannot be read: %s", error)
            return None

    def _names(self) -> list[str]:
        files = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        return [kept.facts.name for kept in map(self._read, files) if kept is not None]

    def _append(self, attempt: Attempt) -> None:
        self._make_folder()
        file = self._folder / _ATTEMPTS
        handle = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "ab") as out:
            out.write(msgspec.json.encode(attempt) + b"\n")

    def _noted(self) -> list[Attempt]:
        file = self._folder / _ATTEMPTS
        if not file.exists():
            return []
        found = []
        for line in file.read_bytes().splitlines()[-_MOST_ATTEMPTS:]:
            try:
                found.append(msgspec.json.decode(line, type=Attempt))
            except msgspec.MsgspecError:
                _log.warning("a kept attempt to sign in cannot be read: half a line")
        return found

    def _rewrite(self, attempts: list[Attempt]) -> None:
        if attempts:
            body = b"".join(msgspec.json.encode(attempt) + b"\n" for attempt in attempts)
            self._put(self._folder / _ATTEMPTS, body)
        else:
            (self._folder / _ATTEMPTS).unlink(missing_ok=True)

    def _put(self, file: Path, body: bytes) -> None:
        """Write a file whole or not at all, for its owner only."""
        self._make_folder()
        draft = file.with_suffix(f".{os.getpid()}.new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(body)
        draft.replace(file)

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _secret(facts: _Facts, password: str) -> str:
    return f"{password}\0{msgspec.json.encode(facts).decode()}"


def _user(facts: _Facts) -> User:
    return User(
        name=Operator(facts.name),
        display=facts.display,
        role=facts.role,
        kommuner=frozenset(map(Kommune, facts.kommuner)),
        created_at=facts.created_at,
        created_by=Operator(facts.created_by),
        changed_at=facts.created_at,
        changed_by=Operator(facts.created_by),
    )
