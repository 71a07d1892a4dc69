"""What a desk shows is what the database has, as soon as that can be asked and claims are settled."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.application.test_claims import ALARM, RESOLVED, TAKEN, Desk
from tests.application.test_standing import a_claim
from tests.builders import ANNA, BO, NOW, a_report, an_alarm
from tests.fakes import FakeClock
from tests.fakes_store import FakeAlarmStore
from tests.waiting import at_once
from workstation.application.conflicts import conflict_report
from workstation.application.errors import StoreUnavailable
from workstation.application.facts import Arrived
from workstation.application.settling import OFTEN_S, SELDOM_S, Settling
from workstation.application.standing import HIDES_S, LEASE_S
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Said
from workstation.domain.steps import Noted, Released, Resolved, Taken


class Away(FakeAlarmStore):
    """A database that may not answer what is open."""

    async def open_alarms(self) -> list[Alarm]:
        if self.fault is not None:
            raise self.fault
        return await super().open_alarms()


class Hub(Desk):
    """A desk that can ask its database."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        super().__init__(folder, clock)
        self.store = Away(ALARM)
        self.claims.is_away = lambda: False
        self.board.load([ALARM])
        self.settling = Settling(
            store=self.store, board=self.board, claims=self.claims, clock=clock
        )

    def later(self, seconds: float = OFTEN_S) -> list[Alarm]:
        self.clock.advance(seconds)
        self.claims.look()
        at_once(self.settling.look())
        return self.board.alarms()


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Iterator[Hub]:
    one = Hub(tmp_path, clock)
    yield one
    one.journal.close()


def test_what_another_desk_closed_is_shown_as_its_own_while_the_database_has_it_open(
    hub: Hub,
) -> None:
    hub.claims.hear(a_claim(Said.TAKEN, BO, "b"))
    hub.claims.hear(a_claim(Said.RESOLVED, BO, "b", 1))
    assert hub.board.alarms() == []
    (shown,) = hub.later(HIDES_S)
    assert (shown.id, shown.taken_by, shown.provisional is not None) == (ALARM.id, BO, True)
    assert hub.later(LEASE_S[Said.RESOLVED]) == [ALARM], "who says nothing more has nothing"


def test_what_was_closed_without_a_database_stays_closed_until_that_can_be_asked(hub: Hub) -> None:
    hub.claims.is_away = lambda: True
    hub.store.fault = StoreUnavailable("unreachable")
    hub.claims.hear(a_claim(Said.RESOLVED, BO, "b", 1))
    assert hub.later(10 * LEASE_S[Said.RESOLVED]) == []
    hub.store.fault = None
    hub.claims.is_away = lambda: False
    hub.settling.ask()
    assert [alarm.id for alarm in hub.later(0)] == [ALARM.id]


def test_a_claim_that_was_found_not_to_fit_hides_nothing(hub: Hub) -> None:
    closed = a_claim(Said.RESOLVED, BO, "b", 1)
    hub.claims.hear(closed)
    assert hub.board.alarms() == []
    report = conflict_report(closed, ALARM, None, NOW)
    hub.board.put(report.alarm)
    assert hub.board.get(ALARM.id) == ALARM


def test_with_a_claim_goes_what_its_desk_did_on_it(hub: Hub) -> None:
    taken = a_claim(Said.TAKEN, BO, "b")
    hub.claims.hear(taken)
    hub.claims.hear(a_claim(Said.RESOLVED, BO, "b", 1))
    hub.board.put(conflict_report(taken, ALARM, None, NOW).alarm)
    assert hub.board.get(ALARM.id) == ALARM


def test_a_claim_goes_when_the_database_has_its_step(hub: Hub) -> None:
    hub.claims.hear(a_claim(Said.TAKEN, BO, "b"))
    hub.claims.hear(a_claim(Said.NOTED, BO, "b", 2))
    noted = a_claim(Said.NOTED, BO, "b", 2)
    taken = ALARM.after(Taken(at=NOW, by=BO))
    stored = taken.after(Noted(at=noted.at, by=BO, text="x"))
    hub.store.put(stored, Taken(at=NOW, by=BO), Noted(at=noted.at, by=BO, text="x"))
    hub.board.put(stored)
    assert hub.shown.provisional is not None
    hub.later()
    assert hub.shown == stored
    assert hub.claims.others() == []


def test_a_note_that_nobody_repeats_is_not_provisional_for_ever(hub: Hub) -> None:
    hub.claims.hear(a_claim(Said.TAKEN, BO, "b"))
    hub.claims.hear(a_claim(Said.RELEASED, BO, "b", 1))
    assert hub.shown.provisional is not None
    assert hub.later(LEASE_S[Said.RELEASED]) == [ALARM]


def test_who_gave_something_back_says_so_again(hub: Hub) -> None:
    hub.act(TAKEN)
    hub.act(Released(at=NOW, by=ANNA))
    hub.later(20)
    assert [claim.what for claim in hub.told] == [Said.TAKEN, Said.RELEASED, Said.RELEASED]


def test_a_row_that_the_database_does_not_know_goes_and_what_waits_stays(hub: Hub) -> None:
    phantom = an_alarm("phantom", device="d2", saved=False)
    waiting = an_alarm("waiting", device="d3")
    hub.board.show_again(phantom)
    hub.board.arrived(Arrived(reports=(a_report(waiting),)))
    hub.board.look_for_unsaved()
    assert {alarm.id for alarm in hub.later()} == {ALARM.id, waiting.id}
    assert hub.gone == [phantom.id]


def test_a_row_that_was_closed_unseen_goes_and_one_that_was_closed_here_alone_comes_back(
    hub: Hub,
) -> None:
    hub.act(TAKEN)
    hub.act(RESOLVED)
    assert hub.board.alarms() == []
    # Its claims are gone, and nobody said so to the board.
    hub.claims._standing.clear()
    other = an_alarm("other", device="d2")
    closed = other.after(Taken(at=NOW, by=BO)).after(replace(RESOLVED, by=BO))
    hub.board.load([other])
    hub.store.put(closed, Resolved(at=NOW, by=BO, outcome=closed.outcome))
    assert hub.later(SELDOM_S) == [ALARM]


def test_what_was_closed_while_the_question_was_asked_stays_closed(hub: Hub) -> None:
    before = hub.board.picture()
    hub.board.put(ALARM.after(TAKEN).after(RESOLVED))
    hub.board.confirm(ALARM, before)
    assert hub.board.alarms() == []


def test_a_database_that_does_not_answer_is_asked_the_next_time(hub: Hub) -> None:
    hub.store.fault = StoreUnavailable("no_answer")
    hub.board.show_again(an_alarm("phantom", device="d2", saved=False))
    assert len(hub.later()) == 2
    hub.store.fault = None
    assert hub.later(0) == [ALARM]
