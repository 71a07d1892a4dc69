"""From settings to what a desk goes on with while its shared database is away."""

from __future__ import annotations

from datetime import timedelta

from workstation import paths
from workstation.adapters.db.journal import LocalJournal
from workstation.adapters.system import card_key
from workstation.adapters.system.card_cache import EncryptedCards
from workstation.application.cards import CardCache
from workstation.application.errors import CacheUnavailable
from workstation.application.kept_cards import KeptCards
from workstation.application.ports import Clock, MessageFeed
from workstation.bootstrap import hub_watch, rules
from workstation.bootstrap.broker import ALARMS
from workstation.bootstrap.outage import DeskOutage
from workstation.bootstrap.outages import NoOutage, Outage
from workstation.settings import Settings


def outage(
    settings: Settings, role: str, instance: str, clock: Clock, feeds: dict[str, MessageFeed]
) -> tuple[Outage, dict[str, MessageFeed]]:
    """Return what goes on without the database, and `feeds` with an ear for the other desks."""
    if not settings.database.is_shared or ALARMS not in feeds:
        return NoOutage(), feeds
    name = hub_watch.seat(role, instance).desk
    journal = LocalJournal(paths.data() / "journal" / f"{name}.sqlite", clock)
    one = DeskOutage(desk=name, journal=journal, cards=_cards(settings, role, instance, clock))
    return one, {**feeds, ALARMS: one.listening(feeds[ALARMS])}


def card_cache(settings: Settings, role: str, instance: str, clock: Clock) -> CardCache | None:
    """Return where a desk keeps cards, None for nowhere as set; raises CacheUnavailable."""
    kind = settings.database.card_cache
    if role != "desk" or kind == "off" or not settings.database.is_shared:
        return None
    folder = paths.data() / "cards"
    key = card_key.from_key_store() if kind == "keyring" else card_key.from_file(folder / "key")
    return EncryptedCards(
        folder / f"{hub_watch.seat(role, instance).desk}.cards",
        key,
        clock=clock,
        not_after=timedelta(hours=settings.database.card_cache_h),
    )


def _cards(settings: Settings, role: str, instance: str, clock: Clock) -> KeptCards | None:
    try:
        cache = card_cache(settings, role, instance, clock)
    except CacheUnavailable:
        # `check` says so; without a safe place there is none, and a desk works all the same.
        return None
    kommuner = rules.hub(settings).kommuner
    return None if cache is None else KeptCards(cache, kommuner=kommuner, clock=clock)
