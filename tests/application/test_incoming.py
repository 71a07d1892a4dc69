"""A call that comes in rings, is an alarm at once, and waits in its turn."""

from datetime import timedelta

import pytest

from tests.builders import ANNA, HADERSLEV, HJORRING, a_hub, a_report, an_alarm
from tests.fakes import FakeClock, FakeLine, FakeSession
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter, FakeCallLog
from tests.waiting import at_once
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.desk_phone import DeskPhone
from workstation.application.directory import Directory
from workstation.application.facts import Arrived, Stored
from workstation.application.incoming import Incoming, Left
from workstation.application.voice_alarms import CALLED, VoiceAlarms
from workstation.domain.call import (
    CallEvent,
    CallResult,
    CallState,
    IncomingCall,
    LineEvent,
    LineState,
)
from workstation.domain.citizen import Citizen, Device, DeviceClass
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, CallId, CitizenId, DeviceName
from workstation.domain.rights import Role
from workstation.domain.steps import Escalated

KAREN = Citizen(
    id=CitizenId("c1"), kommune=HADERSLEV, name="Karen", numbers=("+4574621048", "+4520304050")
)
UNIT = Device(
    name=DeviceName("0042"), kommune=HJORRING, device_class=DeviceClass.PENDANT,
    location="stue",
)  # fmt: skip


class Hub:
    """What desks share: the store, and the clock."""

    def __init__(self) -> None:
        self.clock, self.store = FakeClock(), FakeAlarmStore()
        self.writer = FakeAlarmWriter(self.store)


class DeskOf:
    """One desk that a call can reach; reports are stored as they are filed."""

    def __init__(self, hub: Hub, *auto_answer: DeviceClass, name: str = "1") -> None:
        self.hub, self.clock, self.name = hub, hub.clock, name
        self.line, self.log, self.session = FakeLine(), FakeCallLog(), FakeSession(ANNA)
        self.board = Board(hub.clock, a_hub())
        self.alarms = AlarmDesk(
            session=self.session, board=self.board, store=hub.store, clock=hub.clock,
            taken=lambda _alarm: None, run=at_once,
        )  # fmt: skip
        self.phone = DeskPhone(
            line=self.line, log=self.log, clock=hub.clock, caller=self.alarms.caller,
            new_id=lambda _now: CallId(f"out-{len(self.log.records)}"),
            placed=self.alarms.called, run=at_once,
        )  # fmt: skip
        self.phone.line_event(LineEvent(state=LineState.READY, at=hub.clock.now()))
        self.made = 0
        self.incoming = Incoming(
            line=self.line,
            phone=self.phone,
            alarms=VoiceAlarms(
                board=self.board,
                directory=lambda: Directory.of([KAREN], [UNIT]),
                file=self._file,
                clock=hub.clock,
                home=HADERSLEV,
                new_id=self._new_id,
            ),
            session=self.session,
            take=self.alarms.take,
            run=at_once,
            auto_answer=auto_answer,
        )
        self.left: list[Left] = []
        self.incoming.watch_left(self.left.append)

    def _new_id(self, _now) -> AlarmId:
        self.made += 1
        return AlarmId(f"desk{self.name}-{self.made}")

    def _file(self, report) -> None:
        self.board.arrived(Arrived(reports=(report,)))
        self.board.stored(Stored(filed=tuple(self.hub.writer.file([report]))))

    def rings(self, call="in-1", number="+4574621048", caller="", dialog="") -> None:
        self.incoming.came(
            IncomingCall(
                call=CallId(call),
                caller=caller or f"sip:{number}@pbx",
                number=number,
                name="",
                called="hub",
                at=self.clock.now(),
                dialog=dialog,
            )
        )
        self.hears(call, CallState.INCOMING)

    def hears(self, call, state, **fields) -> None:
        event = CallEvent(call=CallId(call), state=state, at=self.clock.now(), **fields)
        self.incoming.call_event(event)
        self.phone.call_event(event)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def desk(hub) -> DeskOf:
    return DeskOf(hub)


def waiting(desk):
    return [one.call for one in desk.incoming.waiting()]


def test_a_citizens_call_is_an_emergency_before_anybody_answers(desk):
    desk.rings()
    (alarm,) = desk.hub.store.every()
    assert (alarm.kind, alarm.source, alarm.code) == (Kind.EMERGENCY, Source.VOICE, CALLED)
    assert (alarm.citizen, alarm.kommune, alarm.voice) == (KAREN.id, HADERSLEV, "+4574621048")
    assert (waiting(desk), alarm.is_untaken) == (["in-1"], True)


def test_the_first_desk_to_answer_has_it_and_the_others_see_who(hub):
    one, two = DeskOf(hub), DeskOf(hub, name="2")
    for desk in (one, two):
        desk.rings(dialog="abc@pbx")
    assert len(hub.store.every()) == 1, "however many desks it rings at"
    assert hub.store.every()[0].repeats == 0
    two.incoming.answer()
    assert two.line.orders == [("answer", "in-1")]
    one.hears("in-1", CallState.ENDED, result=CallResult.TAKEN_ELSEWHERE)
    assert waiting(one) == waiting(two) == []
    assert one.left[0].result is CallResult.TAKEN_ELSEWHERE
    assert one.log.records == {}, "it stands in the log of the desk that answered"
    one.board.put(hub.store.every()[0])
    taken = one.incoming.alarm_of(one.left[0].waiting)
    assert taken is not None
    assert taken.taken_by == ANNA


