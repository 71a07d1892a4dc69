"""The durable path: shown first, stored next, acknowledged last; whatever the database does."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import NOW, a_hub, a_message, a_report, an_alarm
from tests.fakes import FakeClock, FakeFeed
from tests.waiting import until
from workstation.application.directory import Directory
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.facts import Arrived, NotStored, Stored, StoreState
from workstation.application.ids import new_id
from workstation.application.ingest import Ingest
from workstation.application.intake import Intake, Work
from workstation.application.ports import FeedState, Filed, Report
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName
from workstation.domain.problem import Decoded
from workstation.domain.signal import Message, Origin, Pressed, Reading

ORIGIN = Origin(source=Source.HUB, device=DeviceName("d"), kommune=None)


def decode(message: Message) -> Decoded:
    """`p:CODE` is a press, `r` a reading, `!` breaks the decoder, anything else says nothing."""
    text = message.payload.decode()
    if text == "!":
        raise KeyError(text)
    if text == "r":
        return Decoded(signals=(Reading(origin=ORIGIN, channel="pulse", value=1.0),))
    if text.startswith("p:"):
        return Decoded(signals=(Pressed(origin=ORIGIN, kind=Kind.EMERGENCY, code=text[2:]),))
    return Decoded()


class Writer:
    """Files everything as new, or does what `fails` says."""

    def __init__(self) -> None:
        self.filed: list[Report] = []
        self.fails: Callable[[list[Report]], None] = lambda _reports: None
        self.batches: list[int] = []
        self.began: list[datetime] = []
        self.closed = 0

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        self.fails(list(reports))
        self.filed += reports
        self.batches.append(len(reports))
        return [Filed(report=report, alarm=report.alarm) for report in reports]

    def join(self, at: datetime) -> None:
        raise AssertionError("the station does that")

    def begin(self, at: datetime) -> None:
        self.fails([])
        self.began.append(at)

    def levels(self) -> frozenset[str]:
        return frozenset()

    def close(self) -> None:
        self.closed += 1


class Path:
    """An Ingest with everything around it visible."""

    def __init__(self) -> None:
        self.feed, self.writer, self.values = FakeFeed(), Writer(), list[Work]()
        self.facts: list[object] = []
        self.clock = clock = FakeClock()
        self.ingest = Ingest(
            feed=self.feed,
            intake=Intake(
                decode=decode,
                directory=Directory,
                hub=a_hub(),
                new_id=lambda now: AlarmId(new_id(now)),
            ),
            open_writer=lambda: self.writer,
            post=self.facts.append,
            values=self.values.append,
            receipt=lambda report: ("receipt", report.alarm.code.encode()),
            clock=clock,
        )

    def say(self, text: str, token: object) -> None:
        self.ingest.on_message(a_message(text), token)

    def of(self, kind: type) -> list:
        return [fact for fact in self.facts if type(fact) is kind]


@pytest.fixture
def path() -> Iterator[Path]:
    one = Path()
    one.ingest.start()
    yield one
    one.ingest.stop()


def test_an_alarm_is_shown_then_stored_then_acknowledged_then_answered(path: Path) -> None:
    acknowledged_at_filing: list[int] = []
    path.writer.fails = lambda _reports: acknowledged_at_filing.append(len(path.feed.acknowledged))
    path.say("p:pendant", "t1")
    until(lambda: path.feed.published)
    assert acknowledged_at_filing == [0]
    assert path.feed.acknowledged == ["t1"]
    assert [type(fact) for fact in path.facts] == [Arrived, Stored]
    assert path.feed.published == [("receipt", b"pendant")]


def test_a_message_that_says_nothing_is_acknowledged_at_once(path: Path) -> None:
    path.say("", "t1")
    assert path.feed.acknowledged == ["t1"]
    assert path.facts == []


def test_values_go_their_own_way(path: Path) -> None:
    path.say("r", "t1")
    assert [len(work.samples) for work in path.values] == [1]
    assert path.feed.acknowledged == ["t1"]


def test_while_the_database_is_away_alarms_are_shown_marked_kept_and_not_acknowledged(
    path: Path,
) -> None:
    away = threading.Event()
    away.set()

    def fails(_reports: list[Report]) -> None:
        if away.is_set():
            raise StoreUnavailable("locked")

    path.writer.fails = fails
    path.say("p:one", "t1")
    until(lambda: path.of(NotStored))
    path.say("p:two", "t2")
    assert len(path.of(Arrived)) == 2, "the second is shown although the first cannot be stored"
    assert path.feed.acknowledged == []
    away.clear()
    until(lambda: len(path.feed.acknowledged) == 2)
    assert [report.alarm.code for report in path.writer.filed] == ["one", "two"]
    assert [state.ok for state in path.of(StoreState)] == [False, True]


def test_a_refused_row_is_filed_as_a_raw_event_and_the_others_as_they_are(path: Path) -> None:
    def fails(reports: list[Report]) -> None:
        if any("\0" in report.alarm.code for report in reports):
            raise RowRefused("nul")

    path.writer.fails = fails
    gate = threading.Event()
    hold_first = path.writer.file

    def file(reports: Sequence[Report]) -> list[Filed]:
        gate.wait(5)
        return hold_first(reports)

    path.writer.file = file  # type: ignore[method-assign]  # a writer that fails
    path.say("p:first", "t0")  # holds the writer, so that the next three come as one batch
    for number, code in enumerate(("good", "po\0ison", "better"), 1):
        path.say(f"p:{code}", f"t{number}")
    gate.set()
    until(lambda: len(path.feed.acknowledged) == 4)
    codes = [report.alarm.code for report in path.writer.filed]
    assert codes == ["first", "good", "unstorable", "better"]
    raw = path.writer.filed[2].alarm
    assert (raw.kind, raw.raw) == (Kind.EMERGENCY, b"p:po\0ison")
    assert "\\0" in raw.text


def test_our_own_fault_is_an_emergency_with_the_raw_message(path: Path, caplog) -> None:
    path.say("!", "t1")
    until(lambda: path.feed.acknowledged)
    assert (path.writer.filed[0].alarm.code, path.writer.filed[0].alarm.raw) == ("unreadable", b"!")
    assert "could not be taken in" in caplog.text


def test_a_fault_in_the_writer_loses_nothing_and_the_thread_lives_on(path: Path, caplog) -> None:
    broken = [True]

    def fails(_reports: list[Report]) -> None:
        if broken:
            raise KeyError("ours")

    path.writer.fails = fails
    path.say("p:one", "t1")
    until(lambda: path.of(NotStored))
    until(lambda: "alarm-writer failed" in caplog.text)
    broken.clear()
    path.say("p:two", "t2")
    until(lambda: path.feed.acknowledged)
    assert path.feed.acknowledged == ["t2"], "the first comes again from the broker"


def test_a_row_our_own_code_fails_on_costs_no_other_row(path: Path) -> None:
    def fails(reports: list[Report]) -> None:
        if any(report.alarm.code == "bad" for report in reports):
            raise KeyError("ours")

    path.writer.fails = fails
    path.ingest.submit(
        tuple(a_report(an_alarm(code=code)) for code in ("a", "bad", "b")), path.feed, "t"
    )
    until(lambda: path.feed.acknowledged)
    codes = [report.alarm.code for report in path.writer.filed]
    assert codes == ["a", "unstorable", "b"]


def test_a_redelivery_that_says_nothing_new_is_not_acknowledged_before_what_it_repeats(
    path: Path,
) -> None:
    away = [True]

    def fails(_reports: list[Report]) -> None:
        if away:
            raise StoreUnavailable("locked")

    path.writer.fails = fails
    path.say("p:smoke", "t1")
    until(lambda: path.of(NotStored))
    path.ingest.on_message(a_message("", duplicate=True), "t1 again")
    assert path.feed.acknowledged == []
    away.clear()
    until(lambda: len(path.feed.acknowledged) == 2)
    assert path.feed.acknowledged == ["t1", "t1 again"]
    assert len(path.of(Stored)) == 1


def test_what_has_arrived_is_filed_in_one_batch(path: Path) -> None:
    gate = threading.Event()
    file = path.writer.file

    def slow(reports: Sequence[Report]) -> list[Filed]:
        gate.wait(5)
        return file(reports)

    path.writer.file = slow  # type: ignore[method-assign]  # a slow one
    for number in range(101):
        path.say("p:x", number)
    gate.set()
    until(lambda: len(path.feed.acknowledged) == 101)
    assert path.feed.acknowledged == list(range(101)), "in the order they came"
    assert len(path.writer.batches) <= 2


def test_the_hubs_own_reports_take_the_same_way(path: Path) -> None:
    alarm = replace(an_alarm(), received_at=NOW)
    path.ingest.file(Report(alarm=alarm))
    until(lambda: path.of(Stored))
    assert path.of(Arrived)[0].reports[0].alarm == alarm
    assert path.feed.acknowledged == []


def test_stopping_while_the_database_is_away_ends_and_acknowledges_nothing() -> None:
    path = Path()

    def away(_reports: list[Report]) -> None:
        raise StoreUnavailable("full")

    path.writer.fails = away
    path.ingest.start()
    path.say("p:one", "t1")
    until(lambda: path.of(NotStored))
    path.ingest.stop()
    assert path.feed.acknowledged == []


# --- which of the others' messages are ours too ---


def connected(*, fresh: bool = False) -> FeedState:
    return FeedState(connected=True, at=NOW, fresh=fresh)


def test_a_new_session_begins_behind_what_others_have(path: Path) -> None:
    path.ingest.session(connected(fresh=True))
    until(lambda: path.writer.began)
    assert path.writer.began == [path.clock.now()]
    path.say("p:a", 1)
    until(lambda: path.writer.filed)
    assert len(path.writer.began) == 1


def test_a_session_that_stood_goes_on_where_it_was(path: Path) -> None:
    path.ingest.session(connected())
    path.say("p:a", 1)
    until(lambda: path.writer.filed)
    assert path.writer.began == []


def test_a_new_session_begins_before_the_first_alarm_where_the_database_was_away(
    path: Path,
) -> None:
    def away(_reports: list[Report]) -> None:
        raise StoreUnavailable("locked")

    path.writer.fails = away
    path.ingest.session(connected(fresh=True))
    until(lambda: path.writer.closed)
    began_at_filing: list[int] = []
    path.writer.fails = lambda reports: began_at_filing.append(
        len(path.writer.began) + len(reports)
    )
    path.say("p:a", 1)
    until(lambda: path.writer.filed)
    assert began_at_filing == [0, 2]


def test_after_a_minute_of_quiet_nothing_from_before_can_come(path: Path) -> None:
    path.ingest.session(connected())
    path.clock.advance(59)
    path.ingest.look_for_quiet()
    path.clock.advance(1)
    path.ingest.look_for_quiet()
    until(lambda: path.writer.began)
    path.ingest.look_for_quiet()
    path.say("p:a", 1)
    until(lambda: path.writer.filed)
    assert path.writer.began == [path.clock.now() - timedelta(seconds=30)]


@pytest.mark.parametrize("what", ["message", "connection"])
def test_nothing_is_quiet_while_something_comes_or_nobody_listens(path: Path, what: str) -> None:
    path.ingest.session(connected())
    path.clock.advance(100)
    if what == "message":
        path.say("", 1)
    else:
        path.ingest.session(FeedState(connected=False, at=NOW))
        path.clock.advance(100)
    path.ingest.look_for_quiet()
    path.say("p:a", 2)
    until(lambda: path.writer.filed)
    assert path.writer.began == []
