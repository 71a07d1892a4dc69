"""Which calls of a month are gone through: two of each operator's, drawn by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final

from workstation.application.call_review_ports import Chance
from workstation.domain.call_history import Candidate, Drawn
from workstation.domain.names import SYSTEM, CallId, Operator

PLACES: Final = 2
"""Calls a month of each operator; the first is an end-to-end emergency wherever there was one."""


def bounds(month: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when a month (`2026-03`) begins and ends there; raises ValueError for no month."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following


def draw(
    month: str,
    candidates: Iterable[Candidate],
    *,
    chance: Chance,
    drawn: Sequence[Drawn],
    at: datetime,
    by: Operator,
) -> list[Drawn]:
    """Return what is drawn beside what is `drawn` already: an operator's place is drawn once.

    Calls that nobody took are the system's, and nobody's work.
    """
    made: list[Drawn] = []
    of_people = (one for one in candidates if one.operator != SYSTEM)
    sorted_ones = sorted(of_people, key=lambda one: one.operator)
    for operator, of_operator in groupby(sorted_ones, key=lambda one: one.operator):
        mine = list(of_operator)
        there = {one.place: one.call for one in drawn if one.operator == operator}
        for place in range(PLACES):
            if place in there:
                continue
            call = _one(mine, place, chance, set(there.values()))
            if call is not None:
                there[place] = call
                one = Drawn(month=month, operator=operator, place=place, call=call, at=at, by=by)
                made.append(one)
    return made


def _one(mine: Sequence[Candidate], place: int, chance: Chance, gone: set[CallId]) -> CallId | None:
    left = [one for one in mine if one.call not in gone]
    if place == 0:
        left = [one for one in left if one.end_to_end] or left
    return left[chance.below(len(left))].call if left else None
