"""The call log for supervisors, from the database to the use case."""

from __future__ import annotations

from collections.abc import Callable

from workstation.adapters.db.database import Database
from workstation.adapters.record.call_sheets import CallSheets
from workstation.adapters.system.chance import SystemChance
from workstation.application.call_review import CallReview
from workstation.application.call_review_export import SheetOpener
from workstation.application.directory import Directory
from workstation.application.ports import Clock
from workstation.application.session import Session
from workstation.bootstrap.station import ZONE
from workstation.domain.names import CitizenId

_MOST_NAMED = 500
"""Citizens whose name has a text in it: more of them tell that too little was written."""


def review(
    database: Database, *, clock: Clock, session: Session, directory: Callable[[], Directory]
) -> CallReview:
    """Return the use case over an open database; names are looked up in the `directory` of the moment."""
    return CallReview(
        history=database.call_history,
        looks=database.access,
        clock=clock,
        session=session,
        named=lambda text: named(directory(), text),
        chance=SystemChance(),
        zone=ZONE,
    )


def named(directory: Directory, text: str) -> tuple[CitizenId, ...]:
    """Return the citizens whose name has `text` in it, whatever its case; the first 500 by name."""
    wanted = text.casefold()
    found = [one for one in directory.citizens.values() if wanted in one.name.casefold()]
    found.sort(key=lambda one: one.name)
    return tuple(one.id for one in found[:_MOST_NAMED])


def sheets() -> SheetOpener:
    """Return what opens a table for a spreadsheet."""
    return CallSheets(ZONE).open
