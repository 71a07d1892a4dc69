"""Recorded calls on a disk: anybody here can seal, only whoever has the hub's private key can open.

Each file has a key of its own, sealed with a key agreed between a pair made for this file alone and
the hub's public key: X25519 (RFC 7748), HKDF-SHA256 (RFC 5869), AES-256-GCM.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import tempfile
import uuid
import wave
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workstation.application.errors import RecordingFailed
from workstation.application.recording_ports import TapeOrder
from workstation.domain.recording import Recording, RecordingId
from workstation.wire.sealed_sound import (
    SealedHead,
    Unreadable,
    opened,
    read_head,
    written_head,
)

END: Final = ".recording"
_INFO: Final = b"e-team recording key 1"
_KEY: Final = 32
_NAME: Final = re.compile(r"[0-9a-f-]{36}\.recording")
# The key that seals another is used once: its nonce need not be.
_ONCE: Final = bytes(12)


def make_key() -> tuple[str, str]:
    """Return a new private key and its public half, each as 44 signs of base64."""
    private = X25519PrivateKey.generate()
    return _written(private.private_bytes_raw()), _written(private.public_key().public_bytes_raw())


def key_name(public: bytes) -> str:
    """Return what a key is called in heads and rows: the beginning of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


class SealedRecordings:
    """A folder of this machine's or, for several desks, one that they share."""

    def __init__(
        self,
        folder: Path,
        *,
        announcement: Path,
        public: str | None,
        private: Callable[[], str | None],
        variable: str = "recording.key_env",
    ) -> None:
        """`public` is the hub's key; `private` its other half, asked for when somebody listens.

        `variable` is where it stands, for IT.
        """
        self._folder = folder
        self._announcement = announcement
        self._public_text = public
        self._private = private
        self._variable = variable

    def order(self) -> TapeOrder:
        """Return what to record with; raises RecordingFailed `no_public_key` or `bad_public_key`."""
        public = self._public()
        recording = RecordingId(str(uuid.uuid4()))
        own, key = X25519PrivateKey.generate(), secrets.token_bytes(_KEY)
        sender = own.public_key().public_bytes_raw()
        agreed = _agreed(own.exchange(X25519PublicKey.from_public_bytes(public)), sender, public)
        head = SealedHead(
            recording=recording,
            key=key_name(public),
            sender=sender,
            sealed_key=AESGCM(agreed).encrypt(_ONCE, key, recording.encode()),
        )
        return TapeOrder(
            recording=recording,
            file=self._file(recording),
            head=written_head(head),
            key=key,
            key_name=head.key,
            announcement=self._announcement,
        )

    def try_out(self) -> str:
        """Return the name of the hub's key when a call could be recorded now; raises RecordingFailed.

        `no_public_key`, `bad_public_key`, `no_announcement` or `not_writable`.
        """
        public = self._public()
        try:
            with wave.open(str(self._announcement)) as sound:
                sound.getnframes()
        except (OSError, EOFError, wave.Error) as error:
            raise RecordingFailed("no_announcement") from error
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            tempfile.TemporaryFile(dir=self._folder).close()
        except OSError as error:
            raise RecordingFailed("not_writable") from error
        return key_name(public)

    def open(self, recording: Recording) -> bytes:
        """Return the sound; raises RecordingFailed.

        `no_key`, `bad_key`, `wrong_key` (the recording is another's), `missing`, `unreadable`,
        `no_recording`, `damaged`, `changed` (it is not the file that was recorded).
        """
        content = self._read(recording)
        try:
            head, _begin = read_head(content)
            if head.recording != recording.id:
                raise RecordingFailed("changed")
            return opened(content, self._unsealed(head)).sound
        except Unreadable as error:
            raise RecordingFailed(error.reason) from error

    def remove(self, recording: RecordingId) -> None:
        """Remove a file; raises RecordingFailed `not_removable`."""
        try:
            if not self._folder.is_dir():
                raise RecordingFailed("no_folder")
            self._file(recording).unlink(missing_ok=True)
        except OSError as error:
            raise RecordingFailed("not_removable") from error

    def remove_older(self, before: datetime) -> int:
        """Remove files last written before a time; raises RecordingFailed `not_removable`."""
        removed = 0
        try:
            for file in list(self._folder.glob(f"*{END}")) if self._folder.is_dir() else []:
                is_ours = _NAME.fullmatch(file.name) is not None
                if is_ours and file.stat().st_mtime < before.timestamp():
                    file.unlink(missing_ok=True)
                    removed += 1
        except OSError as error:
            raise RecordingFailed("not_removable") from error
        return removed

    def _read(self, recording: Recording) -> bytes:
        try:
            content = self._file(recording.id).read_bytes()
        except FileNotFoundError as error:
            raise RecordingFailed("missing" if self._folder.is_dir() else "no_folder") from error
        except OSError as error:
            raise RecordingFailed("unreadable") from error
        if recording.sha256 and hashlib.sha256(content).hexdigest() != recording.sha256:
            raise RecordingFailed("changed")
        return content

    def _unsealed(self, head: SealedHead) -> bytes:
        text = self._private()
        if not text:
            raise RecordingFailed("no_key", variable=self._variable)
        try:
            private = X25519PrivateKey.from_private_bytes(_raw(text))
        except ValueError as error:
            raise RecordingFailed("bad_key", variable=self._variable) from error
        public = private.public_key().public_bytes_raw()
        if key_name(public) != head.key:
            raise RecordingFailed("wrong_key", variable=self._variable, key=head.key)
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(head.sender))
            agreed = _agreed(shared, head.sender, public)
            return AESGCM(agreed).decrypt(_ONCE, head.sealed_key, head.recording.encode())
        except (InvalidTag, ValueError) as error:
            raise RecordingFailed("damaged") from error

    def _public(self) -> bytes:
        if not self._public_text:
            raise RecordingFailed("no_public_key")
        try:
            public = _raw(self._public_text)
            X25519PublicKey.from_public_bytes(public)
        except ValueError as error:
            raise RecordingFailed("bad_public_key") from error
        return public

    def _file(self, recording: RecordingId) -> Path:
        name = f"{recording}{END}"
        if _NAME.fullmatch(name) is None:
            raise RecordingFailed("missing")  # a row that somebody has changed leads nowhere else
        return self._folder / name


def _agreed(shared: bytes, sender: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=sender + public, info=_INFO).derive(shared)


def _written(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
