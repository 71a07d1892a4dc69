"""`main.py migrate`: the one command that changes a database's schema."""

from __future__ import annotations

from typing import TextIO

from workstation.adapters.db.database import migrate
from workstation.bootstrap import store
from workstation.settings import Settings
from workstation.texts import _


def run(settings: Settings, *, out: TextIO) -> int:
    """Bring the database to this version; raises SchemaMismatch (`newer`, `foreign`) or StoreUnavailable."""
    before, after = migrate(store.address(settings))
    if before == after:
        said = _("The database is of version {after} already; there was nothing to do.")
    elif before:
        said = _("The database was brought from version {before} to version {after}.")
    else:
        said = _("The database was made, in version {after}.")
    print(said.format(before=before, after=after), file=out)
    return 0
