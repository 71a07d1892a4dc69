"""The durable path with a journal: kept and acknowledged while the database is away, in order behind it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path as File

import pytest

from tests.application.test_ingest import Path
from tests.builders import a_report, an_alarm
from tests.waiting import until
from workstation.adapters.db.journal import LocalJournal
from workstation.application import patience
from workstation.application.errors import JournalFailed, RowRefused, StoreUnavailable
from workstation.application.facts import Arrived, KeptHere, NotStored, Stored, StoreState
from workstation.application.journal import Keeping, Record
from workstation.application.ports import Clock, FeedState, Report
from workstation.domain.kind import Kind


class SmallDisk(LocalJournal):
    """A journal on a disk that may be full."""

    def __init__(self, file: File, clock: Clock) -> None:
        super().__init__(file, clock)
        self.full = threading.Event()

    def keep(self, kept: Sequence[Record]) -> list[int]:
        if self.full.is_set():
            raise JournalFailed("full")
        return super().keep(kept)


class Kept(Path):
    """An Ingest with a journal, and a database that `away` says of whether it is there."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self.journal = SmallDisk(file, self.clock)
        self.keeping = Keeping(self.journal)
        self.ingest.keep_in(self.keeping)
        self.away = threading.Event()
        self.writer.fails = self._fails

    def _fails(self, _reports: list[Report]) -> None:
        if self.away.is_set():
            raise StoreUnavailable("no_answer", host="db")

    def codes(self) -> list[str]:
        entries = self.journal.kept()
        return [one.record.alarm.code for one in entries if isinstance(one.record, Report)]

    @property
    def states(self) -> list[tuple[bool, str]]:
        return [(state.ok, state.reason) for state in self.of(StoreState)]


@pytest.fixture
def path(tmp_path: File) -> Iterator[Kept]:
    one = Kept(tmp_path / "journal.sqlite")
    one.ingest.start()
    yield one
    one.ingest.stop()
    one.journal.close()


def test_what_the_database_does_not_take_is_kept_acknowledged_and_receipted(path: Kept) -> None:
    path.away.set()
    path.say("p:pendant", "t1")
    until(lambda: path.feed.acknowledged)
    assert path.codes() == ["pendant"]
    assert [type(fact) for fact in path.facts] == [Arrived, StoreState, KeptHere]
    (arrived,), (kept,) = path.of(Arrived), path.of(KeptHere)
    assert kept.alarms == (arrived.reports[0].alarm.id,)
    assert kept.reason == "no_answer"
    until(lambda: path.feed.published == [("receipt", b"pendant")])
    assert path.states == [(False, "no_answer")]


def test_a_busy_database_is_not_away(path: Kept) -> None:
    tries: list[int] = []

    def busy(reports: list[Report]) -> None:
        tries.append(len(reports))
        if len(tries) < 4:
            raise StoreUnavailable("locked")

    path.writer.fails = busy
    path.say("p:pendant", "t1")
    until(lambda: path.feed.acknowledged)
    assert len(tries) == 4
    assert path.codes() == []
    assert not path.keeping.is_on
    assert [type(fact) for fact in path.facts] == [Arrived, Stored], "marked by the board's clock"


