"""Steps taken without the database: those that fit are stored as they were, nothing is forced."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.application.test_standing import a_claim
from tests.builders import ANNA, BO, NOW, an_alarm
from workstation.application.journal import Entry, Heard, OwnStep
from workstation.application.merging import Merged, merged
from workstation.application.provisional import said
from workstation.domain.alarm import Alarm, State
from workstation.domain.claim import Said
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator
from workstation.domain.steps import (
    AnyStep,
    Called,
    Noted,
    Released,
    Repeated,
    Resolved,
    ResponderCalled,
    Shelved,
    Taken,
)

ALARM = an_alarm()


def at(seconds: float):
    return NOW + timedelta(seconds=seconds)


TAKEN = Taken(at=at(1), by=ANNA)
NOTED = Noted(at=at(2), by=ANNA, text="Hun er faldet")
RESOLVED = Resolved(at=at(3), by=ANNA, outcome=Outcome.SOLVED_BY_PHONE)
RELEASED = Released(at=at(3), by=ANNA)
CALLED = Called(at=at(2), by=ANNA, call="k", whom="citizen")


def entries(*steps: AnyStep, holder: Operator | None = None) -> list[Entry]:
    found = []
    for seq, step in enumerate(steps, start=1):
        claim = a_claim(said(step), at=(step.at - NOW).total_seconds())
        found.append(
            Entry(seq=seq, record=OwnStep(claim=claim, alarm=ALARM, step=step, holder=holder))
        )
        holder = step.by if isinstance(step, Taken) else holder
    return found


def merge(current: Alarm, *steps: AnyStep, history: tuple[AnyStep, ...] = ()) -> Merged:
    return merged(current, history, entries(*steps), heard=False)


def test_what_fits_is_stored_as_it_was_in_its_order() -> None:
    result = merge(ALARM, TAKEN, NOTED, RESOLVED)
    assert result.steps == [TAKEN, NOTED, RESOLVED]
    assert (result.alarm.resolved_at, result.alarm.version) == (at(3), 3)
    assert (result.done, result.out, result.conflict) == ([1, 2, 3], [], None)


def test_what_was_stored_before_is_not_stored_again() -> None:
    stored = ALARM.after(TAKEN).after(NOTED)
    result = merge(stored, TAKEN, NOTED, RESOLVED, history=(TAKEN, NOTED))
    assert result.steps == [RESOLVED]
    assert result.done == [1, 2, 3]
    everything = stored.after(RESOLVED)
    assert merge(everything, TAKEN, NOTED, RESOLVED, history=(TAKEN, NOTED, RESOLVED)).steps == []


@pytest.mark.parametrize(
    "meanwhile",
    [
        ALARM.after(Taken(at=at(9), by=BO)),
        ALARM.after(Taken(at=at(9), by=BO)).after(
            Resolved(at=at(10), by=BO, outcome=Outcome.FALSE_ALARM)
        ),
    ],
    ids=["taken", "resolved"],
)
def test_what_others_did_meanwhile_stands_and_notes_are_kept(meanwhile: Alarm) -> None:
    result = merge(meanwhile, TAKEN, NOTED, RESOLVED)
    assert result.steps == [NOTED]
    assert result.out == [1, 3]
    assert result.conflict is not None
    assert result.conflict.what is Said.TAKEN
    assert replace(result.alarm, version=0, touched_at=None) == replace(
        meanwhile, version=0, touched_at=None
    )


def test_who_is_taken_by_the_same_is_taken_already() -> None:
    elsewhere = ALARM.after(Taken(at=at(0), by=ANNA))
    result = merge(elsewhere, TAKEN, RESOLVED)
    assert result.steps == [RESOLVED]
    assert result.conflict is None


def test_what_was_taken_already_is_no_conflict_when_its_outcome_was_stored_before_a_crash() -> None:
    before = Taken(at=at(0), by=ANNA)
    closed = ALARM.after(before).after(RESOLVED)
    result = merge(closed, TAKEN, RESOLVED, history=(before, RESOLVED))
    assert (result.steps, result.done, result.conflict) == ([], [1, 2], None)


def test_a_taking_that_did_not_fit_is_told_also_when_a_note_was_stored_before_a_crash() -> None:
    theirs = ALARM.after(Taken(at=at(0), by=BO)).after(NOTED)
    result = merge(theirs, TAKEN, NOTED, history=(NOTED,))
    assert result.steps == []
    assert result.conflict is not None
    assert result.conflict.what is Said.TAKEN


def test_a_press_after_the_outcome_keeps_the_alarm_open() -> None:
    pressed = ALARM.after(Repeated(at=at(60)))
    result = merge(pressed, TAKEN, RESOLVED)
    assert result.steps == [TAKEN]
    assert result.out == [2]
    assert result.alarm.is_open
    before = ALARM.after(Repeated(at=at(2)))
    assert merge(before, TAKEN, RESOLVED).conflict is None


def test_giving_back_what_nobody_has_is_nothing() -> None:
    result = merge(ALARM, RELEASED)
    assert (result.steps, result.done, result.conflict) == ([], [1], None)


def test_a_call_about_a_closed_alarm_contradicts_nobody() -> None:
    closed = ALARM.after(TAKEN).after(RESOLVED)
    result = merge(closed, CALLED)
    assert (result.steps, result.out, result.conflict) == ([], [1], None)


def test_a_colleagues_alarm_can_be_given_back_by_whoever_may() -> None:
    """A supervisor released it: what was Anna's then, and still is."""
    annas = ALARM.after(TAKEN)
    released = Released(at=at(5), by=BO)
    result = merged(annas, (), entries(released, holder=ANNA), heard=False)
    assert result.steps == [released]
    carls = ALARM.after(Taken(at=at(4), by=Operator("Carl")))
    assert merged(carls, (), entries(released, holder=ANNA), heard=False).conflict is not None


