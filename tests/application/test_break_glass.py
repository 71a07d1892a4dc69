"""Every act asks whether it may; a locked desk takes and calls an emergency all the same, and says so."""

from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from typing import Any

import pytest

from tests.builders import HADERSLEV, HJORRING, NOW, a_hub, a_visit, an_alarm
from tests.fakes import FakeBrowser, FakeClock, FakeLine, FakeSession
from tests.fakes_store import FakeAlarmStore, FakeCallLog, FakeRegister, FakeRoundStore
from tests.waiting import at_once
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.callback import Callback
from workstation.application.citizens import Citizens
from workstation.application.day_round import DayRound
from workstation.application.errors import AlreadyTaken
from workstation.application.ports import RegisterEntry
from workstation.application.session import NotAllowed
from workstation.domain.access import Looked
from workstation.domain.alarm import Alarm, State
from workstation.domain.call import LineEvent, LineState
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId, DeviceName, Operator, VisitId
from workstation.domain.rights import GLASS, Role
from workstation.domain.round import Look, Reason, VisitKind
from workstation.domain.steps import Called, Noted, Taken

A1, A2 = AlarmId("a1"), AlarmId("a2")
KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen", numbers=("+4574621048",))
AKSEL = Citizen(id=CitizenId("c2"), kommune=HJORRING, name="Aksel", numbers=("+4574621049",))
EMERGENCY = an_alarm("a1", citizen=KAREN.id)
TECHNICAL = an_alarm("a2", kind=Kind.TECHNICAL, code="battery")
LATER = NOW + timedelta(minutes=30)
NOBODY = "break-glass@desk-1"


class Whole:
    """A desk with its register, telephone and round."""

    def __init__(self, clock: FakeClock, *alarms: Alarm) -> None:
        self.session = FakeSession()
        self.board, self.store = Board(clock, a_hub()), FakeAlarmStore(*alarms)
        self.board.load(list(alarms))
        self.register = FakeRegister(KAREN, AKSEL)
        self.citizens = Citizens(
            register=self.register, clock=clock, session=self.session, alarm_of=self.board.get
        )
        at_once(self.citizens.load())
        self.desk = AlarmDesk(
            session=self.session,
            board=self.board,
            store=self.store,
            clock=clock,
            taken=lambda _alarm: None,
            run=lambda work: work.close(),
        )
        self.desk.watch_glass(lambda alarm: at_once(self.citizens.broke_glass(alarm)))
        self.line, self.log = FakeLine(), FakeCallLog()
        self.phone = Callback(
            line=self.line,
            log=self.log,
            clock=clock,
            caller=self.desk.caller,
            new_id=lambda _now: CallId("call-1"),
            placed=self.desk.called,
            run=at_once,
        )
        self.phone.line_event(LineEvent(state=LineState.READY, at=NOW))
        self.visits = FakeRoundStore(
            a_visit(citizen=KAREN.id),
            a_visit(id=VisitId("v2"), citizen=KAREN.id, kind=VisitKind.NIGHT_CHECK),
            a_visit(id=VisitId("v3"), citizen=AKSEL.id, kommune=HJORRING),
        )
        self.round = DayRound(
            store=self.visits,
            citizens=self.citizens,
            browser=FakeBrowser(),
            call=lambda citizen: self.phone.call_citizen(citizen, alarm=None),
            clock=clock,
            zone=NOW.tzinfo,
            url_template="https://x.example/{visit}",
        )
        at_once(self.round.load(date(2026, 3, 14)))

    def steps(self) -> list[tuple[type, str]]:
        return [
            (type(one.step), one.step.by) for one in self.store.history if one.step.by != "system"
        ]


