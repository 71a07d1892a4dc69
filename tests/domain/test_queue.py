"""The order in which alarms want to be answered."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, an_alarm
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind
from workstation.domain.queue import in_order, is_shown, is_technical, next_untaken

alarms = st.builds(
    lambda number, kind, age, escalated, state: an_alarm(
        f"a{number}",
        kind=kind,
        received_at=NOW - timedelta(seconds=age),
        escalated_at=NOW if escalated else None,
        state=state,
    ),
    st.integers(0, 10_000),
    st.sampled_from(Kind),
    st.integers(0, 1000),
    st.booleans(),
    st.sampled_from(State),
)


def test_people_come_before_machines_and_the_escalated_before_the_oldest() -> None:
    def one(name: str, kind: Kind, age: int, *, escalated: bool = False) -> Alarm:
        came = NOW - timedelta(seconds=age)
        return an_alarm(name, kind=kind, received_at=came, escalated_at=NOW if escalated else None)

    expected = [
        one("escalated", Kind.EMERGENCY, 70, escalated=True),
        one("oldest", Kind.EMERGENCY, 90),
        one("newest", Kind.EMERGENCY, 5),
        one("bed", Kind.SUPERVISION, 900),
        one("missed", Kind.MISSED_VISIT, 800),
        one("dose", Kind.MEDICATION, 700),
        one("battery", Kind.TECHNICAL, 9000, escalated=True),
    ]
    assert in_order(reversed(expected)) == expected


@given(st.lists(alarms, max_size=30))
def test_the_next_is_the_first_untaken_of_the_order(some: list[Alarm]) -> None:
    waiting = [alarm for alarm in in_order(some) if alarm.state is State.RAISED]
    assert next_untaken(some) == (waiting[0] if waiting else None)


@given(st.lists(alarms, max_size=30, unique_by=lambda alarm: alarm.id))
def test_nothing_is_lost_by_ordering(some: list[Alarm]) -> None:
    assert sorted(in_order(some), key=lambda alarm: alarm.id) == sorted(
        some, key=lambda alarm: alarm.id
    )


def test_a_shelved_and_a_resolved_alarm_are_out_of_sight() -> None:
    assert [state for state in State if is_shown(an_alarm(state=state))] == [
        State.RAISED,
        State.TAKEN,
        State.AWAITING,
    ]


def test_only_technical_alarms_stand_in_the_technical_lane() -> None:
    assert [kind for kind in Kind if is_technical(an_alarm(kind=kind))] == [Kind.TECHNICAL]
