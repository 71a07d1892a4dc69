"""The hub's own watch: what is due on alarms, values outside their limits."""

from datetime import timedelta

import pytest

from tests.builders import ANNA, HADERSLEV, NOW, a_hub, an_alarm
from tests.fakes import FakeClock, FakeSession
from tests.fakes_store import FakeAlarmStore
from tests.waiting import at_once
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.directory import Directory
from workstation.application.errors import StoreUnavailable
from workstation.application.ids import new_id
from workstation.application.ports import Report
from workstation.application.supervision import DueSteps, LimitWatch, OwnReports
from workstation.domain.alarm import Alarm, State
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Kind, Source
from workstation.domain.names import SYSTEM, AlarmId, CitizenId, DeviceName
from workstation.domain.presence import Attendance
from workstation.domain.steps import (
    Noted,
    Reraised,
    ReraisedBecause,
    ResponderCalled,
    Shelved,
    Taken,
)
from workstation.domain.telemetry import Sample

WATCH = DeviceName("watch-1")
KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen")
DIRECTORY = Directory.of(
    [KAREN], [Device(name=WATCH, kommune=HADERSLEV, citizen=KAREN.id, location="stuen")]
)
LEVEL = "limits/0510/watch-1/limit_pulse"


def own_reports(clock: FakeClock) -> OwnReports:
    return OwnReports(
        directory=lambda: DIRECTORY, clock=clock, new_id=lambda now: AlarmId(new_id(now))
    )


def test_a_report_of_the_hub_itself_knows_whose_device_it_is(clock: FakeClock) -> None:
    report = own_reports(clock).report(
        Source.LIMITS, Kind.SUPERVISION, "limit_pulse", "130", (HADERSLEV, WATCH), active=True
    )
    alarm = report.alarm
    assert (alarm.citizen, alarm.location, alarm.raised_at) == (KAREN.id, "stuen", NOW)
    assert (report.level, report.active, report.key) == (LEVEL, True, None)


# --- DueSteps -------------------------------------------------------------------------------------


class Due:
    """One desk with `alarm` in its database and on its board."""

    def __init__(self, clock: FakeClock, alarm: Alarm) -> None:
        self.store = FakeAlarmStore(alarm)
        self.board = Board(clock, a_hub())
        self.board.load([alarm])
        desk = AlarmDesk(
            session=FakeSession(ANNA),
            board=self.board,
            store=self.store,
            clock=clock,
            taken=lambda _alarm: None,
            run=lambda work: work.close(),
        )
        self.attendance = Attendance()
        self.steps = DueSteps(
            board=self.board,
            desk=desk,
            hub=a_hub(),
            clock=clock,
            attendance=lambda: self.attendance,
        )

    def look(self) -> list[str]:
        """Look, and return the names of all steps in the history."""
        at_once(self.steps.look())
        return [type(one.step).__name__ for one in self.store.history][1:]


def test_an_alarm_nobody_takes_is_escalated_once(clock: FakeClock) -> None:
    due = Due(clock, an_alarm())
    clock.advance(59)
    assert due.look() == []
    clock.advance(1)
    assert due.look() == ["Escalated"]
    clock.advance(600)
    assert due.look() == ["Escalated"]


def test_a_taken_alarm_nobody_touches_goes_back_and_escalates_anew(clock: FakeClock) -> None:
    due = Due(clock, an_alarm().after(Taken(at=NOW, by=ANNA)))
    clock.advance(600)
    assert due.look() == ["Reraised"]
    assert due.board.alarms()[0].state is State.RAISED
    clock.advance(60)
    assert due.look() == ["Reraised", "Escalated"]


def test_an_alarm_whose_owners_desk_is_lost_goes_back(clock: FakeClock) -> None:
    due = Due(clock, an_alarm().after(Taken(at=NOW, by=ANNA)))
    due.attendance = Attendance(seen={ANNA: NOW})
    clock.advance(29)
    assert due.look() == []
    clock.advance(1)
    assert due.look() == ["Reraised"]
    step = due.store.history[-1].step
    assert isinstance(step, Reraised)
    assert (step.because, step.by) == (ReraisedBecause.DESK_LOST, SYSTEM)
    assert due.board.alarms()[0].is_untaken


def test_an_owner_who_came_back_while_it_was_decided_keeps_it(clock: FakeClock) -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    due = Due(clock, taken)
    due.attendance = Attendance(seen={ANNA: NOW})
    clock.advance(30)
    # She has written a note that this process has not heard of yet.
    note = Noted(at=clock.now(), by=ANNA, text="ringer")
    due.store.put(taken.after(note), note)
    assert due.look() == ["Noted"]


def test_a_shelf_ends(clock: FakeClock) -> None:
    until = NOW + timedelta(minutes=5)
    shelved = an_alarm(kind=Kind.TECHNICAL).after(Shelved(at=NOW, by=ANNA, until=until, reason="r"))
    due = Due(clock, shelved)
    clock.advance(299)
    assert due.look() == []
    clock.advance(1)
    assert due.look() == ["Reraised"]


