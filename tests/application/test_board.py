"""The desk's live picture: shown at arrival, replaced by what was stored, marked when it was not."""

from dataclasses import replace

import pytest

from tests.builders import ANNA, NOW, a_hub, a_report, an_alarm
from tests.fakes import FakeClock
from workstation.application.board import Board
from workstation.application.facts import Arrived, NotStored, Stored
from workstation.application.ports import Filed
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId
from workstation.domain.steps import Repeated, Resolved, Taken


class Screen:
    """What a watching screen would show, and how often it was told."""

    def __init__(self, board: Board) -> None:
        self.rows: dict[AlarmId, Alarm] = {}
        self.told = 0
        board.watch(self.put, self.gone)

    def put(self, alarm: Alarm) -> None:
        self.rows[alarm.id] = alarm
        self.told += 1

    def gone(self, alarm: AlarmId) -> None:
        del self.rows[alarm]


@pytest.fixture
def board(clock: FakeClock) -> Board:
    return Board(clock, a_hub())


@pytest.fixture
def screen(board: Board) -> Screen:
    return Screen(board)


def test_an_alarm_is_shown_before_it_is_stored_and_stays_when_it_is(
    board: Board, screen: Screen
) -> None:
    report = a_report()
    board.arrived(Arrived(reports=(report,)))
    assert list(screen.rows) == ["a1"]
    stored = replace(report.alarm, version=1)
    board.stored(Stored(filed=(Filed(report=report, alarm=stored),)))
    assert screen.rows == {"a1": stored}


def test_a_redelivery_of_a_resolved_alarm_leaves_no_row(board: Board, screen: Screen) -> None:
    report = a_report()
    board.arrived(Arrived(reports=(report,)))
    board.stored(Stored(filed=(Filed(report=report, alarm=None, known=True),)))
    assert screen.rows == {}


def test_a_repeat_makes_no_second_row_and_is_seen_before_it_is_stored(
    board: Board, screen: Screen
) -> None:
    first = an_alarm()
    board.load([first])
    again = an_alarm("a2", received_at=NOW.replace(minute=5))
    board.arrived(Arrived(reports=(a_report(again),)))
    assert list(screen.rows) == ["a1"]
    assert screen.rows[first.id].repeated_at == again.received_at
    folded = first.after(Repeated(at=again.received_at))
    board.stored(Stored(filed=(Filed(report=a_report(again), alarm=folded, folded=True),)))
    assert screen.rows == {"a1": folded}


def test_a_lasting_state_that_still_lasts_is_no_new_press(board: Board, screen: Screen) -> None:
    board.load([an_alarm()])
    board.arrived(Arrived(reports=(a_report(an_alarm("a2"), level="z/0510/d/sos"),)))
    assert screen.rows["a1"].repeated_at is None  # type: ignore[index]


def test_two_presses_before_storage_are_one_row(board: Board, screen: Screen) -> None:
    one, two = a_report(an_alarm("a1")), a_report(an_alarm("a2"))
    board.arrived(Arrived(reports=(one, two)))
    assert list(screen.rows) == ["a1"]
    folded = one.alarm.after(Repeated(at=NOW))
    board.stored(
        Stored(filed=(Filed(report=one, alarm=one.alarm), Filed(report=two, alarm=folded)))
    )
    assert screen.rows == {"a1": folded}


def test_a_failed_commit_marks_the_row_and_a_later_one_unmarks_it(
    board: Board, screen: Screen
) -> None:
    report = a_report()
    board.arrived(Arrived(reports=(report,)))
    board.not_stored(NotStored(alarms=(report.alarm.id,), reason="full"))
    assert not screen.rows[report.alarm.id].saved
    board.stored(Stored(filed=(Filed(report=report, alarm=report.alarm),)))
    assert screen.rows[report.alarm.id].saved


def test_a_commit_that_takes_over_a_second_marks_the_row(
    board: Board, screen: Screen, clock: FakeClock
) -> None:
    report = a_report()
    board.arrived(Arrived(reports=(report,)))
    clock.advance(0.9)
    board.look_for_unsaved()
    assert screen.rows[report.alarm.id].saved
    clock.advance(0.1)
    board.look_for_unsaved()
    assert not screen.rows[report.alarm.id].saved


def test_an_older_state_never_replaces_a_newer(board: Board, screen: Screen) -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    board.put(taken)
    board.put(an_alarm())
    assert screen.rows == {"a1": taken}


def test_nobody_is_told_of_what_did_not_change(board: Board, screen: Screen) -> None:
    board.put(an_alarm())
    board.put(an_alarm())
    assert screen.told == 1


def test_a_resolved_alarm_leaves_and_is_remembered_for_the_empty_queue(
    board: Board, screen: Screen
) -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    board.put(taken)
    resolved = taken.after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST))
    board.put(resolved)
    assert (screen.rows, board.last_resolved) == ({}, resolved)


def test_after_one_was_resolved_the_next_press_is_a_new_row(board: Board, screen: Screen) -> None:
    taken = an_alarm().after(Taken(at=NOW, by=ANNA))
    board.put(taken)
    board.put(taken.after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST)))
    board.arrived(Arrived(reports=(a_report(an_alarm("a2")),)))
    assert list(screen.rows) == ["a2"]
