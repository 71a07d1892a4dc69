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
    assert screen.rows["a1"].repeated_at is None  # type: ignore[index]  # it is shown


def test_two_presses_before_storage_are_one_row(board: Board, screen: Screen) -> None:
    one, two = a_report(an_alarm("a1")), a_report(an_alarm("a2"))
    board.arrived(Arrived(reports=(one, two)))
    assert list(screen.rows) == ["a1"]
    folded = one.alarm.after(Repeated(at=NOW))
    board.stored(
        Stored(filed=(Filed(report=one, alarm=one.alarm), Filed(report=two, alarm=folded)))
    )
    assert screen.rows == {"a1": folded}


def test_a_press_that_another_desk_stored_first_is_one_row(board: Board, screen: Screen) -> None:
    own = a_report(an_alarm("a2"))
    board.arrived(Arrived(reports=(own,)))
    board.put(an_alarm("a1"))
    assert list(screen.rows) == ["a1"]
    board.stored(Stored(filed=(Filed(report=own, alarm=an_alarm("a1"), known=True),)))
    assert list(screen.rows) == ["a1"]


def test_a_row_is_known_by_what_the_database_made_of_it(board: Board, screen: Screen) -> None:
    own = a_report(an_alarm("a2"))
    board.arrived(Arrived(reports=(own,)))
    assert board.became(AlarmId("a2")) == "a2"
    board.stored(Stored(filed=(Filed(report=own, alarm=an_alarm("a1"), known=True),)))
    assert board.became(AlarmId("a2")) == "a1"
    assert list(screen.rows) == ["a1"]


@pytest.mark.parametrize("way", ["told by another desk", "stored by this one"])
def test_the_new_row_stands_before_the_old_one_goes(board: Board, way: str) -> None:
    """Who has the old row in front and hears that it goes finds what it became."""
    own, theirs = a_report(an_alarm("a2")), an_alarm("a1")
    found: list[Alarm | None] = []
    board.watch(lambda _: None, lambda left: found.append(board.get(board.became(left))))
    board.arrived(Arrived(reports=(own,)))
    if way == "told by another desk":
        board.put(theirs)
    board.stored(Stored(filed=(Filed(report=own, alarm=theirs, known=True),)))
    assert found == [theirs]


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


@pytest.mark.parametrize("mark", ["retained", "duplicate"])
def test_what_may_be_an_old_message_is_shown_when_the_database_does_not_know_it(
    board: Board, screen: Screen, mark: str
) -> None:
    old, new = a_report(an_alarm("a1"), **{mark: True}), a_report(an_alarm("a2"), **{mark: True})
    board.arrived(Arrived(reports=(old, new)))
    assert screen.told == 0
    resolved = (
        an_alarm("a0")
        .after(Taken(at=NOW, by=ANNA))
        .after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST))
    )
    board.stored(
        Stored(
            filed=(
                Filed(report=old, alarm=resolved, known=True),
                Filed(report=new, alarm=new.alarm),
            )
        )
    )
    assert list(screen.rows) == ["a2"]
    assert screen.told == 1


@pytest.mark.parametrize("told", [True, False])
def test_without_a_database_what_may_be_old_is_shown_all_the_same(
    board: Board, screen: Screen, clock: FakeClock, told: bool
) -> None:
    report = a_report(retained=True)
    board.arrived(Arrived(reports=(report,)))
    if told:
        board.not_stored(NotStored(alarms=(report.alarm.id,), reason="locked"))
    else:
        clock.advance(1)
        board.look_for_unsaved()
    assert not screen.rows[report.alarm.id].saved
    assert board.is_waiting(report.alarm.id)
    board.stored(Stored(filed=(Filed(report=report, alarm=report.alarm),)))
    assert screen.rows[report.alarm.id].saved


def test_a_screen_that_fails_keeps_no_alarm_from_the_others(board: Board, caplog) -> None:
    def broken(_alarm: object) -> None:
        raise KeyError

    board.watch(broken, broken)
    screen = Screen(board)
    board.arrived(Arrived(reports=(a_report(), a_report(an_alarm("a2", code="x")))))
    assert list(screen.rows) == ["a1", "a2"]
    assert "a watcher failed" in caplog.text


def test_news_from_before_its_end_does_not_bring_an_alarm_back(
    board: Board, screen: Screen
) -> None:
    pressed = an_alarm().after(Repeated(at=NOW))
    taken = pressed.after(Taken(at=NOW, by=ANNA))
    board.put(taken)
    board.put(taken.after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST)))
    board.stored(Stored(filed=(Filed(report=a_report(), alarm=pressed, folded=True),)))
    assert screen.rows == {}


def test_the_last_resolved_is_the_latest_not_the_one_heard_of_last(board: Board) -> None:
    def resolved(name: str, minute: int) -> Alarm:
        at = NOW.replace(minute=minute)
        taken = an_alarm(name).after(Taken(at=NOW, by=ANNA))
        return taken.after(Resolved(at=at, by=ANNA, outcome=Outcome.TEST))

    board.put(resolved("a1", 5))
    board.put(resolved("a2", 1))
    assert board.last_resolved == resolved("a1", 5)


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