Act = Callable[[Whole], Coroutine[Any, Any, object]]
ACTS: dict[str, Act] = {
    "take": lambda desk: desk.desk.take(A1),
    "take_next": lambda desk: desk.desk.take_next(),
    "take_over": lambda desk: desk.desk.take_over(A1),
    "release": lambda desk: desk.desk.release(A1),
    "shelve": lambda desk: desk.desk.shelve(A1, until=LATER, reason="r"),
    "call_responder": lambda desk: desk.desk.call_responder(A1, responder="P", until=LATER),
    "confirm_arrival": lambda desk: desk.desk.confirm_arrival(A1, responder="P"),
    "note": lambda desk: desk.desk.note(A1, "n"),
    "called": lambda desk: desk.desk.called(A1, CallId("c"), "citizen"),
    "give": lambda desk: desk.desk.give(A1, KAREN.id),
    "resolve": lambda desk: desk.desk.resolve(A1, Outcome.TEST),
    "correct": lambda desk: desk.desk.correct(A1, Outcome.TEST, "t"),
    "card": lambda desk: desk.citizens.card(KAREN.id, alarm=A1),
    "cpr": lambda desk: desk.citizens.cpr(KAREN.id, alarm=A1),
    "looked": lambda desk: desk.citizens.looked(KAREN.id, Looked.TELEMETRY, alarm=A1),
    "put": lambda desk: desk.citizens.put(RegisterEntry(citizen=KAREN), []),
    "call_citizen": lambda desk: desk.phone.call_citizen(KAREN, alarm=A1),
    "call": lambda desk: desk.phone.call("+4574621050", whom="x", citizen=None, alarm=None),
    "start": lambda desk: desk.round.start(VisitId("v1")),
    "finish": lambda desk: desk.round.finish(VisitId("v1")),
    "look": lambda desk: desk.round.record_look(VisitId("v2"), Look.ASLEEP),
    "cancel": lambda desk: desk.round.cancel(VisitId("v1"), Reason.AWAY),
    "not_done": lambda desk: desk.round.not_done(VisitId("v1"), Reason.AWAY),
    "back": lambda desk: desk.round.back(VisitId("v1")),
    "assign": lambda desk: desk.round.assign(VisitId("v1"), Operator("bo")),
}
GLASS_ACTS = {"take", "take_next", "take_over", "called", "call_citizen", "card"}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("who", ["it", "elsewhere", "nobody", "locked"])
def test_whoever_may_not_changes_nothing(clock: FakeClock, act: Act, who: str) -> None:
    desk = Whole(clock, an_alarm("a1", kind=Kind.SUPERVISION, citizen=KAREN.id))
    if who == "nobody":
        desk.session.leave()
    else:
        role = Role.IT if who == "it" else Role.NIGHT
        desk.session.sit("kim", role, ["0860"] if who == "elsewhere" else ["0510", "0860"])
        if who == "locked":
            desk.session.lock()
    if who == "elsewhere" and act in (ACTS["take_next"], ACTS["call"]):
        return  # nothing of theirs waits, and a number belongs to no kommune
    with pytest.raises(NotAllowed):
        at_once(act(desk))
    assert desk.steps() == []
    assert desk.register.log_entries == []
    assert desk.log.records == {}
    assert desk.line.orders == []
    assert [visit.version for visit in at_once(desk.visits.visits(NOW, LATER))] == [0, 0, 0]


@pytest.mark.parametrize("act", [one for one in ACTS if one not in GLASS_ACTS])
@pytest.mark.parametrize("locked", [True, False])
def test_glass_is_broken_for_nothing_but_taking_and_calling(
    clock: FakeClock, act: str, locked: bool
) -> None:
    desk = Whole(clock, EMERGENCY)
    _shut(desk, locked=locked)
    with pytest.raises(NotAllowed):
        at_once(ACTS[act](desk))
    assert desk.steps() == []
    assert desk.register.log_entries == []


def _shut(desk: Whole, *, locked: bool) -> None:
    if locked:
        desk.session.sit("anna")
        desk.session.lock()
    else:
        desk.session.leave()


@pytest.mark.parametrize(("locked", "by"), [(True, "anna"), (False, NOBODY)])
def test_a_locked_desk_takes_and_calls_an_emergency_and_it_is_logged(
    clock: FakeClock, locked: bool, by: str
) -> None:
    desk = Whole(clock, EMERGENCY, TECHNICAL)
    _shut(desk, locked=locked)
    taken = at_once(desk.desk.take_next())
    assert taken is not None
    assert (taken.id, taken.taken_by) == (A1, by)
    card = at_once(desk.citizens.card(KAREN.id, alarm=A1))
    at_once(desk.phone.call_citizen(card, alarm=A1))
    assert desk.line.orders == [("call", "call-1", "+4574621048")]
    assert desk.log.records["call-1"].operator == by
    assert desk.steps() == [(Taken, by), (Noted, by), (Called, by), (Noted, by)]
    assert [one.step.text for one in desk.store.history if isinstance(one.step, Noted)] == [
        GLASS
    ] * 2
    assert {
        (one.operator, one.citizen, one.alarm, one.why) for one in desk.register.log_entries
    } == {(by, KAREN.id, A1, "break_glass")}
    desk.phone.hang_up()
    assert desk.line.orders[-1] == ("hang_up", "call-1"), "a call that is on is always in hand"
    with pytest.raises(NotAllowed):
        at_once(desk.desk.resolve(A1, Outcome.TEST))


def test_an_emergency_of_nobody_known_leaves_its_line_too(clock: FakeClock) -> None:
    desk = Whole(clock, an_alarm())
    desk.session.leave()
    at_once(desk.desk.take(A1))
    assert [(one.citizen, one.why) for one in desk.register.log_entries] == [("", "break_glass")]


def test_what_is_no_emergency_waits_for_a_person(clock: FakeClock) -> None:
    desk = Whole(clock, TECHNICAL)
    desk.session.leave()
    with pytest.raises(NotAllowed):
        at_once(desk.desk.take_next())
    with pytest.raises(NotAllowed):
        at_once(desk.desk.take(A2))
    with pytest.raises(NotAllowed):
        at_once(desk.phone.call_citizen(KAREN, alarm=A2))


