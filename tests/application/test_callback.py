"""The telephone as an operator uses it: one call, always visible, always in the log."""

from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from tests.builders import ANNA, HADERSLEV, NOW
from tests.fakes import FakeClock, FakeLine
from tests.fakes_store import FakeCallLog
from tests.waiting import at_once
from workstation.application.callback import Callback, LineBusy, NoNumber, PhoneView
from workstation.application.errors import LineFailed, NotFound, StoreUnavailable
from workstation.application.numbers import BadNumber
from workstation.domain.alarm import IllegalStep, State
from workstation.domain.call import CallEvent, CallResult, CallState, LineEvent, LineState
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CallId, CitizenId

ONE, TWO = "+4574621048", "+4520304050"
KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen", numbers=(ONE, TWO))
ALARM = AlarmId("a1")


class Phone:
    """A Callback with everything around it visible."""

    def __init__(self) -> None:
        self.clock, self.line, self.log = FakeClock(), FakeLine(), FakeCallLog()
        self.begun: list[Coroutine[Any, Any, object]] = []
        self.placed: list[tuple[AlarmId, CallId, str]] = []
        self.refusal: Exception | None = None
        self.views: list[PhoneView] = []
        self.calls = 0
        self.desk = Callback(
            line=self.line,
            log=self.log,
            clock=self.clock,
            caller=lambda _alarm, _kommune: ANNA,
            new_id=self._new_id,
            placed=self._placed,
            run=self.begun.append,
        )
        self.desk.watch(self.views.append)
        self.says(LineState.READY)

    def _new_id(self, _now: object) -> CallId:
        self.calls += 1
        return CallId(f"call-{self.calls}")

    async def _placed(self, alarm: AlarmId, call: CallId, whom: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.placed.append((alarm, call, whom))

    def says(self, state: LineState, reason: str = "") -> None:
        self.desk.line_event(LineEvent(state=state, at=NOW, reason=reason))

    def hears(self, state: CallState, **fields: object) -> None:
        call = CallId(f"call-{self.calls}")
        self.desk.call_event(CallEvent(call=call, state=state, at=self.clock.now(), **fields))

    def ends(self, result: CallResult, code: int = 0) -> None:
        self.hears(CallState.ENDED, result=result, sip_code=code, sip_reason="r")

    def settle(self) -> None:
        """Let what was begun run to its end."""
        while self.begun:
            at_once(self.begun.pop(0))

    def karen(self) -> None:
        at_once(self.desk.call_citizen(KAREN, alarm=ALARM))


@pytest.fixture
def phone() -> Iterator[Phone]:
    one = Phone()
    yield one
    one.settle()


def test_one_key_calls_the_citizens_first_number(phone: Phone) -> None:
    phone.karen()
    assert phone.line.orders == [("call", "call-1", ONE)]
    view = phone.desk.view
    assert (view.state, view.target, view.whom, view.citizen, view.alarm) == (
        CallState.DIALLING,
        ONE,
        "citizen",
        KAREN.id,
        ALARM,
    )
    assert (view.started_at, view.is_on, view.last_target) == (NOW, True, ONE)
    assert phone.placed == [(ALARM, "call-1", "citizen")]


def test_a_call_runs_its_course_on_screen_and_in_the_log(phone: Phone) -> None:
    phone.karen()
    phone.settle()
    assert phone.log.records["call-1"].ended_at is None
    phone.hears(CallState.RINGING)
    answered = phone.clock.advance(5)
    phone.hears(CallState.IN_CALL, codec="G722")
    assert (phone.desk.view.answered_at, phone.desk.view.codec) == (answered, "G722")
    phone.hears(CallState.IN_CALL, sound_lost=True)
    assert phone.desk.view.sound_lost
    phone.settle()
    assert phone.log.records["call-1"].answered_at == answered
    ended = phone.clock.advance(60)
    phone.ends(CallResult.ANSWERED, 200)
    phone.settle()
    record = phone.log.records["call-1"]
    assert (record.started_at, record.answered_at, record.ended_at) == (NOW, answered, ended)
    assert (record.result, record.sip_code, record.operator) == (CallResult.ANSWERED, 200, ANNA)
    assert not phone.desk.view.is_on
    assert not phone.desk.view.sound_lost


@pytest.mark.parametrize(
    "result",
    [
        CallResult.BUSY,
        CallResult.NO_ANSWER,
        CallResult.DECLINED,
        CallResult.UNREACHABLE,
        CallResult.UNAUTHORISED,
        CallResult.LINE_LOST,
    ],
)
def test_a_call_that_came_to_nothing_offers_the_next_number(
    phone: Phone, result: CallResult
) -> None:
    phone.karen()
    assert phone.views[-1].next_number is None
    phone.ends(result)
    assert (phone.desk.view.result, phone.desk.view.next_number) == (result, TWO)
    at_once(phone.desk.next_number())
    assert phone.line.orders[-1] == ("call", "call-2", TWO)
    assert (phone.desk.view.citizen, phone.desk.view.alarm) == (KAREN.id, ALARM)
    phone.ends(result)
    assert phone.desk.view.next_number is None
    with pytest.raises(NoNumber):
        at_once(phone.desk.next_number())


def test_a_number_that_stands_twice_is_tried_once(phone: Phone) -> None:
    twice = Citizen(id=CitizenId("c2"), kommune=HADERSLEV, name="x", numbers=(ONE, ONE, TWO))
    at_once(phone.desk.call_citizen(twice, alarm=None))
    phone.ends(CallResult.BUSY)
    assert phone.desk.view.next_number == TWO


def test_a_citizen_without_a_number_is_said_so(phone: Phone) -> None:
    with pytest.raises(NoNumber):
        at_once(
            phone.desk.call_citizen(
                Citizen(id=CitizenId("c2"), kommune=HADERSLEV, name="x"), alarm=None
            )
        )
    assert phone.line.orders == []


def test_nobody_calls_twice_at_once(phone: Phone) -> None:
    phone.karen()
    for again in (
        phone.desk.call_citizen(KAREN, alarm=None),
        phone.desk.call(TWO, whom="x", citizen=None, alarm=None),
        phone.desk.redial(),
    ):
        with pytest.raises(LineBusy):
            at_once(again)
    assert phone.calls == 1


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (LineState.OFF, "", "off"),
        (LineState.DOWN, "crashed", "crashed"),
        (LineState.DOWN, "no_sound_device", "no_sound_device"),
        (LineState.DOWN, "", "down"),
    ],
)
def test_a_line_that_cannot_call_says_why(
    phone: Phone, state: LineState, reason: str, told: str
) -> None:
    phone.says(state, reason)
    with pytest.raises(LineFailed) as failed:
        phone.karen()
    assert failed.value.reason == told
    assert phone.line.orders == []


