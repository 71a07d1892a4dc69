"""Who lives, who watches, and what stands between a kommune and somebody who answers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import ANNA, BO, HADERSLEV, HJORRING, NOW
from workstation.domain.names import AlarmId
from workstation.domain.presence import (
    Attendance,
    DeskKind,
    DeskName,
    Lack,
    Presence,
    lack,
    latest,
    living,
)
from workstation.domain.rights import Role

LEASE = timedelta(seconds=30)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_desk(name: str = "desk-1", **fields: object) -> Presence:
    """Return a desk where Anna sits and everything works."""
    desk = Presence(
        desk=DeskName(name),
        kind=DeskKind.DESK,
        machine="PC-17",
        started_at=NOW,
        seen_at=NOW,
        operator=ANNA,
        kommuner=frozenset({HADERSLEV}),
        sound=True,
        alarms=True,
        database=True,
    )
    return replace(desk, **fields)


def test_a_desk_is_dead_a_lease_behind_its_last_sign_of_life() -> None:
    assert living([a_desk()], at(29.9), LEASE) == [a_desk()]
    assert living([a_desk()], at(30), LEASE) == []


def test_one_that_ended_in_order_is_dead_at_once() -> None:
    assert living([a_desk(ended_at=at(1), seen_at=at(1))], at(1), LEASE) == []


def test_a_desk_is_what_it_said_last() -> None:
    before, after = a_desk(), a_desk(operator=BO, seen_at=at(1))
    other = a_desk("desk-0")
    assert latest([after, before, other]) == [other, after]
    assert living([before, after], at(30.5), LEASE) == [after]


@pytest.mark.parametrize(
    ("desk", "missing"),
    [
        (a_desk(), None),
        (a_desk(operator=None), Lack.NOBODY),
        (a_desk(role=Role.IT), Lack.NOBODY),
        (a_desk(role=Role.NIGHT), None),
        (a_desk(alarms=False), Lack.NO_BROKER),
        (a_desk(database=False), Lack.NO_DATABASE),
        (a_desk(sound=False), Lack.NO_SOUND),
        (a_desk(sound=False, operator=None), Lack.NOBODY),
        (a_desk(kommuner=frozenset({HJORRING})), Lack.NO_DESK),
        (a_desk(kind=DeskKind.INGEST), Lack.NO_DESK),
    ],
)
def test_what_a_desk_lacks_to_answer(desk: Presence, missing: Lack | None) -> None:
    assert lack(HADERSLEV, [desk]) == missing


def test_one_desk_that_lacks_nothing_is_enough() -> None:
    assert lack(HADERSLEV, [a_desk("a", sound=False), a_desk("b")]) is None


def test_the_desk_that_lacks_least_is_told_of() -> None:
    assert lack(HADERSLEV, [a_desk("a", operator=None), a_desk("b", sound=False)]) is Lack.NO_SOUND
    assert lack(HADERSLEV, []) is Lack.NO_DESK


def test_without_a_database_for_anybody_a_desk_answers_without_it() -> None:
    assert lack(HADERSLEV, [a_desk(database=False)], with_database=False) is None


def test_an_operator_is_where_seen_last_and_busy_while_the_desk_lives() -> None:
    first = a_desk("a", calling=AlarmId("a1"))
    second = a_desk("b", operator=BO, seen_at=at(20), calling=AlarmId("a2"))
    third = a_desk("c", seen_at=at(5))
    nobody = a_desk("d", operator=None, seen_at=at(7))
    ingest = a_desk("e", kind=DeskKind.INGEST, operator=None)
    attendance = Attendance.of([first, second, third, nobody, ingest], at(31), LEASE)
    assert attendance.seen == {ANNA: at(5), BO: at(20), "break-glass@PC-17": at(7)}
    assert attendance.calling == {AlarmId("a2"): BO}
