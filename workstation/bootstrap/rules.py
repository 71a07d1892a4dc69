"""From settings to what the use cases know of their hub."""

from __future__ import annotations

import getpass
from datetime import timedelta

from workstation.adapters.system.machine import desk_name
from workstation.application.ports import Hub
from workstation.application.session import Session
from workstation.bootstrap.broker import shares_readings
from workstation.domain.kind import Kind
from workstation.domain.names import Kommune, Operator
from workstation.settings import Settings


def hub(settings: Settings) -> Hub:
    """Return the hub's rules."""
    return Hub(
        kommuner=tuple(Kommune(code) for code in settings.hub.kommuner),
        escalate_after=_per_kind(settings.alarms.escalate_after_s),
        untouched_after=_per_kind(settings.alarms.untouched_after_s),
        heartbeat=timedelta(seconds=settings.hub.heartbeat_s),
        lease=timedelta(seconds=settings.hub.lease_s),
        unwatched_after=timedelta(seconds=settings.hub.unwatched_after_s),
        shares_readings=shares_readings(settings),
    )


def operator(settings: Settings) -> Operator:
    """Return who sits here: as set, else the system's user."""
    return Operator(settings.hub.operator or getpass.getuser())


def session(settings: Settings, instance: str, by: Operator | None = None) -> Session:
    """Return the session of this desk, or (`by`) of a service that nobody sits at.

    Without a sign-in until the settings or the database ask for one.
    """
    shared = settings.database.is_shared
    kind = settings.sign_in.kind
    return Session(
        map(Kommune, settings.hub.kommuner),
        desk=desk_name(instance),
        operator=by or operator(settings),
        guarded=by is None and (kind in ("password", "oidc") or (kind == "auto" and shared)),
    )


def _per_kind(seconds: dict[str, int]) -> dict[Kind, timedelta]:
    return {kind: timedelta(seconds=seconds[kind]) for kind in Kind}
