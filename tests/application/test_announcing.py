"""Calls that no desk takes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import HADERSLEV
from tests.fakes import FakeClock, FakeLine
from tests.fakes_store import FakeCallLog
from tests.waiting import at_once
from workstation.application.announcing import Announcing
from workstation.application.directory import Directory
from workstation.application.ports import Report
from workstation.application.voice_alarms import CALLED, VoiceAlarms
from workstation.domain.call import CallEvent, CallResult, CallState, IncomingCall
from workstation.domain.names import AlarmId, CallId

FILE = Path("announcement.wav")
CALL = CallId("in-1")


class _Line(FakeLine):
    def play(self, call: CallId, file: Path) -> None:
        self.orders.append(("play", call, file))


class _Board:
    def alarms(self) -> list[Any]:
        return []

    def get(self, _alarm: AlarmId) -> None:
        return None

    def became(self, _alarm: AlarmId) -> AlarmId:
        return AlarmId("stored")

    def watch(self, *_: object) -> None: ...


class Hub:
    def __init__(self) -> None:
        self.clock, self.line, self.log = FakeClock(), _Line(), FakeCallLog()
        self.raised: list[Report] = []
        self.announcing = Announcing(
            line=self.line,
            alarms=VoiceAlarms(
                board=_Board(),
                directory=Directory,
                file=self.raised.append,
                clock=self.clock,
                home=HADERSLEV,
                new_id=lambda _now: AlarmId("a1"),
            ),
            log=self.log,
            clock=self.clock,
            after=timedelta(seconds=40),
            file=FILE,
            run=at_once,
        )

    def rings(self) -> None:
        self.announcing.came(
            IncomingCall(
                call=CALL,
                caller="sip:4711@unit.test",
                number="+4574621048",
                name="",
                called="hub",
                at=self.clock.now(),
            )
        )

    def waits(self, seconds: float) -> None:
        self.clock.advance(seconds)
        at_once(self.announcing.look())

    def hears(self, state: CallState, **more: Any) -> None:
        event = CallEvent(call=CALL, state=state, at=self.clock.now(), **more)
        self.announcing.call_event(event)


@pytest.fixture
def hub() -> Hub:
    return Hub()


def test_the_alarm_is_raised_while_it_rings(hub: Hub) -> None:
    hub.rings()
    assert [one.alarm.code for one in hub.raised] == [CALLED]
    hub.waits(39)
    assert hub.line.orders == []


def test_nobody_takes_it(hub: Hub) -> None:
    hub.rings()
    hub.waits(40)
    hub.waits(1)
    assert hub.line.orders == [("answer", CALL)]
    hub.hears(CallState.IN_CALL)
    hub.hears(CallState.IN_CALL, muted=False)  # something else changed
    assert hub.line.orders[1:] == [("play", CALL, FILE)]
    hub.hears(CallState.ENDED, result=CallResult.ANSWERED, sip_code=200)
    record = hub.log.records[CALL]
    assert (record.operator, record.incoming, record.alarm) == ("system", True, "stored")
    assert record.result is CallResult.ANSWERED
    assert record.waited == timedelta(seconds=41)


def test_who_listens_for_ever_is_let_go(hub: Hub) -> None:
    hub.rings()
    hub.waits(40)
    hub.hears(CallState.IN_CALL)
    hub.waits(180)
    assert hub.line.orders[-1] == ("hang_up", CALL)


def test_a_desk_takes_it(hub: Hub) -> None:
    hub.rings()
    hub.hears(CallState.INCOMING)
    hub.hears(CallState.ENDED, result=CallResult.TAKEN_ELSEWHERE)
    hub.waits(40)
    assert hub.line.orders == []
    assert hub.log.records == {}
