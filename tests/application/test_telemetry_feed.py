"""Readings for the screen: live as they come, history from the database, every device's health."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import HADERSLEV, NOW
from tests.fakes import FakeClock
from tests.fakes_store import FakeReadingStore
from tests.waiting import at_once
from workstation.application.facts import Sampled
from workstation.application.ports import DeviceHealth
from workstation.application.telemetry_feed import TelemetryFeed
from workstation.domain.names import DeviceName
from workstation.domain.telemetry import Sample

WATCH, BED = (HADERSLEV, DeviceName("watch-1")), (HADERSLEV, DeviceName("bed-1"))


def sample(value: float, device: tuple = WATCH, channel: str = "pulse", second: int = 0) -> Sample:
    return Sample(
        kommune=device[0],
        device=device[1],
        channel=channel,
        at=NOW + timedelta(seconds=second),
        value=value,
    )


def health(device: tuple = WATCH, **fields: object) -> DeviceHealth:
    return DeviceHealth(kommune=device[0], device=device[1], **fields)


@pytest.fixture
def store() -> FakeReadingStore:
    return FakeReadingStore()


@pytest.fixture
def feed(store: FakeReadingStore, clock: FakeClock) -> TelemetryFeed:
    return TelemetryFeed(store, now=clock.now)


def values(feed: TelemetryFeed, device: tuple = WATCH) -> tuple[list[float], Callable[[], None]]:
    got: list[float] = []
    stop = feed.watch(device, lambda samples: got.extend(one.value for one in samples))
    return got, stop


def test_who_watches_a_device_gets_its_samples_and_no_others(feed: TelemetryFeed) -> None:
    got, _stop = values(feed)
    feed.sampled(Sampled(samples=(sample(70), sample(1, BED), sample(71))))
    assert got == [70, 71]


def test_who_stops_gets_no_more_even_when_stopping_from_within(feed: TelemetryFeed) -> None:
    got, stop = values(feed)
    stop_other = feed.watch(WATCH, lambda _samples: stop_other())
    feed.sampled(Sampled(samples=(sample(70),)))
    stop()
    stop()
    feed.sampled(Sampled(samples=(sample(71),)))
    assert got == [70]


def test_a_plot_that_fails_keeps_nobody_from_samples_or_health(feed: TelemetryFeed, caplog) -> None:
    def broken(_samples: list[Sample]) -> None:
        raise KeyError

    feed.watch(WATCH, broken)
    got, _stop = values(feed)
    feed.sampled(Sampled(samples=(sample(70),), health=(health(heard_at=NOW),)))
    assert got == [70]
    assert feed.health_of(WATCH) == health(heard_at=NOW)
    assert "a watcher failed" in caplog.text


def test_health_is_what_was_said_last_of_each_thing(feed: TelemetryFeed) -> None:
    told: list[int] = []
    feed.watch_health(lambda: told.append(len(feed.health())))
    feed.sampled(Sampled(samples=(), health=(health(heard_at=NOW, battery=50.0),)))
    feed.sampled(Sampled(samples=(), health=(health(link=90.0), health(BED, online=False))))
    feed.sampled(Sampled(samples=(sample(70),)))
    assert feed.health_of(WATCH) == health(heard_at=NOW, battery=50.0, link=90.0)
    assert feed.health() == [feed.health_of(WATCH), health(BED, online=False)]
    assert told == [1, 2]
    assert feed.health_of((HADERSLEV, DeviceName("other"))) is None


def test_what_the_database_knows_never_replaces_what_was_heard_since(
    feed: TelemetryFeed, store: FakeReadingStore
) -> None:
    yesterday = NOW - timedelta(days=1)
    store.write([], [health(heard_at=yesterday, battery=50.0), health(BED, heard_at=yesterday)])
    feed.sampled(Sampled(samples=(), health=(health(heard_at=NOW, link=90.0),)))
    loaded = at_once(feed.load())
    assert len(loaded) == 2
    assert feed.health_of(WATCH) == health(heard_at=NOW, battery=50.0, link=90.0)
    assert feed.health_of(BED) == health(BED, heard_at=yesterday)


def test_history_comes_from_the_database_without_what_stands_in_the_list_of_devices(
    feed: TelemetryFeed, store: FakeReadingStore
) -> None:
    store.write(
        [
            sample(70),
            sample(72, second=60),
            sample(50, channel="battery"),
            sample(90, channel="linkquality"),
        ],
        [],
    )
    end = NOW + timedelta(minutes=5)
    assert at_once(feed.channels(WATCH)) == ["pulse"]
    assert at_once(feed.history(WATCH, "pulse", start=NOW, end=end)) == [
        (NOW, 70),
        (NOW + timedelta(seconds=60), 72),
    ]
    buckets = at_once(feed.buckets(WATCH, "pulse", start=NOW, end=end, width=timedelta(minutes=1)))
    assert [(bucket.mean, bucket.count) for bucket in buckets] == [(70, 1), (72, 1)]
