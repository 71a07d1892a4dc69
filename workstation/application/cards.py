"""The cards a desk keeps on its own disk, so that it can call citizens back without the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import Kommune


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The register as it was read at `at`, without what no callback needs."""

    citizens: tuple[Citizen, ...]
    devices: tuple[Device, ...]
    at: datetime


class CardCache(Protocol):
    """Where cards are kept, encrypted; both methods block and raise CacheUnavailable."""

    def read(self) -> Cards | None:
        """Return what was kept last; None for nothing, nothing readable, or what is too old."""
        ...

    def write(self, cards: Cards) -> None:
        """Keep `cards` in place of what was kept before."""
        ...


def needed(
    citizens: Iterable[Citizen],
    devices: Iterable[Device],
    *,
    kommuner: Collection[Kommune],
    at: datetime,
) -> Cards:
    """Return what a callback needs of the kommuner a desk serves.

    A card has no CPR number; the date of birth is its first half and is left out, as are notes.
    """
    return Cards(
        citizens=tuple(
            replace(one, born=None, notes="") for one in citizens if one.kommune in kommuner
        ),
        devices=tuple(one for one in devices if one.kommune in kommuner),
        at=at,
    )
