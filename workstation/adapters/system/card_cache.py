"""Citizens' cards on this machine's disk, encrypted with a key that lies elsewhere."""

from __future__ import annotations

import logging
import os
import secrets
import zlib
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workstation.application.cards import Cards
from workstation.application.errors import CacheUnavailable
from workstation.application.ports import Clock

_log = logging.getLogger(__name__)
_HEAD: Final = b"e-team cards 1\n"
"""Which form the rest has; it is authenticated with it."""
_NONCE: Final = 12
_CARDS: Final = msgspec.json.Decoder(Cards)
_NOTHING_READABLE: Final = (InvalidTag, zlib.error, msgspec.DecodeError, UnicodeError)


class EncryptedCards:
    """One file under AES-256-GCM, replaced whole; without its key it says nothing."""

    def __init__(self, file: Path, key: bytes, *, clock: Clock, not_after: timedelta) -> None:
        """`not_after` is the age from which cards are too old to be used: they are deleted."""
        self._file = file
        self._cipher = AESGCM(key)
        self._clock = clock
        self._not_after = not_after

    def read(self) -> Cards | None:
        """Return what was kept last; None for nothing, nothing readable, or what is too old."""
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CacheUnavailable("unreadable", file=self._file.name) from error
        try:
            cards = _CARDS.decode(zlib.decompress(self._decrypted(content)))
        except _NOTHING_READABLE as error:
            _log.warning(
                "the kept cards cannot be read and are made anew: %s", type(error).__name__
            )
            return None
        if self._clock.now() - cards.at > self._not_after:
            with suppress(OSError):
                self._file.unlink()
            return None
        return cards

    def write(self, cards: Cards) -> None:
        """Keep `cards`; a crash on the way leaves what was kept before."""
        nonce = secrets.token_bytes(_NONCE)
        plain = zlib.compress(msgspec.json.encode(cards), 6)
        draft = self._file.with_name(f"{self._file.name}-{secrets.token_hex(4)}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(_private(draft), "wb") as file:
                file.write(_HEAD + nonce + self._cipher.encrypt(nonce, plain, _HEAD))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._file)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise CacheUnavailable("unwritable", file=self._file.name) from error

    def _decrypted(self, content: bytes) -> bytes:
        head, rest = content[: len(_HEAD)], content[len(_HEAD) :]
        if head != _HEAD or len(rest) <= _NONCE:
            raise InvalidTag
        return self._cipher.decrypt(rest[:_NONCE], rest[_NONCE:], _HEAD)


def _private(file: Path) -> int:
    return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
