"""What an operator may do with an alarm: one step each, stored with who and when."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ANNA, BO, NOW, a_hub, an_alarm
from tests.fakes import FakeClock, FakeSession
from tests.fakes_store import FakeAlarmStore
from tests.waiting import at_once
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken, NotFound, StoreUnavailable
from workstation.domain.alarm import Alarm, IllegalStep, State
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId
from workstation.domain.steps import Called, Given, Noted, Resolved, Step, Taken

A1 = AlarmId("a1")


class Desk:
    """Anna's desk, with its database and who was told that somebody has an alarm."""

    def __init__(self, clock: FakeClock, *alarms: Alarm) -> None:
        self.store = FakeAlarmStore(*alarms)
        self.board = Board(clock, a_hub())
        self.board.load(list(alarms))
        self.receipts: list[AlarmId] = []
        self.act = AlarmDesk(
            session=FakeSession(ANNA),
            board=self.board,
            store=self.store,
            clock=clock,
            taken=lambda alarm: self.receipts.append(alarm.id),
            run=self._run,
        )

    @staticmethod
    def _run(work: Coroutine[Any, Any, None]) -> None:
        at_once(work)

    def last(self) -> Step:
        return self.store.history[-1].step


@pytest.fixture
def desk(clock: FakeClock) -> Desk:
    return Desk(clock, an_alarm())


def test_an_alarm_is_taken_shown_stored_and_its_transmitter_told(
    desk: Desk, clock: FakeClock
) -> None:
    now = clock.advance(5)
    alarm = at_once(desk.act.take(A1))
    assert (alarm.taken_by, alarm.taken_at) == (ANNA, now)
    assert desk.board.get(A1) == alarm == desk.store.every()[0]
    assert desk.receipts == [A1]


def test_taking_what_somebody_has_says_who(clock: FakeClock) -> None:
    desk = Desk(clock, an_alarm().after(Taken(at=NOW, by=BO)))
    with pytest.raises(AlreadyTaken) as told:
        at_once(desk.act.take(A1))
    assert (told.value.by, told.value.at) == (BO, NOW)
    assert desk.receipts == []


def test_a_board_that_lags_behind_learns_who_was_first(desk: Desk) -> None:
    theirs = an_alarm().after(Taken(at=NOW, by=BO))
    desk.store.put(theirs, Taken(at=NOW, by=BO))
    with pytest.raises(AlreadyTaken):
        at_once(desk.act.take(A1))
    assert desk.board.get(A1) == theirs


def test_the_next_is_the_most_urgent_that_nobody_has(clock: FakeClock) -> None:
    desk = Desk(
        clock,
        an_alarm("tech", kind=Kind.TECHNICAL),
        an_alarm("had", code="x").after(Taken(at=NOW, by=BO)),
        an_alarm("late", code="y", received_at=NOW + timedelta(seconds=1)),
        an_alarm("first", code="z"),
    )
    taken = [at_once(desk.act.take_next()) for _ in range(4)]
    assert [alarm.id if alarm else None for alarm in taken] == ["first", "late", "tech", None]


@pytest.mark.parametrize("resolved", [False, True])
def test_whoever_is_beaten_gets_the_one_after_it(clock: FakeClock, resolved: bool) -> None:
    desk = Desk(clock, an_alarm(), an_alarm("a2", code="x", received_at=NOW + timedelta(1)))
    theirs = an_alarm().after(Taken(at=NOW, by=BO))
    desk.store.put(theirs, Taken(at=NOW, by=BO))
    if resolved:
        step = Resolved(at=NOW, by=BO, outcome=Outcome.TEST)
        desk.store.put(theirs.after(step), step)
    taken = at_once(desk.act.take_next())
    assert taken is not None
    assert taken.id == "a2"


