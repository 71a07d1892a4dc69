"""The system's key store; none, or a locked one, is no error."""

from collections.abc import Iterator
from typing import ClassVar

import keyring
import keyring.backend
import keyring.errors
import pytest

from workstation.adapters.system.secrets import kept
from workstation.paths import APP


class Kept(keyring.backend.KeyringBackend):
    """A key store with one entry."""

    priority: ClassVar[float] = 1

    def get_password(self, service: str, username: str) -> str | None:
        return "kept" if (service, username) == (APP, "BROKER_PASSWORD") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


class Locked(Kept):
    """A key store nobody has unlocked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked


@pytest.fixture(autouse=True)
def own_key_store() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Kept())
    yield
    keyring.set_keyring(before)


def test_what_it_keeps_is_found() -> None:
    assert kept("BROKER_PASSWORD") == "kept"


def test_what_it_lacks_is_none() -> None:
    assert kept("OTHER") is None


def test_a_locked_key_store_has_none() -> None:
    keyring.set_keyring(Locked())
    assert kept("BROKER_PASSWORD") is None
