"""Signing what a purge leaves behind: Ed25519, the two halves of the key kept apart."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from workstation.application.errors import AuditFailed


def make_key() -> tuple[str, str]:
    """Return a new private key and its public half, each as 44 signs of base64."""
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return _written(secret), _public(private)


class Signer:
    """Signs with a private key."""

    def __init__(self, key: str) -> None:
        """`key` is as `make_key` returned it; raises AuditFailed `bad_key`."""
        try:
            self._private = Ed25519PrivateKey.from_private_bytes(_read(key))
        except ValueError as error:
            raise AuditFailed("bad_key") from error

    @property
    def public(self) -> str:
        """The public half."""
        return _public(self._private)

    def sign(self, text: bytes) -> str:
        """Return the signature in hexadecimal."""
        return self._private.sign(text).hex()


class Seals:
    """Knows whether one of several keys signed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are public halves, also those of earlier years; raises AuditFailed `bad_public_key`."""
        try:
            self._keys = [Ed25519PublicKey.from_public_bytes(_read(key)) for key in keys]
        except ValueError as error:
            raise AuditFailed("bad_public_key") from error

    def hold(self, text: bytes, signature: str) -> bool:
        """Whether `signature` (hexadecimal) is one of these keys' over `text`."""
        try:
            signed = bytes.fromhex(signature)
        except ValueError:
            return False
        return any(_holds(key, text, signed) for key in self._keys)


def _holds(key: Ed25519PublicKey, text: bytes, signed: bytes) -> bool:
    try:
        key.verify(signed, text)
    except InvalidSignature:
        return False
    return True


def _public(private: Ed25519PrivateKey) -> str:
    return _written(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _written(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _read(key: str) -> bytes:
    try:
        return base64.b64decode(key.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("no base64") from error
