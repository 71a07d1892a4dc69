"""The nightly purge, composed from the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from workstation.adapters.db.database import Database
from workstation.adapters.system.signing import Seals, Signer
from workstation.application.errors import AuditFailed
from workstation.application.ports import Clock
from workstation.application.purge import Kept, NightlyPurge, Signing, Tell
from workstation.bootstrap.secrets import secret
from workstation.bootstrap.station import ZONE
from workstation.domain.chain import Checkpoint, signed_part
from workstation.settings import Settings

EVERY_S = 300.0
"""How often it is looked whether it is time; a hub that slept at its hour does it later."""


def purges(settings: Settings, role: str) -> bool:
    """Whether such a process purges: of a shared hub only `ingest` may, which runs where IT sees it."""
    return role == "ingest" or not settings.database.is_shared


def nightly(settings: Settings, database: Database, clock: Clock, tell: Tell) -> NightlyPurge:
    """Return the work to be done every `EVERY_S`; `tell` hears what keeps it from being done."""
    return NightlyPurge(
        retention=database.retention,
        log=database.access,
        clock=clock,
        zone=ZONE,
        at_hour=settings.retention.at_hour,
        kept=kept(settings),
        signing=signing(settings),
        tell=tell,
    )


def signing(settings: Settings) -> Signing:
    """Return who signs for what is removed from the access log."""
    return Signing(sign=lambda text: _signed(settings, text), holds=sealed(settings))


def kept(settings: Settings) -> Kept:
    """Return how long each kind of record is kept."""
    days = settings.retention
    return Kept(
        readings=timedelta(days=days.readings_days),
        minutes=timedelta(days=days.minutes_days),
        hours=timedelta(days=days.hours_days),
        messages=timedelta(days=days.messages_days),
        alarms=timedelta(days=days.alarms_days),
        calls=timedelta(days=days.calls_days),
        visits=timedelta(days=days.visits_days),
        access_log=timedelta(days=days.access_log_days),
        attempts=timedelta(days=days.attempts_days),
    )


def sealed(settings: Settings) -> Callable[[Checkpoint], bool]:
    """Return what tells whether a checkpoint was signed by one of the settings' public keys."""
    seals: list[Seals] = []

    def holds(one: Checkpoint) -> bool:
        if not seals:
            # Read when it is needed: a key that is none keeps no desk from starting.
            seals.append(Seals(settings.audit.public_keys))
        return seals[0].hold(signed_part(one), one.signature)

    return holds


def _signed(settings: Settings, text: bytes) -> str:
    """Return the signature of whoever may remove entries of the access log; raises AuditFailed."""
    variable = settings.audit.key_env or "audit.key_env"
    key = secret(settings.audit.key_env) if settings.audit.key_env else None
    if not key:
        raise AuditFailed("no_key", variable=variable)
    try:
        signer = Signer(key)
    except AuditFailed as error:
        raise AuditFailed(error.reason, variable=variable) from error
    # What nobody could verify must not be signed.
    if settings.audit.public_keys[:1] != (signer.public,):
        raise AuditFailed("other_key", variable=variable)
    return signer.sign(text)