def test_an_unregistered_line_is_tried(phone: Phone) -> None:
    phone.says(LineState.UNREGISTERED)
    phone.karen()
    assert phone.desk.view.is_on


def test_a_line_that_refuses_ends_the_call_and_the_try_is_in_the_log(phone: Phone) -> None:
    phone.line.fault = LineFailed("simulated_number", target=ONE)
    with pytest.raises(LineFailed):
        phone.karen()
    phone.settle()
    record = phone.log.records["call-1"]
    assert (record.result, record.sip_reason) == (CallResult.FAILED, "simulated_number")
    assert record.ended_at is not None
    assert not phone.desk.view.is_on
    assert phone.desk.view.next_number == TWO


@pytest.mark.parametrize(
    "refusal",
    [
        StoreUnavailable("locked"),
        NotFound("a1"),
        IllegalStep("not_in_this_state", step="Called", state=State.RESOLVED),
    ],
)
def test_a_call_is_placed_though_its_alarm_cannot_note_it(phone: Phone, refusal: Exception) -> None:
    phone.refusal = refusal
    phone.karen()
    assert phone.desk.view.is_on


def test_the_free_dial_field_takes_any_number_and_offers_no_next(phone: Phone) -> None:
    at_once(phone.desk.call("20 30 40 50", whom="Lone", citizen=KAREN.id, alarm=None))
    assert phone.line.orders == [("call", "call-1", TWO)]
    assert phone.placed == []
    phone.ends(CallResult.BUSY)
    assert phone.desk.view.next_number is None
    with pytest.raises(BadNumber):
        at_once(phone.desk.call("nobody", whom="", citizen=None, alarm=None))


def test_redial_calls_whoever_was_called_last(phone: Phone) -> None:
    with pytest.raises(NoNumber):
        at_once(phone.desk.redial())
    phone.karen()
    phone.ends(CallResult.LINE_LOST)
    at_once(phone.desk.redial())
    assert phone.line.orders[-1] == ("call", "call-2", ONE)
    assert (phone.desk.view.whom, phone.desk.view.alarm) == ("citizen", ALARM)


def test_the_keys_of_a_call_reach_the_line(phone: Phone) -> None:
    for press in (phone.desk.hang_up, lambda: phone.desk.mute(True), lambda: phone.desk.hold(True)):
        press()
    phone.desk.dtmf("1")
    assert phone.line.orders == []
    phone.karen()
    phone.desk.dtmf("1")
    phone.desk.hold(True)
    assert len(phone.line.orders) == 1, "nobody to hold or to send tones to before the answer"
    phone.hears(CallState.IN_CALL)
    phone.desk.dtmf("12#")
    phone.desk.mute(True)
    phone.desk.hold(True)
    phone.hears(CallState.HELD)
    phone.desk.hold(False)
    phone.desk.hang_up()
    assert [order[0::2] for order in phone.line.orders[1:]] == [
        ("dtmf", "12#"),
        ("mute", True),
        ("hold", True),
        ("hold", False),
        ("hang_up",),
    ]


def test_muted_and_held_are_shown_when_they_are_so(phone: Phone) -> None:
    phone.karen()
    phone.hears(CallState.IN_CALL)
    phone.desk.mute(True)
    assert not phone.desk.view.muted
    phone.hears(CallState.IN_CALL, muted=True)
    assert phone.desk.view.muted
    phone.hears(CallState.HELD, muted=True)
    assert phone.desk.view.held
    phone.hears(CallState.IN_CALL)
    assert (phone.desk.view.held, phone.desk.view.muted) == (False, False)


def test_the_volume_is_kept_for_the_next_call_and_stays_in_bounds(phone: Phone) -> None:
    phone.desk.volume(9)
    assert phone.desk.view.volume == 2.0
    phone.karen()
    phone.hears(CallState.IN_CALL)
    assert phone.line.orders[-1] == ("volume", "call-1", 2.0)
    phone.desk.volume(-1)
    assert phone.line.orders[-1] == ("volume", "call-1", 0.0)


def test_news_of_another_call_or_after_the_end_changes_nothing(phone: Phone) -> None:
    phone.karen()
    phone.ends(CallResult.BUSY)
    view = phone.desk.view
    phone.hears(CallState.IN_CALL)
    phone.desk.call_event(CallEvent(call=CallId("other"), state=CallState.RINGING, at=NOW))
    assert phone.desk.view == view
