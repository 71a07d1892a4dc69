"""Where passwords and keys are looked for: the environment, this machine's store, the key store."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Literal

from workstation.adapters.system import secrets as key_store
from workstation.adapters.windows.secret_store import SecretStore, machine_store

_log = logging.getLogger(__name__)

Place = Literal["environment", "machine", "key_store"]
"""Who has a secret; the first of these that does is asked."""


def secret(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the secret of that name; None when nobody has it.

    A store that cannot be read or opened has none; the log says so.
    """
    return _found(name, environ, machine_store())[0]


def place_of(name: str, environ: Mapping[str, str] = os.environ) -> Place | None:
    """Return who has the secret that `secret` returns; None when nobody has it."""
    return _found(name, environ, machine_store())[1]


def _found(
    name: str, environ: Mapping[str, str], store: SecretStore | None
) -> tuple[str | None, Place | None]:
    if name in environ:
        return environ[name], "environment"
    kept = _kept(name, store)
    if kept is not None:
        return kept, "machine"
    kept = key_store.kept(name)
    return kept, None if kept is None else "key_store"


def _kept(name: str, store: SecretStore | None) -> str | None:
    try:
        return store.get(name) if store else None
    except (OSError, UnicodeDecodeError) as error:
        _log.warning("this machine's store did not give %s: %s", name, type(error).__name__)
        return None


def keep(name: str, found: str) -> Place:
    """Keep a secret in this machine's store, or in the key store; return which.

    Raises OSError, or MachineFailed (`no_key_store`).
    """
    store = machine_store()
    if store is not None:
        store.put(name, found)
        return "machine"
    key_store.keep(name, found)
    return "key_store"


def forget(name: str) -> bool:
    """Delete a secret where `keep` keeps it; whether there was one. Raises as `keep` does."""
    store = machine_store()
    return store.delete(name) if store is not None else key_store.forget(name)


def names() -> list[str]:
    """Return the names in this machine's store; a key store does not tell its own. Raises OSError."""
    store = machine_store()
    return store.names() if store is not None else []


def has_store() -> bool:
    """Whether this machine keeps secrets for all its users; else each user's key store does."""
    return machine_store() is not None
