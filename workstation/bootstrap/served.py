"""Whether the database lets this login see what the settings say it serves."""

from __future__ import annotations

from workstation.adapters.db.address import shown
from workstation.adapters.db.database import rights
from workstation.adapters.db.roles import Rights, serves
from workstation.application.errors import StoreUnavailable
from workstation.bootstrap import store
from workstation.settings import Settings


def check(settings: Settings) -> Rights | None:
    """Return what the login sees, None where the database has no logins; blocks.

    Raises StoreUnavailable: `kommune_not_served` where a kommune of `hub.kommuner` is not seen, for
    nothing of it could be shown or stored.
    """
    url = store.address(settings)
    found = rights(url)
    if found is None or not found.fenced:
        return found
    missing = sorted(set(settings.hub.kommuner) - found.served)
    if missing:
        raise StoreUnavailable(
            "kommune_not_served",
            url=shown(url),
            user=found.login,
            kommuner=", ".join(missing),
            role=serves(settings.hub.kommuner),
        )
    return found