def test_one_emergency_opens_nobody_elses_card(clock: FakeClock) -> None:
    desk = Whole(clock, EMERGENCY)
    desk.session.leave()
    with pytest.raises(NotAllowed):
        at_once(desk.citizens.card(AKSEL.id, alarm=A1))
    with pytest.raises(NotAllowed):
        at_once(desk.citizens.card(KAREN.id, alarm=None))
    with pytest.raises(NotAllowed):
        at_once(desk.citizens.card(KAREN.id, alarm=AlarmId("gone")))


def test_names_are_there_for_whom_they_concern(clock: FakeClock) -> None:
    desk = Whole(clock)
    told: list[str] = []
    desk.citizens.watch(lambda: told.append(desk.citizens.name_of(KAREN.id)))
    for role, kommune, names in (
        (Role.OPERATOR, "0510", ["Karen"]),
        (Role.NIGHT, "0860", ["Aksel"]),
        (Role.IT, "0510", []),
    ):
        desk.session.sit("kim", role, [kommune])
        assert [one.name for one in desk.citizens.all()] == names
    desk.session.sit("kim")
    desk.session.lock()
    assert desk.citizens.all() == []
    assert told == ["Karen", "", "", "Karen", ""]


def test_a_card_does_not_move_out_of_ones_kommuner_nor_into_them(clock: FakeClock) -> None:
    desk = Whole(clock)
    desk.session.sit("kim", Role.OPERATOR, ["0510"])
    pendant = Device(name=DeviceName("p"), kommune=HJORRING, citizen=KAREN.id)
    moved = Citizen(id=AKSEL.id, kommune=HADERSLEV, name="Aksel")
    away = Citizen(id=KAREN.id, kommune=HJORRING, name="Karen")
    for entry, devices in ((KAREN, [pendant]), (moved, []), (away, [])):
        with pytest.raises(NotAllowed):
            at_once(desk.citizens.put(RegisterEntry(citizen=entry), devices))
    at_once(desk.citizens.put(RegisterEntry(citizen=KAREN), []))


def test_a_citizen_who_came_since_the_last_look_is_asked_for_too(clock: FakeClock) -> None:
    desk = Whole(clock)
    desk.session.sit("kim", Role.OPERATOR, ["0510"])
    new = Citizen(id=CitizenId("c3"), kommune=HJORRING, name="Ny")
    at_once(desk.register.put([RegisterEntry(citizen=new, cpr="9999999999")], []))
    with pytest.raises(NotAllowed):
        at_once(desk.citizens.card(new.id, alarm=None))
    with pytest.raises(NotAllowed):
        at_once(desk.citizens.cpr(new.id, alarm=None))
    assert desk.register.log_entries == []


def test_a_colleagues_alarm_is_theirs(clock: FakeClock) -> None:
    desk = Whole(clock, EMERGENCY.after(Taken(at=NOW, by=Operator("bo"))))
    desk.session.sit("anna")
    for act in ("take", "take_over", "release", "call_responder", "confirm_arrival", "resolve"):
        with pytest.raises(AlreadyTaken) as told:
            at_once(ACTS[act](desk))
        assert (told.value.by, told.value.at) == ("bo", NOW)
    at_once(desk.desk.note(A1, "pårørende ringede"))
    assert desk.steps() == [(Noted, "anna")]


def test_a_supervisor_takes_over_in_two_steps_that_stay(clock: FakeClock) -> None:
    desk = Whole(clock, EMERGENCY.after(Taken(at=NOW, by=Operator("bo"))))
    desk.session.sit("eva", Role.SUPERVISOR)
    with pytest.raises(AlreadyTaken):
        at_once(desk.desk.resolve(A1, Outcome.TEST))
    alarm = at_once(desk.desk.take_over(A1))
    assert (alarm.taken_by, alarm.state) == ("eva", State.TAKEN)
    assert [kind.__name__ for kind, _by in desk.steps()] == ["Released", "Taken"]
    at_once(desk.desk.take_over(A1))
    at_once(desk.desk.release(A1))
    assert at_once(desk.desk.take_over(A1)).taken_by == "eva"


def test_a_night_check_is_for_the_night_staff(clock: FakeClock) -> None:
    desk = Whole(clock)
    desk.session.sit("kim", Role.OPERATOR)
    with pytest.raises(NotAllowed):
        at_once(desk.round.start(VisitId("v2")))
    following = desk.round.next_visit()
    assert following is not None
    assert following.id != "v2"
    desk.session.sit("eva", Role.NIGHT)
    at_once(desk.round.start(VisitId("v2")))
    assert desk.register.log_entries[-1].what is Looked.NIGHT_CHECK


def test_the_round_shows_the_visits_of_ones_own_kommuner(clock: FakeClock) -> None:
    desk = Whole(clock)
    assert len(desk.round.visits) == 3
    desk.session.sit("kim", Role.OPERATOR, ["0860"])
    assert [visit.id for visit in desk.round.visits] == ["v3"]
    desk.session.sit("ida", Role.IT)
    assert desk.round.visits == []
    assert desk.round.next_visit() is None