def test_an_emergency_goes_through_responder_and_arrival_to_its_outcome(desk: Desk) -> None:
    at_once(desk.act.take(A1))
    until = NOW + timedelta(minutes=30)
    alarm = at_once(desk.act.call_responder(A1, responder="Per", until=until))
    assert (alarm.state, alarm.awaiting_until) == (State.AWAITING, until)
    with pytest.raises(IllegalStep):
        at_once(desk.act.resolve(A1, Outcome.RESPONDER_SENT))
    at_once(desk.act.confirm_arrival(A1, responder="Per"))
    alarm = at_once(desk.act.resolve(A1, Outcome.RESPONDER_SENT))
    assert (alarm.outcome, alarm.resolved_by) == (Outcome.RESPONDER_SENT, ANNA)
    assert desk.board.alarms() == []
    assert desk.board.last_resolved == alarm
    alarm = at_once(desk.act.correct(A1, Outcome.FALSE_ALARM, "tog fejl"))
    assert alarm.outcome is Outcome.FALSE_ALARM
    names = [type(one.step).__name__ for one in at_once(desk.act.history(A1))]
    assert names == ["Raised", "Taken", "ResponderCalled", "Arrived", "Resolved", "Corrected"]


def test_an_emergency_is_released_but_never_shelved(desk: Desk) -> None:
    at_once(desk.act.take(A1))
    with pytest.raises(IllegalStep):
        at_once(desk.act.shelve(A1, until=NOW + timedelta(hours=1), reason="r"))
    assert at_once(desk.act.release(A1)).state is State.RAISED


def test_a_technical_alarm_is_shelved_until_a_time_for_a_reason(clock: FakeClock) -> None:
    desk = Desk(clock, an_alarm(kind=Kind.TECHNICAL))
    until = NOW + timedelta(hours=1)
    alarm = at_once(desk.act.shelve(A1, until=until, reason="batteri bestilt"))
    assert (alarm.shelved_until, alarm.shelf_reason) == (until, "batteri bestilt")
    assert desk.board.alarms() == [alarm], "out of sight, not out of mind"


def test_notes_calls_and_owners_are_written_down(desk: Desk) -> None:
    at_once(desk.act.note(A1, "  hører dårligt "))
    assert desk.last() == Noted(at=NOW, by=ANNA, text="hører dårligt")
    at_once(desk.act.called(A1, CallId("c"), "citizen"))
    assert desk.last() == Called(at=NOW, by=ANNA, call=CallId("c"), whom="citizen")
    alarm = at_once(desk.act.give(A1, CitizenId("k")))
    assert desk.last() == Given(at=NOW, by=ANNA, citizen=CitizenId("k"))
    assert alarm.citizen == "k"


def test_an_empty_note_is_none(desk: Desk) -> None:
    at_once(desk.act.note(A1, "  \n"))
    assert len(desk.store.history) == 1


def test_a_colleague_may_note_on_anybodys_alarm(clock: FakeClock) -> None:
    desk = Desk(clock, an_alarm().after(Taken(at=NOW, by=BO)))
    assert at_once(desk.act.note(A1, "pårørende ringede")).taken_by == BO


def test_similar_alarms_of_thirty_days_without_itself(clock: FakeClock) -> None:
    def of(name: str, days: int, **fields: object) -> Alarm:
        return an_alarm(name, received_at=NOW - timedelta(days=days), **fields)

    desk = Desk(clock, of("a1", 0), of("old", 31), of("new", 29), of("t", 1, kind=Kind.TECHNICAL))
    assert [one.id for one in at_once(desk.act.similar(of("a1", 0)))] == ["new"]


def test_without_a_database_a_stored_alarm_is_refused_with_its_reason_and_stands(
    desk: Desk,
) -> None:
    desk.store.fault = StoreUnavailable("locked")
    with pytest.raises(StoreUnavailable):
        at_once(desk.act.take(A1))
    assert desk.board.get(A1) == an_alarm()


def test_an_alarm_that_is_not_there_is_said_so(desk: Desk) -> None:
    with pytest.raises(NotFound):
        at_once(desk.act.take(AlarmId("gone")))


def test_one_that_stays_untaken_here_though_somebody_has_it_is_tried_once(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(clock, an_alarm(), an_alarm("a2", code="x", received_at=NOW + timedelta(1)))
    act = desk.act.act

    async def refused(alarm: AlarmId, step: Taken) -> Alarm:
        if alarm == A1:
            raise AlreadyTaken(BO, NOW, provisional=True)
        return await act(alarm, step)

    monkeypatch.setattr(desk.act, "act", refused)
    taken = at_once(desk.act.take_next())
    assert taken is not None
    assert taken.id == "a2"
    assert at_once(desk.act.take_next()) is None
