"""The columns of who may sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ui import times
from ui.models.column import Cell, Column
from ui.models.table import Table
from workstation.complaints.people import ROLES
from workstation.domain import kommuner
from workstation.domain.user import User
from workstation.texts import N_, _


def _state(user: User, now: datetime) -> Cell:
    if user.disabled_at is None:
        return Cell(_("may sign in"))
    said = _("disabled since {time}").format(time=times.since(user.disabled_at, now))
    return Cell(said, tone="warn", strong=True)


COLUMNS: Final[tuple[Column[User], ...]] = (
    Column("name", N_("User"), lambda user, _now: Cell(user.display, user.name, strong=True)),
    Column("role", N_("Role"), lambda user, _now: Cell(_(ROLES[user.role]))),
    Column(
        "serves",
        N_("Serves"),
        lambda user, _now: Cell(", ".join(kommuner.name(one) for one in sorted(user.kommuner))),
    ),
    Column("state", N_("State"), _state),
)


def people(now: datetime) -> Table[User]:
    """Return an empty list, by name."""
    return Table(COLUMNS, key=lambda user: user.name, order=lambda user: user.name, now=now)
