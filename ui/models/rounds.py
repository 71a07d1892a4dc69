"""The columns of the day's round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from ui import times, visit_words
from ui.models.column import Cell, Column
from ui.models.table import Table
from workstation.domain.names import Operator
from workstation.domain.round import Visit, VisitState
from workstation.texts import N_, _

TIME, CITIZEN, STATE = 0, 1, 2
"""Where the columns stand."""

_TONES: Final = {
    VisitState.PLANNED: "soft",
    VisitState.ACTIVE: "accent",
    VisitState.DONE: "ok",
    VisitState.CANCELLED: "soft",
    VisitState.NOT_DONE: "missed",
}
_OVER: Final = frozenset({VisitState.DONE, VisitState.CANCELLED})
"""Nothing is left to do: such a visit steps back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One line of the round: the visit and what the register says of its citizen."""

    visit: Visit
    name: str
    """The citizen's; empty for one who is not in the register."""
    me: Operator

    @property
    def is_mine(self) -> bool:
        """Whether I take it, or nobody does yet."""
        return self.visit.assignee in (None, self.me)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.visit.state in _OVER


def who(row: VisitRow) -> str:
    """Return who takes the visit; empty for nobody yet."""
    visit = row.visit
    if visit.assignee is None:
        return ""
    return _("you") if visit.assignee == row.me else visit.assignee


def state_text(row: VisitRow, now: datetime) -> str:
    """Return where the visit stands, in a word."""
    if visit_words.is_late(row.visit, now):
        # Translators: a visit whose time is over without having been started.
        return _("not started")
    return visit_words.state(row.visit.state)


def _time_cell(row: VisitRow, _now: datetime) -> Cell:
    return Cell(
        times.hour(row.visit.at), strong=not row.is_over, tone="soft" if row.is_over else "text"
    )


def _citizen_cell(row: VisitRow, now: datetime) -> Cell:
    visit = row.visit
    name = row.name or _("Unknown citizen")
    below = f"{visit_words.kind(visit.kind)} · {visit_words.length(visit)}"
    parts = (times.hour(visit.at), name, below, state_text(row, now), _below(row), who(row))
    return Cell(
        name,
        below,
        strong=not row.is_over,
        tone="soft" if row.is_over else "text",
        spoken=", ".join(part for part in parts if part),
    )


def _state_cell(row: VisitRow, now: datetime) -> Cell:
    visit = row.visit
    late = visit_words.is_late(visit, now)
    sign = "◷" if late else visit_words.MARKS[visit.state]
    return Cell(
        f"{sign} {state_text(row, now)}",
        _below(row) or who(row),
        tone="missed" if late else _TONES[visit.state],
        strong=late or visit.state in (VisitState.ACTIVE, VisitState.NOT_DONE),
        spoken=state_text(row, now),
    )


def _below(row: VisitRow) -> str:
    visit = row.visit
    if visit.reason is not None:
        return visit_words.reason(visit.reason).lower()
    if visit.look is not None:
        return visit_words.look(visit.look).lower()
    return ""


COLUMNS: Final = (
    Column("time", N_("Time"), _time_cell),
    Column("citizen", N_("Citizen"), _citizen_cell, running=True),
    Column("state", N_("State"), _state_cell, running=True, right=True),
)


def _key(row: VisitRow) -> str:
    return row.visit.id


def _order(row: VisitRow) -> object:
    return row.visit.at


def table(now: datetime, parent: QObject | None = None) -> Table[VisitRow]:
    """Return an empty round."""
    return Table(COLUMNS, key=_key, order=_order, now=now, parent=parent)
