"""What the hub does by itself, and when."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, BO, NOW, a_hub, an_alarm
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.names import Operator
from workstation.domain.patience import Patience, due_step
from workstation.domain.presence import Attendance
from workstation.domain.steps import (
    Escalated,
    Noted,
    Reraised,
    ReraisedBecause,
    ResponderCalled,
    Shelved,
    Taken,
)

PATIENCE = Patience(escalate_after=a_hub().escalate_after, untouched_after=a_hub().untouched_after)
SOON = NOW + timedelta(minutes=5)


def taken() -> Alarm:
    return an_alarm(kind=Kind.SUPERVISION).after(Taken(at=NOW, by=ANNA))


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        (an_alarm(), Escalated(at=NOW + timedelta(seconds=60))),
        (
            taken(),
            Reraised(at=NOW + timedelta(minutes=10), because=ReraisedBecause.UNTOUCHED),
        ),
        (
            taken().after(Noted(at=SOON, by=ANNA, text="ringer")),
            Reraised(at=SOON + timedelta(minutes=10), because=ReraisedBecause.UNTOUCHED),
        ),
        (
            taken().after(Shelved(at=NOW, by=ANNA, until=SOON, reason="spiser")),
            Reraised(at=SOON, because=ReraisedBecause.SHELF_ENDED),
        ),
        (
            taken().after(ResponderCalled(at=NOW, by=ANNA, responder="Bo", until=SOON)),
            Reraised(at=SOON, because=ReraisedBecause.NOT_ARRIVED),
        ),
    ],
)
def test_its_time_comes_exactly_once(alarm: Alarm, expected: Escalated | Reraised) -> None:
    assert due_step(alarm, expected.at - timedelta(microseconds=1), PATIENCE) is None
    assert due_step(alarm, expected.at, PATIENCE) == expected


def test_it_escalates_once_and_again_only_after_it_was_raised_again() -> None:
    escalated = an_alarm().after(Escalated(at=NOW + timedelta(seconds=60)))
    assert due_step(escalated, NOW + timedelta(days=1), PATIENCE) is None
    again = NOW + timedelta(minutes=20)
    raised = escalated.after(Taken(at=NOW, by=ANNA)).after(
        Reraised(at=again, because=ReraisedBecause.UNTOUCHED)
    )
    assert due_step(raised, again + timedelta(seconds=60), PATIENCE) == Escalated(
        at=again + timedelta(seconds=60)
    )


@given(st.integers(0, 100_000))
def test_what_is_due_is_always_a_step_the_alarm_allows(seconds: int) -> None:
    now = NOW + timedelta(seconds=seconds)
    for alarm in (an_alarm(), taken()):
        step = due_step(alarm, now, PATIENCE)
        if step is not None:
            assert alarm.after(step).version == alarm.version + 1


# --- The owner's desk is lost ---------------------------------------------------------------------

LEASE = timedelta(seconds=30)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def seen(seconds: float, **more: Operator) -> Attendance:
    """Anna was last seen at her desk so many seconds after she took the alarm."""
    return Attendance(seen={ANNA: at(seconds)}, lease=LEASE, calling=more)


def lost_at(alarm: Alarm, attendance: Attendance) -> float | None:
    """Return the first whole second at which it is raised again for its desk's sake."""
    for second in range(500):
        step = due_step(alarm, at(second), PATIENCE, attendance)
        if step == Reraised(at=at(second), because=ReraisedBecause.DESK_LOST):
            return second
    return None


def test_an_alarm_whose_desk_is_gone_is_raised_again_a_lease_behind_its_last_sign() -> None:
    assert lost_at(taken(), seen(5)) == 35


def test_what_a_desk_did_behind_its_last_sign_of_life_begins_the_lease_anew() -> None:
    assert lost_at(taken(), seen(-3)) == 30
    assert lost_at(taken().after(Noted(at=at(8), by=ANNA, text="ringer")), seen(5)) == 38


def test_what_was_done_long_after_came_from_elsewhere() -> None:
    assert lost_at(taken(), seen(-30)) is None


def test_an_owner_who_was_never_seen_at_a_desk_is_left_to_patience() -> None:
    assert lost_at(taken(), Attendance(seen={BO: at(5)}, lease=LEASE)) is None
    assert lost_at(an_alarm(kind=Kind.TECHNICAL), seen(5)) is None


def test_a_responder_on_the_way_is_waited_for_whatever_becomes_of_the_desk() -> None:
    waiting = taken().after(ResponderCalled(at=NOW, by=ANNA, responder="Bo", until=at(400)))
    assert lost_at(waiting, seen(5)) is None


def test_an_alarm_its_owner_telephones_about_is_not_untouched() -> None:
    late = NOW + timedelta(minutes=11)
    assert due_step(taken(), late, PATIENCE, seen(655, a1=ANNA)) is None
    assert due_step(taken(), late, PATIENCE, seen(655, a1=BO)) is not None
    assert due_step(an_alarm(), late, PATIENCE, seen(655, a1=ANNA)) == Escalated(at=late)
