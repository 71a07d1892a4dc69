"""A secret comes from the environment first, then from the key store; no key store is no error."""

from collections.abc import Iterator
from typing import ClassVar

import keyring
import keyring.backend
import keyring.errors
import pytest

from workstation.adapters.system.secrets import secret
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


def test_the_environment_comes_first() -> None:
    assert secret("BROKER_PASSWORD", {"BROKER_PASSWORD": "said"}) == "said"


def test_then_the_key_store() -> None:
    assert secret("BROKER_PASSWORD", {}) == "kept"


def test_neither_is_none() -> None:
    assert secret("OTHER", {}) is None


def test_a_locked_key_store_has_none() -> None:
    keyring.set_keyring(Locked())
    assert secret("BROKER_PASSWORD", {}) is None
