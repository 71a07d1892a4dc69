"""What may happen to an alarm: the table, the rules, and lives made of random steps."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, BO, NOW, an_alarm
from workstation.domain.alarm import TRANSITIONS, Alarm, IllegalStep, State
from workstation.domain.kind import ARRIVAL_NEEDED, Kind, Outcome
from workstation.domain.names import CallId, CitizenId
from workstation.domain.steps import (
    Arrived,
    Called,
    Corrected,
    Escalated,
    Given,
    HandedOver,
    HungUp,
    Noted,
    Released,
    Repeated,
    Reraised,
    ReraisedBecause,
    Resolved,
    ResponderCalled,
    Restored,
    Shelved,
    Step,
    Taken,
)

LATER = NOW + timedelta(minutes=30)
ONE_OF_EACH: tuple[Step, ...] = (
    Repeated(at=NOW),
    Restored(at=NOW),
    Taken(at=NOW, by=ANNA),
    Released(at=NOW, by=ANNA),
    Shelved(at=NOW, by=ANNA, until=LATER, reason="afventer"),
    Reraised(at=NOW, because=ReraisedBecause.UNTOUCHED),
    Escalated(at=NOW),
    ResponderCalled(at=NOW, by=ANNA, responder="Udkørende", until=LATER),
    Arrived(at=NOW, by=ANNA, responder="Udkørende"),
    Noted(at=NOW, by=ANNA, text="ringer op"),
    Called(at=NOW, by=ANNA, call=CallId("c"), whom="citizen"),
    HungUp(at=NOW, by=ANNA, call=CallId("c"), whom="citizen"),
    HandedOver(at=NOW, by=ANNA, to=BO),
    Given(at=NOW, by=ANNA, citizen=CitizenId("c1")),
    Resolved(at=NOW, by=ANNA, outcome=Outcome.SOLVED_BY_PHONE),
    Corrected(at=NOW, by=ANNA, outcome=Outcome.TEST, text="var en test"),
)


def test_every_kind_of_step_stands_in_the_table() -> None:
    assert {type(step) for step in ONE_OF_EACH} == set(TRANSITIONS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", ONE_OF_EACH, ids=lambda step: type(step).__name__)
def test_the_table_decides(state: State, step: Step) -> None:
    alarm = an_alarm(state=state, kind=Kind.SUPERVISION)
    allowed = TRANSITIONS[type(step)].get(state)
    if allowed is None:
        with pytest.raises(IllegalStep) as refused:
            alarm.after(step)
        assert (refused.value.rule, refused.value.step) == (
            "not_in_this_state",
            type(step).__name__,
        )
    else:
        after = alarm.after(step)
        assert (after.state, after.version) == (allowed, alarm.version + 1)


def test_an_emergency_is_never_shelved() -> None:
    with pytest.raises(IllegalStep, match="emergency_is_never_shelved"):
        an_alarm().after(Shelved(at=NOW, by=ANNA, until=LATER, reason="travlt"))


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        (Shelved(at=NOW, by=ANNA, until=LATER, reason=" "), "shelf_needs_a_reason"),
        (Shelved(at=NOW, by=ANNA, until=NOW, reason="nu"), "until_is_in_the_past"),
        (ResponderCalled(at=NOW, by=ANNA, responder="", until=LATER), "responder_needs_a_name"),
        (ResponderCalled(at=NOW, by=ANNA, responder="U", until=NOW), "until_is_in_the_past"),
        (Arrived(at=NOW, by=ANNA, responder=" "), "responder_needs_a_name"),
    ],
)
def test_a_rule_refuses_by_name(step: Step, rule: str) -> None:
    taken = an_alarm(kind=Kind.MEDICATION).after(Taken(at=NOW, by=ANNA))
    with pytest.raises(IllegalStep) as refused:
        taken.after(step)
    assert refused.value.rule == rule


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_that_says_somebody_came_needs_a_confirmed_arrival(outcome: Outcome) -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    resolved = Resolved(at=NOW, by=ANNA, outcome=outcome)
    if outcome not in ARRIVAL_NEEDED:
        assert taken.after(resolved).outcome is outcome
        return
    with pytest.raises(IllegalStep, match="arrival_not_confirmed"):
        taken.after(resolved)
    waiting = taken.after(ResponderCalled(at=NOW, by=ANNA, responder="Mette", until=LATER))
    with pytest.raises(IllegalStep, match="arrival_not_confirmed"):
        waiting.after(resolved)
    there = waiting.after(Arrived(at=LATER, by=ANNA, responder="Mette"))
    assert there.after(resolved).outcome is outcome


def test_sending_somebody_else_forgets_the_first_arrival() -> None:
    there = (
        an_alarm()
        .after(Taken(at=NOW, by=ANNA))
        .after(Arrived(at=NOW, by=ANNA, responder="Mette"))
        .after(ResponderCalled(at=NOW, by=ANNA, responder="Udkørende", until=LATER))
    )
    assert there.arrived_at is None


def test_a_repeat_is_counted_and_changes_nothing_else() -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    repeated = taken.after(Repeated(at=LATER))
    assert repeated == replace(taken, repeats=1, repeated_at=LATER, version=taken.version + 1)


def test_a_release_gives_it_back_whole() -> None:
    released = an_alarm().after(Taken(at=NOW, by=ANNA)).after(Released(at=LATER, by=ANNA))
    assert (released.taken_by, released.taken_at, released.is_untaken) == (None, None, True)


def test_what_is_handed_over_goes_from_hand_to_hand_as_it_stands() -> None:
    waiting = (
        an_alarm()
        .after(Taken(at=NOW, by=ANNA))
        .after(ResponderCalled(at=NOW, by=ANNA, responder="Mette", until=LATER))
    )
    handed = waiting.after(HandedOver(at=LATER, by=ANNA, to=BO))
    assert handed == replace(
        waiting, taken_by=BO, taken_at=LATER, touched_at=LATER, version=waiting.version + 1
    )


def test_only_people_touch_an_alarm() -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    assert taken.after(Repeated(at=LATER)).touched_at == NOW
    assert taken.after(Noted(at=LATER, by=BO, text="x")).touched_at == LATER


def test_a_correction_adds_and_keeps_when_it_was_resolved() -> None:
    resolved = (
        an_alarm()
        .after(Taken(at=NOW, by=ANNA))
        .after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST))
    )
    corrected = resolved.after(Corrected(at=LATER, by=BO, outcome=Outcome.FALSE_ALARM, text="ups"))
    assert (corrected.outcome, corrected.resolved_by, corrected.resolved_at) == (
        Outcome.FALSE_ALARM,
        ANNA,
        NOW,
    )


@given(st.lists(st.sampled_from(ONE_OF_EACH), max_size=30), st.sampled_from(Kind))
def test_whatever_happens_the_life_stays_whole(steps: list[Step], kind: Kind) -> None:
    alarm: Alarm = an_alarm(kind=kind)
    for step in steps:
        try:
            alarm = alarm.after(step)
        except IllegalStep:
            continue
    held = alarm.state in (State.TAKEN, State.AWAITING, State.RESOLVED)
    assert (alarm.taken_by is not None) is held
    assert (alarm.state is State.RESOLVED) is (alarm.outcome is not None)
    assert alarm.state is not State.SHELVED or (kind is not Kind.EMERGENCY and alarm.shelved_until)
    assert alarm.state is not State.AWAITING or (alarm.awaiting_until and alarm.responder)
    unchanged = (
        "id",
        "kind",
        "code",
        "text",
        "device",
        "kommune",
        "raised_at",
        "received_at",
        "raw",
    )
    assert {field.name for field in fields(alarm)} >= set(unchanged)
    assert all(getattr(alarm, name) == getattr(an_alarm(kind=kind), name) for name in unchanged)
