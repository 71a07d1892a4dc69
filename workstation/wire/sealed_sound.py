r"""A recorded call as it lies on a disk: a head, then sound in sealed pieces (AES-256-GCM).

    e-team recording 1\n    what it is
    2 bytes, JSON          the head's length and the head: whose key opens it (`SealedHead`)
    4 bytes, piece …       each piece's length and the piece; the last one is marked as the last

Numbers are big-endian. A piece's nonce is its number (11 bytes) and a byte that is 1 for the last
one, so that pieces can neither be moved nor left out (the STREAM construction, Hoang et al. 2015).
The key is used for this one file only. What was cut off, by a power cut, is readable up to there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MARK: Final = b"e-team recording 1\n"
_LENGTH_OF_HEAD: Final = 2
_LENGTH: Final = 4
_TAG: Final = 16
_LONGEST: Final = 1 << 20


class SealedHead(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the open: which recording it is, and its key, sealed for the hub's."""

    recording: str
    key: str
    """Which of the hub's keys opens it: `key_name` of its public half."""
    sender: bytes
    """The public half of the key that was made for this file alone."""
    sealed_key: bytes


class Unreadable(Exception):
    """`reason` is `no_recording` (another file) or `damaged` (changed by somebody, or by a disk)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was recorded: PCM at `domain.recording.RATE`; `complete` is False for a file that was cut off."""

    sound: bytes
    complete: bool


def written_head(head: SealedHead) -> bytes:
    """Return the beginning of the file."""
    text = msgspec.json.encode(head)
    return _MARK + len(text).to_bytes(_LENGTH_OF_HEAD, "big") + text


def read_head(content: bytes) -> tuple[SealedHead, int]:
    """Return the head and where the pieces begin; raises Unreadable `no_recording`."""
    begin = len(_MARK) + _LENGTH_OF_HEAD
    if not content.startswith(_MARK):
        raise Unreadable("no_recording")
    end = begin + int.from_bytes(content[len(_MARK) : begin], "big")
    try:
        return msgspec.json.decode(content[begin:end], type=SealedHead), end
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unreadable("no_recording") from error


class Sealing:
    """Seals the pieces of one recording, in order."""

    def __init__(self, recording: str, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._name = recording.encode()
        self._number = 0

    def piece(self, sound: bytes, *, last: bool = False) -> bytes:
        """Return the next piece as it is written."""
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), sound, self._name)
        self._number += 1
        return len(sealed).to_bytes(_LENGTH, "big") + sealed


def opened(content: bytes, key: bytes) -> Opened:
    """Return what was recorded; raises Unreadable."""
    head, begin = read_head(content)
    cipher, name = AESGCM(key), head.recording.encode()
    sound: list[bytes] = []
    for number, (sealed, at_end) in enumerate(_pieces(content, begin)):
        plain = _open(cipher, number, sealed, name, last=False)
        if plain is None:
            plain = _open(cipher, number, sealed, name, last=True) if at_end else None
            if plain is None:
                raise Unreadable("damaged")
            return Opened(sound=b"".join([*sound, plain]), complete=True)
        sound.append(plain)
    return Opened(sound=b"".join(sound), complete=False)


def _pieces(content: bytes, at: int) -> Iterator[tuple[bytes, bool]]:
    """Yield each whole piece, and whether the file ends with it."""
    while at + _LENGTH <= len(content):
        length = int.from_bytes(content[at : at + _LENGTH], "big")
        if not _TAG <= length <= _LONGEST:
            raise Unreadable("damaged")
        begin, at = at + _LENGTH, at + _LENGTH + length
        if at <= len(content):
            yield content[begin:at], at == len(content)


def _open(cipher: AESGCM, number: int, sealed: bytes, name: bytes, *, last: bool) -> bytes | None:
    try:
        return cipher.decrypt(_nonce(number, last=last), sealed, name)
    except InvalidTag:
        return None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
