"""A realistic day's round for the made-up citizens, as it would stand at a given moment."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from workstation.domain.citizen import Citizen
from workstation.domain.names import Operator, VisitId
from workstation.domain.round import Look, Reason, Visit, VisitKind, VisitState

_LENGTH = {
    VisitKind.SCREEN_VISIT: timedelta(minutes=4),
    VisitKind.PLANNED_CALL: timedelta(minutes=3),
    VisitKind.NIGHT_CHECK: timedelta(seconds=30),
}
_OTHERS = (Operator("Bo T."), Operator("Sara K."))
_NIGHT = (time(0, 30), time(2, 0), time(3, 30), time(5, 30), time(23, 0), time(23, 30))
_FIRST, _LAST = time(7, 30), time(22, 30)
_DAY_VISITS = 38


def day_round(
    citizens: Sequence[Citizen], *, day: date, now: datetime, zone: tzinfo, me: Operator, seed: int
) -> list[Visit]:
    """Return one local day's visits; what lies before `now` has happened, with its results."""
    chance = random.Random(f"{seed} {day}")
    planned = sorted(_planned(citizens, day, zone, me, chance), key=lambda visit: visit.at)
    left_open = [visit for visit in planned if visit.at < now][-2:]
    return [
        visit if visit.at >= now or visit in left_open else _happened(visit, me, chance)
        for visit in planned
    ]


def _planned(
    citizens: Sequence[Citizen], day: date, zone: tzinfo, me: Operator, chance: random.Random
) -> Iterator[Visit]:
    first = datetime.combine(day, _FIRST, zone)
    slots = int((datetime.combine(day, _LAST, zone) - first) / timedelta(minutes=15))
    for number, slot in enumerate(sorted(chance.choices(range(slots + 1), k=_DAY_VISITS))):
        kind = VisitKind.PLANNED_CALL if chance.random() < 0.35 else VisitKind.SCREEN_VISIT  # noqa: PLR2004 - a share of a usual day
        at = first + slot * timedelta(minutes=15)
        yield _visit(f"{day:%m%d}-{number + 1:02d}", at, kind, chance.choice(citizens), me, chance)
    for number, moment in enumerate(_NIGHT):
        at = datetime.combine(day, moment, zone)
        name = f"{day:%m%d}-N{number + 1}"
        yield _visit(name, at, VisitKind.NIGHT_CHECK, chance.choice(citizens), me, chance)


def _visit(
    name: str, at: datetime, kind: VisitKind, citizen: Citizen, me: Operator, chance: random.Random
) -> Visit:
    return Visit(
        id=VisitId(name),
        at=at,
        citizen=citizen.id,
        kommune=citizen.kommune,
        kind=kind,
        length=_LENGTH[kind],
        assignee=chance.choice((me, None, *_OTHERS)),
    )


def _happened(visit: Visit, me: Operator, chance: random.Random) -> Visit:
    """Return a past visit with its result: most done, some cancelled, a few not."""
    by = visit.assignee or me
    started = visit.at + timedelta(minutes=chance.randint(0, 6))
    draw = chance.random()
    if draw < 0.06:  # noqa: PLR2004 - shares of a usual day
        reason = chance.choice((Reason.HOSPITALISED, Reason.AWAY, Reason.DECLINED))
        return visit.moved(VisitState.CANCELLED, at=visit.at, by=by, reason=reason)
    active = visit.moved(VisitState.ACTIVE, at=started, by=by)
    if draw < 0.1:  # noqa: PLR2004 - as above
        missed = active.moved(VisitState.NOT_DONE, at=started, by=by, reason=Reason.NO_ANSWER)
        return replace(missed, missed_at=started)
    look = chance.choice((Look.ASLEEP, Look.ASLEEP, Look.AWAKE))
    return active.moved(
        VisitState.DONE,
        at=started + visit.length,
        by=by,
        look=look if visit.kind is VisitKind.NIGHT_CHECK else None,
    )