def test_an_answered_call_is_in_front_and_in_the_log(desk):
    desk.rings()
    desk.clock.advance(4)
    desk.incoming.answer(CallId("in-1"))
    assert desk.phone.view.state is CallState.INCOMING
    desk.hears("in-1", CallState.IN_CALL)
    desk.clock.advance(30)
    desk.hears("in-1", CallState.ENDED, result=CallResult.ANSWERED)
    record = desk.log.records["in-1"]
    assert (record.incoming, record.result, record.citizen) == (True, CallResult.ANSWERED, KAREN.id)
    assert record.answered_at - record.started_at == timedelta(seconds=4)
    assert record.alarm == desk.hub.store.every()[0].id
    assert desk.hub.store.every()[0].taken_by == ANNA


def test_who_gives_up_stays_as_an_alarm_to_call_back(desk):
    desk.rings()
    desk.hears("in-1", CallState.ENDED, result=CallResult.ABANDONED, sip_code=487)
    (alarm,) = desk.hub.store.every()
    assert alarm.is_untaken
    assert waiting(desk) == []
    assert desk.log.records["in-1"].result is CallResult.ABANDONED
    assert desk.left[0].result is CallResult.ABANDONED


def test_who_has_an_open_emergency_is_folded_into_it(desk):
    old = an_alarm("a1", citizen=KAREN.id, received_at=desk.clock.now() - timedelta(minutes=5))
    desk.hub.writer.file([a_report(old)])
    desk.board.put(old)
    desk.rings()
    (alarm,) = desk.hub.store.every()
    assert (alarm.id, alarm.repeats) == ("a1", 1)
    desk.incoming.answer()
    assert desk.hub.store.every()[0].taken_by == ANNA


def test_the_voice_of_what_was_just_pressed_is_no_second_press(desk):
    pressed = an_alarm("a1", device=UNIT.name, kommune=HJORRING)
    desk.hub.store.put(pressed)
    desk.board.put(pressed)
    desk.rings(number="", caller="sip:42@10.0.0.7")
    (alarm,) = desk.hub.store.every()
    assert alarm.repeats == 0
    assert desk.incoming.waiting()[0].alarm == "a1"


def test_an_unknown_caller_is_an_alarm_of_the_first_kommune_and_folds_with_itself(desk):
    desk.rings(number="+4599999999")
    desk.hears("in-1", CallState.ENDED, result=CallResult.ABANDONED)
    desk.clock.advance(300)
    desk.rings("in-2", number="+4599999999")
    (alarm,) = desk.hub.store.every()
    assert (alarm.kommune, alarm.citizen, alarm.repeats) == (HADERSLEV, None, 1)
    assert desk.incoming.waiting()[0].alarm == alarm.id


def test_several_wait_in_order_and_an_escalated_one_comes_first(desk):
    desk.rings("in-1")
    desk.clock.advance(10)
    desk.rings("in-2", number="", caller="sip:0042@10.0.0.7")
    assert waiting(desk) == ["in-2", "in-1"], "an alarm unit before a telephone"
    karens = next(one for one in desk.hub.store.every() if one.citizen == KAREN.id)
    desk.board.put(karens.after(Escalated(at=desk.clock.now())))
    assert waiting(desk) == ["in-1", "in-2"]
    desk.incoming.answer()
    assert waiting(desk) == ["in-2"]


def test_a_second_call_is_taken_with_the_first_on_hold(desk):
    desk.rings("in-1")
    desk.incoming.answer()
    desk.hears("in-1", CallState.IN_CALL)
    desk.rings("in-2", number="", caller="sip:0042@10.0.0.7")
    desk.incoming.answer()
    assert desk.line.orders[-2:] == [("hold", "in-1", True), ("answer", "in-2")]
    assert [one.call for one in desk.phone.view.others] == ["in-1"]


def test_it_rings_where_the_kommune_is_served(desk):
    desk.session.sit("bo", kommuner=[HJORRING])
    desk.rings()
    assert waiting(desk) == []
    desk.incoming.answer()
    assert desk.line.orders == []
    desk.session.sit("anna", kommuner=[HADERSLEV])
    assert waiting(desk) == ["in-1"]


def test_a_locked_desk_may_answer_somebody_who_calls_for_help(desk):
    desk.session.sit("anna")
    desk.session.lock()
    desk.rings()
    desk.incoming.answer()
    assert desk.line.orders == [("answer", "in-1")]


def test_a_supervisor_who_may_not_call_may_not_answer_and_it_rings_on(desk):
    desk.session.sit("sue", role=Role.IT)
    desk.rings()
    desk.incoming.answer()
    assert desk.line.orders == []


def test_units_of_a_kind_that_the_settings_name_are_answered_by_themselves(hub):
    desk = DeskOf(hub, DeviceClass.PENDANT)
    desk.rings()
    assert desk.line.orders == []
    desk.rings("in-2", number="", caller="sip:0042@10.0.0.7")
    assert desk.line.orders == [("answer", "in-2")]
    desk.hears("in-2", CallState.IN_CALL)
    desk.rings("in-3", number="", caller="sip:0042@10.0.0.7")
    assert desk.line.orders == [("answer", "in-2")], "never while one talks"


def test_to_let_another_desk_have_it(desk):
    desk.rings()
    desk.incoming.decline(CallId("in-1"))
    desk.incoming.decline(CallId("gone"))
    assert desk.line.orders == [("decline", "in-1", False)]
