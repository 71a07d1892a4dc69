"""Devices that fall silent: one alarm each, and none for what the hub could not hear."""

from datetime import datetime, timedelta

import pytest

from tests.builders import HADERSLEV, NOW
from tests.fakes import FakeClock
from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.ports import DeviceHealth, Report
from workstation.application.silence_watch import SilenceWatch
from workstation.application.supervision import OwnReports
from workstation.domain.citizen import Device, DeviceClass
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName

GATEWAY, PENDANT = DeviceName("gateway-1"), DeviceName("pendant-1")
MINUTE, HOUR = 60, 3600


class Watched:
    """A SilenceWatch over a gateway (15 min) and a pendant (26 h), looked at every five seconds."""

    def __init__(self, clock: FakeClock, *levels: str, heard: datetime | None = None) -> None:
        self.clock = clock
        self.devices = [
            Device(name=GATEWAY, kommune=HADERSLEV, device_class=DeviceClass.GATEWAY),
            Device(name=PENDANT, kommune=HADERSLEV, device_class=DeviceClass.PENDANT),
        ]
        self.filed: list[Report] = []
        reports = OwnReports(
            directory=lambda: Directory.of([], self.devices),
            clock=clock,
            new_id=lambda now: AlarmId(new_id(now)),
        )
        self.watch = SilenceWatch(file=self.filed.append, reports=reports)
        health = [self._health(GATEWAY, heard)] if heard is not None else []
        self.watch.load(health, levels)

    def _health(self, name: DeviceName, at: datetime | None) -> DeviceHealth:
        return DeviceHealth(kommune=HADERSLEV, device=name, heard_at=at)

    def hear(self, name: DeviceName = GATEWAY) -> None:
        self.watch.hear(self._health(name, self.clock.now()))

    def listen(self, hears: bool = True) -> None:
        self.watch.listen(hears=hears)

    def wait(self, seconds: int) -> None:
        for _ in range(seconds // 5):
            self.clock.advance(5)
            self.watch.look()

    @property
    def told(self) -> list[tuple[str, bool]]:
        return [(report.alarm.device, report.active) for report in self.filed]


@pytest.fixture
def watched(clock: FakeClock) -> Watched:
    one = Watched(clock)
    one.listen()
    one.hear()
    one.watch.look()
    return one


def test_silence_beyond_its_classes_time_is_one_technical_alarm(watched: Watched) -> None:
    watched.wait(14 * MINUTE)
    assert watched.told == []
    watched.wait(2 * HOUR)
    assert watched.told == [(GATEWAY, True)]
    alarm = watched.filed[0].alarm
    assert (alarm.kind, alarm.code, alarm.source) == (Kind.TECHNICAL, "silent", Source.SILENCE)
    assert alarm.text == NOW.isoformat(timespec="seconds"), "since when"
    assert watched.filed[0].level == "silence/0510/gateway-1/silent"


def test_it_ends_when_the_device_is_heard_and_may_come_again(watched: Watched) -> None:
    watched.wait(16 * MINUTE)
    watched.hear()
    watched.wait(MINUTE)
    assert watched.told == [(GATEWAY, True), (GATEWAY, False)]
    watched.wait(16 * MINUTE)
    assert watched.told[2:] == [(GATEWAY, True)]


def test_a_last_will_is_no_sign_of_life(watched: Watched) -> None:
    watched.wait(10 * MINUTE)
    watched.watch.hear(DeviceHealth(kommune=HADERSLEV, device=GATEWAY, heard_at=None, online=False))
    watched.wait(6 * MINUTE)
    assert watched.told == [(GATEWAY, True)]


def test_a_device_that_was_never_heard_counts_from_when_it_was_known(watched: Watched) -> None:
    watched.wait(24 * HOUR)
    watched.devices.append(
        Device(name=DeviceName("new"), kommune=HADERSLEV, device_class=DeviceClass.GATEWAY)
    )
    watched.filed.clear()
    watched.wait(14 * MINUTE)
    assert watched.told == []
    watched.wait(2 * MINUTE)
    assert watched.told == [("new", True)]
    assert watched.filed[0].alarm.text == ""


def test_a_broker_that_is_away_makes_no_device_silent(watched: Watched) -> None:
    watched.wait(10 * MINUTE)
    watched.listen(False)
    watched.wait(HOUR)
    watched.listen()
    watched.wait(4 * MINUTE)
    assert watched.told == []
    watched.wait(2 * MINUTE)
    assert watched.told == [(GATEWAY, True)], "ten minutes before and five after are fifteen"


def test_a_connection_that_comes_and_goes_hides_no_dead_device(watched: Watched) -> None:
    for _ in range(30):
        watched.listen(False)
        watched.wait(10)
        watched.listen()
        watched.wait(2 * MINUTE)
    assert watched.told == [(GATEWAY, True)]


def test_a_machine_that_slept_makes_no_device_silent(watched: Watched) -> None:
    watched.wait(5 * MINUTE)
    watched.clock.advance(8 * HOUR)
    watched.watch.look()
    watched.wait(9 * MINUTE)
    assert watched.told == []
    watched.wait(2 * MINUTE)
    assert watched.told == [(GATEWAY, True)]


def test_after_a_start_what_the_broker_kept_comes_in_before_anybody_is_judged(
    clock: FakeClock,
) -> None:
    one = Watched(clock, heard=NOW - timedelta(hours=9))
    one.wait(MINUTE)
    assert one.told == [], "not connected yet"
    one.listen()
    one.wait(30)
    one.hear()  # the broker had kept it
    one.wait(5 * MINUTE)
    assert one.told == []


def test_after_a_start_a_device_that_stays_silent_is_told(clock: FakeClock) -> None:
    one = Watched(clock, heard=NOW - timedelta(hours=9))
    one.listen()
    one.wait(2 * MINUTE)
    assert one.told == [(GATEWAY, True)]


def test_a_silence_that_was_told_before_a_restart_is_not_told_again_but_ends(
    clock: FakeClock,
) -> None:
    one = Watched(clock, "silence/0510/gateway-1/silent", heard=NOW - timedelta(hours=9))
    one.listen()
    one.wait(5 * MINUTE)
    assert one.told == []
    one.hear()
    one.wait(5)
    assert one.told == [(GATEWAY, False)]


def test_an_older_sign_of_life_does_not_replace_a_newer(watched: Watched) -> None:
    watched.wait(10 * MINUTE)
    watched.hear()
    watched.watch.hear(DeviceHealth(kommune=HADERSLEV, device=GATEWAY, heard_at=NOW))
    watched.wait(10 * MINUTE)
    assert watched.told == []
