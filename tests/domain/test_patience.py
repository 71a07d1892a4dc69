"""What the hub does by itself, and when."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, NOW, a_hub, an_alarm
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.patience import Patience, due_at, due_step
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
    assert due_at(alarm, PATIENCE) == expected.at
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
