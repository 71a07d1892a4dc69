"""`main.py migrate`: the one command that changes a database's schema."""

from __future__ import annotations

from typing import TextIO

from workstation.adapters.db.database import fence, migrate
from workstation.adapters.db.roles import Fenced, role
from workstation.application.errors import StoreUnavailable
from workstation.bootstrap import store
from workstation.settings import Settings
from workstation.texts import _


def run(settings: Settings, *, out: TextIO) -> int:
    """Bring the database to this version; raises SchemaMismatch (`newer`, `foreign`) or StoreUnavailable."""
    try:
        return _run(settings, out)
    except StoreUnavailable as error:
        if error.reason == "no_rights":
            # Whoever has a desk's role needs no other: the schema is its owner's.
            raise StoreUnavailable("not_owner", **error.facts) from error
        raise


def _run(settings: Settings, out: TextIO) -> int:
    before, after = migrate(store.address(settings))
    if before == after:
        said = _("The database is of version {after} already; there was nothing to do.")
    elif before:
        said = _("The database was brought from version {before} to version {after}.")
    else:
        said = _("The database was made, in version {after}.")
    print(said.format(before=before, after=after), file=out)
    fenced = fence(store.address(settings), settings.hub.kommuner)
    return 0 if fenced is None else _say(fenced, out)


def _say(fenced: Fenced, out: TextIO) -> int:
    """Say what an administrator of the server has left to do; returns 1 while fences are missing."""
    if fenced.missing:
        print(
            _("An administrator of the database server must run this, and then you this again:"),
            file=out,
        )
        for statement in fenced.missing:
            print(f"    {statement}", file=out)
        return 1
    print(
        _("What an administrator runs once for each desk's login, and for each of ingest:"),
        file=out,
    )
    for groups in (("desk",), ("ingest", "purge")):
        roles = ", ".join([*map(role, groups), *filter(None, [fenced.serves])])
        print(f'    GRANT {roles} TO "{groups[0]}_…";', file=out)
    return 0
