"""Several calls at one desk: nobody is lost behind another."""

from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from tests.builders import ANNA
from tests.fakes import FakeClock, FakeLine
from tests.fakes_store import FakeCallLog
from tests.waiting import at_once
from workstation.application.callback import LineBusy
from workstation.application.desk_phone import DeskPhone, NotInCall
from workstation.application.numbers import BadNumber
from workstation.domain.call import (
    CallEvent,
    CallResult,
    CallState,
    LineEvent,
    LineState,
    Quality,
    Transfer,
    TransferState,
)
from workstation.domain.names import CallId, CitizenId

CLEAR = Quality(mos=4.4, loss_percent=0.0, jitter_ms=1.0, round_trip_ms=20.0)
KAREN, METTE = "+4574621048", "+4520304050"


class Phone:
    def __init__(self) -> None:
        self.clock, self.line, self.log = FakeClock(), FakeLine(), FakeCallLog()
        self.begun: list[Coroutine[Any, Any, object]] = []
        self.calls = 0
        self.desk = DeskPhone(
            line=self.line, log=self.log, clock=self.clock, caller=lambda *_: ANNA,
            new_id=self._new_id, placed=self._placed, run=self.begun.append,
        )  # fmt: skip
        self.desk.line_event(LineEvent(state=LineState.READY, at=self.clock.now()))

    def _new_id(self, _now: object) -> CallId:
        self.calls += 1
        return CallId(f"call-{self.calls}")

    async def _placed(self, *_: object) -> None:
        return None

    def hears(self, number: int, state: CallState, **fields: object) -> None:
        call = CallId(f"call-{number}")
        self.desk.call_event(CallEvent(call=call, state=state, at=self.clock.now(), **fields))

    def talks_with_karen(self) -> None:
        at_once(self.desk.call(KAREN, whom="citizen", citizen=CitizenId("c1"), alarm=None))
        self.hears(1, CallState.IN_CALL)

    def asks_mette(self) -> None:
        at_once(self.desk.consult(METTE, whom="Mette", citizen=None, alarm=None))
        self.hears(1, CallState.HELD)
        self.hears(2, CallState.IN_CALL)
        self.line.orders.clear()


@pytest.fixture
def phone() -> Iterator[Phone]:
    one = Phone()
    yield one
    for work in one.begun:
        at_once(work)


def others(phone: Phone) -> list[object]:
    return [one.call for one in phone.desk.view.others]


def test_somebody_is_asked_while_the_citizen_waits_on_hold(phone: Phone) -> None:
    phone.talks_with_karen()
    at_once(phone.desk.consult(METTE, whom="Mette", citizen=None, alarm=None))
    assert phone.line.orders[-2:] == [("hold", "call-1", True), ("call", "call-2", METTE)]
    assert (phone.desk.view.call, others(phone)) == ("call-2", ["call-1"])
    phone.hears(1, CallState.HELD)
    assert phone.desk.view.others[0].held


def test_nobody_is_asked_while_the_first_is_only_dialled(phone: Phone) -> None:
    at_once(phone.desk.call(KAREN, whom="citizen", citizen=None, alarm=None))
    with pytest.raises(LineBusy):
        at_once(phone.desk.consult(METTE, whom="Mette", citizen=None, alarm=None))
    assert phone.calls == 1


def test_one_goes_to_and_fro(phone: Phone) -> None:
    phone.talks_with_karen()
    phone.asks_mette()
    phone.desk.swap()
    assert phone.line.orders == [("hold", "call-2", True), ("hold", "call-1", False)]
    assert (phone.desk.view.call, others(phone)) == ("call-1", ["call-2"])
    phone.desk.swap(CallId("gone"))
    assert phone.desk.view.call == "call-1"


def test_the_one_on_hold_is_still_there_when_the_other_has_ended(phone: Phone) -> None:
    phone.talks_with_karen()
    phone.asks_mette()
    phone.hears(2, CallState.ENDED, result=CallResult.ANSWERED)
    assert (phone.desk.view.is_on, others(phone)) == (False, ["call-1"])
    phone.desk.hang_up()
    assert phone.line.orders == [], "the key that ended one never ends the other"
    phone.desk.hold(False)
    assert phone.line.orders == [("hold", "call-1", False)]
    assert phone.desk.view.call == "call-1"


