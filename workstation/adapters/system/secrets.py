"""Passwords in the system's key store, under the service `e-team-workstation`."""

import logging

import keyring

from workstation.application.errors import MachineFailed
from workstation.paths import APP

_log = logging.getLogger(__name__)


def kept(name: str) -> str | None:
    """Return the key store's entry; a machine without a key store, or with a locked one, has none."""
    try:
        return keyring.get_password(APP, name)
    except Exception as error:  # noqa: BLE001 - each system's key store raises errors of its own
        _log.warning("the key store did not give %s: %s", name, type(error).__name__)
        return None


def keep(name: str, found: str) -> None:
    """Put a secret into the key store; raises MachineFailed (`no_key_store`)."""
    try:
        keyring.set_password(APP, name, found)
    except Exception as error:
        # Each system's key store raises errors of its own.
        raise MachineFailed("no_key_store", why=type(error).__name__) from error


def forget(name: str) -> bool:
    """Delete the key store's entry; whether there was one. Raises MachineFailed (`no_key_store`)."""
    try:
        if keyring.get_password(APP, name) is None:
            return False
        keyring.delete_password(APP, name)
    except Exception as error:
        raise MachineFailed("no_key_store", why=type(error).__name__) from error
    return True
