"""The strip's figures: who waits, and how many were answered in time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import ANNA, BO, NOW, a_hub, an_alarm
from tests.fakes import FakeClock
from tests.fakes_store import FakeAlarmStore
from tests.waiting import at_once
from workstation.application.board import Board
from workstation.application.errors import StoreUnavailable
from workstation.application.figures import Figures, FiguresView
from workstation.application.ports import StoredStep
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId
from workstation.domain.steps import (
    AnyStep,
    Escalated,
    Raised,
    Released,
    Reraised,
    ReraisedBecause,
    Taken,
)


class Store(FakeAlarmStore):
    """Counts how often histories are read, and goes away."""

    asked = 0

    def __init__(self) -> None:
        super().__init__()
        self.since: list[datetime] = []

    async def steps(self, alarm: AlarmId) -> list[StoredStep]:
        self.asked += 1
        return await super().steps(alarm)

    async def listed(
        self, *, everything: bool, since: datetime | None, limit: int | None = None
    ) -> list[Alarm]:
        if self.fault is not None:
            raise self.fault
        if since is not None:
            self.since.append(since)
        return await super().listed(everything=everything, since=since, limit=limit)


class Day:
    """A day's alarms; `now` is three hours after they began to come."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW + timedelta(hours=3))
        self.store = Store()
        self.board = Board(self.clock, a_hub())
        self.figures = Figures(
            store=self.store, board=self.board, clock=self.clock, zone=ZoneInfo("Europe/Copenhagen")
        )
        self.count = 0

    def had(self, *steps: AnyStep, at: datetime = NOW, kind: Kind = Kind.EMERGENCY) -> Alarm:
        """Have an alarm that came at `at` and lived through `steps`."""
        self.count += 1
        alarm = an_alarm(f"a{self.count}", kind=kind, received_at=at, code=f"code{self.count}")
        self.store.put(alarm, Raised(at=at))
        for step in steps:
            alarm = alarm.after(step)
            self.store.put(alarm, step)
        self.board.put(alarm)
        return alarm

    def view(self) -> FiguresView:
        return at_once(self.figures.refresh())


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def taken(seconds: float) -> Taken:
    return Taken(at=after(seconds), by=ANNA)


@pytest.fixture
def day() -> Day:
    return Day()


def test_a_quiet_day_has_no_shares(day: Day) -> None:
    assert day.view() == FiguresView()


def test_the_share_answered_within_a_minute_and_three(day: Day) -> None:
    for seconds in (10, 60, 61, 180):
        day.had(taken(seconds))
    assert (day.view().answered_60, day.view().answered_180) == (0.5, 1.0)


def test_one_that_waits_too_long_counts_before_it_is_taken_and_one_that_may_still_make_it_not(
    day: Day,
) -> None:
    now = day.clock.now()
    day.had(at=now - timedelta(seconds=61))
    day.had(at=now - timedelta(seconds=30))
    view = day.view()
    assert (view.answered_60, view.answered_180) == (0.0, None)


@pytest.mark.parametrize(
    "later",
    [
        [Released(at=after(600), by=ANNA)],
        [Released(at=after(600), by=ANNA), Taken(at=after(900), by=BO)],
        [Reraised(at=after(700), because=ReraisedBecause.UNTOUCHED), Taken(at=after(900), by=BO)],
    ],
)
def test_what_happens_after_the_answer_does_not_undo_it(day: Day, later: list[AnyStep]) -> None:
    day.had(taken(10), *later)
    assert day.view().answered_60 == 1.0


def test_a_history_is_read_once_for_each_change(day: Day) -> None:
    now = day.clock.now()
    late = day.had(Escalated(at=now), at=now - timedelta(seconds=90))
    day.view()
    day.view()
    assert day.store.asked == 1
    step = Taken(at=now, by=ANNA)
    day.store.put(late.after(step), step)
    assert day.view().answered_180 == 1.0
    day.had(taken(5))
    day.view()
    assert day.store.asked == 2


def test_an_answer_that_was_told_late_counts_within_the_hour(day: Day) -> None:
    """A desk that was cut off took it, and its journal came hours later."""
    late = day.had(Escalated(at=after(60)))
    assert day.view().answered_180 == 0.0
    day.store.put(late.after(taken(90)), taken(90))
    assert day.view().answered_180 == 0.0
    day.clock.advance(3600)
    assert day.view().answered_180 == 1.0


def test_what_is_decided_is_not_read_again_and_stays_counted(day: Day) -> None:
    for seconds in (10, 70, 200):
        day.had(taken(seconds))
    day.view()
    day.store.since.clear()
    for minutes in range(0, 30, 5):
        now = day.clock.now()
        day.had(Taken(at=now, by=ANNA), at=now)
        view = day.view()
        answers = minutes // 5 + 1
        assert view.answered_60 == pytest.approx((1 + answers) / (3 + answers))
        assert view.answered_180 == pytest.approx((2 + answers) / (3 + answers))
        day.clock.advance(300)
    assert min(day.store.since) >= NOW + timedelta(hours=2, minutes=50)


def test_the_database_is_read_anew_after_it_was_away(day: Day) -> None:
    late = day.had(Escalated(at=after(60)))
    day.view()
    day.store.put(late.after(taken(90)), taken(90))
    day.store.fault = StoreUnavailable("locked")
    with pytest.raises(StoreUnavailable):
        day.view()
    day.store.fault = None
    assert day.view().answered_180 == 1.0


def test_only_todays_emergencies_count_and_today_is_local(day: Day) -> None:
    day.clock.set(datetime(2026, 3, 15, 0, 30, tzinfo=NOW.tzinfo))
    midnight = datetime(2026, 3, 14, 23, 0, tzinfo=NOW.tzinfo)
    day.had(taken(7000), at=midnight - timedelta(seconds=1))
    day.had(Taken(at=midnight, by=ANNA), at=midnight)
    day.had(kind=Kind.TECHNICAL, at=midnight)
    assert (day.view().answered_60, day.view().answered_180) == (1.0, 1.0)


def test_all_alarms_of_the_last_ten_minutes_are_the_rate_also_just_after_midnight(
    day: Day,
) -> None:
    day.clock.set(datetime(2026, 3, 14, 23, 5, tzinfo=NOW.tzinfo))
    now = day.clock.now()
    for minutes, kind in ((1, Kind.EMERGENCY), (9, Kind.TECHNICAL), (10, Kind.EMERGENCY)):
        day.had(at=now - timedelta(minutes=minutes), kind=kind)
    assert day.view().per_10_min == 2


def test_the_longest_wait_is_of_an_untaken_emergency_since_it_last_began_to_wait(day: Day) -> None:
    day.had(kind=Kind.SUPERVISION, at=after(0))
    day.had(taken(3), at=after(1))
    day.had(taken(10), Reraised(at=after(2000), because=ReraisedBecause.NOT_ARRIVED), at=after(2))
    assert day.view().longest_wait_since == after(2000)
    day.had(at=after(1500))
    assert day.view().longest_wait_since == after(1500)


def test_without_the_database_who_waits_is_still_known(day: Day) -> None:
    day.had(taken(10))
    day.view()
    day.had(at=after(5))
    day.store.fault = StoreUnavailable("locked")
    with pytest.raises(StoreUnavailable):
        day.view()
    assert day.figures.view.longest_wait_since == after(5)
    assert day.figures.view.answered_60 == 1.0
