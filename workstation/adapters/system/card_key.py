"""The key of the kept cards: in the system's key store, or in a private file where that is set."""

from __future__ import annotations

import base64
import binascii
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

import keyring

from workstation.application.errors import CacheUnavailable
from workstation.paths import APP

_log = logging.getLogger(__name__)
ENTRY: Final = "card-cache-key"
"""The entry's name under the service `e-team-workstation`."""
_BYTES: Final = 32


def from_key_store() -> bytes:
    """Return the key, made at the first call; raises CacheUnavailable(`no_key_store`)."""
    try:
        key = _key(keyring.get_password(APP, ENTRY))
        if key is None:
            keyring.set_password(APP, ENTRY, _text(secrets.token_bytes(_BYTES)))
            # Read back: a store that forgets would leave cards that nobody can ever read.
            key = _key(keyring.get_password(APP, ENTRY))
    except Exception as error:
        # Each system's key store raises errors of its own.
        _log.warning("the key store gave no key for the cards: %s", type(error).__name__)
        raise CacheUnavailable("no_key_store") from error
    if key is None:
        raise CacheUnavailable("no_key_store")
    return key


def from_file(file: Path) -> bytes:
    """Return the key that lies in `file`, made at the first call; raises CacheUnavailable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _kept(file)
        if key is None:
            file.unlink(missing_ok=True)
            with suppress(FileExistsError):
                descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(descriptor, "w", encoding="ascii") as new:
                    new.write(_text(secrets.token_bytes(_BYTES)))
            key = _kept(file)
    except OSError as error:
        raise CacheUnavailable("no_key_file", file=file.name) from error
    if key is None:
        raise CacheUnavailable("no_key_file", file=file.name)
    return key


def _kept(file: Path) -> bytes | None:
    try:
        found = _key(file.read_text(encoding="ascii", errors="replace"))
    except FileNotFoundError:
        return None
    # Whoever copied it here may have left it open to others.
    file.chmod(0o600)
    return found


def _key(text: str | None) -> bytes | None:
    with suppress(binascii.Error, ValueError):
        key = base64.b64decode(text or "", validate=True)
        return key if len(key) == _BYTES else None
    return None


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
