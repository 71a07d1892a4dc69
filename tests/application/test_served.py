"""The board as whoever sits here may see it."""

from tests.builders import ANNA, HJORRING, NOW, a_hub, an_alarm
from tests.fakes import FakeClock, FakeSession
from workstation.application.board import Board
from workstation.application.served import ServedBoard
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Outcome, Source
from workstation.domain.names import AlarmId
from workstation.domain.rights import Right, Role
from workstation.domain.steps import Resolved, Taken

HERE = an_alarm("here")
THERE = an_alarm("there", kommune=HJORRING)


class Screen:
    """What a screen was told."""

    def __init__(self, clock: FakeClock, *alarms: Alarm) -> None:
        self.board, self.session = Board(clock, a_hub()), FakeSession()
        self.board.load(list(alarms))
        self.served = ServedBoard(self.board, self.session)
        self.rows = {alarm.id for alarm in self.served.alarms()}
        self.served.watch(lambda alarm: self.rows.add(alarm.id), self._gone)

    def _gone(self, alarm: AlarmId) -> None:
        self.rows.remove(alarm)


def test_alarms_leave_and_come_with_whoever_sits_there(clock: FakeClock) -> None:
    screen = Screen(clock, HERE, THERE)
    assert screen.rows == {"here", "there"}
    screen.session.sit("bo", Role.OPERATOR, ["0510"])
    assert screen.rows == {"here"}
    assert screen.served.get(THERE.id) is None
    assert screen.served.get(HERE.id) == HERE
    screen.session.sit("eva", Role.NIGHT, ["0860"])
    assert screen.rows == {"there"}
    screen.session.sit("ida", Role.IT)
    assert screen.rows == set()
    screen.session.end()
    assert screen.rows == {"here", "there"}, "where nobody sits, whoever comes by must see it"


def test_that_nobody_watches_concerns_everybody_who_answers(clock: FakeClock) -> None:
    alone = an_alarm("w", kommune=HJORRING, source=Source.WATCH)
    screen = Screen(clock, alone)
    screen.session.sit("bo", Role.OPERATOR, ["0510"])
    assert screen.rows == {"w"}
    assert screen.session.acting(Right.TAKE, alone).by == "bo"
    screen.session.sit("ida", Role.IT)
    assert screen.rows == set()


def test_what_happens_is_told_of_what_may_be_seen(clock: FakeClock) -> None:
    screen = Screen(clock)
    screen.session.sit("bo", Role.OPERATOR, ["0510"])
    for alarm in (HERE, THERE):
        screen.board.put(alarm)
    assert screen.rows == {"here"}
    for alarm in (HERE, THERE):
        taken = alarm.after(Taken(at=NOW, by=ANNA))
        screen.board.put(taken.after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST)))
    assert screen.rows == set()
    assert screen.board.last_resolved is not None
    assert screen.board.last_resolved.id == "there"
    assert screen.served.last_resolved is None
    screen.session.lock()
    assert screen.rows == set()