def test_a_responder_and_a_shelf_are_kept_as_they_were() -> None:
    driving = ResponderCalled(at=at(2), by=ANNA, responder="Per", until=at(900))
    assert merge(ALARM, TAKEN, driving).alarm.responder == "Per"
    technical = an_alarm(kind="technical")
    shelved = Shelved(at=at(2), by=ANNA, until=at(900), reason="servicebil")
    assert merge(technical, shelved).alarm.state is State.SHELVED


# --- what others said ---


def heard(seq: int, what: Said, by: Operator = BO, **fields: object) -> Entry:
    return Entry(
        seq=seq, record=Heard(claim=a_claim(what, by, "b", seq, **fields), heard_at=at(seq))
    )


def test_others_claims_are_left_to_them() -> None:
    said_there = [heard(1, Said.TAKEN), heard(2, Said.RESOLVED)]
    assert merged(ALARM, (), said_there, heard=False).steps == []


def test_where_a_later_message_waits_they_are_stored_as_they_were_said() -> None:
    said_there = [heard(1, Said.TAKEN), heard(2, Said.NOTED), heard(3, Said.RESOLVED)]
    result = merged(ALARM, (), said_there, heard=True)
    assert [type(step) for step in result.steps] == [Taken, Resolved]
    assert result.alarm.resolved_by == BO
    again = merged(result.alarm, result.steps, said_there, heard=True)
    assert again.steps == []


def test_where_they_do_not_fit_they_are_nobodys_conflict() -> None:
    annas = ALARM.after(TAKEN)
    result = merged(annas, (), [heard(1, Said.TAKEN), heard(2, Said.RESOLVED)], heard=True)
    assert (result.steps, result.conflict) == ([], None)
    arrival = heard(2, Said.RESOLVED, outcome=Outcome.RESPONDER_SENT)
    result = merged(ALARM, (), [heard(1, Said.TAKEN), arrival], heard=True)
    assert [type(step) for step in result.steps] == [Taken]
