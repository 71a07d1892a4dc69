"""A receiver that nobody can reach is an alarm of its own."""

import pytest

from tests.builders import HADERSLEV
from tests.fakes import FakeClock
from tests.waiting import at_once
from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.ports import Report
from workstation.application.scaip_line import ReceiverLine
from workstation.application.supervision import OwnReports
from workstation.domain.call import LineEvent, LineState
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId


class Hub:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.filed: list[Report] = []
        self.heard: list[bool] = []
        reports = OwnReports(
            directory=Directory, clock=self.clock, new_id=lambda now: AlarmId(new_id(now))
        )
        self.line = ReceiverLine(
            file=self.filed.append, reports=reports, home=HADERSLEV, hears=self.heard.append
        )

    def say(self, state: LineState, reason: str = "") -> None:
        self.line.told(LineEvent(state=state, at=self.clock.now(), reason=reason))

    def look(self) -> list[bool]:
        at_once(self.line.look())
        return [one.active for one in self.filed]


@pytest.fixture
def hub() -> Hub:
    return Hub()


def test_a_minute_without_an_account_is_told_once_and_ends(hub):
    hub.say(LineState.READY)
    hub.say(LineState.UNREGISTERED, "Forbidden")
    hub.clock.advance(59)
    assert hub.look() == []
    hub.say(LineState.DOWN, "crashed")
    hub.clock.advance(1)
    assert hub.look() == hub.look() == [True]
    alarm = hub.filed[0].alarm
    assert (alarm.kind, alarm.code, alarm.text) == (Kind.TECHNICAL, "receiver_deaf", "crashed")
    hub.say(LineState.READY)
    assert hub.look() == [True, False]
    assert hub.filed[0].level == hub.filed[1].level


def test_a_line_that_never_comes_up_is_told_too(hub):
    hub.clock.advance(61)
    assert hub.look() == [True]


def test_a_restart_of_the_exchange_is_no_alarm(hub):
    hub.say(LineState.READY)
    hub.say(LineState.UNREGISTERED)
    hub.clock.advance(30)
    hub.say(LineState.READY)
    hub.clock.advance(3600)
    assert hub.look() == []
    assert hub.heard == [True, False, True]
