"""A visit that was not started in its time is one alarm, however many desks look and crash."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import ANNA, NOW, a_visit
from tests.fakes import FakeClock
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter, FakeRoundStore
from tests.waiting import at_once
from workstation.application.errors import StoreUnavailable
from workstation.application.facts import Stored
from workstation.application.ids import new_id
from workstation.application.ports import Report
from workstation.application.run_outs import RunOuts, help_report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, VisitId
from workstation.domain.round import Visit, VisitState

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class Hub:
    """A database of visits and alarms, with as many desks as a test opens."""

    def __init__(self, clock: FakeClock, *visits: Visit) -> None:
        self.clock = clock
        self.visits = FakeRoundStore(*visits)
        self.alarms = FakeAlarmStore()
        self.writer = FakeAlarmWriter(self.alarms)

    def desk(self) -> "Desk":
        return Desk(self)

    @property
    def raised(self) -> list[Alarm]:
        return self.alarms.every()

    def visit(self, name: str = "v1") -> Visit:
        return at_once(self.visits.visit(VisitId(name)))


class Desk:
    """One desk's watch; what it filed waits until `commit`."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.filed: list[Report] = []
        self.watch = RunOuts(
            store=hub.visits,
            file=self.filed.append,
            clock=hub.clock,
            zone=COPENHAGEN,
            new_id=lambda now: AlarmId(new_id(now)),
        )

    def look(self) -> bool:
        return at_once(self.watch.look())

    def commit(self) -> None:
        stored = tuple(self.hub.writer.file(self.filed))
        self.filed.clear()
        self.watch.stored(Stored(filed=stored))


@pytest.fixture
def hub(clock: FakeClock) -> Hub:
    return Hub(clock, a_visit())


def test_a_visit_that_ran_out_is_an_alarm_of_its_citizen_at_its_time(hub: Hub) -> None:
    desk = hub.desk()
    hub.clock.advance(15 * 60)
    assert not desk.look()
    hub.clock.advance(1)
    assert desk.look()
    desk.commit()
    (alarm,) = hub.raised
    assert (alarm.kind, alarm.code, alarm.source) == (
        Kind.MISSED_VISIT,
        "screen_visit",
        Source.ROUND,
    )
    assert (alarm.citizen, alarm.text) == ("c1", "19:00")
    assert (alarm.raised_at, alarm.received_at) == (NOW + timedelta(minutes=15), hub.clock.now())


def test_it_is_told_once_and_marked_behind_its_stored_alarm(hub: Hub) -> None:
    desk = hub.desk()
    hub.clock.advance(1000)
    desk.look()
    desk.look()
    assert len(desk.filed) == 1
    assert hub.visit().missed_at is None, "the alarm is not safe yet"
    desk.commit()
    desk.look()
    assert hub.visit().missed_at is not None
    assert not desk.look()
    assert desk.filed == []


def test_two_desks_that_look_at_the_same_moment_raise_one_alarm(hub: Hub) -> None:
    one, two = hub.desk(), hub.desk()
    hub.clock.advance(1000)
    for step in (one.look, two.look, one.commit, two.commit, one.look, two.look):
        step()
    assert [alarm.repeats for alarm in hub.raised] == [0]
    assert hub.visit().missed_at is not None


@pytest.mark.parametrize("committed", [False, True])
def test_a_crash_between_alarm_and_mark_neither_loses_nor_doubles_it(
    hub: Hub, committed: bool
) -> None:
    crashed = hub.desk()
    hub.clock.advance(1000)
    crashed.look()
    if committed:
        crashed.commit()
    again = hub.desk()
    for step in (again.look, again.commit, again.look):
        step()
    assert [alarm.repeats for alarm in hub.raised] == [0]
    assert hub.visit().missed_at is not None


def test_a_visit_that_is_started_meanwhile_stays_started(hub: Hub) -> None:
    desk = hub.desk()
    hub.clock.advance(1000)
    desk.look()
    desk.commit()
    visit = hub.visit()
    started = visit.moved(VisitState.ACTIVE, at=hub.clock.now(), by=ANNA)
    at_once(hub.visits.save(started, expected_version=visit.version))
    desk.look()
    assert hub.visit() == started


def test_a_mark_that_the_database_cannot_take_now_is_made_later(hub: Hub) -> None:
    desk = hub.desk()
    hub.clock.advance(1000)
    desk.look()
    desk.commit()
    hub.visits.fault = StoreUnavailable("locked")
    with pytest.raises(StoreUnavailable):
        desk.look()
    hub.visits.fault = None
    desk.look()
    assert hub.visit().missed_at is not None
    assert desk.filed == []


def test_only_planned_ones_of_the_last_day_run_out(clock: FakeClock) -> None:
    def at(hours: float, **fields: object) -> Visit:
        return a_visit(at=NOW - timedelta(hours=hours), **fields)

    hub = Hub(
        clock,
        at(1, id="v1"),
        at(23, id="v2"),
        at(25, id="v3"),
        at(1, id="v4", state=VisitState.DONE),
        at(-1, id="v5"),
        at(1, id="v6", missed_at=NOW),
        at(1, id="v7", tolerance=timedelta(hours=2)),
    )
    desk = hub.desk()
    desk.look()
    assert {report.key for report in desk.filed} == {"round/v1", "round/v2"}


def test_a_look_that_shows_need_is_one_emergency_of_its_citizen(clock: FakeClock) -> None:
    visit = a_visit(note="ligger på gulvet")
    one, again = (
        help_report(visit, clock.now(), lambda now: AlarmId(new_id(now))) for _ in range(2)
    )
    assert (one.alarm.kind, one.alarm.text, one.alarm.citizen) == (
        Kind.EMERGENCY,
        "ligger på gulvet",
        "c1",
    )
    assert one.key is not None
    assert one.key == again.key