def test_an_emergency_whose_responder_has_not_arrived_is_raised_again(clock: FakeClock) -> None:
    until = NOW + timedelta(minutes=30)
    awaited = (
        an_alarm()
        .after(Taken(at=NOW, by=ANNA))
        .after(ResponderCalled(at=NOW, by=ANNA, responder="Per", until=until))
    )
    due = Due(clock, awaited)
    clock.advance(29 * 60)
    assert due.look() == [], "an alarm that is waited for is not an untouched one"
    clock.advance(60)
    assert due.look() == ["Reraised"]
    assert due.store.every()[0].taken_by is None


def test_one_alarm_that_cannot_be_changed_keeps_no_other_from_its_step(clock: FakeClock) -> None:
    due = Due(clock, an_alarm())
    due.board.put(an_alarm("gone", received_at=NOW - timedelta(seconds=1), code="other"))
    due.store.fault = StoreUnavailable("locked")
    clock.advance(60)
    assert due.look() == []
    assert all(alarm.escalated_at is not None for alarm in due.board.alarms())


# --- LimitWatch -----------------------------------------------------------------------------------


class Limits:
    """A LimitWatch and what it filed."""

    def __init__(self, clock: FakeClock, *levels: str) -> None:
        self.filed: list[Report] = []
        self.watch = LimitWatch(file=self.filed.append, reports=own_reports(clock))
        self.watch.load(levels)

    def say(self, value: float, second: float, channel: str = "pulse") -> None:
        at = NOW + timedelta(seconds=second)
        self.watch.tell(
            Sample(kommune=HADERSLEV, device=WATCH, channel=channel, at=at, value=value)
        )

    @property
    def told(self) -> list[tuple[str, bool]]:
        return [(report.alarm.text, report.active) for report in self.filed]


def test_a_value_outside_for_its_time_is_one_alarm_and_its_return_ends_it(clock) -> None:
    limits = Limits(clock)
    for second in range(0, 300, 30):
        limits.say(150, second)
    assert limits.told == [("150 /min", True)]
    report = limits.filed[0]
    assert (report.alarm.kind, report.alarm.code, report.level) == (
        Kind.SUPERVISION,
        "limit_pulse",
        LEVEL,
    )
    limits.say(70, 300)
    limits.say(70, 330)
    assert limits.told == [("150 /min", True), ("", False)]
    limits.say(150, 360)
    limits.say(150, 480)
    assert [active for _text, active in limits.told] == [True, False, True]


def test_a_short_stay_outside_is_none(clock) -> None:
    limits = Limits(clock)
    for second, value in enumerate((150, 150, 70, 150, 150)):
        limits.say(value, second * 60)
    assert limits.told == []


def test_a_value_is_judged_as_it_is_shown(clock) -> None:
    limits = Limits(clock)
    limits.say(0.85, 0, "spo2")
    limits.say(0.85, 120, "spo2")
    assert limits.told == [("85 %", True)]


def test_a_low_battery_is_a_technical_alarm_at_once(clock) -> None:
    limits = Limits(clock)
    limits.say(14, 0, "battery")
    assert [report.alarm.kind for report in limits.filed] == [Kind.TECHNICAL]


def test_channels_without_limits_and_unknown_ones_are_let_by(clock) -> None:
    limits = Limits(clock)
    for second in (0, 10_000):
        limits.say(1e9, second, "activity")
        limits.say(1e9, second, "whatever")
    assert limits.told == []


def test_a_late_sample_says_nothing_about_now(clock) -> None:
    limits = Limits(clock)
    limits.say(150, 60)
    limits.say(70, 30)  # from before
    limits.say(150, 180)
    assert limits.told == [("150 /min", True)]
    limits.say(70, 170)
    assert limits.told == [("150 /min", True)], "nor does one end it"


def test_samples_of_one_moment_count(clock) -> None:
    limits = Limits(clock)
    limits.say(14, 0, "battery")
    limits.say(50, 0, "battery")
    assert [active for _text, active in limits.told] == [True, False]


def test_after_a_restart_a_state_that_ended_meanwhile_is_ended_and_can_be_told_anew(clock) -> None:
    limits = Limits(clock, LEVEL)
    limits.say(70, 0)
    assert limits.told == [("", False)]
    limits.say(150, 10)
    limits.say(150, 130)
    assert limits.told == [("", False), ("150 /min", True)]


def test_after_a_restart_a_state_that_lasts_is_not_told_again(clock) -> None:
    limits = Limits(clock, LEVEL)
    limits.say(150, 0)
    limits.say(150, 300)
    assert limits.told == []
    limits.say(70, 310)
    assert limits.told == [("", False)]


@pytest.mark.parametrize("value", [45, 120])
def test_the_bounds_are_inside(clock, value: float) -> None:
    limits = Limits(clock)
    limits.say(value, 0)
    limits.say(value, 1000)
    assert limits.told == []