def test_a_database_that_stays_busy_is_away(path: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BUSY_S", 0.3)

    def busy(_reports: list[Report]) -> None:
        raise StoreUnavailable("locked")

    path.writer.fails = busy
    path.say("p:pendant", "t1")
    until(lambda: path.feed.acknowledged)
    assert path.codes() == ["pendant"]
    assert path.states == [(False, "locked")]


def test_what_comes_behind_it_waits_for_it_although_the_database_answers(path: Kept) -> None:
    path.away.set()
    path.say("p:first", "t1")
    until(lambda: path.feed.acknowledged)
    path.away.clear()
    path.say("p:second", "t2")
    until(lambda: path.feed.acknowledged == ["t1", "t2"])
    assert path.codes() == ["first", "second"]
    assert path.writer.filed == []
    path.journal.forget([entry.seq for entry in path.journal.kept()])
    assert path.keeping.end()
    path.ingest.tell_back()
    path.say("p:third", "t3")
    until(lambda: path.of(Stored))
    assert [report.alarm.code for report in path.writer.filed] == ["third"]
    assert path.states == [(False, "no_answer"), (True, "")]


def test_one_failed_commit_of_a_connection_that_rested_is_not_told_for_ever(path: Kept) -> None:
    path.away.set()
    path.say("p:first", "t1")
    until(lambda: path.feed.acknowledged)
    path.away.clear()
    path.journal.forget([entry.seq for entry in path.journal.kept()])
    path.keeping.end()
    path.ingest.tell_back()
    path.away.set()
    path.say("p:second", "t2")
    until(lambda: path.codes() == ["second"])
    until(lambda: path.states == [(False, "no_answer"), (True, ""), (False, "no_answer")])


def test_a_disk_that_takes_nothing_leaves_it_with_the_broker(path: Kept) -> None:
    path.journal.full.set()
    path.away.set()
    path.say("p:pendant", "t1")
    until(lambda: path.of(NotStored))
    assert path.feed.acknowledged == []
    assert (False, "journal_full") in path.states
    path.journal.full.clear()
    until(lambda: path.feed.acknowledged)
    assert path.codes() == ["pendant"]


def test_what_no_journal_can_hold_is_kept_as_a_raw_event(path: Kept) -> None:
    path.away.set()
    good, bad = a_report(), a_report(an_alarm("a2", text="\ud800"))
    path.ingest.submit((good, bad), path.feed, "t1")
    until(lambda: path.feed.acknowledged)
    assert path.codes() == ["pendant", "unstorable"]


def test_it_ends_at_once_and_keeps_what_has_arrived(path: Kept) -> None:
    path.away.set()
    for number in range(20):
        path.say(f"p:{number}", number)
    path.ingest.stop()
    assert path.codes() == [str(number) for number in range(20)]
    assert path.feed.acknowledged == list(range(20))


def test_a_message_that_is_kept_is_acknowledged_when_it_comes_again(path: Kept) -> None:
    path.away.set()
    once = a_report(key="k")
    path.ingest.submit((once,), path.feed, "t1")
    until(lambda: path.feed.acknowledged)
    shown = len(path.of(Arrived))
    again = replace(once, alarm=replace(once.alarm, id="later"))
    path.ingest.submit((again,), path.feed, "t2")
    assert path.feed.acknowledged == ["t1", "t2"]
    assert len(path.of(Arrived)) == shown
    another = replace(once, body_hash="another")
    path.ingest.submit((another,), path.feed, "t3")
    until(lambda: len(path.journal.kept()) == 2)


def test_what_is_refused_on_the_way_back_is_filed_as_a_raw_event(path: Kept) -> None:
    def fails(reports: list[Report]) -> None:
        if any(report.alarm.code == "bad" for report in reports):
            raise RowRefused("constraint")

    path.writer.fails = fails
    reports = [a_report(an_alarm(code, code=code)) for code in ("one", "bad", "two")]
    filed = path.ingest.refile(reports)
    assert [one.report.alarm.code for one in filed] == ["one", "unstorable", "two"]
    assert filed[1].report.alarm.kind is Kind.EMERGENCY
    assert path.writer.closed == 1


def test_what_comes_again_while_the_first_waits_is_kept_once_and_its_row_goes(path: Kept) -> None:
    """A transmitter repeats, and the database has not said yet that it is away."""
    first, again = (a_report(an_alarm(name), key="k", body_hash="b") for name in ("a1", "a2"))
    asked, tell = threading.Event(), threading.Event()

    def fails(_reports: list[Report]) -> None:
        asked.set()
        tell.wait(20)
        raise StoreUnavailable("no_answer")

    path.writer.fails = fails
    path.ingest.submit((first,), None, None)
    assert asked.wait(20)
    path.ingest.submit((again,), None, None)
    tell.set()
    until(lambda: [one.report for fact in path.of(Stored) for one in fact.filed] == [again])
    assert path.of(Stored)[0].filed[0].alarm is None
    assert path.codes() == ["pendant"]


def test_a_session_that_began_meanwhile_begins_behind_what_the_one_before_had_brought(
    path: Kept,
) -> None:
    """Else nothing of it would be found among what others have stored."""
    path.away.set()
    path.say("p:first", "t1")
    until(lambda: path.feed.acknowledged == ["t1"])
    path.ingest.session(FeedState(connected=True, at=path.clock.now(), fresh=True))
    before = a_report(an_alarm("a1", received_at=path.clock.now() - timedelta(seconds=5)))
    behind = a_report(an_alarm("a2", received_at=path.clock.now() + timedelta(seconds=5)))
    path.clock.advance(5)
    path.say("p:second", "t2")
    until(lambda: path.feed.acknowledged == ["t1", "t2"])
    path.away.clear()
    path.ingest.refile([before])
    assert path.writer.began == []
    path.ingest.refile([before, behind])
    assert path.writer.began == [behind.alarm.received_at - timedelta(seconds=5)]


def test_a_database_that_is_away_on_the_way_back_is_told_to_who_asked(path: Kept) -> None:
    path.away.set()
    with pytest.raises(StoreUnavailable):
        path.ingest.refile([a_report()])
    assert path.journal.kept() == []
