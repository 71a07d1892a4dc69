"""A heartbeat that fails to come is told, once, and only if it could have been heard."""

import pytest

from tests.builders import HADERSLEV
from tests.fakes import FakeClock
from tests.waiting import at_once
from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.ports import Report
from workstation.application.scaip_heartbeats import HEARTBEAT, HeartbeatWatch
from workstation.application.supervision import OwnReports
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.telemetry import Sample

UNIT = (HADERSLEV, DeviceName("4711"))
HOUR = 3600.0


class Hub:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.filed: list[Report] = []
        reports = OwnReports(
            directory=Directory, clock=self.clock, new_id=lambda now: AlarmId(new_id(now))
        )
        self.watch = HeartbeatWatch(file=self.filed.append, reports=reports)
        self.watch.listen(hears=True)

    def beat(self, times: int = 1, every: float = HOUR) -> None:
        for _ in range(times):
            self.clock.advance(every)
            self.watch.hear(UNIT, self.clock.now())

    def look(self) -> list[bool]:
        at_once(self.watch.look())
        return [one.active for one in self.filed]


@pytest.fixture
def hub() -> Hub:
    return Hub()


def test_a_heartbeat_that_fails_to_come_is_told_once_and_ends(hub):
    hub.beat(3)
    last = hub.clock.now()
    hub.clock.advance(HOUR * 1.2)
    assert hub.look() == []
    hub.clock.advance(HOUR * 0.1)
    assert hub.look() == hub.look() == [True]
    alarm = hub.filed[0].alarm
    assert (alarm.kind, alarm.code) == (Kind.TECHNICAL, "heartbeat_missing")
    assert alarm.text == last.isoformat()
    hub.beat()
    assert hub.look() == [True, False]
    assert hub.filed[0].level == hub.filed[1].level


def test_a_habit_takes_three(hub):
    hub.beat(2)
    hub.clock.advance(HOUR * 100)
    assert hub.look() == []
    assert hub.watch.pause(UNIT) is None


def test_one_late_heartbeat_changes_no_habit(hub):
    hub.beat(4)
    hub.beat(1, HOUR * 20)
    assert hub.watch.pause(UNIT) is not None
    assert hub.watch.pause(UNIT).total_seconds() == HOUR


def test_a_quick_heart_is_not_judged_by_the_second(hub):
    hub.beat(5, 10.0)
    hub.clock.advance(60)
    assert hub.look() == []
    hub.clock.advance(11)
    assert hub.look() == [True]


def test_a_receiver_without_a_line_judges_nobody(hub):
    hub.beat(3)
    hub.watch.listen(hears=False)
    hub.clock.advance(HOUR * 5)
    assert hub.look() == []
    hub.watch.listen(hears=True)
    assert hub.look() == []
    hub.clock.advance(HOUR * 1.3)
    assert hub.look() == [True]


def test_what_is_stored_is_known_after_a_start(hub):
    now = hub.clock.now()
    hub.beat(3)
    stored = [
        Sample(kommune=UNIT[0], device=UNIT[1], channel=channel, at=at, value=1.0)
        for at in [*hub.watch._units[UNIT].times, now]
        for channel in (HEARTBEAT, "pulse")
    ]
    other = Hub()
    other.clock.set(hub.clock.now())
    other.watch.load(stored[:-2], {"scaip/0510/4711/heartbeat_missing"})
    other.watch.listen(hears=True)
    assert other.watch.pause(UNIT) == hub.watch.pause(UNIT)
    other.beat()
    assert [one.active for one in other.filed] == [False]
