"""From settings to the database's address, with the password that stands in no settings."""

from __future__ import annotations

from workstation import paths
from workstation.adapters.db.address import Address, shown
from workstation.adapters.db.address import address as database_address
from workstation.adapters.db.address import is_plain as is_plain_address
from workstation.bootstrap.secrets import secret
from workstation.settings import Settings


def address(settings: Settings) -> Address:
    """Return where the database is; raises StoreUnavailable (`unsupported`)."""
    database = settings.database
    return database_address(
        database.address(paths.data()),
        password=secret(database.password_env) if database.password_env else None,
        ca_file=database.ca_file,
    )


def described(settings: Settings) -> str:
    """Return where the database is as it may be printed: no password, no folders."""
    return shown(address(settings))


def is_plain(settings: Settings) -> bool:
    """Whether what is read and stored may cross a network unencrypted."""
    database = settings.database
    return is_plain_address(database_address(database.url, ca_file=database.ca_file))
