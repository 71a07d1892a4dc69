"""The columns of who is on duty: each living desk, who sits there, and whether it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ui import times
from ui.models.column import Cell, Column
from ui.models.table import Table
from workstation.complaints.people import ROLES
from workstation.domain import kommuner
from workstation.domain.presence import DeskKind, Presence
from workstation.texts import N_, _


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One process of the hub; `is_alive` while it has been heard of within its lease."""

    presence: Presence
    is_alive: bool
    is_mine: bool = False


def _who(row: DutyRow, _now: datetime) -> Cell:
    one = row.presence
    if one.kind is DeskKind.INGEST:
        return Cell(_("Service"), _("stores alarms"), tone="soft")
    if one.operator is None:
        return Cell(_("Nobody"), _("not signed in"), tone="warn")
    role = _(ROLES[one.role]) if one.role is not None else _("operator")
    name = one.name or one.operator
    return Cell(_("{name} (you)").format(name=name) if row.is_mine else name, role, strong=True)


def _where(row: DutyRow, _now: datetime) -> Cell:
    return Cell(row.presence.machine or row.presence.desk, row.presence.desk)


def _serves(row: DutyRow, _now: datetime) -> Cell:
    names = [kommuner.name(code) for code in sorted(row.presence.kommuner)]
    return Cell(names[0] if names else "", ", ".join(names[1:]))


def _works(row: DutyRow, _now: datetime) -> Cell:
    one = row.presence
    lacks = [
        word
        for word, works in (
            (_("no alarms"), one.alarms),
            (_("no database"), one.database),
            (_("no sound"), one.sound or one.kind is DeskKind.INGEST),
        )
        if not works
    ]
    if not row.is_alive:
        return Cell(_("not heard of"), tone="emergency", strong=True)
    if lacks:
        first, *rest = lacks
        return Cell(first, ", ".join(rest), tone="emergency", strong=True)
    return Cell(_("everything works"))


def _seen(row: DutyRow, now: datetime) -> Cell:
    one = row.presence
    since = one.signed_in_since
    below = _("since {time}").format(time=times.since(since, now)) if since is not None else ""
    return Cell(_("{span} ago").format(span=times.rough(now - one.seen_at)), below)


COLUMNS: Final[tuple[Column[DutyRow], ...]] = (
    Column("who", N_("Who"), _who),
    Column("where", N_("Where"), _where),
    Column("serves", N_("Serves"), _serves),
    Column("works", N_("State"), _works),
    Column("seen", N_("Heard"), _seen, running=True),
)


def duty(now: datetime) -> Table[DutyRow]:
    """Return an empty list: desks first, the living before the lost, then by name."""
    return Table(COLUMNS, key=lambda row: row.presence.desk, order=_order, now=now, cap=500)


def _order(row: DutyRow) -> tuple[bool, bool, str]:
    one = row.presence
    return one.kind is not DeskKind.DESK, not row.is_alive, one.name or one.desk
