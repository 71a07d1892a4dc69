"""A day's round as CSV: one visit a line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final

from workstation.adapters.record.cells import Cells
from workstation.adapters.record.lines import ImportRefused, Refusal
from workstation.adapters.record.table import lines_of
from workstation.domain.names import CitizenId, Kommune, Operator, VisitId
from workstation.domain.round import Visit, VisitKind

COLUMNS: Final = ("id", "at", "citizen", "kind", "length_min", "tolerance_min", "assignee", "note")
_NEEDED: Final = ("at", "citizen", "kind", "length_min")
_LONGEST_MIN: Final = 24 * 60
_SHORT: Final = 120


def read_round(
    text: str,
    *,
    citizens: Mapping[CitizenId, Kommune],
    tolerance: Mapping[VisitKind, timedelta],
    zone: tzinfo,
) -> tuple[Visit, ...]:
    """Return the file's visits; raises ImportRefused with everything that is wrong.

    `citizens` are those of the register with their kommune, `tolerance` is for lines that name
    none, and a time without a zone is read in `zone`.
    """
    refusals: list[Refusal] = []
    visits: list[Visit] = []
    first: dict[VisitId, int] = {}
    for line in lines_of(text, columns=COLUMNS, needed=_NEEDED):
        cells = Cells(line, refusals)
        visit = _visit(cells, citizens, tolerance, zone)
        if visit is None:
            continue
        if visit.id in first:
            cells.refuse("duplicate", "id", value=visit.id, first=first[visit.id])
        first.setdefault(visit.id, line.number)
        visits.append(visit)
    if refusals:
        raise ImportRefused(refusals)
    return tuple(visits)


def _visit(
    cells: Cells,
    citizens: Mapping[CitizenId, Kommune],
    tolerance: Mapping[VisitKind, timedelta],
    zone: tzinfo,
) -> Visit | None:
    at = cells.moment("at", zone)
    citizen = CitizenId(cells.id("citizen"))
    if citizen and citizen not in citizens:
        cells.refuse("citizen_not_in_register", "citizen", value=citizen)
    kind = cells.word("kind", VisitKind)
    length = cells.minutes("length_min", most=_LONGEST_MIN, needed=True)
    own_tolerance = cells.minutes("tolerance_min", most=_LONGEST_MIN)
    own_id = VisitId(cells.id("id", needed=False))
    assignee = Operator(cells.text("assignee", limit=_SHORT))
    note = cells.text("note")
    if at is None or kind is None or length is None or citizen not in citizens:
        return None
    return Visit(
        id=own_id or _id_of(at, citizen, kind),
        at=at,
        citizen=citizen,
        kommune=citizens[citizen],
        kind=kind,
        length=length,
        tolerance=own_tolerance or tolerance[kind],
        assignee=assignee or None,
        note=note,
    )


def _id_of(at: datetime, citizen: CitizenId, kind: VisitKind) -> VisitId:
    # The same visit imported again has the same id, and what stands already is left as it is.
    said = f"{at.isoformat()} {citizen} {kind}"
    return VisitId(f"import-{hashlib.sha256(said.encode()).hexdigest()[:24]}")
