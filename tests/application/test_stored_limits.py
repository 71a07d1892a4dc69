"""Limits where each process of a hub stores only some of a device's readings."""

from datetime import timedelta
from itertools import count

import pytest

from tests.builders import HADERSLEV, NOW
from tests.fakes import FakeClock
from tests.fakes_store import FakeReadingStore
from workstation.application.directory import Directory
from workstation.application.ports import Report
from workstation.application.stored_limits import StoredLimits
from workstation.application.supervision import LimitWatch, OwnReports
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.telemetry import Sample

LEVEL = "limits/0510/watch-1/limit_pulse"


class Hub:
    """Two processes over one store; each tells what it files."""

    def __init__(self, clock: FakeClock) -> None:
        self.store = FakeReadingStore()
        self.filed: list[tuple[str | None, bool, str]] = []
        numbers = count(1)
        reports = OwnReports(
            directory=Directory, clock=clock, new_id=lambda _now: AlarmId(f"a{next(numbers)}")
        )
        self.watches = [LimitWatch(file=self._file, reports=reports) for _process in range(2)]
        self.processes = [StoredLimits(watch) for watch in self.watches]

    def _file(self, report: Report) -> None:
        self.filed.append((report.level, report.active, report.alarm.text))
        for watch in self.watches:  # as each reads it from the database
            watch.refresh({report.level or ""} if report.active else ())

    def says(self, process: int, seconds: float, value: float, channel: str = "pulse") -> None:
        sample = Sample(
            kommune=HADERSLEV,
            device=DeviceName("watch-1"),
            channel=channel,
            at=NOW + timedelta(seconds=seconds),
            value=value,
        )
        self.processes[process].tell(sample)
        self.store.write([sample], [])
        self.processes[process].look(self.store, [sample])


@pytest.fixture
def hub(clock: FakeClock) -> Hub:
    return Hub(clock)


def test_a_stay_outside_that_two_processes_saw_half_each_of_is_told_once(hub: Hub) -> None:
    for number in range(14):
        hub.says(number % 2, 10 * number, 130)
    hub.says(0, 140, 131)
    assert hub.filed == [(LEVEL, True, "130 /min")]


def test_what_the_other_process_saw_inside_ends_the_stay(hub: Hub) -> None:
    """One that saw only its own samples would take them for three minutes outside."""
    for number in range(19):
        inside = number % 2
        hub.says(number % 2, 10 * number, 80 if inside else 130)
    assert hub.filed == []


def test_whoever_hears_that_it_is_inside_again_tells_so(hub: Hub) -> None:
    for number in range(14):
        hub.says(0, 10 * number, 130)
    hub.says(1, 150, 80)
    hub.says(0, 160, 80)
    assert hub.filed == [(LEVEL, True, "130 /min"), (LEVEL, False, "")]


def test_a_limit_without_a_time_is_told_at_once(hub: Hub) -> None:
    hub.says(1, 0, 9.0, "battery")
    assert [active for _level, active, _text in hub.filed] == [True]


def test_a_channel_without_limits_is_left_alone(hub: Hub) -> None:
    hub.says(0, 0, 1e9, "no_such_channel")
    assert hub.filed == []