def test_who_gives_up_on_hold_is_gone_and_in_the_log(phone: Phone) -> None:
    phone.talks_with_karen()
    phone.asks_mette()
    phone.hears(1, CallState.ENDED, result=CallResult.ANSWERED)
    assert (phone.desk.view.call, others(phone)) == ("call-2", [])
    while phone.begun:
        at_once(phone.begun.pop(0))
    assert phone.log.records["call-1"].ended_at is not None


def test_a_call_is_handed_over_unasked(phone: Phone) -> None:
    with pytest.raises(NotInCall):
        phone.desk.transfer(METTE)
    phone.talks_with_karen()
    phone.desk.transfer("20 30 40 50")
    assert phone.line.orders[-1] == ("transfer", "call-1", METTE)
    with pytest.raises(BadNumber):
        phone.desk.transfer("nobody")
    phone.hears(1, CallState.IN_CALL, transfer=Transfer(state=TransferState.FAILED, sip_code=486))
    view = phone.desk.view
    assert view.transfer is not None
    assert view.transfer.state is TransferState.FAILED


def test_the_log_keeps_quality_and_to_whom_a_call_was_handed(phone: Phone) -> None:
    phone.talks_with_karen()
    for target, state, code in ((METTE, "failed", 486), ("112", "done", 200)):
        phone.desk.transfer(target)
        told = Transfer(state=TransferState(state), sip_code=code)
        phone.hears(1, CallState.IN_CALL, transfer=Transfer(state=TransferState.ASKED))
        phone.hears(1, CallState.IN_CALL, transfer=told)
        phone.hears(1, CallState.IN_CALL, transfer=told, quality=CLEAR)
    phone.hears(1, CallState.ENDED, result=CallResult.ANSWERED)
    while phone.begun:
        at_once(phone.begun.pop(0))
    record = phone.log.records["call-1"]
    assert record.quality == CLEAR
    handed = [(one.target, one.state, one.sip_code) for one in record.transfers]
    assert handed == [(METTE, TransferState.FAILED, 486), ("112", TransferState.DONE, 200)]


def test_the_one_who_waits_is_handed_to_the_one_who_was_asked(phone: Phone) -> None:
    phone.talks_with_karen()
    with pytest.raises(NotInCall):
        phone.desk.connect()
    phone.asks_mette()
    phone.desk.connect()
    assert phone.line.orders == [("transfer_to", "call-1", "call-2")]


def test_three_talk_and_part(phone: Phone) -> None:
    phone.talks_with_karen()
    with pytest.raises(NotInCall):
        phone.desk.join()
    phone.asks_mette()
    phone.desk.join()
    assert phone.line.orders == [("hold", "call-1", False), ("join", ("call-2", "call-1"))]
    phone.hears(1, CallState.IN_CALL, joined=True)
    phone.hears(2, CallState.IN_CALL, joined=True)
    assert phone.desk.view.joined
    assert phone.desk.view.others[0].joined
    phone.line.orders.clear()
    phone.desk.part()
    assert phone.line.orders == [("join", ()), ("hold", "call-1", True)]


def test_a_call_that_is_answered_behind_another_goes_on_hold(phone: Phone) -> None:
    at_once(phone.desk.call(KAREN, whom="citizen", citizen=None, alarm=None))
    phone.hears(1, CallState.IN_CALL)
    at_once(phone.desk.consult(METTE, whom="Mette", citizen=None, alarm=None))
    phone.desk.swap()
    phone.line.orders.clear()
    phone.hears(2, CallState.IN_CALL)
    assert phone.line.orders == [("hold", "call-2", True)]
    phone.hears(2, CallState.IN_CALL)
    assert len(phone.line.orders) == 1, "asked for once"


def test_the_desk_is_free_when_nobody_is_left(phone: Phone) -> None:
    assert phone.desk.is_free
    phone.talks_with_karen()
    phone.asks_mette()
    phone.hears(2, CallState.ENDED, result=CallResult.ANSWERED)
    assert not phone.desk.is_free
