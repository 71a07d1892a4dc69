"""The readings' own path: live at once, stored in batches, acknowledged when stored, never in the way."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from tests.builders import HADERSLEV, NOW, a_hub, a_message
from tests.fakes import FakeClock, FakeFeed
from tests.waiting import until
from workstation.application.directory import Directory
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.facts import Sampled, StoreState
from workstation.application.ids import new_id
from workstation.application.intake import Intake, Work
from workstation.application.ports import DeviceHealth, Report
from workstation.application.readings import Readings, merged
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Message, Origin, Reading, Signal
from workstation.domain.telemetry import Sample

ORIGIN = Origin(source=Source.HUB, device=DeviceName("watch-1"), kommune=HADERSLEV)
TOPIC = "hub/v1/0510/watch-1/reading"


def decode(message: Message) -> Decoded:
    """`70 71` are pulses, each a second before the one before it; `?` is unreadable, `!` breaks."""
    text = message.payload.decode()
    if text == "!":
        raise KeyError(text)
    if text == "?":
        return Decoded(problems=(Problem(reason="not_json", origin=ORIGIN),))
    signals: tuple[Signal, ...] = tuple(
        Reading(
            origin=ORIGIN, channel="pulse", value=float(value), at=NOW - timedelta(seconds=number)
        )
        for number, value in enumerate(text.split())
    )
    return Decoded(signals=signals)


class Writer:
    """Keeps what is written, or does what `fails` says."""

    def __init__(self) -> None:
        self.written: list[float] = []
        self.fails: Callable[[list[float]], None] = lambda _values: None
        self.closed = 0

    def write(self, samples: Sequence[Sample], health: Sequence[DeviceHealth]) -> None:
        values = [sample.value for sample in samples]
        self.fails(values)
        self.written += values

    def recent(self, *_of: object) -> list[tuple[datetime, float]]:
        raise AssertionError("limits are not this one's")

    def close(self) -> None:
        self.closed += 1


class Path:
    """A Readings with everything around it visible."""

    def __init__(self) -> None:
        self.feed, self.writer = FakeFeed(), Writer()
        self.facts: list[object] = []
        self.watched: list[float] = []
        self.looked: list[float] = []
        self.watch: Callable[[Sample], None] = lambda sample: self.watched.append(sample.value)
        self.submitted: list[tuple[tuple[Report, ...], object]] = []
        self.intake = Intake(
            decode=decode,
            directory=Directory,
            hub=a_hub(),
            new_id=lambda now: AlarmId(new_id(now)),
        )
        self.readings = Readings(
            feed=self.feed,
            intake=self.intake,
            open_writer=lambda: self.writer,
            post=self.facts.append,
            watch=self,
            submit=lambda reports, _feed, token: self.submitted.append((reports, token)),
            clock=FakeClock(),
        )

    def tell(self, sample: Sample) -> None:
        self.watch(sample)

    def look(self, _writer: object, samples: Sequence[Sample]) -> None:
        self.looked += [sample.value for sample in samples]

    def say(self, text: str, token: object, topic: str = TOPIC) -> None:
        self.readings.on_message(a_message(text, topic), token)

    def work(self, text: str) -> Work:
        return self.intake.take(a_message(text, TOPIC))

    def of(self, kind: type) -> list:
        return [fact for fact in self.facts if type(fact) is kind]


@pytest.fixture
def path() -> Iterator[Path]:
    one = Path()
    one.readings.start()
    yield one
    one.readings.stop()


def test_readings_are_shown_at_once_and_acknowledged_when_stored(path: Path) -> None:
    stored_when_acknowledged: list[int] = []
    acknowledge = path.feed.acknowledge

    def note(tokens: Sequence[object]) -> None:
        stored_when_acknowledged.append(len(path.writer.written))
        acknowledge(tokens)

    path.feed.acknowledge = note  # type: ignore[method-assign]  # notes what is acknowledged
    path.say("70", "t1")
    until(lambda: path.feed.acknowledged)
    assert (path.feed.acknowledged, stored_when_acknowledged) == (["t1"], [1])
    assert [sample.value for sample in path.of(Sampled)[0].samples] == [70]


def test_limits_are_watched_in_the_order_of_time(path: Path) -> None:
    path.say("70 71 72", "t1")
    assert path.watched == [72, 71, 70]


@pytest.mark.parametrize("what", ["alarm", "status", "receipt"])
def test_what_the_alarms_session_has_is_left_to_it(path: Path, what: str) -> None:
    path.say("70", "t1", f"hub/v1/0510/watch-1/{what}")
    assert path.feed.acknowledged == ["t1"]
    assert path.facts == []


def test_a_stray_in_the_tree_is_filed_though_it_is_called_an_alarm(path: Path) -> None:
    path.say("?", "t1", "hub/v1/0510/watch-1/extra/alarm")
    assert len(path.submitted) == 1


def test_what_is_no_reading_is_filed_and_acknowledged_there(path: Path) -> None:
    path.say("?", "t1")
    ((reports, token),) = path.submitted
    assert (reports[0].alarm.kind, reports[0].alarm.code, token) == (
        Kind.TECHNICAL,
        "unreadable",
        "t1",
    )
    path.say("70", "t2")
    until(lambda: path.feed.acknowledged == ["t2"])


def test_our_own_fault_becomes_a_report_and_the_network_thread_lives_on(path: Path, caplog) -> None:
    path.say("!", "t1")
    assert path.submitted[0][0][0].alarm.raw == b"!"

    def broken(_sample: Sample) -> None:
        raise KeyError

    path.watch = broken
    path.say("70", "t2")
    until(lambda: path.feed.acknowledged == ["t2"])
    assert "could not be looked at" in caplog.text


def test_while_the_database_is_away_readings_are_shown_and_kept(path: Path) -> None:
    away = threading.Event()
    away.set()

    def fails(_values: list[float]) -> None:
        if away.is_set():
            raise StoreUnavailable("full")

    path.writer.fails = fails
    path.say("70", "t1")
    until(lambda: path.of(StoreState))
    path.say("71", "t2")
    assert len(path.of(Sampled)) == 2
    assert path.feed.acknowledged == []
    away.clear()
    until(lambda: path.feed.acknowledged == ["t1", "t2"])
    assert path.writer.written == [70, 71]
    assert [(state.ok, state.path) for state in path.of(StoreState)] == [
        (False, "readings"),
        (True, "readings"),
    ]
    assert path.writer.closed == 1, "a connection that failed is not used again"


def test_a_value_the_database_refuses_costs_no_other(path: Path) -> None:
    def fails(values: list[float]) -> None:
        if 71 in values:
            raise RowRefused("constraint")

    path.writer.fails = fails
    path.say("70 71 72", "t1")
    until(lambda: path.feed.acknowledged)
    assert path.writer.written == [70, 72]


def test_an_alarm_sessions_values_never_wait_and_what_is_let_go_is_counted(caplog) -> None:
    path = Path()  # its writer is not started: the queue only fills
    work = path.work("70")
    for _ in range(50_000):
        path.readings.values(work)
    assert path.readings.let_go == 0
    for _ in range(1_001):
        path.readings.values(work)
    assert path.readings.let_go == 1_001
    assert [record.getMessage() for record in caplog.records] == [
        "readings are let go, the database is too slow: 1 so far",
        "readings are let go, the database is too slow: 1001 so far",
    ]
    assert len(path.of(Sampled)) == 51_001, "shown they are"


def test_stopping_while_the_database_is_away_ends_and_acknowledges_nothing() -> None:
    path = Path()

    def away(_values: list[float]) -> None:
        raise StoreUnavailable("locked")

    path.writer.fails = away
    path.readings.start()
    path.say("70", "t1")
    until(lambda: path.of(StoreState))
    path.readings.stop()
    assert path.feed.acknowledged == []


def test_stopping_stores_what_has_arrived() -> None:
    path = Path()
    path.readings.start()
    for number in range(100):
        path.say("70", number)
    path.readings.stop()
    assert path.feed.acknowledged == list(range(100))
    assert path.writer.closed == 1


def test_of_a_devices_health_a_later_none_hides_no_earlier_value() -> None:
    def health(device: str, **fields: object) -> DeviceHealth:
        return DeviceHealth(kommune=HADERSLEV, device=DeviceName(device), **fields)

    latest = merged(
        [
            health("a", heard_at=NOW, battery=50.0),
            health("b", online=True),
            health("a", link=90.0),
            health("a", battery=49.0, online=False),
        ]
    )
    assert latest == [
        health("a", heard_at=NOW, battery=49.0, link=90.0, online=False),
        health("b", online=True),
    ]
